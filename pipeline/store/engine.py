"""One database, SQLite or PostgreSQL: its connections, its two kinds of transaction, its errors in one clear line.

SQLite: write-ahead log, so that readers never wait for the writer; every write transaction starts with BEGIN IMMEDIATE,
because a transaction that reads first and writes later fails at once where it should wait (busy_timeout does not apply
to it: https://www.sqlite.org/lang_transaction.html); ``synchronous=FULL``, because what was acknowledged has to survive
a power cut (https://www.sqlite.org/pragma.html#pragma_synchronous).

PostgreSQL: write transactions that must not run side by side take an advisory lock for as long as they last; read
transactions see one snapshot (REPEATABLE READ).
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import sqlalchemy.dialects.postgresql as pg
import sqlalchemy.dialects.sqlite as lite
from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError, StatementError

from pipeline.errors import StoreError

WAIT_S: Final = 30  # for another process's write; a crawl's own transactions take a tenth of a second at most
CACHE_KIB: Final = 98_304  # pages of the band index that stay in memory; SQLite's default is 2 MB

PLACE_LOCK: Final = "place"  # one place decides on stories at a time

Insert = lite.Insert | pg.Insert


def parse_url(url: str) -> URL:
    """A database URL that onecopy can use. Raises StoreError that says what is wrong, never with a password in it."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise StoreError("store.url: expected sqlite:///file or postgresql://user@host/database") from None
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        name = parsed.database
        if not name or name == ":memory:" or name.startswith("file:") or parsed.query:
            raise StoreError("store.url: an SQLite store is a plain file, as in sqlite:///onecopy.db")
        return parsed.set(drivername="sqlite")
    if backend in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    raise StoreError(f"store.url: no {backend!r} here, only sqlite:///file and postgresql://user@host/database")


def lock_number(name: str) -> int:
    """The 64-bit key of a PostgreSQL advisory lock, the same in every process."""
    return int.from_bytes(hashlib.sha256(f"onecopy {name}".encode()).digest()[:8], "big", signed=True)


