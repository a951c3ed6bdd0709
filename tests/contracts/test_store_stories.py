"""Stories: lists, filters, one whole, export."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from store_making import HOUR, NOW, alone, article, copy, made, plan, save

from pipeline.errors import UnknownName
from pipeline.model import Copy, Credit, Kind, Placement, StoryFilter, StoryPlan
from pipeline.store import Store

A, B, C, D = (f"https://{name}.test/1" for name in "abcd")


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    with Store.open(store_url) as opened:
        yield opened


def urls(store: Store, **wanted: object) -> list[str]:
    return [row.url for row in store.stories.list(StoryFilter(**wanted))]  # type: ignore[arg-type]  # by keyword


def test_newest_first_by_publication_else_first_sight(store: Store) -> None:
    save(store, article(A, published_at=NOW - 3 * HOUR))
    save(store, article(B, published_at=None, first_seen_at=NOW - HOUR))
    save(store, article(C, published_at=NOW - 2 * HOUR))
    assert urls(store) == [B, C, A]
    assert urls(store, limit=2) == [B, C]
    assert urls(store, limit=0) == urls(store, limit=-1) == []
    assert urls(store, limit=10**12) == [B, C, A]


def test_a_date_in_the_future_pins_nothing_to_the_top(store: Store) -> None:
    save(store, article(A, published_at=NOW + 10_000 * HOUR, first_seen_at=NOW - HOUR))
    save(store, article(B, published_at=NOW, first_seen_at=NOW))
    assert urls(store) == [B, A]


def test_ties_are_broken_by_id(store: Store) -> None:
    for url in (B, A, C):
        save(store, article(url))
    assert urls(store) == [C, A, B]


def test_filters(store: Store) -> None:
    save(store, article(A, published_at=NOW - 3 * HOUR, byline=("Åsa Öberg",)))
    credit = Credit("Čapek, Karel", "The Daily", "credit line", None, 0.8)
    joined = StoryPlan(1, A, (copy(A), Copy(B, Kind.REPUBLICATION, A, credit, 0.9, ())))
    save(store, article(B, byline=("100%_sure",), first_seen_at=NOW), (), Placement((joined,), ()))
    save(store, article(C, published_at=NOW - HOUR, site="c.test"))
    assert urls(store, copies=2) == [A]
    assert urls(store, copies=3) == urls(store, copies=10**30) == []
    assert urls(store, since=NOW - HOUR) == [C]
    assert urls(store, until=NOW - 3 * HOUR) == [A]
    assert urls(store, since=NOW - 3 * HOUR, until=NOW - HOUR) == [C, A]
    assert urls(store, site="b.test") == urls(store, site="www.B.test") == [A]  # any copy
    assert urls(store, site="http://www.B.test:8080/x?y") == urls(store, site=" b.test/ ") == [A]
    assert urls(store, site="b.tes") == urls(store, site="http://") == urls(store, site="no host\0") == []
    for author in ("öberg", "ÅSA", "čapek", "Daily", "100%_SURE", "0%_s"):
        assert urls(store, author=author) == [A], author
    assert urls(store, author="a%e") == urls(store, author="nobody") == []
    assert urls(store, author="ann", site="c.test", copies=1, since=NOW - HOUR) == [C]
    with pytest.raises(ValueError, match="without a zone"):
        urls(store, since=datetime(2026, 1, 1))  # noqa: DTZ001  # that is the point


def test_one_story_whole_original_first_then_by_time(store: Store) -> None:
    save(store, article(A, published_at=NOW))
    save(store, article(B, published_at=NOW - HOUR), (), Placement((plan(1, A, B),), ()))
    save(store, article(C, published_at=None, first_seen_at=NOW - 2 * HOUR), (), Placement((plan(1, A, B, C),), ()))
    view = store.stories.get(1)
    assert [one.article.url for one in view.members] == [A, C, B]
    assert view.row == store.stories.list(StoryFilter())[0]
    assert view.members[1].kind is Kind.REPUBLICATION
    assert {one.article.url: one for one in store.stories.export()}[C] == view.members[1]


def test_the_credit_is_the_originals_else_the_surest(store: Store) -> None:
    weak, strong = (Credit("X", None, "byline", None, how_sure) for how_sure in (0.4, 0.9))
    save(store, article(A))
    for url in (B, C):
        save(store, article(url))
    copies = (copy(A), copy(B, Kind.REPUBLICATION, A, weak), copy(C, Kind.REPUBLICATION, A, strong))
    save(store, article(C), (), Placement((StoryPlan(1, A, copies),), (), {2: 1, 3: 1}))
    assert store.stories.get(1).credit == strong
    copies = (copy(A, credit=weak), *copies[1:])
    save(store, article(C), (), Placement((StoryPlan(1, A, copies),), ()))
    assert store.stories.get(1).credit == weak


@pytest.mark.parametrize("unknown", [0, -1, 7, 2**31, 2**63, 10**30])
def test_an_unknown_story(store: Store, unknown: int) -> None:
    with pytest.raises(UnknownName, match=str(unknown)):
        store.stories.get(unknown)


def test_of_article(store: Store) -> None:
    saved = save(store, article(A))
    assert store.stories.of_article(saved.article_id) == saved.story
    assert store.stories.of_article(saved.article_id + 1) is None


def test_export_is_one_snapshot_in_order_while_others_write(store: Store) -> None:
    with store.articles.placing() as placing:
        for number in range(120):
            one = article(f"https://a.test/{number}")
            placing.save(one, made(), alone(one.canonical_url))
    rows = store.stories.export()
    first = next(rows)
    save(store, article(B))
    rest = list(rows)
    assert [row.article.url for row in (first, *rest)] == [f"https://a.test/{number}" for number in range(120)]
    assert store.stories.counts()["articles"] == 121


def test_counts(store: Store) -> None:
    save(store, article(A))
    save(store, article(B), (), Placement((plan(1, A, B),), ()))
    assert store.stories.counts() == {
        "feeds": 0,
        "entries": 0,
        "pending": 0,
        "failed": 0,
        "articles": 2,
        "stories": 1,
        "copies": 1,
    }
