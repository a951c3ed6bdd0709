"""The client: one request in, one outcome out, whatever the other side does.

Redirects are followed here, not by aiohttp, so that every hop passes the guard, takes its turn at its host, and loses
the credentials that were meant for another origin.
"""

from __future__ import annotations

import asyncio
import base64
import importlib.metadata
import logging
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlencode, urlsplit

import aiohttp
from yarl import URL

from pipeline.config import FetchSettings
from pipeline.fetch import headers as h
from pipeline.fetch.body import Limits, read_body
from pipeline.fetch.codings import ACCEPT_ENCODING
from pipeline.fetch.failures import Failed, by_exception, by_status
from pipeline.fetch.guard import AddressRefused, Guard, GuardedResolver, Lookup
from pipeline.fetch.politeness import DEFAULT_HOLD_S, HostHeld, OwnLedger, Politeness
from pipeline.fetch.robots import Robots, agent_token
from pipeline.model import FetchError, NotModified, Outcome, Reason, Request, Response, Retry
from pipeline.ports import Ledger
from pipeline.urls import absolute, redact, site

MAX_HEADER_BYTES = 65_536
"""All headers of one answer together. Chromium stops at 256 kB; real ones are under 10 kB."""

LARGE_BODIES = 16
"""Bodies above 1 MB that are read at once, whatever ``parallel`` is: so many times the largest are held in memory."""

_MAX_HEADER_LINES = 128
_MAX_LINE_BYTES = 16_384  # a content security policy alone can exceed aiohttp's default of 8,190
_KEEP_ALIVE_S = 5.0  # longer than the default gap between two requests to one host
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_SAME_METHOD = frozenset({307, 308})

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Answer:
    url: str
    status: int
    headers: h.RawHeaders
    body: bytes  # empty unless the status is 2xx


@dataclass(slots=True)
class _Trip:
    """One request on its way from hop to hop."""

    url: str
    authorization: str | None
    left_s: float  # of the deadline; waiting for a host's turn does not count
    hops: list[tuple[int, str]]
    form: bytes | None = None  # to send by POST

    def follow(self, status: int, target: str) -> None:
        """Go on to ``target``; once another origin has been met, credentials do not come back.

        A form stays at its origin: a hub's secret is in it.
        """
        if URL(self.url, encoded=True).origin() != URL(target, encoded=True).origin():
            if self.form is not None:
                raise Failed(Reason.REDIRECTS, "redirected to another origin, where no form is sent", status=status)
            self.authorization = None
        self.hops.append((status, self.url))
        self.url = target


