"""Which blocks are the article, told by shape; what trafilatura makes of them, and when it is given the whole page."""

from __future__ import annotations

import pytest

from pipeline.extraction import body, extract, naming
from pipeline.extraction.page import method, parse
from pipeline.extraction.shape import without_scripts

URL = "https://site.example/news/a-story-about-water-12345"
SENTENCES = (
    "The council met on Tuesday and decided, after three hours, to drain the lower basin before winter comes. "
    "It will take until spring.",
    "Nobody in the room could say what the work will cost, or who is to pay for the pumps that it needs. "
    "There was no vote on that.",
    "The basin was dug in 1911 by hand, and the fishermen of the quarter have used it ever since that year. "
    "They were not asked.",
)
STORY = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
OTHER = "Somebody who was not there believes that the whole affair is a plot of the pump makers, as usual. " * 3


def page(body: str) -> str:
    return f"<!doctype html><html lang=en><head><title>Basin to be drained</title></head><body>{body}</body></html>"


@pytest.mark.parametrize(
    "around",
    [
        "<h1>Basin to be drained</h1><div>{}</div><div class='comments'>" + f"<p>{OTHER}</p>" * 5 + "</div>",
        "<div class='cookie-notice'><p>" + OTHER + "</p></div><h1>Basin to be drained</h1><article>{}</article>",
        "<article>{}</article><ul>" + f"<li><a href='/x'>{OTHER}</a></li>" * 9 + "</ul>",
        "<div class='story-body'>{}</div><div class='related'>" + f"<p>{OTHER}</p>" * 2 + "</div>",
        "<div class='has-sidebar'><div class='share-wrap'>{}</div></div><div class='sidebar'><p>Short.</p></div>",
        "<div class='entry-content'>{}</div><footer><p>" + OTHER * 2 + "</p></footer>",
        "<form><div>{}</div></form>",
        "<div><div>{}<div class='newsletter'><p>" + OTHER + "</p></div></div></div>",
        "<div class='elementor-widget-wrap'><div class='elementor-widget-container'>{}</div></div>"
        "<div class='elementor-widget-share-buttons'><p>" + OTHER + "</p></div>",
        "<aside><section><h1>Basin to be drained</h1><article>{}</article></section></aside>",
        "<aside><h1>Not the headline</h1><p>" + OTHER + "</p></aside>".join(("<h1>Basin to be drained</h1>", "{}")),
        "<nav><ul><li><a href='/a'>Water</a></li></ul><div><h1>Basin to be drained</h1><article>{}</article></div>",
        "<x-story data-id=1>{}</x-story>",
        '<aclass="ab">{}</aclass="ab">',
    ],
)
def test_the_story_and_nothing_else(around: str) -> None:
    found = extract(page(around.replace("{}", STORY)), URL)
    assert found.text == "\n".join(SENTENCES)
    assert found.method == method(body.NARROWED)


@pytest.mark.parametrize(
    "around",
    [
        "<div class='story-text'><div>{0}</div></div><div class='related'><p>A game.</p></div>"
        "<div class='story-text'><div>{1}</div></div>",
        "<div class='teil'><article>{0}</article></div><div class='right-rail'><p>A game to play, it says, a "
        "long one, of which the rules stand in a box.</p></div><div class='teil'><article>{1}</article></div>",
    ],
)
def test_parts_whose_names_stand_one_element_further_out_are_one_article(around: str) -> None:
    first = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES[:1])
    found = extract(page("<h1>Basin to be drained</h1><div>" + around.format(first, STORY * 3) + "</div>"), URL)
    assert found.text.split("\n") == [*SENTENCES[:1], *SENTENCES * 3]


def test_a_heading_is_not_judged_by_its_anchor_nor_by_how_it_looks() -> None:
    heads = (
        "<h2 id='related-work'>Related work</h2>",
        "<h2 class='part' id='share-of-costs'>What it costs</h2>",
        "<h2 class='text--icon-links'>Who pays</h2>",
    )
    article = STORY + "".join(head + STORY for head in heads)
    found = extract(page(f"<h1>Basin to be drained</h1><article>{article}</article>"), URL)
    told = [line for line in found.text.split("\n") if line not in SENTENCES]
    assert told == ["Related work", "What it costs", "Who pays"]


def test_a_heading_of_short_lines_at_the_end_is_kept() -> None:
    end = "<h2>Who voted how</h2><p>Lindmark was against it.</p><p>Ossian voted in favour.</p>"
    found = extract(page(f"<h1>Basin to be drained</h1><article>{STORY}{end}</article>"), URL)
    assert found.text.split("\n")[-3:] == ["Who voted how", "Lindmark was against it.", "Ossian voted in favour."]


def test_sections_of_one_name_are_one_article() -> None:
    section = "<section class='chapter x-{0}'><div><div><div><div class='prose'>{1}</div></div></div></div></section>"
    body = "".join(section.format(n, STORY.replace("The", f"{n}: The")) for n in range(4))
    found = extract(page(f"<h1>Basin to be drained</h1>{body}"), URL)
    assert all(f"{n}: The council" in found.text for n in range(4))


