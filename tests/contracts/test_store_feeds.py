"""Feeds: subscribing, claiming, recording. Every test runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from store_making import HOUR, NOW, child, entry, save, update
from store_making import article as make_article

from pipeline.config import FeedSettings
from pipeline.errors import StoreError, UnknownName, UsageError
from pipeline.model import Feed
from pipeline.store import Store

A, B = "https://a.test/feed.xml", "https://b.test/feed.xml"


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    with Store.open(store_url) as opened:
        yield opened


def claimed(store: Store, url: str = A) -> tuple[Feed, int]:
    feed = store.feeds.add(url)
    run = store.runs.begin("crawl")
    assert [one.id for one in store.feeds.claim(run, NOW)] == [feed.id]
    return feed, run


def test_sync_adds_follows_drops_and_brings_back(store: Store) -> None:
    store.feeds.sync([FeedSettings(url=A, name="Alpha", folder="news"), FeedSettings(url=B)])
    assert [(one.name, one.folder, one.enabled) for one in store.feeds.all()] == [
        ("Alpha", "news", True),
        ("b.test", None, True),
    ]
    ids = {one.url: one.id for one in store.feeds.all()}
    store.feeds.sync([FeedSettings(url=A, name="Alpha 2")])
    alpha, beta = store.feeds.find(A), store.feeds.find(B)
    assert (alpha.name, alpha.folder, alpha.enabled, beta.enabled) == ("Alpha 2", None, True, False)
    store.feeds.sync([FeedSettings(url=A), FeedSettings(url=B)])
    assert {one.url: one.id for one in store.feeds.all()} == ids
    assert all(one.enabled for one in store.feeds.all())
    assert store.feeds.find(A).name == "Alpha 2"  # a name that is not given any more is no reason to lose it


def test_sync_leaves_the_users_feeds_alone(store: Store) -> None:
    store.feeds.add(A, "Mine")
    store.feeds.sync([])
    assert store.feeds.find("Mine").enabled


def test_a_feed_that_a_fetch_switched_off_stays_off_while_it_is_listed(store: Store) -> None:
    store.feeds.sync([FeedSettings(url=A)])
    run = store.runs.begin("crawl")
    [feed] = store.feeds.claim(run, NOW)
    assert store.feeds.record(update(feed.id, outcome="gone", enabled=False), run)
    store.feeds.sync([FeedSettings(url=A)])
    assert not store.feeds.find(A).enabled
    assert store.feeds.claim(run, NOW, force=True) == []


def test_adding_a_feed_turns_it_on_again(store: Store) -> None:
    """What left the configuration is the user's then; what was gone is asked again at once."""
    store.feeds.sync([FeedSettings(url=A, name="Alpha"), FeedSettings(url=B)])
    run = store.runs.begin("crawl")
    for feed in store.feeds.claim(run, NOW):
        assert store.feeds.record(update(feed.id, outcome="gone", enabled=False), run)
    store.feeds.sync([FeedSettings(url=B)])
    assert [(one.enabled, one.next_fetch_at) for one in map(store.feeds.add, (A, B))] == [(True, None)] * 2
    store.feeds.sync([FeedSettings(url=B)])
    assert all(one.enabled for one in store.feeds.all())
    assert store.feeds.find("Alpha").url == A
    store.feeds.remove(A)  # it is no feed of the configuration any more


def test_add_returns_an_existing_feed_as_it_is(store: Store) -> None:
    first = store.feeds.add(A, "Alpha", "news")
    assert store.feeds.add(A, "Other", "elsewhere") == first
    assert len(store.feeds.all()) == 1


def test_a_feed_is_found_by_its_title_where_no_name_is_that(store: Store) -> None:
    run = store.runs.begin("crawl")
    for url in (A, B):
        store.feeds.add(url)
    for feed in store.feeds.claim(run, NOW):
        assert store.feeds.record(update(feed.id, title="The Paper" if feed.url == A else "Both"), run)
    assert store.feeds.find("the paper").url == A
    with pytest.raises(UnknownName, match="did you mean 'The Paper'"):
        store.feeds.find("The Papers")
    store.feeds.rename(A, "Both")
    assert store.feeds.find("Both").url == A  # a name that somebody gave comes first
    store.feeds.rename(A, "Mine")
    run = store.runs.begin("crawl")
    store.feeds.claim(run, NOW, names=[A], force=True)
    assert store.feeds.record(update(store.feeds.find(A).id, title="Both"), run)
    with pytest.raises(UnknownName, match="2 feeds are called 'Both'"):
        store.feeds.find("Both")


