"""The system's clock jumps, or is set by its zone's summer time: feeds are polled at their pace, and nothing waits for
a moment that a wrong clock has planned."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import pairwise
from pathlib import Path
from typing import Any

import apscheduler.schedulers.base
import apscheduler.triggers.interval
import pytest

from pipeline import Pipeline, daemon
from pipeline.config import Config, ScheduleSettings
from pipeline.feeds import decide
from pipeline.model import Crawl, Entry, FetchError, NotModified, Reason, Retry
from pipeline.store import Store
from tests.store_making import update

HOUR = timedelta(hours=1)
TICK = timedelta(minutes=20)
HOURLY = ScheduleSettings(min_interval_s=3_600, first_interval_s=3_600, max_interval_s=3_600)
FEED = "https://a.test/feed"


@pytest.fixture
def store(sqlite_template: Path, tmp_path: Path) -> Iterator[Store]:
    shutil.copy(sqlite_template, tmp_path / "onecopy.db")
    with Store.open(f"sqlite:///{tmp_path / 'onecopy.db'}") as opened:
        yield opened


def polls(store: Store, run: int, start: datetime, hours: int) -> list[datetime]:
    """The moments at which a feed without news is fetched, looked at every TICK by a clock that says ``start``."""
    found = []
    for number in range(hours * 3):
        moment = start + number * TICK
        for feed in store.feeds.claim(run, moment, longest=decide.longest_wait(HOURLY)):
            found.append(moment)
            change = decide.after_not_modified(feed, NotModified(FEED, moment, None, None), HOURLY, moment, 0.0)
            assert store.feeds.record(change, run)
    return found


JUMPS = {
    "a year back": -timedelta(days=365),
    "a year ahead": timedelta(days=365),
    "to 2200": datetime(2200, 1, 1, tzinfo=UTC) - datetime(2026, 3, 1, tzinfo=UTC),
    "ten minutes back": -timedelta(minutes=10),
    "three hours ahead": 3 * HOUR,
}


@pytest.mark.parametrize("jump", JUMPS.values(), ids=JUMPS)
def test_a_clock_that_jumps_and_is_put_right(store: Store, jump: timedelta) -> None:
    store.feeds.add(FEED)
    run = store.runs.begin("crawl")
    start = datetime(2026, 3, 1, tzinfo=UTC)
    late = abs(jump) if abs(jump) < 24 * HOUR else 0 * HOUR  # it may be: so far clocks of one store may differ
    for moment in (start, start + 12 * HOUR + jump, start + 24 * HOUR):
        found = polls(store, run, moment, 12)
        assert 11 - late / HOUR <= len(found) <= 13, "once an hour, whatever the clock said before"
        assert found[0] - moment <= HOUR + TICK + late


def test_what_a_clock_in_2200_planned_does_not_wait_for_it(store: Store) -> None:
    """Feeds put off without having been asked, pages to be tried again, requests to hubs, holds of hosts."""
    ahead, today = datetime(2200, 1, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)
    store.feeds.add(FEED)
    run = store.runs.begin("crawl")
    [feed] = store.feeds.claim(run, today)
    page = Entry(key="k", guid="k", url="https://a.test/1", title="t", content_hash="c")
    assert store.feeds.record(update(feed.id, (page,), next_fetch_at=today + HOUR), run)
    [feed] = store.feeds.claim(run, ahead)
    held = FetchError(FEED, Reason.HELD, "held", Retry.SOON, ahead, retry_after_s=60.0)
    assert store.feeds.record(decide.after_hold(feed, held, ahead, 0.0), run)
    [pending] = store.feeds.claim_entries(run, ahead)
    store.feeds.fail_entry(pending.id, "503", ahead + HOUR)
    assert [one.id for one in store.feeds.claim(run, today, longest=decide.longest_wait(HOURLY))] == [feed.id]
    assert [one.id for one in store.feeds.claim_entries(run, today)] == [pending.id]


SUMMER_TIME = {  # places and the days on which their clocks change, 2026
    "Europe/Berlin": (datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)),
    "America/New_York": (datetime(2026, 3, 8, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)),
    "Australia/Lord_Howe": (datetime(2026, 4, 4, tzinfo=UTC), datetime(2026, 10, 3, tzinfo=UTC)),  # half an hour
}


@pytest.mark.parametrize("zone", SUMMER_TIME)
def test_summer_time_skips_and_repeats_nothing(store: Store, zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "TZ", zone)
    time.tzset()
    try:
        store.feeds.add(FEED)
        run = store.runs.begin("crawl")
        for day in SUMMER_TIME[zone]:
            offsets = {(day + hour * HOUR).astimezone().utcoffset() for hour in range(-12, 36)}
            assert len(offsets) == 2, "the clocks of the place change on that day"
            found = polls(store, run, day - 12 * HOUR, 48)
            assert {later - earlier for earlier, later in pairwise(found)} == {HOUR}
            assert len(found) == 48
    finally:
        monkeypatch.undo()
        time.tzset()


def test_the_daemon_goes_on_when_the_clock_is_put_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The scheduler waits for a moment of the wall clock, which an hour ago is an hour away."""
    ahead = [timedelta(0)]

    class Wall(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Wall:
            return cls.fromtimestamp(time.time() + ahead[0].total_seconds(), tz)

    for module in (apscheduler.schedulers.base, apscheduler.triggers.interval, daemon):
        if hasattr(module, "datetime"):
            monkeypatch.setattr(module, "datetime", Wall)
    ticks: list[float] = []

    class Counting(Pipeline):
        def crawl(self, *names: Any, **options: Any) -> Crawl:
            ticks.append(time.monotonic())
            return super().crawl(*names, **options)

    config = Config.model_validate({"store": {"url": f"sqlite:///{tmp_path / 'onecopy.db'}"}, "daemon": {"tick_s": 1}})
    stop = threading.Event()
    with Counting(config) as pipeline:
        running = threading.Thread(target=daemon.run, args=(pipeline, lambda _: None), kwargs={"stop": stop})
        running.start()
        try:
            wait_until(lambda: len(ticks) >= 2)
            ahead[0] = -HOUR
            before = len(ticks)
            wait_until(lambda: len(ticks) >= before + 3)
        finally:
            stop.set()
            running.join()


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.1)
