"""Feeds that would make us work for ever, or twice: what a crawl asks for, and what it keeps."""

from __future__ import annotations

import asyncio
import random
import sqlite3
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.config import Config
from pipeline.crawl import Plan, Progress, crawl
from pipeline.feeds import decide
from pipeline.model import Crawl, Entry, FeedUpdate, Selection
from pipeline.store import Store
from pipeline.work import ProcessWorkers

sys.path.insert(0, str(Path(__file__).parents[1] / "fetch"))
import itertools

from fetch_server import Seen, Server, reply

WORDS = "The council heard one argument after the other about the bridge, and decided nothing at all. " * 4


def page(number: int, links: int = 0) -> bytes:
    text = f"<p>{number}: {WORDS}</p>" + "".join(f"<p><a href=/{n}>{n} more words here</a></p>" for n in range(links))
    return reply(f"<html><title>Item {number}</title><article>{text}</article></html>".encode())


def feed(items: str) -> bytes:
    return reply(f'<rss version="2.0"><channel><title>t</title>{items}</channel></rss>'.encode())


class Web:
    """A site of feeds and pages; ``make`` writes a feed anew at each request."""

    def __init__(self, make: dict[str, Any]) -> None:
        self.make = make
        self.asked: Counter[str] = Counter()
        self.late_s: dict[str, float] = {}  # by path
        self.links = 0  # in a page: 14,000 take some .7 s to read
        self.page_sent = asyncio.Event()
        self.after_page = ""  # path of a feed that answers when a page has been sent

    async def answer(self, seen: Seen, writer: asyncio.StreamWriter) -> None:
        name = f"{(seen.header(b'host') or b'').decode()}{seen.path}"
        self.asked[name] += 1
        if seen.path == self.after_page:
            await self.page_sent.wait()
        await asyncio.sleep(self.late_s.get(seen.path, 0))
        if seen.path in self.make:
            writer.write(feed(self.make[seen.path]()))
        elif seen.path.startswith("/page/"):
            writer.write(page(int(seen.path.rpartition("/")[2].partition("?")[0]), self.links))
            self.page_sent.set()
        else:
            writer.write(reply(b"", "404 X"))


async def crawls(
    store: Store, web: Web, times: int = 1, processes: int = 1, **fetch: Any
) -> tuple[list[Crawl], Server]:
    async with Server(web.answer) as server:
        settings = {"connect_to": {"*.test": server.address}, "host_gap_s": 0, "host_parallel": 8, **fetch}
        config = Config.model_validate({"fetch": settings, "work": {"processes": processes}})
        workers = ProcessWorkers(config.work, preload=("pipeline.reading", "feedparser"))
        results = []
        try:
            for _ in range(times):
                run = store.runs.begin("crawl")
                results.append(await crawl(config, store, workers, Plan(run, force=True)))
                store.runs.finish(run)
        finally:
            workers.close()
    return results, server


def random_guids(clock: bool, noise: bool) -> str:
    """Five items, each time under new guids, with the time of the request or a new word in each text."""
    items = []
    for number in range(5):
        moment = f"Rendered at {random.randrange(10, 24)}:{random.randrange(10, 60)}. " if clock else ""
        word = f"Offer {random.getrandbits(64):x}. " if noise else ""
        items.append(
            f"<item><title>Item {number}</title><guid isPermaLink='false'>{random.getrandbits(64):x}</guid>"
            f"<link>http://a.test/page/{number}</link><description>{moment}{word}{WORDS}</description></item>"
        )
    return "".join(items)


@pytest.mark.parametrize(("clock", "noise"), [(True, False), (False, True)])
def test_new_guids_every_time_make_no_rows(tmp_path: Path, clock: bool, noise: bool) -> None:
    web = Web({"/feed": lambda: random_guids(clock, noise)})
    with Store.open(f"sqlite:///{tmp_path / 'x.db'}") as store:
        store.feeds.add("http://a.test/feed")
        results, _ = asyncio.run(asyncio.wait_for(crawls(store, web, 12), 100))
        assert store.feeds.counts()[1] == {"entries": 5, "articles": 5, "pending": 0, "failed": 0}
        assert sum(result.new_articles for result in results) == 5
        assert sum(result.revised_articles for result in results) == 0
    pages = sum(number for name, number in web.asked.items() if "/page/" in name)
    assert pages == (5 if clock else 5 * 12), "a clock is no reason to read a page again; another text is"


def test_a_feed_that_brought_its_share_of_the_day_brings_no_more_however_little_at_once(tmp_path: Path) -> None:
    web = Web({"/feed": lambda: "".join(f"<item><link>http://a.test/page/{n}</link></item>" for n in range(3))})
    with Store.open(f"sqlite:///{tmp_path / 'x.db'}") as store:
        store.feeds.add("http://a.test/feed")
        with sqlite3.connect(tmp_path / "x.db") as database:
            database.execute(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) INSERT INTO entry"
                " (feed_id, key, content_hash, state, attempts, first_seen_at, last_seen_at)"
                " SELECT 1, 'k' || i, 'h' || i, 'read', 1, ?, ? FROM n",
                (decide.MOST_A_DAY - 1, *2 * [f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S.%f}"]),
            )
        asyncio.run(asyncio.wait_for(crawls(store, web), 100))
        assert store.feeds.counts()[1]["entries"] == decide.MOST_A_DAY


