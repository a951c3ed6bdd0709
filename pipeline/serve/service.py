"""What all parts of the server share: the pipeline, the settings, who may come in, a crawl under way."""

from __future__ import annotations

import ipaddress
import json
import threading
import time
from collections.abc import Callable, Hashable
from typing import Annotated, Any, Final, TypeVar, cast
from urllib.parse import urlsplit

from fastapi import Depends
from starlette.requests import Request

from pipeline.app import Pipeline
from pipeline.config import ServeSettings
from pipeline.exchange import Record, moment
from pipeline.serve.identity import Door

T = TypeVar("T")

ASKED_LOCK: Final = "asked-crawl"
REPORT_S: Final = 60.0  # for which the answer to an expensive question about the whole store is kept


def is_loopback(host: str) -> bool:
    """Whether ``host`` (a name or an address, no port) means this machine and nothing else."""
    bare = host.strip("[]").lower()
    if bare == "localhost" or bare.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(bare).is_loopback
    except ValueError:
        return False


class Service:
    """One running server."""

    def __init__(self, pipeline: Pipeline, settings: ServeSettings) -> None:
        self.pipeline = pipeline
        self.store = pipeline.store
        self.settings = settings
        self.loopback = is_loopback(settings.host)
        self.door = Door(pipeline.store, self.loopback)
        self.store_id = pipeline.store.accounts.store_id()
        self.crawls = Crawls(pipeline)
        self._kept: dict[Hashable, tuple[float, Any]] = {}
        self._mutex = threading.Lock()

    def knows_host(self, name: str) -> bool:
        """Whether the server answers to this name of its own."""
        return not self.loopback or name == (urlsplit(self.settings.url or "").hostname or "")

    def base(self, request: Request) -> str:
        """The public address, without a slash at the end."""
        return self.settings.url or str(request.base_url).rstrip("/")

    def kept(self, key: Hashable, make: Callable[[], T], seconds: float = REPORT_S) -> T:
        """The value of ``make``, at most so many seconds old; made by one thread at a time."""
        until, value = self._kept.get(key, (0.0, None))
        if until < time.monotonic():  # once more inside: another thread may have been waiting for the same
            with self._mutex:
                until, value = self._kept.get(key, (0.0, None))
                if until < time.monotonic():
                    value = make()
                    self._kept[key] = time.monotonic() + seconds, value
        return cast(T, value)


class Crawls:
    """Crawls that people ask for: one at a time over all processes of a server, in a thread."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._mutex = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self._error: str | None = None

    def start(self, feeds: list[str] | None) -> bool:
        """Crawl these feeds (by URL), or all that are due; False when one that was asked for is under way."""
        with self._mutex:
            alive = self._thread is not None and self._thread.is_alive()
            if alive or not self._pipeline.store.locks.acquire(ASKED_LOCK):
                return False
            self._error = None
            begun = threading.Event()
            self._thread = threading.Thread(target=self._run, args=(feeds, begun), name="crawl", daemon=True)
            self._thread.start()
        begun.wait(5)
        return True

    def state(self) -> Record:
        """How the last crawl of this store went, or that one is under way, whoever began it."""
        last = self._pipeline.store.runs.latest("crawl")
        if last is None:
            return {"running": False, "started_at": None, "result": None, "error": self._error}
        return {
            "running": last.ended_at is None,
            "started_at": moment(last.started_at),
            "result": json.loads(last.counts) if last.counts else None,
            "error": self._error or ("it was cut short" if last.outcome == "died" else None),
        }

    def close(self) -> None:
        """Stop what is under way and wait for it."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(15)

    def _run(self, feeds: list[str] | None, begun: threading.Event) -> None:
        try:
            self._pipeline.crawl(feeds, progress=lambda _: begun.set(), stop=self._stop)
        except Exception as caught:
            self._error = str(caught)
        finally:
            self._pipeline.store.locks.release(ASKED_LOCK)
            begun.set()


async def the_service(request: Request) -> Service:
    """FastAPI dependency; async, so that it costs no change of threads."""
    found: Service = request.app.state.service
    return found


AService = Annotated[Service, Depends(the_service)]
