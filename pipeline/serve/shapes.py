"""What the JSON API gives out, field by field; the OpenAPI document is made from it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from pipeline.model import CopyRow, Credit, Feed, ShelfCopy, ShelfStory, StoryView
from pipeline.store.searches import SavedSearch
from pipeline.urls import redact


class Given(BaseModel):
    """What a client sends: keys that mean nothing here are refused, rather than taken for success."""

    model_config = ConfigDict(extra="forbid")


class CreditShape(BaseModel):
    """Who had it first, according to a copy."""

    author: str | None
    publisher: str | None
    basis: str
    line: str | None = Field(description="the words it was read from")
    url: str | None = Field(description="the article in which they stand")
    confidence: float

    @classmethod
    def of(cls, credit: Credit | None) -> CreditShape | None:
        """From the model."""
        if credit is None:
            return None
        return cls(
            author=credit.author,
            publisher=credit.publisher,
            basis=credit.basis,
            line=credit.line,
            url=credit.url,
            confidence=credit.confidence,
        )


class BriefCopy(BaseModel):
    """One copy, without its text."""

    article: int
    original: bool
    kind: str
    site: str
    url: str
    title: str | None
    byline: list[str]
    published_at: datetime | None
    first_seen_at: datetime

    @classmethod
    def of(cls, copy: ShelfCopy) -> BriefCopy:
        """From the model."""
        return cls(
            article=copy.article_id,
            original=copy.original,
            kind=str(copy.kind),
            site=copy.site,
            url=copy.url,
            title=copy.title,
            byline=list(copy.byline),
            published_at=copy.published_at,
            first_seen_at=copy.first_seen_at,
        )


class StoryShape(BaseModel):
    """One story in a list."""

    id: int
    title: str | None
    byline: list[str]
    site: str
    url: str
    language: str | None
    published_at: datetime | None
    first_seen_at: datetime
    copies: int
    sites: int
    feed: int | None = Field(description="the feed that it belongs to in reader apps")
    read: bool
    starred: bool
    where: list[BriefCopy] = Field(description="its copies, the original first, at most 200")

    @classmethod
    def of(cls, story: ShelfStory) -> StoryShape:
        """From the model."""
        row = story.row
        return cls(
            id=row.id,
            title=row.title,
            byline=list(row.byline),
            site=row.site,
            url=row.url,
            language=story.language,
            published_at=row.published_at,
            first_seen_at=row.first_seen_at,
            copies=row.copies,
            sites=row.sites,
            feed=story.feed_id,
            read=story.read,
            starred=story.starred,
            where=[BriefCopy.of(one) for one in story.copies],
        )


class StoryPage(BaseModel):
    """A page of stories; ``next`` is the cursor of the page after it."""

    stories: list[StoryShape]
    next: str | None


class ArticleShape(BaseModel):
    """One copy whole: its text, its place in the chain, and by which evidence."""

    article: int
    story: int
    original: bool
    kind: str
    url: str
    canonical_url: str
    site: str
    site_name: str | None
    title: str | None
    byline: list[str]
    language: str | None
    published_at: datetime | None
    first_seen_at: datetime
    copied_from: str | None = Field(description="the URL of the copy that it was taken from")
    credit: CreditShape | None
    similarity: float = Field(description="Jaccard similarity with the original, 0 to 1")
    evidence: list[str]
    feeds: list[str]
    revision: int
    text: str

    @classmethod
    def of(cls, copy: CopyRow) -> ArticleShape:
        """From the model."""
        article = copy.article
        return cls(
            article=copy.id,
            story=copy.story,
            original=copy.original,
            kind=str(copy.kind),
            url=article.url,
            canonical_url=article.canonical_url,
            site=article.site,
            site_name=article.site_name,
            title=article.title,
            byline=list(article.byline),
            language=article.language,
            published_at=article.published_at,
            first_seen_at=article.first_seen_at,
            copied_from=copy.copied_from,
            credit=CreditShape.of(copy.credit),
            similarity=copy.similarity,
            evidence=list(copy.evidence),
            feeds=list(article.feeds),
            revision=article.revision,
            text=article.text,
        )


class WholeStory(BaseModel):
    """One story with all its copies: together they are the chain."""

    id: int
    title: str | None
    read: bool
    starred: bool
    credit: CreditShape | None
    members: list[ArticleShape]

    @classmethod
    def of(cls, view: StoryView, shelf: ShelfStory) -> WholeStory:
        """From the model."""
        return cls(
            id=view.row.id,
            title=view.row.title,
            read=shelf.read,
            starred=shelf.starred,
            credit=CreditShape.of(view.credit),
            members=[ArticleShape.of(one) for one in view.members],
        )


class WhyShape(BaseModel):
    """Why one copy is where it is; docs/reference.md, "why" and "pair", has the keys."""

    joins: list[dict[str, Any]] = Field(description="pairs that join it to other copies, its source and original first")
    pairs: int = Field(description="how many join it in all")
    cut: list[dict[str, str]] = Field(description="lines that were taken out before comparing, and what for")
    claims: list[dict[str, Any]] = Field(description="the sources that it names, with what each is worth")
    by_hand: list[dict[str, Any]] = Field(description="what people said")


class Marks(Given):
    """What to change; what is left out stays."""

    read: bool | None = None
    starred: bool | None = None


class RevisionShape(BaseModel):
    """How an article read at a time."""

    revision: int
    title: str | None
    byline: list[str]
    seen_at: datetime
    text: str


class DiffRow(BaseModel):
    """Two lines side by side; ``op``: same, changed, removed or added."""

    op: str
    left: str | None
    right: str | None


class DiffShape(BaseModel):
    """What one text has and another has not, line by line."""

    left_title: str | None
    right_title: str | None
    rows: list[DiffRow]


class FeedShape(BaseModel):
    """One subscription and how it is doing."""

    id: int
    url: str = Field(description="without user name and password")
    name: str
    folder: str | None
    title: str | None
    site_url: str | None
    enabled: bool
    last_outcome: str | None
    last_error: str | None
    failures: int = Field(description="in a row")
    last_fetched_at: datetime | None
    next_fetch_at: datetime | None
    stories: int
    unread: int

    @classmethod
    def of(cls, feed: Feed, counts: tuple[int, int]) -> FeedShape:
        """From the model."""
        return cls(
            id=feed.id,
            url=redact(feed.url),
            name=feed.name,
            folder=feed.folder,
            title=feed.title,
            site_url=feed.site_url,
            enabled=feed.enabled,
            last_outcome=feed.last_outcome,
            last_error=feed.last_error,
            failures=feed.failures,
            last_fetched_at=feed.last_fetched_at,
            next_fetch_at=feed.next_fetch_at,
            stories=counts[0],
            unread=counts[1],
        )


class NewFeed(Given):
    """A subscription to make."""

    url: str = Field(pattern=r"^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[!-~]*)?$", max_length=2_000)
    name: str | None = Field(None, max_length=200)
    folder: str | None = Field(None, max_length=200)


class NewSearch(Given):
    """A search to keep."""

    name: str = Field(pattern=r"\S", max_length=100)
    query: str = Field("", max_length=2_000, description="as in the address of the stream: q=coal&copies=3")


class SearchShape(BaseModel):
    """A search that is kept, and the feeds that it is."""

    id: int
    name: str
    query: str
    atom: str
    rss: str
    json_feed: str

    @classmethod
    def of(cls, one: SavedSearch, base: str) -> SearchShape:
        """From the store, under the server's address."""
        address = {kind: f"{base}/feed.{kind}?saved={one.id}" for kind in ("atom", "rss", "json")}
        return cls(
            id=one.id,
            name=one.name,
            query=one.query,
            atom=address["atom"],
            rss=address["rss"],
            json_feed=address["json"],
        )


