"""OPML 2.0 (http://opml.org/spec2.opml): subscription lists in and out.

Read with expat behind the gate: it says at which line an outline stands, and a damaged file gives what comes before
the damage.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit, urlunsplit
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from pydantic import ValidationError

from pipeline.config import FeedSettings
from pipeline.errors import Refused
from pipeline.feeds.gate import bound, open_xml, read_text
from pipeline.feeds.text import one_line
from pipeline.model import Feed
from pipeline.urls import is_http, redact

MAX_BYTES = 5_000_000
MAX_FEEDS = 5_000
MAX_NAME_CHARS = 500
MAX_URL_CHARS = 2_048
_FEED_TYPES = frozenset(["rss", "atom", "rdf"])  # "rss" by OPML 2.0, whatever the format; readers write others, too
_ROOTS = frozenset(["opml"])


def read(body: bytes) -> tuple[list[FeedSettings], list[str]]:
    """The subscriptions of an OPML file, and one line for everything in it that is none.

    Folders are the titles of the enclosing outlines, joined by "/". Raises Refused (too large, too deep, hostile
    DOCTYPE) or Unreadable (not OPML at all); a bad outline costs itself only.
    """
    if len(body) > MAX_BYTES:
        raise Refused(f"larger than {MAX_BYTES} bytes")
    text, problems = read_text(body)
    document = open_xml(text, _ROOTS, "an OPML file")
    bounded, cut = bound(document.text, frozenset(["outline"]), 4 * MAX_FEEDS)
    first_line = text.count("\n") - document.text.count("\n")
    reader = _Reader(first_line)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attributes: reader.start(name, attributes, parser.CurrentLineNumber)
    parser.EndElementHandler = reader.end
    try:
        parser.Parse(bounded, True)
    except expat.ExpatError as error:
        line = first_line + error.lineno
        reader.reports.append(f"line {line}: {expat.ErrorString(error.code)}; nothing after this line was read")
    return reader.feeds, [*problems, *document.problems, *reader.reports, *cut]


class _Reader:
    """Collects subscriptions while expat walks through the outlines."""

    def __init__(self, first_line: int) -> None:
        self.feeds: list[FeedSettings] = []
        self.reports: list[str] = []
        self._first_line = first_line
        self._folders: list[str] = []  # one per open outline, "" for one that is no folder
        self._lines: dict[str, int] = {}  # URL -> where it was met first

    def start(self, element: str, attributes: dict[str, str], line: int) -> None:
        if element.lower() != "outline":
            return
        named = {name.lower(): value for name, value in attributes.items()}
        title = one_line(named.get("text", ""), MAX_NAME_CHARS) or one_line(named.get("title", ""), MAX_NAME_CHARS)
        url = named.get("xmlurl", "").strip()
        line += self._first_line
        if url:
            self._folders.append("")
            self._add(url, title, named.get("category", ""), line)
            return
        a_feed = "xmlurl" in named or named.get("type", "").strip().lower() in _FEED_TYPES
        self._folders.append("" if a_feed else title or "")
        if a_feed:
            lack = "an empty xmlUrl" if "xmlurl" in named else "no xmlUrl"
            self.reports.append(f"line {line}: {title or 'an outline'!s} has {lack}")

    def end(self, element: str) -> None:
        if element.lower() == "outline":
            self._folders.pop()

    def _add(self, url: str, title: str | None, category: str, line: int) -> None:
        address = _http(url)
        shown = redact(url[:200])
        if address is None:
            self.reports.append(f"line {line}: {shown!r} is not an http or https address")
        elif address in self._lines:
            self.reports.append(f"line {line}: {shown} is on line {self._lines[address]} already")
        elif len(self.feeds) >= MAX_FEEDS:
            if len(self.feeds) == len(self._lines):
                self._lines[""] = line  # say it once
                self.reports.append(f"line {line}: only the first {MAX_FEEDS} feeds were read")
        else:
            self._lines[address] = line
            try:
                self.feeds.append(FeedSettings(url=address, name=title, folder=self._folder(category)))
            except ValidationError as error:
                self.reports.append(f"line {line}: {shown!r}: {error.errors()[0]['msg']}")

    def _folder(self, category: str) -> str | None:
        """Where the outline stands; for one that stands in no folder, the first of its categories (OPML 2.0)."""
        here = _folder_path("/".join(self._folders))
        return here or _folder_path(category.partition(",")[0])


def write(feeds: Iterable[Feed], title: str) -> str:
    """An OPML 2.0 document of the feeds, in folders. User names and passwords in addresses are left out."""
    tree = _Folder()
    for feed in feeds:
        tree.at(_folder_path(feed.folder or "")).lines.append(_outline(feed))
    body = tree.render(2)
    head = escape(one_line(title, MAX_NAME_CHARS) or "")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n'
        f"  <head>\n    <title>{head}</title>\n  </head>\n  <body>\n{body}  </body>\n</opml>\n"
    )


class _Folder:
    """A folder while the document is put together."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._folders: dict[str, _Folder] = {}

    def at(self, path: str | None) -> _Folder:
        """The folder at ``path`` below this one, made where it is missing; this one for an empty path."""
        if not path:
            return self
        name, _, rest = path.partition("/")
        return self._folders.setdefault(name, _Folder()).at(rest)

    def render(self, depth: int) -> str:
        indent = "  " * depth
        text = "".join(f"{indent}{line}\n" for line in self.lines)
        for name, folder in self._folders.items():
            text += f"{indent}<outline text={quoteattr(name)}>\n{folder.render(depth + 1)}{indent}</outline>\n"
        return text


def _outline(feed: Feed) -> str:
    name = quoteattr(one_line(feed.name, MAX_NAME_CHARS) or one_line(feed.title or "", MAX_NAME_CHARS) or feed.url)
    page = f" htmlUrl={quoteattr(_without_userinfo(feed.site_url))}" if feed.site_url else ""
    return f'<outline type="rss" text={name} title={name} xmlUrl={quoteattr(_without_userinfo(feed.url))}{page}/>'


def _folder_path(path: str) -> str | None:
    """A path such as "a/b", its parts on one line each, without empty ones; at most 30 deep."""
    parts = [name for part in path.split("/") if (name := one_line(part, MAX_NAME_CHARS))]
    return "/".join(parts[:30]) or None


def _http(url: str) -> str | None:
    """The http(s) address that an xmlUrl means; feed: is an old way to write one (draft-obasanjo-feed-URI-scheme)."""
    if url.lower().startswith("feed://"):
        url = "http://" + url[7:]
    elif url.lower().startswith("feed:"):
        url = url[5:]
    if len(url) > MAX_URL_CHARS or any(character.isspace() for character in url) or not is_http(url):
        return None
    return url


def _without_userinfo(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return redact(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
