"""Feeds, their hosts, their entries and their hubs."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    text,
)

from pipeline.store.columns import CleanText, JsonText, UtcDateTime
from pipeline.store.schema.base import metadata

PENDING = "pending"
READ = "read"
FAILED = "failed"
IS_PENDING = text("state = 'pending'")  # a literal: SQLite matches a partial index by the words of the condition

# Ids of rows that can go away are never given out again (autoincrement): an old story id must keep resolving to the
# story that it was merged into, and a worker may still hold the id of an entry whose feed was removed.
feed = Table(
    "feed",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("url_key", LargeBinary, nullable=False),
    Column("url", CleanText, nullable=False),
    Column("name", CleanText, nullable=False),
    Column("folder", CleanText),
    Column("source", CleanText, nullable=False),  # who subscribed: "config", "user", ...
    Column("enabled", Boolean, nullable=False),
    Column("dropped", Boolean, nullable=False),  # was in config.yaml and is no more
    Column("claimed_by", ForeignKey("run.id")),
    Column("etag", LargeBinary),
    Column("last_modified", LargeBinary),
    Column("body_hash", LargeBinary),
    Column("failures", Integer, nullable=False),
    Column("last_fetched_at", UtcDateTime),
    Column("next_fetch_at", UtcDateTime),
    Column("interval_s", Double),
    Column("last_outcome", CleanText),
    Column("last_error", CleanText),
    Column("title", CleanText),
    Column("site_url", CleanText),
    Column("ttl_s", Double),
    Column("skip_hours", Integer, nullable=False),  # a bit for each hour (GMT) and each day (Monday is bit 0)
    Column("skip_days", Integer, nullable=False),
    Column("full_at", UtcDateTime),
    Column("failing_since", UtcDateTime),
    Column("moved_to", CleanText),
    Column("moves", Integer, nullable=False),
    Column("moved_since", UtcDateTime),
    UniqueConstraint("url_key"),
    sqlite_autoincrement=True,
)

# A host belongs to one run at a time, which keeps its gap and its parallel limit; what the next run has to keep of
# them is written when it is given back. Holds are written at once.
host = Table(
    "host",
    metadata,
    Column("name", String(255), primary_key=True),  # urls.site
    Column("claimed_by", ForeignKey("run.id")),
    Column("last_start_at", UtcDateTime),
    Column("held_until", UtcDateTime),
)

robots = Table(
    "robots",
    metadata,
    Column("origin", String(300), primary_key=True),  # scheme://host:port
    Column("expires_at", UtcDateTime, nullable=False),
    Column("text", CleanText, nullable=False),
)

entry = Table(
    "entry",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("feed_id", ForeignKey("feed.id"), nullable=False),
    Column("key", CleanText, nullable=False),  # SHA-256 hex
    Column("content_hash", CleanText, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("claimed_by", ForeignKey("run.id")),  # only ever set while pending
    Column("article_id", ForeignKey("article.id")),
    Column("first_seen_at", UtcDateTime, nullable=False),
    Column("last_seen_at", UtcDateTime, nullable=False),
    Column("next_try_at", UtcDateTime),
    Column("url_key", LargeBinary),  # of the canonical form of the entry's URL
    Column("last_error", CleanText),
    Column("payload", JsonText),  # the model.Entry, until it is read: then the article holds what matters
    UniqueConstraint("feed_id", "key"),
    Index(None, "feed_id", "first_seen_at"),
    Index("ix_entry_pending", "feed_id", "id", sqlite_where=IS_PENDING, postgresql_where=IS_PENDING),
    Index("ix_entry_pending_url", "url_key", sqlite_where=IS_PENDING, postgresql_where=IS_PENDING),
    sqlite_autoincrement=True,
)

push = Table(
    "push",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("feed_id", ForeignKey("feed.id")),  # NULL: the feed has left, or has another hub now
    Column("mode", String(16), nullable=False),  # "offered" by the feed, or what we asked of the hub last
    Column("asked", Integer, nullable=False),  # so many times since the hub last agreed
    Column("next_try_at", UtcDateTime, nullable=False),
    Column("until", UtcDateTime),  # so long the hub delivers
    Column("token", String(64), nullable=False),  # the end of the callback's address
    Column("secret", CleanText, nullable=False),
    Column("hub", CleanText, nullable=False),
    Column("topic", CleanText, nullable=False),
    Column("last_error", CleanText),
    Column("callback", CleanText),  # below which the hub was told to reach us; NULL: never asked, or before 0011
    UniqueConstraint("feed_id"),
    UniqueConstraint("token"),
    Index(None, "next_try_at"),
    sqlite_autoincrement=True,
)

pushed = Table(
    "pushed",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("feed_id", ForeignKey("feed.id"), nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("content_type", CleanText),
    Column("body", LargeBinary, nullable=False),
    Index(None, "feed_id"),
    sqlite_autoincrement=True,
)
