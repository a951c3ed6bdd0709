"""What is to be announced, and searches that are kept: the same on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from store_making import alone, article, made, plan

from pipeline.errors import UnknownName, UsageError
from pipeline.model import Placement
from pipeline.store import Store
from pipeline.store.webhooks import GIVE_UP, announce

A, B = "https://a.test/1", "https://b.test/1"
ONE, TWO = "https://one.test/hook", "https://two.test/hook?key=1"


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    with Store.open(store_url) as opened:
        yield opened


def told(store: Store, event: str, url: str = A) -> None:
    with store.articles.placing() as placing:
        saved = placing.save(article(url), made(), alone(url))
    with store._database.write() as connection:
        announce(connection, event, saved.story, saved.article_id)


def waiting(store: Store) -> dict[str, int]:
    return {one.url: one.waiting for one in store.webhooks.all()}


def test_messages_wait_for_those_who_asked_and_are_sent_in_order(store: Store) -> None:
    now = datetime.now(UTC)
    told(store, "story.new")  # nobody listens: nothing is kept
    store.webhooks.sync([(ONE, ("story.new", "copy.joined")), (TWO, ("copy.joined",))])
    store.webhooks.sync([(ONE, ("story.new", "copy.joined")), (TWO, ("copy.joined",))])
    told(store, "story.new", B)
    told(store, "copy.joined", "https://c.test/1")
    assert waiting(store) == {ONE: 2, TWO: 1}
    due = dict(reversed(one) for one in store.webhooks.due(now + timedelta(seconds=1)))
    first = store.webhooks.next(due[ONE], now)
    assert first is not None and first.event == "story.new"
    later = now + timedelta(hours=1)
    store.webhooks.refused(due[ONE], first.id, "no", later)
    second = store.webhooks.next(due[ONE], now)
    assert second is not None and second.event == "copy.joined"
    store.webhooks.delivered(due[ONE], second.id, now)
    assert store.webhooks.next(due[ONE], now) is None
    again = store.webhooks.next(due[ONE], later)
    assert again is not None and (again.id, again.attempts) == (first.id, 1)

    store.webhooks.unreachable(due[TWO], "down", now, later)
    assert store.webhooks.due(now) == []
    assert {url for _, url in store.webhooks.due(later)} == {ONE, TWO}
    store.webhooks.gone(due[TWO], "410", now)
    told(store, "copy.joined", "https://d.test/1")
    assert waiting(store) == {ONE: 2, TWO: 0}
    by_url = {one.url: one for one in store.webhooks.all()}
    assert (by_url[TWO].failures, by_url[TWO].gone_at is not None, by_url[ONE].sent) == (1, True, 1)

    assert store.webhooks.due(now + GIVE_UP + timedelta(minutes=1)) == []
    assert [(one.url, one.lost) for one in store.webhooks.all()] == [(ONE, 2), (TWO, 0)]


def test_an_endpoint_that_leaves_and_returns_finds_what_waited(store: Store) -> None:
    store.webhooks.sync([(ONE, ("story.new",))])
    told(store, "story.new")
    store.webhooks.sync([])
    told(store, "story.new", B)
    now = datetime.now(UTC) + timedelta(seconds=1)
    assert (store.webhooks.all(), store.webhooks.due(now), store.webhooks.find(ONE)) == ([], [], None)
    store.webhooks.sync([(ONE, ("story.new",))])
    assert waiting(store) == {ONE: 1}
    assert [url for _, url in store.webhooks.due(now)] == [ONE]


def test_an_article_and_its_announcement_are_stored_together_or_not_at_all(store: Store) -> None:
    store.webhooks.sync([(ONE, ("story.new",))])
    with pytest.raises(RuntimeError), store.articles.placing() as placing:
        saved = placing.save(article(A), made(), Placement((plan(None, A),), ()))
        announce(placing._connection, "story.new", saved.story, saved.article_id)
        raise RuntimeError
    assert waiting(store) == {ONE: 0}


def test_saved_searches_are_an_accounts_own(store: Store) -> None:
    ann, bob = store.accounts.add("ann", "x"), store.accounts.add("bob", "x")
    wire = store.searches.save(ann.id, " Wire  news ", "copies=3")
    assert (wire.name, store.searches.get(ann.id, wire.id)) == ("Wire news", wire)
    assert store.searches.save(ann.id, "WIRE NEWS", "copies=4").id == wire.id
    store.searches.save(bob.id, "wire news", "q=x")
    assert [(one.name, one.query) for one in store.searches.all(ann.id)] == [("WIRE NEWS", "copies=4")]
    for wrong in (lambda: store.searches.get(bob.id, wire.id), lambda: store.searches.remove(bob.id, wire.id)):
        with pytest.raises(UnknownName):
            wrong()
    for name in ("", " ", "x" * 101):
        with pytest.raises(UsageError):
            store.searches.save(ann.id, name, "")
    store.accounts.remove("ann")
    assert len(store.searches.all(bob.id)) == 1