def test_find_by_url_name_and_case_and_a_near_miss(store: Store) -> None:
    feed = store.feeds.add(A, "Alpha Daily")
    assert store.feeds.find(A) == store.feeds.find("Alpha Daily") == store.feeds.find("alpha daily") == feed
    with pytest.raises(UnknownName, match="did you mean 'Alpha Daily'"):
        store.feeds.find("Alpha Dayly")
    with pytest.raises(UnknownName) as raised:
        store.feeds.find("https://user:secret@z.test/")
    assert "secret" not in str(raised.value)


def test_an_ambiguous_name_is_said_to_be_one(store: Store) -> None:
    store.feeds.add(A, "News")
    store.feeds.add(B, "News")
    with pytest.raises(UnknownName, match="2 feeds are called 'News'"):
        store.feeds.find("News")


def test_remove_takes_the_entries_and_leaves_the_articles(store: Store) -> None:
    feed, run = claimed(store)
    save(store, make_article("https://a.test/known"))
    store.feeds.record(update(feed.id, fresh=[entry("known"), entry("new")]), run)
    assert store.feeds.remove(A).url == A
    assert (store.feeds.all(), store.stories.counts()["entries"], store.stories.counts()["articles"]) == ([], 0, 1)
    with pytest.raises(UnknownName):
        store.feeds.remove(A)


def test_a_feed_of_the_configuration_is_removed_there(store: Store) -> None:
    store.feeds.sync([FeedSettings(url=A)])
    with pytest.raises(UsageError, match="listed in the configuration"):
        store.feeds.remove(A)
    store.feeds.sync([])
    store.feeds.remove(A)
    assert store.feeds.all() == []


def test_claim_takes_what_is_due_longest_due_first(store: Store) -> None:
    feeds = [store.feeds.add(f"https://{name}.test/") for name in "abc"]
    run = store.runs.begin("crawl")
    assert len(store.feeds.claim(run, NOW)) == 3
    for feed, wait in zip(feeds, (2 * HOUR, HOUR, 5 * HOUR), strict=True):
        assert store.feeds.record(update(feed.id, next_fetch_at=NOW + wait), run)
    assert store.feeds.claim(run, NOW) == []
    due = store.feeds.claim(run, NOW + 2 * HOUR)
    assert [one.id for one in due] == [feeds[1].id, feeds[0].id]
    assert store.feeds.claim(run, NOW + 2 * HOUR) == []  # claimed
    assert [one.id for one in store.feeds.claim(run, NOW, force=True)] == [feeds[2].id]


def test_a_clock_that_ran_ahead_delays_nobody_for_ever(store: Store) -> None:
    feed = store.feeds.add(A)
    run = store.runs.begin("crawl")
    store.feeds.claim(run, NOW)
    ahead = NOW + 24 * 365 * 100 * HOUR
    store.feeds.record(update(feed.id, fetched_at=ahead, next_fetch_at=ahead + HOUR), run)
    assert [one.id for one in store.feeds.claim(run, NOW)] == [feed.id]
    store.feeds.record(update(feed.id, fetched_at=NOW, next_fetch_at=NOW + HOUR), run)
    assert store.feeds.claim(run, NOW) == []


def test_claim_by_name_and_limit(store: Store) -> None:
    alpha, beta = store.feeds.add(A, "Alpha"), store.feeds.add(B, "Beta")
    run = store.runs.begin("crawl")
    assert store.feeds.claim(run, NOW, names=["Beta"]) == [beta]
    with pytest.raises(UnknownName):
        store.feeds.claim(run, NOW, names=["Gamma"])
    assert store.feeds.claim(run, NOW, limit=0) == []
    assert store.feeds.claim(run, NOW, limit=1) == [alpha]


def test_record_keeps_what_the_fetch_says(store: Store) -> None:
    feed, run = claimed(store)
    validators = (b'"e\xff"', b"Tue, 03 Mar 2026 10:00:00 GMT", b"\x00" * 32)
    assert store.feeds.record(
        update(feed.id, validators=validators, title="The Alpha", site_url="https://a.test/"), run
    )
    after = store.feeds.find(A)
    assert (after.etag, after.last_modified, after.body_hash) == validators
    assert (after.title, after.site_url, after.interval_s) == ("The Alpha", "https://a.test/", 3600.0)
    assert (after.last_fetched_at, after.next_fetch_at, after.last_outcome) == (NOW, NOW + HOUR, "ok")
    [again] = store.feeds.claim(run, NOW + HOUR)
    failed = update(again.id, outcome="timeout", error="30 s", failures=1, fetched_at=NOW + HOUR)
    assert store.feeds.record(failed, run)
    kept = store.feeds.find(A)
    assert (kept.etag, kept.last_modified, kept.body_hash) == validators
    assert (kept.title, kept.failures, kept.last_outcome, kept.last_error) == ("The Alpha", 1, "timeout", "30 s")