class Client:
    """Fetches over HTTP within the limits of its settings; use it as an async context manager.

    ::

        async with Client(config.fetch) as client:
            outcome = await client.fetch(Request("https://example.com/feed.xml"))

    ``resolver`` replaces the system's name lookup; its answers pass the same guard. Any number of ``fetch`` calls may
    run at once: the client orders them (:mod:`pipeline.fetch.politeness`). No cookies, no referrer, no proxy or
    ``.netrc`` from the environment.
    """

    def __init__(
        self, settings: FetchSettings, *, resolver: Lookup | None = None, ledger: Ledger | None = None
    ) -> None:
        self._settings = settings
        self._guard = Guard(
            allow_private=settings.allow_private_networks, connect_to=settings.connect_to, lookup=resolver
        )
        own = ledger or OwnLedger()
        self._politeness = Politeness(
            parallel=settings.parallel,
            host_parallel=settings.host_parallel,
            host_gap_s=settings.host_gap_s,
            ledger=own,
        )
        self._user_agent = user_agent(settings)
        self._robots = Robots(agent_token(self._user_agent), own)
        self._large = asyncio.Semaphore(LARGE_BODIES)
        self._session: aiohttp.ClientSession | None = None
        self._releasing: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                resolver=GuardedResolver(self._guard),
                socket_factory=self._guard.open_socket,
                use_dns_cache=False,  # an answer is used for the connection for which it was checked
                limit=0,  # Politeness is the limit
                keepalive_timeout=_KEEP_ALIVE_S,
            ),
            timeout=aiohttp.ClientTimeout(total=None, connect=self._settings.connect_timeout_s, sock_read=None),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
            max_line_size=_MAX_LINE_BYTES,
            max_field_size=_MAX_LINE_BYTES,
            max_headers=_MAX_HEADER_LINES,
        )
        self._releasing = asyncio.create_task(self._politeness.release_forever())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._releasing is not None:
            self._releasing.cancel()
            await asyncio.gather(self._releasing, return_exceptions=True)
            self._releasing = None
        try:
            await self._politeness.release(every=True)
        finally:  # a ledger that cannot be written leaves no connection open
            if self._session is not None:
                await self._session.close()
                self._session = None

    def end(self) -> None:
        """Begin no more requests, and finish those under way: ``fetch`` then gives FetchErrors that say HELD."""
        self._politeness.end()

    async def fetch(self, request: Request, *, robots: bool = False) -> Outcome:
        """Retrieve ``request.url``: a complete 2xx body, a 304 to our validators, or a FetchError that says why not.

        With ``robots``, the robots.txt of each origin on the way is asked first, and its crawl-delay kept.

        A user name and password in the URL are sent as HTTP Basic credentials to that origin alone; ``url`` in a
        Response or NotModified is free of them, and in a FetchError also of secret-looking parameters. Raises nothing
        that a server or the network caused; RuntimeError outside the context manager.
        """
        try:
            return await self._fetch(request, robots)
        except Failed as failed:
            return _fetch_error(request.url, failed)

    async def post(self, url: str, form: Mapping[str, str]) -> FetchError | None:
        """Send ``form`` to ``url``; None when a 2xx answered, whose body is of no interest.

        Redirects within the origin that keep the method (307 and 308, RFC 9110 §15.4) are followed, others are errors.
        Raises as ``fetch`` does.
        """
        request = Request(url)
        try:
            trip = self._trip(request)
            trip.form = urlencode(form).encode()
            headers = self._request_headers(request) | {"Content-Type": "application/x-www-form-urlencoded"}
            answer = await self._travel(trip, headers, Limits(self._settings.max_page_bytes), robots=False)
            if not 200 <= answer.status <= 299:
                raise by_status(answer.status, answer.headers, datetime.now(UTC))
        except Failed as failed:
            return _fetch_error(url, failed)
        return None

    async def _fetch(self, request: Request, robots: bool) -> Response | NotModified:
        trip = self._trip(request)
        headers = self._request_headers(request)
        limits = Limits(request.max_bytes or self._settings.max_page_bytes, large=self._large)
        answer = await self._travel(trip, headers, limits, robots)
        return _outcome(answer, tuple(trip.hops), conditional=any(name in headers for name in _CONDITIONS))

    def _trip(self, request: Request) -> _Trip:
        start = absolute("", request.url)
        if start is None:
            raise Failed(Reason.BAD_URL, "not an http or https URL of at most 2,048 characters")
        return _Trip(start.partition("#")[0], _basic(request.url), self._settings.timeout_s, [])

    async def _travel(self, trip: _Trip, headers: dict[str, str], limits: Limits, robots: bool) -> _Answer:
        """From hop to hop, until an answer is no redirect that is to be followed."""
        followed = _REDIRECTS if trip.form is None else _SAME_METHOD
        while True:
            if robots:
                await self._ask_robots(trip.url)
            answer = await self._hop(trip, headers, limits)
            if answer.status not in followed:
                return answer
            if len(trip.hops) >= self._settings.max_redirects:
                raise Failed(
                    Reason.REDIRECTS, f"more than {self._settings.max_redirects} redirects", status=answer.status
                )
            trip.follow(answer.status, _redirect_target(answer))

    async def _ask_robots(self, url: str) -> None:
        """Raises Failed when robots.txt says no, or cannot be read now."""
        rules = await self._robots.rules(_origin(url), self.fetch)
        if rules.delay_s is not None:
            self._politeness.slow_down(site(url), rules.delay_s)
        if not rules.allow(url):
            raise Failed(Reason.ROBOTS, "robots.txt does not allow it", retry=Retry.NEVER)

    def _request_headers(self, request: Request) -> dict[str, str]:
        headers = {
            "User-Agent": self._user_agent,
            "Accept": request.accept or "*/*",
            "Accept-Encoding": ACCEPT_ENCODING,
        }
        for name, value in zip(_CONDITIONS, (request.etag, request.last_modified), strict=True):
            sendable = h.sendable(value)
            if sendable is not None:
                headers[name] = sendable
        return headers

    async def _hop(self, trip: _Trip, headers: dict[str, str], limits: Limits) -> _Answer:
        """One request and its answer, in its turn and within what is left of the deadline."""
        url = URL(trip.url, encoded=True)
        try:
            self._guard.check_host(url.raw_host or "", url.port or 0)
        except AddressRefused as refused:
            # The URL says it itself; but a redirect's owner may mend it.
            retry = Retry.LATER if trip.hops else Retry.NEVER
            raise Failed(Reason.REFUSED_ADDRESS, str(refused), retry=retry) from None
        if trip.authorization is not None:
            headers = headers | {"Authorization": trip.authorization}
        clock = asyncio.get_running_loop().time
        try:
            async with self._politeness.turn(site(trip.url)):
                started = clock()
                try:
                    async with asyncio.timeout(trip.left_s):
                        return await self._exchange(url, headers, limits, trip.form)
                except TimeoutError:
                    raise Failed(Reason.TIMEOUT, f"not complete after {self._settings.timeout_s:g} s") from None
                finally:
                    trip.left_s -= clock() - started
        except HostHeld as held:
            raise Failed(Reason.HELD, str(held), retry_after_s=held.seconds) from None

    async def _exchange(self, url: URL, headers: dict[str, str], limits: Limits, form: bytes | None) -> _Answer:
        async with await self._open(url, headers, form) as response:
            received = response.raw_headers
            if sum(len(name) + len(value) for name, value in received) > MAX_HEADER_BYTES:
                raise Failed(Reason.PROTOCOL, f"the headers are larger than {MAX_HEADER_BYTES:,} bytes")
            await self._respect(response.status, str(url), received)
            wanted = form is None and 200 <= response.status <= 299
            body = await _body(response, received, limits) if wanted else b""
            return _Answer(str(url), response.status, received, body)

    async def _open(self, url: URL, headers: dict[str, str], form: bytes | None) -> aiohttp.ClientResponse:
        """Send the request and wait for the end of the headers. Raises Failed."""
        if self._session is None:
            raise RuntimeError("Client.fetch outside of 'async with Client(...)'")
        host = url.raw_host or ""
        try:
            async with asyncio.timeout(self._settings.header_timeout_s):
                method = "GET" if form is None else "POST"
                return await self._session.request(method, url, headers=headers, data=form, allow_redirects=False)
        except AddressRefused as refused:
            # A name that leads to a refused address today may be a captive portal's or a broken resolver's doing.
            raise Failed(Reason.REFUSED_ADDRESS, str(refused), retry=Retry.LATER) from None
        except aiohttp.ConnectionTimeoutError:
            limit = self._settings.connect_timeout_s
            raise Failed(Reason.TIMEOUT, f"no connection to {host} within {limit:g} s") from None
        except TimeoutError:
            limit = self._settings.header_timeout_s
            raise Failed(Reason.TIMEOUT, f"no complete headers within {limit:g} s") from None
        except Exception as error:
            raise by_exception(error, host) or _unexpected(error, str(url)) from None

    async def _respect(self, status: int, url: str, headers: h.RawHeaders) -> None:
        """Leave a host alone that says it is overloaded: all of it, not only this URL."""
        if status not in (429, 503):
            return
        seconds = h.retry_after_s(headers, datetime.now(UTC))
        if seconds is None and status == 429:
            seconds = DEFAULT_HOLD_S
        if seconds is not None:
            await self._politeness.hold(site(url), seconds)


