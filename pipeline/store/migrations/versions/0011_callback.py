"""A subscription at a hub knows the address that the hub was given, which the configuration may since have changed."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("push", sa.Column("callback", sa.Text()))
