"""robots.txt: may we, and how often (RFC 9309; crawl-delay, which is older than it, as the field uses it).

Read through the client's own turns and limits, once per origin and lifetime, and kept in the ledger for the next run.
"""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from pipeline.fetch.failures import Failed
from pipeline.model import Outcome, Reason, Request, Response, Retry, RobotsRecord
from pipeline.ports import Ledger

if TYPE_CHECKING:
    from protego import Protego

MAX_BYTES = 2_000_000  # RFC 9309 §2.5 asks for at least 512,000
MAX_CHARS = 524_288  # of the rules that concern us
LIFE = timedelta(days=1)  # RFC 9309 §2.4: not longer than 24 hours
SHORTEST_LIFE = timedelta(hours=1)  # whatever Cache-Control says: rules change by the month
UNREACHABLE_LIFE = timedelta(minutes=10)  # until a file that could not be read is asked for again
LONGEST_DELAY_S = 86_400.0  # crawl-delay; a longer one is a mistake or a way to say no
_MOST_REQUESTS = 1_000_000  # of a request-rate; more in any time is no limit
_KEPT_CHARS = 4_000_000  # of parsed rules in memory

_AGENT_LINE = re.compile(r"user[- ]?agent\s*+[:\s]?\s*+(.*)", re.IGNORECASE | re.DOTALL)
_NETWORK = frozenset([Reason.DNS, Reason.CONNECT, Reason.TLS, Reason.TIMEOUT, Reason.REFUSED_ADDRESS, Reason.HELD])
_UNREAD = frozenset([429])  # a 4xx that says "not now", and not "there is none"

Fetch = Callable[[Request], Awaitable[Outcome]]


@dataclass(frozen=True, slots=True)
class Rules:
    """What one robots.txt says to us."""

    agent: str
    parsed: Protego
    delay_s: float | None
    expires_at: datetime
    size: int

    def allow(self, url: str) -> bool:
        """Whether ``url`` may be fetched."""
        return bool(self.parsed.can_fetch(url, self.agent))


@dataclass(frozen=True, slots=True)
class _Unreachable:
    failure: Failed
    expires_at: datetime


