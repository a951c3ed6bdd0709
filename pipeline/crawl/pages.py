"""From pending entries to articles in their stories."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

from pipeline.crawl.placer import Placer, ReadEntry
from pipeline.crawl.recent import RecentPages
from pipeline.crawl.run import Run, now
from pipeline.errors import DocumentError, NewerStoreError, StoreError, WorkerLost
from pipeline.fetch import PAGE_TYPES
from pipeline.model import (
    Feed,
    FetchError,
    Learned,
    Outcome,
    PendingEntry,
    Reason,
    Request,
    Response,
    Retry,
)
from pipeline.parts import read_whole
from pipeline.reach import held, is_silence, is_young
from pipeline.reading import Document, Read, read_document
from pipeline.store.feeds import LONGEST_RETRY
from pipeline.urls import redact, site

MOST_WAITING_BYTES = 64_000_000  # of fetched pages that wait for a worker: some 600 pages of the usual 100 kB
PAGES_A_WORKER = 2  # that are handed to the worker processes at once: one to read, one to come next


_log = logging.getLogger(__name__)


class PageReading:
    """The pages of one run."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._store = run.store.feeds
        self._db = run.database.call
        self._tally = run.tally
        self._votes = run.reach.feeds
        self._silent: list[tuple[PendingEntry, FetchError]] = []
        self._recent = RecentPages()
        self._feeds: dict[int, Feed] = {}
        self._asking = asyncio.Lock()  # for the feeds, of which there may be thousands
        self._known: dict[str, Learned | None] = {}  # by site, of those that brought pages
        # Feeds, which lose entries for good when nobody reads them in time, find no long queue before them: neither at
        # the worker processes nor at the database.
        self._reading = asyncio.Semaphore(PAGES_A_WORKER * run.config.work.processes)
        self._placer = Placer(run)
        # Fetched bodies wait in memory for a worker: no page is fetched while more of them wait than can be read soon.
        self._bodies = 0
        self._room = asyncio.Event()
        self._room.set()

    @property
    def sites(self) -> list[str]:
        """Those that brought pages."""
        return sorted(self._known)

    async def read_all(self, feed_id: int | None = None) -> None:
        """Read the pending entries of a feed, or of all, a batch at a time, until none is due."""
        run = self._run
        while not run.plan.stop.is_set():
            claimed = await self._db(
                self._store.claim_entries, run.plan.run_id, now(), feed_id=feed_id, limit=run.config.fetch.parallel
            )
            if not claimed:
                return
            self._tally.pages_found(len(claimed))
            async with asyncio.TaskGroup() as group:
                for pending in claimed:
                    group.create_task(self._fetch(pending))

    async def settle(self) -> None:
        """Pages that could not be reached have failed, unless so many could not that it is us."""
        silent, self._silent = self._silent, []
        for pending, error in silent:
            ours = self._run.reach.is_outage and is_young(pending, now())
            await self._fetched(pending, held(error, self._run.config.schedule.page_retry_s) if ours else error)

    async def _fetch(self, pending: PendingEntry) -> None:
        """One entry to its end, or among those of which is to be decided whether they failed, or we."""
        if pending.entry.url is None:
            await self._fetched(pending, None)
            return
        await self._room.wait()
        outcome = await self._recent_or_fetched(pending.entry.url)
        self._votes.note(pending.feed_id, outcome, sound=is_young(pending, now()))
        if is_silence(outcome):
            self._silent.append((pending, outcome))
        else:
            await self._fetched(pending, outcome)

    async def _recent_or_fetched(self, url: str) -> Outcome:
        async with self._recent.turn(url):
            recent = self._recent.get(url)
            if recent is not None:
                return recent
            outcome = await self._page(url, self._run.config.fetch.max_page_bytes)
            if isinstance(outcome, Response):
                self._recent.keep(url, outcome)
            return outcome

    async def _page(self, url: str, most_bytes: int) -> Outcome:
        request = Request(url, accept=PAGE_TYPES, max_bytes=most_bytes)
        return await self._run.client.fetch(request, robots=self._run.config.fetch.robots)

    async def _part(self, url: str, most_bytes: int) -> Response | None:
        """A further page of an article; one that is not to be had is a failure of its own."""
        outcome = await self._page(url, most_bytes)
        if isinstance(outcome, FetchError):
            self._tally.fail("page", url, str(outcome.reason), f"{outcome.message}; its article ends before this part")
        return outcome if isinstance(outcome, Response) else None

    async def _fetched(self, pending: PendingEntry, outcome: Outcome | None) -> None:
        """Read and place a page, or what the feed says in its place; or note when to try again."""
        if isinstance(outcome, FetchError) and await self._postponed(pending, outcome):
            return
        feed = await self._feed_of(pending)
        if feed is None:
            return  # it was removed, and its entries with it
        page = outcome if isinstance(outcome, Response) else None
        learned = await self._learned(site(page.url)) if page else None
        document = Document.of(pending.entry, feed.name, feed.url, pending.first_seen_at, page, learned)
        most_bytes = self._run.config.fetch.max_page_bytes
        try:
            found = await read_whole(document, self._read, self._part, most_bytes)
        except DocumentError as error:
            if isinstance(error, WorkerLost) and self._tries_left(pending):
                await self._try_again(pending, document.url, "unreadable", str(error), self._wait_s(pending))
            else:
                await self._give_up(pending, document.url, "unreadable", str(error))
            return
        read_at = page.fetched_at if page else None
        try:
            saved = await self._placer.place(ReadEntry(found, pending.id, feed.name, read_at))
        except NewerStoreError:
            raise
        except Exception as error:
            await self._not_placed(pending, document.url, error)
        else:
            self._tally.saved(saved)

    async def _feed_of(self, pending: PendingEntry) -> Feed | None:
        async with self._asking:
            if pending.feed_id not in self._feeds:  # the first page of all, or somebody subscribed since
                self._feeds = {feed.id: feed for feed in await self._db(self._store.all)}
        return self._feeds.get(pending.feed_id)

    async def _learned(self, host: str) -> Learned | None:
        """What is known of a site, asked for once a run."""
        if host not in self._known:
            self._known[host] = await self._db(self._run.store.learned.of, host)
        return self._known[host]

    async def _read(self, document: Document) -> Read:
        size = len(document.body or b"") + sum(len(part.body) for part in document.parts)
        self._hold(size)
        try:
            async with self._reading:
                timeout_s = self._run.config.work.page_timeout_s
                return await self._run.workers.run(read_document, document, timeout_s=timeout_s)
        finally:
            self._hold(-size)

    def _hold(self, size: int) -> None:
        self._bodies += size
        if self._bodies < MOST_WAITING_BYTES:
            self._room.set()
        else:
            self._room.clear()

    # --- what could not be read, or not be placed ---

    async def _not_placed(self, pending: PendingEntry, url: str, error: Exception) -> None:
        """An article that the store takes no other writes without fails alone. Raises StoreError when it takes none."""
        message = str(error) if isinstance(error, StoreError) else f"not placed: {type(error).__name__}: {error}"
        if not isinstance(error, StoreError):
            _log.error("%s: %s", redact(url), message, exc_info=error)
        if self._tries_left(pending):
            await self._try_again(pending, url, "store", message, self._wait_s(pending))
        else:
            await self._give_up(pending, url, "store", message)

    async def _postponed(self, pending: PendingEntry, error: FetchError) -> bool:
        """A page that failed is tried again later; when no try is left, the feed's own text must do."""
        if error.reason is Reason.HELD:
            when = now() + timedelta(seconds=error.retry_after_s or 0)
            await self._db(self._store.fail_entry, pending.id, error.message, next_try_at=when, tried=False)
            self._tally.page_done()
            return True
        if error.retry is not Retry.NEVER and self._tries_left(pending):
            wait_s = max(self._wait_s(pending), error.retry_after_s or 0) * (4 if error.retry is Retry.LATER else 1)
            await self._try_again(pending, error.url, str(error.reason), error.message, wait_s)
            return True
        if pending.entry.content_html or pending.entry.summary_html:
            return False
        await self._give_up(pending, error.url, str(error.reason), error.message)
        return True

    def _tries_left(self, pending: PendingEntry) -> bool:
        return pending.attempts < self._run.config.schedule.page_attempts

    def _wait_s(self, pending: PendingEntry) -> float:
        return float(self._run.config.schedule.page_retry_s * 4 ** (pending.attempts - 1))

    async def _try_again(self, pending: PendingEntry, url: str, reason: str, message: str, wait_s: float) -> None:
        when = now() + min(timedelta(seconds=wait_s), LONGEST_RETRY)
        await self._db(self._store.fail_entry, pending.id, message, next_try_at=when)
        self._tally.fail("page", url, reason, message)
        self._tally.page_done()

    async def _give_up(self, pending: PendingEntry, url: str, reason: str, message: str) -> None:
        await self._db(self._store.fail_entry, pending.id, message, next_try_at=None)
        self._tally.fail("page", url, reason, message)
        self._tally.page_done()
