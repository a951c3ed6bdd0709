"""What one crawl is to do, has at hand, and has done so far."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pipeline.config import Config
from pipeline.fetch import Client
from pipeline.ledger import DatabaseThread
from pipeline.model import Crawl, Failure, Saved
from pipeline.reach import Reach
from pipeline.store import Store
from pipeline.work import ProcessWorkers


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: for a progress bar."""

    feeds: int
    feeds_done: int
    pages: int
    pages_done: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What one run is to do. ``names`` are URLs or names of feeds; ``force`` fetches feeds that are not due, too."""

    run_id: int
    names: Sequence[str] | None = None
    force: bool = False
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    progress: Callable[[Progress], None] = lambda _: None


class Tally:
    """The running totals. Everything that changes them is told to ``progress``."""

    def __init__(self, progress: Callable[[Progress], None]) -> None:
        self._progress = progress
        self._counts: Counter[str] = Counter()
        self._failures: list[Failure] = []
        self._feeds_done = self._pages = self._pages_done = 0
        self.outage = ""  # what is said of it, when there was one

    @property
    def sum(self) -> Crawl:
        """All of it; what explains the other failures comes first."""
        outage = [Failure("network", "", "outage", self.outage)] if self.outage else []
        return Crawl(**self._counts, failures=(*outage, *self._failures))

    def count(self, **more: int) -> None:
        """Add to the fields of :class:`Crawl` that are numbers."""
        self._counts.update(more)
        self._report()

    def fail(self, what: str, url: str, reason: str, message: str) -> None:
        """Note a failure of a "feed" or a "page"."""
        self._failures.append(Failure(what, url, reason, message))

    def feed_done(self) -> None:
        """A feed has been dealt with; its pages may not."""
        self._feeds_done += 1
        self._report()

    def pages_found(self, number: int) -> None:
        """So many more pages are to be read."""
        self._pages += number
        self._report()

    def page_done(self) -> None:
        """A page has been read, or given up, or put off."""
        self._pages_done += 1
        self._report()

    def saved(self, saved: Saved) -> None:
        """An article has been placed and saved."""
        self._counts[f"{saved.status}_articles"] += 1
        self._counts["new_stories"] += saved.new_story
        self._counts["joined"] += saved.status == "new" and not saved.new_story
        self.page_done()

    def _report(self) -> None:
        self._progress(Progress(self._counts["feeds"], self._feeds_done, self._pages, self._pages_done))


@dataclass(frozen=True, slots=True)
class Run:
    """One crawl under way: what all of its parts use."""

    config: Config
    store: Store
    workers: ProcessWorkers
    client: Client
    database: DatabaseThread
    plan: Plan
    tally: Tally
    reach: Reach


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)
