"""Server time, time under load and memory of ``onecopy serve``. Run by ``scripts/bench serve``.

A store of N stories is filled with rows of real length (a tenth of them with two copies) straight through the store's
tables: what is measured is reading, not grouping. Then the real server is started as a process, and asked for the
stream, a search and a story page: one after the other (server time by its Server-Timing header), and by 20 users at
once, each with the next request as soon as the last one is answered, while another process places and saves 20 articles
a second in the same store: a crawl of 5,000 feeds that finds 70,000 articles an hour. Server and users share the cores.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from itertools import accumulate, islice
from pathlib import Path

import httpx
import psutil
from sqlalchemy import insert

from pipeline.store import Store
from pipeline.store.columns import url_key
from pipeline.store.schema import article, copy, story

USERS = 20
ARTICLES_PER_SECOND = 20
LIMITS = {"server p95 ms": 50.0, "20 users p95 ms": 150.0, "memory MB": 250.0}
WORD = re.compile(rb"dur=([0-9.]+)")


def fill(url: str, stories: int) -> None:
    """Stories with their texts, index rows included; every tenth has a second copy."""
    chance = random.Random(6)
    words = [f"w{number:x}" for number in range(20_000)]
    weights = list(accumulate(1 / (rank + 2.7) for rank in range(len(words))))
    start = datetime(2025, 1, 1, tzinfo=UTC)
    texts = [
        "\n".join(" ".join(chance.choices(words, cum_weights=weights, k=60)) for _ in range(6)) for _ in range(2_000)
    ]
    with Store.open(url) as store:
        database = store._database
        number = 0
        for first in range(1, stories + 1, 5_000):
            articles, copies, told, indexed = [], [], [], []
            for one in range(first, min(first + 5_000, stories + 1)):
                at = start + timedelta(minutes=one)
                original = number + 1
                for _ in range(2 if one % 10 == 0 else 1):
                    number += 1
                    site = f"site{chance.randrange(200)}.example"
                    text = texts[(one * 7) % len(texts)]
                    title = " ".join(chance.choices(words, cum_weights=weights, k=8)) + f" s{one}"
                    address = f"https://{site}/{number}"
                    articles.append(_article(number, address, site, title, text, at))
                    kind = "original" if number == original else "republication"
                    copies.append(
                        {
                            "article_id": number,
                            "story_id": one,
                            "kind": kind,
                            "similarity": 1.0,
                            "names": "",
                            "evidence": [],
                        }
                        | {"copied_from_id": None if number == original else original, "credit": None}
                    )
                    indexed.append({"id": number, "title": title, "byline": "", "text": text})
                count = number - original + 1
                told.append(
                    {
                        "id": one,
                        "original_id": original,
                        "copies": count,
                        "sites": count,
                        "first_seen_at": at,
                        "sort_at": at,
                    }
                )
            with database.write() as connection:
                connection.execute(insert(article), articles)
                connection.execute(insert(story), told)
                connection.execute(insert(copy), copies)
                from pipeline.store.search import Fts5Index

                connection.execute(Fts5Index._ADD, indexed)


def _article(number: int, url: str, site: str, title: str, text: str, at: datetime) -> dict[str, object]:
    return {
        "id": number,
        "canonical_key": url_key(url),
        "first_seen_at": at,
        "published_at": at,
        "seen_at": at,
        "revision": 1,
        "site": site,
        "title": title,
        "byline": ["Ann Lee"],
        "names": "ann lee",
        "url": url,
        "canonical_url": url,
        "language": "en",
        "method": "bench/1",
        "based_on": [],
        "feeds": [],
        "links": [],
        "text": text,
    }


def paths(chance: random.Random, stories: int) -> list[tuple[str, str]]:
    """A mix of what people ask for: (kind, path)."""
    return [
        ("stream", "/"),
        ("story", f"/stories/{chance.randint(1, stories)}"),
        ("story", f"/stories/{chance.randint(1, stories // 10) * 10}"),
        ("search", f"/?q=s{chance.randint(1, stories)}"),
        ("search", f"/?q=w{chance.randint(200, 5000):x}+w{chance.randint(2, 60):x}"),
        ("older", f"/?after={_cursor(chance.randint(100, stories))}"),
    ]


def _cursor(one: int) -> str:
    at = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=one)
    return f"{int(at.timestamp()) * 1_000_000}.{one}"


def p95(values: list[float]) -> float:
    """The 95th percentile."""
    return sorted(values)[int(len(values) * 0.95)] if values else 0.0


def alone(url: str, stories: int, rounds: int) -> dict[str, list[float]]:
    """Milliseconds of server time by kind of page, one request at a time."""
    chance = random.Random(1)
    found: dict[str, list[float]] = {}
    with httpx.Client(base_url=url, timeout=60) as http:
        for _ in range(rounds):
            for kind, path in paths(chance, stories):
                answer = http.get(path)
                assert answer.status_code == 200, (path, answer.status_code)
                found.setdefault(kind, []).append(float(WORD.search(answer.headers["server-timing"].encode())[1]))  # type: ignore[index]
    return found


def together(address: str, stories: int, seconds: float) -> list[float]:
    """Milliseconds from request to whole answer, 20 users at once without a pause."""
    took: list[float] = []
    ends = time.monotonic() + seconds

    def user(seed: int) -> None:
        chance = random.Random(seed)
        http = HTTPConnection(address, timeout=60)  # costs a tenth of httpx: users bring their own processors
        while time.monotonic() < ends:
            _, path = chance.choice(paths(chance, stories))
            began = time.perf_counter()
            http.request("GET", path, headers={"Accept": "text/html"})
            answer = http.getresponse()
            answer.read()
            assert answer.status == 200, (path, answer.status)
            took.append((time.perf_counter() - began) * 1000)
        http.close()

    threads = [threading.Thread(target=user, args=(seed,)) for seed in range(USERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return took


def write(folder: Path) -> None:
    """Place and save articles as a crawl does, 20 a second, until killed; says how many after each batch."""
    from bench.texts import articles
    from pipeline import Pipeline

    lines = (json.dumps(one | {"url": f"{one['url']}/{os.getpid()}"}) for one in articles(100_000, os.getpid()))
    done = 0
    with Pipeline(folder / "config.yaml") as pipeline:
        began = time.monotonic()
        while batch := list(islice(lines, 5)):
            pipeline.import_lines(batch)
            done += len(batch)
            print(done, flush=True)
            time.sleep(max(0.0, began + done / ARTICLES_PER_SECOND - time.monotonic()))


def main() -> int:
    """Measure, print, and fail where a limit is exceeded."""
    parser = argparse.ArgumentParser(prog="scripts/bench serve", description=__doc__.splitlines()[0])
    parser.add_argument("--stories", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--dir", type=Path, help="keep the store here, and use it again")
    parser.add_argument("--write", type=Path, help=argparse.SUPPRESS)  # how this starts its writer
    chosen = parser.parse_args()
    if chosen.write:
        write(chosen.write)
        return 0
    with tempfile.TemporaryDirectory() as temporary:
        return measure(chosen.dir or Path(temporary), chosen.stories, chosen.rounds, chosen.seconds)


def measure(folder: Path, stories: int, rounds: int, seconds: float) -> int:
    """All of it over one store."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.yaml").write_text("store: {url: 'sqlite:///onecopy.db'}\n")
    if not (folder / "onecopy.db").exists():
        fill(f"sqlite:///{folder / 'onecopy.db'}", stories)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "pipeline", "--config", folder / "config.yaml", "serve", "--port", str(port)],
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
    )
    url = f"http://127.0.0.1:{port}"
    try:
        while True:
            try:
                httpx.get(f"{url}/static/icon.svg")
                break
            except httpx.TransportError:
                time.sleep(0.2)
        return report(folder, server.pid, url, stories, rounds, seconds)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


