"""What a feed says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pipeline.model.retrieval import Hub, Retry


@dataclass(frozen=True, slots=True)
class Entry:
    """An item as a feed publishes it. Text fields are plain text, ``*_html`` is markup as sent (hostile)."""

    key: str  # SHA-256 hex of the identity (guid, else link, else title and content)
    guid: str | None
    url: str | None  # absolute, http or https, or None
    title: str | None
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    updated_at: datetime | None = None
    summary_html: str | None = None
    content_html: str | None = None
    source_url: str | None = None  # RSS <source url>, Atom <source><link>: where the feed says it took the item
    source_title: str | None = None
    language: str | None = None
    content_hash: str = ""  # SHA-256 hex of what, when changed, makes the entry worth reading again


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed document after parsing."""

    format: str  # "rss20", "rss10", "atom10", "json11", ... ; "" when it was none
    title: str | None
    site_url: str | None
    language: str | None
    entries: tuple[Entry, ...]
    ttl_s: float | None = None  # RSS ttl, sy:updatePeriod/updateFrequency
    skip_hours: frozenset[int] = frozenset()  # GMT hours 0-23 (RSS 2.0)
    skip_days: frozenset[int] = frozenset()  # Monday = 0 (RSS 2.0)
    hubs: tuple[Hub, ...] = ()
    problems: tuple[str, ...] = ()  # what was odd, for people


@dataclass(frozen=True, slots=True)
class ReadError:
    """A document that was fetched but could not be read, as a value (see errors.DocumentError)."""

    url: str
    message: str
    retry: Retry


@dataclass(frozen=True, slots=True)
class Known:
    """What the store holds of a feed's entries: key -> content hash.

    When most keys are unknown, also where it holds the same under another key: content hash -> key, URL -> key.
    """

    entries: Mapping[str, str]
    texts: Mapping[str, str] = field(default_factory=dict)
    addresses: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which entries of a fetched feed are worth reading, and which are only noted as seen again."""

    fresh: tuple[Entry, ...]  # never seen
    changed: tuple[Entry, ...]  # seen, but published differently now
    sighted: tuple[str, ...]  # keys, unchanged


@dataclass(frozen=True, slots=True)
class FeedUpdate:
    """All that one fetch of one feed changes, written in one transaction."""

    feed_id: int
    fetched_at: datetime
    outcome: str
    error: str | None
    failures: int
    next_fetch_at: datetime
    interval_s: float | None
    selection: Selection = Selection((), (), ())
    validators: tuple[bytes | None, bytes | None, bytes | None] | None = (
        None  # etag, last_modified, body_hash; None keeps
    )
    title: str | None = None
    site_url: str | None = None
    enabled: bool = True
    ttl_s: float | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    full_at: datetime | None = None  # None keeps
    failing_since: datetime | None = None
    moved_to: str | None = None
    moves: int = 0
    moved_since: datetime | None = None
    hubs: tuple[Hub, ...] | None = None  # None keeps
    deliveries: tuple[int, ...] = ()  # that were read


@dataclass(frozen=True, slots=True)
class Push:
    """A subscription at a hub, which calls ``callback``/``token``; ``mode`` is "subscribe" or "unsubscribe"."""

    id: int
    hub: Hub
    callback: str
    token: str
    secret: str
    mode: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """A feed's document, or a part of it, as a hub brought it."""

    id: int
    received_at: datetime
    content_type: str | None
    body: bytes


@dataclass(frozen=True, slots=True)
class PendingEntry:
    """An entry that the store holds and whose page is still to be read."""

    id: int
    feed_id: int
    entry: Entry
    attempts: int  # this one included: counted before the work, so that a crash counts too
    first_seen_at: datetime