_CONDITIONS = ("If-None-Match", "If-Modified-Since")


def user_agent(settings: FetchSettings) -> str:
    """The User-Agent line with version and contact filled in."""
    try:
        version = importlib.metadata.version("onecopy")
    except importlib.metadata.PackageNotFoundError:  # run from a source tree that was never installed
        version = "0"
    return settings.user_agent.replace("{version}", version).replace("{contact}", settings.contact)


async def _body(response: aiohttp.ClientResponse, headers: h.RawHeaders, limits: Limits) -> bytes:
    if response.content_length is not None and response.content_length > limits.max_bytes:
        raise Failed(Reason.TOO_LARGE, f"the body is larger than {limits.max_bytes:,} bytes", status=response.status)
    try:
        return await read_body(response.content.readany, h.content_codings(headers), limits)
    except Failed as failed:
        failed.status = response.status
        raise
    except (aiohttp.ClientError, OSError):
        raise Failed(Reason.TRUNCATED, "the body broke off before its end", status=response.status) from None
    except Exception as error:
        raise _unexpected(error, str(response.url)) from None


def _outcome(answer: _Answer, redirects: tuple[tuple[int, str], ...], *, conditional: bool) -> Response | NotModified:
    now = datetime.now(UTC)
    etag = h.validator(h.first(answer.headers, b"etag"))
    last_modified = h.validator(h.first(answer.headers, b"last-modified"))
    fresh_for = h.cache_max_age_s(answer.headers, now)
    if answer.status == 304 and conditional:
        return NotModified(answer.url, now, etag, last_modified, fresh_for, redirects)
    if not 200 <= answer.status <= 299:
        raise by_status(answer.status, answer.headers, now)
    if answer.status == 206:
        raise Failed(Reason.TRUNCATED, "the server sent a part of what was asked for whole", status=206)
    if not answer.body:
        # Nothing to read, and most often a passing fault: an empty feed document would still have a root element.
        raise Failed(Reason.PROTOCOL, f"the server answered {answer.status} without a body", status=answer.status)
    return Response(
        url=answer.url,
        status=answer.status,
        content_type=h.text(h.first(answer.headers, b"content-type")),
        body=answer.body,
        etag=etag,
        last_modified=last_modified,
        fetched_at=now,
        redirects=redirects,
        cache_max_age_s=fresh_for,
        conditional=conditional,
        hubs=h.hubs(answer.headers, answer.url),
    )


