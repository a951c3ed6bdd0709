"""How often and how many at once: a gap and a limit per host, and a limit over all; across processes by a ledger.

A host belongs to one process at a time: the one that has it keeps the gap and the limit here, in memory, and gives it
back, with the time of its last request, when it has nothing more to ask for a moment. Times in here are on the
monotonic clock of the running event loop, so that setting the system's clock changes nothing; what the ledger keeps is
wall-clock time.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

from pipeline.model import HostState, RobotsRecord
from pipeline.ports import Ledger

HOLD_WAIT_S = 10.0
"""Up to here a request waits for a host that asked to be left alone, or that another process works with; beyond it, it
fails at once and comes back later.

As long as a connection may take by default: a wait of that order does not change when a crawl ends."""

DEFAULT_HOLD_S = 30.0
"""How long a host is left alone after a 429 that names no time: Media Cloud's story fetcher waits as long."""

LONGEST_HOLD_S = 86_400.0  # as Retry-After is clamped; more was written by a clock that ran ahead
ELSEWHERE_S = 60.0  # until a host that another process works with is asked for again
RELEASE_EVERY_S = 1.0
_LOOK_AGAIN_S = 0.25  # while another process has the host


class HostHeld(Exception):
    """The host must be left alone for longer than a request waits; ``seconds`` are left."""

    def __init__(self, seconds: float, why: str = "the host asked to be left alone") -> None:
        super().__init__(f"{why} for another {seconds:.0f} s")
        self.seconds = seconds


class OwnLedger:
    """The ledger of a process that shares with nobody: every host is its own."""

    def __init__(self) -> None:
        self._states: dict[str, HostState] = {}
        self._robots: dict[str, RobotsRecord] = {}

    async def claim(self, hosts: Collection[str]) -> Mapping[str, HostState]:
        """See :class:`pipeline.ports.Ledger`."""
        return {host: self._states.pop(host, HostState()) for host in hosts}

    async def release(self, states: Mapping[str, HostState]) -> None:
        """See :class:`pipeline.ports.Ledger`. A host without a hold whose last request is long past is forgotten."""
        now = datetime.now(UTC)
        recent = now - timedelta(hours=1)  # the longest gap
        self._states = {name: one for name, one in {**self._states, **states}.items() if _matters(one, now, recent)}

    async def hold(self, host: str, until: datetime) -> None:
        """See :class:`pipeline.ports.Ledger`."""
        self._states[host] = HostState(self._states.get(host, HostState()).last_start_at, until)

    async def robots(self, origin: str) -> RobotsRecord | None:
        """See :class:`pipeline.ports.Ledger`."""
        return self._robots.get(origin)

    async def keep_robots(self, origin: str, record: RobotsRecord) -> None:
        """See :class:`pipeline.ports.Ledger`."""
        self._robots[origin] = record


def _matters(state: HostState, now: datetime, recent: datetime) -> bool:
    return (state.held_until is not None and state.held_until > now) or (
        state.last_start_at is not None and state.last_start_at > recent
    )


class _Host:
    def __init__(self, parallel: int, gap_s: float) -> None:
        self.places = asyncio.Semaphore(parallel)
        self.starting = asyncio.Lock()  # one request at a time waits for its start; the others queue behind it
        self.gap_s = gap_s
        self.ours = False
        self.elsewhere_until = float("-inf")  # another process has it: no use in asking before
        self.last_start_at = float("-inf")
        self.held_until = float("-inf")
        self.users = 0

    def next_start_at(self) -> float:
        return max(self.last_start_at + self.gap_s, self.held_until)

    def take(self, state: HostState) -> None:
        """Go on where the last process stopped."""
        now, wall = _now(), datetime.now(UTC)
        self.ours = True
        if state.last_start_at is not None:  # never in the future, whatever a clock did
            self.last_start_at = now - max((wall - state.last_start_at).total_seconds(), 0.0)
        if state.held_until is not None:
            seconds = min((state.held_until - wall).total_seconds(), LONGEST_HOLD_S)
            self.held_until = max(self.held_until, now + seconds)

    def give_back(self, usual_gap_s: float) -> HostState:
        """What the next process has to know. A gap that is longer than its own goes along as a hold."""
        now, wall = _now(), datetime.now(UTC)
        self.ours = False
        held_until = max(self.held_until, self.last_start_at + self.gap_s if self.gap_s > usual_gap_s else 0.0)
        started = self.last_start_at > float("-inf")
        return HostState(
            wall + timedelta(seconds=self.last_start_at - now) if started else None,
            wall + timedelta(seconds=held_until - now) if held_until > now else None,
        )


