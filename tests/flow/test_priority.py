"""What a feed says is stored before the pages of others are read, however many of them are waiting."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from pipeline.config import Config
from pipeline.crawl import Plan, Progress, crawl
from pipeline.store import Store
from pipeline.work import ProcessWorkers
from tests.store_making import HOUR, NOW, entry, update

sys.path.insert(0, str(Path(__file__).parents[1] / "fetch"))
from fetch_server import Server, answers, reply

WAITING = 60
TEXT = "<p>The council heard one argument after the other about the bridge, and decided nothing at all.</p>" * 5


def test_a_feed_does_not_wait_for_a_long_queue_of_pages(tmp_path: Path) -> None:
    """It may have lost entries by then; the pages have not."""
    read_before: list[int] = []

    def watch(progress: Progress) -> None:
        if progress.feeds_done and not read_before:
            read_before.append(progress.pages_done)

    async def scenario(store: Store) -> None:
        item = f"<item><title>News</title><description><![CDATA[{TEXT}]]></description></item>"
        body = reply(f'<rss version="2.0"><channel><title>t</title>{item}</channel></rss>'.encode())
        async with Server(answers(body)) as server:
            config = Config.model_validate(
                {"fetch": {"connect_to": {"*.test": server.address}}, "work": {"processes": 1}}
            )
            workers = ProcessWorkers(config.work, preload=("pipeline.reading", "pipeline.feeds"))
            try:
                result = await crawl(config, store, workers, Plan(store.runs.begin("crawl"), progress=watch))
            finally:
                workers.close()
        assert result.new_articles == WAITING + 1

    with Store.open(f"sqlite:///{tmp_path / 'x.db'}") as store:
        long = store.feeds.add("http://long.test/feed")
        run = store.runs.begin("crawl")
        store.feeds.claim(run, NOW)
        entries = [entry(f"e{n}", url=None, content_html=f"<p>{n}</p>{TEXT}") for n in range(WAITING)]
        assert store.feeds.record(update(long.id, entries, next_fetch_at=datetime.now(UTC) + HOUR), run)
        store.runs.finish(run)
        store.feeds.add("http://short.test/feed")
        asyncio.run(asyncio.wait_for(scenario(store), 100))
    assert read_before[0] < WAITING / 3
