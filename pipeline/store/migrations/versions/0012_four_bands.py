"""Fingerprints keep four of their sixteen bands: sampled shingles find what the others found.

What texts are compared by, and so every match, stays as it is; only the scheme's name changes.
"""

import struct

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BEFORE, NOW = "w5c9l20-affine32x128-16x4-s16/1", "w5c9l20-affine32x128-4x4-s16/1"
ODD = 5  # keys of a fingerprint stand in the order of making: that of the exact text, the bands, then the even samples
TOGETHER = 1_000  # articles; twelve keys of each are as many parameters as both databases take in one statement

FINGERPRINT = sa.table(
    "fingerprint", sa.column("article_id", sa.Integer), sa.column("scheme"), sa.column("bands", sa.LargeBinary)
)
MATCH = sa.table("match", sa.column("scheme"))
PAGE = (
    sa.select(FINGERPRINT.c.article_id, FINGERPRINT.c.bands)
    .where(FINGERPRINT.c.article_id > sa.bindparam("last"), FINGERPRINT.c.scheme == BEFORE)
    .order_by(FINGERPRINT.c.article_id)
    .limit(TOGETHER)
)
KEEP = (
    sa.update(FINGERPRINT)
    .where(FINGERPRINT.c.article_id == sa.bindparam("of"))
    .values(scheme=NOW, bands=sa.bindparam("kept"))
)


def upgrade() -> None:
    connection = op.get_bind()
    names = ("band", "band_recent", "band_new") if connection.dialect.name == "sqlite" else ("band",)
    tables = [sa.table(name, sa.column("key", sa.BigInteger)) for name in names]
    last = -1
    while rows := connection.execute(PAGE, {"last": last}).all():
        kept, dropped = [], set()
        for article_id, packed in rows:
            keys = struct.unpack(f"<{len(packed) // 8}q", packed)
            odd, even = [key for key in keys if key & 1], [key for key in keys if not key & 1]
            dropped.update(odd[ODD:])
            still = odd[:ODD] + even
            kept.append({"of": article_id, "kept": struct.pack(f"<{len(still)}q", *still)})
        for table in tables if dropped else ():
            connection.execute(sa.delete(table).where(table.c.key.in_(sorted(dropped))))
        connection.execute(KEEP, kept)
        last = rows[-1].article_id
    connection.execute(sa.update(MATCH).where(MATCH.c.scheme == BEFORE).values(scheme=NOW))
