"""What a hostile feed or page puts into any field is stored, or replaced, and never an error."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from store_making import NOW, alone, article, copy, entry, match, save, update

from pipeline.config import FeedSettings
from pipeline.model import Article, Copy, Credit, Entry, Kind, Link, Placement, StoryFilter, StoryPlan
from pipeline.store import Store

A, B = "https://a.test/1", "https://b.test/1"
BAD = "x\x00y\ud800z\udfff"
CLEAN = "x\ufffdy\ufffdz\ufffd"
HUGE = "https://a.test/" + "y" * 5_000_000


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    with Store.open(store_url) as opened:
        yield opened


TEXTS = [
    "title",
    "text",
    "language",
    "method",
    "site",
    "site_name",
    "declared_url",
    "source_url",
    "source_title",
    "section",
    "licence",
    "image",
    "url",
]


@pytest.mark.parametrize("field", TEXTS)
def test_nul_and_surrogates_in_a_field_of_an_article(store: Store, field: str) -> None:
    bad = replace(article(A), **{field: BAD})
    assert save(store, bad).status == "new"
    assert save(store, bad, (), Placement((StoryPlan(1, A, (copy(A),)),), ())).status == "unchanged"
    [row] = store.stories.export()
    assert getattr(row.article, field) == CLEAN


def test_nul_and_surrogates_in_lists_and_in_the_identity(store: Store) -> None:
    url = f"https://a.test/{BAD}"
    bad = article(url, byline=(BAD,), based_on=(BAD,), links=(Link(BAD, BAD),), feeds=(BAD,))
    credit = Credit(BAD, BAD, "byline", BAD)
    placement = Placement((StoryPlan(None, url, (replace(copy(url), credit=credit, evidence=(BAD,)),)),), ())
    first = save(store, bad, (), placement)
    again = replace(placement, stories=(replace(placement.stories[0], story=1),))
    assert save(store, bad, (), again).article_id == first.article_id
    [row] = store.stories.export()
    assert row.article.canonical_url == f"https://a.test/{CLEAN}"
    assert (row.article.byline, row.article.based_on, row.article.links) == ((CLEAN,), (CLEAN,), (Link(CLEAN, CLEAN),))
    assert row.credit == Credit(CLEAN, CLEAN, "byline", CLEAN)
    assert row.evidence == (CLEAN,)
    assert store.stories.list(StoryFilter(author=BAD)) == store.stories.list(StoryFilter())
    assert store.articles.by_address(url) == first.article_id


@pytest.mark.parametrize("field", [one.name for one in fields(Entry) if one.name not in ("published_at", "updated_at")])
def test_nul_and_surrogates_in_a_field_of_an_entry(store: Store, field: str) -> None:
    feed, run = store.feeds.add("https://a.test/feed"), store.runs.begin("crawl")
    store.feeds.claim(run, NOW)
    bad = (BAD,) if field == "authors" else BAD
    assert store.feeds.record(update(feed.id, fresh=[replace(entry("k"), **{field: bad})]), run)
    [pending] = store.feeds.claim_entries(run, NOW)
    assert getattr(pending.entry, field) == ((CLEAN,) if field == "authors" else CLEAN)


def test_nul_and_surrogates_about_feeds(store: Store) -> None:
    store.feeds.sync([FeedSettings(url=f"https://a.test/{BAD}", name=BAD, folder=BAD)])
    feed = store.feeds.find(f"https://a.test/{BAD}")
    assert (feed.name, feed.folder, feed.url) == (CLEAN, CLEAN, f"https://a.test/{CLEAN}")
    assert store.feeds.find(BAD) == feed
    run = store.runs.begin(BAD)
    store.feeds.claim(run, NOW)
    assert store.feeds.record(update(feed.id, outcome=BAD, error=BAD, title=BAD, site_url=BAD, fresh=[entry("k")]), run)
    assert store.feeds.find(BAD).last_error == CLEAN
    store.feeds.fail_entry(store.feeds.claim_entries(run, NOW)[0].id, BAD, None)
    store.runs.finish(run, BAD)


def test_fields_of_five_megabytes(store: Store) -> None:
    huge = "y" * 5_000_000
    found: Article = article(HUGE, huge, title=huge, site=huge, byline=(huge,), feeds=(huge,), language=huge)
    saved = save(store, found)
    save(store, article(B), (), alone(B, replace(match(HUGE, B), passage=huge, reason=huge)))
    assert store.articles.by_address(HUGE) == saved.article_id
    [row] = [one for one in store.stories.export() if one.article.canonical_url == HUGE]
    assert (row.article.title, row.article.text, row.article.url) == (huge, huge, HUGE)
    # Both are indexed; no host name is longer, nor any tag of a language.
    assert (row.article.site, row.article.language) == ("y" * 255, "y" * 35)

    feed, run = store.feeds.add(HUGE, huge, huge), store.runs.begin("crawl")
    assert store.feeds.find(huge) == feed
    store.feeds.claim(run, NOW)
    item = entry("k", guid=huge, url="https://a.test/z" + huge, title=huge, content_html=huge)
    assert store.feeds.record(update(feed.id, fresh=[item], title=huge, validators=(b"e" * 5_000_000, None, None)), run)
    assert store.feeds.claim_entries(run, NOW)[0].entry == item
    assert len(store.stories.list(StoryFilter(site=huge, author=huge))) == 0


def test_times_of_any_zone_and_year(store: Store) -> None:
    first, last = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
    far_east = datetime(2026, 3, 4, 20, 0, tzinfo=timezone(timedelta(hours=8)))
    for number, moment in enumerate((first, last, far_east)):
        save(store, article(f"https://a.test/{number}", published_at=moment))
    assert [row.article.published_at for row in store.stories.export()] == [first, last, NOW]
    beyond = (first.replace(tzinfo=timezone(timedelta(hours=2))), last.replace(tzinfo=timezone(timedelta(hours=-2))))
    for number, moment in enumerate(beyond, 3):
        save(store, article(f"https://a.test/{number}", published_at=moment))
    assert [row.article.published_at for row in store.stories.export()][3:] == [first, last]


def test_a_time_without_a_zone_is_refused_on_the_way_in(store: Store) -> None:
    naive = datetime(2026, 3, 4)  # noqa: DTZ001  # that is the point
    with pytest.raises(ValueError, match="without a zone"):
        save(store, article(A, published_at=naive))
    assert store.stories.counts()["articles"] == 0


def test_a_hostile_placement_cannot_reach_other_tables(store: Store) -> None:
    evil = "'; DELETE FROM article; --"
    save(store, article(A))
    joined = Copy(B, Kind.REPUBLICATION, evil, Credit(evil, evil, evil), 0.5, (evil,))
    save(store, article(B, evil, title=evil), (), Placement((StoryPlan(1, A, (copy(A), joined)),), ()))
    assert store.stories.get(1).members[1].credit == Credit(evil, evil, evil)
    assert store.stories.get(1).members[1].copied_from is None
    assert [row.url for row in store.stories.list(StoryFilter(author=evil))] == [A]
    assert store.stories.list(StoryFilter(site=evil)) == []
    assert [row.url for row in store.stories.search(evil)] == [A]
