"""RSS 0.9x, 1.0, 2.0 and Atom: what feedparser makes of a document that has passed the gate → our nouns."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from pipeline.errors import Unreadable
from pipeline.feeds.dates import parse_date
from pipeline.feeds.gate import bound, open_xml
from pipeline.feeds.people import author_names
from pipeline.feeds.text import MAX_HTML_CHARS, optional, title_text
from pipeline.model import Entry, Hub, ParsedFeed
from pipeline.urls import absolute, is_http

ROOTS = frozenset(["rss", "rdf", "feed", "channel"])
ITEMS = frozenset(["item", "entry"])
MAX_GUID_CHARS = 4_096
MAX_HUBS = 5
MAX_LANGUAGE_CHARS = 35  # RFC 5646 §4.4.1 recommends room for 35 characters

_HOUR = re.compile(r"<hour>\s{0,9}(\d{1,2})\s{0,9}</hour>", re.IGNORECASE)
_DAY = re.compile(r"<day>\s{0,9}([a-z]{3,9})\s{0,9}</day>", re.IGNORECASE)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PERIOD_S = {"hourly": 3_600.0, "daily": 86_400.0, "weekly": 604_800.0, "monthly": 2_592_000.0, "yearly": 31_536_000.0}
_HTML_TYPES = frozenset(["text/html", "application/xhtml+xml"])


def parse_xml(text: str, url: str, max_entries: int, now: datetime) -> ParsedFeed:
    """Parse the text of an XML feed found at ``url``. Raises Refused or Unreadable."""
    document = open_xml(text, ROOTS, "a feed")
    bounded, cut = bound(document.text, ITEMS, max_entries)
    result = _feedparser(bounded)
    feed: Mapping[str, Any] = result["feed"]
    version = str(result.get("version") or "")
    raw = list(result["entries"])[:max_entries]
    if not (raw or feed.get("title") or feed.get("link") or (version and feed)):
        raise Unreadable(f"not a feed: its first element is <{document.root}>, with nothing in it that feeds have")
    problems = document.problems + cut
    if result.get("bozo"):
        problems += (f"not well-formed: {str(result.get('bozo_exception'))[:200]}",)
    atom = version.startswith("atom")
    language = _language(feed.get("language"))
    inherited = _authors(feed) if atom else ()  # RFC 4287 §4.2.1; RSS editors are not authors of items
    return ParsedFeed(
        format=version,
        title=_title(feed, atom),
        site_url=_feed_link(feed, url),
        language=language,
        entries=tuple(_entry(entry, url, atom, language, inherited, now) for entry in raw),
        ttl_s=_ttl(feed),
        skip_hours=_skip_hours(bounded),
        skip_days=_skip_days(bounded),
        hubs=_hubs(feed, url),
        problems=problems,
    )


def _feedparser(text: str) -> Mapping[str, Any]:
    """Run feedparser. It must only ever get a stream: bytes or text it would take for a path or an address first.

    Its own sanitising and link resolution are off: no security boundary, and quadratic on some inputs.
    """
    import feedparser

    data = f'<?xml version="1.0" encoding="utf-8"?>\n{text}'.encode("utf-8", "replace")
    try:
        result: Mapping[str, Any] = feedparser.parse(
            io.BytesIO(data),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    except MemoryError:
        raise
    except Exception as error:  # feedparser lets many kinds through on damaged input
        raise Unreadable(f"feedparser gave up: {type(error).__name__}: {str(error)[:200]}") from error
    return result


def _entry(
    raw: Mapping[str, Any], base: str, atom: bool, language: str | None, inherited: tuple[str, ...], now: datetime
) -> Entry:
    published, updated = _dates(raw, atom, now)
    summary, content = _bodies(raw)
    source_url, source_title = _source(raw.get("source"), base)
    guid = optional(raw.get("id"), MAX_GUID_CHARS)
    return Entry(
        key="",
        guid=guid,
        url=_entry_link(raw, guid, base),
        title=_title(raw, atom),
        authors=_authors(raw) or inherited,
        published_at=published,
        updated_at=updated,
        summary_html=summary,
        content_html=content,
        source_url=source_url,
        source_title=source_title,
        language=_language(raw.get("language")) or _language(_detail(raw, "title").get("language")) or language,
    )


def _title(raw: Mapping[str, Any], atom: bool) -> str | None:
    kind = _detail(raw, "title").get("type")
    markup = kind in _HTML_TYPES if atom else None
    return title_text(raw.get("title"), markup)


def _detail(raw: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    detail = raw.get(f"{name}_detail")
    return detail if isinstance(detail, Mapping) else {}


def _authors(raw: Mapping[str, Any]) -> tuple[str, ...]:
    listed = raw.get("authors")
    names = author_names(_names(listed)) if isinstance(listed, list) else ()
    return names or author_names([raw.get("author")])


def _names(listed: list[Any]) -> Iterator[object]:
    for author in listed:
        if isinstance(author, Mapping):
            yield author.get("name")


def _dates(raw: Mapping[str, Any], atom: bool, now: datetime) -> tuple[datetime | None, datetime | None]:
    """(published, updated). RSS has no "updated": a lone dc:date is when the item was published."""
    # dict.get: feedparser's own get() answers "updated" with "published", and warns.
    texts = (dict.get(dict(raw), name) for name in ("published", "created", "updated"))
    published, created, updated = (parse_date(text if isinstance(text, str) else None, now) for text in texts)
    published = published or created
    if published is None and not atom:
        published, updated = updated, None
    return published, updated


def _bodies(raw: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """(summary, content) as HTML; plain text is escaped.

    feedparser files a second description, such as a picture's caption (media:description), under content: of several
    contents the longest is the item's, and one that is shorter than the summary is none.
    """
    summary = _markup(raw.get("summary"), _detail(raw, "summary").get("type"))
    parts = raw.get("content") or ()
    contents = [_markup(part.get("value"), part.get("type")) for part in parts if isinstance(part, Mapping)]
    content = max((text for text in contents if text), key=len, default=None)
    if content is None or summary is None:
        return summary, content
    if content == summary:
        return None, content
    return summary, content if len(content) >= len(summary) else None


def _markup(value: object, kind: object) -> str | None:
    text = optional(value, MAX_HTML_CHARS)
    return html.escape(text, quote=False) if text and kind == "text/plain" else text


def _entry_link(raw: Mapping[str, Any], guid: str | None, base: str) -> str | None:
    links = [one for one in raw.get("links") or () if isinstance(one, Mapping) and one.get("rel") == "alternate"]
    pages = [one for one in links if one.get("type") in (None, "text/html", "application/xhtml+xml")]
    # Of several, feedparser's "link" is the last one; the others are translations (RFC 4287 §4.2.7.4).
    own = [one.get("href") for one in sorted(pages, key=lambda one: "hreflang" in one)] if len(pages) > 1 else []
    candidates: list[object] = [raw.get("feedburner_origlink"), *own, raw.get("link")]
    candidates += [one.get("href") for one in links]
    for candidate in candidates:
        if isinstance(candidate, str):
            found = absolute(base, candidate)
            # feedparser takes a guid for a link unless isPermaLink says otherwise; "4711" is none.
            if found is not None and not (candidate == guid and raw.get("guidislink") and not is_http(candidate)):
                return found
    if guid is not None and is_http(guid) and raw.get("guidislink", True):
        return absolute(base, guid)
    return None


def _feed_link(feed: Mapping[str, Any], base: str) -> str | None:
    link = feed.get("link")
    return absolute(base, link) if isinstance(link, str) else None


def _hubs(feed: Mapping[str, Any], base: str) -> tuple[Hub, ...]:
    """What the feed's own links (rel=hub, rel=self) offer; WebSub §4 needs both."""
    named: dict[str, list[str]] = {"hub": [], "self": []}
    for link in feed.get("links") or ():
        target = absolute(base, str(link.get("href") or "")) if isinstance(link, Mapping) else None
        if target is not None and link.get("rel") in named:
            named[link["rel"]].append(target)
    return tuple(Hub(hub, topic) for topic in named["self"][:1] for hub in named["hub"][:MAX_HUBS])


