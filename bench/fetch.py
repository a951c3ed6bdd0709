"""Many feeds on slow hosts: one crawl in which nothing has changed.

    scripts/bench fetch [--feeds 1000,5000,10000] [--hosts 1000] [--latency 2.0] [--rounds 1]

A server in a process of its own plays the hosts on loopback, each answer after ``latency`` seconds: the feed at first,
304 to its ETag from then on. Each number of feeds is crawled once to fill a store and then, in a fresh process and
after all feeds are due again, once more: that second crawl is measured, with the settings of the defaults (gap,
parallel limits, robots, workers). Printed are wall time, CPU time, the highest resident memory of the process with its
workers, the most threads, and what the server saw.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import psutil

FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>%d</title><link>http://h%d.bench.test/</link>
<description>Nothing new.</description></channel></rss>"""


def serve(connection: Connection, latency_s: float) -> None:
    """Answer on a free port until the pipe closes; then send what was seen."""
    seen: Counter[str] = Counter()
    active: Counter[str] = Counter()
    last: dict[str, float] = {}
    shortest = [float("inf")]

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                now = time.monotonic()
                lines = head.decode("latin-1").split("\r\n")
                path = lines[0].split(" ")[1]
                headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines[1:] if line)}
                host = headers["host"]
                shortest[0] = min(shortest[0], now - last.get(host, float("-inf")))
                last[host] = now
                active[host] += 1
                seen["most at one host"] = max(seen["most at one host"], active[host])
                seen["most at once"] = max(seen["most at once"], active.total())
                seen["requests"] += 1
                await asyncio.sleep(latency_s)
                active[host] -= 1
                etag = f'"{path}"'
                if headers.get("if-none-match") == etag:
                    seen["304"] += 1
                    writer.write(f"HTTP/1.1 304 Not Modified\r\nETag: {etag}\r\n\r\n".encode())
                else:
                    seen["200"] += 1
                    body = FEED % (hash(path), int(host[1:].split(".")[0]))
                    writer.write(
                        f"HTTP/1.1 200 OK\r\nETag: {etag}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
                    )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def run() -> None:
        server = await asyncio.start_server(handle, "127.0.0.1", 0, backlog=4096)
        connection.send(server.sockets[0].getsockname()[1])
        loop = asyncio.get_running_loop()
        while True:
            order = await loop.run_in_executor(None, connection.recv)
            if order == "stop":
                return
            connection.send({**seen, "shortest gap at one host": round(shortest[0], 3)})
            seen.clear()
            last.clear()
            shortest[0] = float("inf")

    asyncio.run(run())


def crawl(folder: Path, measured: bool) -> dict[str, Any]:
    """One crawl in this process; what it took."""
    from pipeline import Pipeline

    peak = {"rss": 0, "threads": 0}
    ended = threading.Event()

    def watch() -> None:
        me = psutil.Process()
        while not ended.wait(0.1):
            family = [me, *me.children(recursive=True)]
            rss = 0
            for one in family:
                try:
                    rss += one.memory_info().rss
                except psutil.Error:
                    continue
            peak["rss"] = max(peak["rss"], rss)
            peak["threads"] = max(peak["threads"], me.num_threads())

    watcher = threading.Thread(target=watch)
    watcher.start()
    started = time.monotonic()
    with Pipeline(folder / "config.yaml") as pipeline:
        result = pipeline.crawl(everything=measured)
    seconds = time.monotonic() - started
    ended.set()
    watcher.join()
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "feeds": result.feeds,
        "not modified": result.not_modified,
        "failures": len(result.failures),
        "wall s": round(seconds, 1),
        "CPU s": round(used.ru_utime + used.ru_stime, 1),
        "peak MB": round(peak["rss"] / 1e6),
        "own peak MB": round(used.ru_maxrss * 1024 / 1e6),
        "most threads": peak["threads"],
    }


def child(folder: Path, *, measured: bool) -> dict[str, Any]:
    """:func:`crawl` in a fresh process."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.fetch", "--child", str(folder), *(["--measured"] if measured else [])],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def measure(feeds: int, hosts: int, latency_s: float) -> dict[str, Any]:
    """Fill a store with ``feeds`` feeds, then crawl them unchanged."""
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.Process(target=serve, args=(theirs, latency_s), daemon=True)
    server.start()
    port = ours.recv()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lines = [f'  - {{url: "http://h{n % hosts}.bench.test/{n}"}}' for n in range(feeds)]
        (folder / "config.yaml").write_text(
            "feeds:\n" + "\n".join(lines) + f'\nfetch:\n  connect_to: {{"*.bench.test": "127.0.0.1:{port}"}}\n',
            encoding="utf-8",
        )
        child(folder, measured=False)
        ours.send("report")
        ours.recv()
        result = child(folder, measured=True)
        ours.send("report")
        result |= ours.recv()
    ours.send("stop")
    server.join(5)
    return result


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/bench fetch", description=__doc__.splitlines()[0])
    parser.add_argument("--feeds", default="1000,5000,10000", help="numbers of feeds (default 1000,5000,10000)")
    parser.add_argument("--hosts", type=int, default=1_000, help="that they are on (default 1000)")
    parser.add_argument("--latency", type=float, default=2.0, help="seconds until each answer (default 2)")
    parser.add_argument("--rounds", type=int, default=1, help="of each (default 1)")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--measured", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(crawl(options.child, options.measured)))
        return 0
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before", flush=True)
    for feeds in map(int, options.feeds.split(",")):
        for _ in range(options.rounds):
            print(json.dumps(measure(feeds, min(options.hosts, feeds), options.latency)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
