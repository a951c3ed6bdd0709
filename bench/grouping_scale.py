"""Articles into the store by ``import``, up to a million: rate, CPU by step, index, memory. ``scripts/bench grouping``.

In one process: figures of each 10,000 articles as it goes, so that the first ten thousand and the last stand in one
run. Between them the store may grow by copies of its rows, which takes minutes where an import takes an hour. Then
datasketch's MinHashLSH, which keeps its index in memory.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.grouping_import import EACH
from bench.main_job import environment
from bench.texts import COPIES, articles


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=10_000, help="how many to import (a million takes an hour)")
    parser.add_argument(
        "--grow",
        default="100000,1000000",
        help="then let the store grow to these sizes: by copies of rows, and the last 10,000 articles by import",
    )
    parser.add_argument(
        "--copies", type=float, default=COPIES, help="the share of the articles that are copies (.9: ten of each piece)"
    )
    parser.add_argument("--peer", type=int, default=100_000, help="how many for MinHashLSH (0: none)")
    parser.add_argument(
        "--folder", type=Path, help="where the store is made, some 11 kB an article; default: a new one"
    )
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="bench-grouping-", dir=options.folder))
    try:
        sizes = [size for size in options.grow.split(",") if size]
        lines = options.articles + EACH * len(sizes)
        child(lines, options.copies, "bench.grouping_import", str(folder / "onecopy.db"), str(options.articles), *sizes)
        if options.peer:
            child(options.peer, options.copies, "bench.grouping_peer")
    finally:
        shutil.rmtree(folder)


def child(count: int, copies: float, module: str, *arguments: str) -> None:
    """Run a module in a process of its own, whose memory and CPU are its alone, and feed it articles as JSON lines."""
    with subprocess.Popen(
        [sys.executable, "-m", module, *arguments], env=environment(), stdin=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        for record in articles(count, seed=1, copies=copies):
            process.stdin.write(json.dumps(record) + "\n")
        process.stdin.close()
    if process.returncode:
        sys.exit(process.returncode)


if __name__ == "__main__":
    main()