class CrawlWish(Given):
    """Which feeds to crawl by id; all that are due when left out."""

    feeds: list[int] | None = Field(None, max_length=10_000)


class CrawlState(BaseModel):
    """The last crawl; ``result`` has the keys of ``crawl --json``, with the number of failures."""

    running: bool
    started_at: datetime | None
    result: dict[str, object] | None
    error: str | None


class TextToCheck(Given):
    """A text, to ask whether it is known."""

    text: str = Field(max_length=1_000_000)
    title: str | None = Field(None, max_length=2_000)


class KnownText(BaseModel):
    """A stored article that holds the text."""

    known_as: str = Field(description="copy, spun, excerpt or contained")
    similarity: float = Field(description="Jaccard similarity")
    containment: float = Field(description="the share of the text that stands in the article")
    coverage: float = Field(description="the share of the article that stands in the text")
    story: int
    article: int
    url: str
    title: str | None


class Answer(BaseModel):
    """Whether a text is known, best match first."""

    known: list[KnownText]


class Statistics(BaseModel):
    """How much there is."""

    feeds: int
    entries: int
    pending: int = Field(description="entries still to be read")
    failed: int = Field(description="entries given up")
    articles: int
    stories: int
    copies: int = Field(description="articles beyond the first of their story")
    unread: int


class OverlapShape(BaseModel):
    """How much of a feed is known from elsewhere."""

    feed: int
    name: str
    stories: int
    shared: int = Field(description="stories that another site tells too")
    late: int = Field(description="of those, another site had first")
    median_lag_s: float | None
    first: list[tuple[str, int]] = Field(description="the sites that were first, and how often")


class PairShape(BaseModel):
    """How often one site took from another."""

    source: str
    taker: str
    stories: int
    median_lag_s: float | None


class Redundancy(BaseModel):
    """Who repeats whom."""

    feeds: list[OverlapShape]
    pairs: list[PairShape]
