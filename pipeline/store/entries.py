"""What one fetch of a feed changes in its entries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select, update

from pipeline.model import Article, Entry, FeedUpdate
from pipeline.store.columns import address_key
from pipeline.store.engine import Database
from pipeline.store.rows import AnyRow, chunks, entry_payload, to_entry
from pipeline.store.schema import IS_PENDING, PENDING, READ, address, article, entry, feed


class EntryWriter:
    """Writes a fetch's selection inside the caller's transaction."""

    def __init__(self, database: Database) -> None:
        # A feed may list one item twice, and the first wins.
        self._add = database.insert(entry).on_conflict_do_nothing(index_elements=["feed_id", "key"])
        again = database.insert(entry)
        self._change = again.on_conflict_do_update(
            index_elements=["feed_id", "key"],
            set_={name: again.excluded[name] for name in _ANEW} | {"claimed_by": None, "next_try_at": None},
        )

    def write(self, connection: Connection, changes: FeedUpdate, feed_name: str) -> None:
        """Fresh and changed entries become work to do, but for fresh ones at a known address that say nothing new."""
        chosen = changes.selection
        keys = {one.key: address_key(one.url) for one in (*chosen.fresh, *chosen.changed) if one.url}
        stored = _articles_at(connection, [keys[one.key] for one in chosen.fresh if one.url])
        known = {
            key: stored[key].id
            for one in chosen.fresh
            if (key := keys.get(one.key)) in stored and key is not None and not _adds(one, stored[key])
        }
        moment = changes.fetched_at
        fresh = [_row(changes.feed_id, one, moment, keys.get(one.key), known) for one in chosen.fresh]
        if fresh:
            connection.execute(self._add, fresh)
        changed = [_row(changes.feed_id, one, moment, keys.get(one.key), {}) for one in chosen.changed]
        if changed:
            connection.execute(self._change, changed)
        for part in chunks(chosen.sighted):
            values = {"feed": changes.feed_id, "keys": part, "moment": moment}
            connection.execute(_SIGHTED, values)
        _carried(connection, sorted(set(known.values())), feed_name)


def _row(
    feed_id: int, one: Entry, moment: datetime, key: bytes | None, articles: Mapping[bytes, int]
) -> dict[str, Any]:
    found = articles.get(key) if key else None
    return {
        "feed_id": feed_id,
        "key": one.key,
        "content_hash": one.content_hash,
        "state": PENDING if found is None else READ,
        "attempts": 0,
        "article_id": found,
        "first_seen_at": moment,
        "last_seen_at": moment,
        "url_key": key,
        "last_error": None,
        "payload": entry_payload(one) if found is None else None,
    }


def _articles_at(connection: Connection, keys: list[bytes]) -> dict[bytes, AnyRow]:
    return {bytes(row.url_key): row for part in chunks(keys) for row in connection.execute(_AT, {"keys": part})}


def _adds(one: Entry, known: Article | AnyRow) -> bool:
    """Whether the entry says what nobody has said of the article: unread, it would make credit depend on the order."""
    return bool(
        (one.authors and not known.byline)
        or (one.published_at and not known.published_at)
        or (one.source_url and not known.source_url)
        or (one.source_title and not known.source_title)
    )


@dataclass(frozen=True, slots=True)
class Arrival:
    """An article that was saved just now: its id, what is known of it, the addresses where it was met.

    ``entry_id`` is the entry that led here, None when none did; ``read_at`` is when its page was fetched.
    """

    article_id: int
    known: Article
    keys: frozenset[bytes]
    entry_id: int | None
    read_at: datetime | None = None

    def answers(self, row: AnyRow) -> bool:
        """Whether a pending entry leads here, too, and says nothing that is newer or that nobody has said."""
        if row.url_key not in self.keys or row.id == self.entry_id:
            return False
        if row.article_id is not None and (self.read_at is None or self.read_at < row.last_seen_at):
            return False
        return not _adds(to_entry(row.payload), self.known)


def settle_twins(connection: Connection, arrivals: Sequence[Arrival]) -> None:
    """Pending entries, other than those that led to them, that lead to the articles too are read: their feeds had them.

    Those that were read before and have changed since are not, unless the page was fetched after that: what they say
    may be newer than what was read. Nor are those that add something.
    """
    twins: dict[int, list[AnyRow]] = defaultdict(list)
    for part in chunks(sorted({key for one in arrivals for key in one.keys})):
        for row in connection.execute(_TWINS, {"keys": part}):
            if found := next((one for one in arrivals if one.answers(row)), None):
                twins[found.article_id].append(row)
    for article_id, rows in twins.items():
        connection.execute(_SETTLE, {"ids": [row.id for row in rows], "the_article": article_id})
        feeds = {row.feed_id for row in rows}
        for feed_name in sorted(set(connection.execute(_NAMES, {"ids": sorted(feeds)}).scalars())):
            _carried(connection, [article_id], feed_name)


def _carried(connection: Connection, article_ids: list[int], feed_name: str) -> None:
    """Add the feed to those that carried the articles."""
    for part in chunks(article_ids):
        rows = connection.execute(_FEEDS_OF, {"ids": part})
        changed = [{"the_id": row.id, "feeds": [*row.feeds, feed_name]} for row in rows if feed_name not in row.feeds]
        if changed:
            connection.execute(_SET_FEEDS, changed)


_ANEW: Final = ("content_hash", "state", "attempts", "last_seen_at", "url_key", "last_error", "payload")
_SIGHTED: Final = (
    update(entry)
    .where(entry.c.feed_id == bindparam("feed"), entry.c.key.in_(bindparam("keys", expanding=True)))
    .values(last_seen_at=bindparam("moment"))
)
_AT: Final = (
    select(
        address.c.url_key,
        article.c.id,
        article.c.byline,
        article.c.published_at,
        article.c.source_url,
        article.c.source_title,
    )
    .join(article, article.c.id == address.c.article_id)
    .where(address.c.url_key.in_(bindparam("keys", expanding=True)))
)
_TWINS: Final = select(
    entry.c.id, entry.c.feed_id, entry.c.url_key, entry.c.article_id, entry.c.last_seen_at, entry.c.payload
).where(
    IS_PENDING,
    entry.c.claimed_by.is_(None),
    entry.c.url_key.in_(bindparam("keys", expanding=True)),
)
_SETTLE: Final = (
    update(entry)
    .where(entry.c.id.in_(bindparam("ids", expanding=True)), IS_PENDING, entry.c.claimed_by.is_(None))
    .values(state=READ, article_id=bindparam("the_article"), payload=None, next_try_at=None, last_error=None)
)
_NAMES: Final = select(feed.c.name).where(feed.c.id.in_(bindparam("ids", expanding=True)))
_FEEDS_OF: Final = select(article.c.id, article.c.feeds).where(article.c.id.in_(bindparam("ids", expanding=True)))
_SET_FEEDS: Final = update(article).where(article.c.id == bindparam("the_id"))
