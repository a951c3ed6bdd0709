"""The whole flow, top to bottom, and nothing else.

``claim → fetch feeds → parse → select → record → claim entries → fetch pages → read → neighbours → place → save``

A feed's new entries are stored as pending work in the same transaction as its validators and its next time; each
article is placed and saved in one transaction with its entry marked as read. A crash at any moment loses nothing and
doubles nothing: what was claimed is claimed again, what was saved is known.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from pipeline.config import Config
from pipeline.errors import DocumentError, WorkerLost
from pipeline.feeds import decide, parse_feed
from pipeline.fetch import FEED_TYPES, PAGE_TYPES, Client
from pipeline.learning import learn_site
from pipeline.ledger import DatabaseThread, StoreLedger
from pipeline.model import (
    Article,
    Crawl,
    Failure,
    Feed,
    FetchError,
    Fingerprint,
    Learned,
    NotModified,
    Outcome,
    ParsedFeed,
    PendingEntry,
    ReadError,
    Reason,
    Request,
    Response,
    Retry,
    Saved,
    Selection,
)
from pipeline.parts import read_whole
from pipeline.placing import place_article
from pipeline.ports import Workers
from pipeline.push import keep
from pipeline.reach import Reach, held, is_silence, is_young
from pipeline.reading import Document, Read, read_document
from pipeline.store import Store
from pipeline.urls import site

MOST_WAITING_BYTES = 64_000_000  # of fetched pages that wait for a worker: some 600 pages of the usual 100 kB


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


async def crawl(config: Config, store: Store, workers: Workers, plan: Plan) -> Crawl:
    """Fetch the feeds that are due, read their new entries' pages, place and save them; returns the sum.

    Setting ``plan.stop`` ends it at the next step: nothing new is claimed, what is under way is finished or given back.
    """
    started = time.monotonic()
    database = DatabaseThread()
    try:
        async with Client(config.fetch, ledger=StoreLedger(store, plan.run_id, database)) as client:
            run = _Run(config, store, workers, client, plan, database)
            ending = asyncio.create_task(_end(plan.stop, client))
            try:
                await run.feeds()
                if not plan.stop.is_set():
                    await keep(config.websub.callback, store, client, database)
            except BaseExceptionGroup as group:
                raise _first(group) from None
            finally:
                ending.cancel()
        for host in sorted(run.learned):
            if not plan.stop.is_set():
                await database.call(learn_site, store, host, _now())
        await database.call(store.hosts.forget, _now())
    finally:
        database.close()
    return replace(run.total, seconds=round(time.monotonic() - started, 3))


class _Run:
    """One crawl under way: its parts and its running totals."""

    def __init__(
        self, config: Config, store: Store, workers: Workers, client: Client, plan: Plan, database: DatabaseThread
    ) -> None:
        self.config = config
        self.store = store
        self.workers = workers
        self.client = client
        self.plan = plan
        self.total = Crawl()
        self.names: dict[int, Feed] = {}
        self.learned: dict[str, Learned | None] = {}  # by site, of those that brought pages
        self.pages = self.pages_done = self.feeds_done = self._feeds_asked = 0
        self.db = database.call
        self.reach = Reach()
        self._unreached: list[tuple[Feed, FetchError]] = []
        # Fetched bodies wait in memory for a worker: no page is fetched while more of them wait than can be read soon.
        self._bodies = 0
        self._room = asyncio.Event()
        self._room.set()

    async def feeds(self) -> None:
        """Fetch what is due; entries left over from earlier runs are read beside it."""
        plan = self.plan
        self.names = {feed.id: feed for feed in await self.db(self.store.feeds.all)}
        claimed = await self.db(
            self.store.feeds.claim, plan.run_id, _now(), names=plan.names, force=plan.force, limit=100_000
        )
        delivered = await self.db(self.store.feeds.claim_delivered, plan.run_id) if plan.names is None else []
        self.total = replace(self.total, feeds=len(claimed) + len(delivered))
        self._report()
        async with asyncio.TaskGroup() as group:
            if plan.names is None:
                group.create_task(self._entries(None))
            for feed in claimed:
                group.create_task(self._feed(feed, len(claimed)))
            for feed in delivered:
                group.create_task(self._delivered(feed))
        await self._settle()

    async def _feed(self, feed: Feed, claimed: int) -> None:
        if self.plan.stop.is_set():
            return
        outcome = await self.client.fetch(
            decide.request(feed, _now(), FEED_TYPES, self.config.fetch.max_feed_bytes),
            robots=self.config.fetch.robots_for_feeds,
        )
        self.reach.note(feed.url, outcome, sound=feed.failures == 0)
        self._feeds_asked += 1
        if is_silence(outcome):
            self._unreached.append((feed, outcome))
        else:
            await self._record(feed, outcome)
        if self._feeds_asked == claimed:
            await self._settle()
        self.feeds_done += 1
        self._report()
        await self._entries(feed.id)

    async def _settle(self) -> None:
        """Those that could not be reached have failed, unless so many could not that it is us."""
        unreached, self._unreached = self._unreached, []
        outage = self.reach.is_outage
        if outage and unreached:
            self._fail("network", "", "outage", str(self.reach))
        for feed, error in unreached:
            self._fail("feed", feed.url, str(error.reason), error.message)
            decided = decide.after_outage if outage else decide.after_failure
            update = decided(feed, error, self.config.schedule, _now(), random.random())
            await self.db(self.store.feeds.record, update, self.plan.run_id)

    async def _record(self, feed: Feed, outcome: Response | NotModified | FetchError) -> None:
        """Decide on one fetched feed, and write all that it changes in one transaction."""
        schedule, jitter = self.config.schedule, random.random()
        if isinstance(outcome, FetchError) and outcome.reason is Reason.HELD:
            update = decide.after_hold(feed, outcome, _now(), jitter)
        elif isinstance(outcome, FetchError):
            self._fail("feed", feed.url, str(outcome.reason), outcome.message)
            update = decide.after_failure(feed, outcome, schedule, _now(), jitter)
        elif isinstance(outcome, NotModified) or decide.body_hash(outcome.body) == feed.body_hash:
            self.total = replace(self.total, not_modified=self.total.not_modified + 1)
            update = decide.after_not_modified(feed, outcome, schedule, _now(), jitter)
        else:
            parsed = await self._parse(feed, outcome.body, outcome.url, outcome.content_type)
            if isinstance(parsed, ReadError):
                update = decide.after_failure(feed, parsed, schedule, _now(), jitter)
            else:
                selection = await self._select(feed, parsed)
                update = decide.after_success(feed, outcome, parsed, selection, schedule, _now(), jitter)
        await self.db(self.store.feeds.record, update, self.plan.run_id)

    async def _delivered(self, feed: Feed) -> None:
        """Read what a hub delivered of a feed: its entries go the way of those that were fetched."""
        deliveries = await self.db(self.store.pushes.delivered, feed.id)
        read = [await self._parse(feed, one.body, feed.url, one.content_type) for one in deliveries]
        documents = [one for one in read if isinstance(one, ParsedFeed)]
        selection = await self._select(feed, decide.merged(documents)) if documents else decide.NOTHING
        update = decide.after_delivery(feed, deliveries, selection, _now(), whole=len(documents) == len(read))
        await self.db(self.store.feeds.record, update, self.plan.run_id)
        self.feeds_done += 1
        self._report()
        await self._entries(feed.id)

    async def _select(self, feed: Feed, parsed: ParsedFeed) -> Selection:
        hashes = {entry.key: entry.content_hash for entry in parsed.entries}
        urls = {entry.key: entry.url for entry in parsed.entries if entry.url}
        known = await self.db(self.store.feeds.known, feed.id, hashes, urls)
        self.total = replace(self.total, entries=self.total.entries + len(parsed.entries))
        selection = decide.select(parsed, known)
        if not selection.fresh:
            return selection
        already = await self.db(self.store.feeds.new_since, feed.id, _now() - timedelta(days=1))
        return decide.capped(selection, already)

    async def _parse(self, feed: Feed, body: bytes, url: str, content_type: str | None) -> ParsedFeed | ReadError:
        arguments = (body, url, content_type, self.config.schedule.max_entries)
        try:
            return await self.workers.run(parse_feed, *arguments, timeout_s=self.config.work.feed_timeout_s)
        except DocumentError as error:
            self._fail("feed", feed.url, "unreadable", str(error))
            return ReadError(feed.url, str(error), Retry.LATER)

    async def _entries(self, feed_id: int | None) -> None:
        """Read pending entries, a batch at a time, until none is due."""
        batch = self.config.fetch.parallel
        while not self.plan.stop.is_set():
            claimed = await self.db(
                self.store.feeds.claim_entries, self.plan.run_id, _now(), feed_id=feed_id, limit=batch
            )
            if not claimed:
                return
            self.pages += len(claimed)
            self._report()
            unreached: list[tuple[PendingEntry, FetchError]] = []
            async with asyncio.TaskGroup() as group:
                for pending in claimed:
                    group.create_task(self._entry(pending, unreached))
            for pending, error in unreached:
                ours = self.reach.is_outage and is_young(pending, _now())
                await self._fetched(pending, held(error, self.config.schedule.page_retry_s) if ours else error)

    async def _entry(self, pending: PendingEntry, unreached: list[tuple[PendingEntry, FetchError]]) -> None:
        """One entry to its end, or among those of which is to be decided whether they failed, or we."""
        if pending.entry.url is None:
            await self._fetched(pending, None)
            return
        await self._room.wait()
        request = Request(pending.entry.url, accept=PAGE_TYPES, max_bytes=self.config.fetch.max_page_bytes)
        outcome = await self.client.fetch(request, robots=self.config.fetch.robots)
        self.reach.note(request.url, outcome, sound=is_young(pending, _now()))
        if is_silence(outcome):
            unreached.append((pending, outcome))
        else:
            await self._fetched(pending, outcome)

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
        try:
            article, fingerprint = await read_whole(document, self._read, self._part, self.config.fetch.max_page_bytes)
        except DocumentError as error:
            if isinstance(error, WorkerLost) and self._tries_left(pending):
                await self._try_again(pending, document.url, "unreadable", str(error), self._wait_s(pending))
            else:
                await self._give_up(pending, document.url, "unreadable", str(error))
            return
        saved = await self.db(self._place, article, fingerprint, pending.id, feed.name)
        self._count(saved)

    async def _feed_of(self, pending: PendingEntry) -> Feed | None:
        if pending.feed_id not in self.names:  # somebody subscribed since the run began
            self.names |= {feed.id: feed for feed in await self.db(self.store.feeds.all)}
        return self.names.get(pending.feed_id)

    async def _learned(self, host: str) -> Learned | None:
        """What is known of a site, asked for once a run."""
        if host not in self.learned:
            self.learned[host] = await self.db(self.store.learned.of, host)
        return self.learned[host]

    async def _part(self, url: str) -> Response | None:
        """A further page of an article; None when it is not to be had."""
        request = Request(url, accept=PAGE_TYPES, max_bytes=self.config.fetch.max_page_bytes)
        outcome = await self.client.fetch(request, robots=self.config.fetch.robots)
        return outcome if isinstance(outcome, Response) else None

    async def _read(self, document: Document) -> Read:
        size = len(document.body or b"") + sum(len(part.body) for part in document.parts)
        self._hold(size)
        try:
            return await self.workers.run(read_document, document, timeout_s=self.config.work.page_timeout_s)
        finally:
            self._hold(-size)

    def _hold(self, size: int) -> None:
        self._bodies += size
        if self._bodies < MOST_WAITING_BYTES:
            self._room.set()
        else:
            self._room.clear()

    def _place(self, article: Article, fingerprint: Fingerprint, entry_id: int, feed: str) -> Saved:
        """In one transaction, one article at a time."""
        with self.store.articles.placing(unread_again=self.config.serve.unread_again) as placing:
            return place_article(placing, article, fingerprint, self.config.dedup, entry_id, feed)

    async def _postponed(self, pending: PendingEntry, error: FetchError) -> bool:
        """A page that failed is tried again later; when no try is left, the feed's own text must do."""
        if error.reason is Reason.HELD:
            when = _now() + timedelta(seconds=error.retry_after_s or 0)
            await self.db(self.store.feeds.fail_entry, pending.id, error.message, next_try_at=when, tried=False)
            self._page_done()
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
        return pending.attempts < self.config.schedule.page_attempts

    def _wait_s(self, pending: PendingEntry) -> float:
        return float(self.config.schedule.page_retry_s * 4 ** (pending.attempts - 1))

    async def _try_again(self, pending: PendingEntry, url: str, reason: str, message: str, wait_s: float) -> None:
        when = _now() + timedelta(seconds=wait_s)
        await self.db(self.store.feeds.fail_entry, pending.id, message, next_try_at=when)
        self._fail("page", url, reason, message)
        self._page_done()

    async def _give_up(self, pending: PendingEntry, url: str, reason: str, message: str) -> None:
        await self.db(self.store.feeds.fail_entry, pending.id, message, next_try_at=None)
        self._fail("page", url, reason, message)
        self._page_done()

    def _fail(self, what: str, url: str, reason: str, message: str) -> None:
        self.total = replace(self.total, failures=(*self.total.failures, Failure(what, url, reason, message)))

    def _count(self, saved: Saved) -> None:
        total = self.total
        self.total = replace(
            total,
            new_articles=total.new_articles + (saved.status == "new"),
            revised_articles=total.revised_articles + (saved.status == "revised"),
            unchanged_articles=total.unchanged_articles + (saved.status == "unchanged"),
            new_stories=total.new_stories + saved.new_story,
            joined=total.joined + (saved.status == "new" and not saved.new_story),
        )
        self._page_done()

    def _page_done(self) -> None:
        self.pages_done += 1
        self._report()

    def _report(self) -> None:
        self.plan.progress(Progress(self.total.feeds, self.feeds_done, self.pages, self.pages_done))


async def _end(stop: asyncio.Event, client: Client) -> None:
    """With the wish to stop, requests that wait for their turn are not made: their entries are given back untried."""
    await stop.wait()
    client.end()


def _first(error: BaseException) -> BaseException:
    """The first error of a group: one is what a person can act on, and the others follow from it."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _now() -> datetime:
    return datetime.now(UTC)
