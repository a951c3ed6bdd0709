"""Teasers, boxes of links and lines under pictures, told from their shape."""

from __future__ import annotations

import pytest

from pipeline.extraction import body, extract
from pipeline.extraction.page import method

URL = "https://site.example/news/a-story-about-water-12345"
STORY = (
    "Der Rat kam am Dienstag zusammen und beschloss nach drei Stunden, das untere Becken vor dem Winter zu leeren.",
    "Niemand im Saal konnte sagen, was die Arbeit kosten wird und wer die Pumpen bezahlt, die sie braucht, und wann.",
    "Das Becken wurde 1911 von Hand gegraben, und die Fischer des Viertels haben es seit jenem Jahr immer genutzt.",
)
TEASER = "Ein ganz anderer Fall beschäftigt seit Wochen die Leute am Hafen, und niemand weiß, wie er ausgehen wird."
LINK = "<a href=/andere>Warum am Hafen niemand schläft</a>"


def text(inside: str) -> str:
    page = f"<html lang=de><head><title>Becken wird geleert</title></head><body>{inside}</body></html>"
    return extract(page, URL).text


def p(*lines: str) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


@pytest.mark.parametrize(
    "within",
    [
        f"<div><h4>{LINK}</h4><p>{TEASER}</p></div>",
        f"<div>{LINK}<div>{TEASER}</div></div>",
        f"<section><b>Mehr dazu</b><ul><li>{LINK}</li><li>{LINK}</li></ul></section>",
        "<div><img src=a.jpg><span>Das Becken im Frühjahr, gesehen vom Turm aus.</span></div>",
        "<div><a href=a.jpg><img src=a.jpg></a><div>Das Becken im Frühjahr.</div><div>Foto: Ann Lee</div></div>",
        "<figure><img src=a.jpg><p>Das Becken im Frühjahr, gesehen vom Turm aus.</p></figure>",
    ],
)
def test_within_a_story_it_is_left_out(within: str) -> None:
    inside = f"<h1>Becken wird geleert</h1><article>{p(*STORY[:2])}{within}{p(STORY[2])}</article>"
    assert text(inside) == "\n".join(STORY)


@pytest.mark.parametrize(
    "within",
    [
        f"<p>{LINK}</p>",  # a link between two paragraphs makes neither of them a teaser
        "<p><img src=a.jpg></p>",
        f"<div><img src=a.jpg></div>{p(STORY[0])}",
    ],
)
def test_paragraphs_beside_stay(within: str) -> None:
    found = text(f"<h1>Becken wird geleert</h1><article>{p(*STORY[:2])}{within}{p(STORY[2])}</article>")
    assert all(line in found for line in STORY)


def test_one_paragraph_beside_longer_teasers_is_the_story() -> None:
    teasers = f"<div>{LINK}<p>{TEASER}</p></div>" * 4
    head = "<h1>Becken wird geleert</h1><div><a href=/autor/ann-lee>Ann Lee aus dem Rathaus</a> 6.5.2025</div>"
    assert text(f"<div>{head}{p(STORY[0])}</div><div>{teasers}</div>") == STORY[0]


def test_a_headline_that_is_a_link_makes_no_teaser_of_its_story() -> None:
    inside = f"<div><h2><a href=/news/12345>Becken wird geleert</a></h2><p>{' '.join(STORY)}</p></div>"
    assert text(inside) == " ".join(STORY)


def test_a_dialog_longer_than_the_story_is_no_story() -> None:
    dialog = f"<div role=dialog>{p(*[TEASER + str(n) for n in range(5)])}</div>"
    page = f"<html><head><title>x</title></head><body>{dialog}<h1>Becken</h1><div>{p(*STORY)}</div></body></html>"
    found = extract(page, URL)
    assert found.text == "\n".join(STORY)
    assert found.method == method(body.NARROWED)


def test_a_layer_without_a_name_above_the_pages_own_headline_is_no_story() -> None:
    layer = f"<div>{p(*[TEASER + str(n) for n in range(5)])}</div>"
    assert text(f"{layer}<h1>Becken wird geleert</h1><div>{p(*STORY)}</div>") == "\n".join(STORY)


def test_korean_paragraphs_weigh_what_they_say() -> None:
    told = "시의회는 화요일 세 시간 회의 끝에 겨울이 오기 전 아래 저수지의 물을 빼기로 했다고 밝혔다. 공사는 길다."
    asked = "쿠키를 사용하는 데 동의하시면 계속 읽으실 수 있으며 설정은 언제든 바꿀 수 있습니다."
    lines = [f"{n}. {told}" for n in range(3)]
    assert text(f"<div role=dialog>{p(asked) * 5}</div><h1>저수지</h1><div>{p(*lines)}</div>") == "\n".join(lines)
