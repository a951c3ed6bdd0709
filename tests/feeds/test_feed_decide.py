"""Which entries are read, and when a feed is fetched again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from feeds_making import DAY, FEED, HOUR, NOW, SETTINGS, entry, failure, moved, new, parsed, response, wait
from hypothesis import given
from hypothesis import strategies as st

from pipeline.config import ScheduleSettings
from pipeline.feeds import after_failure, after_not_modified, after_success, body_hash, select
from pipeline.feeds.decide import MOST_A_DAY, after_hold, capped
from pipeline.model import Known, NotModified, ReadError, Reason, Retry, Selection

# --- select -------------------------------------------------------------------------------------------------------


def test_select() -> None:
    feed = parsed(entry("new"), entry("edited", "c2"), entry("old"))
    selection = select(feed, Known({"edited": "c1", "old": "c", "elsewhere": "c"}))
    assert [e.key for e in selection.fresh] == ["new"]
    assert [e.key for e in selection.changed] == ["edited"]
    assert selection.sighted == ("old",)


@given(
    st.dictionaries(st.text(max_size=3), st.sampled_from("ab")),
    st.dictionaries(st.text(max_size=3), st.sampled_from("ab")),
)
def test_each_entry_is_selected_exactly_once(published: dict[str, str], held: dict[str, str]) -> None:
    feed = parsed(*(entry(key, content) for key, content in published.items()))
    selection = select(feed, Known(held))
    keys = [e.key for e in selection.fresh] + [e.key for e in selection.changed] + list(selection.sighted)
    assert sorted(keys) == sorted(published)
    again = select(feed, Known(held | published))
    assert (again.fresh, again.changed) == ((), ())


# --- after a success ----------------------------------------------------------------------------------------------


def test_success_records_all_that_it_learnt() -> None:
    feed, selection = new(1, of=10)
    update = after_success(replace(FEED, failures=3), response(), feed, selection, SETTINGS, NOW, 0.0)
    assert update.feed_id == 7
    assert (update.outcome, update.error, update.failures) == ("ok", None, 0)
    assert update.selection == selection
    assert update.validators == (b'"e2"', b"yesterday", body_hash(b"new"))
    assert (update.title, update.site_url, update.enabled) == ("Title", "https://example.org/", True)
    assert update.fetched_at == NOW


@pytest.mark.parametrize(
    ("count", "of", "factor"), [(0, 10, 1.5), (0, 0, 1.5), (1, 20, 0.85), (2, 10, 0.6), (6, 10, 0.3), (10, 10, 0.3)]
)
def test_the_interval_follows_the_share_of_new_entries(count: int, of: int, factor: float) -> None:
    update = after_success(FEED, response(), *new(count, of), SETTINGS, NOW, 0.0)
    assert update.interval_s == pytest.approx(HOUR * factor)
    assert wait(update.next_fetch_at) == pytest.approx(HOUR * factor)


def test_the_first_fetch_teaches_nothing() -> None:
    first = replace(FEED, last_fetched_at=None, interval_s=None)
    assert after_success(first, response(), *new(10, of=10), SETTINGS, NOW, 0.0).interval_s == HOUR


def test_a_quiet_feed_reaches_the_longest_interval_and_comes_back_quickly() -> None:
    feed, quiet, busy = replace(FEED, interval_s=SETTINGS.min_interval_s), 0, 0
    while feed.interval_s != SETTINGS.max_interval_s:
        update = after_not_modified(feed, NotModified(FEED.url, NOW), SETTINGS, NOW, 0.0)
        feed, quiet = replace(feed, interval_s=update.interval_s), quiet + 1
    while feed.interval_s != SETTINGS.min_interval_s:
        update = after_success(feed, response(), *new(9, of=10), SETTINGS, NOW, 0.0)
        feed, busy = replace(feed, interval_s=update.interval_s), busy + 1
    assert (quiet, busy) == (12, 4)


@pytest.mark.parametrize(
    ("ttl", "max_age", "expected"),
    [
        (None, None, 1.5 * HOUR),
        (2 * HOUR, None, 2 * HOUR),
        (None, 3 * HOUR, 3 * HOUR),
        (60.0, 60.0, 1.5 * HOUR),
        (1e12, None, DAY),
        (None, 1e12, DAY),
        (float("inf"), None, DAY),
        (-5.0, -5.0, 1.5 * HOUR),
    ],
)
def test_what_the_feed_and_the_server_ask_for(ttl: float | None, max_age: float | None, expected: float) -> None:
    feed, selection = new(0, of=5)
    update = after_success(
        FEED, response(cache_max_age_s=max_age), replace(feed, ttl_s=ttl), selection, SETTINGS, NOW, 0.0
    )
    assert wait(update.next_fetch_at) == expected


def test_a_304_respects_the_ttl_that_only_the_feed_told() -> None:
    feed, selection = new(5, of=5)
    update = after_success(FEED, response(), replace(feed, ttl_s=6 * HOUR), selection, SETTINGS, NOW, 0.0)
    stored = replace(FEED, interval_s=update.interval_s, ttl_s=update.ttl_s)
    later = after_not_modified(stored, NotModified(FEED.url, NOW), SETTINGS, NOW, 0.0)
    assert wait(later.next_fetch_at) == 6 * HOUR
    assert later.interval_s == 0.3 * HOUR * 1.5  # what the feed asks for teaches nothing about how often it changes
    assert later.ttl_s == 6 * HOUR


@pytest.mark.parametrize(
    ("hours", "days", "expected"),
    [
        ({13, 14}, set(), datetime(2026, 11, 22, 15, tzinfo=UTC)),
        ({14}, set(), NOW + timedelta(hours=1.5)),
        (set(), {6}, datetime(2026, 11, 23, 0, tzinfo=UTC)),
        ({0, 1, 13}, {6}, datetime(2026, 11, 23, 2, tzinfo=UTC)),
        (set(range(24)), set(), NOW + timedelta(days=1)),
        (set(), set(range(7)), NOW + timedelta(days=1)),
        (set(), {6, 0}, NOW + timedelta(days=1)),
    ],
)
def test_hours_and_days_to_skip(hours: set[int], days: set[int], expected: datetime) -> None:
    feed, selection = new(0, of=5)
    skipping = replace(feed, skip_hours=frozenset(hours), skip_days=frozenset(days))
    assert after_success(FEED, response(), skipping, selection, SETTINGS, NOW, 0.0).next_fetch_at == expected


def test_the_same_body_again_is_not_modified() -> None:
    seen = replace(FEED, body_hash=body_hash(b"same"), etag=b'"e1"')
    update = after_success(seen, response(b"same"), *new(5, of=5), SETTINGS, NOW, 0.0)
    assert update.outcome == "not modified"
    assert update.selection == Selection((), (), ())
    assert update.validators == (b'"e2"', b"yesterday", seen.body_hash)
    assert update.interval_s == 1.5 * HOUR


# --- after a 304 --------------------------------------------------------------------------------------------------


def test_a_304_keeps_the_validators_that_it_does_not_renew() -> None:
    known = replace(FEED, etag=b'"e1"', last_modified=b"monday", body_hash=b"h", failures=2)
    plain = after_not_modified(known, NotModified(FEED.url, NOW), SETTINGS, NOW, 0.0)
    assert (plain.outcome, plain.failures, plain.validators) == ("not modified", 0, (b'"e1"', b"monday", b"h"))
    renewed = after_not_modified(known, NotModified(FEED.url, NOW, etag=b'"e9"'), SETTINGS, NOW, 0.0)
    assert renewed.validators == (b'"e9"', b"monday", b"h")


# --- after a failure ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("retry", "waits"),
    [
        (Retry.SOON, [900, 1800, 3600, 7200, 14400, 28800, 57600, 86400, 86400]),
        (Retry.LATER, [3600, 7200, 14400, 28800, 57600, 86400, 86400]),
        (Retry.NEVER, [86400, 86400]),
    ],
)
def test_failures_back_off_by_their_kind(retry: Retry, waits: list[float]) -> None:
    feed = FEED
    for expected in waits:
        update = after_failure(feed, failure(Reason.TIMEOUT, retry), SETTINGS, NOW, 0.0)
        assert wait(update.next_fetch_at) == expected
        assert (update.outcome, update.error, update.interval_s) == ("timeout", "it failed", HOUR)
        assert (update.validators, update.enabled, update.selection) == (None, True, Selection((), (), ()))
        feed = replace(feed, failures=update.failures)
    assert feed.failures == len(waits)


@pytest.mark.parametrize(("asked", "expected"), [(60.0, 900.0), (7_200.0, 7_200.0), (1e12, DAY), (-5.0, 900.0)])
def test_retry_after_is_respected_up_to_a_day(asked: float, expected: float) -> None:
    update = after_failure(FEED, failure(Reason.TOO_MANY, Retry.SOON, asked), SETTINGS, NOW, 0.0)
    assert wait(update.next_fetch_at) == expected


def test_retry_after_may_exceed_the_longest_interval_only() -> None:
    short = ScheduleSettings(max_interval_s=3_600)
    update = after_failure(FEED, failure(Reason.TOO_MANY, Retry.SOON, 7_200.0), short, NOW, 1.0)
    assert wait(update.next_fetch_at) == 7_200


def test_gone_ends_the_subscription_with_a_note() -> None:
    update = after_failure(FEED, failure(Reason.GONE, Retry.NEVER), SETTINGS, NOW, 0.0)
    assert not update.enabled
    assert "disabled" in (update.error or "")


def test_an_address_that_is_never_allowed_stays_enabled() -> None:
    assert after_failure(FEED, failure(Reason.REFUSED_ADDRESS, Retry.NEVER), SETTINGS, NOW, 0.0).enabled


def test_after_an_unreadable_body_the_validators_stay_those_of_the_last_one_that_was_read() -> None:
    known = replace(FEED, etag=b'"e1"', last_modified=b"monday", body_hash=b"h")
    update = after_failure(known, ReadError(FEED.url, "an HTML page", Retry.LATER), SETTINGS, NOW, 0.0)
    assert update.validators is None  # keeps them
    assert (update.outcome, update.error, update.failures) == ("unreadable", "an HTML page", 1)


def test_since_when_a_feed_fails() -> None:
    first = after_failure(FEED, failure(Reason.DNS, Retry.SOON), SETTINGS, NOW, 0.0)
    assert first.failing_since == NOW
    again = replace(FEED, failures=1, failing_since=NOW - timedelta(days=30))
    assert (
        after_failure(again, failure(Reason.DNS, Retry.SOON), SETTINGS, NOW, 0.0).failing_since == again.failing_since
    )
    assert after_not_modified(again, NotModified(FEED.url, NOW), SETTINGS, NOW, 0.0).failing_since is None


def test_hours_to_skip_hold_after_a_304_and_after_a_failure_too() -> None:
    quiet = replace(FEED, skip_hours=frozenset({12, 13, 14}))
    assert after_not_modified(quiet, NotModified(FEED.url, NOW), SETTINGS, NOW, 0.0).next_fetch_at.hour == 15
    assert after_failure(quiet, failure(Reason.DNS, Retry.SOON), SETTINGS, NOW, 0.0).next_fetch_at.hour == 15
    assert after_not_modified(quiet, NotModified(FEED.url, NOW), SETTINGS, NOW, 0.0).skip_hours == quiet.skip_hours


# --- other things -------------------------------------------------------------------------------------------------


def test_a_held_host_costs_the_feed_nothing_but_time() -> None:
    before = replace(moved(), failures=2, last_error="x", failing_since=NOW, ttl_s=7.0, skip_days=frozenset({1}))
    update = after_hold(before, failure(Reason.HELD, Retry.SOON, 120.0), NOW, 0.0)
    assert wait(update.next_fetch_at) == 120
    kept = ("failures", "interval_s", "ttl_s", "skip_days", "moved_to", "moves", "moved_since", "failing_since")
    assert all(getattr(update, name) == getattr(before, name) for name in kept)
    assert (update.error, update.validators, update.fetched_at) == ("x", None, before.last_fetched_at)


def test_new_guids_over_old_texts_are_no_news() -> None:
    feed = parsed(
        replace(entry("guid-2", "same"), url="https://example.org/1"), replace(entry("b"), url="https://example.org/2")
    )
    selection = select(feed, Known({}, {"same": "guid-1"}))
    assert [e.key for e in selection.fresh] == ["b"]
    assert selection.sighted == ("guid-1",)


def test_new_guids_and_new_texts_at_old_links_are_changes_of_what_is_stored() -> None:
    at = "https://example.org/{}"
    feed = parsed(*(replace(entry(f"new-{n}", f"text {n}"), url=at.format(n)) for n in (1, 2, 2, 3)))
    known = Known(
        {"old-1": "before", "old-2": "before", "old-3": "text 3"}, {}, {at.format(n): f"old-{n}" for n in (1, 2, 3)}
    )
    selection = select(feed, known)
    assert [(e.key, e.content_hash) for e in selection.changed] == [("old-1", "text 1")]
    assert selection.sighted == ("old-3",)
    assert [e.key for e in selection.fresh] == ["new-2"], "a link that several entries share says nothing"


def test_a_generator_without_end_is_cut_off_for_the_day() -> None:
    selection = Selection(tuple(entry(str(n)) for n in range(5)), (entry("changed"),), ("seen",))
    assert capped(selection, 0) == capped(selection, MOST_A_DAY - 5) == selection
    assert [e.key for e in capped(selection, MOST_A_DAY - 2).fresh] == ["0", "1"]
    assert capped(selection, MOST_A_DAY * 2) == replace(selection, fresh=())


def test_where_a_hub_delivers_polling_is_rare_until_it_misses_something() -> None:
    pushed = replace(FEED, pushed_until=NOW + timedelta(days=1))
    longest = timedelta(seconds=SETTINGS.max_interval_s)
    assert after_not_modified(pushed, NotModified(FEED.url, NOW), SETTINGS, NOW, 0.0).next_fetch_at - NOW == longest
    assert after_success(pushed, response(), *new(0, of=4), SETTINGS, NOW, 0.0).next_fetch_at - NOW == longest
    assert after_success(pushed, response(), *new(1, of=4), SETTINGS, NOW, 0.0).next_fetch_at - NOW < longest / 2
    ended = replace(FEED, pushed_until=NOW)
    assert after_not_modified(ended, NotModified(FEED.url, NOW), SETTINGS, NOW, 0.0).next_fetch_at - NOW < longest / 2


def test_another_feed_at_the_same_address_is_remarked() -> None:
    feed, selection = new(5, of=5)
    before = replace(FEED, title="Post", site_url="https://post.example/")
    other = replace(feed, title="Casino", site_url="https://casino.example/")
    assert "same feed" in (after_success(before, response(), other, selection, SETTINGS, NOW, 0.0).error or "")
    for same in (replace(other, title="Post"), replace(other, site_url="https://www.post.example/x")):
        assert after_success(before, response(), same, selection, SETTINGS, NOW, 0.0).error is None


def test_a_feed_that_was_disabled_stays_disabled() -> None:
    off = replace(FEED, enabled=False)
    assert not after_success(off, response(), *new(0, of=1), SETTINGS, NOW, 0.0).enabled
    assert not after_not_modified(off, NotModified(FEED.url, NOW), SETTINGS, NOW, 0.0).enabled