class Database:
    """Connections to one database. Safe for use from several threads; not across a fork."""

    def __init__(self, url: str) -> None:
        """Connect. Raises StoreError when the database is not there, not one, or not ours to write to."""
        parsed = parse_url(url)
        self.sqlite = parsed.get_backend_name() == "sqlite"
        self.path = Path(parsed.database or "") if self.sqlite else None
        self.label = str(self.path) if self.path else parsed.set(query={}).render_as_string(hide_password=True)
        if self.path:
            _check_file(self.path)
        engine = _sqlite_engine(parsed) if self.sqlite else _postgres_engine(parsed)
        self._engine = engine
        self._reader: Engine = (
            engine
            if self.sqlite
            else engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        )
        try:
            with self._translated():
                self._first_contact()
        except BaseException:
            engine.dispose()
            raise

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A read transaction: one consistent snapshot. Raises StoreError."""
        with self._translated(), self._reader.begin() as connection:
            if self.sqlite:
                connection.exec_driver_sql("BEGIN")
            yield connection

    @contextmanager
    def write(self, lock: str | None = None) -> Iterator[Connection]:
        """A write transaction, rolled back when the block raises.

        SQLite runs one at a time; PostgreSQL runs those of one ``lock`` name one at a time. Raises StoreError, after
        30 seconds when another process keeps the lock.
        """
        with self._translated(), self._engine.begin() as connection:
            if self.sqlite:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            elif lock:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": lock_number(lock)})
            yield connection

    def dedicated(self) -> Connection:
        """A connection outside the pool and without transactions, for locks that live as long as it does."""
        with self._translated():
            connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            connection.detach()
            return connection

    def insert(self, table: Table) -> Insert:
        """An INSERT that knows ON CONFLICT."""
        return lite.insert(table) if self.sqlite else pg.insert(table)

    def limit_cache(self, kib: int) -> None:
        """Let connections from now on cache at most ``kib`` of an SQLite file; PostgreSQL has its own memory."""
        if self.sqlite:
            event.listen(self._engine, "connect", lambda made, _: made.execute(f"PRAGMA cache_size = -{int(kib)}"))
            self._engine.dispose()

    def close(self) -> None:
        """Close all connections that are not in use."""
        self._engine.dispose()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, sqlite3.Error) as error:
            if isinstance(error, StatementError) and not isinstance(error, DBAPIError) and error.orig is not None:
                raise error.orig from None  # a value of ours that a column refused before the database saw it
            raise StoreError(f"{self.label}: {_explain(error)}") from error

    def _first_contact(self) -> None:
        if not self.sqlite:
            with self._engine.connect():
                return None
        # The mode is a property of the file. Changing it does not wait for others (they open an empty store too).
        deadline = time.monotonic() + WAIT_S
        while True:
            try:
                return self._set_wal()
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > deadline:
                    raise
            time.sleep(0.1)

    def _set_wal(self) -> None:
        connection = self._engine.raw_connection()  # outside a transaction, where the mode can be changed
        try:
            connection.cursor().execute("PRAGMA journal_mode = WAL")
        finally:
            connection.close()


def _check_file(path: Path) -> None:
    try:
        if not path.parent.is_dir():
            raise StoreError(f"{path}: the folder {path.parent} does not exist")
        if path.is_dir():
            raise StoreError(f"{path}: is a folder, not a store")
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror or error}") from error
    # SQLite writes two files beside the database, so the folder has to be writable too.
    for needed in (path, path.parent):
        if needed.exists() and not os.access(needed, os.R_OK | os.W_OK):
            raise StoreError(f"{path}: no permission to read and write {needed}")


def _sqlite_engine(url: URL) -> Engine:
    engine = create_engine(url, connect_args={"timeout": WAIT_S}, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver must not start transactions of its own: ``read`` and ``write`` do
    for pragma in (
        f"busy_timeout = {WAIT_S * 1000}",
        "foreign_keys = ON",  # SQLite has them off on every new connection
        "synchronous = FULL",
        f"cache_size = -{CACHE_KIB}",
        "wal_autocheckpoint = 8192",  # 32 MB: a page that many articles change goes to the file once, not for each MB
        "journal_size_limit = 67108864",  # a long import's log shrinks to 64 MB afterwards
        "trusted_schema = OFF",  # the file may come from somebody else
    ):
        connection.execute(f"PRAGMA {pragma}")


def _postgres_engine(url: URL) -> Engine:
    # Keepalives and the idle limit free the locks of a machine that vanished without closing its connections.
    options = {
        "timezone": "UTC",
        "lock_timeout": f"{WAIT_S}s",
        "tcp_keepalives_idle": "60",
        "tcp_keepalives_interval": "10",
        "tcp_keepalives_count": "6",
        "idle_in_transaction_session_timeout": "10min",
    }
    arguments = {
        "connect_timeout": 10,
        "application_name": "onecopy",
        "client_encoding": "utf8",
        "options": " ".join(f"-c {key}={value}" for key, value in options.items()),
    }
    try:
        return create_engine(url, pool_pre_ping=True, connect_args=arguments, hide_parameters=True)
    except ModuleNotFoundError as error:
        raise StoreError("a PostgreSQL store needs psycopg: pip install 'onecopy[postgresql]'") from error


_SQLITE_WORDS: Final = {
    "database is locked": f"another process has kept the store locked for {WAIT_S} seconds",
    "file is not a database": "is not an SQLite database",
    "database disk image is malformed": "is damaged (database disk image is malformed); restore a copy or import anew",
    "unable to open database file": "cannot be opened",
    "attempt to write a readonly database": "cannot be written: it is read-only",
    "database or disk is full": "cannot be written: the disk is full",
}


def _explain(error: Exception) -> str:
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    words = " ".join(str(cause).split()) or type(cause).__name__
    return _SQLITE_WORDS.get(words, words[:500])
