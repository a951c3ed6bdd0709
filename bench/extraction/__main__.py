"""``scripts/gate extract``: the extraction room on pages of our own making, and on the benchmark where it is there."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.extraction import articles, declarations, learning, measure, methods, pages, withheld
from bench.grouping import floors

_FLOORS = Path(__file__).with_name("floors.json")
_SHIFT = 0.01
_HALVES = ("development half", "other half")
_COLUMNS = ("F1", "precision", "recall", "exact")


def main() -> int:
    """Run what was asked for; 1 when a score is below its pinned floor."""
    parser = argparse.ArgumentParser(prog="scripts/gate extract", description=__doc__)
    parser.add_argument(
        "folder", nargs="?", type=Path, help="the Article Extraction Benchmark: ground-truth.json, html/"
    )
    parser.add_argument("--all", action="store_true", help="other extractors too, where they are installed")
    parser.add_argument(
        "--declared",
        action="store_true",
        help="title, byline and date on the benchmark, a kind of declaration withheld",
    )
    parser.add_argument("--rounds", type=int, default=3, help="rounds of the CPU measurement on the benchmark")
    parser.add_argument("--pin", action="store_true", help="raise the floors to what was measured")
    parser.add_argument("--lower-floors", action="store_true", help="with --pin: lower them too")
    options = parser.parse_args()
    if options.declared:
        if options.folder is None:
            parser.error("--declared needs the folder of the benchmark")
        for half, part in zip(_HALVES, articles.load(options.folder), strict=True):
            declared(half, part)
        return 0
    measured = {"pages": bundled(), "learned": learned(options.rounds)}
    if options.folder:
        for half, part in zip(_HALVES, articles.load(options.folder), strict=True):
            benchmark(half, part, everything=options.all, rounds=options.rounds)
    known = floors.load(_FLOORS)
    if options.pin:
        floors.save(_FLOORS, {part: _pinned(known.get(part, {}), found, options) for part, found in measured.items()})
        return 0
    missed = [line for part, found in measured.items() for line in floors.misses(known.get(part, {}), found)]
    for line in missed:
        print(f"below its floor: {line}", file=sys.stderr)
    return 1 if missed else 0


def _pinned(known: dict[str, float], measured: dict[str, float], options: argparse.Namespace) -> dict[str, float]:
    # The words of the pages belong to another benchmark: a new one there may shift a borderline paragraph.
    aims = {name: round(value - _SHIFT, 4) for name, value in measured.items()}
    return floors.pinned(known, aims, lower=options.lower_floors)


def learned(rounds: int) -> dict[str, float]:
    """What learning brings on the demo world's sites, and what it costs when a site changes its template."""
    found, sites = learning.outcomes(rounds)
    print(f"\n{len(sites)} sites of the demo world: pages 21 to 40, least of {rounds} rounds")
    print(f"  {'':22}" + "".join(f"{name:>11}" for name in ("precision", "recall", "exact", "CPU ms")))
    for name, one in found.items():
        print(f"  {name:22}{one.precision:>11.4f}{one.recall:>11.4f}{one.exact:>11.4f}{one.cpu_ms:>11.2f}")
    for site in sites:
        for line in site.furniture:
            print(f"  {site.site}: {line.line!r}, on {line.pages} of {site.pages} pages")
    scores = (("precision", "precision"), ("recall", "recall"), ("exact", "exact"))
    return {f"{label} {name}": getattr(one, field) for name, one in found.items() for label, field in scores}


def bundled() -> dict[str, float]:
    """Scores on the pages of our own making, overall, by layout and by language."""
    world = pages.world()
    texts = [methods.ours(page.html, page.url) for page in world]
    measured = dict(measure.score(world, texts, characters=True))
    for kind in ("layout", "language"):
        for name in dict.fromkeys(getattr(page, kind) for page in world):
            at = [n for n, page in enumerate(world) if getattr(page, kind) == name]
            part = measure.score([world[n] for n in at], [texts[n] for n in at], characters=True)
            measured[f"F1 {kind} {name}"] = part["F1"]
    measured |= {f"{name} right": share for name, share in declarations.accuracy(world).items()}
    languages = {page.language for page in world}
    print(f"{len(world)} pages of our own making, {len(pages.LAYOUTS)} layouts in {len(languages)} languages")
    for name, value in measured.items():
        print(f"  {name:24} {value:.4f}")
    return measured


def benchmark(half: str, part: Sequence[articles.Page], *, everything: bool, rounds: int) -> None:
    """A table of all methods on one half of the benchmark: quality, and CPU beside trafilatura's in the same run."""
    times, texts = measure.cpu(methods.available(everything), part, rounds)
    print(f"\nArticle Extraction Benchmark, {half}: {len(part)} pages, least of {rounds} rounds")
    print(f"  {'':18}" + "".join(f"{name:>11}" for name in (*_COLUMNS, "CPU ms", "of default")))
    for name, found in texts.items():
        scores = measure.score(part, found)
        cells = "".join(f"{scores[column]:>11.4f}" for column in _COLUMNS)
        print(f"  {name:18}{cells}{times[name]:>11.2f}{times[name] / times[methods.BARE]:>11.3f}")


def declared(half: str, part: Sequence[articles.Page]) -> None:
    """What is read of a page's own account of itself when a part of it is missing, beside trafilatura."""
    tallies, walls = withheld.compare(part)
    print(f"\nDeclared truth, {half}: {len(part)} pages; right / wrong / none")
    print(f"  {'withheld':12}{'field':8}" + "".join(f"{name:>20}" for name in tallies))
    for removed, name in sorted(next(iter(tallies.values())).counts, key=withheld.order):
        counts = [tally.counts[removed, name] for tally in tallies.values()]
        cells = (" / ".join(f"{count[outcome]:>3}" for outcome in withheld.OUTCOMES) for count in counts)
        print(f"  {removed:12}{name:8}" + "".join(f"{cell:>20}" for cell in cells))
    for removed, free, stub in sorted(walls):
        state = f"{'free' if free else 'not free'}, {'marked as a stub' if stub else 'not marked'}"
        print(f"  {removed:12}declared {state}: {walls[removed, free, stub]}")


if __name__ == "__main__":
    sys.exit(main())
