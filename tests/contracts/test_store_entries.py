"""Entries: stored before they count as seen, claimed, read or failed, read again when they change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest
from store_making import HOUR, NOW, alone, article, entry, made, save, update

from pipeline.model import Entry, PendingEntry
from pipeline.store import Store

FULL = Entry(
    key="k" * 64,
    guid="tag:a.test,2026:1",
    url="https://a.test/1?utm_source=feed",
    title="A – title",
    authors=("Ann Lee", "Bo"),
    published_at=NOW - HOUR,
    updated_at=NOW,
    summary_html="<p>short</p>",
    content_html="<p>long</p>",
    source_url="https://b.test/feed",
    source_title="B",
    language="en",
    content_hash="c" * 64,
)


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    with Store.open(store_url) as opened:
        yield opened


@pytest.fixture
def run(store: Store) -> int:
    store.feeds.add("https://a.test/feed")
    return store.runs.begin("crawl")


def record(
    store: Store, run: int, *fresh: Entry, changed: tuple[Entry, ...] = (), sighted: tuple[str, ...] = ()
) -> int:
    [feed] = store.feeds.claim(run, NOW, force=True)
    assert store.feeds.record(update(feed.id, fresh, changed, sighted), run)
    return feed.id


def read(store: Store, pending: PendingEntry) -> int:
    found = article(pending.entry.url or "")
    with store.articles.placing() as placing:
        placing.neighbours(found, made(), 60)
        return placing.save(found, made(), alone(found.canonical_url), pending.id, "Alpha").article_id


def test_everything_of_an_entry_comes_back(store: Store, run: int) -> None:
    feed_id = record(store, run, FULL)
    [pending] = store.feeds.claim_entries(run, NOW)
    assert pending == PendingEntry(pending.id, feed_id, FULL, 1, NOW)


def test_an_entry_with_nothing_but_a_key(store: Store, run: int) -> None:
    bare = Entry(key="k", guid=None, url=None, title=None)
    record(store, run, bare)
    assert store.feeds.claim_entries(run, NOW)[0].entry == bare


def test_an_item_listed_twice_is_one_entry(store: Store, run: int) -> None:
    feed_id = record(store, run, entry("a", title="first"), entry("a", title="second"))
    assert [one.entry.title for one in store.feeds.claim_entries(run, NOW)] == ["first"]
    assert store.feeds.counts()[feed_id]["entries"] == 1


def test_attempts_are_counted_before_the_work(store: Store, run: int) -> None:
    record(store, run, entry("a"))
    for attempt in (1, 2, 3):
        [pending] = store.feeds.claim_entries(run, NOW)
        assert pending.attempts == attempt
        assert store.feeds.claim_entries(run, NOW) == []
        store.runs.finish(run)  # gives the claim back
        run = store.runs.begin("crawl")


def test_claims_are_bounded_and_by_feed(store: Store, run: int) -> None:
    feed_id = record(store, run, *(entry(f"e{number}") for number in range(5)))
    assert store.feeds.claim_entries(run, NOW, feed_id=feed_id + 1) == []
    assert [one.entry.key for one in store.feeds.claim_entries(run, NOW, feed_id, limit=2)] == ["e0", "e1"]
    assert [one.entry.key for one in store.feeds.claim_entries(run, NOW)] == ["e2", "e3", "e4"]


def test_a_postponed_entry_waits_and_a_failed_one_is_kept(store: Store, run: int) -> None:
    feed_id = record(store, run, entry("a"), entry("b"))
    a, b = store.feeds.claim_entries(run, NOW)
    store.feeds.fail_entry(a.id, "503", NOW + HOUR)
    store.feeds.fail_entry(b.id, "404", None)
    assert store.feeds.claim_entries(run, NOW) == []
    [again] = store.feeds.claim_entries(run, NOW + HOUR)
    assert (again.id, again.attempts) == (a.id, 2)
    assert store.feeds.counts()[feed_id] == {"entries": 2, "articles": 0, "pending": 1, "failed": 1}
    assert set(store.feeds.known(feed_id, {"a": "", "b": ""}).entries) == {"a", "b"}


def test_a_read_entry_belongs_to_its_article(store: Store, run: int) -> None:
    feed_id = record(store, run, entry("a"))
    [pending] = store.feeds.claim_entries(run, NOW)
    article_id = read(store, pending)
    assert store.feeds.counts()[feed_id] == {"entries": 1, "articles": 1, "pending": 0, "failed": 0}
    assert store.articles.by_address("https://a.test/a") == article_id
    assert next(store.stories.export()).article.feeds == ("Alpha",)


def test_the_address_an_entry_was_met_at_leads_to_the_article_behind_its_redirect(store: Store, run: int) -> None:
    record(store, run, entry("a", url="https://short.test/x1"))
    [pending] = store.feeds.claim_entries(run, NOW)
    found = article("https://a.test/behind")
    with store.articles.placing() as placing:
        placing.neighbours(found, made(), 60)
        saved = placing.save(found, made(), alone(found.canonical_url), pending.id)
    assert store.articles.by_address("https://short.test/x1") == saved.article_id


def test_a_fresh_entry_at_a_known_address_needs_no_reading(store: Store, run: int) -> None:
    saved = save(store, article("https://a.test/story"))
    feed_id = record(store, run, entry("a", url="http://www.a.test/story?utm_source=rss#top"), entry("b"))
    assert [one.entry.key for one in store.feeds.claim_entries(run, NOW)] == ["b"]
    assert store.feeds.counts()[feed_id]["articles"] == 1
    carried = {one.article.canonical_url: one.article.feeds for one in store.stories.export()}
    assert carried["https://a.test/story"] == ("a.test",)
    assert store.stories.of_article(saved.article_id) == saved.story


def test_a_changed_entry_is_read_again_even_at_a_known_address(store: Store, run: int) -> None:
    feed_id = record(store, run, entry("a"))
    read(store, store.feeds.claim_entries(run, NOW)[0])
    assert store.feeds.claim_entries(run, NOW) == []
    record(store, run, changed=(entry("a", title="changed", content_hash="other"),))
    assert store.feeds.known(feed_id, {"a": ""}).entries == {"a": "other"}
    [pending] = store.feeds.claim_entries(run, NOW)
    assert (pending.entry.title, pending.attempts, pending.first_seen_at) == ("changed", 1, NOW)


def test_a_failed_entry_gets_another_chance_when_it_changes(store: Store, run: int) -> None:
    record(store, run, entry("a"))
    store.feeds.fail_entry(store.feeds.claim_entries(run, NOW)[0].id, "404", None)
    record(store, run, changed=(entry("a", content_hash="other"),))
    assert len(store.feeds.claim_entries(run, NOW)) == 1


def test_an_entry_that_changed_while_it_was_read_is_read_again(store: Store, run: int) -> None:
    feed_id = record(store, run, entry("a"))
    [pending] = store.feeds.claim_entries(run, NOW)
    record(store, run, changed=(entry("a", content_hash="newer"),))
    read(store, pending)
    assert store.feeds.counts()[feed_id]["pending"] == 1
    store.feeds.fail_entry(pending.id, "late news of the old one", None)
    assert store.feeds.counts()[feed_id]["failed"] == 0


def test_one_of_the_entries_that_lead_to_one_page_is_read_for_all(store: Store, run: int) -> None:
    """Two feeds list a page in one crawl: it is claimed once, saving it settles both, both are named."""
    store.feeds.add("https://b.test/feed", "Beta")
    store.feeds.add("https://c.test/feed", "Gamma")
    urls = {
        "a.test": "https://news.test/1",
        "Beta": "http://www.news.test/1?utm_source=b",
        "Gamma": "https://short.test/x",
    }
    for feed in store.feeds.claim(run, NOW, force=True):
        again = entry("again", url="https://news.test/1?utm_medium=x") if feed.name == "a.test" else entry("alone")
        assert store.feeds.record(update(feed.id, (entry("k", url=urls[feed.name]), again)), run)
    claimed = store.feeds.claim_entries(run, NOW)
    assert sorted(one.entry.url or "" for one in claimed if one.entry.key == "k") == [urls["a.test"], urls["Gamma"]]
    assert store.feeds.claim_entries(run, NOW) == []
    first = next(one for one in claimed if one.entry.url == urls["a.test"])
    found = article("https://news.test/1", feeds=())
    with store.articles.placing() as placing:
        placing.neighbours(found, made(), 60)
        placing.save(found, made(), alone(found.canonical_url), first.id, "a.test")
    carried = next(one.article.feeds for one in store.stories.export())
    assert carried == ("a.test", "Beta")
    assert store.feeds.claim_entries(run, NOW) == [], "all others are claimed, or read"
    assert sum(one["pending"] for one in store.feeds.counts().values()) == 3  # Gamma's, and two entries of their own


@pytest.mark.parametrize(("read_at", "left"), [(NOW, 0), (NOW - HOUR, 1), (None, 1)])
def test_what_a_feed_said_of_a_change_before_the_page_was_read_is_settled(
    store: Store, run: int, read_at: datetime | None, left: int
) -> None:
    store.feeds.add("https://b.test/feed", "Beta")
    page = {"url": "https://news.test/1"}
    for words in ("as it was", "otherwise"):
        for feed in store.feeds.claim(run, NOW, force=True):
            one = entry("k", content_hash=words, **page)
            fresh, changed = ((one,), ()) if words == "as it was" else ((), (one,))
            assert store.feeds.record(update(feed.id, fresh, changed), run)
        [pending] = store.feeds.claim_entries(run, NOW)
        found = article("https://news.test/1", feeds=())
        with store.articles.placing() as placing:
            placing.neighbours(found, made(), 60)
            placing.save(found, made(), alone(found.canonical_url), pending.id, read_at=read_at)
    assert sum(one["pending"] for one in store.feeds.counts().values()) == left


def test_the_second_entry_of_a_page_that_failed_gets_its_turn(store: Store, run: int) -> None:
    record(store, run, entry("a", url="https://news.test/1"), entry("b", url="https://news.test/1#b"))
    [first] = store.feeds.claim_entries(run, NOW)
    store.feeds.fail_entry(first.id, "503", NOW + HOUR)
    assert store.feeds.claim_entries(run, NOW) == [], "the page is left alone until then"
    [first] = store.feeds.claim_entries(run, NOW + HOUR)
    store.feeds.fail_entry(first.id, "404", None)
    assert [one.entry.key for one in store.feeds.claim_entries(run, NOW)] == ["b"]


def test_what_is_known_under_other_keys(store: Store, run: int) -> None:
    feed_id = record(store, run, entry("a", url="https://news.test/1", content_hash="one"), entry("b"))
    url = "https://news.test/1?utm_source=x"
    known = store.feeds.known(feed_id, {"new": "other"}, {"new": url})
    assert (known.entries, known.addresses) == ({"a": "one"}, {url: "a"})
    known = store.feeds.known(feed_id, {"a": "", "b": "", "new": ""}, {"new": url})
    assert known.addresses == {}, "most keys are known: guids are to be trusted"
    assert store.feeds.new_since(feed_id, NOW) == 2
    assert store.feeds.new_since(feed_id, NOW + HOUR) == 0


def test_sighted_entries_are_only_noted(store: Store, run: int) -> None:
    record(store, run, entry("a"), entry("b"))
    for pending in store.feeds.claim_entries(run, NOW):
        read(store, pending)
    record(store, run, sighted=("a", "b", "unheard of"))
    assert store.feeds.claim_entries(run, NOW) == []
    assert store.stories.counts()["entries"] == 2


def test_a_rolled_back_save_leaves_the_entry_to_be_read(store: Store, run: int) -> None:
    record(store, run, entry("a"))
    [pending] = store.feeds.claim_entries(run, NOW)
    found = article("https://a.test/a")
    with pytest.raises(RuntimeError), store.articles.placing() as placing:
        placing.neighbours(found, made(1), 60)
        placing.save(found, made(1), alone(found.canonical_url), pending.id)
        raise RuntimeError("before the end")
    assert store.stories.counts() | {"entries": 1, "pending": 1, "articles": 0, "stories": 0} == store.stories.counts()
    assert store.stories.search("council") == []
    assert store.articles.by_address("https://a.test/a") is None
    assert store.articles.candidates(made(1), 5) == []
    assert read(store, replace(pending)) > 0
