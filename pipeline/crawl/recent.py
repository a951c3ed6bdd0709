"""Pages that are or were just fetched: what another feed says of the same address needs no second request."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from dataclasses import dataclass
from weakref import WeakValueDictionary

from pipeline.model import Response
from pipeline.urls import canonical_url

MOST_S = 60.0  # a page changes before its feeds tell of it, and all of them are read within seconds of each other
MOST_BYTES = 16_000_000  # some 160 pages of the usual 100 kB


@dataclass(frozen=True, slots=True)
class _Kept:
    page: Response
    at: float  # time.monotonic()


class RecentPages:
    """The pages of the last minute, as many as there is room for."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._bytes = 0
        # Each as long as somebody holds or awaits it.
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def turn(self, url: str) -> asyncio.Lock:
        """To be held from the look for a page to its keeping: who else wants the page waits for it."""
        return self._turns.setdefault(canonical_url(url), asyncio.Lock())

    def get(self, url: str) -> Response | None:
        """The page, unless it is too old."""
        self._drop_old()
        found = self._kept.get(canonical_url(url))
        return found.page if found else None

    def keep(self, url: str, page: Response) -> None:
        """Remember what was fetched at ``url``."""
        key = canonical_url(url)
        self._drop(key)
        self._kept[key] = _Kept(page, time.monotonic())
        self._bytes += len(page.body)
        self._drop_old()
        while self._bytes > MOST_BYTES:
            self._drop(next(iter(self._kept)))

    def _drop_old(self) -> None:
        while self._kept and time.monotonic() - next(iter(self._kept.values())).at > MOST_S:
            self._drop(next(iter(self._kept)))

    def _drop(self, key: str) -> None:
        found = self._kept.pop(key, None)
        self._bytes -= len(found.page.body) if found else 0
