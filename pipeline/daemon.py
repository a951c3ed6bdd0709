"""APScheduler as a clock: each tick claims what the store says is due, and crawls it.

The database is the schedule. The scheduler's own job store holds nothing that matters: one interval job in memory, so a
restart neither loses work nor polls anybody early.
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final, TypeGuard

from pipeline.app import Pipeline
from pipeline.errors import LockedError, NewerStoreError, StoreError
from pipeline.model import Crawl

PATIENCE_S: Final = 600.0
"""With a store that cannot be reached or written: a database server's restart or upgrade, a disk that is full."""

WAKE_S: Final = 1.0
"""Between two looks for signals. The kernel may hand one to any thread, and Python's handlers run in the main thread
only, which nobody wakes then (https://docs.python.org/3/library/signal.html#execution-of-python-signal-handlers)."""


STEP_S: Final = 5.0
"""By so much, within WAKE_S, nobody adjusts a clock who does not set it (RFC 5905 slews by .5 ms a second)."""


def run(
    pipeline: Pipeline,
    report: Callable[[Crawl], None],
    trouble: Callable[[StoreError], None] = lambda _: None,
    *,
    stop: threading.Event | None = None,
) -> None:
    """Crawl what is due, every ``daemon.tick_s`` seconds, until SIGTERM, SIGINT or ``stop``.

    ``report`` is called after each crawl that had anything to do, ``trouble`` when the store failed one, which the next
    tick tries again. Ends within 10 s of the signal: nothing new is begun, what is under way is finished or given back.
    Raises LockedError when another daemon works on this store, StoreError when the store has failed every tick for
    PATIENCE_S, and whatever error a crawl could not handle.
    """
    from apscheduler.schedulers.background import BackgroundScheduler

    # A tick skipped because a crawl still runs is the plan, and nothing to warn of.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    pipeline.lock_daemon()
    ended = stop or threading.Event()
    errors: list[BaseException] = []

    def job(work: Callable[[], Crawl]) -> Callable[[], None]:
        failing: list[float] = []  # since when, and every moment after

        def tick() -> None:
            try:
                pipeline.lock_daemon()  # PostgreSQL gives locks away when their connection breaks
                result = work()
            except BaseException as error:
                failing.append(time.monotonic())
                if _may_pass(error) and failing[-1] - failing[0] < PATIENCE_S:
                    trouble(error)
                    return
                errors.append(error)
                ended.set()
                return
            failing.clear()
            if result.feeds or result.new_articles or result.failures:
                report(result)

        return tick

    crawl = job(lambda: pipeline.crawl(stop=ended, announce=False))
    announce = job(lambda: Crawl(failures=tuple(pipeline.webhooks.send(ended))))
    with ended_by_signals(ended):
        scheduler = BackgroundScheduler(timezone=UTC)
        # One tick at a time; ticks missed during a long crawl are one tick (coalesce), however late (no grace limit).
        for tick in (crawl, announce):  # beside each other: what was found is told while a long crawl goes on
            scheduler.add_job(
                tick,
                "interval",
                seconds=pipeline.config.daemon.tick_s,
                max_instances=1,
                coalesce=True,
                misfire_grace_time=None,
                next_run_time=datetime.now(UTC),
            )
        scheduler.start()
        ahead = _ahead()
        try:
            while not ended.wait(WAKE_S):
                before, ahead = ahead, _ahead()
                if abs(ahead - before) > STEP_S:  # the scheduler waits for a moment of the wall clock
                    for tick in scheduler.get_jobs():
                        tick.modify(next_run_time=datetime.now(UTC))
        finally:
            scheduler.shutdown(wait=True)
    if errors:
        raise errors[0]


def _ahead() -> float:
    """Seconds by which the wall clock is ahead of the one that nobody sets."""
    return datetime.now(UTC).timestamp() - time.monotonic()


def _may_pass(error: BaseException) -> TypeGuard[StoreError]:
    return isinstance(error, StoreError) and not isinstance(error, LockedError | NewerStoreError)


@contextmanager
def ended_by_signals(ended: threading.Event) -> Iterator[None]:
    """Let SIGTERM and SIGINT set ``ended`` while the block lasts. Does nothing but in the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    old = {name: signal.signal(name, lambda *_: ended.set()) for name in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for name, handler in old.items():
            signal.signal(name, handler)
