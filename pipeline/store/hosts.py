"""Hosts: which run works with which, when they were last asked, how long they are to be left alone; their robots.txt.

The times are of this machine's clock, or of several machines' on one PostgreSQL server: a gap of seconds and a hold of
minutes bear clocks that are kept by NTP.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, delete, or_, select, update

from pipeline.model import HostState, RobotsRecord
from pipeline.store.columns import as_utc
from pipeline.store.engine import Database
from pipeline.store.rows import chunks
from pipeline.store.schema import host, robots

HOSTS_LOCK: Final = "hosts"  # claims of many hosts at once, in whatever order, without deadlocks
REMEMBERED: Final = timedelta(days=1)  # far above the longest gap (fetch.host_gap_s, at most an hour)


class Hosts:
    """What processes that share a store owe the hosts they fetch from. All methods raise StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._new = database.insert(host).on_conflict_do_nothing(index_elements=["name"])
        held = database.insert(host)
        self._hold = held.on_conflict_do_update(index_elements=["name"], set_={"held_until": held.excluded.held_until})
        kept = database.insert(robots)
        self._keep = kept.on_conflict_do_update(
            index_elements=["origin"],
            set_={"text": kept.excluded.text, "expires_at": kept.excluded.expires_at},
        )

    def claim(self, run_id: int, names: Collection[str]) -> dict[str, HostState]:
        """Take hosts for a run, as many of ``names`` as no other run has; what is known of each that was taken."""
        found: dict[str, HostState] = {}
        with self._database.write(lock=HOSTS_LOCK) as connection:
            for part in chunks(sorted(names)):
                connection.execute(self._new, [{"name": name} for name in part])
                for row in connection.execute(_CLAIM, {"names": part, "run": run_id}):
                    found[row.name] = HostState(row.last_start_at, row.held_until)
        return found

    def release(self, run_id: int, states: Mapping[str, HostState]) -> None:
        """Give hosts back, each with what the next run has to know."""
        values = [
            {"the_name": name, "run": run_id, "last_start_at": state.last_start_at, "held_until": state.held_until}
            for name, state in sorted(states.items())
        ]
        if values:
            with self._database.write(lock=HOSTS_LOCK) as connection:
                connection.execute(_RELEASE, values)

    def hold(self, name: str, until: datetime) -> None:
        """Note at once that a host asked to be left alone: a crash must not make us forget."""
        with self._database.write() as connection:
            connection.execute(self._hold, {"name": name, "held_until": until})

    def forget(self, now: datetime) -> None:
        """Drop hosts of which nothing has to be remembered, and robots.txt files that nobody asked for in a month."""
        moment = as_utc(now)
        with self._database.write(lock=HOSTS_LOCK) as connection:
            connection.execute(_FORGET, {"now": moment, "long_ago": moment - REMEMBERED})
            connection.execute(_FORGET_ROBOTS, {"long_ago": moment - 30 * REMEMBERED})

    def robots(self, origin: str) -> RobotsRecord | None:
        """The robots.txt of ``scheme://host:port`` as it was last read, expired or not."""
        with self._database.read() as connection:
            row = connection.execute(_ROBOTS, {"origin": origin}).one_or_none()
        return None if row is None else RobotsRecord(row.text, row.expires_at)

    def keep_robots(self, origin: str, record: RobotsRecord) -> None:
        """Store what was read."""
        with self._database.write() as connection:
            connection.execute(
                self._keep, {"origin": origin, "text": record.text, "expires_at": as_utc(record.expires_at)}
            )


_CLAIM: Final = (
    update(host)
    .where(
        host.c.name.in_(bindparam("names", expanding=True)),
        or_(host.c.claimed_by.is_(None), host.c.claimed_by == bindparam("run")),
    )
    .values(claimed_by=bindparam("run"))
    .returning(host.c.name, host.c.last_start_at, host.c.held_until)
)
_RELEASE: Final = (
    update(host)
    .where(host.c.name == bindparam("the_name"), host.c.claimed_by == bindparam("run"))
    .values(claimed_by=None)
)
_FORGET: Final = delete(host).where(
    host.c.claimed_by.is_(None),
    or_(host.c.held_until.is_(None), host.c.held_until < bindparam("now")),
    or_(host.c.last_start_at.is_(None), host.c.last_start_at < bindparam("long_ago")),
)
_FORGET_ROBOTS: Final = delete(robots).where(robots.c.expires_at < bindparam("long_ago"))
_ROBOTS: Final = select(robots).where(robots.c.origin == bindparam("origin"))