def test_a_page_that_three_feeds_list_is_fetched_once(tmp_path: Path) -> None:
    items = [f"<item><link>http://a.test/page/{number}?utm_source={{name}}</link></item>" for number in range(8)]
    listed = "".join(items)
    web = Web({f"/feed/{name}": lambda name=name: listed.format(name=name) for name in "abc"})
    with Store.open(f"sqlite:///{tmp_path / 'x.db'}") as store:
        for name in "abc":
            store.feeds.add(f"http://feed{name}.test/feed/{name}", name)
        ([result], _) = asyncio.run(asyncio.wait_for(crawls(store, web), 100))
        assert (result.new_articles, result.failures) == (8, ())
        assert {frozenset(copy.article.feeds) for copy in store.stories.export()} == {frozenset("abc")}
        assert all(one["pending"] == 0 for one in store.feeds.counts().values())
    assert sum(number for name, number in web.asked.items() if "/page/" in name) == 8


@pytest.mark.parametrize("late_s", [0.0, 1.0])
def test_a_page_that_two_feeds_call_changed_is_fetched_once(tmp_path: Path, late_s: float) -> None:
    """Whether the second feed says so before the page has been read, or after it."""
    said = ["as it was"]
    item = "<item><link>http://a.test/page/1?utm_source={}</link><description>{}</description></item>"
    web = Web({f"/feed/{name}": lambda name=name: item.format(name, said[0]) for name in "ab"})
    with Store.open(f"sqlite:///{tmp_path / 'x.db'}") as store:
        for name in "ab":
            store.feeds.add(f"http://feed{name}.test/feed/{name}", name)
        asyncio.run(asyncio.wait_for(crawls(store, web), 100))
        said[0], web.late_s = "otherwise", {"/feed/b": late_s}
        web.asked.clear()
        asyncio.run(asyncio.wait_for(crawls(store, web, 2), 100))
        assert all(one["pending"] == 0 for one in store.feeds.counts().values())
    assert [number for name, number in web.asked.items() if "/page/" in name] == [1]


def test_a_page_that_a_feed_calls_changed_while_it_is_read_is_not_left_for_the_next_crawl(tmp_path: Path) -> None:
    said = ["as it was"]
    item = "<item><link>http://a.test/page/1?utm_source={}</link><description>{}</description></item>"
    web = Web({f"/feed/{name}": lambda name=name: item.format(name, said[0]) for name in "ab"})
    web.make["/feed/c"] = lambda: f"<!-- {random.random()} -->"  # read beside the first, so that both workers run
    with Store.open(f"sqlite:///{tmp_path / 'x.db'}") as store:
        for name in "abc":
            store.feeds.add(f"http://feed{name}.test/feed/{name}", name)
        asyncio.run(asyncio.wait_for(crawls(store, web), 100))
        said[0], web.links, web.after_page, web.page_sent = "otherwise", 14_000, "/feed/b", asyncio.Event()
        web.late_s["/feed/b"] = 0.1
        web.asked.clear()
        asyncio.run(asyncio.wait_for(crawls(store, web, processes=2), 100))
        assert all(one["pending"] == 0 for one in store.feeds.counts().values())
    assert [number for name, number in web.asked.items() if "/page/" in name] == [1]


@pytest.mark.parametrize("order", ["ab", "ba"])
def test_what_a_second_feed_adds_is_read_whichever_came_first(tmp_path: Path, order: str) -> None:
    """Both list one page, which names nobody; one of them says who wrote it."""
    item = "<item><link>http://a.test/page/1</link>{}</item>"
    web = Web({"/feed/a": lambda: item.format("<author>Jane Roe</author>"), "/feed/b": lambda: item.format("")})
    with Store.open(f"sqlite:///{tmp_path / 'x.db'}") as store:
        for name in order:
            store.feeds.add(f"http://feed{name}.test/feed/{name}", name)
            asyncio.run(asyncio.wait_for(crawls(store, web), 100))
        [copy] = store.stories.export()
        assert (copy.article.byline, copy.article.feeds, copy.article.revision) == (("Jane Roe",), tuple(order), 1)
        assert copy.credit is not None
        assert copy.credit.author == "Jane Roe"


