"""Subscriptions at hubs and what they deliver, on both databases; from end to end: tests/flow/test_websub.py."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from alembic import command
from sqlalchemy import text
from store_making import HOUR, NOW, entry, update

from pipeline.model import Hub
from pipeline.store import Store, migrate
from pipeline.store.engine import Database
from pipeline.store.pushes import LEAVE_ATTEMPTS, MOST_WAITING, MOST_WAITING_BYTES

CALLBACK = "https://ours.test/websub"
HUB = Hub("https://hub.test/", "https://a.test/topic")
SOON = timedelta(seconds=1)


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    with Store.open(store_url) as opened:
        opened.feeds.add("https://a.test/feed")
        yield opened


def offered(store: Store, *hubs: Hub) -> int:
    run = store.runs.begin("crawl")
    [feed] = store.feeds.claim(run, NOW, force=True)
    assert store.feeds.record(replace(update(feed.id), hubs=hubs), run)
    store.runs.finish(run)
    return feed.id


def test_an_offer_is_asked_for_once_and_agreed(store: Store) -> None:
    offered(store, HUB, replace(HUB, url="https://second.test/"))
    offered(store, HUB)
    [push] = store.pushes.due(CALLBACK, NOW, 10)
    assert (push.hub, push.mode) == (HUB, "subscribe")
    assert store.pushes.due(CALLBACK, NOW + HOUR - SOON, 10) == []
    assert store.feeds.all()[0].pushed_until is None
    assert store.pushes.find(push.token) == push
    assert store.pushes.find(push.token[:-1]) is None
    assert store.pushes.verified(push, NOW, 1000.0)
    assert store.feeds.all()[0].pushed_until == NOW + timedelta(seconds=1000)
    assert store.feeds.find("https://a.test/feed").pushed_until == NOW + timedelta(seconds=1000)
    assert store.pushes.due(CALLBACK, NOW + timedelta(seconds=799), 10) == []
    assert store.pushes.due(CALLBACK, NOW + timedelta(seconds=801), 10) == [push]
    store.pushes.denied(push, NOW)
    assert store.feeds.all()[0].pushed_until is None


def test_a_hub_that_is_silent_is_asked_more_and_more_rarely(store: Store) -> None:
    offered(store, HUB)
    moment, asked = NOW, []
    for _ in range(24 * 40):
        if store.pushes.due(CALLBACK, moment, 10):
            asked.append((moment - NOW) // HOUR)
        moment += HOUR
    assert asked[:4] == [0, 1, 5, 21]
    assert all(later - earlier <= 24 * 8 for earlier, later in itertools.pairwise(asked))
    assert len(asked) < 10


def test_feeds_that_leave_or_are_off_are_unsubscribed_and_that_is_given_up(store: Store) -> None:
    feed_id = offered(store, HUB)
    [push] = store.pushes.due(CALLBACK, NOW, 10)
    store.pushes.verified(push, NOW, 1000.0)
    assert store.pushes.deliver(push, None, b"<rss/>", NOW)
    store.feeds.remove("https://a.test/feed")
    assert store.pushes.delivered(feed_id) == []
    moment = NOW + timedelta(days=400)  # the removal is dated by the clock
    for _ in range(LEAVE_ATTEMPTS):
        assert store.pushes.due(CALLBACK, moment, 10) == [replace(push, mode="unsubscribe")]
        moment += timedelta(days=400)
    assert not store.pushes.deliver(push, None, b"<rss/>", NOW)
    assert not store.pushes.verified(push, NOW, 1000.0), "we do not want that any more"
    assert store.pushes.due(CALLBACK, moment, 10) == []
    assert store.pushes.find(push.token) is None


def test_an_offer_that_was_never_asked_for_leaves_nothing(store: Store) -> None:
    offered(store, HUB)
    offered(store, replace(HUB, topic="https://a.test/other"))
    [push] = store.pushes.due(CALLBACK, NOW, 10)
    assert push.hub.topic == "https://a.test/other"
    offered(store)
    assert [one.mode for one in store.pushes.due(CALLBACK, NOW + HOUR, 10)] == ["unsubscribe"]


def test_a_hub_that_was_told_another_address_is_left_there_and_asked_anew(store: Store) -> None:
    offered(store, HUB)
    [old] = store.pushes.due(CALLBACK, NOW, 10)
    store.pushes.verified(old, NOW, 1000.0)
    assert store.pushes.due(CALLBACK, NOW, 10) == []
    moved = "https://ours.test/below/websub"
    left, new = sorted(store.pushes.due(moved, NOW, 10), key=lambda one: one.id)
    assert left == replace(old, mode="unsubscribe")
    assert (new.hub, new.callback, new.mode) == (HUB, moved, "subscribe")
    assert new.token != old.token
    assert store.feeds.all()[0].pushed_until is None, "polled until the hub has agreed"
    assert store.pushes.due(moved, NOW, 10) == []


def test_deliveries_are_read_with_the_record_that_they_lead_to(store: Store) -> None:
    feed_id = offered(store, HUB)
    [push] = store.pushes.due(CALLBACK, NOW, 10)
    run = store.runs.begin("crawl")
    assert store.feeds.claim_delivered(run) == []
    assert all(store.pushes.deliver(push, "text/xml", b"\x00\xff%d" % n, NOW) for n in range(MOST_WAITING))
    assert not store.pushes.deliver(push, "text/xml", b"too much", NOW)
    [feed] = store.feeds.claim_delivered(run)
    assert store.feeds.claim_delivered(run) == store.feeds.claim(run, NOW, force=True) == []
    waiting = store.pushes.delivered(feed_id)
    assert (waiting[0].content_type, waiting[0].body, waiting[0].received_at) == ("text/xml", b"\x00\xff0", NOW)
    change = replace(update(feed.id, (entry("a"),)), deliveries=tuple(one.id for one in waiting[:-1]))
    assert store.feeds.record(change, run)
    assert [one.id for one in store.pushes.delivered(feed_id)] == [waiting[-1].id]
    assert [one.id for one in store.feeds.claim_delivered(run)] == [feed_id]


def test_what_waits_is_bounded_in_bytes(store: Store) -> None:
    offered(store, HUB)
    [push] = store.pushes.due(CALLBACK, NOW, 10)
    quarter = bytes(MOST_WAITING_BYTES // 4)
    assert [store.pushes.deliver(push, None, quarter, NOW) for _ in range(5)] == [True] * 4 + [False]
    assert not store.pushes.deliver(push, None, b"x", NOW)


def test_a_store_of_the_revision_before_keeps_its_data(empty_url: str) -> None:
    """Made by the migrations up to 0004, with a feed and a pending entry; opened, it is of today."""
    database = Database(empty_url)
    feed = {"key": b"k" * 32, "url": "https://a.test/feed", "now": NOW.replace(tzinfo=None) if database.sqlite else NOW}
    with database.write() as connection:
        config = migrate._config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0004")
        connection.execute(
            text(
                "INSERT INTO feed (url_key, url, name, source, enabled, dropped, failures, skip_hours, skip_days,"
                " moves) VALUES (:key, :url, 'Old', 'user', true, false, 3, 0, 0, 0)"
            ),
            feed,
        )
        connection.execute(
            text(
                "INSERT INTO entry (feed_id, key, content_hash, state, attempts, first_seen_at, last_seen_at, url_key,"
                " payload) VALUES (1, 'e', 'c', 'pending', 0, :now, :now, :key, '{\"key\": \"e\"}')"
            ),
            feed,
        )
    database.close()
    with Store.open(empty_url) as store:
        [kept] = store.feeds.all()
        assert (kept.name, kept.failures, kept.pushed_until) == ("Old", 3, None)
        [pending] = store.feeds.claim_entries(store.runs.begin("crawl"), NOW)
        assert (pending.entry.key, pending.first_seen_at) == ("e", NOW)
        offered(store, HUB)
        assert len(store.pushes.due(CALLBACK, NOW, 10)) == 1


def test_an_agreement_made_before_callbacks_were_kept_lasts_until_its_renewal(empty_url: str) -> None:
    database = Database(empty_url)
    moment = NOW.replace(tzinfo=None) if database.sqlite else NOW
    with database.write() as connection:
        config = migrate._config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0010")
        connection.execute(
            text(
                "INSERT INTO push (mode, asked, next_try_at, until, token, secret, hub, topic)"
                " VALUES ('subscribe', 0, :now, :now, 'token', 'secret', 'https://hub.test/', 'https://a.test/')"
            ),
            {"now": moment},
        )
    database.close()
    with Store.open(empty_url) as store:
        assert store.pushes.due(CALLBACK, NOW - HOUR, 10) == []
        [push] = store.pushes.due(CALLBACK, NOW, 10)
        assert (push.token, push.callback) == ("token", CALLBACK)
