"""A store as it would be after importing many more articles: copies of its rows under other ids, URLs and keys.

A million imports take an hour; copying rows takes minutes and leaves tables, indexes and search index as large. What
the index of keys holds of the articles that were imported last stays where it is. Child of ``scripts/bench grouping``.
"""

from __future__ import annotations

import sqlite3
import sys

MULTIPLIER = 0x9E3779B97F4A7C15 | 1  # odd: multiplying by it permutes the numbers of 63 bits
MASK = (1 << 63) - 1
TABLES = ("article", "fingerprint", "address", "story", "copy", "match")
IDS = {
    "article": ("id",),
    "fingerprint": ("article_id",),
    "address": ("article_id",),
    "story": ("original_id",),
    "copy": ("article_id", "copied_from_id"),
    "match": ("a_id", "b_id"),
}
STORIES = {"story": "id", "copy": "story_id"}
KEYS = " UNION ALL ".join(
    f"SELECT another(key, :copy) AS key, article_id + :shift AS article_id FROM {name} WHERE article_id <= :last"
    for name in ("band", "band_recent", "band_new")
)
RECENT = 32_768  # articles whose keys stand in band_recent, on average
FRESH = {
    "canonical_key": "randomblob(32)",
    "url_key": "randomblob(32)",
    "url": "url || '?' || :copy",
    "canonical_url": "canonical_url || '?' || :copy",
}


def main() -> None:
    connection = sqlite3.connect(sys.argv[1], isolation_level=None)
    wanted = int(sys.argv[2])
    connection.create_function("another", 2, another, deterministic=True)
    for pragma in ("synchronous = OFF", "cache_size = -262144"):
        connection.execute(f"PRAGMA {pragma}")
    have = connection.execute("SELECT max(id) FROM article").fetchone()[0]
    stories = connection.execute("SELECT max(id) FROM story").fetchone()[0]
    for copy in range(1, -(-wanted // have)):
        last = min(have, wanted - copy * have)
        grow(
            connection,
            {"copy": copy, "shift": copy * have, "stories": copy * stories, "last": last, "recent": wanted - RECENT},
        )
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    print(f"grown to {connection.execute('SELECT count(*) FROM article').fetchone()[0]:,} articles", flush=True)


def grow(connection: sqlite3.Connection, values: dict[str, int]) -> None:
    """Copy the rows of the articles up to id ``last``."""
    for table in TABLES:
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        copied = ", ".join(expression(table, column) for column in columns)
        insert(connection, f"INSERT INTO {table} SELECT {copied} FROM {table} WHERE {IDS[table][0]} <= :last", values)
    insert(
        connection,
        "INSERT INTO search (rowid, title, byline, text)"
        " SELECT id, lower(title), '', lower(text) FROM article WHERE id > :shift AND id <= :shift + :last",
        values,
    )
    connection.execute("CREATE TEMP TABLE fresh AS " + KEYS, named(KEYS, values))
    insert(
        connection, "INSERT OR IGNORE INTO band SELECT * FROM fresh WHERE article_id <= :recent ORDER BY key", values
    )
    recent = "INSERT OR IGNORE INTO band_recent SELECT * FROM fresh WHERE article_id > :recent ORDER BY key"
    insert(connection, recent, values)
    connection.execute("DROP TABLE fresh")


def expression(table: str, column: str) -> str:
    """What a copied row has in a column."""
    if column in IDS[table]:
        return f"{column} + :shift"
    if STORIES.get(table) == column:
        return f"{column} + :stories"
    return FRESH.get(column, f'"{column}"')


def another(key: int, copy: int) -> int:
    """A key that nothing else has, odd when ``key`` is."""
    return ((key >> 1) * MULTIPLIER + copy & MASK >> 1) << 1 | key & 1


def insert(connection: sqlite3.Connection, statement: str, values: dict[str, int]) -> None:
    """One statement, in a transaction of its own."""
    connection.execute(statement, named(statement, values))


def named(statement: str, values: dict[str, int]) -> dict[str, int]:
    """Those of the values that the statement names."""
    return {name: value for name, value in values.items() if f":{name}" in statement}


if __name__ == "__main__":
    main()
