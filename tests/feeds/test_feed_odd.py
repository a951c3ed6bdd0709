"""Feeds that browsers and other readers take: an oddity costs what is odd, not the feed."""

from __future__ import annotations

import gzip
import time

import pytest

from pipeline.errors import Refused, Unreadable
from pipeline.feeds import gate, parse_feed

URL = "https://example.org/feed.xml"
SITEMAP = (
    '<urlset xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://example.org/a</loc>'
    "<news:news><news:title>A</news:title></news:news></url></urlset>"
)


def rss(items: str) -> bytes:
    return f'<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>{items}</channel></rss>'.encode()


def item(number: int, more: str = "") -> str:
    return f"<item><title>Number {number}</title><link>https://example.org/{number}</link>{more}</item>"


@pytest.mark.parametrize(
    ("people", "first"),
    [
        (", ".join(f"First{number} Last{number}" for number in range(90)), "First0 Last0"),
        ("; ".join(f"First{number} Last{number}" for number in range(90)), "First0 Last0"),
        ("<name>Ann Lee</name>" * 90, None),
        ("x" * 5_000, None),
    ],
)
def test_a_long_list_of_authors_costs_no_other_item(people: str, first: str | None) -> None:
    items = [item(0), item(1, f"<dc:creator>{people}</dc:creator>"), item(2, "<dc:creator>Bo Wu</dc:creator>")]
    feed = parse_feed(rss("".join(items)), URL)
    assert [entry.title for entry in feed.entries] == ["Number 0", "Number 1", "Number 2"]
    assert (next(iter(feed.entries[1].authors), None) or "").startswith(first or "")
    assert bool(feed.entries[1].authors) is bool(first)
    assert feed.entries[2].authors == ("Bo Wu",)
    assert any("authors in 1 places" in problem for problem in feed.problems)


def test_long_authors_within_one_another_go_once() -> None:
    people = f"<author><creator>{'x' * 2_000}</creator> and others</author>"
    feed = parse_feed(rss(item(0, people) + item(1)), URL)
    assert [entry.title for entry in feed.entries] == ["Number 0", "Number 1"]


def test_authors_are_not_cut_within_a_reference() -> None:
    people = f"<dc:creator>{'Ann &amp; Bo ' * 200}</dc:creator>"
    feed = parse_feed(rss(item(0, people) + item(1)), URL)
    assert [entry.title for entry in feed.entries] == ["Number 0", "Number 1"]
    assert "not well-formed" not in " ".join(feed.problems)


def test_thousands_of_long_authors_take_linear_time() -> None:
    people = f"<dc:creator>{'Ann Lee, ' * 120}</dc:creator>"
    started = time.process_time()
    gate.bound(people * 20_000, frozenset(["item"]), 10)
    assert time.process_time() - started < 20  # not a measurement: by the square it is minutes


def test_a_list_of_authors_in_a_feed_that_is_cut() -> None:
    people = f"<dc:creator>{'Ann Lee, ' * 200}</dc:creator>"
    feed = parse_feed(rss("".join(item(number, people) for number in range(5))), URL, max_entries=3)
    assert [entry.title for entry in feed.entries] == ["Number 0", "Number 1", "Number 2"]


def test_a_title_that_speaks_of_sitemaps_is_a_title() -> None:
    feed = parse_feed(rss("<item><title><![CDATA[How to write <urlset> files]]></title></item>"), URL)
    assert (feed.format, feed.entries[0].title) == ("rss20", "How to write <urlset> files")
    assert parse_feed(SITEMAP.encode(), URL).format == "news-sitemap"


def test_a_gzip_file_is_what_is_in_it() -> None:
    assert parse_feed(gzip.compress(SITEMAP.encode()), URL).entries[0].title == "A"
    with pytest.raises(Unreadable, match="damaged gzip"):
        parse_feed(b"\x1f\x8b" + b"\xff" * 50, URL)


def test_a_gzip_file_unpacks_to_no_more_than_may_be_read() -> None:
    with pytest.raises(Refused, match="larger than"):
        parse_feed(gzip.compress(b" " * (gate.MAX_BYTES + 1)), URL)


def test_of_several_alternates_the_entry_s_own_is_read() -> None:
    links = (
        '<link rel="alternate" type="application/json" href="https://example.org/a.json"/>'
        '<link rel="alternate" hreflang="de" href="https://example.org/de/a"/>'
        '<link rel="alternate" type="text/html" href="https://example.org/a"/>'
        '<link rel="alternate" hreflang="fr" href="https://example.org/fr/a"/>'
    )
    atom = f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><title>A</title>{links}</entry></feed>'
    assert parse_feed(atom.encode(), URL).entries[0].url == "https://example.org/a"


@pytest.mark.parametrize("declared", ["", '<?xml version="1.0" encoding="iso-8859-1"?>'])
def test_a_feed_may_be_text(declared: str) -> None:
    text = declared + rss(item(0).replace("Number", "Fähre № …")).decode()
    feed = parse_feed(text, URL, "text/xml; charset=windows-1252")
    assert [entry.title for entry in feed.entries] == ["Fähre № … 0"]
    assert feed.problems == ()
