"""Articles: the section in which they are placed, and the questions that change nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import bindparam, select

from pipeline.model import Fingerprint, Member, Revision
from pipeline.store.bands import sharing
from pipeline.store.columns import address_key
from pipeline.store.engine import PLACE_LOCK, Database
from pipeline.store.membership import Upserts
from pipeline.store.neighbours import load
from pipeline.store.placing import Placing
from pipeline.store.replay import Replay
from pipeline.store.schema import address, article, revision
from pipeline.store.search import SearchIndex


class Articles:
    """What is stored of pages and their texts."""

    def __init__(self, database: Database, index: SearchIndex) -> None:
        self._database = database
        self._index = index
        self._upserts = Upserts(database)

    @contextmanager
    def placing(self, now: datetime | None = None, unread_again: float = 0.0) -> Iterator[Placing]:
        """One write transaction around neighbours, decision and save, one at a time over all processes.

        Nothing of it is stored when the block raises. ``now`` is the time that revisions made in it are dated with.
        A copy that is longer than all others of its story by the share ``unread_again`` makes the story unread (0: none
        does). Raises StoreError.
        """
        with self._database.write(lock=PLACE_LOCK) as connection:
            placing = Placing(connection, self._upserts, self._index, now or datetime.now(UTC), unread_again)
            yield placing
            placing.finish()

    @contextmanager
    def replaying(self) -> Iterator[Replay]:
        """One snapshot in which the grouping of some articles is replayed. Raises StoreError."""
        with self._database.read() as connection:
            yield Replay(connection)

    def by_address(self, url: str) -> int | None:
        """The id of the article that was met at ``url``, in whatever spelling. Raises StoreError."""
        with self._database.read() as connection:
            return connection.execute(_BY_ADDRESS, {"key": address_key(url)}).scalar()

    def identity(self, url: str) -> str | None:
        """The canonical URL of the article that was met at ``url``, in whatever spelling. Raises StoreError."""
        with self._database.read() as connection:
            return connection.execute(_IDENTITY, {"key": address_key(url)}).scalar()

    def candidates(self, made: Fingerprint, limit: int) -> list[Member]:
        """At most ``limit`` articles that share keys with ``made``, most shared first. Raises StoreError."""
        with self._database.read() as connection:
            return [one.member for one in load(connection, sharing(connection, made, limit))]

    def revisions(self, article_id: int) -> list[Revision]:
        """How an article read before, oldest first; empty when it never changed. Raises StoreError."""
        with self._database.read() as connection:
            return [
                Revision(row.revision, row.title, tuple(row.byline), row.text, row.seen_at)
                for row in connection.execute(_REVISIONS, {"id": article_id})
            ]


_BY_ADDRESS: Final = select(address.c.article_id).where(address.c.url_key == bindparam("key"))
_IDENTITY: Final = (
    select(article.c.canonical_url)
    .join(address, address.c.article_id == article.c.id)
    .where(address.c.url_key == bindparam("key"))
)
_REVISIONS: Final = select(revision).where(revision.c.article_id == bindparam("id")).order_by(revision.c.revision)
