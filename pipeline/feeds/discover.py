"""Which feeds a page names: RSS autodiscovery (https://www.rssboard.org/rss-autodiscovery, WHATWG HTML "alternate")."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Final

from pipeline.errors import DocumentError
from pipeline.feeds.parse import parse_feed
from pipeline.urls import absolute

TYPES: Final = ("application/rss+xml", "application/atom+xml", "application/feed+json")
PAGE_BYTES: Final = 500_000  # of a page are looked through: links to feeds stand in its head
MOST: Final = 50


def feeds_at(body: bytes, url: str, content_type: str | None) -> list[tuple[str, str]]:
    """What a document offers: itself, when it is a feed, else the feeds that it links to, as (URL, title).

    Run it in a worker process. Never raises for a document, however odd: one that offers nothing gives an empty list.
    """
    try:
        return [(url, parse_feed(body, url, content_type, max_entries=1).title or "")]
    except DocumentError:
        return links_to_feeds(body, url)


def links_to_feeds(body: bytes, url: str) -> list[tuple[str, str]]:
    """The feeds that an HTML page names in its head, as (URL, title), at most MOST."""
    found = _Links(url)
    found.feed(body[:PAGE_BYTES].decode("utf-8", errors="replace"))
    return list(found.feeds.items())[:MOST]


class _Links(HTMLParser):
    """Collects ``<link rel=alternate>`` and ``<base>``."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._base = url
        self.feeds: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of a link to a feed."""
        values = {name: value or "" for name, value in attrs}
        if tag == "base" and values.get("href"):
            self._base = absolute(self._base, values["href"]) or self._base
        if tag != "link" or "alternate" not in values.get("rel", "").lower().split():
            return
        kind = values.get("type", "").partition(";")[0].strip().lower()
        target = absolute(self._base, values.get("href", ""))
        if kind in TYPES and target is not None:
            self.feeds.setdefault(target, values.get("title", "").strip()[:200])
