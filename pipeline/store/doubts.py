"""Pairs that the rules decided narrowly, and that no person has decided yet."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import ColumnElement, bindparam, case, exists, func, select

from pipeline.model import Match
from pipeline.store.engine import Database
from pipeline.store.neighbours import JOINING
from pipeline.store.rows import to_match
from pipeline.store.schema import article, bond, match

NEAR: Final = 0.5  # of a threshold: further off, the figures leave little to ask
RULED_OUT: Final = 0.25  # the place in the queue of a pair over a threshold that a rule kept apart


class Doubts:
    """The queue of questions. All methods raise StoreError when the store cannot be read."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def next(self, copy_jaccard: float, excerpt_containment: float, limit: int) -> list[tuple[int, int, Match]]:
        """At most ``limit`` pairs that nobody spoke about, the narrowest first: (id of a, id of b, match).

        How narrow is told by the larger of J / ``copy_jaccard`` and C / ``excerpt_containment``: 1 is on the line.
        Pairs above it that a rule kept apart (a template, a quotation, a wall) stand among those a quarter off.
        """
        values = {"jaccard": copy_jaccard, "containment": excerpt_containment, "limit": limit}
        with self._database.read() as connection:
            return [
                (row.a_id, row.b_id, to_match(row, row.a_url, row.b_url)) for row in connection.execute(_NEXT, values)
            ]


def _larger(one: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[Any]:
    return case((one >= other, one), else_=other)


_A: Final = article.alias("a")
_B: Final = article.alias("b")
_HELD: Final = _larger(match.c.containment_a, match.c.containment_b)
_STRENGTH: Final = _larger(
    match.c.jaccard / bindparam("jaccard", type_=match.c.jaccard.type),
    _HELD / bindparam("containment", type_=match.c.jaccard.type),
)
_MARGIN: Final = case(((_STRENGTH >= 1) & match.c.kind.not_in(JOINING), RULED_OUT), else_=func.abs(_STRENGTH - 1))
_SAID: Final = exists().where(bond.c.a_key == _A.c.canonical_key, bond.c.b_key == _B.c.canonical_key)
_NEXT: Final = (
    select(match, _A.c.canonical_url.label("a_url"), _B.c.canonical_url.label("b_url"))
    .join(_A, _A.c.id == match.c.a_id)
    .join(_B, _B.c.id == match.c.b_id)
    .where(_MARGIN <= NEAR, ~_SAID)
    .order_by(_MARGIN, match.c.a_id, match.c.b_id)
    .limit(bindparam("limit"))
)
