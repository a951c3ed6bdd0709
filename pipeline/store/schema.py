"""The tables. A change here needs a migration beside it (a test compares the two on both databases).

Only hashes of URLs are indexed: an index row holds at most 2,704 bytes on PostgreSQL, a URL from a feed any number.
Long columns stand last, so that SQLite reads the short ones without following a row's overflow pages.
"""

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
    MetaData,
    String,
    Table,
    UniqueConstraint,
    false,
    text,
)

from pipeline.store.columns import CleanText, JsonText, UtcDateTime

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

PENDING = "pending"
READ = "read"
FAILED = "failed"
IS_PENDING = text("state = 'pending'")  # a literal: SQLite matches a partial index by the words of the condition

meta = Table(
    "meta",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("value", CleanText, nullable=False),
)

run = Table(
    "run",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", CleanText, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("outcome", CleanText),  # "done" or "died"; NULL while it lives
    Column("counts", CleanText),  # JSON of the caller's
    Index("ix_run_unfinished", "id", sqlite_where=text("ended_at IS NULL"), postgresql_where=text("ended_at IS NULL")),
    sqlite_autoincrement=True,
)

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
