"""Articles, and what their texts have in common."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
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
    false,
)

from pipeline.store.columns import CleanText, JsonText, UtcDateTime
from pipeline.store.schema.base import metadata

article = Table(
    "article",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("canonical_key", LargeBinary, nullable=False),
    Column("first_seen_at", UtcDateTime, nullable=False),
    Column("published_at", UtcDateTime),
    Column("seen_at", UtcDateTime, nullable=False),  # since when it reads as it does now
    Column("revision", Integer, nullable=False),
    Column("site", CleanText, nullable=False),
    Column("title", CleanText),
    Column("byline", JsonText, nullable=False),
    Column("names", CleanText, nullable=False),  # the byline for finding: case-folded, one name a line
    Column("url", CleanText, nullable=False),
    Column("canonical_url", CleanText, nullable=False),
    Column("language", CleanText),
    Column("method", CleanText, nullable=False),
    Column("site_name", CleanText),
    Column("declared_url", CleanText),
    Column("source_url", CleanText),
    Column("source_title", CleanText),
    Column("based_on", JsonText, nullable=False),
    Column("feeds", JsonText, nullable=False),
    Column("links", JsonText, nullable=False),
    Column("text", CleanText, nullable=False),
    Column("section", CleanText),
    Column("licence", CleanText),
    Column("image", CleanText),
    Column("stub", Boolean, nullable=False, server_default=false()),
    Column("place", CleanText),
    UniqueConstraint("canonical_key"),
    Index(None, "site"),
    Index(None, "language"),
)

# What the pages of a site have in common; ``newest`` is the last article that it was learned from.
learned = Table(
    "learned",
    metadata,
    Column("site", String(255), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("learned_at", UtcDateTime, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("newest", Integer, nullable=False),
    Column("place", CleanText),
    Column("furniture", JsonText, nullable=False),
)

revision = Table(
    "revision",
    metadata,
    Column("article_id", ForeignKey("article.id"), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("title", CleanText),
    Column("byline", JsonText, nullable=False),
    Column("text", CleanText, nullable=False),
)

address = Table(
    "address",
    metadata,
    Column("url_key", LargeBinary, primary_key=True),  # of the canonical form
    Column("article_id", ForeignKey("article.id"), nullable=False),
    sqlite_with_rowid=False,
)

fingerprint = Table(
    "fingerprint",
    metadata,
    Column("article_id", ForeignKey("article.id"), primary_key=True, autoincrement=False),
    Column("scheme", CleanText, nullable=False),
    Column("shingles", Integer, nullable=False),
    Column("exact", CleanText, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("bands", LargeBinary, nullable=False),  # the keys in ``band``, packed: to find its rows without an index
)

# No foreign key: dozens of rows an article, each of which would look its article up again. On SQLite two smaller tables
# of the same columns stand before it (see bands.py).
band = Table(
    "band",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("article_id", Integer, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

match = Table(
    "match",
    metadata,
    Column("a_id", ForeignKey("article.id"), primary_key=True, autoincrement=False),
    Column("b_id", ForeignKey("article.id"), primary_key=True, autoincrement=False, index=True),
    Column("jaccard", Double, nullable=False),
    Column("containment_a", Double, nullable=False),
    Column("containment_b", Double, nullable=False),
    Column("shared", Integer, nullable=False),
    Column("kind", CleanText, nullable=False),
    Column("route", CleanText, nullable=False),
    Column("scheme", CleanText, nullable=False),
    Column("passage", CleanText, nullable=False),
    Column("reason", CleanText, nullable=False),
)
