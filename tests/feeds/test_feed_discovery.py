"""Which feeds a page names."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import parse_feed
from pipeline.errors import Unreadable
from pipeline.feeds.discover import MOST, feeds_at

URL = "https://example.org/news/page.html"


def page(head: str) -> bytes:
    return f"<!DOCTYPE html><html><head><title>Post</title>{head}</head><body></body></html>".encode()


@pytest.mark.parametrize(
    ("head", "found"),
    [
        ('<link rel="alternate" type="application/rss+xml" href="/f" title="All">', [("https://example.org/f", "All")]),
        (
            "<LINK REL='feed Alternate' TYPE='application/atom+xml; charset=x' HREF=a.xml>",
            [("https://example.org/news/a.xml", "")],
        ),
        (
            '<base href="https://b.example/x/"><link rel=alternate type=application/feed+json href=f.json>',
            [("https://b.example/x/f.json", "")],
        ),
        ('<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">', []),
        ('<link rel="alternate" hreflang="de" href="/de"><link rel="stylesheet" href="/s.css">', []),
        ('<link rel="alternate" type="application/rss+xml" href="/f">' * 3, [("https://example.org/f", "")]),
        ("", []),
    ],
)
def test_links(head: str, found: list[tuple[str, str]]) -> None:
    assert feeds_at(page(head), URL, "text/html") == found


def test_a_feed_is_its_own_answer() -> None:
    body = b'<rss version="2.0"><channel><title>T</title></channel></rss>'
    assert feeds_at(body, URL, None) == [(URL, "T")]


def test_a_page_in_a_feeds_place_says_where_the_feed_is() -> None:
    body = page('<link rel="alternate" type="application/rss+xml" href="/feed?token=abc">')
    with pytest.raises(
        Unreadable, match=r"an HTML page, not a feed: 'Post'; it names the feed https://example.org/feed\?"
    ):
        parse_feed(body, URL)
    with pytest.raises(Unreadable) as caught:
        parse_feed(body, URL)
    assert "abc" not in str(caught.value)


def test_a_page_of_links_is_bounded() -> None:
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="/{n}">' for n in range(20_000))
    started = time.process_time()
    assert len(feeds_at(page(links), URL, "text/html")) == MOST
    assert len(feeds_at(b"<" * 5_000_000, URL, None)) == 0
    assert time.process_time() - started < 20


@given(st.binary(max_size=300))
def test_any_bytes(body: bytes) -> None:
    feeds_at(b"<html><link " + body, URL, None)
