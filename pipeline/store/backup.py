"""A copy of an SQLite store while others write to it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from pipeline.errors import StoreError, UsageError
from pipeline.files import replacing
from pipeline.store.engine import WAIT_S, Database


def back_up(database: Database, target: Path) -> None:
    """Write the store as it is at one moment, all of it, to ``target``, which is replaced when the copy is whole.

    Raises UsageError for a PostgreSQL store and for a target that is a store in use; StoreError when the store cannot
    be read or is damaged.
    """
    if database.path is None:
        raise UsageError(f"{database.label}: a PostgreSQL store is backed up by pg_dump")
    _refuse_stores(database.path, target)
    try:
        with replacing(target) as part:
            _copy(database.path, part)
    except sqlite3.Error as error:
        raise StoreError(f"{database.label}: cannot be copied to {target}: {error}") from error


def _refuse_stores(source: Path, target: Path) -> None:
    if target.is_dir():
        raise UsageError(f"{target}: is a folder")
    if target.exists() and target.samefile(source):
        raise UsageError(f"{target}: is the store itself")
    # SQLite removes its log when the last program closes a file: the log of one would be read into the other.
    if target.with_name(f"{target.name}-wal").exists():
        raise UsageError(f"{target}: is in use as a database ({target.name}-wal lies beside it)")


def _copy(source: Path, part: Path) -> None:
    with closing(sqlite3.connect(source, timeout=WAIT_S)) as whole, closing(sqlite3.connect(part)) as copy:
        copy.execute("PRAGMA journal_mode = OFF")  # what breaks off is thrown away
        # In one step, that is of one moment: a copy in several begins anew whenever another process writes
        # (https://www.sqlite.org/backup.html). The write-ahead log lets writers go on meanwhile.
        whole.backup(copy)
        # The copy says of itself that it has a log beside it; a backup is one file.
        copy.execute("PRAGMA journal_mode = DELETE")
        [verdict] = copy.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise StoreError(f"{source}: is damaged ({verdict.splitlines()[-1]}); no backup was made")
