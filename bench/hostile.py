"""The worst inputs that we know, each through the very path that it would take: seconds, memory, and what became of it.

    scripts/gate hostile

Bodies come from a server on loopback through the client; documents are parsed in a worker with the default limits, a
new one for each, so that its memory is the input's own doing. The exit code is 1 when one of them is taken for a good
document that must not be, or takes longer than its deadline allows.
"""

from __future__ import annotations

import asyncio
import gzip
import sys
import time
import tracemalloc
import zlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import brotli

from pipeline.config import FetchSettings, WorkSettings
from pipeline.errors import DocumentError
from pipeline.feeds import parse_feed
from pipeline.fetch import Client
from pipeline.model import Entry, FetchError, ParsedFeed, Request
from pipeline.reading import Document, read_document
from pipeline.work import ProcessWorkers

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
SLACK_S = 5.0  # of a busy machine, beyond a deadline


def rss(inside: str) -> bytes:
    """A feed around ``inside``."""
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>{inside}</channel></rss>'.encode()


def html(inside: str) -> bytes:
    """A page around ``inside``."""
    return (
        f"<html><head><title>t</title></head><body><p>{'Some words of text. ' * 40}</p>{inside}</body></html>".encode()
    )


FEEDS: dict[str, bytes] = {
    "100,000 items": rss("".join(f"<item><title>x</title><guid>{n}</guid></item>" for n in range(100_000))),
    "10 MB in one item": rss("<item><title>x</title><description>" + "word " * 2_000_000 + "</description></item>"),
    "quadratic entities": b'<!DOCTYPE a [<!ENTITY a "' + b"x" * 1_900 + b'">]>' + rss("<title>" + "&a;" * 400_000),
    "depth 200,000": rss("<a>" * 200_000),
    "attributes, 1 MB": rss("<item " + " ".join(f"a{n}='1'" for n in range(100_000)) + "/>"),
    "a name of 9 MB": rss("<" + "a" * 9_000_000),
    "a guid of 9 MB": rss("<item><title>x</title><guid>" + "g" * 9_000_000 + "</guid></item>"),
    "NUL, 9 MB": rss("<item><title>" + "\0" * 9_000_000 + "</title></item>"),
    "JSON depth 4,000,000": b'{"version":"https://jsonfeed.org/version/1.1","items":' + b"[" * 4_000_000,
    "unclosed tags in CDATA, 9 MB": rss("<item><title>x</title><description><![CDATA[" + "<a " * 3_000_000),
}
PAGES: dict[str, bytes] = {
    "a page of 5 MB": html("<p>" + "More words of text here. " * 200_000 + "</p>"),
    "depth 200,000 in a page": html("<div>" * 200_000),
    "a table of 300 x 300": html("<table>" + ("<tr>" + "<td>x</td>" * 300 + "</tr>") * 300 + "</table>"),
    "30,000 paragraphs of links": html("<p><a href='/x'>a link of words</a></p>" * 30_000),
    "colspan 9e15": html("<table><tr><td colspan='9007199254740991'>x</td></tr></table>"),
}


async def _request(reader: asyncio.StreamReader) -> None:
    await reader.readuntil(b"\r\n\r\n")


def bomb(coding: str, packed: bytes) -> Handler:
    """A server that sends compressed bytes."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _request(reader)
        head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\nContent-Length: {len(packed)}\r\n\r\n"
        writer.write(head.encode() + packed)

    return handle


def endless(head: bytes, piece: bytes, pause_s: float = 0.0) -> Handler:
    """A server that never comes to an end."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _request(reader)
        writer.write(head)
        while True:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause_s)

    return handle


OK = b"HTTP/1.1 200 OK\r\n"
SERVERS: dict[str, Callable[[], Handler]] = {
    "gzip bomb, 1 GB": lambda: bomb("gzip", _zeros(1_000)),
    "gzip of 400,000 members": lambda: bomb("gzip", gzip.compress(b"") * 400_000),
    "deflate bomb, 1 GB": lambda: bomb("deflate", _zeros(1_000, zlib.MAX_WBITS)),
    "br bomb, 1 GB": lambda: bomb("br", brotli.compress(bytes(1_000_000_000), quality=2)),
    "zstd bomb, 1 GB": lambda: bomb("zstd", zstd.compress(bytes(1_000_000_000))),
    "zstd of 400,000 frames": lambda: bomb("zstd", zstd.compress(b"") * 400_000),
    "a coding that nobody asked for": lambda: bomb("compress", b"\x1f\x9d" * 500),
    "a body without end": lambda: endless(
        OK + b"Transfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + b"x" * 65_536 + b"\r\n"
    ),
    "headers without end": lambda: endless(OK, b"X-Header: " + b"x" * 1_000 + b"\r\n"),
    "a header line without end": lambda: endless(OK + b"X: ", b"x" * 65_536),
    "a drip of bytes": lambda: endless(OK + b"\r\n", b"x", 0.2),
    "a drip of headers": lambda: endless(OK, b"X: y\r\n", 0.5),
}


