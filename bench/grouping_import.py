"""One import under a stopwatch, in this process: the child of ``scripts/bench grouping``."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from bench.main_job import index_sizes, resident
from bench.stopwatch import Stopwatch
from pipeline import Pipeline
from pipeline.config import Config, StoreSettings

EACH = 10_000  # articles between two lines of figures
MARKS = (100_000, 1_000_000)

# What is measured, by module, where its callers look it up. A step's time is without that of the steps inside it.
STEPS = {
    "json": ("pipeline.importing:_line",),
    "read": ("pipeline.dedup.fingerprint:read", "pipeline.dedup.match:read"),
    "print": ("pipeline.dedup.fingerprint:of_reading",),
    "find": ("pipeline.store.bands:sharing",),
    "load": ("pipeline.store.placing:around",),
    "verify": ("pipeline.dedup.place:verify",),
    "decide": ("pipeline.dedup.place:decide",),
    "save": ("pipeline.store.placing:Placing.merged", "pipeline.store.placing:Placing.save"),
    "index": ("pipeline.store.bands:add",),
    "search": ("pipeline.store.search:Fts5Index.add",),
    "commit": ("sqlalchemy.engine.default:DefaultDialect.do_commit",),
}


def main() -> None:
    store, count, sizes = Path(sys.argv[1]), int(sys.argv[2]), [int(size) for size in sys.argv[3:]]
    watch = Stopwatch()
    attach(watch)
    print("CPU in ms an article, by step; candidates compared and kB written to disk an article")
    heading = "".join(f"{step:>7}" for step in (*STEPS, "rest"))
    print(f"{'articles':>10} {'art./s':>7} {'CPU ms':>7}{heading} {'cand.':>6} {'kB out':>7} {'MiB RSS':>7} {'GB':>6}")
    imported(itertools.islice(sys.stdin, count), 0, watch, store)
    for size in sizes:
        subprocess.run([sys.executable, "-m", "bench.grouping_grow", str(store), str(size - EACH)], check=True)
        imported(itertools.islice(sys.stdin, EACH), size - EACH, watch, store)
    for name, size in index_sizes(store):
        print(f"  {name:<28} {size / max([count, *sizes]):>8.0f} bytes an article")


def imported(lines: Iterable[str], before: int, watch: Stopwatch, store: Path) -> None:
    """Import lines into a store that holds so many articles before."""
    with Pipeline(Config(store=StoreSettings(url=f"sqlite:///{store}"))) as pipeline:
        result = pipeline.import_lines(told(lines, before, watch, store))
    print(f"imported {result.new_articles:,} articles, which began {result.new_stories:,} stories", flush=True)


def attach(watch: Stopwatch) -> None:
    """Put the stopwatch around every step that there is."""
    for step, places in STEPS.items():
        for place in places:
            watch.measure(*found(place), step)


def found(place: str) -> tuple[Any, str]:
    """The module or class that "module:name" or "module:class.name" names, and the name. Raises AttributeError."""
    module, _, path = place.partition(":")
    *owners, name = path.split(".")
    holder: Any = import_module(module)
    for owner in owners:
        holder = getattr(holder, owner)
    return holder, name


def told(lines: Iterable[str], before: int, watch: Stopwatch, store: Path) -> Iterator[str]:
    """The same lines; prints figures of the last 10,000 each, and of all at the marks."""
    start = last = Figures(before, watch, store)
    for number, line in enumerate(lines, before + 1):
        yield line
        if number % EACH == 0:
            now = Figures(number, watch, store)
            print(now.since(last), flush=True)
            if number in MARKS and start is not last:
                print(f"{now.since(start)}  all so far", flush=True)
            last = now


class Figures:
    """Where a run stood at one moment."""

    def __init__(self, articles: int, watch: Stopwatch, store: Path) -> None:
        watch.turn()
        self.articles = articles
        self.wall = time.monotonic()
        self.spent = dict(watch.spent)
        self.compared = watch.calls["verify"]
        self.written = written()
        self.resident = resident(os.getpid())
        self.size = store.stat().st_size

    def since(self, before: Figures) -> str:
        """One line of the table."""
        count = self.articles - before.articles
        spent = {step: self.spent.get(step, 0) - before.spent.get(step, 0) for step in (*STEPS, "rest")}
        steps = "".join(f"{nanoseconds / count / 1e6:>7.2f}" for nanoseconds in spent.values())
        return (
            f"{self.articles:>10,} {count / (self.wall - before.wall):>7.0f} {sum(spent.values()) / count / 1e6:>7.2f}"
            f"{steps} {(self.compared - before.compared) / count:>6.2f}"
            f" {(self.written - before.written) / count / 1e3:>7.0f}"
            f" {self.resident / 2**20:>7.0f} {self.size / 1e9:>6.2f}"
        )


def written() -> int:
    """Bytes that this process has had written to disk (Linux)."""
    for line in Path("/proc/self/io").read_text().splitlines():
        if line.startswith("write_bytes:"):
            return int(line.split()[1])
    return 0


if __name__ == "__main__":
    main()
