"""What is learned of a site, and what it may never cost."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime

from pipeline.extraction import extract, learn
from pipeline.extraction.learned import without_furniture
from pipeline.model import Learned, Repeated

NOW = datetime(2026, 3, 4, tzinfo=UTC)
URL = "https://site.example/news/a-story-about-water-12345"
PLACE = "div.lead < div.text"
BOX = "Our paper lives on those who read it, and on nobody else in this town."
WORDS = "harbour council winter bridge market teacher valley engine letter garden window island captain".split()


def paragraph(seed: str) -> str:
    rng = random.Random(seed)
    return " ".join(rng.choice(WORDS) for _ in range(30)).capitalize() + "."


def story(name: str, *more: str) -> str:
    return "\n".join([*(paragraph(f"{name} {n}") for n in range(6)), *more])


def pages(count: int, *more: str, place: str | None = PLACE) -> list[tuple[str, str | None]]:
    return [(story(f"story {n}", *more), place) for n in range(count)]


def furniture(seen: list[tuple[str, str | None]], before: Learned | None = None) -> list[str]:
    return [one.line for one in learn("site.example", seen, before, NOW).furniture]


def test_a_line_on_pages_that_have_nothing_else_in_common_is_furniture() -> None:
    found = learn("site.example", pages(20, BOX), None, NOW)
    assert found == Learned("site.example", 1, NOW, 20, (Repeated(BOX, 20),), PLACE)


def test_numbers_do_not_hide_it() -> None:
    seen = [(story(f"story {n}", f"{n * 17:,} people of this town read us today."), PLACE) for n in range(20)]
    (line,) = furniture(seen)
    kept = without_furniture([paragraph("a"), "3 people of this town read us today."], learn("s", seen, None, NOW))
    assert line.endswith("people of this town read us today.")
    assert kept == [paragraph("a")]


def test_a_piece_that_is_printed_again_and_again_is_not() -> None:
    wire = story("wire")
    seen = pages(12) + [(f"{wire}\nUpdate number {n} of {paragraph(str(n))}", PLACE) for n in range(8)]
    assert furniture(seen) == []


def test_what_reporters_add_to_each_piece_on_one_topic_is_not() -> None:
    background = "The basin was dug in 1911, and the fishermen of the quarter have used it ever since that year."
    seen = pages(20) + [(story(f"basin {n}", background), PLACE) for n in range(6)]
    assert furniture(seen) == []


def test_credit_lines_are_not() -> None:
    assert furniture(pages(20, "This article first appeared on The Quay.", "Authored by Ann Lee via Substack,")) == []


def test_four_pages_are_no_proof() -> None:
    assert furniture(pages(4, BOX)) == []


def test_a_text_of_which_much_would_go_keeps_all_of_it() -> None:
    known = learn("site.example", pages(20, BOX), None, NOW)
    assert without_furniture([paragraph("a"), BOX], known) == [paragraph("a")]
    assert without_furniture(["A short note.", BOX], known) == ["A short note.", BOX]


def test_what_was_learned_stays_when_it_is_no_longer_in_the_texts_until_the_template_changes() -> None:
    first = learn("site.example", pages(20, BOX), None, NOW)
    again = learn("site.example", pages(20), first, NOW)
    assert (again.version, again.furniture) == (1, first.furniture)
    between = learn("site.example", [*pages(10, place="article"), *pages(10)], again, NOW)
    assert (between.version, between.place, between.furniture) == (2, None, first.furniture)
    after = learn("site.example", pages(20, place="article"), replace(between, place=PLACE), NOW)
    assert (after.version, after.place, after.furniture) == (3, "article", ())


HTML = "<html lang=en><head><title>T</title></head><body><div class='{}'><div class=lead>{}</div>{}</div></body></html>"


def markup(text: str) -> str:
    return "".join(f"<p>{line}</p>" for line in text.split("\n"))


def test_a_page_is_read_with_what_is_known_of_its_site() -> None:
    below = f"<div>{markup(story('another'))}</div>"
    page = HTML.format("text", markup(story("one", BOX)), below)
    plain = extract(page, URL)
    assert "Another" not in plain.text
    assert BOX in plain.text
    assert BOX in extract(page, URL, learned=Learned("site.example", 1, NOW, 20, (), PLACE)).text
    known = Learned("site.example", 1, NOW, 20, (Repeated(BOX, 9),), PLACE)
    found = extract(page, URL, learned=known)
    assert (found.text, found.place) == (story("one"), PLACE)


def test_the_place_decides_between_two_bodies() -> None:
    page = HTML.format("text", markup(story("one")), f"<div class=comment-like>{markup(story('two') * 2)}</div>")
    known = Learned("site.example", 1, NOW, 20, (), PLACE)
    assert extract(page, URL, learned=known).text == story("one")


def test_another_template_is_read_as_if_nothing_was_known() -> None:
    known = Learned("site.example", 1, NOW, 20, (Repeated(BOX, 9),), "div.gone < main")
    page = HTML.format("new", markup(story("one")), "")
    assert extract(page, URL, learned=known) == extract(page, URL)
    assert extract(page, URL).text == story("one")
