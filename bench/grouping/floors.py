"""Pinned floors: what was reached once is not lost again unnoticed.

``floors.json`` holds, for each configuration of a run, the least value of each measure (the most, for merged
look-alikes). Pinning only ever raises them; lowering one is a decision, taken with ``--lower-floors`` and seen in
review.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

MARGIN = 0.002  # below what was measured: another library version may hash a borderline pair to the other side
LOW_IS_GOOD = frozenset({"merged look-alikes"})

Floors = dict[str, dict[str, float]]


def load(path: Path) -> Floors:
    """The floors of all configurations; none when there is no file."""
    if not path.exists():
        return {}
    loaded: Floors = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def misses(floors: Mapping[str, float], measured: Mapping[str, float]) -> list[str]:
    """What fell below its floor, one line each. A floor for something that is not measured any more is a miss too."""
    out = []
    for name, floor in floors.items():
        value = measured.get(name)
        if value is None:
            out.append(f"{name}: not measured (floor {floor:g})")
        elif value > floor if name in LOW_IS_GOOD else value < floor:
            out.append(f"{name}: {value:g}, {'at most' if name in LOW_IS_GOOD else 'at least'} {floor:g} wanted")
    return out


def pinned(floors: Mapping[str, float], measured: Mapping[str, float], *, lower: bool) -> dict[str, float]:
    """New floors from what was measured: raised where it is better; lowered too when that is asked for."""
    out = {} if lower else dict(floors)
    for name, value in measured.items():
        low_is_good = name in LOW_IS_GOOD
        floor = value if low_is_good or value in (0.0, 1.0) else round(value - MARGIN, 4)
        old = out.get(name)
        if old is None or (floor < old if low_is_good else floor > old):
            out[name] = floor
    return out


def save(path: Path, floors: Floors) -> None:
    """Write them, sorted, one a line."""
    path.write_text(json.dumps(floors, indent=2, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
