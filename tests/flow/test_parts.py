"""An article in parts, crawled: all of it, politely, and never without end."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from pipeline.config import Config
from pipeline.crawl import Plan, crawl
from pipeline.extraction.parts import MAX_PARTS
from pipeline.model import Crawl
from pipeline.store import Store
from pipeline.work import ProcessWorkers

sys.path.insert(0, str(Path(__file__).parents[1] / "fetch"))
from fetch_server import Server, pages, reply

SENTENCE = "Paragraph {} of part {} tells how the basin was drained in that year, and who paid for the pumps."


def page(number: int, following: str) -> bytes:
    text = "".join(f"<p>{SENTENCE.format(n, number)}</p>" for n in range(5))
    link = f'<link rel="next" href="{following}">' if following else ""
    return f"<html><head><title>Basin drained</title>{link}</head><article>{text}</article></html>".encode()


def site(parts: int) -> dict[str, bytes]:
    items = "".join(
        f"<item><title>Basin</title><link>http://s.test/{name}</link></item>" for name in ("short", "endless")
    )
    feed = f'<rss version="2.0"><channel><title>t</title>{items}</channel></rss>'.encode()
    table = {"/feed": reply(feed), "/robots.txt": reply(b"User-agent: *\nDisallow: /short/3")}
    table |= {f"/endless/{n}": reply(page(n, f"/endless/{n + 1}")) for n in range(2, parts)}
    table |= {"/short/2": reply(page(2, "/short/3")), "/short/3": reply(page(3, ""))}
    return table | {"/short": reply(page(1, "/short/2")), "/endless": reply(page(1, "/endless/2"))}


async def _texts(url: str) -> tuple[dict[str, str], list[str], Crawl]:
    async with Server(pages(site(40))) as server:
        settings = {"fetch": {"connect_to": {"*.test": server.address}, "host_gap_s": 0}, "work": {"processes": 1}}
        config = Config.model_validate(settings)
        with Store.open(url) as store:
            store.feeds.add("http://s.test/feed")
            workers = ProcessWorkers(config.work, preload=("pipeline.reading",))
            try:
                result = await crawl(config, store, workers, Plan(store.runs.begin("crawl")))
            finally:
                workers.close()
            stored = {copy.article.url: copy.article.text for copy in store.stories.export()}
        return stored, server.paths, result


def test_parts_are_read_within_robots_txt_and_the_limit(tmp_path: Path) -> None:
    stored, asked, result = asyncio.run(asyncio.wait_for(_texts(f"sqlite:///{tmp_path / 'x.db'}"), 100))
    assert stored.keys() == {"http://s.test/short", "http://s.test/endless"}
    short, endless = stored["http://s.test/short"], stored["http://s.test/endless"]
    assert [SENTENCE.format(4, n) in short for n in (1, 2, 3)] == [True, True, False]
    assert "/short/3" not in asked
    [said] = result.failures
    assert (said.what, said.url, said.reason) == ("page", "http://s.test/short/3", "robots")
    assert said.message.endswith("its article ends before this part")
    assert [SENTENCE.format(0, n) in endless for n in (1, MAX_PARTS, MAX_PARTS + 1)] == [True, True, False]
    assert len([path for path in asked if path.startswith("/endless")]) == MAX_PARTS
