"""When an entry is the same entry, and when it is worth reading again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline.feeds import parse_feed
from pipeline.model import Entry

URL = "https://example.org/feed"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def entries(*items: str, head: str = "<link>https://example.org/</link>") -> tuple[Entry, ...]:
    body = "".join(f"<item>{item}</item>" for item in items)
    return parse_feed(
        f'<rss version="2.0"><channel><title>T</title>{head}{body}</channel></rss>'.encode(), URL, now=NOW
    ).entries


ITEM = (
    "<title>Ferry delayed</title><link>https://example.org/ferry</link><guid>g1</guid>"
    "<description>The ferry waits.</description><pubDate>Fri, 01 Mar 2024 09:30:00 GMT</pubDate>"
)


@pytest.mark.parametrize(
    "later",
    [
        ITEM.replace("09:30:00", "11:45:00"),
        ITEM.replace("<pubDate>Fri, 01 Mar 2024 09:30:00 GMT</pubDate>", ""),
        ITEM.replace("The ferry waits.", "\n  The   ferry\twaits.  "),
        ITEM.replace("The ferry waits.", "&lt;p&gt;The ferry waits.&lt;img src='/pixel?n=17'&gt;&lt;/p&gt;"),
        ITEM.replace("/ferry<", "/ferry?utm_source=rss&amp;utm_medium=feed<"),
        ITEM + "<comments>https://example.org/ferry#12</comments>",
    ],
    ids=["clock", "no date", "white space", "tracking pixel", "tracking parameters", "comments"],
)
def test_what_does_not_make_an_entry_worth_reading_again(later: str) -> None:
    before, after = entries(ITEM)[0], entries(later)[0]
    assert (after.key, after.content_hash) == (before.key, before.content_hash)


@pytest.mark.parametrize(
    "later",
    [
        ITEM.replace("Ferry delayed", "Ferry cancelled"),
        ITEM.replace("waits", "sails"),
        ITEM.replace("/ferry<", "/ferry-2<"),
    ],
    ids=["title", "text", "link"],
)
def test_what_does(later: str) -> None:
    before, after = entries(ITEM)[0], entries(later)[0]
    assert after.key == before.key
    assert after.content_hash != before.content_hash


def test_without_a_guid_the_link_is_the_identity_in_any_of_its_spellings() -> None:
    (first,) = entries("<title>A</title><link>http://www.example.org/a?utm_source=x</link>")
    (second,) = entries("<title>B</title><link>https://example.org/a</link>")
    assert first.key == second.key


def test_without_guid_and_link_title_and_text_are() -> None:
    first, second = entries("<title>A</title>", "<title>A</title><description>x</description>")
    assert first.key != second.key
    assert entries("<title>A</title>")[0].key == first.key


def test_a_link_to_the_home_page_identifies_nothing() -> None:
    (one,) = entries("<title>A</title><link>https://example.org/</link>")
    (two,) = entries("<title>B</title><link>https://example.org/</link>")
    assert one.key != two.key


def test_guids_of_one_letter_case_are_not_those_of_another() -> None:
    assert len(entries("<guid>a</guid><title>x</title>", "<guid>A</guid><title>x</title>")) == 2


def test_a_guid_and_a_link_of_the_same_text_are_two_identities() -> None:
    (guid,) = entries("<title>A</title><guid isPermaLink='false'>https://example.org/a</guid>")
    (link,) = entries("<title>A</title><link>https://example.org/a</link>")
    assert guid.key != link.key


def test_order_does_not_change_which_keys_a_feed_has() -> None:
    items = [f"<title>{n}</title><link>https://example.org/{n}</link>" for n in range(5)]
    assert {entry.key for entry in entries(*items)} == {entry.key for entry in entries(*reversed(items))}


def test_a_huge_guid_gives_a_key_like_any_other() -> None:
    (entry,) = entries(f"<title>A</title><guid isPermaLink='false'>{'g' * 1_000_000}</guid>")
    assert len(entry.key) == 64
    assert len(entry.guid or "") <= 4_096