def _zeros(megabytes: int, bits: int = 16 + zlib.MAX_WBITS) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, bits)
    return b"".join(packer.compress(bytes(1_000_000)) for _ in range(megabytes)) + packer.flush()


def measured(kind: str, body: bytes) -> tuple[str, float]:
    """In the worker: what a document gives, and by how many MB the worker's resident memory grew at its highest."""
    before = _memory("VmRSS")
    # ru_maxrss is of no use: a child begins with its parent's. 5 resets the peak (Linux, proc_pid_clear_refs(5)).
    Path("/proc/self/clear_refs").write_text("5")
    try:
        if kind == "feed":
            parsed: ParsedFeed = parse_feed(body, "https://example.org/feed")
            said = f"read, {len(parsed.entries):,} entries"
        else:
            entry = Entry(key="k", guid=None, url="https://example.org/a", title="t")
            found = read_document(Document(entry, "https://example.org/a", body, "text/html", datetime.now(UTC), ""))
            said = f"read, {len(found.article.text):,} characters"
    except DocumentError as error:
        said = f"{type(error).__name__}: {error}"
    return said, _memory("VmHWM") - before


def _memory(name: str) -> float:
    """A value of /proc/self/status in MB."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1024


async def documents(kind: str, bodies: dict[str, bytes], timeout_s: float) -> bool:
    """Each document in a new worker; False when one took too long."""
    from bench.hostile import measured  # by the name under which the worker can import it

    good = True
    for name, body in bodies.items():
        workers = ProcessWorkers(WorkSettings(processes=1), preload=("bench.hostile", "feedparser", "trafilatura"))
        try:
            await workers.run(measured, kind, b"", timeout_s=60)  # imports are no doing of a document
            started = time.perf_counter()
            try:
                said, grown = await workers.run(measured, kind, body, timeout_s=timeout_s)
            except DocumentError as error:
                said, grown = f"killed: {error}", float("nan")
            seconds = time.perf_counter() - started
        finally:
            workers.close()
        good = good and seconds < timeout_s + SLACK_S
        print(f"{kind:7} {name:32} {seconds:7.2f} s {grown:+8.0f} MB  {said[:90]}", flush=True)
    return good


async def servers() -> bool:
    """Each server through the client; False when one brought a document, or took too long."""
    good = True
    settings = {"timeout_s": 8.0, "header_timeout_s": 5.0}
    for name, make in SERVERS.items():
        server = await asyncio.start_server(_quietly(make()), "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        tracemalloc.start()
        started = time.perf_counter()
        async with Client(FetchSettings(connect_to={"*.test": f"127.0.0.1:{port}"}, **settings)) as client:  # type: ignore[arg-type]  # settings by name
            outcome = await client.fetch(Request("http://hostile.test/", max_bytes=10_000_000))
        seconds, peak = time.perf_counter() - started, tracemalloc.get_traced_memory()[1] / 1e6
        tracemalloc.stop()
        server.close()
        good = good and isinstance(outcome, FetchError) and seconds < settings["timeout_s"] + SLACK_S
        said = f"{outcome.reason}: {outcome.message}" if isinstance(outcome, FetchError) else "taken for a document"
        print(f"server  {name:32} {seconds:7.2f} s {peak:+8.0f} MB  {said[:90]}", flush=True)
    return good


def _quietly(handle: Handler) -> Handler:
    async def run(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await handle(reader, writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            return
        finally:
            writer.close()

    return run


def main() -> int:
    work = WorkSettings()
    good = asyncio.run(servers())
    good = asyncio.run(documents("feed", FEEDS, work.feed_timeout_s)) and good
    good = asyncio.run(documents("page", PAGES, work.page_timeout_s)) and good
    print("all as promised" if good else "A PROMISE WAS BROKEN")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
