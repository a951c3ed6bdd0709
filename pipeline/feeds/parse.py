"""A feed's bytes → :class:`pipeline.model.ParsedFeed`. The one way in for every format."""

from __future__ import annotations

from codecs import BOM_UTF8
from dataclasses import replace
from datetime import UTC, datetime

from pipeline.errors import Unreadable
from pipeline.feeds.gate import read_text
from pipeline.feeds.identity import identified
from pipeline.feeds.jsonfeed import parse_json
from pipeline.feeds.sitemap import is_sitemap, parse_sitemap
from pipeline.feeds.xmlfeed import parse_xml
from pipeline.model import Entry, ParsedFeed
from pipeline.urls import redact, unwrapped


def parse_feed(
    body: bytes | str,
    url: str,
    content_type: str | None = None,
    max_entries: int = 2_000,
    now: datetime | None = None,
) -> ParsedFeed:
    """Parse RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, JSON Feed 1.0 and 1.1, or a news sitemap.

    ``url`` is where the body came from (relative links are resolved against it), ``content_type`` the HTTP header as
    sent; text is taken as it is, whatever encoding it declares. Dates beyond ``now`` (the clock, when None) plus 24 h
    are dropped. Entries come in the feed's order, each key once; markup in them is as sent, so hostile.

    Raises Refused when a limit is exceeded before parsing, Unreadable when it is no feed or cannot be parsed. Run it
    in a worker process where the bytes are not trusted: a parser's time is bounded only there.

    >>> feed = parse_feed(b'<rss version="2.0"><channel><title>T</title><item><link>/a</link></item></channel></rss>',
    ...                   "https://example.org/feed")
    >>> feed.format, feed.entries[0].url
    ('rss20', 'https://example.org/a')
    """
    moment = now or datetime.now(UTC)
    if isinstance(body, str):
        body = BOM_UTF8 + body.encode("utf-8", "replace")
    text, oddities = read_text(body, content_type)
    start = text.lstrip(" \t\r\n\ufeff")[:1]
    if not start:
        raise Unreadable("the document is empty")
    if start in "{[":
        parsed = parse_json(text.lstrip("\ufeff"), url, max_entries, moment)
    elif is_sitemap(text):
        parsed = parse_sitemap(text, url, max_entries, moment)
    else:
        parsed = _parse_xml(body, text, url, max_entries, moment)
    entries = tuple(_unwrapped(entry) for entry in parsed.entries if _says_something(entry))
    if len(entries) < len(parsed.entries):
        oddities += (f"{len(parsed.entries) - len(entries)} empty entries",)
    return replace(
        parsed,
        entries=identified(entries, parsed.site_url),
        problems=oddities + parsed.problems,
    )


def _parse_xml(body: bytes, text: str, url: str, max_entries: int, now: datetime) -> ParsedFeed:
    """:func:`parse_xml`; of an HTML page the message also says which feeds it names."""
    try:
        return parse_xml(text, url, max_entries, now)
    except Unreadable as error:
        from pipeline.feeds.discover import links_to_feeds

        named = ", ".join(address for address, _ in links_to_feeds(body, url)[:3]) if "HTML page" in str(error) else ""
        raise Unreadable(f"{error}; it names the feed {redact(named)}" if named else str(error)) from None


def _unwrapped(entry: Entry) -> Entry:
    """The entry with the article's own address where it links through a redirector."""
    url = entry.url and unwrapped(entry.url)
    return entry if url == entry.url else replace(entry, url=url)


def _says_something(entry: Entry) -> bool:
    return bool(entry.url or entry.title or entry.summary_html or entry.content_html)
