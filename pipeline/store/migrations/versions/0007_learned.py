"""What the pages of a site have in common."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("article", sa.Column("place", sa.Text))
    op.create_table(
        "learned",
        sa.Column("site", sa.String(255), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("learned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pages", sa.Integer, nullable=False),
        sa.Column("newest", sa.Integer, nullable=False),
        sa.Column("place", sa.Text),
        sa.Column("furniture", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("site", name="pk_learned"),
    )
