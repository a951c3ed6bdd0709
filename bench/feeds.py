"""Foreign feed files, each through the parser as the program runs it: in a worker, with its deadline and memory limit.

    scripts/gate feeds DIR [--all] [--json]

Every file below DIR (--all: of any name; else .xml, .rss, .atom, .rdf, .json, .feed and files without a suffix) is
counted as one of

    parsed    entries came out
    empty     a feed without entries
    refused   it is no feed, or over a limit; the parser or the gate said so
    crashed   anything else: an exception that is no DocumentError, a worker that died or ran out of time or memory

with its time, and the highest resident memory of its worker so far. The exit code is 1 when one crashed. A crashed
worker is replaced, and the others go on.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline.config import WorkSettings
from pipeline.errors import DocumentError, Refused
from pipeline.feeds import parse_feed
from pipeline.work import ProcessWorkers

SUFFIXES = frozenset(["", ".xml", ".rss", ".atom", ".rdf", ".json", ".feed"])
LARGEST = 10_000_000  # fetch.max_feed_bytes: what is larger never reaches the parser
URL = "http://127.0.0.1:8097/"  # the base address that feedparser's own corpus expects


@dataclass(frozen=True)
class Result:
    """What came of one file."""

    file: str
    outcome: str
    entries: int
    seconds: float
    peak_mb: float
    message: str


def read(body: bytes, url: str, content_type: str | None) -> tuple[str, int, str, float]:
    """In the worker: (outcome, entries, message, peak MB of the process so far)."""
    try:
        parsed = parse_feed(body, url, content_type)
        outcome, entries = ("parsed" if parsed.entries else "empty"), len(parsed.entries)
        message = "; ".join(parsed.problems)
    except DocumentError as error:
        outcome, entries, message = "refused", 0, f"{type(error).__name__}: {error}"
    except Exception as error:
        outcome, entries, message = "crashed", 0, f"{type(error).__name__}: {error}"
    return outcome, entries, message, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def header(body: bytes) -> str | None:
    """The Content-Type that a test file asks its server for, as feedparser's do in a comment: ``Content-type: ...``."""
    for line in body[:2_000].splitlines():
        name, _, value = line.partition(b":")
        if name.strip().lower() in (b"header", b"content-type", b"header:content-type"):
            text = value.decode("latin-1").strip()
            return text.partition(":")[2].strip() if text.lower().startswith("content-type") else text
    return None


async def run(files: list[Path], root: Path, settings: WorkSettings) -> list[Result]:
    """Each file in its turn, in one worker."""
    from bench.feeds import read  # by the name under which the worker can import it

    workers = ProcessWorkers(settings, preload=("bench.feeds", "feedparser"))
    results = []
    try:
        await workers.run(read, b"<rss/>", URL, None, timeout_s=settings.feed_timeout_s)
        for path in files:
            name = str(path.relative_to(root))
            body = path.read_bytes()
            started = time.perf_counter()
            if len(body) > LARGEST:
                found = ("refused", 0, f"larger than {LARGEST:,} bytes", 0.0)
            else:
                try:
                    found = await workers.run(read, body, URL + name, header(body), timeout_s=settings.feed_timeout_s)
                except DocumentError as error:  # only the worker raises: it was killed, or died
                    found = ("refused" if isinstance(error, Refused) else "crashed", 0, str(error), 0.0)
            outcome, entries, message, peak = found
            seconds = round(time.perf_counter() - started, 4)
            results.append(Result(name, outcome, entries, seconds, round(peak, 1), message[:300]))
    finally:
        workers.close()
    return results


def chosen(folder: Path, everything: bool) -> Iterator[Path]:
    """The files to read, in order."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and (everything or path.suffix.lower() in SUFFIXES):
            yield path


def report(results: list[Result]) -> None:
    """The counts, the slowest, and whatever crashed."""
    counts = Counter(result.outcome for result in results)
    kinds = ("parsed", "empty", "refused", "crashed")
    print(f"{len(results):,} files: " + ", ".join(f"{counts[kind]:,} {kind}" for kind in kinds))
    times = sorted(result.seconds for result in results)
    if times:
        at = {share: times[min(int(len(times) * share), len(times) - 1)] for share in (0.5, 0.95)}
        print(
            f"seconds per file: median {at[0.5]:.4f}, 95 % {at[0.95]:.4f}, most {times[-1]:.4f}; "
            f"peak memory of the worker {max(result.peak_mb for result in results):.0f} MB"
        )
    for result in sorted(results, key=lambda one: -one.seconds)[:5]:
        print(f"  slow     {result.seconds:8.4f} s  {result.file}: {result.outcome}")
    why = Counter(result.message.partition(":")[2].strip()[:60] for result in results if result.outcome == "refused")
    for message, number in why.most_common(10):
        print(f"  refused  {number:6,} x  {message!r}")
    for result in results:
        if result.outcome == "crashed":
            print(f"  CRASHED  {result.file!r}: {result.message!r}")


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/gate feeds", description=__doc__.splitlines()[0])
    parser.add_argument("folder", metavar="DIR", type=Path, help="where the files are")
    parser.add_argument("--all", action="store_true", help="files of any name")
    parser.add_argument("--json", action="store_true", help="one line a file instead of the summary")
    options = parser.parse_args()
    if not options.folder.is_dir():
        parser.error(f"{options.folder}: no such folder")
    files = list(chosen(options.folder, options.all))
    results = asyncio.run(run(files, options.folder, WorkSettings(processes=1)))
    if options.json:
        for result in results:
            print(json.dumps(asdict(result)))
    else:
        report(results)
    return 1 if any(result.outcome == "crashed" for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
