"""Small tables in front of ``band`` on SQLite (see :mod:`pipeline.store.bands`); what is in ``band`` stays there."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for name in ("band_recent", "band_new"):
        op.create_table(
            name,
            sa.Column("key", sa.BigInteger, nullable=False, autoincrement=False),
            sa.Column("article_id", sa.Integer, nullable=False, autoincrement=False),
            sa.PrimaryKeyConstraint("key", "article_id", name=f"pk_{name}"),
            sqlite_with_rowid=False,
        )
