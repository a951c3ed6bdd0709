"""Which source is believed on what, and which declared address becomes the identity."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pipeline.extraction import extract, from_entry, make_article, plausible
from pipeline.model import Article, Entry, Extraction, Link

SEEN = datetime(2025, 6, 30, 12, tzinfo=UTC)
URL = "https://www.quay.example/news/2025/tram-line-7-returns?utm_source=rss"
TEXT = "After nine years of buses, line 7 is a tram again. " * 12
PAGE = Extraction("trafilatura-2/1", "Tram line 7 returns", ("Ann Lee",), SEEN, "en", TEXT, site_name="The Quay")
ENTRY = Entry(key="k", guid="g", url=URL, title="Tram line 7 returns", authors=("Bo Wu",), published_at=SEEN)


def make(page: Extraction | None = PAGE, entry: Entry | None = ENTRY, url: str = URL) -> Article:
    return make_article(entry, url, page, from_entry(entry) if entry else None, SEEN, "Quay feed")


def test_the_page_is_believed_first() -> None:
    article = make()
    assert article.title == "Tram line 7 returns"
    assert article.byline == ("Ann Lee",)
    assert article.text == TEXT
    assert article.method == "trafilatura-2/1"
    assert article.canonical_url == "https://quay.example/news/2025/tram-line-7-returns"
    assert (article.site, article.feeds, article.first_seen_at) == ("quay.example", ("Quay feed",), SEEN)


def test_the_feed_fills_the_gaps() -> None:
    entry = replace(ENTRY, language="en-GB", source_url="https://origin.example/", source_title="Origin")
    article = make(replace(PAGE, title=None, byline=(), published_at=None, language=None), entry)
    assert (article.title, article.byline, article.published_at) == ("Tram line 7 returns", ("Bo Wu",), SEEN)
    assert article.language == "en"
    assert (article.source_url, article.source_title) == ("https://origin.example/", "Origin")


def test_without_a_page_the_feed_alone_makes_the_article() -> None:
    article = make(None, replace(ENTRY, content_html=f"<p>{TEXT}</p><p><a href='/b'>next</a></p>"))
    assert article.text.startswith("After nine years")
    assert article.method == "feed/1"
    assert article.links == (Link("https://www.quay.example/b", "next"),)


def test_nothing_at_all_is_an_article_without_text() -> None:
    article = make(None, None)
    assert (article.text, article.title, article.method) == ("", None, "none")


def test_a_site_as_author_gives_way_to_a_person() -> None:
    assert make(replace(PAGE, byline=("The Quay",))).byline == ("Bo Wu",)


def test_a_day_gives_way_to_a_moment_of_that_day() -> None:
    day = datetime(2025, 6, 30, tzinfo=UTC)
    assert make(replace(PAGE, published_at=day)).published_at == SEEN
    earlier = datetime(2025, 6, 1, tzinfo=UTC)
    assert make(replace(PAGE, published_at=earlier)).published_at == earlier


def test_a_section_behind_the_headline_goes() -> None:
    assert make(replace(PAGE, title="Tram line 7 returns | Transport")).title == "Tram line 7 returns"
    assert make(entry=replace(ENTRY, title="Tram line…")).title == "Tram line 7 returns"


LONG = f"<p>{TEXT * 3}</p>"


@pytest.mark.parametrize(
    ("text", "problems", "content", "method"),
    [
        (TEXT, (), LONG, "feed/1"),  # much less than the feed's full text
        (TEXT, (), f"<p>{TEXT}</p>", "trafilatura-2/1"),
        (TEXT, (), "<p>After nine years of buses</p>", "trafilatura-2/1"),
        ("", ("no text",), "<p>After nine years of buses</p>", "feed/1"),
        ("Short teaser.", ("wall",), "<p>After nine years of buses</p>", "feed/1"),
        (TEXT, ("wall",), "<p>After nine years of buses</p>", "trafilatura-2/1"),
        ("Short.", (), "<p>After nine years of buses</p>", "trafilatura-2/1"),
    ],
)
def test_the_better_text(text: str, problems: tuple[str, ...], content: str, method: str) -> None:
    article = make(replace(PAGE, text=text, problems=problems), replace(ENTRY, content_html=content))
    assert article.method == method


@pytest.mark.parametrize(
    ("declared", "url"),
    [
        (
            "https://www.quay.example/news/2025/tram-line-7-returns",
            "https://amp.quay.example/news/2025/tram-line-7-returns",
        ),
        (
            "https://quay.example/news/2025/tram-line-7-returns",
            "https://quay.example/news/2025/tram-line-7-returns/amp/",
        ),
        ("https://quay.example/tram/tram-line-7-returns", "https://quay.example/2025/06/tram-line-7-returns.html"),
        ("https://quay.example/story/5042821", "https://quay.example/s?id=5042821"),
        (
            "https://quay.example/a/tram-idUSKBN1XT00W",
            "https://quay.example/a/tram-line/other-words-here-idUSKBN1XT00W",
        ),
        ("https://quay.example/", "https://quay.example/?utm_source=x"),
    ],
)
def test_plausible_identities(declared: str, url: str) -> None:
    assert plausible(declared, url)
    assert make(replace(PAGE, declared_url=declared), url=url).declared_url is None


@pytest.mark.parametrize(
    "declared",
    [
        "https://quay.example/",
        "https://quay.example/index.html",
        "https://quay.example/news",
        "https://quay.example/news/2025/",
        "https://quay.example/news/2025/harbour-fund-is-late",
        "https://quay.example/20250630/other",
    ],
)
def test_implausible_identities(declared: str) -> None:
    url = "https://quay.example/news/2025/20250630/tram-line-7-returns"
    assert not plausible(declared, url)
    article = make(replace(PAGE, declared_url=declared), url=url)
    assert article.canonical_url == url
    assert article.declared_url is None


def test_another_site_is_evidence_and_never_identity() -> None:
    elsewhere = "https://origin.example/news/2025/tram-line-7-returns"
    article = make(replace(PAGE, declared_url=elsewhere))
    assert article.declared_url == elsewhere
    assert article.canonical_url == "https://quay.example/news/2025/tram-line-7-returns"


FEED_HTML = """<span class="field-title">Who Dredges Lindmark?</span>
<div><p>Authored by <a href="https://letters.example/@mara">Mara Ekholm</a> via Substack,</p>
<p>For forty years the harbour has been dredged<br>by the same three machines.</p>
<figure><img src="a.jpg"><figcaption>The harbour in 1990</figcaption></figure>
<div class="subscription-widget-wrap"><p>Subscribe now</p></div><script>track()</script>
<p>None of this means that the fund is a bad idea.</p></div>
<span><a href="/users/cole">Cole Harker</a></span> <div>Mon, 06/30/2025 - 02:00</div>
<p>The post <a href="https://nohedge.example/p">Who Dredges Lindmark?</a> appeared first on NoHedge.</p>"""


def test_feed_text_keeps_credits_and_drops_widgets() -> None:
    found = from_entry(
        replace(ENTRY, title="Who Dredges Lindmark?", content_html=FEED_HTML, summary_html="<p>short</p>")
    )
    assert found.text.split("\n") == [
        "Authored by Mara Ekholm via Substack,",
        "For forty years the harbour has been dredged",
        "by the same three machines.",
        "None of this means that the fund is a bad idea.",
        "Cole Harker",
        "Mon, 06/30/2025 - 02:00",
        "The post Who Dredges Lindmark? appeared first on NoHedge.",
    ]
    assert [link.url for link in found.links] == [
        "https://letters.example/@mara",
        "https://www.quay.example/users/cole",
        "https://nohedge.example/p",
    ]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("First line\nSecond &amp; third", "First line\nSecond & third"),
        ("&lt;p&gt;One&lt;/p&gt;&lt;p&gt;Two&lt;/p&gt;", "One\nTwo"),
        ("<b>Bold</b> and <i>plain</i>", "Bold and plain"),
        ("", ""),
        ("<!-- nothing -->", ""),
    ],
)
def test_feed_text_of_other_forms(html: str, expected: str) -> None:
    assert from_entry(replace(ENTRY, content_html=None, summary_html=html)).text == expected


def test_feed_text_without_anything_says_so() -> None:
    assert from_entry(ENTRY).problems == ("no text",)


def test_page_and_feed_together() -> None:
    html = f"<html lang=en><title>Tram line 7 returns</title><body><article><p>{TEXT}</p></article></body></html>"
    article = make(extract(html, URL))
    assert article.text == TEXT.strip()
    assert article.language == "en"


HEAD = """<meta property="article:section" content=" Transport "><meta property="og:image" content="/img/tram.jpg">
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Tram line 7 returns",
"isAccessibleForFree": %s %s}</script>"""
DECLARING = (
    "<html lang=en><head>{}</head><body><h1>Tram line 7 returns</h1><article><p>{}</p></article>{}</body></html>"
)


@pytest.mark.parametrize(
    ("declared", "foot", "licence"),
    [
        ("", "", None),
        (
            ', "license": "https://creativecommons.org/licenses/by/4.0/"',
            "",
            "https://creativecommons.org/licenses/by/4.0/",
        ),
        (', "license": {"@type": "CreativeWork", "url": "/terms"}', "", "https://www.quay.example/terms"),
        (', "license": "All rights reserved"', "", "All rights reserved"),
        ("", "<footer><a rel='license' href='/cc'>CC BY</a></footer>", "https://www.quay.example/cc"),
        ("", "<figure><a rel='license' href='/cc'>CC BY</a></figure>", None),
    ],
)
def test_section_image_and_licence(declared: str, foot: str, licence: str | None) -> None:
    page = extract(DECLARING.format(HEAD % ("true", declared), TEXT, foot), URL)
    article = make(page)
    assert (article.section, article.image) == ("Transport", "https://www.quay.example/img/tram.jpg")
    assert article.licence == licence
    assert not article.stub


def test_what_stands_before_a_wall_is_a_stub_unless_the_feed_has_it_all() -> None:
    page = extract(DECLARING.format(HEAD % ("false", ""), TEXT[:300], "<p>Subscribe now to continue.</p>"), URL)
    assert make(page).stub
    assert make(page, replace(ENTRY, summary_html="<p>After nine years of buses.</p>")).stub
    whole = make(page, replace(ENTRY, content_html=LONG))
    assert (whole.stub, whole.method) == (False, "feed/1")
