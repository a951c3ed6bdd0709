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
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, text

from pipeline.model import Fingerprint
from pipeline.store.columns import KEY_BYTES, KEY_MASK
from pipeline.store.rows import AnyRow

# Of more articles under one key only the first count. Far above the number of candidates that a decision profits from
# (dedup.candidates, 60).
SHARED_BY: Final = 256

# A key of more articles is common: a text that everybody printed; on one site, of four: its standing paragraph.
# Two articles that share nothing else have to share so much of what they would if the shorter text stood in the longer
# one. On one site it takes half: a paragraph under short items is a quarter of them, of which a sample may see a third,
# and what the rules of grouping hold for one piece there is nearly all of it (same_site_jaccard in dedup/verdict.py).
COMMON: Final = 20
COMMON_ON_ONE_SITE: Final = 4
ENOUGH: Final = 1 / 8
ANY: Final = 1e9  # samples: more than any text has
ENOUGH_ON_ONE_SITE: Final = 1 / 2

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


def sharing(
    connection: Connection, made: Fingerprint, limit: int, but: int | None = None, site: str | None = None
) -> list[int]:
    """Articles that share keys with a fingerprint of the same scheme, most shared first, then by canonical URL.

    An odd key in common is enough, of even ones it takes two (see :class:`pipeline.model.Fingerprint`): most of what
    shares a single sampled phrase need then not be read. Where they are common keys, of more than 20 articles (of more
    than 4 for articles on ``site``), it takes an eighth (half) of what the shorter text would share if it stood in
    the longer one. Of more than 256 articles under one key those count that were stored first. ``but`` is left out:
    an article does not resemble itself.
    """
    if not made.bands:
        return []
    under = _under(connection, made.bands)
    shared = _weigh(under, SHARED_BY)
    shared.pop(but or 0, None)
    rare, rare_on_one_site = _weigh(under, COMMON), _weigh(under, COMMON_ON_ONE_SITE)
    most = {one: ANY if rare.get(one, 0) >= 2 else number / ENOUGH for one, number in _nearest(shared, rare, 2 * limit)}
    found: list[tuple[int, str, int]] = []
    for one, address, its_site, contained in _told(connection, made, most, site):
        few, enough = (rare_on_one_site, ENOUGH_ON_ONE_SITE) if its_site == site else (rare, ENOUGH)
        if few[one] >= 2 or shared[one] >= enough * contained:
            found.append((-shared[one], address, one))
    return [one for _, _, one in sorted(found)[:limit]]


def _under(connection: Connection, keys: Iterable[int]) -> list[tuple[int, list[int]]]:
    """Those of the keys that are in the index, with the articles under each."""
    parameters = {"keys": _parameter(connection, keys), "shared_by": SHARED_BY}
    if _sqlite(connection):
        return [(key, json.loads(ids)) for key, ids in connection.execute(_UNDER_SQLITE, parameters)]
    return [(key, ids) for key, ids in connection.execute(_UNDER_POSTGRES, parameters)]


def _weigh(under: list[tuple[int, list[int]]], most: int) -> Counter[int]:
    """By article how many keys it stands under, of those with at most so many articles; an odd key counts twice."""
    found: list[int] = []
    for key, ids in under:
        if len(ids) <= most:
            found += ids + ids if key & 1 else ids
    return Counter(found)  # in C: under a common key there are hundreds


def _nearest(shared: Counter[int], rare: Counter[int], limit: int) -> Iterator[tuple[int, int]]:
    """Articles with what they share: all that share rare keys, and of the others so many that share the most."""
    by_number: dict[int, list[int]] = defaultdict(list)
    for one, number in shared.items():
        if rare.get(one, 0) >= 2:  # Counter's own way to 0 is a call
            yield one, number
        elif number >= 2:
            by_number[number].append(one)
    for number in sorted(by_number, reverse=True):
        chosen = sorted(by_number[number])[:limit]
        yield from ((one, number) for one in chosen)
        limit -= len(chosen)