def test_no_name_from_outside_names_a_file(tmp_path: Path) -> None:
    """Guids, links, titles and hosts that look like paths: beside the store there is nothing but its own files."""
    traps = ["../../../escaped", "/tmp/escaped", "..%2f..%2fescaped", "C:\\escaped", "escaped\x01", "e" * 300]
    items = "".join(
        f"<item><guid>{name}</guid><title>{name}</title><link>http://a.test/page/1?x={name}</link></item>"
        f"<item><guid>{name}!</guid><link>http://{name.strip('/.')[:60]}.test/page/2/{name}</link></item>"
        for name in traps
    )
    web = Web({"/feed": lambda: items})
    folder = tmp_path / "store"
    folder.mkdir()
    with Store.open(f"sqlite:///{folder / 'x.db'}") as store:
        store.feeds.add("http://a.test/feed", "../../escaped", "../escaped")
        asyncio.run(asyncio.wait_for(crawls(store, web), 100))
        assert store.feeds.counts()[1]["articles"] > 0
        assert {path.name for path in folder.iterdir()} <= {"x.db", "x.db-wal", "x.db-shm", "x.db-locks"}
    assert [path.name for path in tmp_path.iterdir()] == ["store"]
    assert not list(tmp_path.parent.glob("escaped*"))


def test_a_feed_that_is_added_and_one_that_is_removed_while_a_crawl_runs(tmp_path: Path) -> None:
    """Their entries may be claimed by a run that began before; it reads the one and drops the other."""
    web = Web({"/feed": lambda: "<item><link>http://a.test/page/1</link></item>"})
    url = f"sqlite:///{tmp_path / 'x.db'}"

    def subscribe(store: Store, url: str, number: int) -> None:
        """A feed that was fetched, with a page that is still to be read."""
        feed, run, now = store.feeds.add(url), store.runs.begin("crawl"), datetime.now(UTC)
        store.feeds.claim(run, now, names=[url])
        entry = Entry(key=str(number), guid=None, url=f"http://a.test/page/{number}", title=None, content_hash="x")
        chosen = Selection((entry,), (), ())
        assert store.feeds.record(FeedUpdate(feed.id, now, "ok", None, 0, now + timedelta(hours=1), None, chosen), run)
        store.runs.finish(run)

    async def scenario(store: Store) -> Crawl:
        done: list[bool] = []

        def meanwhile(progress: Progress) -> None:
            if not done:
                done.append(True)
                subscribe(store, "http://late.test/feed", 2)
            elif progress.pages and len(done) == 1:  # claimed, and not read yet
                done.append(True)
                store.feeds.remove("http://gone.test/feed")

        async with Server(web.answer) as server:
            settings = {"connect_to": {"*.test": server.address}, "host_gap_s": 0}
            config = Config.model_validate({"fetch": settings, "work": {"processes": 1}})
            workers = ProcessWorkers(config.work, preload=("pipeline.reading", "feedparser"))
            try:
                return await crawl(config, store, workers, Plan(store.runs.begin("crawl"), progress=meanwhile))
            finally:
                workers.close()

    with Store.open(url) as store:
        store.feeds.add("http://a.test/feed")
        subscribe(store, "http://gone.test/feed", 9)
        asyncio.run(asyncio.wait_for(scenario(store), 100))
        urls = {copy.article.url for copy in store.stories.export()}
        assert {"http://a.test/page/1", "http://a.test/page/2"} <= urls
        assert [feed.url for feed in store.feeds.all()] == ["http://a.test/feed", "http://late.test/feed"]


def test_after_a_day_without_us_each_feed_is_fetched_once_and_in_turn(tmp_path: Path) -> None:
    """All are due at once; per host the gap is kept, nothing is caught up on, and then nothing is due."""
    names = [f"/feed/{number}" for number in range(12)]
    web = Web({name: lambda: "" for name in names})
    gap_s = 0.3

    async def scenario(store: Store) -> tuple[Crawl, Crawl, Server]:
        await crawls(store, web)
        with sqlite3.connect(tmp_path / "x.db") as connection:  # a day ago, and nobody was here since
            connection.execute("UPDATE feed SET last_fetched_at = datetime('now', '-1 day') || '.000000'")
            connection.execute("UPDATE feed SET next_fetch_at = datetime('now', '-23 hours') || '.000000'")
            connection.execute("UPDATE run SET ended_at = NULL, outcome = NULL")  # it was killed
            connection.execute("UPDATE feed SET claimed_by = 1 WHERE id % 2")
        store.runs.recover()
        async with Server(web.answer) as server:
            fetch = {"connect_to": {"*.test": server.address}, "host_gap_s": gap_s}
            config = Config.model_validate({"fetch": fetch, "work": {"processes": 1}})
            workers = ProcessWorkers(config.work, preload=("feedparser",))
            try:
                first = await crawl(config, store, workers, Plan(store.runs.begin("crawl")))
                second = await crawl(config, store, workers, Plan(store.runs.begin("crawl")))
            finally:
                workers.close()
        return first, second, server

    with Store.open(f"sqlite:///{tmp_path / 'x.db'}") as store:
        for number, name in enumerate(names):
            store.feeds.add(f"http://site{number % 3}.test{name}")
        first, second, server = asyncio.run(asyncio.wait_for(scenario(store), 100))
    assert (first.feeds, second.feeds) == (12, 0)
    assert sorted(server.paths) == sorted(names)
    for host in {seen.header(b"host") for seen in server.seen}:
        starts = [seen.at for seen in server.seen if seen.header(b"host") == host]
        # Arrival is seen a moment after the start; early by more than that is none.
        assert all(later - earlier >= gap_s * 0.5 for earlier, later in itertools.pairwise(starts))