@pytest.mark.parametrize("names", [("part-0", "part-1"), ("story-body story-body-1", "story-body story-body-2")])
def test_sections_may_be_counted_in_their_names(names: tuple[str, str]) -> None:
    section = "<section><div><div><div class='{0}'>{1}</div></div></div></section>"
    lead = section.format(names[0], f"<p>{SENTENCES[0]}</p>")
    long = section.format(names[1], "".join(f"<p>{n}: {SENTENCES[n % 3]}</p>" for n in range(20)))
    assert extract(page(f"<main>{lead}{long}</main>"), URL).text.startswith(SENTENCES[0])


def test_columns_are_no_sections_though_they_are_counted() -> None:
    aside = f"<div class='col-md-4'><p>{OTHER[:99]}</p></div>"
    found = extract(page(f"<div class='row'><div class='col-md-8'>{STORY * 4}</div>{aside}</div>"), URL)
    assert "plot of the pump makers" not in found.text


def test_a_box_with_more_text_than_the_article_does_not_stand_for_it() -> None:
    box = "".join(f"<p>{n}: {SENTENCES[n % 3]}</p>" for n in range(8))
    boxed = f"<div><h3>Who may drain a basin</h3><div><h4>The law</h4><div>{box}</div></div></div>"
    found = extract(page(f"<h1>Basin to be drained</h1><div class='article-text'>{STORY * 2}{boxed}</div>"), URL)
    assert found.text.startswith(SENTENCES[0])
    assert "7: " in found.text


def test_the_elements_of_a_framework_are_no_levels() -> None:
    part = "<app-text><div class=text><app-html><div>{}</div></app-html></div></app-text>"
    rest = "".join(f"<p>{n}: {SENTENCES[n % 3]}</p>" for n in range(4))
    found = extract(page(f"<div class=content>{part.format(STORY)}<div class=ad></div>{part.format(rest)}</div>"), URL)
    assert found.text.split("\n")[:3] == list(SENTENCES)


def test_of_several_whole_articles_it_is_the_one_of_the_headline() -> None:
    def whole(title: str, text: str) -> str:
        return f"<article class=item><div><header><h2>{title}</h2></header><div class=text>{text}</div></div></article>"

    others = [whole(f"Other story {n}", "".join(f"<p>{n}: {OTHER}</p>" for _ in range(4))) for n in range(4)]
    own = whole("Basin to be drained", STORY)
    for html in ("".join([own, *others]), "".join([*others[:2], own, *others[2:]])):
        found = extract(page(f"<main>{html}</main>"), URL)
        assert found.text.removeprefix("Basin to be drained\n") == "\n".join(SENTENCES)


def test_a_page_laid_out_in_tables_is_read_from_its_first_cell() -> None:
    lead = f"<table><tr><td><p>{'<br>'.join(SENTENCES)}</p></td></tr></table>"
    details = [f"Detail {n}: {SENTENCES[n % 3]}" for n in range(9)]
    more = "".join(f"<p>{detail}</p>" for detail in details)
    found = extract(page(f"<table><tr><td>{lead}<table><tr><td>{more}</td></tr></table></td></tr></table>"), URL)
    assert found.text.split("\n") == [*SENTENCES, *details]


def test_a_short_last_sentence_of_a_dense_script_is_text() -> None:
    long = "市政府昨天决定将旧港口的仓库改建为公共图书馆，工程预计明年春天开始，附近的居民对此意见不一，有人赞成。"
    lines = [f"{n}{long}" for n in "甲乙丙"] + ["说完这些话后，他上车离开了。"]
    found = extract(page("<div>" + "".join(f"<p>{line}</p>" for line in lines) + "</div>"), URL)
    assert found.text.split("\n") == lines


def test_teasers_in_cards_do_not_join_the_story() -> None:
    card = "<div class='card'><div><div><a href='/{0}'>Another story</a><div><p>{1}</p></div></div></div></div>"
    cards = "".join(card.format(n, SENTENCES[n % 3].replace("The", f"Card {n}: the")) for n in range(3))
    found = extract(
        page(f"<div><div><div><div>{STORY}{STORY}</div></div></div><div class='list'>{cards}</div></div>"), URL
    )
    assert "Card" not in found.text
    assert SENTENCES[2] in found.text


def test_a_piece_made_of_short_lines_is_taken_by_the_name_of_its_element() -> None:
    lines = [f"{n}. Stage {n}: from Quay {n} to Ferry {n}" for n in range(1, 15)]
    items = "".join(f"<p>{line}</p>" for line in lines)
    found = extract(page(f"<h1>The stages</h1><div class='article-body'>{items}</div><p>{OTHER[:90]}</p>"), URL)
    assert found.text.split("\n") == lines


