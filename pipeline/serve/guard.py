"""What every request passes and every response gets, whatever it is about.

* The name that the client asked for: while nobody has to log in, only names of this machine are answered, so that a
  foreign page cannot reach the server through a name of its own that it points here (DNS rebinding).
* Writing from other sites' pages is refused by what browsers say of a request (Sec-Fetch-Site, Origin): the fetch
  metadata defence of the OWASP Cross-Site Request Forgery Prevention Cheat Sheet, beside SameSite cookies.
* Bodies are bounded.
* HEAD is answered wherever GET is.
* Answers to GET carry an ETag of what they say, and 304 is the answer to who has that already (RFC 9110 §13.1.2).
* Security headers. No script, style, image or frame comes from anywhere but this server; nothing inline runs.
"""

from __future__ import annotations

import hashlib
import logging
import time
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.serve.answers import answer
from pipeline.serve.problems import Problem
from pipeline.serve.service import Service, is_loopback

LOG: Final = logging.getLogger("onecopy.serve")
MAX_BODY: Final = 5_000_000  # bytes: an OPML list of thousands of feeds, a text to check
SAFE: Final = ("GET", "HEAD", "OPTIONS")

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # "no-referrer" makes browsers send forms with "Origin: null"
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), browsing-topics=()",
}


class Guard:
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["path"].startswith("/v1/"):
            _say_json(scope)
        request = Request(scope)
        outgoing = _Outgoing(scope, send, time.perf_counter())
        try:
            self._check(request.headers, scope["method"], scope["path"])
            await self._app(_as_get(scope), _bounded(receive), outgoing)
        except Exception as error:
            if not isinstance(error, Problem):
                LOG.exception("%s %s", scope["method"], scope["path"])
            if outgoing.begun:
                raise
            await answer(request, error)(scope, receive, outgoing)

    def _check(self, headers: Headers, method: str, path: str) -> None:
        host = headers.get("host", "")
        name = urlsplit(f"//{host}").hostname or ""
        # A hub calls by whatever name its callback has; nothing is told there to who does not know the token.
        if not (is_loopback(name) or self._service.knows_host(name) or path.startswith("/websub/")):
            raise Problem(421, "this server has another name; set serve.url to the address that it is reached at")
        length = headers.get("content-length", "0")
        if length.isdigit() and int(length) > MAX_BODY:
            raise Problem(413, f"at most {MAX_BODY:,} bytes are accepted")
        if method in SAFE:
            return
        site = headers.get("sec-fetch-site")
        origin = headers.get("origin")
        ours = {host, urlsplit(self._service.settings.url or "").netloc} - {""}  # an opaque origin has no host
        if (site is not None and site not in ("same-origin", "none")) or (
            origin is not None and urlsplit(origin).netloc not in ours
        ):
            raise Problem(403, "refused: the request was made by a page of another site")


def _as_get(scope: Scope) -> Scope:
    """HEAD is answered as GET is, wherever that is, without the body (RFC 9110 §9.3.2)."""
    return {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope


def _say_json(scope: Scope) -> None:
    """Every body of the Miniflux API is JSON; newsboat sends it under the name that curl gives to forms."""
    headers = MutableHeaders(scope=scope)
    if "form-urlencoded" in headers.get("content-type", ""):
        headers["content-type"] = "application/json"
        scope["headers"] = headers.raw


def _bounded(receive: Receive) -> Receive:
    """The same body, as long as it is not too long: not every request announces its length."""
    seen = 0

    async def bounded() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > MAX_BODY:
            raise Problem(413, f"at most {MAX_BODY:,} bytes are accepted")
        return message

    return bounded


class _Outgoing:
    """Holds a response back until it is whole, adds headers and ETag, and sends it or a 304."""

    def __init__(self, scope: Scope, send: Send, began: float) -> None:
        self._scope = scope
        self._send = send
        self._began = began
        self._start: Message = {}
        self._body: list[bytes] = []
        self.begun = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        if message["type"] != "http.response.body":
            await self._send(message)
            return
        self._body.append(message.get("body", b""))
        if message.get("more_body"):
            return
        self.begun = True
        body = b"".join(self._body)
        headers = MutableHeaders(raw=self._start.setdefault("headers", []))
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
        headers.setdefault("Cache-Control", "private, no-cache")
        headers["Server-Timing"] = f"app;dur={(time.perf_counter() - self._began) * 1000:.1f}"
        if self._start["status"] == 200 and self._scope["method"] in ("GET", "HEAD"):
            body = self._conditional(headers, body)
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": b"" if self._scope["method"] == "HEAD" else body})

    def _conditional(self, headers: MutableHeaders, body: bytes) -> bytes:
        etag = headers.get("etag") or f'"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'
        headers["ETag"] = etag
        asked = Headers(scope=self._scope)
        given = [one.strip().removeprefix("W/") for one in asked.get("if-none-match", "").split(",")]
        same = etag.removeprefix("W/") in given or given == ["*"]
        if "if-none-match" not in asked and "last-modified" in headers:
            same = asked.get("if-modified-since") == headers["last-modified"]
        if not same:
            return body
        self._start["status"] = 304
        for name in ("content-length", "content-type"):
            if name in headers:
                del headers[name]
        return b""


def plain(text: str, status: int = 200) -> Response:
    """Text for programs."""
    return Response(text, status, media_type="text/plain")