def _source(source: object, base: str) -> tuple[str | None, str | None]:
    """(address, title) of where the feed says it took the item: RSS <source url>, Atom <source>."""
    if not isinstance(source, Mapping):
        return None, None
    for name in ("href", "link", "id"):
        address = source.get(name)
        if isinstance(address, str) and (name != "id" or is_http(address)):
            found = absolute(base, address)
            if found is not None:
                return found, title_text(source.get("title"), None)
    return None, title_text(source.get("title"), None)


def _language(value: object) -> str | None:
    text = optional(value, MAX_LANGUAGE_CHARS)
    return text.replace("_", "-") if text else None


def _ttl(feed: Mapping[str, Any]) -> float | None:
    """Seconds that the feed asks to wait between two fetches (RSS ttl in minutes; the syndication module), or None."""
    asked = []
    minutes = _number(feed.get("ttl"))
    if minutes is not None:
        asked.append(minutes * 60)
    period = str(feed.get("sy_updateperiod") or "").strip().lower()
    if period in _PERIOD_S:
        frequency = _number(feed.get("sy_updatefrequency"))
        asked.append(_PERIOD_S[period] / (frequency or 1.0))
    return max(asked, default=None)


def _number(value: object) -> float | None:
    text = str(value or "").strip()
    return float(text) if text.isdecimal() and len(text) <= 9 and int(text) > 0 else None


def _skip_hours(text: str) -> frozenset[int]:
    """RSS 2.0 counts 0-23, RSS 0.91 1-24, where 24 is midnight."""
    return frozenset(int(hour) % 24 for hour in _HOUR.findall(_element(text, "skipHours")) if int(hour) <= 24)


def _skip_days(text: str) -> frozenset[int]:
    return frozenset(
        _DAYS.index(day.lower()) for day in _DAY.findall(_element(text, "skipDays")) if day.lower() in _DAYS
    )


def _element(text: str, name: str) -> str:
    """What stands in the first element of that name, at most 2,000 characters. feedparser keeps only one hour of it."""
    start = text.find(f"<{name}>")
    if start < 0:
        return ""
    end = text.find(f"</{name}>", start, start + 2_000)
    return text[start:end] if end >= 0 else ""
