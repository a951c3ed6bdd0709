"""The demo world on loopback: one HTTP server for all its sites, told apart by the Host header.

Everything that a site shows at one moment is made when it is published; a request only looks it up. Feeds and pages
carry ETag and Last-Modified and answer conditional requests (RFC 9110 §13), gzip is used where it is accepted.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Literal

from aiohttp import web

from pipeline.demo.feeds import CONTENT_TYPES, document, feed_pages
from pipeline.demo.nouns import World
from pipeline.demo.render import home_html, page_html

LOOPBACK = "127.0.0.1"
ROBOTS = b"User-agent: *\nDisallow: /search\n"

Behaviour = int | Literal["hang", "drop", "truncate"]


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as the server saw it. Header names are lower case; ``status`` is 0 when no answer was completed."""

    at: datetime
    host: str
    method: str
    path: str  # with the query string
    headers: Mapping[str, str]
    status: int


@dataclass(frozen=True, slots=True)
class _Resource:
    body: bytes
    packed: bytes
    content_type: str
    etag: str  # without quotes; the packed form's has "-gz" behind it
    modified: datetime
    location: str | None = None


@dataclass(frozen=True, slots=True)
class _Fault:
    behaviour: Behaviour
    retry_after: str | None


class Server:
    """The running server; all methods may be called from any thread."""

    def __init__(self, world: World, address: str, upto: int | datetime | None) -> None:
        self.world = world
        self.address = address  # "127.0.0.1:PORT", as fetch.connect_to wants it
        self._lock = threading.Lock()
        self._log: list[Seen] = []
        self._faults: dict[tuple[str, str | None], _Fault] = {}
        self._delays: dict[str | None, float] = {}
        self._resources: Mapping[tuple[str, str], _Resource] = {}
        self.publish(upto)

    @property
    def log(self) -> tuple[Seen, ...]:
        """Every request so far, in the order in which they were dealt with."""
        with self._lock:
            return tuple(self._log)

    def requests(self, host: str | None = None) -> tuple[Seen, ...]:
        """The requests to one host, or all of them."""
        return tuple(seen for seen in self.log if host is None or seen.host == host)

    def forget(self) -> None:
        """Empty the log."""
        with self._lock:
            self._log.clear()

    def publish(self, upto: int | datetime | None = None) -> None:
        """Show the world as it is at a step (from 1), at a time, or complete (None).

        Raises IndexError for a step that does not exist.
        """
        self._resources = _snapshot(self.world, self.world.moment(upto))

    def fail(self, host: str, behaviour: Behaviour, path: str | None = None, *, retry_after: str | None = None) -> None:
        """Make a path of a host, or all of the host, misbehave until :meth:`heal`.

        ``behaviour`` is a status to answer with, "hang" (no answer), "drop" (connection closed without an answer) or
        "truncate" (half of the body that Content-Length announces).
        """
        with self._lock:
            self._faults[host, path] = _Fault(behaviour, retry_after)

    def heal(self, host: str | None = None, path: str | None = None) -> None:
        """Undo :meth:`fail` with the same arguments; without arguments undo all faults and delays."""
        with self._lock:
            if host is None:
                self._faults.clear()
                self._delays.clear()
            else:
                self._faults.pop((host, path), None)

    def delay(self, seconds: float, host: str | None = None) -> None:
        """Wait that long before each answer of a host, or of all hosts."""
        with self._lock:
            self._delays[host] = seconds

    async def handle(self, request: web.Request, stopping: asyncio.Event) -> web.StreamResponse:
        """Answer one request and note it; what aiohttp calls."""
        host = request.headers.get("Host", "").rpartition(":")[0] or request.headers.get("Host", "")
        host = host.lower()
        status = 0
        try:
            await asyncio.sleep(self._delays.get(host, self._delays.get(None, 0.0)))
            fault = self._faults.get((host, request.path)) or self._faults.get((host, None))
            response = await (self._misbehave(request, fault, stopping, host) if fault else self._answer(request, host))
            status = response.status if not fault or isinstance(fault.behaviour, int) else 0
            return response
        finally:
            headers = {name.lower(): value for name, value in request.headers.items()}
            seen = Seen(datetime.now(UTC), host, request.method, request.path_qs, headers, status)
            with self._lock:
                self._log.append(seen)

    async def _misbehave(
        self, request: web.Request, fault: _Fault, stopping: asyncio.Event, host: str
    ) -> web.StreamResponse:
        if isinstance(fault.behaviour, int):
            headers = {"Retry-After": fault.retry_after} if fault.retry_after else None
            return web.Response(status=fault.behaviour, headers=headers, text="out of order\n")
        if fault.behaviour == "hang":
            await stopping.wait()
        response = web.StreamResponse()
        if fault.behaviour == "truncate":
            resource = self._resources.get((host, request.path))
            body = resource.body if resource else b"x" * 1000
            response.content_length = len(body)
            await response.prepare(request)
            await response.write(body[: len(body) // 2])
        if request.transport is not None:
            request.transport.close()
        return response

    async def _answer(self, request: web.Request, host: str) -> web.Response:
        if request.method not in ("GET", "HEAD"):
            return web.Response(status=405, headers={"Allow": "GET, HEAD"})
        resource = self._resources.get((host, request.path))
        if resource is None:
            return web.Response(status=404, text="no such page\n")
        if resource.location:
            return web.Response(status=301, headers={"Location": resource.location})
        packed = "gzip" in request.headers.get("Accept-Encoding", "").lower()
        headers = {
            "ETag": f'"{resource.etag}{"-gz" if packed else ""}"',
            "Last-Modified": format_datetime(resource.modified, usegmt=True),
            "Vary": "Accept-Encoding",
        }
        if _unchanged(request, resource):
            return web.Response(status=304, headers=headers)
        headers["Content-Type"] = resource.content_type
        if packed:
            headers["Content-Encoding"] = "gzip"
        return web.Response(body=resource.packed if packed else resource.body, headers=headers)


def _unchanged(request: web.Request, resource: _Resource) -> bool:
    """Whether the client's copy is current: If-None-Match counts alone where it is sent (RFC 9110 §13.1.3)."""
    known = request.headers.get("If-None-Match")
    if known is not None:
        tags = {tag.strip().removeprefix("W/").strip('"').removesuffix("-gz") for tag in known.split(",")}
        return resource.etag in tags or "*" in tags
    since = request.headers.get("If-Modified-Since")
    if since is None:
        return False
    try:
        return resource.modified <= parsedate_to_datetime(since)
    except (ValueError, TypeError):
        return False


def _snapshot(world: World, moment: datetime) -> dict[tuple[str, str], _Resource]:
    """Everything that can be asked for at that moment, by host and path."""
    resources: dict[tuple[str, str], _Resource] = {}
    page_type = "text/html; charset=utf-8"
    for page in world.visible(moment):
        modified = max(page.version(moment).at, page.appears_at)
        resources[page.host, page.path] = _resource(page_html(world, page, moment).encode(), page_type, modified)
        if page.moved_from:
            resources[page.host, page.moved_from] = _resource(b"", page_type, modified, page.url)
    for site in world.sites.values():
        for plan in site.feeds:
            listed = feed_pages(world, site, plan, moment)
            changes = [max(page.version(moment).at, page.appears_at) for page in listed]
            modified = max(changes, default=world.steps[0])
            body = document(world, site, plan, moment)
            resources[site.host, plan.path] = _resource(body, CONTENT_TYPES[plan.format], modified)
        resources[site.host, "/"] = _resource(home_html(world, site, moment).encode(), page_type, moment)
        resources[site.host, "/robots.txt"] = _resource(ROBOTS, "text/plain; charset=utf-8", world.steps[0])
    return resources


def _resource(body: bytes, content_type: str, modified: datetime, location: str | None = None) -> _Resource:
    etag = hashlib.sha256(body).hexdigest()[:16]
    return _Resource(body, gzip.compress(body, mtime=0), content_type, etag, modified.replace(microsecond=0), location)


@contextmanager
def serve(world: World, *, port: int = 0, upto: int | datetime | None = None) -> Iterator[Server]:
    """Serve the world on 127.0.0.1 (port 0: any free one) in a thread of its own until the block ends.

    Raises OSError when the port is taken, IndexError for a step that does not exist.
    """
    listener = socket.create_server((LOOPBACK, port))
    try:
        server = Server(world, f"{LOOPBACK}:{listener.getsockname()[1]}", upto)
    except IndexError:
        listener.close()
        raise
    ready, loop, stopping = threading.Event(), asyncio.new_event_loop(), asyncio.Event()
    arguments = (loop, server, listener, ready, stopping)
    thread = threading.Thread(target=_run, args=arguments, name="demo world", daemon=True)
    thread.start()
    ready.wait()
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(stopping.set)
        thread.join()


def _run(
    loop: asyncio.AbstractEventLoop,
    server: Server,
    listener: socket.socket,
    ready: threading.Event,
    stopping: asyncio.Event,
) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        return await server.handle(request, stopping)

    async def main() -> None:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", answer)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        await web.SockSite(runner, listener).start()
        ready.set()
        await stopping.wait()
        await runner.cleanup()

    asyncio.set_event_loop(loop)
    try:
        loop.run_until_complete(main())
    finally:
        ready.set()
        loop.close()
