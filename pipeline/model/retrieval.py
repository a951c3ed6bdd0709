"""A feed and its retrieval."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Feed:
    """A subscription as the store knows it."""

    id: int
    url: str
    name: str
    folder: str | None = None
    enabled: bool = True
    etag: bytes | None = None  # opaque: returned exactly as received (RFC 9110 §8.8)
    last_modified: bytes | None = None  # opaque too: never parsed, never reformatted
    body_hash: bytes | None = None  # SHA-256 of the last body that was parsed
    failures: int = 0  # in a row; 0 after a success
    last_fetched_at: datetime | None = None
    next_fetch_at: datetime | None = None  # None: due now
    last_outcome: str | None = None  # "ok", "not modified" or the FetchError's reason
    last_error: str | None = None
    title: str | None = None  # as the feed calls itself
    site_url: str | None = None
    interval_s: float | None = None  # what the adaptive rule last chose
    ttl_s: float | None = None  # how long the feed itself asks to be left alone
    skip_hours: frozenset[int] = frozenset()  # GMT hours 0-23
    skip_days: frozenset[int] = frozenset()  # Monday = 0
    full_at: datetime | None = None  # when a whole body last came to a request without conditions
    failing_since: datetime | None = None  # the first of the failures in a row
    moved_to: str | None = None  # where permanent redirects (301, 308) have led, each time
    moves: int = 0  # how many times in a row
    moved_since: datetime | None = None
    pushed_until: datetime | None = None  # a hub delivers what is new until then


@dataclass(frozen=True, slots=True)
class Hub:
    """Where to subscribe to a feed (WebSub, https://www.w3.org/TR/websub/), and under which name it knows the feed."""

    url: str
    topic: str


class Retry(StrEnum):
    """When trying again makes sense."""

    SOON = "soon"
    LATER = "later"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Request:
    """One retrieval to make. ``max_bytes`` bounds the decoded body; None takes the client's setting."""

    url: str
    etag: bytes | None = None
    last_modified: bytes | None = None
    accept: str | None = None
    max_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """A complete 2xx answer. A body that ended early is a FetchError, never a Response."""

    url: str  # after redirects
    status: int
    content_type: str | None  # the header as sent, charset parameter included
    body: bytes  # decoded (gzip and the like undone), at most max_bytes
    etag: bytes | None
    last_modified: bytes | None
    fetched_at: datetime
    redirects: tuple[tuple[int, str], ...] = ()  # (status, address that was left) in order
    cache_max_age_s: float | None = None  # Cache-Control max-age or Expires, seconds from fetched_at
    conditional: bool = False  # whether the request carried a validator
    hubs: tuple[Hub, ...] = ()  # Link headers with rel=hub and rel=self


@dataclass(frozen=True, slots=True)
class NotModified:
    """A 304: nothing new since the validators we sent."""

    url: str
    fetched_at: datetime
    etag: bytes | None = None
    last_modified: bytes | None = None
    cache_max_age_s: float | None = None
    redirects: tuple[tuple[int, str], ...] = ()  # as in a Response


class Reason(StrEnum):
    """Why a retrieval failed, one word for counting; the message says the rest."""

    BAD_URL = "bad url"
    REFUSED_ADDRESS = "refused address"
    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    TOO_LARGE = "too large"
    TRUNCATED = "truncated"
    BAD_ENCODING = "bad encoding"
    PROTOCOL = "protocol"
    REDIRECTS = "redirects"
    ROBOTS = "robots"
    GONE = "gone"
    NOT_FOUND = "not found"
    FORBIDDEN = "forbidden"
    TOO_MANY = "too many requests"
    HELD = "held back"  # nothing was sent: the host asked to be left alone, or another process is at work with it
    CLIENT_ERROR = "client error"
    SERVER_ERROR = "server error"


@dataclass(frozen=True, slots=True)
class FetchError:
    """A retrieval that brought nothing, as a value."""

    url: str
    reason: Reason
    message: str
    retry: Retry
    fetched_at: datetime
    status: int | None = None
    retry_after_s: float | None = None


Outcome = Response | NotModified | FetchError


@dataclass(frozen=True, slots=True)
class HostState:
    """What processes tell each other about a host (:func:`pipeline.urls.site`)."""

    last_start_at: datetime | None = None  # of a request
    held_until: datetime | None = None  # the host asked to be left alone


@dataclass(frozen=True, slots=True)
class RobotsRecord:
    """The robots.txt of one origin as it was last read; ``text`` is "" where there is none."""

    text: str
    expires_at: datetime
