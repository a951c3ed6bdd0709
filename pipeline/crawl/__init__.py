"""The whole flow, top to bottom, and nothing else.

``claim → fetch feeds → parse → select → record → claim entries → fetch pages → read → neighbours → place → save``

A feed's new entries are stored as pending work in the same transaction as its validators and its next time
(:mod:`pipeline.crawl.feeds`); each article is placed and saved in one transaction with its entry marked as read
(:mod:`pipeline.crawl.pages`). A crash at any moment loses nothing and doubles nothing: what was claimed is claimed
again, what was saved is known.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

from pipeline.config import Config
from pipeline.crawl.feeds import FeedFetching
from pipeline.crawl.pages import PageReading
from pipeline.crawl.run import Plan, Progress, Run, Tally, now
from pipeline.fetch import Client
from pipeline.learning import learn_site
from pipeline.ledger import DatabaseThread, StoreLedger
from pipeline.model import Crawl
from pipeline.push import keep
from pipeline.reach import Reach
from pipeline.store import Store
from pipeline.work import ProcessWorkers

__all__ = ["Plan", "Progress", "crawl"]


async def crawl(config: Config, store: Store, workers: ProcessWorkers, plan: Plan) -> Crawl:
    """Fetch the feeds that are due, read their new entries' pages, place and save them; returns the sum.

    Setting ``plan.stop`` ends it at the next step: nothing new is claimed, what is under way is finished or given back.
    """
    started = time.monotonic()
    database = DatabaseThread()
    tally = Tally(plan.progress)
    try:
        async with Client(config.fetch, ledger=StoreLedger(store, plan.run_id, database)) as client:
            run = Run(config, store, workers, client, database, plan, tally, Reach())
            pages = PageReading(run)
            ending = asyncio.create_task(_end(plan.stop, client))
            try:
                await FeedFetching(run, pages).fetch_all()
                await pages.settle()
                if not plan.stop.is_set():
                    await keep(config.websub.callback, store, client, database)
            except BaseExceptionGroup as group:
                raise _first(group) from None
            finally:
                ending.cancel()
        for host in pages.sites:
            if not plan.stop.is_set():
                await database.call(learn_site, store, host, now())
        await database.call(store.hosts.forget, now())
    finally:
        database.close()
    return replace(tally.sum, seconds=round(time.monotonic() - started, 3))


async def _end(stop: asyncio.Event, client: Client) -> None:
    """With the wish to stop, requests that wait for their turn are not made: their entries are given back untried."""
    await stop.wait()
    client.end()


def _first(error: BaseException) -> BaseException:
    """The first error of a group: one is what a person can act on, and the others follow from it."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
