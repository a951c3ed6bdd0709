"""Slow servers of every sort at once: each meets its deadline, and none of them delays the others."""

from __future__ import annotations

import asyncio
from collections import Counter

from fetch_server import Seen, Server, in_a_loop, reply, settings

from pipeline.fetch import Client
from pipeline.model import FetchError, Outcome, Request, Response

OF_EACH = 50
HEADERS = b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 4_000
BODY = b"HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n" + b"x" * 4_000
SORTS = {"/header": HEADERS, "/body": BODY, "/silent": b""}


async def _slowly(seen: Seen, writer: asyncio.StreamWriter) -> None:
    """A byte at a time, or nothing at all."""
    if seen.path == "/good":
        writer.write(reply())
        return
    for byte in SORTS[seen.path]:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0.05)
    await asyncio.sleep(60)


@in_a_loop
async def test_a_hundred_and_fifty_slow_servers_at_once() -> None:
    async with Server(_slowly) as server, Client(settings(server, timeout_s=4.0, header_timeout_s=4.0)) as client:
        urls = [f"http://slow{number}.test{sort}" for sort in SORTS for number in range(OF_EACH)]
        slow = [asyncio.create_task(client.fetch(Request(url))) for url in urls]
        while len(server.seen) < len(urls):
            await asyncio.sleep(0.01)
        for _ in range(20):
            assert isinstance(await client.fetch(Request("http://good.test/good")), Response)
        assert not any(task.done() for task in slow), "the good one waited for none of them"
        assert server.most_active >= len(urls)
        ended = await asyncio.gather(*slow)
    reasons = Counter((url.rpartition("/")[2], _reason(one)) for url, one in zip(urls, ended, strict=True))
    assert reasons == {(sort.strip("/"), "timeout"): OF_EACH for sort in SORTS}


def _reason(outcome: Outcome) -> str:
    return str(outcome.reason) if isinstance(outcome, FetchError) else "answered"
