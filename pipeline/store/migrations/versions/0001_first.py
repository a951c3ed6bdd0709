"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _bookkeeping()
    _articles()
    _fingerprints()
    _stories()
    _entries()
    _accounts()
    _search()


def _bookkeeping() -> None:
    op.create_table(
        "meta",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_meta"),
    )
    op.create_table(
        "run",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("outcome", sa.Text),
        sa.Column("counts", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_run"),
        sqlite_autoincrement=True,
    )
    unfinished = sa.text("ended_at IS NULL")
    op.create_index("ix_run_unfinished", "run", ["id"], sqlite_where=unfinished, postgresql_where=unfinished)
    op.create_table(
        "feed",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("url_key", sa.LargeBinary, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("folder", sa.Text),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("enabled", sa.Boolean, nullable=False),
        sa.Column("dropped", sa.Boolean, nullable=False),
        sa.Column("claimed_by", sa.Integer),
        sa.Column("etag", sa.LargeBinary),
        sa.Column("last_modified", sa.LargeBinary),
        sa.Column("body_hash", sa.LargeBinary),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("last_fetched_at", MOMENT),
        sa.Column("next_fetch_at", MOMENT),
        sa.Column("interval_s", sa.Double),
        sa.Column("last_outcome", sa.Text),
        sa.Column("last_error", sa.Text),
        sa.Column("title", sa.Text),
        sa.Column("site_url", sa.Text),
        sa.Column("ttl_s", sa.Double),
        sa.Column("skip_hours", sa.Integer, nullable=False),
        sa.Column("skip_days", sa.Integer, nullable=False),
        sa.Column("full_at", MOMENT),
        sa.Column("failing_since", MOMENT),
        sa.Column("moved_to", sa.Text),
        sa.Column("moves", sa.Integer, nullable=False),
        sa.Column("moved_since", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_feed"),
        sa.UniqueConstraint("url_key", name="uq_feed_url_key"),
        sa.ForeignKeyConstraint(["claimed_by"], ["run.id"], name="fk_feed_claimed_by"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "host",
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("claimed_by", sa.Integer),
        sa.Column("last_start_at", MOMENT),
        sa.Column("held_until", MOMENT),
        sa.PrimaryKeyConstraint("name", name="pk_host"),
        sa.ForeignKeyConstraint(["claimed_by"], ["run.id"], name="fk_host_claimed_by"),
    )
    op.create_table(
        "robots",
        sa.Column("origin", sa.String(300), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("origin", name="pk_robots"),
    )


def _articles() -> None:
    op.create_table(
        "article",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("canonical_key", sa.LargeBinary, nullable=False),
        sa.Column("first_seen_at", MOMENT, nullable=False),
        sa.Column("published_at", MOMENT),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("site", sa.Text, nullable=False),
        sa.Column("title", sa.Text),
        sa.Column("byline", sa.Text, nullable=False),
        sa.Column("names", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("canonical_url", sa.Text, nullable=False),
        sa.Column("language", sa.Text),
        sa.Column("method", sa.Text, nullable=False),
        sa.Column("site_name", sa.Text),
        sa.Column("declared_url", sa.Text),
        sa.Column("source_url", sa.Text),
        sa.Column("source_title", sa.Text),
        sa.Column("based_on", sa.Text, nullable=False),
        sa.Column("feeds", sa.Text, nullable=False),
        sa.Column("links", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_article"),
        sa.UniqueConstraint("canonical_key", name="uq_article_canonical_key"),
    )
    op.create_index("ix_article_site", "article", ["site"])
    op.create_table(
        "revision",
        sa.Column("article_id", sa.Integer, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("title", sa.Text),
        sa.Column("byline", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("article_id", "revision", name="pk_revision"),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_revision_article_id"),
    )
    op.create_table(
        "address",
        sa.Column("url_key", sa.LargeBinary, nullable=False),
        sa.Column("article_id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("url_key", name="pk_address"),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_address_article_id"),
        sqlite_with_rowid=False,
    )


def _fingerprints() -> None:
    op.create_table(
        "fingerprint",
        sa.Column("article_id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("scheme", sa.Text, nullable=False),
        sa.Column("shingles", sa.Integer, nullable=False),
        sa.Column("exact", sa.Text, nullable=False),
        sa.Column("signature", sa.LargeBinary, nullable=False),
        sa.Column("bands", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("article_id", name="pk_fingerprint"),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_fingerprint_article_id"),
    )
    op.create_table(
        "band",
        sa.Column("key", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("article_id", sa.Integer, nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("key", "article_id", name="pk_band"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "match",
        sa.Column("a_id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("b_id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("jaccard", sa.Double, nullable=False),
        sa.Column("containment_a", sa.Double, nullable=False),
        sa.Column("containment_b", sa.Double, nullable=False),
        sa.Column("shared", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("route", sa.Text, nullable=False),
        sa.Column("scheme", sa.Text, nullable=False),
        sa.Column("passage", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("a_id", "b_id", name="pk_match"),
        sa.ForeignKeyConstraint(["a_id"], ["article.id"], name="fk_match_a_id"),
        sa.ForeignKeyConstraint(["b_id"], ["article.id"], name="fk_match_b_id"),
    )
    op.create_index("ix_match_b_id", "match", ["b_id"])


def _stories() -> None:
    op.create_table(
        "story",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("original_id", sa.Integer, nullable=False),
        sa.Column("copies", sa.Integer, nullable=False),
        sa.Column("sites", sa.Integer, nullable=False),
        sa.Column("first_seen_at", MOMENT, nullable=False),
        sa.Column("sort_at", MOMENT, nullable=False),
        sa.Column("feed_id", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_story"),
        sa.ForeignKeyConstraint(["original_id"], ["article.id"], name="fk_story_original_id"),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name="fk_story_feed_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_story_sort_at_id", "story", ["sort_at", "id"])
    op.create_index("ix_story_feed_id_sort_at_id", "story", ["feed_id", "sort_at", "id"])
    op.create_table(
        "copy",
        sa.Column("article_id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("story_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("copied_from_id", sa.Integer),
        sa.Column("similarity", sa.Double, nullable=False),
        sa.Column("names", sa.Text, nullable=False),
        sa.Column("credit", sa.Text),
        sa.Column("evidence", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("article_id", name="pk_copy"),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_copy_article_id"),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name="fk_copy_story_id"),
        sa.ForeignKeyConstraint(["copied_from_id"], ["article.id"], name="fk_copy_copied_from_id"),
    )
    op.create_index("ix_copy_story_id", "copy", ["story_id"])
    op.create_table(
        "redirect",
        sa.Column("old_id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("story_id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("old_id", name="pk_redirect"),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name="fk_redirect_story_id"),
    )
    op.create_index("ix_redirect_story_id", "redirect", ["story_id"])


def _entries() -> None:
    op.create_table(
        "entry",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("feed_id", sa.Integer, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("content_hash", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("claimed_by", sa.Integer),
        sa.Column("article_id", sa.Integer),
        sa.Column("first_seen_at", MOMENT, nullable=False),
        sa.Column("last_seen_at", MOMENT, nullable=False),
        sa.Column("next_try_at", MOMENT),
        sa.Column("url_key", sa.LargeBinary),
        sa.Column("last_error", sa.Text),
        sa.Column("payload", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_entry"),
        sa.UniqueConstraint("feed_id", "key", name="uq_entry_feed_id_key"),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name="fk_entry_feed_id"),
        sa.ForeignKeyConstraint(["claimed_by"], ["run.id"], name="fk_entry_claimed_by"),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_entry_article_id"),
        sqlite_autoincrement=True,
    )
    pending = sa.text("state = 'pending'")
    op.create_index("ix_entry_pending", "entry", ["feed_id", "id"], sqlite_where=pending, postgresql_where=pending)


def _accounts() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name_key", sa.String(255), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("password_hash", sa.Text),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("name_key", name="uq_account_name_key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "token",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("account_id", sa.Integer, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_token"),
        sa.UniqueConstraint("hash", name="uq_token_hash"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_token_account_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_token_account_id", "token", ["account_id"])
    op.create_table(
        "mark",
        sa.Column("account_id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("story_id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("read", sa.Boolean, nullable=False),
        sa.Column("starred", sa.Boolean, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "story_id", name="pk_mark"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_mark_account_id"),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name="fk_mark_story_id"),
    )
    op.create_index("ix_mark_story_id", "mark", ["story_id"])


def _search() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # Contentless: the index alone, as the text is in ``article``. Marks (Mn, Mc) belong to the word they stand in;
        # accents are taken off before, for both databases alike.
        op.execute(
            "CREATE VIRTUAL TABLE search USING fts5(title, byline, text, content='',"
            " tokenize=\"unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'\")"
        )
        return
    op.execute("CREATE TABLE search (article_id integer PRIMARY KEY, document tsvector NOT NULL)")
    op.execute("CREATE INDEX ix_search_document ON search USING gin (document)")