def test_a_list_of_finds_under_a_lead_is_the_article() -> None:
    finds = [f"A find of the week, number {n}, which is told in one line that is a link" for n in range(20)]
    items = "".join(f"<p><a href='https://else.example/{n}'>{find}</a></p>" for n, find in enumerate(finds))
    whole = f"<h1>Finds</h1><div class='entry-content'><p>{SENTENCES[0]}</p>{items}</div>"
    assert extract(page(whole), URL).text.split("\n") == [SENTENCES[0], *finds]
    few = f"<h1>Finds</h1><div class='entry-content'>{STORY * 9}{items}</div>"
    assert finds[0] not in extract(page(few), URL).text


def test_trafilatura_is_asked_when_the_shape_says_little() -> None:
    lines = "".join(f"<div><span>Short line number {n} of many.</span></div>" for n in range(30))
    found = extract(page(f"<div>{lines}</div><p>{OTHER[:90]}</p>"), URL)
    assert found.method == method(body.WHOLE)


def test_trafilatura_knows_boxes_that_the_shape_does_not() -> None:
    box = "<div class='attachment'><p>The basin in the winter of 1963, seen from the tower in the ice.</p></div>"
    found = extract(page(f"<h1>Basin to be drained</h1><article>{STORY}{box}{STORY}</article>"), URL)
    assert "The basin in the winter" not in found.text
    assert SENTENCES[0] in found.text


def test_names_that_mislead_trafilatura_cost_no_text() -> None:
    slides = f"<div class='slide'>{STORY}</div>" * 2
    found = extract(page(f"<h1>Basin to be drained</h1><article>{STORY}{slides}</article>"), URL)
    assert found.text.split("\n") == [*SENTENCES] * 3
    assert found.method == method(body.NARROWED)


def test_lists_quotations_and_lines_stay_lines() -> None:
    told = "".join(
        f"<li><div>Item {n} of the list, which has <a href='/{n}'>a link</a> in it.</div></li>" for n in "abc"
    )
    article = f"{STORY}<ul>{told}</ul><blockquote>They said nothing.<br>Nothing at all.</blockquote>{STORY}"
    found = extract(page(f"<h1>Basin to be drained</h1><article>{article}</article>"), URL)
    items = [f"Item {n} of the list, which has a link in it." for n in "abc"]
    assert found.text.split("\n") == [*SENTENCES, *items, "They said nothing.", "Nothing at all.", *SENTENCES]
    assert [link.url for link in found.links] == [f"https://site.example/{n}" for n in "abc"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("related-posts", naming.FURNITURE),
        ("relatedPosts", naming.FURNITURE),
        ("post_share_bar", naming.FURNITURE),
        ("o-ads", naming.FURNITURE),
        ("most-read", naming.FURNITURE),
        ("module right-rail", naming.FURNITURE),
        ("guardrail", 0),
        ("subscriber-only", 0),
        ("subscriber-only-banner", naming.FURNITURE),
        ("subscribe-box", naming.FURNITURE),
        ("comments-area", naming.CERTAIN),
        ("#disqus_thread", naming.CERTAIN),
        ("site-footer", naming.CERTAIN),
        ("article__body", naming.BODY),
        ("field field-name-body", naming.BODY),
        ("entry-content clearfix", naming.BODY),
        ("sharedaddy sd-block", naming.HIDDEN),
        ("commentary", 0),
        ("elementor-widget-wrap", 0),
        ("elementor-widget-sidebar", naming.FURNITURE),
        ("widget Blog #Blog1", 0),
        ("widget PopularPosts", naming.FURNITURE),
        ("header", 0),
        ("loading", 0),
        ("shadow", 0),
        ("col-12 main", 0),
        ("", 0),
    ],
)
def test_names(name: str, kind: int) -> None:
    assert naming.kind(name) == kind


def test_scripts_are_cut_and_what_may_be_text_is_not() -> None:
    html = (
        "<SCRIPT>var a='</div>'</SCRIPT><style media=all>p{}</style><!-- <script> --><p>One</p>"
        "<script type='application/ld+json'>{\"a\":1}</script><div title='<script>'><p>Two</p><script>x</script>"
        "<script>never closed <p>Three"
    )
    kept = without_scripts(html.encode()).decode()
    assert "var a" not in kept
    assert "p{}" not in kept
    assert all(piece in kept for piece in ("<p>One</p>", '{"a":1}', "<p>Two</p>", "Three"))


def test_without_scripts_the_tree_is_the_same() -> None:
    html = page(f"<script>var x = 1 < 2;</script>{STORY}<style>a>b{{}}</style>")
    text = "".join(parse(html.encode()).itertext("p"))
    assert text == "".join(SENTENCES)


def test_who_quotes_at_length_keeps_the_line_that_says_whom() -> None:
    quoted = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    said = '<p>Ada Quillfeather writes in <a href="https://paper.example/basin">The Paper</a>:</p>'
    html = page(f"<h2>Drained</h2><div>{said}<blockquote>{quoted}</blockquote><p>So that is that.</p></div>")
    found = extract(html, URL)
    assert found.text.splitlines()[0] == "Ada Quillfeather writes in The Paper:"
    assert [link.url for link in found.links] == ["https://paper.example/basin"]
