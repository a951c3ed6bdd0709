"""How often and how many at once: a gap and a limit per host, and a limit over all.

All times are on the monotonic clock of the running event loop, so that setting the system's clock changes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

HOLD_WAIT_S = 10.0
"""Up to here a request waits for a host that asked to be left alone; beyond it, it fails at once and comes back later.

As long as a connection may take by default: a wait of that order does not change when a crawl ends."""

DEFAULT_HOLD_S = 30.0
"""How long a host is left alone after a 429 that names no time: Media Cloud's story fetcher waits as long."""

_SWEEP_AT = 1_024  # hosts remembered before the idle ones are dropped: some 500 kB


class HostHeld(Exception):
    """The host asked to be left alone for longer than a request waits; ``seconds`` are left."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the host asked to be left alone for another {seconds:.0f} s")
        self.seconds = seconds


class _Host:
    def __init__(self, parallel: int) -> None:
        self.places = asyncio.Semaphore(parallel)
        self.starting = asyncio.Lock()  # one request at a time waits for its start; the others queue behind it
        self.next_start_at = float("-inf")
        self.held_until = float("-inf")
        self.users = 0

    def idle(self, now: float) -> bool:
        return not self.users and max(self.next_start_at, self.held_until) <= now


class Politeness:
    """Turns, handed out per host in the order of asking.

    At most ``parallel`` turns at once, at most ``host_parallel`` of one host, and at least ``host_gap_s`` seconds
    between the starts of two turns of one host. Who waits for a host takes none of the ``parallel`` places.
    """

    def __init__(self, *, parallel: int, host_parallel: int, host_gap_s: float) -> None:
        self._places = asyncio.Semaphore(parallel)
        self._host_parallel = host_parallel
        self._host_gap_s = host_gap_s
        self._hosts: dict[str, _Host] = {}

    def __len__(self) -> int:
        """How many hosts are remembered."""
        return len(self._hosts)

    @asynccontextmanager
    async def turn(self, key: str) -> AsyncIterator[None]:
        """Wait for a turn of the host ``key``, and hold it inside the block. Raises HostHeld."""
        host = self._host(key)
        host.users += 1
        try:
            async with host.places:
                async with host.starting:
                    await self._start(host)
                try:
                    yield
                finally:
                    self._places.release()
        finally:
            host.users -= 1

    def hold(self, key: str, seconds: float) -> None:
        """Start no request to the host ``key`` for so long; a longer hold that is under way stays."""
        host = self._host(key)
        host.held_until = max(host.held_until, _now() + seconds)

    async def _start(self, host: _Host) -> None:
        while True:
            await _ready(host)
            await self._places.acquire()
            if max(host.next_start_at, host.held_until) <= _now():
                host.next_start_at = _now() + self._host_gap_s
                return
            self._places.release()  # held back while all places were taken

    def _host(self, key: str) -> _Host:
        if key not in self._hosts:
            if len(self._hosts) >= _SWEEP_AT:
                now = _now()
                self._hosts = {name: host for name, host in self._hosts.items() if not host.idle(now)}
            self._hosts[key] = _Host(self._host_parallel)
        return self._hosts[key]


async def _ready(host: _Host) -> None:
    while True:
        held = host.held_until - _now()
        if held > HOLD_WAIT_S:
            raise HostHeld(held)
        left = max(held, host.next_start_at - _now())
        if left <= 0:
            return
        await asyncio.sleep(left)


def _now() -> float:
    return asyncio.get_running_loop().time()
