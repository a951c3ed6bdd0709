"""Feeds, answers and entries as a crawl meets them, for tests of what is decided on them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from pipeline.config import ScheduleSettings
from pipeline.feeds import select
from pipeline.model import Entry, Feed, FetchError, Known, ParsedFeed, Reason, Response, Retry, Selection

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)  # a Sunday
HOUR, DAY = 3_600.0, 86_400.0
NEW_URL = "https://new.example/feed"
SETTINGS = ScheduleSettings()  # 15 min, 24 h, first 1 h
FEED = Feed(
    id=7, url="https://example.org/feed", name="Post", last_fetched_at=NOW - timedelta(hours=1), interval_s=HOUR
)


def entry(name: str, content: str = "c") -> Entry:
    return Entry(key=name, guid=name, url=None, title=name, content_hash=content)


def parsed(*entries: Entry, **more: object) -> ParsedFeed:
    return replace(ParsedFeed("rss20", "Title", "https://example.org/", None, tuple(entries)), **more)  # type: ignore[arg-type]  # fields by name


def response(body: bytes = b"new", **more: object) -> Response:
    made = Response(FEED.url, 200, "text/xml", body, b'"e2"', b"yesterday", NOW)
    return replace(made, **more)  # type: ignore[arg-type]  # fields by name


def new(count: int, of: int) -> tuple[ParsedFeed, Selection]:
    feed = parsed(*(entry(str(n)) for n in range(of)))
    return feed, select(feed, Known({str(n): "c" for n in range(count, of)}))


def wait(moment: datetime) -> float:
    return (moment - NOW).total_seconds()


def failure(reason: Reason, retry: Retry, retry_after_s: float | None = None) -> FetchError:
    return FetchError(FEED.url, reason, "it failed", retry, NOW, retry_after_s=retry_after_s)


def moved() -> Feed:
    return replace(
        FEED, moved_to=NEW_URL, moves=10, moved_since=NOW - timedelta(days=9), last_fetched_at=NOW - timedelta(days=1)
    )
