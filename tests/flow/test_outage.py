"""Our own connection fails: nothing is held against the feeds and pages that we could not reach."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline.config import Config
from pipeline.crawl import Plan, crawl
from pipeline.model import Crawl, Feed
from pipeline.reach import LEAST
from pipeline.store import Store
from pipeline.work import ProcessWorkers

sys.path.insert(0, str(Path(__file__).parents[1] / "fetch"))
from fetch_server import Seen, Server, answers, pages, reply

SITES = 10
FEED = reply(b'<rss version="2.0"><channel><title>t</title></channel></rss>')
NOBODY = "127.0.0.1:1"  # a system port on which nothing listens


def config(connect_to: dict[str, str], **more: Any) -> Config:
    fetch = {"connect_to": connect_to, "host_gap_s": 0, "timeout_s": 5, "robots": False}
    return Config.model_validate({"fetch": fetch, "work": {"processes": 1}, **more})


async def crawled(store: Store, settings: Config) -> tuple[Crawl, dict[str, Feed]]:
    workers = ProcessWorkers(settings.work, preload=("feedparser",))
    run = store.runs.begin("crawl")
    try:
        result = await crawl(settings, store, workers, Plan(run, force=True))
    finally:
        workers.close()
        store.runs.finish(run)
    return result, {feed.url: feed for feed in store.feeds.all()}


def urls() -> list[str]:
    return [f"http://site{number}.test/feed" for number in range(SITES)]


def reasons(result: Crawl) -> list[str]:
    return [failure.reason for failure in result.failures]


def test_a_dead_line_is_no_failure_of_the_feeds(tmp_path: Path) -> None:
    """Crawls without a connection change nothing but the next time; when it is back, everything is fetched at once."""

    async def scenario(store: Store) -> None:
        settings = config({"*.test": NOBODY})
        for _ in range(4):
            result, feeds = await crawled(store, settings)
            assert reasons(result).count("outage") == 1
            assert f"{SITES} of {SITES} sites" in result.failures[0].message
            assert all((feed.failures, feed.enabled, feed.failing_since) == (0, True, None) for feed in feeds.values())
            latest = datetime.now(UTC) + timedelta(seconds=settings.schedule.min_interval_s * 1.2)
            assert all(feed.next_fetch_at is not None and feed.next_fetch_at < latest for feed in feeds.values())
        async with Server(answers(FEED)) as server:
            result, _ = await crawled(store, config({"*.test": server.address}))
        assert (result.failures, result.feeds, len(server.seen)) == ((), SITES, SITES)

    with Store.open(f"sqlite:///{tmp_path / 'x.db'}") as store:
        for url in urls():
            store.feeds.add(url)
        asyncio.run(scenario(store))


def test_dead_sites_among_living_ones_have_failed(tmp_path: Path) -> None:
    """So do all of few: of less than three nobody can tell."""

    async def scenario(store: Store) -> None:
        async with Server(answers(FEED)) as server:
            dead = {f"site{number}.test": NOBODY for number in range(7)}
            result, feeds = await crawled(store, config(dead | {"*.test": server.address}))
            assert "outage" not in reasons(result)
            assert [feeds[url].failures for url in urls()] == [1] * 7 + [0] * 3
            # Those that have been dead for a while are no sign of anything.
            dead["site7.test"] = NOBODY
            result, feeds = await crawled(store, config(dead | {"*.test": server.address}))
        assert "outage" not in reasons(result)
        assert [feeds[url].failures for url in urls()] == [2] * 7 + [1] + [0] * 2

    with Store.open(f"sqlite:///{tmp_path / 'x.db'}") as store:
        for url in urls():
            store.feeds.add(url)
        asyncio.run(scenario(store))
    with Store.open(f"sqlite:///{tmp_path / 'few.db'}") as store:
        for url in urls()[: LEAST - 1]:
            store.feeds.add(url)
        _, feeds = asyncio.run(crawled(store, config({"*.test": NOBODY})))
        assert [feed.failures for feed in feeds.values()] == [1] * (LEAST - 1)


ONCE = {"page_retry_s": 0, "page_attempts": 1}  # a second attempt would be the last


def linking(feed: int, pages: int) -> bytes:
    """A feed of pages, each on a site of its own."""
    items = "".join(f"<item><title>{n}</title><link>http://page{n}-{feed}.dead/</link></item>" for n in range(pages))
    return reply(f'<rss version="2.0"><channel><title>t</title>{items}</channel></rss>'.encode())


def test_pages_lose_no_attempt_to_a_dead_line_for_two_days(tmp_path: Path) -> None:
    """The feeds answered, and then the line went dead."""
    path = tmp_path / "x.db"

    async def scenario(store: Store) -> None:
        async with Server(pages({f"/{n}": linking(n, 2) for n in range(LEAST)})) as server:
            settings = config({"*.dead": NOBODY, "*.test": server.address}, schedule=ONCE)
            for _ in range(3):
                result, _ = await crawled(store, settings)
                assert [failure for failure in result.failures if failure.what == "page"] == []
                untried = {"entries": 2, "articles": 0, "pending": 2, "failed": 0}
                assert store.feeds.counts() == dict.fromkeys(range(1, LEAST + 1), untried)
                with sqlite3.connect(path) as connection:
                    connection.execute("UPDATE entry SET next_try_at = NULL")
            with sqlite3.connect(path) as connection:
                connection.execute("UPDATE entry SET first_seen_at = '2020-01-01 00:00:00.000000'")
            await crawled(store, settings)
        assert sum(one["failed"] for one in store.feeds.counts().values()) == 2 * LEAST

    with Store.open(f"sqlite:///{path}") as store:
        for number in range(LEAST):
            store.feeds.add(f"http://feed{number}.test/{number}")
        asyncio.run(scenario(store))


def test_one_feed_of_dead_links_is_no_outage(tmp_path: Path) -> None:
    """However many sites it names; and a feed that is dead beside it has failed."""

    async def scenario(store: Store) -> None:
        async with Server(answers(linking(0, 40))) as server:
            settings = config({"*.dead": NOBODY, "feed.test": server.address}, schedule=ONCE)
            result, feeds = await crawled(store, settings)
        assert "outage" not in reasons(result)
        assert feeds["http://gone.dead/"].failures == 1
        assert store.feeds.counts()[1]["failed"] == 40

    with Store.open(f"sqlite:///{tmp_path / 'x.db'}") as store:
        store.feeds.add("http://feed.test/")
        store.feeds.add("http://gone.dead/")
        asyncio.run(scenario(store))


def test_a_silent_feed_is_settled_as_soon_as_it_is_known_what_it_was(tmp_path: Path) -> None:
    """Its failure is written while others are still awaited, as soon as these cannot change the verdict."""
    seen: list[tuple[int, bool]] = []  # (failures of the silent feed, whether the others had been answered by then)

    async def scenario(store: Store) -> None:
        let_go = asyncio.Event()

        async def slowly(asked: Seen, writer: asyncio.StreamWriter) -> None:
            if asked.path == "/slow":
                await let_go.wait()
            writer.write(FEED)

        async def watch() -> None:
            while True:
                await asyncio.sleep(0.05)
                failures = store.feeds.find("http://silent.test/").failures
                if failures:
                    seen.append((failures, let_go.is_set()))
                    let_go.set()
                    return

        async with Server(slowly) as server:
            watching = asyncio.create_task(watch())
            await crawled(store, config({"silent.test": NOBODY, "*.test": server.address}))
            watching.cancel()

    with Store.open(f"sqlite:///{tmp_path / 'x.db'}") as store:
        store.feeds.add("http://silent.test/")
        for number in range(4):
            store.feeds.add(f"http://site{number}.test/{'slow' if number else 'quick'}")
        asyncio.run(asyncio.wait_for(scenario(store), 60))
    assert seen == [(1, False)]
