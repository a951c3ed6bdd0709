"""Section, licence, lead image, and whether only a teaser of an article is known."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("section", "licence", "image"):
        op.add_column("article", sa.Column(name, sa.Text))
    op.add_column("article", sa.Column("stub", sa.Boolean, nullable=False, server_default=sa.false()))
