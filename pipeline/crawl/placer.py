"""Articles that were read into their stories, as many in one transaction as come at about the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pipeline.crawl.run import Run
from pipeline.dedup import keep_marks
from pipeline.model import Saved
from pipeline.placing import place_article
from pipeline.reading import Read

# Each transaction has its commit and its segment of the search index: without company an article takes the crawling
# process half as much CPU again (docs/decisions.md), and nobody waits for the page that a crawl read just now.
LINGER_S: Final = 0.05
MOST: Final = 32  # in a transaction: whoever else writes waits for a tenth of a second


@dataclass(frozen=True, slots=True)
class ReadEntry:
    """What was read for an entry; the last three are as in ``Placing.save``."""

    found: Read
    entry_id: int
    feed: str
    read_at: datetime | None


class Placer:
    """Group commit (DeWitt et al., SIGMOD 1984): whoever has its turn first writes for all who wait."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._turn = asyncio.Lock()
        self._waiting: list[tuple[ReadEntry, asyncio.Future[Saved]]] = []

    async def place(self, one: ReadEntry) -> Saved:
        """Place and save one article. Raises what keeps it, whichever else is placed, from being stored."""
        placed: asyncio.Future[Saved] = asyncio.get_running_loop().create_future()
        self._waiting.append((one, placed))
        try:
            async with self._turn:
                while not placed.done():
                    await self._write_waiting()
            return placed.result()
        finally:
            placed.cancel()  # of no interest when the crawl was cancelled

    async def _write_waiting(self) -> None:
        if len(self._waiting) < MOST:
            await asyncio.sleep(LINGER_S)
        batch = self._waiting[:MOST]
        error = await self._written(batch)
        if error is not None and len(batch) > 1:  # one of them cannot be stored, or nothing can: the first alone tells
            batch = batch[:1]
            error = await self._written(batch)
        if error is not None and not batch[0][1].done():
            batch[0][1].set_exception(error)
        del self._waiting[: len(batch)]

    async def _written(self, batch: Sequence[tuple[ReadEntry, asyncio.Future[Saved]]]) -> Exception | None:
        """Write all of them, or none: then what was in the way."""
        try:
            saved = await self._run.database.call(self._write, [one for one, _ in batch])
        except Exception as error:  # also what is a mistake of ours in one article must not end the crawl of all
            return error
        for (_, placed), result in zip(batch, saved, strict=True):
            if not placed.done():
                placed.set_result(result)
        return None

    def _write(self, entries: Sequence[ReadEntry]) -> list[Saved]:
        """In one transaction, one article after the other."""
        config = self._run.config
        with self._run.store.articles.placing(unread_again=config.serve.unread_again) as placing:
            saved = []
            for one in entries:
                keep_marks(one.found.article, one.found.marks)
                article, made = one.found.article, one.found.fingerprint
                saved.append(place_article(placing, article, made, config.dedup, one.entry_id, one.feed, one.read_at))
            return saved