class Robots:
    """The rules of every origin that was asked about, in memory within bounds, in the ledger beyond."""

    def __init__(self, agent: str, ledger: Ledger) -> None:
        self._agent = agent
        self._ledger = ledger
        self._rules: OrderedDict[str, Rules] = OrderedDict()
        self._unreachable: dict[str, _Unreachable] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def rules(self, origin: str, fetch: Fetch) -> Rules:
        """The rules of ``scheme://host:port``; ``fetch`` retrieves the file when it has to be read.

        Raises Failed when they cannot be known now: then nothing is to be fetched (RFC 9309 §2.3.1.4).
        """
        lock = self._locks.setdefault(origin, asyncio.Lock())
        try:
            async with lock:
                return await self._current(origin, fetch)
        finally:
            if not lock.locked():
                self._locks.pop(origin, None)

    async def _current(self, origin: str, fetch: Fetch) -> Rules:
        now = datetime.now(UTC)
        rules = self._rules.get(origin)
        if rules is not None and _is_fresh(rules.expires_at, now):
            self._rules.move_to_end(origin)
            return rules
        unreachable = self._unreachable.get(origin)
        if unreachable is not None and _is_fresh(unreachable.expires_at, now):
            raise unreachable.failure
        record = await self._ledger.robots(origin)
        if record is None or not _is_fresh(record.expires_at, now):
            record = await self._read(origin, record, fetch)
        return self._keep(origin, record)

    async def _read(self, origin: str, old: RobotsRecord | None, fetch: Fetch) -> RobotsRecord:
        outcome = await fetch(Request(f"{origin}/robots.txt", accept="text/plain, */*;q=0.1", max_bytes=MAX_BYTES))
        now = datetime.now(UTC)
        if isinstance(outcome, Response):
            seconds = LIFE.total_seconds() if outcome.cache_max_age_s is None else outcome.cache_max_age_s
            life = min(max(timedelta(seconds=seconds), SHORTEST_LIFE), LIFE)
            record = RobotsRecord(relevant(outcome.body.decode("utf-8-sig", "replace"), self._agent), now + life)
        else:
            status = getattr(outcome, "status", None)
            none_there = status is not None and (200 <= status <= 299 or 400 <= status <= 499) and status not in _UNREAD
            if none_there and getattr(outcome, "reason", None) is not Reason.TOO_LARGE:
                record = RobotsRecord("", now + LIFE)  # RFC 9309 §2.3.1.3: unavailable, so there are no rules
            elif old is not None:
                record = RobotsRecord(old.text, now + SHORTEST_LIFE)  # §2.4: the old ones stand while it is unreachable
            else:
                raise self._fail(origin, outcome, now)
        await self._ledger.keep_robots(origin, record)
        return record

    def _fail(self, origin: str, outcome: Outcome, now: datetime) -> Failed:
        reason = getattr(outcome, "reason", Reason.ROBOTS)
        failure = Failed(
            reason if reason in _NETWORK else Reason.ROBOTS,
            f"{getattr(outcome, 'message', 'not modified')}, when asked for robots.txt",
            retry=getattr(outcome, "retry", Retry.SOON) if reason in _NETWORK else Retry.SOON,
            retry_after_s=getattr(outcome, "retry_after_s", None),
        )
        if reason is not Reason.HELD:
            self._unreachable = {name: one for name, one in self._unreachable.items() if one.expires_at > now}
            self._unreachable[origin] = _Unreachable(failure, now + UNREACHABLE_LIFE)
        return failure

    def _keep(self, origin: str, record: RobotsRecord) -> Rules:
        from protego import Protego

        try:
            parsed = Protego.parse(record.text)
        except Exception:  # whatever a third-party parser raises on an odd file means the same: no rules in it
            parsed = Protego.parse("")
        delay = parsed.crawl_delay(self._agent)
        rate = parsed.request_rate(self._agent)
        if rate is not None:  # of two integers of any size, which no float may hold
            delay = max(delay or 0.0, min(rate.seconds, LONGEST_DELAY_S) / min(rate.requests, _MOST_REQUESTS))
        bounded = None if delay is None else min(delay, LONGEST_DELAY_S)
        rules = Rules(self._agent, parsed, bounded, record.expires_at, len(record.text) + 100)
        self._rules[origin] = rules
        self._rules.move_to_end(origin)
        while sum(one.size for one in self._rules.values()) > _KEPT_CHARS and len(self._rules) > 1:
            self._rules.popitem(last=False)
        return rules


def agent_token(user_agent: str) -> str:
    """The product token (RFC 9309 §2.2.1) of a User-Agent line: what stands before the first slash or blank."""
    return re.split(r"[/\s(]", user_agent.strip(), maxsplit=1)[0] or "onecopy"


def relevant(text: str, agent: str) -> str:
    """The groups of a robots.txt that are for everybody or for ``agent``, at most MAX_CHARS of them.

    Protego builds every rule once per agent of its group, so thousands of both would take gigabytes; groups for
    others are none of our business.
    """
    kept: list[str] = []
    size = 0
    ours = in_agents = False
    for line in text.splitlines():
        bare = line.partition("#")[0].strip()
        if not bare:
            continue
        agents = _AGENT_LINE.fullmatch(bare)
        if agents is not None:
            wanted = _names(agents[1], agent)
            ours = wanted or (in_agents and ours)
            in_agents = True
            if not wanted:
                continue
        else:
            in_agents = False
            if not ours:
                continue
        size += len(bare) + 1
        if size > MAX_CHARS:
            break
        kept.append(bare)
    return "\n".join(kept)


def _names(value: str, agent: str) -> bool:
    """Whether a User-agent line's value means us, or everybody; Protego drops asterisks in names, so do we."""
    name = value.strip().lower()
    return name == "*" or (bool(name) and name.replace("*", "") in agent.lower() and bool(name.replace("*", "")))


def _is_fresh(expires_at: datetime, now: datetime) -> bool:
    """Whether what was read may be used; what is to live for longer than LIFE was read by a clock that ran ahead."""
    return now < expires_at <= now + LIFE
