"""The index of band keys: which articles share keys with a text.

Dozens of rows an article, so each operation is one statement that takes all keys in one parameter: JSON on SQLite, an
array on PostgreSQL.

Keys are hashes, so each of an article's rows belongs on another page. On SQLite, where a changed page is written whole
(twice: to the log and to the file), rows therefore begin in a small table and move on in bulk, in order of their keys,
as in a log-structured merge tree (O'Neil et al. 1996): ``band_new`` holds those of some 1,000 articles, ``band_recent``
of some 32,000, ``band`` all others. Every 64 articles one slice of the keys moves on from each of the two; so no step
is long, a look-up asks three tables, and nothing is kept in memory. On PostgreSQL, which logs rows, ``band`` is all.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    TextClause,
    bindparam,
    collate,
    column,
    select,
    text,
)

from pipeline.model import Fingerprint
from pipeline.store.columns import KEY_MASK
from pipeline.store.schema import article, fingerprint

# A key that more articles share says next to nothing about any of them, and each of them would have to be read. Far
# above the highest number of candidates that a decision profits from (dedup.candidates, 60).
SHARED_BY: Final = 1_000

STEP: Final = 64  # articles between two moves
# From, to, in how many slices: a slice's turn comes every 64 * slices articles, 2,048 and 65,536. With sizes 32 times
# as large from table to table each page that a move writes takes in a good number of rows.
MOVES: Final = (("band_recent", "band", 1_024), ("band_new", "band_recent", 32))


def add(connection: Connection, article_id: int, keys: Iterable[int]) -> None:
    """Index an article under its keys."""
    statement = _ADD_SQLITE if _sqlite(connection) else _ADD_POSTGRES
    connection.execute(statement, {"id": article_id, "keys": _parameter(connection, keys)})
    if _sqlite(connection) and article_id % STEP == 0:
        _move_on(connection, article_id // STEP)


def remove(connection: Connection, article_id: int, keys: Iterable[int]) -> None:
    """Take an article out of the index; ``keys`` are those it was indexed under."""
    values = {"id": article_id, "keys": _parameter(connection, keys)}
    for statement in _REMOVE_SQLITE if _sqlite(connection) else (_REMOVE_POSTGRES,):
        connection.execute(statement, values)


def sharing(connection: Connection, made: Fingerprint, limit: int, but: int | None = None) -> list[int]:
    """Articles that share keys with a fingerprint of the same scheme, most shared first, then by canonical URL.

    An odd key in common is enough, of even ones it takes two (see :class:`pipeline.model.Fingerprint`): most of what
    shares a single sampled phrase need then not be read. ``but`` is left out: an article does not resemble itself. Of
    more than 1,000 articles under one key those count that were stored first.
    """
    if not made.bands:
        return []
    values = {
        "keys": _parameter(connection, made.bands),
        "shared_by": SHARED_BY,
        "scheme": made.scheme,
        "but": but or 0,
        "limit": limit,
    }
    return list(connection.execute(_SHARING_SQLITE if _sqlite(connection) else _SHARING_POSTGRES, values).scalars())


def _move_on(connection: Connection, turn: int) -> None:
    """Move the slices whose turn it is from the smaller tables to the larger ones."""
    for (insert, delete), (_, _, slices) in zip(_MOVE, MOVES, strict=True):
        width = (KEY_MASK + 1) // slices
        first = turn % slices * width
        values = {"first": first, "last": first + width - 1}
        connection.execute(insert, values)
        connection.execute(delete, values)


def _sqlite(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"


def _parameter(connection: Connection, keys: Iterable[int]) -> Any:
    ordered = sorted({key & KEY_MASK for key in keys})  # in order: neighbouring keys share a page
    return json.dumps(ordered) if _sqlite(connection) else ordered


_TABLES: Final = ("band", "band_recent", "band_new")
_ADD_SQLITE: Final = text("INSERT INTO band_new (key, article_id) SELECT value, :id FROM json_each(:keys)")
_ADD_POSTGRES: Final = text("INSERT INTO band (key, article_id) SELECT unnest(CAST(:keys AS bigint[])), :id")
_REMOVE_SQLITE: Final = tuple(
    text(f"DELETE FROM {table} WHERE article_id = :id AND key IN (SELECT value FROM json_each(:keys))")  # noqa: S608  # constants
    for table in _TABLES
)
_REMOVE_POSTGRES: Final = text("DELETE FROM band WHERE article_id = :id AND key = ANY (CAST(:keys AS bigint[]))")

_MOVE: Final = tuple(
    (
        text(f"INSERT INTO {larger} SELECT key, article_id FROM {smaller} WHERE key BETWEEN :first AND :last"),  # noqa: S608  # constants
        text(f"DELETE FROM {smaller} WHERE key BETWEEN :first AND :last"),  # noqa: S608  # constants
    )
    for smaller, larger, _ in MOVES
)

# For each key at most so many articles, which neither database says without a subquery for each key.
_UNDER_KEY: Final = " UNION ALL ".join(f"SELECT article_id FROM {table} WHERE key = wanted.value" for table in _TABLES)  # noqa: S608  # constants
_HITS_SQLITE: Final = text(
    "SELECT found.value AS article_id, sum(1 + (wanted.value & 1)) AS shared FROM json_each(:keys) AS wanted,"  # noqa: S608  # constants
    f" json_each((SELECT json_group_array(article_id) FROM ({_UNDER_KEY} LIMIT :shared_by))) AS found"
    " GROUP BY found.value HAVING shared >= 2"
)
_HITS_POSTGRES: Final = text(
    "SELECT found.article_id, sum(1 + (wanted.key & 1)) AS shared FROM unnest(CAST(:keys AS bigint[])) AS wanted (key)"
    " CROSS JOIN LATERAL (SELECT band.article_id FROM band WHERE band.key = wanted.key"
    " ORDER BY band.article_id LIMIT :shared_by) AS found GROUP BY found.article_id"
    " HAVING sum(1 + (wanted.key & 1)) >= 2"
)


def _ranking(hits: TextClause, tie: ColumnElement[str]) -> Select[int]:
    hit = hits.columns(column("article_id", Integer), column("shared", Integer)).cte("hit")
    return (
        select(article.c.id)
        .join(hit, hit.c.article_id == article.c.id)
        .join(fingerprint, fingerprint.c.article_id == article.c.id)
        .where(fingerprint.c.scheme == bindparam("scheme"), article.c.id != bindparam("but"))
        .order_by(hit.c.shared.desc(), tie)
        .limit(bindparam("limit"))
    )


_SHARING_SQLITE: Final = _ranking(_HITS_SQLITE, article.c.canonical_url)
_SHARING_POSTGRES: Final = _ranking(_HITS_POSTGRES, collate(article.c.canonical_url, "C"))  # bytes, as on SQLite
