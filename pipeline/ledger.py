"""What processes on one store owe each other about hosts: the store's memory in the shape that the client wants."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import ParamSpec, TypeVar

from pipeline.model import HostState, RobotsRecord
from pipeline.store import Store

P = ParamSpec("P")
T = TypeVar("T")


class DatabaseThread:
    """One thread for the database: "one place decides on stories at a time" needs no lock inside this process."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="onecopy-store")

    async def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a store function in the thread; calls run in the order in which they were made.

        A cancelled call that has not begun is not made; one that has begun runs to the end of its transaction.
        """
        return await asyncio.get_running_loop().run_in_executor(self._thread, lambda: function(*args, **kwargs))

    def close(self) -> None:
        """Wait for the call under way and end the thread."""
        self._thread.shutdown(wait=True)


class StoreLedger:
    """See :class:`pipeline.ports.Ledger`. All methods raise StoreError."""

    def __init__(self, store: Store, run_id: int, database: DatabaseThread) -> None:
        self._hosts = store.hosts
        self._run_id = run_id
        self._call = database.call

    async def claim(self, hosts: Collection[str]) -> Mapping[str, HostState]:
        """Hosts are claimed by the run, so that they are free again when it ends, however it ends."""
        return await self._call(self._hosts.claim, self._run_id, list(hosts))

    async def release(self, states: Mapping[str, HostState]) -> None:
        """See the protocol."""
        await self._call(self._hosts.release, self._run_id, states)

    async def hold(self, host: str, until: datetime) -> None:
        """See the protocol."""
        await self._call(self._hosts.hold, host, until)

    async def robots(self, origin: str) -> RobotsRecord | None:
        """See the protocol."""
        return await self._call(self._hosts.robots, origin)

    async def keep_robots(self, origin: str, record: RobotsRecord) -> None:
        """See the protocol."""
        await self._call(self._hosts.keep_robots, origin, record)