def _told(connection: Connection, made: Fingerprint, most: Mapping[int, float], site: str | None) -> Sequence[AnyRow]:
    """Those of the articles that would share at most so many samples with ``made`` if one stood in the other.

    On ``site``, for which it takes more: at most a quarter as many. Most that share common keys are of one site, and
    are told by an index of sites, without reading them.
    Their id, canonical URL and site, and ``contained``, about how many that would be: the longer one samples sparsely.
    """
    if not most:
        return []
    bands = sum(key & 1 for key in made.bands)
    values = {
        "scheme": made.scheme,
        "shingles": made.shingles,
        "density": (len(made.bands) - bands) / max(1, made.shingles),
        "bands": bands,
        "site": site,
    }
    if _sqlite(connection):
        return connection.execute(_TOLD_SQLITE, {**values, "most": json.dumps(most)}).all()
    return connection.execute(_TOLD_POSTGRES, {**values, "ids": list(most), "most": list(most.values())}).all()


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
# OR IGNORE, although there is nothing to ignore: a statement that may fail at its second row has SQLite copy each page
# before it changes it (https://www.sqlite.org/tempfiles.html, statement journals), which takes three times as long as
# the change.
_ADD_SQLITE: Final = text("INSERT OR IGNORE INTO band_new (key, article_id) SELECT value, :id FROM json_each(:keys)")
_ADD_POSTGRES: Final = text("INSERT INTO band (key, article_id) SELECT unnest(CAST(:keys AS bigint[])), :id")
_REMOVE_SQLITE: Final = tuple(
    text(f"DELETE FROM {table} WHERE article_id = :id AND key IN (SELECT value FROM json_each(:keys))")  # noqa: S608  # constants
    for table in _TABLES
)
_REMOVE_POSTGRES: Final = text("DELETE FROM band WHERE article_id = :id AND key = ANY (CAST(:keys AS bigint[]))")

_MOVE: Final = tuple(
    (
        text(f"INSERT OR IGNORE INTO {larger} SELECT * FROM {smaller} WHERE key BETWEEN :first AND :last"),  # noqa: S608  # constants
        text(f"DELETE FROM {smaller} WHERE key BETWEEN :first AND :last"),  # noqa: S608  # constants
    )
    for smaller, larger, _ in MOVES
)

# For each key at most so many articles, those in the largest table first: they were stored first. Neither database says
# so without a subquery for each key.
_UNDER_KEY: Final = " UNION ALL ".join(f"SELECT article_id FROM {table} WHERE key = wanted.value" for table in _TABLES)  # noqa: S608  # constants
_UNDER_SQLITE: Final = text(
    "SELECT key, ids FROM (SELECT wanted.value AS key,"  # noqa: S608  # constants
    f" (SELECT json_group_array(article_id) FROM ({_UNDER_KEY} LIMIT :shared_by)) AS ids"
    " FROM json_each(:keys) AS wanted) WHERE ids <> '[]'"
)
_UNDER_POSTGRES: Final = text(
    "SELECT wanted.key, found.ids FROM unnest(CAST(:keys AS bigint[])) AS wanted (key)"
    " CROSS JOIN LATERAL (SELECT array_agg(article_id) AS ids FROM (SELECT article_id FROM band"
    " WHERE band.key = wanted.key ORDER BY article_id LIMIT :shared_by) AS first) AS found WHERE found.ids IS NOT NULL"
)
_TOLD: Final = (
    "SELECT told.id, article.canonical_url, article.site, told.contained FROM ("  # noqa: S608  # constants
    "SELECT hit.id, hit.most, CASE WHEN fingerprint.shingles < :shingles THEN fingerprint.shingles * :density"
    f" ELSE (length(fingerprint.bands) / {KEY_BYTES} - :bands) * 1.0 * :shingles / fingerprint.shingles END"
    " AS contained FROM {hits} JOIN fingerprint ON fingerprint.article_id = hit.id WHERE fingerprint.scheme = :scheme"
    ") AS told JOIN article ON article.id = told.id WHERE told.contained <= told.most"
    f" AND (told.contained * {ENOUGH_ON_ONE_SITE / ENOUGH} <= told.most OR NOT EXISTS"
    " (SELECT 1 FROM article AS near{by_site} WHERE near.site = :site AND near.id = told.id))"
)
# Left to itself SQLite looks a row up by its id, and reads a page for it.
_TOLD_SQLITE: Final = text(
    _TOLD.format(
        hits="(SELECT CAST(key AS INTEGER) AS id, value AS most FROM json_each(:most)) AS hit",
        by_site=" INDEXED BY ix_article_site",
    )
)
_TOLD_POSTGRES: Final = text(
    _TOLD.format(
        hits="unnest(CAST(:ids AS integer[]), CAST(:most AS double precision[])) AS hit (id, most)", by_site=""
    )
)
