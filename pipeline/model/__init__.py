"""Every noun that flows through onecopy, frozen; ``retrieval``, ``entries``, ``articles``, ``grouping``, ``answers``.

That is the order in which they flow. All of them are imported from here.

Three levels, never conflated: an **entry** (an item seen in a feed) belongs to an **article** (a page at a
canonical URL); an article belongs to a **story** (one text, however often it is published; *not* one event).

Conventions: ``_at`` is an aware UTC datetime; ``url`` is an address as it was met, ``canonical_url`` the one that
identifies the article (:func:`pipeline.urls.canonical_url`); ``site`` is the host key (:func:`pipeline.urls.site`).
"""

from __future__ import annotations

from pipeline.model.answers import (
    Account,
    CopyRow,
    Crawl,
    Failure,
    FeedResult,
    Overlap,
    Revision,
    Saved,
    ShelfCopy,
    ShelfStory,
    SitePair,
    StoryFilter,
    StoryRow,
    StoryView,
    Token,
)
from pipeline.model.articles import Article, Extraction, Learned, Link, Repeated
from pipeline.model.entries import (
    Delivery,
    Entry,
    FeedUpdate,
    Known,
    ParsedFeed,
    PendingEntry,
    Push,
    ReadError,
    Selection,
)
from pipeline.model.grouping import (
    Bond,
    Copy,
    Credit,
    Fingerprint,
    Kind,
    Match,
    Member,
    Neighbours,
    Placement,
    Route,
    StoryPlan,
    Verb,
    Word,
)
from pipeline.model.retrieval import (
    Feed,
    FetchError,
    HostState,
    Hub,
    NotModified,
    Outcome,
    Reason,
    Request,
    Response,
    Retry,
    RobotsRecord,
)

__all__ = [
    "Account",
    "Article",
    "Bond",
    "Copy",
    "CopyRow",
    "Crawl",
    "Credit",
    "Delivery",
    "Entry",
    "Extraction",
    "Failure",
    "Feed",
    "FeedResult",
    "FeedUpdate",
    "FetchError",
    "Fingerprint",
    "HostState",
    "Hub",
    "Kind",
    "Known",
    "Learned",
    "Link",
    "Match",
    "Member",
    "Neighbours",
    "NotModified",
    "Outcome",
    "Overlap",
    "ParsedFeed",
    "PendingEntry",
    "Placement",
    "Push",
    "ReadError",
    "Reason",
    "Repeated",
    "Request",
    "Response",
    "Retry",
    "Revision",
    "RobotsRecord",
    "Route",
    "Saved",
    "Selection",
    "ShelfCopy",
    "ShelfStory",
    "SitePair",
    "StoryFilter",
    "StoryPlan",
    "StoryRow",
    "StoryView",
    "Token",
    "Verb",
    "Word",
]
