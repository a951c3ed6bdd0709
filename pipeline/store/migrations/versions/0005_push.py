"""Hubs that deliver feeds; entries that two feeds list are found by their address."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    pending = sa.text("state = 'pending'")
    op.create_index("ix_entry_pending_url", "entry", ["url_key"], sqlite_where=pending, postgresql_where=pending)
    op.create_table(
        "push",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("feed_id", sa.Integer),
        sa.Column("mode", sa.String(16), nullable=False),
        sa.Column("asked", sa.Integer, nullable=False),
        sa.Column("next_try_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT),
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("hub", sa.Text, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("last_error", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_push"),
        sa.UniqueConstraint("feed_id", name="uq_push_feed_id"),
        sa.UniqueConstraint("token", name="uq_push_token"),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name="fk_push_feed_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_push_next_try_at", "push", ["next_try_at"])
    op.create_table(
        "pushed",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("feed_id", sa.Integer, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("content_type", sa.Text),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pushed"),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name="fk_pushed_feed_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_pushed_feed_id", "pushed", ["feed_id"])
