"""Stories, their copies, and what people said about them."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Double, ForeignKey, Index, Integer, LargeBinary, String, Table

from pipeline.store.columns import CleanText, JsonText, UtcDateTime
from pipeline.store.schema.base import metadata

story = Table(
    "story",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("original_id", ForeignKey("article.id"), nullable=False),
    Column("copies", Integer, nullable=False),
    Column("sites", Integer, nullable=False),
    Column("first_seen_at", UtcDateTime, nullable=False),
    Column("sort_at", UtcDateTime, nullable=False),  # the original's published_at, never later than first_seen_at
    Column("feed_id", ForeignKey("feed.id")),  # whose entry began it: its one place in a reader app, for good
    Index(None, "sort_at", "id"),
    Index(None, "feed_id", "sort_at", "id"),
    sqlite_autoincrement=True,
)

copy = Table(
    "copy",
    metadata,
    Column("article_id", ForeignKey("article.id"), primary_key=True, autoincrement=False),
    Column("story_id", ForeignKey("story.id"), nullable=False, index=True),
    Column("kind", CleanText, nullable=False),
    Column("copied_from_id", ForeignKey("article.id")),
    Column("similarity", Double, nullable=False),
    Column("names", CleanText, nullable=False),  # author and publisher of the credit for finding, case-folded
    Column("credit", JsonText),
    Column("evidence", JsonText, nullable=False),
)

redirect = Table(
    "redirect",
    metadata,
    Column("old_id", Integer, primary_key=True, autoincrement=False),
    Column("story_id", ForeignKey("story.id"), nullable=False, index=True),
)

# What people said, for ever; and the pairs of it that hold, made from all words whenever there is a new one. Not by
# article id: a word may come before its article.
word = Table(
    "word",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("verb", String(16), nullable=False),
    Column("said_at", UtcDateTime, nullable=False),
    Column("source", String(16), nullable=False),
    Column("urls", JsonText, nullable=False),
    Column("others", JsonText, nullable=False),
    sqlite_autoincrement=True,
)

bond = Table(
    "bond",
    metadata,
    Column("a_key", LargeBinary, primary_key=True),
    Column("b_key", LargeBinary, primary_key=True, index=True),
    Column("together", Boolean, nullable=False),
    Column("said_at", UtcDateTime, nullable=False),
    Column("a", CleanText, nullable=False),
    Column("b", CleanText, nullable=False),
    sqlite_with_rowid=False,
)
