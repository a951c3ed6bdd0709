"""What a page says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Link:
    """An absolute http(s) link in the body of an article."""

    url: str
    text: str


@dataclass(frozen=True, slots=True)
class Extraction:
    """What one extractor made of one document."""

    method: str  # name and version of what made it, "trafilatura-2.3.1/5 narrowed", "feed/1"
    title: str | None
    byline: tuple[str, ...]
    published_at: datetime | None
    language: str | None
    text: str  # paragraphs separated by one newline; "" when the document has none
    modified_at: datetime | None = None
    site_name: str | None = None
    declared_url: str | None = None  # rel=canonical, else og:url, absolute
    based_on: tuple[str, ...] = ()  # schema.org isBasedOn, absolute URLs
    links: tuple[Link, ...] = ()  # in the body, in order, at most 200
    problems: tuple[str, ...] = ()
    section: str | None = None
    licence: str | None = None  # an address, else the words that the page declares
    image: str | None = None  # the lead image, absolute
    place: str | None = None  # of the text among the elements of the page
    more: str | None = None  # where the next part of the article is


@dataclass(frozen=True, slots=True)
class Article:
    """A page with its text, as it goes into the store."""

    url: str
    canonical_url: str
    site: str
    title: str | None
    byline: tuple[str, ...]
    published_at: datetime | None
    first_seen_at: datetime
    language: str | None
    text: str
    method: str
    site_name: str | None = None
    declared_url: str | None = None  # where the page says the piece lives, when that is another site
    based_on: tuple[str, ...] = ()
    source_url: str | None = None  # the feed's <source>
    source_title: str | None = None
    links: tuple[Link, ...] = ()
    revision: int = 1
    feeds: tuple[str, ...] = ()  # names of the feeds that carried it
    section: str | None = None
    licence: str | None = None  # an address, else the words that the page declares
    image: str | None = None  # the lead image
    stub: bool = False  # only what stands before a wall is known: not the article, and compared with nothing
    place: str | None = None  # of the text among the elements of the page


@dataclass(frozen=True, slots=True)
class Repeated:
    """A line that a site puts into its articles, and on how many pages it was found when it was learned."""

    line: str
    pages: int


@dataclass(frozen=True, slots=True)
class Learned:
    """What the pages of one site have in common, for reading the next one."""

    site: str
    version: int  # grows with every change
    learned_at: datetime
    pages: int  # from how many it was learned
    furniture: tuple[Repeated, ...] = ()
    place: str | None = None  # where its articles stand; None while its pages do not agree
