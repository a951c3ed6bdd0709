"""All seams, on one page. A seam exists only where two real implementations ship.

========================  ==========================================  =========================================
seam                      implementations                             contract test
========================  ==========================================  =========================================
:class:`Locks`            store.locks.FileLocks, PostgresLocks        tests/contracts/test_locks.py
:class:`Ledger`           ledger.StoreLedger, fetch.politeness        tests/contracts/test_ledger.py
                          .OwnLedger
========================  ==========================================  =========================================
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from pipeline.model import HostState, RobotsRecord


class Locks(Protocol):
    """Locks that the operating system or the database drops when their holder dies, however it dies."""

    def acquire(self, name: str) -> bool:
        """Take the lock without waiting; False when another holder lives. Taking it twice is one lock."""
        ...

    def release(self, name: str) -> None:
        """Give it back; nothing happens when it is not held."""
        ...

    def close(self) -> None:
        """Give all of them back."""
        ...


class Ledger(Protocol):
    """What fetching processes tell each other about hosts (:func:`pipeline.urls.site`) and their robots.txt."""

    async def claim(self, hosts: Collection[str]) -> Mapping[str, HostState]:
        """Take hosts for this process; those that another one has are missing from the answer."""
        ...

    async def release(self, states: Mapping[str, HostState]) -> None:
        """Give hosts back, each with what the next process has to know."""
        ...

    async def hold(self, host: str, until: datetime) -> None:
        """Note that a host asked to be left alone, so that it is remembered whatever happens to this process."""
        ...

    async def robots(self, origin: str) -> RobotsRecord | None:
        """The robots.txt of ``scheme://host:port`` as it was last read, expired or not."""
        ...

    async def keep_robots(self, origin: str, record: RobotsRecord) -> None:
        """Store what was read."""
        ...
