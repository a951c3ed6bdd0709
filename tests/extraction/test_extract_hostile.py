"""Documents made to break a parser: each ends in an Extraction or a DocumentError, and most still give their text."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import DocumentError, Refused
from pipeline.extraction import body, extract, from_entry
from pipeline.extraction.page import method
from pipeline.extraction.text import clean
from pipeline.model import Entry, Extraction

URL = "https://site.example/news/a-story-about-water-12345"
SENTENCE = "The council met on Tuesday and decided, after three hours, to drain the lower basin before the winter. "
ARTICLE = "<article>" + "".join(f"<p>Paragraph {n}. {SENTENCE * 3}</p>" for n in range(6)) + "</article>"


def page(body: str, head: str = "") -> str:
    top = f"<!doctype html><html lang='en'><head><title>Basin to be drained</title>{head}</head>"
    return f"{top}<body>{body}</body></html>"


WITH_TEXT: dict[str, Callable[[], str]] = {
    "nested 300": lambda: page("<div>" * 300 + ARTICLE + "</div>" * 300),
    "nested 3,000": lambda: page("<div>" * 3_000 + ARTICLE + "</div>" * 3_000),
    "nested 200,000 and never closed": lambda: page("<div>" * 200_000 + ARTICLE),
    "nested inline": lambda: page("<b><i>" * 5_000 + ARTICLE),
    "nested tables": lambda: page("<table><tr><td>" * 400 + ARTICLE),
    "nested lists": lambda: page("<ul><li>" * 400 + ARTICLE),
    "3,000 empty elements before": lambda: page("<div></div>" * 3_000 + ARTICLE),
    "40,000 elements before": lambda: page("<i></i>" * 40_000 + ARTICLE),
    "table of 300 x 300": lambda: page(
        "<table>" + ("<tr>" + "<td>1</td>" * 300 + "</tr>") * 300 + "</table>" + ARTICLE
    ),
    "colspan without end": lambda: page("<table><tr><td colspan=9999999999999999>x</td></tr></table>" + ARTICLE),
    "5 MB of links": lambda: page(ARTICLE + '<p><a href="/x">a link to somewhere else</a></p>' * 100_000),
    "14,000 links in the body": lambda: page(
        "<article>" + '<p><a href="/x">a link to somewhere</a></p>' * 14_000 + ARTICLE.removeprefix("<article>")
    ),
    "NUL characters": lambda: page(ARTICLE.replace("Paragraph", "Para\0graph")).replace("<title>", "<title>\0"),
    "control characters": lambda: page("\x01\x02\x7f\x1b[2J" + ARTICLE),
    "lone surrogates": lambda: page(ARTICLE.replace("winter", "winter\ud800")),
    "JSON-LD 100,000 deep": lambda: page(ARTICLE, f'<script type="application/ld+json">{"[" * 100_000}</script>'),
    "JSON-LD objects 5,000 deep": lambda: page(
        ARTICLE, '<script type="application/ld+json">' + '{"author":' * 5_000 + "1" + "}" * 5_000 + "</script>"
    ),
    "JSON-LD with a number of 10,000 digits": lambda: page(
        ARTICLE, f'<script type="application/ld+json">{{"@type":"Article","datePublished":{"9" * 10_000}}}</script>'
    ),
    "JSON-LD author refers to itself": lambda: page(
        ARTICLE,
        '<script type="application/ld+json">{"@type":"Article","@id":"#a","author":{"@id":"#a"}}</script>',
    ),
    "JSON-LD of the wrong types": lambda: page(
        ARTICLE,
        '<script type="application/ld+json">[1,null,{"@type":7},{"@type":["Article",3],"headline":[{}],"author":[[1]],'
        '"datePublished":{},"publisher":"x","isBasedOn":[{"url":5}],"inLanguage":{}}]</script>',
    ),
    "20,000 metas": lambda: page(ARTICLE, '<meta property="og:title" content="x">' * 20_000),
    "references to impossible characters": lambda: page(f"<p>&#{'9' * 5_000};</p><p>&amp;#{'9' * 5_000};</p>{ARTICLE}"),
    "unfinished comment at the end": lambda: page(ARTICLE) + "<!-- " + "<p>" * 1_000,
    "unfinished script at the end": lambda: page(ARTICLE) + "<script>" + "<p>" * 1_000,
    "unquoted attributes without end": lambda: page(ARTICLE) + "<a href=" + "x" * 1_000_000,
    "half-open tags": lambda: page(ARTICLE) + "<a" * 200_000,
    "14,000 credit lines": lambda: page(
        "<article>"
        + "".join(f"<p><a href='/{n}'>via a{n}</a></p>" for n in range(14_000))
        + ARTICLE[len("<article>") :]
    ),
    "deep links in one paragraph": lambda: page(ARTICLE + "<p>" + "<a href='/x'>y" * 10_000),
    "one long line of brackets": lambda: page(ARTICLE + "<p>" + "[" * 200_000 + "</p>"),
    "one long byline": lambda: page(ARTICLE, f'<meta name="author" content="{"By and, " * 50_000}">'),
    "one long title tail": lambda: page(ARTICLE, f'<meta property="og:site_name" content="{" - " * 50_000}">'),
    "authors within authors": lambda: page(
        "<div itemprop=author><b itemprop=name>A B</b>" * 200 + ARTICLE + "<i itemprop=name></i>" * 20_000
    ),
    "many entities": lambda: page(ARTICLE + "<p>" + "&nbsp;&lt;" * 100_000 + "</p>"),
}


@pytest.mark.parametrize("name", WITH_TEXT)
def test_text_survives(name: str) -> None:
    found = extract(WITH_TEXT[name](), URL)
    assert all(f"Paragraph {n}. The council met" in found.text for n in range(6))
    assert found.title == "Basin to be drained" or "meta" in name
    assert clean(found.text.replace("\n", " ")) == found.text.replace("\n", " ")


@pytest.mark.parametrize("name", ["nested 300", "nested 3,000", "nested inline"])
def test_depth_is_told(name: str) -> None:
    found = extract(WITH_TEXT[name](), URL)
    assert "nested too deep" in found.problems
    assert found.method == "tag-strip/1"


def test_250_elements_deep_is_read_with_the_parser() -> None:
    found = extract(page("<div>" * 240 + ARTICLE + "</div>" * 240), URL)
    assert found.problems == ()
    assert found.method == method(body.NARROWED)


def test_too_many_elements_are_told() -> None:
    assert "more than 30000 elements" in extract(WITH_TEXT["40,000 elements before"](), URL).problems


def test_text_is_cut_to_a_length() -> None:
    found = extract(page("<article><p>" + "words in one paragraph " * 100_000 + "</p></article>"), URL)
    assert len(found.text) <= 1_000_000
    assert "cut to 1000000 characters" in found.problems


def test_tags_inside_scripts_are_no_elements() -> None:
    script = "<script>var x = '" + "<b>" * 40_000 + "';</script>"
    assert extract(page(script + ARTICLE), URL).problems == ()


@pytest.mark.parametrize(
    "charset",
    [
        "undefined",
        "punycode",
        "idna",
        "utf-7",
        "base64",
        "zlib",
        "rot13",
        "unicode_escape",
        "x-user-defined",
        "\x00utf",
    ],
)
def test_charsets_that_python_knows_and_pages_do_not(charset: str) -> None:
    body = page(ARTICLE + "<p>Grüße aus Köln</p>", f'<meta charset="{charset}">').encode()
    found = extract(body, URL, f"text/html; charset={charset}")
    assert "Paragraph 5" in found.text


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"%PDF-1.7 binary", None),
        (b"\x89PNG\r\n\x1a\n", "text/html"),
        (b"<html>", "application/pdf"),
        (b"<html>", "image/svg+xml"),
        (b"{}", "application/json"),
    ],
)
def test_other_media_are_refused(body: bytes, content_type: str | None) -> None:
    with pytest.raises(Refused):
        extract(body, URL, content_type)


@pytest.mark.parametrize("body", [b"", b"   ", b"\0\0", b"<!-- only a comment -->", b"<html></html>", "", "\ufeff"])
def test_nothing_is_said_to_be_nothing(body: bytes | str) -> None:
    found = extract(body, URL)
    assert found.text == ""
    assert "no text" in found.problems


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=2_000), st.one_of(st.none(), st.text(max_size=40)))
def test_any_bytes(body: bytes, content_type: str | None) -> None:
    try:
        found = extract(body, URL, content_type)
    except DocumentError:
        return
    assert isinstance(found, Extraction)


FRAGMENTS = st.sampled_from(
    [
        *(
            "<p>",
            "</p>",
            "<div class='article-body'>",
            "</div>",
            "<table>",
            "<tr><td>",
            "</table>",
            "<br>",
            "<h1>",
            "<svg>",
        ),
        *(
            "<a href='http://[::1'>",
            "</a>",
            "<base href='javascript:1'>",
            "<link rel=canonical href='//'>",
            "<noscript>",
        ),
        *("<script type='application/ld+json'>", "</script>", '{"@type":"Article","author":', "]}", "<html lang='-'>"),
        *("<time datetime='9999-12-31'>", "<meta name=author content='by'>", "<!--", "-->", "<![CDATA[", "]]>"),
        *("&#0;", "&#x110000;", "By \u202e\ufeff", SENTENCE, "<!DOCTYPE x [<!ENTITY a 'b'>]>"),
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(FRAGMENTS, st.text(max_size=20)), max_size=40).map("".join))
def test_any_markup(html: str) -> None:
    found = extract(html, URL)
    json.dumps([found.title, found.byline, found.text, found.problems], ensure_ascii=False).encode()
    entry = Entry(key="k", guid=None, url=URL, title=html[:50], authors=(html[:60],), content_html=html)
    assert from_entry(entry).method == "feed/1"
