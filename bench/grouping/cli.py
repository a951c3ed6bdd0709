"""The command line of the grouping benchmark."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table

from bench.grouping import baselines, cases, floors, report, settings, shelved
from bench.grouping.bank import LANGUAGES
from bench.grouping.lookalikes import TRAPS
from bench.grouping.measures import Grouping, homes, judge, measure
from bench.grouping.truth import Labelled
from bench.grouping.world import FULL, QUICK, SEEDS, build
from pipeline.dedup import Thresholds, decide_all
from pipeline.model import Article, Copy

FLOORS = Path(__file__).parent / "floors.json"
Worlds = list[list[Labelled]]


def _say(text: str, file: TextIO | None = None) -> None:
    """A plain line: JSON and errors go through no console that wraps or colours them."""
    (file or sys.stdout).write(text + "\n")


def parser() -> argparse.ArgumentParser:
    """All options."""
    out = argparse.ArgumentParser(prog="scripts/gate grouping", description="How well republished pieces are grouped.")
    what = out.add_argument_group("what is measured")
    what.add_argument("--evaluation", action="store_true", help="the half that nothing is tuned on; for reporting only")
    what.add_argument("--quick", action="store_true", help="a small run, for CI")
    what.add_argument("--seed", type=int, help="another world from the same half (default: the pinned one)")
    what.add_argument("--stories", type=int, help="stories per language")
    what.add_argument("--instances", type=int, help="instances per look-alike kind")
    what.add_argument("--languages", default=",".join(LANGUAGES), help="comma-separated (default: all)")
    what.add_argument(
        "--only", default="", choices=["", *TRAPS], metavar="LOOK-ALIKE", help="one look-alike kind alone"
    )
    what.add_argument("--store", action="store_true", help="the stories of a real store against those in memory")
    what.add_argument("--cases", action="store_true", help="the hand-written cases alone")
    rules = out.add_argument_group("with which rules")
    rules.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="another threshold")
    rules.add_argument("--off", action="append", default=[], choices=[*settings.RULES], help="a rule switched off")
    rules.add_argument("--ablation", action="store_true", help="a table: each rule off, one at a time")
    rules.add_argument("--sweep", metavar="NAME=FROM:TO:STEP", help="a table: one threshold over a range")
    show = out.add_argument_group("what is shown")
    show.add_argument("--no-baselines", action="store_true", help="leave the plain methods out")
    show.add_argument("--failures", type=int, default=0, metavar="N", help="print N examples of each failure")
    show.add_argument("--json", action="store_true", help="for machines")
    pins = out.add_argument_group("floors")
    pins.add_argument("--floors", nargs="?", type=Path, const=FLOORS, metavar="FILE", help="exit 1 when one is missed")
    pins.add_argument("--pin", action="store_true", help="raise floors to what was measured")
    pins.add_argument(
        "--lower-floors", action="store_true", help="set floors to what was measured, lower ones included"
    )
    return out


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; 0 when all is well, 1 when a floor is missed or a pinned case fails, 2 for wrong usage."""
    options = parser().parse_args(arguments)
    console = Console(stderr=options.json, width=None if sys.stdout.isatty() else 150)
    try:
        chosen = settings.thresholds(options.set, options.off)
        steps = list(settings.sweep(options.sweep)) if options.sweep else []
    except settings.SettingsError as error:
        _say(f"scripts/gate grouping: {error}", file=sys.stderr)
        return 2
    if options.cases:
        return _cases(options, console, chosen)
    worlds = _build(options)
    if options.store:
        return _store(worlds, console)
    if steps:
        _compare(worlds, steps, console)
        return 0
    if options.ablation:
        rows = [
            ("all rules", Thresholds()),
            *((f"no {rule}", settings.thresholds([], [rule])) for rule in settings.RULES),
        ]
        _compare(worlds, rows, console)
        return 0
    return _measure(options, worlds, chosen, console)


def _build(options: argparse.Namespace) -> Worlds:
    half = "evaluation" if options.evaluation else "development"
    size = QUICK if options.quick else FULL
    if options.stories is not None:
        size = replace(size, stories=options.stories)
    if options.instances is not None:
        size = replace(size, traps=options.instances)
    return build(half, size, options.seed, options.languages.split(","), options.only)


def decide(worlds: Worlds, chosen: Thresholds) -> list[tuple[str, tuple[Copy, ...]]]:
    """All worlds' stories, as the room decides them."""
    return [story for world in worlds for story in decide_all([one.article for one in world], chosen)]


