"""Tokens are known by what clients of the Fever API make of them, too; those from before are not."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("token", sa.Column("fever_hash", sa.LargeBinary))
