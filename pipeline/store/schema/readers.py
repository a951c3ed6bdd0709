"""Who reads, what they have read and keep, and where stories are announced."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, UniqueConstraint

from pipeline.store.columns import CleanText, JsonText, UtcDateTime
from pipeline.store.schema.base import metadata

# Who reads, by what they prove it, and what they have read. The name is unique as it is folded for comparing.
account = Table(
    "account",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name_key", String(255), nullable=False),
    Column("name", CleanText, nullable=False),
    Column("password_hash", CleanText),  # NULL: nobody can log in, as with the account of a server without accounts
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("name_key"),
    sqlite_autoincrement=True,
)

token = Table(
    "token",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account_id", ForeignKey("account.id"), nullable=False, index=True),
    Column("hash", LargeBinary, nullable=False),  # SHA-256: tokens are random, so that nobody can try them all
    Column("label", CleanText, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("fever_hash", LargeBinary),  # SHA-256 of what clients of the Fever API make of it
    UniqueConstraint("hash"),
    sqlite_autoincrement=True,
)

# Wrong passwords of late, by a keyed hash of name and address: who mistypes a password may have sent it as the name.
wrong_try = Table(
    "wrong_try",
    metadata,
    Column("key", LargeBinary, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", UtcDateTime, nullable=False, index=True),
)

mark = Table(
    "mark",
    metadata,
    Column("account_id", ForeignKey("account.id"), primary_key=True, autoincrement=False),
    Column("story_id", ForeignKey("story.id"), primary_key=True, autoincrement=False, index=True),
    Column("read", Boolean, nullable=False),
    Column("starred", Boolean, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
)

# A search that somebody keeps under a name: its query string is that of the page and of the feed.
saved_search = Table(
    "saved_search",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account_id", ForeignKey("account.id"), nullable=False),
    Column("name_key", String(255), nullable=False),  # the name as it is folded for comparing
    Column("name", CleanText, nullable=False),
    Column("query", CleanText, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("account_id", "name_key"),
    sqlite_autoincrement=True,
)

# Where stories are announced, as the configuration says, and how that went; the secrets stay in the configuration.
webhook = Table(
    "webhook",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("url_key", LargeBinary, nullable=False),
    Column("url", CleanText, nullable=False),
    Column("events", JsonText, nullable=False),
    Column("enabled", Boolean, nullable=False),  # stands in the configuration
    Column("sent", Integer, nullable=False),
    Column("lost", Integer, nullable=False),  # given up
    Column("failures", Integer, nullable=False),  # in a row
    Column("failing_since", UtcDateTime),
    Column("held_until", UtcDateTime),
    Column("gone_at", UtcDateTime),  # it said that it wants no more
    Column("last_sent_at", UtcDateTime),
    Column("last_error", CleanText),
    UniqueConstraint("url_key"),
    sqlite_autoincrement=True,
)

# What is still to be sent. Written in the transaction that stores the article; the story may have been merged since.
delivery = Table(
    "delivery",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("webhook_id", ForeignKey("webhook.id"), nullable=False),
    Column("event", String(32), nullable=False),
    Column("story_id", Integer, nullable=False),
    Column("article_id", ForeignKey("article.id"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_try_at", UtcDateTime),
    Index(None, "webhook_id", "id"),
    sqlite_autoincrement=True,
)
