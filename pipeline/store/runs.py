"""Runs, and the recovery of what a dead one had claimed.

A run holds the lock ``run-<id>`` as long as its process lives. Who finds an unfinished run whose lock is free knows
that the process is gone, however it went, and gives its claims back at once: no lease has to run out, no clock is
compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, bindparam, insert, select, update

from pipeline.errors import StoreError
from pipeline.ports import Locks
from pipeline.store.engine import Database
from pipeline.store.schema import IS_PENDING, entry, feed, host, run

IDLE: Final = "idle"


@dataclass(frozen=True, slots=True)
class Run:
    """One run; ``ended_at`` and ``outcome`` ("done", "idle", "died") are None while it lives. ``counts`` is JSON."""

    started_at: datetime
    ended_at: datetime | None
    outcome: str | None
    counts: str | None


class Runs:
    """Who works, or worked, on this store. All methods raise StoreError."""

    def __init__(self, database: Database, locks: Locks) -> None:
        self._database = database
        self._locks = locks
        self._own: set[int] = set()

    def begin(self, kind: str) -> int:
        """Start a run ("crawl", "import", ...); returns its id, which claims are made with.

        A daemon begins one at each tick: the row and id of one that found nothing to do are taken again.
        """
        moment = datetime.now(UTC)
        with self._database.write() as connection:
            run_id = self._taken_again(connection, kind, moment)
            if run_id is None:
                key = connection.execute(insert(run), {"kind": kind, "started_at": moment}).inserted_primary_key
                assert key is not None
                run_id = int(key[0])
                # Before others can see the run: they would take it for dead.
                if not self._locks.acquire(_lock_name(run_id)):
                    raise StoreError(f"{self._database.label}: the lock of the new run {run_id} is taken")
            self._own.add(run_id)
        return run_id

    def _taken_again(self, connection: Connection, kind: str, moment: datetime) -> int | None:
        run_id = connection.execute(_IDLE, {"kind": kind}).scalar()
        if run_id is None or not self._locks.acquire(_lock_name(run_id)):  # its process has not let go of it yet
            return None
        if connection.execute(_AGAIN, {"the_id": run_id, "moment": moment}).rowcount:
            return int(run_id)
        self._locks.release(_lock_name(run_id))
        return None

    def finish(self, run_id: int, counts: str | None = None, *, stopped: bool = False, idle: bool = False) -> None:
        """End a run, with its counts as JSON; what it still has claimed is free again.

        Of one that was ``stopped`` on purpose these do not count as attempts. One that was ``idle`` has changed
        nothing, and its id may be given again.
        """
        try:
            with self._database.write() as connection:
                if stopped:
                    connection.execute(_UNTRIED, {"run": run_id})
                _end(connection, run_id, IDLE if idle else "done", counts)
        finally:  # one whose end could not be written has died, as others find out by its lock
            self._own.discard(run_id)
            self._locks.release(_lock_name(run_id))

    def latest(self, kind: str) -> Run | None:
        """The run of this kind that began last; one that died counts as ended."""
        with self._database.read() as connection:
            row = connection.execute(_LATEST, {"kind": kind}).one_or_none()
        if row is not None and row.ended_at is None and row.id not in self._own and self._bury(row.id):
            return Run(row.started_at, datetime.now(UTC), "died", None)
        return None if row is None else Run(row.started_at, row.ended_at, row.outcome, row.counts)

    def recover(self) -> int:
        """Give back what dead runs had claimed and mark them as died; returns how many there were."""
        with self._database.read() as connection:
            unfinished = list(connection.execute(_UNFINISHED).scalars())
        return sum(self._bury(run_id) for run_id in unfinished if run_id not in self._own)

    def _bury(self, run_id: int) -> bool:
        name = _lock_name(run_id)
        if not self._locks.acquire(name):
            return False
        try:
            with self._database.write() as connection:
                return _end(connection, run_id, "died", None)
        finally:
            self._locks.release(name)


def _lock_name(run_id: int) -> str:
    return f"run-{run_id}"


def _end(connection: Connection, run_id: int, outcome: str, counts: str | None) -> bool:
    values = {"the_id": run_id, "ended_at": datetime.now(UTC), "outcome": outcome, "counts": counts}
    ended = connection.execute(_END, values).rowcount > 0
    if ended:
        connection.execute(_FREE_FEEDS, {"run": run_id})
        connection.execute(_FREE_ENTRIES, {"run": run_id})
        connection.execute(_FREE_HOSTS, {"run": run_id, "moment": values["ended_at"]})
    return ended


# Of an idle run that was taken again the id says nothing; it is one of the newest, of which there may be a million.
_NEWEST: Final = select(run).where(run.c.kind == bindparam("kind")).order_by(run.c.id.desc()).limit(20).subquery()
_LATEST: Final = select(_NEWEST).order_by(_NEWEST.c.started_at.desc(), _NEWEST.c.id.desc()).limit(1)
_IDLE: Final = select(_NEWEST.c.id).where(_NEWEST.c.outcome == IDLE).limit(1)
_AGAIN: Final = (
    update(run)
    .where(run.c.id == bindparam("the_id"), run.c.outcome == IDLE)
    .values(started_at=bindparam("moment"), ended_at=None, outcome=None, counts=None)
)
_UNFINISHED: Final = select(run.c.id).where(run.c.ended_at.is_(None)).order_by(run.c.id)
_END: Final = update(run).where(run.c.id == bindparam("the_id"), run.c.ended_at.is_(None))
_FREE_FEEDS: Final = update(feed).where(feed.c.claimed_by == bindparam("run")).values(claimed_by=None)
_UNTRIED: Final = (
    update(entry).where(IS_PENDING, entry.c.claimed_by == bindparam("run")).values(attempts=entry.c.attempts - 1)
)
_FREE_ENTRIES: Final = update(entry).where(IS_PENDING, entry.c.claimed_by == bindparam("run")).values(claimed_by=None)
# When a dead run last asked a host is not known, only that it was before now.
_FREE_HOSTS: Final = (
    update(host).where(host.c.claimed_by == bindparam("run")).values(claimed_by=None, last_start_at=bindparam("moment"))
)
