"""From the feeds that are due, and those that a hub delivered, to pending entries."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from datetime import timedelta

from pipeline.crawl.pages import PageReading
from pipeline.crawl.run import Run, now
from pipeline.errors import DocumentError
from pipeline.feeds import decide, parse_feed
from pipeline.fetch import FEED_TYPES
from pipeline.model import (
    Feed,
    FeedUpdate,
    FetchError,
    NotModified,
    ParsedFeed,
    ReadError,
    Reason,
    Response,
    Retry,
    Selection,
)
from pipeline.reach import is_silence
from pipeline.urls import site

MOST_FEEDS = 100_000  # in one run


class FeedFetching:
    """The feeds of one run; what is new in each goes on to ``pages``."""

    def __init__(self, run: Run, pages: PageReading) -> None:
        self._run = run
        self._pages = pages
        self._store = run.store.feeds
        self._db = run.database.call
        self._schedule = run.config.schedule
        self._sites = run.reach.sites
        self._silent: list[tuple[Feed, FetchError]] = []  # of which it is not known yet whether it is them or us

    async def fetch_all(self) -> None:
        """Fetch what is due; entries left over from earlier runs are read beside it."""
        plan, tally = self._run.plan, self._run.tally
        due = await self._db(
            self._store.claim,
            plan.run_id,
            now(),
            names=plan.names,
            force=plan.force,
            limit=MOST_FEEDS,
            longest=decide.longest_wait(self._schedule),
        )
        delivered = await self._db(self._store.claim_delivered, plan.run_id) if plan.names is None else []
        self._sites.expect(site(feed.url) for feed in due)
        tally.count(feeds=len(due) + len(delivered))
        async with asyncio.TaskGroup() as group:
            if plan.names is None:
                group.create_task(self._pages.read_all())
            for feed in due:
                group.create_task(self._fetch(feed))
            group.create_task(self._read_delivered(delivered, group))
        # What leads to the same page as an older entry waits for that one; it says something newer than the page did.
        for feed_id in (None,) if plan.names is None else (feed.id for feed in due):
            await self._pages.read_all(feed_id)
        await self._settle(self._sites.is_outage)

    async def _fetch(self, feed: Feed) -> None:
        if self._run.plan.stop.is_set():
            return
        config = self._run.config.fetch
        outcome = await self._run.client.fetch(
            decide.request(feed, now(), FEED_TYPES, config.max_feed_bytes), robots=config.robots_for_feeds
        )
        self._sites.note(site(feed.url), outcome, sound=feed.failures == 0)
        if is_silence(outcome):
            self._silent.append((feed, outcome))
        else:
            await self._record(feed, outcome)
        await self._settle(self._sites.verdict)
        self._run.tally.feed_done()
        await self._pages.read_all(feed.id)

    async def _settle(self, outage: bool | None) -> None:
        """Those that could not be reached have failed, unless so many could not that it is us; None: nobody knows."""
        if outage is None or not self._silent:
            return
        silent, self._silent = self._silent, []
        if outage:
            self._run.tally.outage = str(self._sites)
        decided = decide.after_outage if outage else decide.after_failure
        for feed, error in silent:
            self._run.tally.fail("feed", feed.url, str(error.reason), error.message)
            await self._write(decided(feed, error, self._schedule, now(), random.random()))

    async def _record(self, feed: Feed, outcome: Response | NotModified | FetchError) -> None:
        """Decide on one fetched feed, and write all that it changes in one transaction."""
        schedule, jitter = self._schedule, random.random()
        if isinstance(outcome, FetchError) and outcome.reason is Reason.HELD:
            update = decide.after_hold(feed, outcome, now(), jitter)
        elif isinstance(outcome, FetchError):
            self._run.tally.fail("feed", feed.url, str(outcome.reason), outcome.message)
            update = decide.after_failure(feed, outcome, schedule, now(), jitter)
        elif isinstance(outcome, NotModified) or decide.body_hash(outcome.body) == feed.body_hash:
            self._run.tally.count(not_modified=1)
            update = decide.after_not_modified(feed, outcome, schedule, now(), jitter)
        else:
            parsed = await self._parse(feed, outcome.body, outcome.url, outcome.content_type)
            if isinstance(parsed, ReadError):
                update = decide.after_failure(feed, parsed, schedule, now(), jitter)
            else:
                selection = await self._select(feed, parsed)
                update = decide.after_success(feed, outcome, parsed, selection, schedule, now(), jitter)
        await self._write(update)

    async def _read_delivered(self, feeds: Sequence[Feed], group: asyncio.TaskGroup) -> None:
        """Read what hubs delivered, one feed's at a time: its entries go the way of those that were fetched."""
        for feed in feeds:
            if self._run.plan.stop.is_set():
                return
            deliveries = await self._db(self._run.store.pushes.delivered, feed.id)
            read = [await self._parse(feed, one.body, feed.url, one.content_type) for one in deliveries]
            documents = [one for one in read if isinstance(one, ParsedFeed)]
            selection = await self._select(feed, decide.merged(documents)) if documents else decide.NOTHING
            whole = len(documents) == len(read)
            await self._write(decide.after_delivery(feed, deliveries, selection, now(), whole=whole))
            self._run.tally.feed_done()
            group.create_task(self._pages.read_all(feed.id))

    async def _parse(self, feed: Feed, body: bytes, url: str, content_type: str | None) -> ParsedFeed | ReadError:
        arguments = (body, url, content_type, self._schedule.max_entries)
        try:
            return await self._run.workers.run(parse_feed, *arguments, timeout_s=self._run.config.work.feed_timeout_s)
        except DocumentError as error:
            self._run.tally.fail("feed", feed.url, "unreadable", str(error))
            return ReadError(feed.url, str(error), Retry.LATER)

    async def _select(self, feed: Feed, parsed: ParsedFeed) -> Selection:
        hashes = {entry.key: entry.content_hash for entry in parsed.entries}
        urls = {entry.key: entry.url for entry in parsed.entries if entry.url}
        known = await self._db(self._store.known, feed.id, hashes, urls)
        self._run.tally.count(entries=len(parsed.entries))
        selection = decide.select(parsed, known)
        if not selection.fresh:
            return selection
        already = await self._db(self._store.new_since, feed.id, now() - timedelta(days=1))
        return decide.capped(selection, already)

    async def _write(self, update: FeedUpdate) -> None:
        await self._db(self._store.record, update, self._run.plan.run_id)
