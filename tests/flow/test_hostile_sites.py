"""A crawl among hostile sites: each costs itself, the good one is read, and nobody reaches inside."""

from __future__ import annotations

import asyncio
import gzip
import sys
from pathlib import Path

from pipeline.config import Config
from pipeline.crawl import Plan, crawl
from pipeline.model import CopyRow, Crawl
from pipeline.store import Store
from pipeline.work import ProcessWorkers

sys.path.insert(0, str(Path(__file__).parents[1] / "fetch"))
from fetch_server import Seen, Server, answers, reply

WORDS = " ".join(f"The council heard argument number {n} about the bridge." for n in range(12))
PAGE = f"<html><title>Bridge</title><article><p>{WORDS}</p></article></html>".encode()


def feed(inside: str, head: str = "") -> bytes:
    return f'{head}<rss version="2.0"><channel><title>t</title>{inside}</channel></rss>'.encode()


def traps(inside: str) -> dict[str, bytes]:
    """A feed and its pages, everything in which leads to the listener at ``inside``."""
    url = f"http://{inside}"
    links = [
        f"{url}/link", f"http://user:secret@{inside}/x", "file:///etc/passwd", "javascript:alert(1)", f"//{inside}/y",
        "http://traps.test/redirect", "http://traps.test/refresh", "http://rebound.test/z", "gopher://127.0.0.1/x",
    ]  # fmt: skip
    items = "".join(f"<item><title>trap {n}</title><link>{link}</link></item>" for n, link in enumerate(links))
    extras = (
        f'<icon>{url}/icon</icon><image><url>{url}/i.png</url></image><link rel="next" href="{url}/next"/>'
        f'<cloud domain="127.0.0.1" port="1" path="/"/><enclosure url="{url}/e.mp3"/><link>{url}/home</link>'
    )
    head = f'<?xml version="1.0"?><?xml-stylesheet href="{url}/a.xsl"?><!DOCTYPE rss SYSTEM "{url}/a.dtd">'
    return {
        "/traps": reply(feed(extras + items, head)),
        "/redirect": reply(b"", "302 X", f"Location: {url}/redirected", f"Refresh: 0; url={url}/refreshed"),
        "/refresh": reply(
            f'<html><head><meta http-equiv="refresh" content="0;url={url}/meta"><link rel="canonical" href="{url}/c">'
            f'</head><body><img src="{url}/p.gif"><p>{WORDS}</p></body></html>'.encode(),
            "200 OK",
            f"Refresh: 0; url={url}/header",
        ),
    }


def hostile() -> dict[str, bytes]:
    """Feeds, each of them bad in its own way."""
    return {
        "/bomb": reply(gzip.compress(bytes(20_000_000)), "200 OK", "Content-Encoding: gzip"),
        "/deep": reply(feed("<a>" * 10_000)),
        "/entities": reply(feed("<title>&b;</title>", '<!DOCTYPE a [<!ENTITY a "x"><!ENTITY b "&a;&a;">]>')),
        "/html": reply(b"<!DOCTYPE html><title>Log in</title>"),
        "/path": reply(b"/etc/passwd"),
        "/cut": reply(feed("<item><title>x</title></item>"), "200 OK", "Content-Length: 9999"),
        "/loop": reply(b"", "301 X", "Location: /loop"),
        "/charset": reply(feed(""), "200 OK", "Content-Type: text/xml; charset=undefined\x00punycode"),
        "/items": reply(feed("<item><title>x</title><guid>1</guid></item>" * 30_000)),
        "/gone": reply(b"", "410 Gone"),
    }


async def _answer(table: dict[str, bytes], seen: Seen, writer: asyncio.StreamWriter) -> None:
    if seen.path == "/silent":
        await asyncio.sleep(60)
    elif seen.path == "/drip":
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.2)
    elif seen.path == "/robots.txt":
        writer.write(reply(b"", "404 X"))
    else:
        writer.write(table.get(seen.path, reply(PAGE)))
        if seen.path == "/cut":
            writer.close()


async def _crawl(url: str) -> tuple[Crawl, list[CopyRow], Server, dict[str, bool]]:
    async with Server(answers(reply(b"secret"))) as inside:
        good = feed("<item><title>Bridge</title><link>http://good.test/1</link></item>")
        table = {"/good": reply(good)} | hostile() | traps(inside.address)
        names = [*table, "/silent", "/drip"]
        async with Server(lambda seen, writer: _answer(table, seen, writer)) as server:
            config = Config.model_validate(
                {
                    "fetch": {
                        "connect_to": {"*.test": server.address, "rebound.test": "127.0.0.1:1"},
                        "host_gap_s": 0,
                        "timeout_s": 4,
                        "header_timeout_s": 3,
                    },
                    "work": {"processes": 1},
                }
            )
            with Store.open(url) as store:
                for name in names:
                    if not name.startswith("/re"):
                        store.feeds.add(f"http://{name.strip('/')}.test{name}")
                workers = ProcessWorkers(config.work, preload=("pipeline.reading", "feedparser"))
                try:
                    result = await crawl(config, store, workers, Plan(store.runs.begin("crawl")))
                finally:
                    workers.close()
                enabled = {one.url: one.enabled for one in store.feeds.all()}
                return result, list(store.stories.export()), inside, enabled


def test_every_bad_site_costs_itself_only(tmp_path: Path) -> None:
    result, stored, inside, enabled = asyncio.run(asyncio.wait_for(_crawl(f"sqlite:///{tmp_path / 'x.db'}"), 100))
    assert inside.connections == 0
    found = {failure.url.rpartition("/")[2]: failure.reason for failure in result.failures if failure.what == "feed"}
    assert found == {
        "bomb": "too large",
        "deep": "unreadable",
        "entities": "unreadable",
        "html": "unreadable",
        "path": "unreadable",
        "charset": "protocol",
        "cut": "truncated",
        "loop": "redirects",
        "gone": "gone",
        "silent": "timeout",
        "drip": "timeout",
    }
    assert {url for url, on in enabled.items() if not on} == {"http://gone.test/gone"}
    assert "http://good.test/1" in {copy.article.url for copy in stored}
    refused = [failure for failure in result.failures if failure.reason == "refused address"]
    assert len(refused) >= 4  # the links, with and without credentials, and the redirect
    assert "secret" not in str(result.failures)
