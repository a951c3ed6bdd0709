"""Two crawlers at once on scripted hosts; every request that they made, judged.

    scripts/gate politeness

Six hosts on loopback, each with two feeds, pages and a robots.txt that closes some of the pages; one asks for a
crawl-delay, two answer a request with 429 or 503 and Retry-After. Two processes on one store crawl one feed of each
host at the same time, then everything is crawled to its end, then once more with nothing changed. The exit code is 1
when a promise of the report was broken.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from pipeline import Pipeline

GAP_S = 0.4
SLACK_S = 0.1  # a gap is kept between the moments of sending; what the loopback and a busy machine add varies
HOSTS = tuple(f"h{n}.polite.test" for n in range(6))
SLOW, SLOW_DELAY_S = HOSTS[1], 0.9  # crawl-delay
BUSY, BUSY_S = HOSTS[2], 2  # one page answers 429 at first
DOWN, DOWN_S = HOSTS[3], 3  # one page answers 503 at first
PAGES = 4  # per feed; the last is closed by robots.txt
PROMISES = ("conditional", "gaps", "robots", "retry_after", "parallel")


@dataclass
class Seen:
    """One request as the server saw it."""

    at: float
    host: str
    path: str
    conditional: bool
    status: int = 0
    ended_at: float = 0.0
    retry_after_s: float = 0.0


@dataclass
class Log:
    """All requests, and how many were under way at one host."""

    seen: list[Seen] = field(default_factory=list)
    active: Counter[str] = field(default_factory=Counter)
    most: Counter[str] = field(default_factory=Counter)


def answer(log: Log, one: Seen) -> tuple[int, list[str], bytes]:
    """Status, headers and body for a request."""
    if one.path == "/robots.txt":
        delay = f"Crawl-delay: {SLOW_DELAY_S}\n" if one.host == SLOW else ""
        return 200, [], f"User-agent: *\n{delay}Disallow: /closed/\n".encode()
    if one.path.startswith("/feed"):
        return (304, ['ETag: "v1"'], b"") if one.conditional else (200, ['ETag: "v1"'], feed(one.host, one.path))
    first = not any(seen.path == one.path and seen.host == one.host for seen in log.seen if seen is not one)
    if first and one.path == "/open/a/1" and one.host in (BUSY, DOWN):
        one.retry_after_s = BUSY_S if one.host == BUSY else DOWN_S
        return (429 if one.host == BUSY else 503), [f"Retry-After: {one.retry_after_s}"], b""
    text = " ".join(f"{one.host}{one.path} tells of matter {n} in words of its own." for n in range(20))
    return 200, [], f"<html><title>{one.path}</title><article><p>{text}</p></article></html>".encode()


def feed(host: str, path: str) -> bytes:
    """A feed with open pages and a closed one."""
    name = path[-1]
    folders = ["open"] * (PAGES - 1) + ["closed"]
    items = "".join(
        f"<item><title>{n}</title><link>http://{host}/{folder}/{name}/{n}</link></item>"
        for n, folder in enumerate(folders)
    )
    return f'<rss version="2.0"><channel><title>{host}{path}</title>{items}</channel></rss>'.encode()


async def _serve(log: Log, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines[1:] if line)}
            conditional = "if-none-match" in headers or "if-modified-since" in headers
            one = Seen(time.monotonic(), headers["host"], lines[0].split(" ")[1], conditional)
            log.seen.append(one)
            log.active[one.host] += 1
            log.most[one.host] = max(log.most[one.host], log.active[one.host])
            status, extra, body = answer(log, one)
            await asyncio.sleep(0.05)
            one.status, one.ended_at = status, time.monotonic()
            log.active[one.host] -= 1
            length = [] if status == 304 else [f"Content-Length: {len(body)}"]
            head = [f"HTTP/1.1 {status} X", "Content-Type: text/html; charset=utf-8", *length, *extra]
            writer.write("\r\n".join(head).encode() + b"\r\n\r\n" + body)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


@contextmanager
def serving(log: Log) -> Iterator[int]:
    """The hosts, on one port of loopback."""
    ready: list[int] = []
    started, loop = threading.Event(), asyncio.new_event_loop()
    stop = asyncio.Event()

    async def run() -> None:
        server = await asyncio.start_server(lambda r, w: _serve(log, r, w), "127.0.0.1", 0)
        ready.append(server.sockets[0].getsockname()[1])
        started.set()
        await stop.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(run()), daemon=True)
    thread.start()
    started.wait(10)
    try:
        yield ready[0]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)


def crawler(config: Path, names: list[str] | None) -> subprocess.Popen[bytes]:
    """A process that crawls the named feeds, or all of them, whether due or not."""
    code = (
        "import json, sys; from pipeline import Pipeline\n"
        "with Pipeline(sys.argv[1]) as p: p.crawl(json.loads(sys.argv[2]), everything=True)"
    )
    return subprocess.Popen([sys.executable, "-c", code, str(config), json.dumps(names)])


@dataclass(frozen=True)
class Report:
    """What the log says of each promise."""

    requests: int
    per_host_most: int
    conditional: tuple[int, int]  # of feeds in the crawl without changes: conditional, all
    gaps: tuple[float, int, int]  # the shortest, as a share of what the host wants; how many too short; of how many
    robots: tuple[int, int]  # requests for closed pages; pages asked for before robots.txt
    retry_after: tuple[int, int]  # requests before its end; how many times it was sent
    parallel: int  # hosts at which more than one request was under way

    def broken(self) -> list[str]:
        """The promises that were not kept."""
        kept = {
            "conditional": self.conditional[0] == self.conditional[1] > 0,
            "gaps": self.gaps[1] == 0 < self.gaps[2],
            "robots": self.robots == (0, 0),
            "retry_after": self.retry_after[0] == 0 < self.retry_after[1],
            "parallel": self.parallel == 0,
        }
        return [name for name in PROMISES if not kept[name]]


def run(folder: Path) -> tuple[Report, Log]:
    """The scenario. Raises CalledProcessError when a crawler fails."""
    log = Log()
    with serving(log) as port:
        urls = [f"http://{host}/feed/{name}" for host in HOSTS for name in "ab"]
        feeds = "\n".join(f'  - {{url: "{url}"}}' for url in urls)
        config = folder / "config.yaml"
        fetch = f'fetch:\n  connect_to: {{"*.polite.test": "127.0.0.1:{port}"}}\n  host_gap_s: {GAP_S}\n'
        config.write_text(f"feeds:\n{feeds}\n{fetch}schedule:\n  page_retry_s: 0\nwork:\n  processes: 1\n")
        with Pipeline(config):  # makes the store
            pass
        _finish([crawler(config, [url for url in urls if url.endswith(name)]) for name in "ab"])
        for _ in range(2):  # what was held back comes later
            _finish([crawler(config, None)])
        unchanged = len(log.seen)
        _finish([crawler(config, None)])
    return judge(log, unchanged), log


def _finish(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        if process.wait(120):
            raise subprocess.CalledProcessError(process.returncode, process.args)


def judge(log: Log, unchanged: int) -> Report:
    """Hold every request against the promises; from number ``unchanged`` on nothing had changed."""
    by_host: dict[str, list[Seen]] = defaultdict(list)
    for one in log.seen:
        by_host[one.host].append(one)
    shares, early, held, unasked = [], 0, 0, 0
    for host, seen in by_host.items():
        asked = False
        for before, after in pairwise(seen):
            asked = asked or before.path == "/robots.txt"
            wanted = SLOW_DELAY_S if host == SLOW and asked and not after.path.startswith("/feed") else GAP_S
            shares.append((after.at - before.at) / wanted if after.at - before.at < wanted - SLACK_S else 1.0)
            unasked += not asked and not after.path.startswith(("/feed", "/robots"))
        for one in seen:
            if one.retry_after_s:
                held += 1
                early += sum(one.ended_at < other.at < one.ended_at + one.retry_after_s for other in seen)
    again = [one for one in log.seen[unchanged:] if one.path.startswith("/feed")]
    return Report(
        requests=len(log.seen),
        per_host_most=max(log.most.values()),
        conditional=(sum(one.conditional for one in again), len(again)),
        gaps=(round(min(shares), 3), sum(share < 1 for share in shares), len(shares)),
        robots=(sum(one.path.startswith("/closed") for one in log.seen), unasked),
        retry_after=(early, held),
        parallel=sum(most > 1 for most in log.most.values()),
    )


def main() -> int:
    """Run the scenario and print what the log says."""
    with tempfile.TemporaryDirectory() as name:
        report, log = run(Path(name))
    statuses = Counter(one.status for one in log.seen)
    print(
        f"{report.requests} requests to {len(HOSTS)} hosts by 5 crawls, two of them at once; answers {dict(statuses)}"
    )
    print(f"conditional     {report.conditional[0]} of {report.conditional[1]} feeds in the crawl without changes")
    wanted = f"{GAP_S} s, at one host {SLOW_DELAY_S} s"
    print(f"gaps            {report.gaps[1]} of {report.gaps[2]} too short (wanted {wanted})")
    print(f"robots.txt      {report.robots[0]} closed pages asked for, {report.robots[1]} before the rules were read")
    print(f"Retry-After     {report.retry_after[0]} requests before its end; sent {report.retry_after[1]} times")
    print(f"parallel        at most {report.per_host_most} at one host")
    for name in report.broken():
        print(f"BROKEN: {name}")
    return 1 if report.broken() else 0


if __name__ == "__main__":
    sys.exit(main())
