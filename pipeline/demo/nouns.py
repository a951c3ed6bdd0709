"""The nouns of the demo world, frozen. Times are aware UTC datetimes; ``url`` is absolute, scheme ``http``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Text:
    """One piece of prose as its author filed it; ``paragraphs`` may hold ``$name`` places for templated items."""

    id: str
    title: str
    author: str | None
    language: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of an article's body, in inline Markdown (``[text](url)``, ``*emphasis*``; a newline is a line break).

    ``kind``: "p", "heading" or "quote" for the text itself, "line" for what the site adds inside the article container
    (credit lines, stamps, sign-offs, "Read Entire Article"), "figure" for a picture with its caption.
    """

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class FeedPlan:
    """One feed of a site: where it is, in which format, how much of an article it carries and how it names things."""

    path: str
    format: str  # "rss20", "rss10", "atom10" or "json11", as pipeline.model.ParsedFeed.format
    name: str
    body: str = "summary"  # "full", "summary" or "none"
    authors: str = "none"  # "creator" (dc:creator), "author" (the format's own element) or "none"
    guid: str = "permalink"  # "permalink", "opaque" or "none"
    source: bool = False  # whether a copy names its origin in <source>
    link_suffix: str = ""  # tracking parameters, "?utm_source=rss"
    section: str | None = None  # only pages of this section


@dataclass(frozen=True, slots=True)
class Site:
    """A site: how it looks, what it adds to its pages, what its feeds are."""

    host: str
    name: str
    tagline: str
    language: str
    feeds: tuple[FeedPlan, ...]
    folder: str = "Demo"
    meta: tuple[str, ...] = ()  # what the pages declare: "canonical", "og", "jsonld", "graph"
    date_format: str = "%B %d, %Y"
    paragraph: str = "p"  # "p", "div" or "br": how the site marks up a paragraph
    interrupt: str = ""  # markup that the site drops into the middle of an article
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Version:
    """A page's content from ``at`` on."""

    at: datetime
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Truth:
    """What is true of one page, to judge a program's answer by.

    ``story`` labels the text that the page publishes; pages with one label are one story. ``kind`` is a value of
    :class:`pipeline.model.Kind`. ``copied_from`` is the URL of the page that this one was taken from, None when it was
    taken from nowhere or from outside the world. ``author`` and ``publisher`` are whom the text is by and who
    published it first, as the copies credit them ("Substack" for a newsletter taken "via Substack"). A digest or
    commentary is a story of its own; ``quotes`` are the pages that it holds parts of.
    """

    story: str
    kind: str
    copied_from: str | None
    author: str | None
    publisher: str | None
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """An article page. ``appears_at`` is when its site first lists it, which may be later than the date it bears."""

    url: str
    host: str
    path: str
    language: str
    author: str | None
    published_at: datetime
    appears_at: datetime
    versions: tuple[Version, ...]
    truth: Truth
    canonical_url: str  # what rel=canonical says; another site's URL where a licence asks for it
    section: str | None = None
    moved_from: str | None = None  # an old path that redirects here and that feeds still name
    source: tuple[str, str] | None = None  # (URL, name) of the site it was taken from, for <source>

    def version(self, upto: datetime) -> Version:
        """The content shown at ``upto``; the first one before the page was changed."""
        shown = [version for version in self.versions if version.at <= upto]
        return shown[-1] if shown else self.versions[0]

    @property
    def lines(self) -> tuple[str, ...]:
        """What the site added inside the article container, in order."""
        return tuple(block.text for block in self.versions[0].blocks if block.kind == "line")

    @property
    def text(self) -> str:
        """The first version's own text without the site's lines, captions and markup; paragraphs end in a newline."""
        kinds = ("p", "heading", "quote")
        return "\n".join(block.text for block in self.versions[0].blocks if block.kind in kinds)


@dataclass(frozen=True)
class World:
    """All of it. ``steps`` are the moments of the story, in order; ``steps[0]`` is step 1."""

    steps: tuple[datetime, ...]
    sites: Mapping[str, Site]  # by host
    texts: Mapping[str, Text]  # by id
    pages: tuple[Page, ...]  # by time of appearance

    @cached_property
    def by_url(self) -> Mapping[str, Page]:
        """Pages by URL."""
        return {page.url: page for page in self.pages}

    @cached_property
    def truth(self) -> Mapping[str, Truth]:
        """What is true of every page, by URL."""
        return {page.url: page.truth for page in self.pages}

    @cached_property
    def stories(self) -> Mapping[str, tuple[str, ...]]:
        """URLs of every story's pages by label, in order of appearance."""
        grouped: dict[str, list[str]] = {}
        for page in self.pages:
            grouped.setdefault(page.truth.story, []).append(page.url)
        return {label: tuple(urls) for label, urls in grouped.items()}

    @cached_property
    def feeds(self) -> tuple[tuple[str, str], ...]:
        """(URL, name) of every feed, site by site."""
        return tuple(
            (f"http://{site.host}{feed.path}", feed.name) for site in self.sites.values() for feed in site.feeds
        )

    def moment(self, upto: int | datetime | None) -> datetime:
        """The moment that a step's number (from 1), a time or None (everything) stands for.

        Raises IndexError for a step that does not exist.
        """
        if isinstance(upto, datetime):
            return upto
        if upto is None:
            return max(self.steps[-1], *(page.appears_at for page in self.pages))
        if not 1 <= upto <= len(self.steps):
            raise IndexError(f"step {upto}: the demo world has steps 1 to {len(self.steps)}")
        return self.steps[upto - 1]

    def visible(self, upto: int | datetime | None = None) -> tuple[Page, ...]:
        """The pages that exist at that moment, in order of appearance."""
        moment = self.moment(upto)
        return tuple(page for page in self.pages if page.appears_at <= moment)
