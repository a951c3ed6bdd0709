"""The main job's cost: crawl of the demo world (or of real pages), index size, memory: ``scripts/bench main-job``.

Everything is measured in one run, several rounds, because machines are shared and noisy: quote the ratios.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from bench import real_pages
from bench.texts import articles
from pipeline import Pipeline
from pipeline.demo import World, load_world, serve, write_config

ROOT = Path(__file__).parents[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--articles", type=int, default=10_000, help="how many to import before the daemon is measured")
    parser.add_argument("--pages", type=Path, help="a folder of HTML files: CPU of a crawl of these, and nothing else")
    options = parser.parse_args()
    if options.pages:
        real_pages.measure(options.pages, options.rounds, bare_extraction)
        return
    world = load_world()
    crawl(world, options.rounds)
    daemon(options.articles)


def crawl(world: World, rounds: int) -> None:
    """Articles a second end to end, and CPU an article against trafilatura alone on the same pages."""
    print(f"crawl of the demo world, {len(world.pages)} pages, {rounds} rounds")
    print(f"{'round':>5} {'wall s':>8} {'art./s':>8} {'CPU ms/art.':>12} {'bare ms/page':>13} {'ratio':>6}")
    ratios = []
    for number in range(rounds + 1):  # the first warms the disk's and the interpreter's caches, and is not counted
        with serve(world) as server, tempfile.TemporaryDirectory() as folder:
            config = write_config(Path(folder), server.address)
            started, before = time.monotonic(), children_cpu()
            run("--config", str(config), "crawl", "--all")
            wall, cpu = time.monotonic() - started, children_cpu() - before
            pages = fetched(server.address, world)
        ours = cpu / len(world.pages)
        bare = bare_extraction(pages)
        if number:
            ratios.append(ours / bare)
            print(
                f"{number:>5} {wall:>8.2f} {len(world.pages) / wall:>8.1f} {ours * 1e3:>12.1f} {bare * 1e3:>13.1f}"
                f" {ours / bare:>6.2f}"
            )
    print(f"CPU of a whole crawl, start of interpreter and workers included, to bare_extraction: median ratio "
          f"{statistics.median(ratios):.2f}")  # fmt: skip
    warm(world, rounds, bare)


def warm(world: World, rounds: int, bare: float) -> None:
    """The same once interpreter and workers run, as in the daemon: the pages that the world publishes later."""
    spent, pages = 0.0, 0
    for _ in range(rounds):
        with (
            serve(world, upto=1) as server,
            tempfile.TemporaryDirectory() as folder,
            Pipeline(write_config(Path(folder), server.address)) as pipeline,
        ):
            pipeline.crawl()
            server.publish(None)
            before = tree_cpu()
            pages += pipeline.crawl(everything=True).new_articles
            spent += tree_cpu() - before
    ours = spent / pages
    print(f"warm: {ours * 1e3:.1f} ms of CPU an article (server of the demo world included), ratio {ours / bare:.2f}\n")


def tree_cpu() -> float:
    """Seconds of CPU, user and system, of this process and the workers that it has now."""
    processes = [psutil.Process(), *psutil.Process().children(recursive=True)]
    return sum(sum(process.cpu_times()[:2]) for process in processes)


def fetched(address: str, world: World) -> list[tuple[str, bytes]]:
    """Every page as the server sends it."""
    import http.client

    pages = []
    for page in world.pages:
        connection = http.client.HTTPConnection(address, timeout=30)
        connection.request("GET", page.path, headers={"Host": page.host})
        pages.append((page.url, connection.getresponse().read()))
        connection.close()
    return pages


def bare_extraction(pages: list[tuple[str, bytes]]) -> float:
    """Seconds of CPU a page of trafilatura's own ``bare_extraction`` with its defaults, in a process of its own."""
    code = (
        "import sys, pickle, time\n"
        "from trafilatura import bare_extraction\n"
        "pages = pickle.load(sys.stdin.buffer)\n"
        "[bare_extraction(body, url=url) for url, body in pages[:3]]\n"
        "start = time.process_time()\n"
        "[bare_extraction(body, url=url) for url, body in pages]\n"
        "print((time.process_time() - start) / len(pages))\n"
    )
    import pickle

    done = subprocess.run([sys.executable, "-c", code], input=pickle.dumps(pages), capture_output=True, check=True)
    return float(done.stdout)


def daemon(count: int) -> None:
    """Import generated articles, then start the daemon on that store: speed, index, memory."""
    with tempfile.TemporaryDirectory() as folder, serve(load_world()) as server:
        config = write_config(Path(folder), server.address)
        lines = Path(folder, "articles.jsonl")
        with lines.open("w", encoding="utf-8") as out:
            for record in articles(count, seed=1):
                out.write(json.dumps(record) + "\n")
        started, before = time.monotonic(), children_cpu()
        run("--config", str(config), "import", str(lines))
        wall, cpu = time.monotonic() - started, children_cpu() - before
        print(f"import of {count:,} articles of {lines.stat().st_size // count:,} bytes: {count / wall:.0f} a second, "
              f"{cpu / count * 1e3:.2f} ms of CPU each (start included)")  # fmt: skip
        for name, size in index_sizes(Path(folder, "onecopy.db")):
            print(f"  {name:<28} {size / count:>8.0f} bytes an article")
        with subprocess.Popen(
            command("--config", str(config), "daemon"), env=environment(), stderr=subprocess.DEVNULL
        ) as process:
            time.sleep(20)
            for pid in tree(process.pid):
                print(
                    f"  {'daemon' if pid == process.pid else 'worker':<28} {resident(pid) / 2**20:>8.0f} MiB resident"
                )
            process.terminate()


def index_sizes(path: Path) -> Iterator[tuple[str, int]]:
    """Bytes of the tables (SQLite's dbstat), and of the whole file."""
    import sqlite3

    connection = sqlite3.connect(path)
    groups = {"band index": ("band%",), "fingerprints": ("fingerprint",), "search index": ("search%",)}
    try:
        for name, tables in groups.items():
            where = " OR ".join("name LIKE ?" for _ in tables)
            size = connection.execute(f"SELECT sum(pgsize) FROM dbstat WHERE {where}", tables).fetchone()[0]
            yield name, size or 0
    except sqlite3.OperationalError:
        yield "band index (dbstat missing)", 0
    yield "whole store", path.stat().st_size
    connection.close()


def run(*arguments: str) -> None:
    subprocess.run(
        command(*arguments), env=environment(), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "pipeline", *arguments]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def children_cpu() -> float:
    """Seconds of CPU, user and system, of all children that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def tree(pid: int) -> Iterator[int]:
    """A process and its children (Linux)."""
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            yield from tree(int(child))


def resident(pid: int) -> int:
    """Resident memory in bytes (Linux)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0


if __name__ == "__main__":
    main()
