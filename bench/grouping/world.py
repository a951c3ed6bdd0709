"""A whole run's articles: stories with copies, spun copies and look-alikes, shuffled as they would arrive."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.grouping import chains, lookalikes
from bench.grouping.bank import LANGUAGES
from bench.grouping.desk import Desk, open_desk
from bench.grouping.truth import Labelled

SPUN_PERCENT = (10, 20, 30, 50)


@dataclass(frozen=True, slots=True)
class Size:
    """How much to make."""

    stories: int  # per language, with one to eight copies each
    wires: int  # per language; as many again in drifting versions
    spun: int  # per language and rate
    traps: int  # instances of each look-alike kind


QUICK = Size(stories=8, wires=2, spun=1, traps=12)
FULL = Size(stories=30, wires=6, spun=5, traps=100)
WORLD = 120  # articles
SEEDS = {"development": 11, "evaluation": 4_099}  # the pinned runs; other seeds make other worlds from the same halves


def build(
    half: str, size: Size, seed: int | None = None, languages: Sequence[str] = LANGUAGES, only: str = ""
) -> list[list[Labelled]]:
    """All articles of a run as worlds of some 120, the same for the same arguments; ``only`` names one trap."""
    chosen = SEEDS[half] if seed is None else seed
    desks = {language: open_desk(language, half, chosen) for language in LANGUAGES if language in languages}
    units: list[list[Labelled]] = []
    if not only:
        for language, desk in desks.items():
            units += _stories(desk, language, size)
    for trap in lookalikes.TRAPS:
        if only in ("", trap):
            units += lookalikes.make(desks, trap, size.traps)
    return _worlds([unit for unit in units if unit], random.Random(chosen))


def _stories(desk: Desk, language: str, size: Size) -> Iterator[list[Labelled]]:
    for number in range(size.stories):
        yield chains.story(desk, f"{language} story {number}", desk.rng.choice((1, 1, 2, 2, 3, 3, 4, 5, 6, 8)))
    for number in range(size.wires):
        yield chains.wire(desk, f"{language} wire {number}")
        yield chains.versions(desk, f"{language} versions {number}")
    for percent in SPUN_PERCENT:
        for number in range(size.spun):
            yield chains.spun(desk, f"{language} spun {percent} {number}", percent)


def _worlds(units: list[list[Labelled]], rng: random.Random) -> list[list[Labelled]]:
    """Worlds of one language each, stories and look-alikes mixed, in the order of arrival.

    Articles of two languages are never candidates for each other, and pieces of one language have next to nothing in
    common, so what one world leaves out of another could not have been merged with it; but a grammar's chance phrases
    would make every article a candidate of hundreds.
    """
    rng.shuffle(units)
    units.sort(key=lambda unit: unit[0].language)
    worlds: list[list[Labelled]] = []
    for unit in units:
        last = worlds[-1] if worlds else None
        if last is None or len(last) + len(unit) > WORLD or last[0].language != unit[0].language:
            worlds.append(list(unit))
        else:
            last.extend(unit)
    for world in worlds:
        world.sort(key=lambda one: (one.article.first_seen_at, one.url))
    return worlds