class Politeness:
    """Turns, handed out per host in the order of asking.

    At most ``parallel`` turns at once, at most ``host_parallel`` of one host, and at least ``host_gap_s`` seconds
    between the starts of two turns of one host, in all processes that share the ledger. Who waits for a host takes
    none of the ``parallel`` places.
    """

    def __init__(self, *, parallel: int, host_parallel: int, host_gap_s: float, ledger: Ledger | None = None) -> None:
        self._places = asyncio.Semaphore(parallel)
        self._host_parallel = host_parallel
        self._host_gap_s = host_gap_s
        self._ledger: Ledger = ledger or OwnLedger()
        self._claims = _Claims(self._ledger)
        self._hosts: dict[str, _Host] = {}
        self._ending = asyncio.Event()

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
                    await self._own(key, host)
                    await self._start(host)
                try:
                    yield
                finally:
                    self._places.release()
        finally:
            host.users -= 1

    def end(self) -> None:
        """Give out no more turns: who waits for one gets HostHeld with nothing left to wait for."""
        self._ending.set()

    async def hold(self, key: str, seconds: float) -> None:
        """Start no request to the host ``key`` for so long, in any process; a longer hold that is under way stays."""
        host = self._host(key)
        until = _now() + seconds
        if until > host.held_until:
            host.held_until = until
            await self._ledger.hold(key, datetime.now(UTC) + timedelta(seconds=seconds))

    def slow_down(self, key: str, gap_s: float) -> None:
        """Keep at least this gap at the host ``key``; the usual one when that is longer."""
        self._host(key).gap_s = max(gap_s, self._host_gap_s)

    async def release(self, *, every: bool = False) -> None:
        """Give back the hosts that nobody is using or waiting for; ``every`` one at the end."""
        idle = {key: host for key, host in self._hosts.items() if every or not host.users}
        for key in idle:
            del self._hosts[key]
        states = {key: host.give_back(self._host_gap_s) for key, host in idle.items() if host.ours}
        if states:
            await self._ledger.release(states)

    async def release_forever(self) -> None:
        """Give back idle hosts as long as the task lives."""
        while True:
            await asyncio.sleep(RELEASE_EVERY_S)
            await self.release()

    async def _own(self, key: str, host: _Host) -> None:
        """Make sure that the host is this process's. Raises HostHeld when another one keeps it."""
        last_look = _now() + HOLD_WAIT_S
        while not host.ours:
            if host.elsewhere_until > _now():
                raise HostHeld(host.elsewhere_until - _now(), "another process is fetching from the host: left")
            state = await self._claims.take(key)
            if state is not None:
                host.take(state)
            elif _now() > last_look:
                host.elsewhere_until = _now() + ELSEWHERE_S
            else:
                await self._sleep(_LOOK_AGAIN_S)

    async def _start(self, host: _Host) -> None:
        while True:
            await self._ready(host)
            await self._places.acquire()
            if host.next_start_at() <= _now() and not self._ending.is_set():
                host.last_start_at = _now()
                return
            self._places.release()  # held back while all places were taken

    async def _ready(self, host: _Host) -> None:
        """Wait until the host may be asked; not for long."""
        while True:
            left = host.next_start_at() - _now()
            if left > HOLD_WAIT_S:
                raise HostHeld(left)
            await self._sleep(max(left, 0.0))
            if left <= 0:
                return

    async def _sleep(self, seconds: float) -> None:
        """Raises HostHeld when the end comes before."""
        if seconds > 0:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._ending.wait()
        if self._ending.is_set():
            raise HostHeld(0.0, "the crawl is ending; left alone")

    def _host(self, key: str) -> _Host:
        if key not in self._hosts:
            self._hosts[key] = _Host(self._host_parallel, self._host_gap_s)
        return self._hosts[key]


class _Claims:
    """Claims of hosts, those that are asked for at the same time in one go."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._waiting: dict[str, asyncio.Future[HostState | None]] = {}
        self._task: asyncio.Task[None] | None = None

    async def take(self, key: str) -> HostState | None:
        """The host's state when it is ours now; None when another process has it."""
        future = self._waiting.setdefault(key, asyncio.get_running_loop().create_future())
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._claim())
        return await asyncio.shield(future)

    async def _claim(self) -> None:
        await asyncio.sleep(0)  # until all that are ready to ask have asked
        while self._waiting:
            waiting, self._waiting = self._waiting, {}
            try:
                found = await self._ledger.claim(waiting)
            except Exception as error:  # theirs to raise
                for future in waiting.values():
                    future.set_exception(error)
                continue
            for key, future in waiting.items():
                future.set_result(found.get(key))


def _now() -> float:
    return asyncio.get_running_loop().time()
