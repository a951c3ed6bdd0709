"""Two texts side by side: what one has and the other has not, by lines and, inside changed lines, by words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

LINES: Final = 2_000  # of each text are compared: difflib takes quadratic time at worst
LINE_CHARACTERS: Final = 4_000
WORDS: Final = 1_200  # of a changed line are compared one by one
ALIKE: Final = 0.4  # from this share of equal words on, two lines are one line that changed

_TOKEN = re.compile(r"\s+|[\u3040-\u30ff\u3400-\u9fff]|[\w'’]+|[^\w\s]")

Piece = tuple[str, bool]  # (words, whether only this side has them)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the comparison; a side that is None has nothing there."""

    op: str  # "same", "changed", "removed", "added"
    left: tuple[Piece, ...] | None
    right: tuple[Piece, ...] | None


def side_by_side(left: str, right: str) -> list[Row]:
    """The rows of a comparison, in order."""
    a, b = _lines(left), _lines(right)
    rows: list[Row] = []
    for op, a1, a2, b1, b2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if op == "equal":
            rows += [Row("same", ((line, False),), ((line, False),)) for line in a[a1:a2]]
        else:
            rows += _changed(a[a1:a2], b[b1:b2])
    return rows


def titles(left: str | None, right: str | None) -> list[Row]:
    """Two titles beside each other, always in one row."""
    if not left or not right:
        return side_by_side(left or "", right or "")
    return [Row("same", ((left, False),), ((right, False),))] if left == right else [_words(left, right)]


def summary(rows: Sequence[Row]) -> tuple[int, int, int]:
    """How many lines are in one only (removed, added), and how many changed."""
    return tuple(sum(row.op == op for row in rows) for op in ("removed", "added", "changed"))  # type: ignore[return-value]  # three of them


def _lines(text: str) -> list[str]:
    return [line.strip()[:LINE_CHARACTERS] for line in text.split("\n") if line.strip()][:LINES]


def _changed(a: Sequence[str], b: Sequence[str]) -> Iterator[Row]:
    """Lines that differ: those that are alike beside each other, the others alone, in the order of both texts."""
    at = 0
    for line in a:
        partner = next((i for i in range(at, min(at + 8, len(b))) if _alike(line, b[i])), None)
        if partner is None:
            yield Row("removed", ((line, True),), None)
            continue
        yield from (Row("added", None, ((other, True),)) for other in b[at:partner])
        yield _words(line, b[partner])
        at = partner + 1
    yield from (Row("added", None, ((other, True),)) for other in b[at:])


def _alike(a: str, b: str) -> bool:
    ours, theirs = set(_TOKEN.findall(a)), set(_TOKEN.findall(b))
    ours.discard(" ")
    theirs.discard(" ")
    return len(ours & theirs) >= ALIKE * max(1, min(len(ours), len(theirs)))


def _words(a: str, b: str) -> Row:
    ours, theirs = _TOKEN.findall(a), _TOKEN.findall(b)
    if max(len(ours), len(theirs)) > WORDS:
        return Row("changed", ((a, True),), ((b, True),))
    left: list[Piece] = []
    right: list[Piece] = []
    for op, a1, a2, b1, b2 in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if a2 > a1:
            left.append(("".join(ours[a1:a2]), op != "equal"))
        if b2 > b1:
            right.append(("".join(theirs[b1:b2]), op != "equal"))
    return Row("changed", tuple(left), tuple(right))