def report(folder: Path, pid: int, url: str, stories: int, rounds: int, seconds: float) -> int:
    """The figures, against their limits."""
    for _ in range(8):  # connections: each process has statements to compile first
        alone(url, stories, 1)
    idle = alone(url, stories, rounds)
    process = psutil.Process(pid)
    with subprocess.Popen(
        [sys.executable, "-m", "bench.serve", "--write", folder], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()  # it writes
        before = _seconds(process)
        crowd = together(url.removeprefix("http://"), stories, seconds)
        each = (_seconds(process) - before) * 1000 / len(crowd)
        writer.terminate()
        written = int(writer.stdout.read().split()[-1])
    memory = _memory(process)
    for kind, values in idle.items():
        print(f"{kind:8} server time p50 {statistics.median(values):6.1f} ms  p95 {p95(values):6.1f} ms")
    print(f"{USERS} users while {written} articles were written: {len(crowd) / seconds:.0f} requests/s,")
    print(f"         p50 {statistics.median(crowd):6.1f} ms  p95 {p95(crowd):6.1f} ms;  memory {memory:.0f} MB;")
    print(f"         {each:.1f} ms of the server's processor time a request")
    figures = {
        "server p95 ms": max(p95(values) for values in idle.values()),
        "20 users p95 ms": p95(crowd),
        "memory MB": memory,
    }
    missed = [f"{name} {value:.0f} > {LIMITS[name]:.0f}" for name, value in figures.items() if value > LIMITS[name]]
    print("missed: " + ", ".join(missed) if missed else "all limits are kept")
    return bool(missed)


def _family(process: psutil.Process) -> list[psutil.Process]:
    return [process, *process.children(recursive=True)]


def _seconds(process: psutil.Process) -> float:
    """Of processor time, of all processes of the server."""
    return sum(sum(one.cpu_times()[:2]) for one in _family(process))


def _memory(process: psutil.Process) -> float:
    """Megabytes of all processes of the server; pages that several of them share count once (PSS)."""
    return sum(one.memory_full_info().pss for one in _family(process)) / 1e6


if __name__ == "__main__":
    sys.exit(main())
