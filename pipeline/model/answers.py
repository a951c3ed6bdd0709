"""What people ask for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pipeline.model.articles import Article
from pipeline.model.grouping import Credit, Kind


@dataclass(frozen=True, slots=True)
class StoryFilter:
    """Which stories to list. Times are inclusive, of the story's ``published_at``, else ``first_seen_at``."""

    copies: int = 1  # at least so many
    since: datetime | None = None
    until: datetime | None = None
    site: str | None = None  # any copy on this site
    author: str | None = None  # part of a name in any copy's byline or credit, case-insensitive
    limit: int = 50
    language: str | None = None  # of the original
    text: str | None = None  # words that a copy holds
    carried_by: tuple[int, ...] | None = None  # a copy was in one of these feeds, by id
    home: tuple[int | None, ...] | None = None  # the one feed that the story belongs to in reader apps; None: no feed
    read: bool | None = None  # by the account that asks
    starred: bool | None = None
    ids: tuple[int, ...] | None = None
    newer_than: tuple[datetime, int] | None = None  # (sort_at, id), exclusive: where a page begins or ends
    older_than: tuple[datetime, int] | None = None
    above: int | None = None  # ids above this one
    below: int | None = None
    changed_after: datetime | None = None  # first seen or marked by the account since
    changed_before: datetime | None = None  # and not since
    oldest_first: bool = False
    by_id: bool = False  # in the order of ids, which is that of arrival, and not of sort_at


@dataclass(frozen=True, slots=True)
class StoryRow:
    """A story in a list; the keys of ``stories --json``."""

    id: int
    title: str | None
    byline: tuple[str, ...]
    site: str
    url: str
    published_at: datetime | None
    first_seen_at: datetime
    copies: int
    sites: int


@dataclass(frozen=True, slots=True)
class CopyRow:
    """A stored article with its place in its story; the keys of ``export``."""

    article: Article
    story: int
    original: bool
    kind: Kind
    copied_from: str | None  # url of another copy
    credit: Credit | None
    similarity: float
    evidence: tuple[str, ...]
    id: int = 0  # of the article


@dataclass(frozen=True, slots=True)
class StoryView:
    """One story whole: ``members`` holds the original first, then by time."""

    row: StoryRow
    credit: Credit | None
    members: tuple[CopyRow, ...]


@dataclass(frozen=True, slots=True)
class ShelfCopy:
    """One copy of a story, without its text."""

    article_id: int
    original: bool
    kind: Kind
    site: str
    site_name: str | None
    url: str
    title: str | None
    byline: tuple[str, ...]
    published_at: datetime | None
    first_seen_at: datetime
    language: str | None
    characters: int  # of its text; 0 where nobody asked


@dataclass(frozen=True, slots=True)
class ShelfStory:
    """A story as one account finds it: in a list, in a reader app, in a feed that we publish."""

    row: StoryRow
    sort_at: datetime  # the key of all lists, with the id
    language: str | None
    feed_id: int | None  # its one place in reader apps; None: no feed began it, or that feed is gone
    lead: str  # how the original's text begins
    read: bool
    starred: bool
    changed_at: datetime  # when it was marked last, else first_seen_at
    copies: tuple[ShelfCopy, ...]  # the original first, then by time; at most SHELF_COPIES


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who reads; without accounts a server has one that nobody can log in to."""

    id: int
    name: str
    created_at: datetime
    can_log_in: bool = True


@dataclass(frozen=True, slots=True)
class Token:
    """A token of an account, as it can be listed: the token itself is not stored."""

    id: int
    label: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Overlap:
    """How much of one feed is known from elsewhere, counted in stories with copies on several sites."""

    feed_id: int
    stories: int
    shared: int  # of those, told by another site too
    late: int  # of those, another site had it before
    median_lag_s: float | None  # behind the first site, over ``late``
    first: tuple[tuple[str, int], ...]  # (site that had it first, how often), most often first


@dataclass(frozen=True, slots=True)
class SitePair:
    """How often one site took a text from another."""

    source: str
    taker: str
    stories: int
    median_lag_s: float | None


@dataclass(frozen=True, slots=True)
class Revision:
    """How an article read before it changed; ``seen_at`` is when it was first seen to read so."""

    revision: int
    title: str | None
    byline: tuple[str, ...]
    text: str
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that a run could not do, for the summary."""

    what: str  # "feed", "page", "line"
    url: str
    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving one article changed."""

    article_id: int
    story: int
    status: str  # "new", "revised" or "unchanged"
    new_story: bool
    copies: int  # in its story now


@dataclass(frozen=True, slots=True)
class FeedResult:
    """What happened to one feed in one run."""

    url: str
    outcome: str
    entries: int = 0
    fresh: int = 0
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Crawl:
    """One run, summed. Every feed and every entry is counted once, under one outcome."""

    feeds: int = 0
    not_modified: int = 0
    entries: int = 0
    new_articles: int = 0
    revised_articles: int = 0
    unchanged_articles: int = 0
    new_stories: int = 0
    joined: int = 0
    failures: tuple[Failure, ...] = ()
    seconds: float = 0.0
