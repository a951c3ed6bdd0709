"""Properties of every wait: within its limits, whatever feed and server ask for."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from feeds_making import FEED, NOW, SETTINGS, failure, new, response, wait
from hypothesis import given
from hypothesis import strategies as st

from pipeline.config import ScheduleSettings
from pipeline.feeds import after_failure, after_not_modified, after_success
from pipeline.feeds.decide import RETRY_AFTER_LIMIT_S
from pipeline.model import Feed, Reason, Retry

SECONDS = st.none() | st.floats(-1e15, 1e15)
FEEDS = st.builds(
    lambda interval, failures: replace(FEED, interval_s=interval, failures=failures),
    st.none() | st.floats(0, 1e9),
    st.integers(0, 10_000),
)
SCHEDULES = st.builds(
    lambda ends, first: ScheduleSettings(min_interval_s=min(ends), max_interval_s=max(ends), first_interval_s=first),
    st.tuples(st.floats(1, 1e6), st.floats(1, 1e6)),
    st.floats(1, 1e6),
)
HOURS, DAYS = st.frozensets(st.integers(0, 23)), st.frozensets(st.integers(0, 6))


@given(FEEDS, SCHEDULES, st.floats(0, 1), SECONDS, SECONDS, HOURS, DAYS, st.integers(0, 5))
def test_after_a_success_the_wait_is_within_the_limits(
    feed: Feed,
    settings: ScheduleSettings,
    jitter: float,
    ttl: float | None,
    max_age: float | None,
    hours: frozenset[int],
    days: frozenset[int],
    fresh: int,
) -> None:
    read, selection = new(fresh, of=5)
    read = replace(read, ttl_s=ttl, skip_hours=hours, skip_days=days)
    answer = response(cache_max_age_s=max_age)
    update = after_success(feed, answer, read, selection, settings, NOW, jitter)
    _within(update.next_fetch_at, settings)
    assert update == after_success(feed, answer, read, selection, settings, NOW, jitter)
    _within(after_not_modified(feed, answer, settings, NOW, jitter).next_fetch_at, settings)


@given(FEEDS, SCHEDULES, st.floats(0, 1), SECONDS, st.sampled_from(Reason), st.sampled_from(Retry))
def test_after_a_failure_the_wait_is_within_the_limits(
    feed: Feed, settings: ScheduleSettings, jitter: float, retry_after: float | None, reason: Reason, retry: Retry
) -> None:
    error = failure(reason, retry, retry_after)
    update = after_failure(feed, error, settings, NOW, jitter)
    _within(update.next_fetch_at, settings, RETRY_AFTER_LIMIT_S if retry_after is not None else 0.0)
    assert update == after_failure(feed, error, settings, NOW, jitter)


@given(st.floats(0, 1), st.floats(0, 1))
def test_jitter_only_ever_waits_longer_and_by_a_tenth_at_most(one: float, other: float) -> None:
    waits = [
        wait(after_success(FEED, response(), *new(0, of=5), SETTINGS, NOW, jitter).next_fetch_at)
        for jitter in sorted((0.0, one, other, 1.0))
    ]
    assert waits == sorted(waits)
    assert waits[-1] == pytest.approx(1.1 * waits[0])


def _within(moment: datetime, settings: ScheduleSettings, ceiling: float = 0.0) -> None:
    longest = max(settings.min_interval_s, settings.max_interval_s, ceiling)
    assert settings.min_interval_s - 1e-3 <= wait(moment) <= longest + 1e-3
