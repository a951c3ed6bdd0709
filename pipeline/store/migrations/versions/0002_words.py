"""What people say about articles."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "word",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("verb", sa.String(16), nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("urls", sa.Text, nullable=False),
        sa.Column("others", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_word"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "bond",
        sa.Column("a_key", sa.LargeBinary, nullable=False),
        sa.Column("b_key", sa.LargeBinary, nullable=False),
        sa.Column("together", sa.Boolean, nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.Column("a", sa.Text, nullable=False),
        sa.Column("b", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("a_key", "b_key", name="pk_bond"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_bond_b_key", "bond", ["b_key"])
