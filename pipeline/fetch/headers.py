"""What the headers of an answer say: pure functions of bytes.

Sources: RFC 9110 (Retry-After §10.2.3, validators §8.8, dates §5.6.7), RFC 9111 (Cache-Control §5.2, Age §5.1,
Expires §5.3).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from pipeline.model import Hub
from pipeline.urls import absolute

RawHeaders = tuple[tuple[bytes, bytes], ...]
"""As received: names and values in order, surrounding white space removed."""

MAX_VALIDATOR_BYTES = 1_024
"""A longer ETag or Last-Modified is not kept. Real ones are under 100 bytes; it is returned with every request."""

MAX_RETRY_AFTER_S = 86_400.0
"""A day. Servers have asked for 317,100 s, and for dates in 2041; Media Cloud and Miniflux cap at a day too."""

MAX_LINK_CHARS = 4_096  # of one Link header

MAX_AGE_S = 31_536_000.0
"""A year, what RFC 2616 §14.21 called the longest a server should send."""

_PRINTABLE = re.compile(rb"[\x20-\x7e\x80-\xff]+")
_LINK = re.compile(r'<([^<>]*+)>((?:[^,"<>]|"[^"]*")*+)')
_RELATION = re.compile(r';\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))', re.IGNORECASE)
_DIRECTIVE = re.compile(r'([!#$%&\'*+.^_`|~0-9A-Za-z-]+)(?:\s*=\s*(?:"([^"]*)"|([^\s,;]*)))?')


def first(headers: RawHeaders, name: bytes) -> bytes | None:
    """The value of the first header of this lower-case name, as bytes."""
    return next((value for key, value in headers if key.lower() == name), None)


def text(value: bytes | None) -> str | None:
    """A header value for people and parsers: ISO 8859-1, control characters dropped; None stays None."""
    if value is None:
        return None
    return "".join(char for char in value.decode("latin-1") if char.isprintable())


def validator(value: bytes | None) -> bytes | None:
    """``value`` if it can be stored and sent back exactly as it is: printable, 1 to 1,024 bytes; else None."""
    if value is None or len(value) > MAX_VALIDATOR_BYTES or not _PRINTABLE.fullmatch(value):
        return None
    return value


def sendable(value: bytes | None) -> str | None:
    """A stored validator as text from which aiohttp writes the very same bytes; None when there is none.

    aiohttp writes headers in UTF-8, so bytes that are not UTF-8 cannot be sent back unchanged; such a validator is
    left out, and the request is unconditional. ETags outside ASCII are legal and next to unknown.
    """
    if value is None or validator(value) is None:
        return None
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return None


def location(value: bytes) -> str:
    """A Location header as a URL reference: bytes outside ASCII are percent-encoded, as browsers do."""
    return "".join(chr(byte) if byte < 0x80 else f"%{byte:02X}" for byte in value)


def content_codings(headers: RawHeaders) -> tuple[str, ...]:
    """All content codings in the order in which they were applied, lower-case."""
    values = ",".join(text(value) or "" for name, value in headers if name.lower() == b"content-encoding")
    return tuple(coding for part in values.split(",") if (coding := part.strip().lower()))


def retry_after_s(headers: RawHeaders, now: datetime) -> float | None:
    """How long the server asks to be left alone, in seconds from ``now``, within [0, 86,400]; None when it doesn't.

    A date is taken relative to the answer's own Date, so that a server's wrong clock does not matter.
    """
    value = (text(first(headers, b"retry-after")) or "").strip()
    if value.isascii() and value.isdigit():
        seconds = float(value[:12]) if len(value) <= 12 else MAX_RETRY_AFTER_S
    else:
        at = _date(value)
        if at is None:
            return None
        seconds = (at - _server_time(headers, now)).total_seconds()
    return min(max(seconds, 0.0), MAX_RETRY_AFTER_S)


def cache_max_age_s(headers: RawHeaders, now: datetime) -> float | None:
    """For how many seconds from ``now`` the answer counts as fresh, within [0, one year]; None when it doesn't say.

    max-age before Expires, less Age; no-store, no-cache and an Expires that is no date mean 0.
    """
    directives = _cache_control(headers)
    if "no-store" in directives or "no-cache" in directives:
        return 0.0
    age = _seconds((text(first(headers, b"age")) or "").strip()) or 0.0
    stated = _seconds(directives.get("max-age", ""))
    if stated is None:
        expires = first(headers, b"expires")
        if expires is None:
            return None
        at = _date((text(expires) or "").strip())
        stated = 0.0 if at is None else (at - _server_time(headers, now)).total_seconds()
    return min(max(stated - age, 0.0), MAX_AGE_S)


def hubs(headers: RawHeaders, base: str) -> tuple[Hub, ...]:
    """The hubs that Link headers (RFC 8288) offer for what came from ``base``, by rel=hub and rel=self (WebSub §4)."""
    named: dict[str, list[str]] = {"hub": [], "self": []}
    for name, value in headers:
        if name.lower() != b"link":
            continue
        for link in _LINK.finditer((text(value) or "")[:MAX_LINK_CHARS]):
            relation = _RELATION.search(link[2])
            target = absolute(base, link[1])
            for word in (relation[1] or relation[2]).lower().split() if relation and target else ():
                named.get(word, []).append(target or "")
    return tuple(Hub(hub, topic) for topic in named["self"][:1] for hub in named["hub"][:5])


def _cache_control(headers: RawHeaders) -> dict[str, str]:
    directives: dict[str, str] = {}
    for name, value in headers:
        if name.lower() == b"cache-control":
            for match in _DIRECTIVE.finditer(text(value) or ""):
                directives.setdefault(match[1].lower(), match[2] or match[3] or "")
    return directives


def _seconds(value: str) -> float | None:
    if not (value.isascii() and value.isdigit()):
        return None
    return min(float(value[:12]), MAX_AGE_S) if len(value) <= 12 else MAX_AGE_S


def _server_time(headers: RawHeaders, now: datetime) -> datetime:
    return _date((text(first(headers, b"date")) or "").strip()) or now


def _date(value: str) -> datetime | None:
    """An HTTP date; None when it is none. A date without a zone is GMT, as all HTTP dates are."""
    if not value or len(value) > 64:
        return None
    try:
        at = parsedate_to_datetime(value)
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
