"""What stands in two texts in the same order."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np

from pipeline.dedup.text import Reading


def in_order(a: Reading, b: Reading) -> list[tuple[int, int, int]]:
    """Runs of tokens that stand in both texts in the same order: where in ``a``, where in ``b``, how long.

    Told by the shingles that each of them holds once, the longest series that goes forward in both ("patience diff",
    Cohen 2010). What both hold in another order is in no run.
    """
    (left, at_a), (right, at_b) = a.once, b.once
    _, mine, theirs = np.intersect1d(left, right, assume_unique=True, return_indices=True)
    places = sorted(zip(at_a[mine].tolist(), at_b[theirs].tolist(), strict=True))
    found: list[tuple[int, int, int]] = []
    for start, other in _forward(places):
        before, beside, length = found[-1] if found else (0, 0, 0)
        if found and start - before == other - beside and start <= before + length:
            found[-1] = before, beside, start - before + a.size
        elif start >= before + length and other >= beside + length:  # else it overlaps the run before
            found.append((start, other, a.size))
    return found


def _forward(places: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Of pairs in order of the first, the longest series that rises in the second, too (Schensted 1961)."""
    ends: list[int] = []  # the least second with which a series of each length can end
    last: list[int] = []  # the number of the pair it ends with
    before: list[int] = []  # by pair, the one before it in its series
    for number, (_, other) in enumerate(places):
        length = bisect_left(ends, other)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [other]
        last[length : length + 1] = [number]
    series: list[tuple[int, int]] = []
    at = last[-1] if last else -1
    while at >= 0:
        series.append(places[at])
        at = before[at]
    return series[::-1]