def test_record_by_a_run_that_lost_the_feed_changes_nothing(store: Store) -> None:
    feed, run = claimed(store)
    store.runs.finish(run)
    other = store.runs.begin("crawl")
    store.feeds.claim(other, NOW)
    late = update(feed.id, fresh=[entry("x")], validators=(b"late", None, None))
    assert store.feeds.record(late, run) is False
    assert store.feeds.known(feed.id, {"x": ""}).entries == {}
    assert store.feeds.find(A).etag is None
    assert store.feeds.record(update(feed.id, fresh=[entry("x")]), other) is True


def test_record_is_all_or_nothing(store: Store) -> None:
    feed, run = claimed(store)
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(ValueError, match="without a zone"):
        store.feeds.record(update(feed.id, fresh=[entry("a"), entry("b", published_at=naive)]), run)
    assert store.feeds.known(feed.id, {"a": "", "b": ""}).entries == {}
    assert store.feeds.find(A).next_fetch_at is None
    assert store.feeds.record(update(feed.id, fresh=[entry("a")]), run)  # the claim was not lost either


def test_known_says_which_entries_with_which_content(store: Store) -> None:
    feed, run = claimed(store)
    store.feeds.record(update(feed.id, fresh=[entry("a"), entry("b")]), run)
    assert store.feeds.known(feed.id, dict.fromkeys("abc", "")).entries == {"a": "hash of a", "b": "hash of b"}
    assert store.feeds.known(feed.id, {}).entries == {}
    other = store.feeds.add(B)
    assert store.feeds.known(other.id, {"a": ""}).entries == {}
    assert len(store.feeds.known(feed.id, dict.fromkeys([f"k{n}" for n in range(25_000)] + ["a"], "")).entries) == 1


def test_counts_are_per_feed(store: Store) -> None:
    feed, run = claimed(store)
    other = store.feeds.add(B)
    save(store, make_article("https://a.test/known"))
    store.feeds.record(update(feed.id, fresh=[entry("known"), entry("p"), entry("q")]), run)
    [first, _] = store.feeds.claim_entries(run, NOW)
    store.feeds.fail_entry(first.id, "no", None)
    assert store.feeds.counts() == {
        feed.id: {"entries": 3, "articles": 1, "pending": 1, "failed": 1},
        other.id: {"entries": 0, "articles": 0, "pending": 0, "failed": 0},
    }


def test_a_claim_for_a_run_that_does_not_exist_is_refused(store: Store) -> None:
    store.feeds.add(A)
    with pytest.raises(StoreError):
        store.feeds.claim(999, NOW)


CLAIM_ALL = """
import sys
from store_making import NOW
from pipeline.store import Store
with Store.open(sys.argv[1]) as store:
    run = store.runs.begin("crawl")
    print("ready", flush=True)
    sys.stdin.readline()
    taken = []
    while found := store.feeds.claim(run, NOW, limit=2):
        taken += [feed.id for feed in found]
    read = []
    while found := store.feeds.claim_entries(run, NOW, limit=3):
        read += [one.id for one in found]
    print(*taken, flush=True)
    print(*read or ["none"], flush=True)
    sys.stdin.readline()
"""


def test_processes_never_claim_the_same_twice(store: Store, store_url: str) -> None:
    source, run = claimed(store, "https://entries.test/")
    store.feeds.record(update(source.id, fresh=[entry(f"e{n}") for n in range(40)]), run)
    feeds = {store.feeds.add(f"https://{number}.test/").id for number in range(40)}
    children = [child(CLAIM_ALL, store_url) for _ in range(2)]
    try:
        for one in children:
            assert one.stdout is not None
            assert one.stdout.readline() == "ready\n"
        for one in children:
            assert one.stdin is not None
            one.stdin.write("go\n")
            one.stdin.flush()
        lines = [(one.stdout.readline().split(), one.stdout.readline().split()) for one in children if one.stdout]
    finally:
        for one in children:
            one.communicate("end\n", timeout=30)
    taken = [int(number) for found, _ in lines for number in found]
    read = [int(number) for _, found in lines for number in found if number != "none"]
    assert sorted(taken) == sorted(feeds)
    assert len(read) == len(set(read)) == 40
