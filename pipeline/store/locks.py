"""Locks that die with their holder: by the kernel beside an SQLite file, by the server on PostgreSQL.

No lease, no clock: when a process is killed, its locks are free at once and whatever it had claimed can be given back
(:meth:`pipeline.store.runs.Runs.recover`). The contract is :class:`pipeline.ports.Locks`.
"""

from __future__ import annotations

import fcntl
import os
import re
import threading
import weakref
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from pipeline.errors import StoreError
from pipeline.store.engine import Database, lock_number

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"not a lock name: {name!r}")
    return name


class FileLocks:
    """One file per lock, held by flock(2). The file system has to support that: local ones do."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[str, int] = {}
        self._mutex = threading.Lock()
        # A forked worker inherits the open files and would keep the locks alive after our death.
        os.register_at_fork(after_in_child=_Forget(weakref.ref(self)))

    def acquire(self, name: str) -> bool:
        """See :class:`pipeline.ports.Locks`. Raises StoreError when the file cannot be made."""
        path = self._folder / f"{_checked(name)}.lock"
        with self._mutex:
            if name in self._held:
                return True
            try:
                self._folder.mkdir(exist_ok=True)
                descriptor = _lock(path)
            except OSError as error:
                raise StoreError(f"{path}: cannot be locked: {error.strerror or error}") from error
            if descriptor is not None:
                self._held[name] = descriptor
            return descriptor is not None

    def release(self, name: str) -> None:
        """See :class:`pipeline.ports.Locks`."""
        with self._mutex:
            descriptor = self._held.pop(name, None)
            if descriptor is not None:
                # Removed while it is locked: whoever opened it before finds out in _lock.
                with suppress(OSError):
                    (self._folder / f"{name}.lock").unlink()
                os.close(descriptor)

    def close(self) -> None:
        """See :class:`pipeline.ports.Locks`."""
        for name in list(self._held):
            self.release(name)
        with suppress(OSError):
            self._folder.rmdir()  # stays while other processes have locks in it

    def forget(self) -> None:
        """Drop the files of the parent process without giving up its locks; called in a forked child."""
        for descriptor in self._held.values():
            os.close(descriptor)
        self._held = {}
        self._mutex = threading.Lock()  # its state in the parent at the time of the fork means nothing here


class _Forget:
    def __init__(self, locks: Callable[[], FileLocks | None]) -> None:
        self._locks = locks

    def __call__(self) -> None:
        locks = self._locks()
        if locks is not None:
            locks.forget()


def _lock(path: Path) -> int | None:
    """An open, locked descriptor of the file that ``path`` names now; None when another holder lives."""
    while True:
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except FileNotFoundError:
            path.parent.mkdir(exist_ok=True)  # another process closed its locks just now and took the folder along
            continue
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        except BaseException:
            os.close(descriptor)
            raise
        if _names(path, descriptor):
            return descriptor
        os.close(descriptor)  # the former holder removed the file between our open and our lock


def _names(path: Path, descriptor: int) -> bool:
    ours = os.fstat(descriptor)
    try:
        named = path.stat()
    except FileNotFoundError:
        return False
    return (ours.st_dev, ours.st_ino) == (named.st_dev, named.st_ino)


class PostgresLocks:
    """Session-level advisory locks on a connection of their own; they are the database's, so one store per database.

    Should the connection break, the server gives the locks away. Acquiring a held lock again finds that out, so a
    holder that must be the only one (the daemon) asks again at every tick.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: Connection | None = None
        self._held: set[str] = set()
        self._mutex = threading.Lock()

    def acquire(self, name: str) -> bool:
        """See :class:`pipeline.ports.Locks`. Raises StoreError when the server cannot be reached."""
        _checked(name)
        with self._mutex:
            try:
                connection = self._alive()
                if name not in self._held and _try(connection, name):
                    self._held.add(name)
            except SQLAlchemyError as error:
                raise StoreError(f"{self._database.label}: the connection that holds the locks broke") from error
            return name in self._held

    def release(self, name: str) -> None:
        """See :class:`pipeline.ports.Locks`."""
        with self._mutex:
            if name in self._held and self._connection is not None:
                self._held.discard(name)
                with suppress(SQLAlchemyError):  # a broken connection has released it already
                    self._connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": lock_number(name)})

    def close(self) -> None:
        """See :class:`pipeline.ports.Locks`."""
        with self._mutex:
            self._held.clear()
            if self._connection is not None:
                # A server notices the end of a connection in its own time, and keeps the locks until then.
                with suppress(SQLAlchemyError):
                    self._connection.execute(text("SELECT pg_advisory_unlock_all()"))
                self._connection.close()
                self._connection = None

    def _alive(self) -> Connection:
        """The connection; after a break a new one, with as many of the old locks as nobody has taken meanwhile."""
        if self._connection is not None:
            try:
                self._connection.execute(text("SELECT 1"))
            except SQLAlchemyError:
                with suppress(SQLAlchemyError):
                    self._connection.invalidate()
                    self._connection.close()
                self._connection = None
        if self._connection is None:
            self._connection = self._database.dedicated()
            self._held = {name for name in sorted(self._held) if _try(self._connection, name)}
        return self._connection


def _try(connection: Connection, name: str) -> bool:
    found = connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": lock_number(name)})
    return bool(found.scalar())
