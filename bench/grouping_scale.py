"""Articles into the store by ``import``, up to a million: rate, CPU by step, index, memory. ``scripts/bench grouping``.

One import, in a process of its own; figures of each 10,000 articles as it goes, so that the first ten
thousand and the last stand in the same run. In the same run datasketch's MinHashLSH, which keeps its index in memory.
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
from bench.texts import articles


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000, help="how many to import (a million takes an hour)")
    parser.add_argument("--grow", type=int, default=0, help="then copy rows up to so many, and import 10,000 more")
    parser.add_argument("--peer", type=int, default=100_000, help="how many for MinHashLSH (0: none)")
    parser.add_argument(
        "--folder", type=Path, help="where the store is made, some 11 kB an article; default: a new one"
    )
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="bench-grouping-", dir=options.folder))
    try:
        lines = options.articles + (EACH if options.grow else 0)
        child(lines, "bench.grouping_import", str(folder / "onecopy.db"), str(options.articles), str(options.grow))
        if options.peer:
            child(options.peer, "bench.grouping_peer")
    finally:
        shutil.rmtree(folder)


def child(count: int, module: str, *arguments: str) -> None:
    """Run a module in a process of its own, whose memory and CPU are its alone, and feed it articles as JSON lines."""
    with subprocess.Popen(
        [sys.executable, "-m", module, *arguments], env=environment(), stdin=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        for record in articles(count, seed=1):
            process.stdin.write(json.dumps(record) + "\n")
        process.stdin.close()
    if process.returncode:
        sys.exit(process.returncode)


if __name__ == "__main__":
    main()
