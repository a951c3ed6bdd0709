"""Articles into the store by ``import``, up to a million: rate, CPU by step, index, memory. ``scripts/bench grouping``.

One import of one file, in a process of its own; figures of each 10,000 articles as it goes, so that the first ten
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

from bench.main_job import environment
from bench.texts import articles


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000, help="how many to import (a million takes an hour)")
    parser.add_argument("--peer", type=int, default=100_000, help="how many for MinHashLSH (0: none)")
    parser.add_argument(
        "--folder", type=Path, help="where the store is made, some 11 kB an article; default: a new one"
    )
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="bench-grouping-", dir=options.folder))
    try:
        lines = folder / "articles.jsonl"
        written(lines, max(options.articles, options.peer))
        child("bench.grouping_import", str(lines), str(options.articles), str(folder / "onecopy.db"))
        if options.peer:
            child("bench.grouping_peer", str(lines), str(options.peer))
    finally:
        shutil.rmtree(folder)


def written(path: Path, count: int) -> None:
    """Articles as JSON lines."""
    with path.open("w", encoding="utf-8") as out:
        for record in articles(count, seed=1):
            out.write(json.dumps(record) + "\n")
    print(f"{count:,} articles, {path.stat().st_size / count:,.0f} bytes of JSON each", flush=True)


def child(module: str, *arguments: str) -> None:
    """Run a module in a process of its own: its memory is what it uses, and nothing of this one."""
    subprocess.run([sys.executable, "-m", module, *arguments], env=environment(), check=True)


if __name__ == "__main__":
    main()
