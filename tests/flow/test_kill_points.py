"""kill -9 just before single writes of a crawl (strace); `scripts/gate kills` does it at 120 of them.

Skipped where strace is not installed or may not trace (ptrace forbidden, as in some containers); in CI that fails.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator

import pytest

from bench.kills.trial import ETAG_FIRST, PROGRAM, Point, Scene, WritePoints, scene

# Of some 13 fdatasync (one a commit) and 220 pwrite64 of the thread that writes: feeds recorded, pages claimed, placed,
# the run's end. When a point is no longer reached, the crawl has come to write less: choose smaller numbers.
POINTS = [Point("fdatasync", 6), Point("fdatasync", 10), Point("pwrite64", 60), Point("pwrite64", 160)]
POINTS += [Point("unlink", 1)]
RECORDING = range(3, 13)  # commits among which are those of feeds: which depends on what is read beside them


@pytest.fixture(scope="module")
def tracing() -> None:
    why = "strace is not installed (Debian: apt install strace)"
    if shutil.which("strace"):
        done = subprocess.run(["strace", "-q", "-o", "/dev/null", "true"], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return
        why = f"strace may not trace here: {done.stderr.strip()}"
    if os.environ.get("CI"):
        pytest.fail(why)
    pytest.skip(why)


@pytest.fixture(scope="module")
def crawled(tracing: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with scene(tmp_path_factory.mktemp("kills"), feeds=4, window=6) as made:
        yield made


@pytest.fixture(scope="module")
def writes(crawled: Scene) -> WritePoints:
    return WritePoints(crawled, items=2)


@pytest.mark.slow
@pytest.mark.parametrize("point", POINTS, ids=str)
def test_the_next_crawl_finds_everything(writes: WritePoints, point: Point) -> None:
    assert writes.kill(point, PROGRAM) == (True, [])


@pytest.mark.slow
def test_validators_before_their_entries_would_be_found_out(writes: WritePoints) -> None:
    found = (wrong for number in RECORDING for wrong in writes.kill(Point("fdatasync", number), ETAG_FIRST)[1])
    assert "its validator is ahead of 2 entries" in next(found, "")