def _fetch_error(url: str, failed: Failed) -> FetchError:
    return FetchError(
        url=redact(url),
        reason=failed.reason,
        message=failed.message,
        retry=failed.retry,
        fetched_at=datetime.now(UTC),
        status=failed.status,
        retry_after_s=failed.retry_after_s,
    )


def _origin(url: str) -> str:
    """``scheme://host:port``, the authority that a robots.txt is for (RFC 9309 §2.3)."""
    parsed = URL(url, encoded=True)
    host = parsed.raw_host or ""
    return f"{parsed.scheme}://{f'[{host}]' if ':' in host else host}:{parsed.port}"


def _redirect_target(answer: _Answer) -> str:
    value = h.first(answer.headers, b"location")
    target = absolute(answer.url, h.location(value)) if value is not None else None
    if target is None:
        raise Failed(Reason.REDIRECTS, "redirected to no http or https URL", status=answer.status)
    return target.partition("#")[0]


def _basic(url: str) -> str | None:
    """The Authorization header for credentials in ``url`` (RFC 7617); None when it has none."""
    parts = urlsplit(url.strip())
    if parts.username is None:
        return None
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return "Basic " + base64.b64encode(pair.encode("utf-8", "replace")).decode("ascii")


def _unexpected(error: Exception, url: str) -> Failed:
    """For what neither we nor aiohttp foresaw: it costs this URL, and leaves a trace (without its text: see above)."""
    where = "".join(traceback.format_tb(error.__traceback__))
    _log.error("unexpected %s while fetching %s\n%s", type(error).__name__, redact(url), where)
    return Failed(Reason.PROTOCOL, f"the client gave up: {type(error).__name__}")
