"""News sitemaps (https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap): what a site
published in the last two days, for sites whose feeds are short or missing.
"""

from __future__ import annotations

from datetime import datetime
from xml.parsers import expat

from pipeline.errors import Unreadable
from pipeline.feeds.dates import parse_date
from pipeline.feeds.gate import bound, find_root, open_xml
from pipeline.feeds.text import optional, title_text
from pipeline.model import Entry, ParsedFeed
from pipeline.urls import absolute

_ROOTS = frozenset(["urlset"])
_LOOK_IN = 10_000  # characters: the root element stands behind a declaration, a stylesheet and a comment
_FIELDS = {
    ("url", "loc"): "loc",
    ("news", "title"): "title",
    ("news", "publication_date"): "date",
    ("publication", "name"): "name",
    ("publication", "language"): "language",
}
_LONGEST = 8_192  # characters of one field


def is_sitemap(text: str) -> bool:
    """Whether the document's root element is a sitemap's."""
    if "urlset" not in text[:_LOOK_IN]:
        return False
    try:
        find_root(text, _ROOTS, "a sitemap")
    except Unreadable:
        return False
    return True


def parse_sitemap(text: str, url: str, max_entries: int, now: datetime) -> ParsedFeed:
    """Parse the news sitemap found at ``url``. Raises Refused, and Unreadable for one without news."""
    document = open_xml(text, _ROOTS, "a feed")
    bounded, cut = bound(document.text, frozenset(["url"]), max_entries)
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    problems = document.problems + cut
    try:
        parser.Parse(bounded, True)
    except expat.ExpatError as error:
        problems += (f"not well-formed: {error}"[:200],)
    entries = tuple(entry for found in reader.found if (entry := _entry(found, url, now)) is not None)
    if not entries:
        raise Unreadable("a sitemap without news: it has no <news:news>")
    return ParsedFeed(
        format="news-sitemap",
        title=next((title_text(found["name"], None) for found in reader.found if "name" in found), None),
        site_url=absolute(url, "/"),
        language=entries[0].language,
        entries=entries,
        problems=problems,
    )


def _entry(found: dict[str, str], base: str, now: datetime) -> Entry | None:
    """The entry of a <url>; None for one that is no news."""
    if "title" not in found:
        return None
    return Entry(
        key="",
        guid=None,
        url=absolute(base, found.get("loc", "")),
        title=title_text(found["title"], None),
        published_at=parse_date(found.get("date"), now),
        language=optional(found.get("language"), 35),
    )


class _Reader:
    """Collects the fields of each <url>, by local names, whatever the prefixes are."""

    def __init__(self) -> None:
        self.found: list[dict[str, str]] = []
        self._path: list[str] = []
        self._texts: list[str] = []

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        self._path.append(name.rpartition(":")[2].lower())
        self._texts = []
        if self._path[1:] == ["url"]:
            self.found.append({})

    def text(self, data: str) -> None:
        if sum(map(len, self._texts)) < _LONGEST:
            self._texts.append(data)

    def end(self, _name: str) -> None:
        field = _FIELDS.get((self._path[-2], self._path[-1])) if len(self._path) > 2 else None
        value = "".join(self._texts).strip()[:_LONGEST]
        if field is not None and self.found and value:
            self.found[-1].setdefault(field, value)
        self._path.pop()
        self._texts = []
