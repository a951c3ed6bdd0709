"""One crawl that is killed, and the next one, that is to find everything in order."""

from __future__ import annotations

import asyncio
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.kills.judge import ahead, differences, recorded
from bench.kills.site import DOMAIN, Site, serving
from pipeline.config import Config
from pipeline.crawl import Plan, crawl
from pipeline.store import Store
from pipeline.work import ProcessWorkers

PROGRAM = "pipeline"
ETAG_FIRST = "bench.kills.etag_first"
WRITES = ("pwrite64", "fdatasync", "ftruncate", "unlink")  # what SQLite and the locks do to files; nothing is renamed
_CALL = re.compile(r"^(\d+) +(\w+)\(", re.MULTILINE)


@dataclass(frozen=True)
class Point:
    """Just before the ``number``-th system call of this name that a thread makes."""

    call: str
    number: int

    def __str__(self) -> str:
        return f"{self.call} {self.number}"


class Scene:
    """A site, and a folder with the configuration of who crawls it."""

    def __init__(self, folder: Path, site: Site, address: str) -> None:
        self.folder = folder
        self.site = site
        self.config = Config.model_validate(
            {
                "store": {"url": f"sqlite:///{folder / 'onecopy.db'}"},
                "fetch": {"connect_to": {f"*.{DOMAIN}": address}, "host_gap_s": 0},
                "work": {"processes": 1},
            }
        )
        (folder / "config.yaml").write_text(self.config.model_dump_json(exclude_defaults=True), encoding="utf-8")
        self._workers = ProcessWorkers(self.config.work, preload=("pipeline.reading", "pipeline.feeds"))

    @property
    def path(self) -> Path:
        """The store."""
        return self.folder / "onecopy.db"

    def command(self, program: str) -> list[str]:
        """A crawl as a process."""
        return [sys.executable, "-m", program, "--config", str(self.folder / "config.yaml"), "crawl", "--all"]

    def traced(self, program: str, *options: str) -> bool:
        """A crawl under strace; whether it was killed."""
        # Not with --seccomp-bpf, which is faster: signals are then not injected.
        done = subprocess.run(
            ["strace", "-f", "-b", "execve", "-q", *options, "--", *self.command(program)],
            capture_output=True,
            env=environment(),
            check=False,
        )
        if done.returncode not in (0, -signal.SIGKILL):
            raise RuntimeError(f"{' '.join(options)}: {done.returncode}: {done.stderr.decode()[-1000:]}")
        return done.returncode != 0

    def catch_up(self) -> list[str]:
        """Crawl everything once, with the right program; what is wrong with the store then."""
        with Store.open(self.config.store.url) as store:
            for url in self.site.feeds:
                store.feeds.add(url)
            store.runs.recover()
            run = store.runs.begin("crawl")
            result = asyncio.run(crawl(self.config, store, self._workers, Plan(run, force=True)))
            store.runs.finish(run)
            failed = [f"{failure.url}: {failure.message}" for failure in result.failures]
            return failed + differences(store, self.site)

    def close(self) -> None:
        """End the worker processes."""
        self._workers.close()


@contextmanager
def scene(folder: Path, feeds: int, window: int) -> Iterator[Scene]:
    """A site that was crawled once."""
    site = Site(feeds, window)
    with serving(site) as address:
        made = Scene(folder, site, address)
        try:
            wrong = made.catch_up()
            if wrong:
                raise RuntimeError(f"before any kill: {wrong[:5]}")
            yield made
        finally:
            made.close()


def environment() -> dict[str, str]:
    """Of the crawling process: this source."""
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}


class WritePoints:
    """The same crawl again and again, each time from the same store, killed before one of its writes."""

    def __init__(self, scene: Scene, items: int) -> None:
        self._scene = scene
        self._before = scene.folder / "before.db"
        shutil.copy(scene.path, self._before)
        scene.site.publish(items)

    def count(self) -> dict[str, int]:
        """How many writes of each name a crawl makes that nobody kills, in the thread that makes most of them."""
        log = self._scene.folder / "strace.txt"
        self._scene.traced(PROGRAM, "-e", f"trace={','.join(WRITES)}", "-o", str(log))
        threads = Counter(match.groups() for match in _CALL.finditer(log.read_text()))
        return {call: max(n for (_, name), n in threads.items() if name == call) for _, call in threads}

    def points(self, counts: Mapping[str, int], most: int) -> list[Point]:
        """So many of these writes, in their order: all of those that are few, an even choice of the others."""
        chosen: list[Point] = []
        fewest_first = sorted(counts.items(), key=lambda pair: pair[1])
        for number, (call, count) in enumerate(fewest_first):
            quota = min(count, (most - len(chosen)) // (len(fewest_first) - number))
            chosen += [Point(call, 1 + n * count // quota) for n in range(quota)]
        return chosen

    def kill(self, point: Point, program: str) -> tuple[bool, list[str]]:
        """Kill a crawl there: whether it came to that, and what was wrong after it, or after the next crawl."""
        scene = self._scene
        for name in ("onecopy.db-wal", "onecopy.db-shm"):
            (scene.folder / name).unlink(missing_ok=True)
        shutil.copy(self._before, scene.path)
        inject = f"inject={point.call}:signal=SIGKILL:when={point.number}"
        killed = scene.traced(program, "-e", f"trace={point.call}", "-e", inject, "-o", "/dev/null")
        return killed, ahead(scene.path, scene.site) + scene.catch_up()


class RandomKills:
    """One store that crawl after crawl is killed at any moment, while the site goes on publishing."""

    def __init__(self, scene: Scene, program: str, seed: int) -> None:
        self._scene = scene
        self._program = program
        self._chance = random.Random(seed)
        self.ended = 0  # crawls that were over before they could be killed
        self.early = 0  # kills before the first request
        self._start_s, self._work_s = self._duration()

    def _duration(self) -> tuple[float, float]:
        """How long a crawl takes until its first request, and from there to its end."""
        self._publish()
        self._scene.site.asked.clear()
        started = time.monotonic()
        with subprocess.Popen(self._scene.command(self._program), stdout=subprocess.DEVNULL, env=environment()):
            self._scene.site.asked.wait(60)
            asked = time.monotonic()
        return asked - started, time.monotonic() - asked

    def _publish(self) -> None:
        """Something new in about half of the pairs; but nothing leaves a window that was never recorded.

        Crawls that are killed again and again before they come to a feed do lose what it holds no longer.
        """
        site = self._scene.site
        known = recorded(self._scene.path)
        late = {feed // 2 for feed, newest in enumerate(site.newest) if newest - known.get(feed, 0) >= site.window}
        pairs = set(range(len(site.newest) // 2)) - late
        site.publish(1, [pair for pair in sorted(pairs) if self._chance.random() < 0.5])

    def kill(self) -> list[str]:
        """Kill one more crawl; what was wrong after it."""
        while not self._killed():
            self.ended += 1
        return ahead(self._scene.path, self._scene.site)

    def _killed(self) -> bool:
        self._publish()
        site, chance = self._scene.site, self._chance
        site.asked.clear()
        with subprocess.Popen(
            self._scene.command(self._program),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment(),
            start_new_session=True,
        ) as process:
            if chance.random() < 0.2:
                time.sleep(chance.uniform(0, self._start_s))
            else:
                site.asked.wait(60)
                time.sleep(chance.uniform(0, self._work_s))
            ended = process.poll() is not None
            if not ended:
                os.killpg(process.pid, signal.SIGKILL)
        self.early += not site.asked.is_set()
        return not ended