def _measure(options: argparse.Namespace, worlds: Worlds, chosen: Thresholds, console: Console) -> int:
    half = "evaluation" if options.evaluation else "development"
    labelled = [one for world in worlds for one in world]
    started = time.process_time()
    stories = decide(worlds, chosen)
    spent = time.process_time() - started
    found, decided = measure(labelled, homes(stories)), judge(labelled, stories)
    peers: dict[str, Grouping] = {}
    if not options.no_baselines:
        ran = baselines.run([[one.article for one in world] for world in worlds])
        peers = {name: measure(labelled, home) for name, home in ran.items()}
    about: dict[str, Any] = {
        "half": half,
        "seed": SEEDS[half] if options.seed is None else options.seed,
        "articles": len(labelled),
        "languages": len({one.language for one in labelled}),
        "look-alike instances": found.merged_traps.of,
        "CPU ms per article": round(1000 * spent / max(1, len(labelled)), 2),
    }
    if options.json:
        _say(json.dumps(report.machine(found, decided, peers, about), indent=2, ensure_ascii=False))
    else:
        report.table(found, decided, peers, about, console)
    if options.failures:
        report.failures(labelled, found, decided, console, options.failures)
    return _gate(options, half, report.summary(found, decided), console)


def _gate(options: argparse.Namespace, half: str, measured: dict[str, float], console: Console) -> int:
    path = options.floors or FLOORS
    name = f"{half} {'quick' if options.quick else 'full'}"
    known = floors.load(path)
    if options.pin or options.lower_floors:
        known[name] = floors.pinned(known.get(name, {}), measured, lower=options.lower_floors)
        floors.save(path, known)
        console.print(f"floors of {name!r} pinned in {path.name}")
    if options.floors is None:
        return 0
    if name not in known:
        _say(f"scripts/gate grouping: no floors for {name!r} in {path}", file=sys.stderr)
        return 2
    missed = floors.misses(known[name], measured)
    for line in missed:
        _say(f"floor missed: {line}", file=sys.stderr)
    if not missed:
        console.print(f"all {len(known[name])} floors of {name!r} hold")
    return 1 if missed else 0


def _store(worlds: Worlds, console: Console) -> int:
    """Each language's articles in one store; 1 when a pair stands together in it and not in memory, or the reverse."""
    by_language: dict[str, list[Article]] = defaultdict(list)
    for one in (one for world in worlds for one in world):
        by_language[one.language].append(one.article)
    out = Table("language", "articles", "pairs of one story", "only in memory", "only in the store")
    missed = 0
    for language, articles in by_language.items():
        found = shelved.compare(sorted(articles, key=lambda one: (one.first_seen_at, one.canonical_url)))
        missed += len(found.only_in_memory) + len(found.only_in_store)
        figures = (found.articles, found.pairs, len(found.only_in_memory), len(found.only_in_store))
        out.add_row(language, *map(str, figures))
        for a, b in sorted(found.only_in_memory | found.only_in_store):
            _say(f"{'only in memory' if (a, b) in found.only_in_memory else 'only in the store'}: {a} {b}", sys.stderr)
    console.print(out)
    return 1 if missed else 0


def _compare(worlds: Worlds, rows: Sequence[tuple[str, Thresholds]], console: Console) -> None:
    """One line of figures for each setting."""
    labelled = [one for world in worlds for one in world]
    names = (*report.HEADLINE, "original right", "parent right", "kind right", "merged look-alikes")
    out = Table("setting", *names, title=f"{len(labelled)} articles")
    decided: list[list[tuple[str, tuple[Copy, ...]]]] = [[] for _ in rows]
    for world in worlds:  # all settings on one world while its texts are in the room's cache
        for number, (_, chosen) in enumerate(rows):
            decided[number] += decide([world], chosen)
    for (setting, _), stories in zip(rows, decided, strict=True):
        values = report.summary(measure(labelled, homes(stories)), judge(labelled, stories))
        out.add_row(setting, *(f"{values[name]:.3f}" for name in names[:-1]), f"{values[names[-1]]:.0f}")
    console.print(out)


def _cases(options: argparse.Namespace, console: Console, chosen: Thresholds) -> int:
    """The hand-written cases: a failing one that is not listed as open is an error."""
    results = [(case, cases.check(case, chosen)) for case in cases.load_all()]
    if options.json:
        _say(json.dumps({case.name: wrong for case, wrong in results}, indent=2, ensure_ascii=False))
    for case, wrong in results:
        if wrong and not options.json:
            console.print(f"[bold]{case.name}[/bold]: {case.about}")
            for line in wrong:
                console.print(f"    {line}", markup=False)
    failed = [case.name for case, wrong in results if wrong]
    console.print(f"{len(results) - len(failed)} of {len(results)} hand-written cases right")
    regressed = sorted(set(failed) - cases.open_cases())
    for name in sorted(cases.open_cases() - set(failed)):
        console.print(f"{name} is listed in {cases.OPEN.name}, and is right: take it off")
    for name in regressed:
        _say(f"case failed: {name}", file=sys.stderr)
    return 1 if regressed else 0
