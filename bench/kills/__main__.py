"""kill -9 at every write of a crawl, and at any moment of it.

    scripts/gate kills [--points 120] [--random 500] [--etag-first]

A scripted server tells what it has told: 20 feeds with a window of 31 items, ETags and 304, half of the items with
pages, every second feed a reprint of its neighbour. First one crawl is killed by strace just before a write, anew for
each of so many writes spread over all of it, and each time one further crawl has to find everything. Then crawls of one
growing store are killed at random moments, and one crawl at the end has to find everything. After every kill the file
has to be whole, and no validator may say more than the stored entries. The exit code is 1 when anything was lost,
doubled or ahead. With --etag-first the crawls run with that mistake in them: then 1 is what has to come out.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from bench.kills.trial import ETAG_FIRST, PROGRAM, RandomKills, WritePoints, scene

FEEDS, WINDOW = 20, 31
ITEMS = 3  # that are new in each feed when a crawl is killed at one of its writes
SEED = 20250630


def at_writes(program: str, most: int) -> int:
    """Kill at ``most`` writes; returns after how many of them something was wrong."""
    with tempfile.TemporaryDirectory() as name, scene(Path(name), FEEDS, WINDOW) as made:
        writes = WritePoints(made, ITEMS)
        counts = writes.count()
        points = writes.points(counts, most)
        print(f"one crawl writes: {counts}; killed at {len(points)} of these", flush=True)
        broken = missed = 0
        for point in points:
            killed, wrong = writes.kill(point, program)
            missed += not killed
            broken += bool(wrong)
            if wrong:
                print(f"  {point}: {len(wrong)} wrong: {'; '.join(wrong[:2])}", flush=True)
        print(f"writes: {len(points) - missed} kills, {missed} not reached, {broken} with anything wrong", flush=True)
    return broken


def at_random(program: str, most: int) -> int:
    """Kill ``most`` times; returns after how many something was wrong, the crawl at the end counted as one."""
    with tempfile.TemporaryDirectory() as name, scene(Path(name), FEEDS, WINDOW) as made:
        kills = RandomKills(made, program, SEED)
        broken = 0
        for number in range(1, most + 1):
            wrong = kills.kill()
            broken += bool(wrong)
            if wrong or number % 50 == 0:
                print(f"  kill {number}: {len(made.site.told)} items told {'; '.join(wrong[:2])}", flush=True)
        wrong = made.catch_up()
        print(
            f"random: {most} kills ({kills.early} before the first request; {kills.ended} crawls ended before theirs), "
            f"{broken} with validators ahead; {len(made.site.told)} items told, at the end {len(wrong)} lost or doubled"
            + "".join(f"\n  {one}" for one in wrong[:5]),
            flush=True,
        )
    return broken + bool(wrong)


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/gate kills", description=__doc__.splitlines()[0])
    parser.add_argument("--points", type=int, default=120, help="writes to be killed at (default 120)")
    parser.add_argument("--random", type=int, default=500, help="random moments to be killed at (default 500)")
    parser.add_argument("--etag-first", action="store_true", help="with a mistake that has to be found")
    options = parser.parse_args()
    program = ETAG_FIRST if options.etag_first else PROGRAM
    broken = 0
    if options.points:
        if shutil.which("strace") is None:
            parser.error("strace is not here; without it: --points 0")
        broken += at_writes(program, options.points)
    if options.random:
        broken += at_random(program, options.random)
    print("broken" if broken else "held")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
