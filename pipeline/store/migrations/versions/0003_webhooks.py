"""Webhooks and what is still to be sent to them; searches that are kept; the languages of articles by an index."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_index("ix_article_language", "article", ["language"])
    _saved_searches()
    _webhooks()


def _saved_searches() -> None:
    op.create_table(
        "saved_search",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("account_id", sa.Integer, nullable=False),
        sa.Column("name_key", sa.String(255), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("query", sa.Text, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_saved_search"),
        sa.UniqueConstraint("account_id", "name_key", name="uq_saved_search_account_id_name_key"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_saved_search_account_id"),
        sqlite_autoincrement=True,
    )


def _webhooks() -> None:
    op.create_table(
        "webhook",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("url_key", sa.LargeBinary, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("events", sa.Text, nullable=False),
        sa.Column("enabled", sa.Boolean, nullable=False),
        sa.Column("sent", sa.Integer, nullable=False),
        sa.Column("lost", sa.Integer, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("failing_since", MOMENT),
        sa.Column("held_until", MOMENT),
        sa.Column("gone_at", MOMENT),
        sa.Column("last_sent_at", MOMENT),
        sa.Column("last_error", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_webhook"),
        sa.UniqueConstraint("url_key", name="uq_webhook_url_key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("webhook_id", sa.Integer, nullable=False),
        sa.Column("event", sa.String(32), nullable=False),
        sa.Column("story_id", sa.Integer, nullable=False),
        sa.Column("article_id", sa.Integer, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_try_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        sa.ForeignKeyConstraint(["webhook_id"], ["webhook.id"], name="fk_delivery_webhook_id"),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_delivery_article_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_delivery_webhook_id_id", "delivery", ["webhook_id", "id"])
