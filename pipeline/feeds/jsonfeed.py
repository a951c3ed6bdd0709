"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from pipeline.errors import Refused, Unreadable
from pipeline.feeds.dates import parse_date
from pipeline.feeds.people import author_names
from pipeline.feeds.text import MAX_HTML_CHARS, optional, title_text
from pipeline.feeds.xmlfeed import MAX_GUID_CHARS, MAX_HUBS, MAX_LANGUAGE_CHARS
from pipeline.model import Entry, Hub, ParsedFeed
from pipeline.urls import absolute

_VERSIONS = {"1": "json10", "1.0": "json10", "1.1": "json11"}


def parse_json(text: str, url: str, max_entries: int, now: datetime) -> ParsedFeed:
    """Parse the text of a JSON Feed found at ``url``. Raises Refused or Unreadable."""
    feed = _load(text)
    version = str(feed.get("version") or "")
    items = feed.get("items")
    if not isinstance(items, list):
        raise Unreadable("JSON, but no JSON Feed: it has no list of items")
    problems: tuple[str, ...] = ()
    if "jsonfeed.org/version/" not in version:
        if not isinstance(feed.get("title"), str):
            raise Unreadable("JSON, but no JSON Feed: it has neither a version nor a title")
        problems += ("names no JSON Feed version",)
    if len(items) > max_entries:
        problems += (f"only the first {max_entries} entries were read",)
    base = url
    language = optional(feed.get("language"), MAX_LANGUAGE_CHARS)
    inherited = author_names(_names(feed))
    return ParsedFeed(
        format=_VERSIONS.get(version.rstrip("/").rpartition("/")[2], "json"),
        title=title_text(feed.get("title"), markup=False),
        site_url=_link(feed.get("home_page_url"), base),
        language=language,
        entries=tuple(
            _entry(item, base, language, inherited, now) for item in items[:max_entries] if isinstance(item, dict)
        ),
        hubs=_hubs(feed, base),
        problems=problems,
    )


def _load(text: str) -> Mapping[str, Any]:
    try:
        feed = json.loads(text)
    except RecursionError:
        raise Refused("JSON nested too deeply") from None
    except ValueError as error:  # JSONDecodeError, and numbers of more digits than Python converts
        raise Unreadable(f"not valid JSON: {str(error)[:200]}") from error
    if not isinstance(feed, dict):
        raise Unreadable("JSON, but no JSON Feed: it is no object")
    return feed


def _entry(
    item: Mapping[str, Any], base: str, language: str | None, inherited: tuple[str, ...], now: datetime
) -> Entry:
    content = optional(item.get("content_html"), MAX_HTML_CHARS)
    plain = optional(item.get("content_text"), MAX_HTML_CHARS)
    if content is None and plain is not None:
        content = "".join(f"<p>{html.escape(line)}</p>" for line in plain.splitlines() if line.strip())
    summary = optional(item.get("summary"), MAX_HTML_CHARS)
    external = _link(item.get("external_url"), base)
    identity = item.get("id")
    return Entry(
        key="",
        guid=optional(_short(identity), MAX_GUID_CHARS),
        url=_link(item.get("url"), base) or external or _permalink(identity),
        title=title_text(item.get("title"), markup=False),
        authors=author_names(_names(item)) or inherited,
        published_at=parse_date(_string(item.get("date_published")), now),
        updated_at=parse_date(_string(item.get("date_modified")), now),
        summary_html=None if summary is None else html.escape(summary),
        content_html=content,
        language=optional(item.get("language"), MAX_LANGUAGE_CHARS) or language,
    )


def _names(owner: Mapping[str, Any]) -> Iterator[object]:
    """Authors of version 1.1, then the single author of 1.0."""
    authors = owner.get("authors")
    for author in authors if isinstance(authors, list) else ():
        if isinstance(author, dict):
            yield author.get("name")
    author = owner.get("author")
    if isinstance(author, dict):
        yield author.get("name")


def _hubs(feed: Mapping[str, Any], base: str) -> tuple[Hub, ...]:
    topic, hubs = _link(feed.get("feed_url"), base), feed.get("hubs")
    if topic is None or not isinstance(hubs, list):
        return ()
    offered = [one for one in hubs[:MAX_HUBS] if isinstance(one, dict) and str(one.get("type")).lower() == "websub"]
    return tuple(Hub(address, topic) for one in offered if (address := _link(one.get("url"), base)) is not None)


def _link(value: object, base: str) -> str | None:
    return absolute(base, value) if isinstance(value, str) else None


def _permalink(identity: object) -> str | None:
    """An id that is an absolute address; the specification suggests to use the item's own."""
    return absolute("", identity) if isinstance(identity, str) else None


def _short(identity: object) -> object:
    """Ids should be strings; readers are asked to take numbers too (version 1.1, "id")."""
    return f"{identity:.17g}" if isinstance(identity, float) else str(identity) if type(identity) is int else identity


def _string(value: object) -> str | None:
    return value if isinstance(value, str) else None
