"""Feeds and their entries: what is due, who works on it, what came of it. The database is the schedule."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, bindparam, case, delete, func, insert, or_, select, text, update

from pipeline.config import FeedSettings
from pipeline.errors import UnknownName, UsageError
from pipeline.model import Feed, FeedUpdate, Known, PendingEntry
from pipeline.store import pushes
from pipeline.store.columns import address_key, as_utc, clean, url_key
from pipeline.store.engine import PLACE_LOCK, Database
from pipeline.store.entries import EntryWriter
from pipeline.store.rows import FEED_COLUMNS, AnyRow, chunks, to_bits, to_entry, to_feed
from pipeline.store.schema import FAILED, IS_PENDING, PENDING, entry, feed, pushed, story
from pipeline.urls import redact, site

CONFIG: Final = "config"
LONGEST_RETRY: Final = timedelta(days=8)
"""Of a page. What is to be tried again later than that was planned by a clock that ran ahead."""
NEVER_FETCHED: Final[dict[str, Any]] = {
    "enabled": True,
    "dropped": False,
    "failures": 0,
    "skip_hours": 0,
    "skip_days": 0,
    "moves": 0,
}


class Feeds:
    """Subscriptions and the entries that were seen in them. All methods raise StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._entries = EntryWriter(database)

    # --- subscriptions ---

    def sync(self, settings: Sequence[FeedSettings]) -> None:
        """Make the feeds of config.yaml those of the store.

        New ones are added, names and folders follow the file. A feed that left the file is no longer fetched, and is
        again when it returns; nothing of it is deleted.
        """
        wanted = {url_key(one.url): one for one in settings}
        with self._database.write() as connection:
            known = {bytes(row.url_key): row for row in connection.execute(_ALL_ROWS)}
            for key, one in wanted.items():
                if key in known:
                    _follow(connection, known[key], one)
                else:
                    _subscribe(connection, one.url, one.name or _name_of(one.url), one.folder, CONFIG)
            for key, row in known.items():
                if key not in wanted and row.source == CONFIG and not row.dropped:
                    connection.execute(_SET, {"the_id": row.id, "enabled": False, "dropped": True})

    def add(self, url: str, name: str | None = None, folder: str | None = None, source: str = "user") -> Feed:
        """Subscribe; a feed that is there already is returned as it is, turned on again if it was off."""
        with self._database.write() as connection:
            row = connection.execute(_BY_URL, {"key": url_key(url)}).one_or_none()
            if row is None:
                _subscribe(connection, url, name or _name_of(url), folder, source)
            elif not row.enabled:
                source = source if row.dropped else row.source
                on = {"enabled": True, "dropped": False, "source": source, "next_fetch_at": None}
                connection.execute(_SET, {"the_id": row.id, **on})
            return to_feed(connection.execute(_BY_URL, {"key": url_key(url)}).one())

    def rename(self, url_or_name: str, name: str | None = None, folder: str | None = None) -> Feed:
        """Call a feed otherwise, or keep it elsewhere; what is None stays.

        Raises UnknownName, and UsageError for a feed that config.yaml lists: the next start would undo it.
        """
        wanted = {"name": name and clean(name), "folder": folder and clean(folder)}
        with self._database.write() as connection:
            row = _find(connection, url_or_name)
            changed = {key: value for key, value in wanted.items() if value is not None and value != getattr(row, key)}
            if changed and row.source == CONFIG and not row.dropped:
                raise UsageError(f"{redact(row.url)} is listed in the configuration file: change it there")
            if changed:
                connection.execute(_SET, {"the_id": row.id, **changed})
            return to_feed(_find(connection, row.url))

    def remove(self, url_or_name: str) -> Feed:
        """Unsubscribe: the feed and its entries go, the articles stay.

        Raises UnknownName, and UsageError for a feed that config.yaml lists: the next start would bring it back.
        """
        with self._database.write() as connection:
            row = _find(connection, url_or_name)
            if row.source == CONFIG and not row.dropped:
                raise UsageError(f"{redact(row.url)} is listed in the configuration file: remove it there")
            pushes.abandon(connection, row.id, datetime.now(UTC))
            connection.execute(_LEAVE_HOME, {"feed": row.id})
            connection.execute(_DELETE_ENTRIES, {"feed": row.id})
            connection.execute(_DELETE, {"feed": row.id})
            return to_feed(row)

    def all(self) -> list[Feed]:
        """Every feed, by name."""
        with self._database.read() as connection:
            return sorted(map(to_feed, connection.execute(_ALL)), key=lambda one: (one.name.casefold(), one.url))

    def find(self, url_or_name: str) -> Feed:
        """The feed at a URL, of a name, else of a title. Raises UnknownName, with a name that is near."""
        with self._database.read() as connection:
            return to_feed(_find(connection, url_or_name))

    def counts(self) -> dict[int, dict[str, int]]:
        """By feed id: entries, articles, entries pending (still to be read) and failed (given up)."""
        with self._database.read() as connection:
            ids = connection.execute(_IDS).scalars().all()
            counted = {row.feed_id: row for row in connection.execute(_COUNTS)}
        names = ("entries", "articles", "pending", "failed")
        return {one: {name: getattr(counted.get(one), name, 0) for name in names} for one in ids}

    # --- one fetch of one feed ---

    def claim(
        self,
        run_id: int,
        now: datetime,
        names: Sequence[str] | None = None,
        force: bool = False,
        limit: int = 1_000,
        longest: timedelta | None = None,
    ) -> list[Feed]:
        """Claim due feeds for a run, the longest due first.

        Due is an enabled feed that nobody has claimed and whose time has come, or was set by a clock that ran ahead:
        nothing is planned for later than ``longest`` from now. ``force`` takes it before its time, ``names`` (URLs or
        names) only those feeds. No feed is ever claimed by two at once. Raises UnknownName.
        """
        conditions: list[ColumnElement[bool]] = [feed.c.enabled, feed.c.claimed_by.is_(None)]
        if not force:
            moment = as_utc(now)
            due_now = [feed.c.next_fetch_at.is_(None), feed.c.next_fetch_at <= moment]
            # Fetched tomorrow or later: by a clock that was wrong, and what it planned may be centuries away.
            due_now.append(feed.c.last_fetched_at > moment + timedelta(days=1))
            if longest is not None:
                due_now.append(feed.c.next_fetch_at > moment + longest)
            conditions.append(or_(*due_now))
        with self._database.write() as connection:
            if names is not None:
                conditions.append(feed.c.id.in_([_find(connection, name).id for name in names]))
            due = (
                select(*FEED_COLUMNS)
                .where(*conditions)
                .order_by(feed.c.next_fetch_at.asc().nulls_first(), feed.c.id)
                .limit(limit)
                .with_for_update(skip_locked=True)  # PostgreSQL; SQLite has one writer at a time anyway
            )
            rows = connection.execute(due).all()
            if rows:
                connection.execute(_CLAIM, [{"the_id": row.id, "claimed_by": run_id} for row in rows])
            return [to_feed(row) for row in rows]

    def claim_delivered(self, run_id: int) -> list[Feed]:
        """Claim the feeds of which something waits that a hub delivered, due or not."""
        waiting = select(*FEED_COLUMNS).where(
            feed.c.enabled, feed.c.claimed_by.is_(None), feed.c.id.in_(select(pushed.c.feed_id))
        )
        with self._database.read() as connection:
            if connection.execute(waiting.limit(1)).first() is None:
                return []
        with self._database.write() as connection:
            rows = connection.execute(waiting.with_for_update(skip_locked=True)).all()
            if rows:
                connection.execute(_CLAIM, [{"the_id": row.id, "claimed_by": run_id} for row in rows])
            return [to_feed(row) for row in rows]

    def known(self, feed_id: int, entries: Mapping[str, str], urls: Mapping[str, str] | None = None) -> Known:
        """Which of these entries (key -> content hash) the store holds, with their content hashes.

        When it does not know most of the keys, it also says which of their contents, and of their ``urls`` (key ->
        URL), it holds under other keys.
        """
        found: dict[str, str] = {}
        texts: dict[str, str] = {}
        addresses: dict[str, str] = {}
        with self._database.read() as connection:
            for part in chunks(list(entries)):
                for row in connection.execute(_KNOWN, {"feed": feed_id, "keys": part}):
                    found[row.key] = row.content_hash
            unknown = [key for key in entries if key not in found]
            if len(unknown) > len(found):
                for part in chunks([entries[key] for key in unknown]):
                    for row in connection.execute(_KNOWN_TEXTS, {"feed": feed_id, "hashes": part}):
                        texts[row.content_hash] = row.key
                places = {address_key(url): url for key, url in (urls or {}).items() if key not in found}
                for some in chunks(list(places)):
                    for at in connection.execute(_KNOWN_PLACES, {"feed": feed_id, "places": some}):
                        addresses[places[bytes(at.url_key)]] = at.key
                        found.setdefault(at.key, at.content_hash)
        return Known(found, texts, addresses)

    def new_since(self, feed_id: int, moment: datetime) -> int:
        """How many entries of a feed were first seen since then."""
        with self._database.read() as connection:
            return int(connection.execute(_NEW_SINCE, {"feed": feed_id, "moment": as_utc(moment)}).scalar_one())

    def record(self, changes: FeedUpdate, run_id: int) -> bool:
        """Write all that one fetch changes, in one transaction, and free the feed.

        Fresh and changed entries are stored with all that is needed to read them later; a fresh one whose URL leads to
        an article that is stored counts as read. False, and nothing written, when the run no longer holds the feed.
        """
        values = _after(changes)
        # A fresh entry may name a stored article, whose feeds then change: never beside who places it.
        with self._database.write(lock=PLACE_LOCK if changes.selection.fresh else None) as connection:
            held = {"the_id": changes.feed_id, "the_run": run_id}
            row = connection.execute(_RELEASE, {**held, **values}).rowcount
            if not row:
                return False
            name = connection.execute(_NAME, {"id": changes.feed_id}).scalar_one()
            self._entries.write(connection, changes, name)
            if changes.hubs is not None:
                pushes.offer(connection, changes.feed_id, changes.hubs, changes.fetched_at)
            if changes.deliveries:
                pushes.read(connection, changes.deliveries)
            return True

    # --- entries whose pages are still to be read ---

    def claim_entries(
        self, run_id: int, now: datetime, feed_id: int | None = None, limit: int = 100
    ) -> list[PendingEntry]:
        """Claim entries to read, oldest first; their attempts are counted now, so that a crash counts as one.

        Of several entries that lead to one address the oldest is claimed: saving its article settles the others.
        """
        moment, tried = as_utc(now), entry.c.next_try_at
        conditions: list[ColumnElement[bool]] = [
            entry.c.claimed_by.is_(None),
            or_(tried.is_(None), tried <= moment, tried > moment + LONGEST_RETRY),
        ]
        if feed_id is not None:
            conditions.append(entry.c.feed_id == feed_id)
        due = (
            select(entry)
            .where(_IS_PENDING, ~_OLDER_TWIN.exists(), *conditions)
            # "+ 0": else SQLite goes through the whole table in its order, and not through the index of pending ones.
            .order_by(entry.c.id + 0)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        with self._database.write() as connection:
            rows = connection.execute(due).all()
            if rows:
                connection.execute(_CLAIM_ENTRY, [{"the_id": row.id, "the_run": run_id} for row in rows])
        return [
            PendingEntry(row.id, row.feed_id, to_entry(row.payload), row.attempts + 1, row.first_seen_at)
            for row in rows
        ]

    def fail_entry(self, entry_id: int, message: str, next_try_at: datetime | None, tried: bool = True) -> None:
        """Note that a claimed entry could not be read: to be tried again at a time, or given up (None) and kept.

        With ``tried`` False nothing was sent to anybody, and the attempt that its claim counted does not count.
        """
        values = {
            "the_id": entry_id,
            "state": FAILED if next_try_at is None else PENDING,
            "last_error": message,
            "next_try_at": next_try_at,
        }
        with self._database.write() as connection:
            connection.execute(_FAIL_ENTRY if tried else _DELAY_ENTRY, values)


def _subscribe(connection: Connection, url: str, name: str, folder: str | None, source: str) -> None:
    values = {"url_key": url_key(url), "url": url, "name": name, "folder": folder, "source": source, **NEVER_FETCHED}
    connection.execute(insert(feed), values)


def _follow(connection: Connection, row: AnyRow, one: FeedSettings) -> None:
    """Bring a stored feed to what config.yaml says of it. One that the server declared gone stays off."""
    values = {
        "name": one.name or row.name,
        "folder": one.folder,
        "source": CONFIG,
        "dropped": False,
        "enabled": True if row.dropped else row.enabled,
    }
    if any(getattr(row, name) != value for name, value in values.items()):
        connection.execute(_SET, {"the_id": row.id, **values})


def _name_of(url: str) -> str:
    return site(url) or clean(url)[:80]


def _find(connection: Connection, url_or_name: str) -> AnyRow:
    row = connection.execute(_BY_URL, {"key": url_key(url_or_name)}).one_or_none()
    if row is not None:
        return row
    rows = connection.execute(_ALL_ROWS).all()
    wanted = clean(url_or_name)
    named = [one for one in rows if one.name == wanted]
    named = named or [one for one in rows if one.name.casefold() == wanted.casefold()]
    named = named or [one for one in rows if one.title and one.title.casefold() == wanted.casefold()]
    if len(named) == 1:
        return named[0]
    if named:
        urls = ", ".join(sorted(redact(one.url) for one in named))
        raise UnknownName(f"{len(named)} feeds are called {wanted!r}: name one by its URL: {urls}")
    choices = [one for row in rows for one in (row.name, row.title, redact(row.url)) if one]
    near = difflib.get_close_matches(wanted[:200], choices, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    raise UnknownName(f"no feed {redact(wanted[:200])!r}{hint}")


def _after(changes: FeedUpdate) -> dict[str, Any]:
    """Column values of a feed after a fetch; what the fetch says nothing about is left as it is."""
    values: dict[str, Any] = {
        "claimed_by": None,
        "last_fetched_at": changes.fetched_at,
        "next_fetch_at": changes.next_fetch_at,
        "interval_s": changes.interval_s,
        "failures": changes.failures,
        "last_outcome": changes.outcome,
        "last_error": changes.error,
        "ttl_s": changes.ttl_s,
        "skip_hours": to_bits(changes.skip_hours),
        "skip_days": to_bits(changes.skip_days),
        "failing_since": changes.failing_since,
        "moved_to": changes.moved_to,
        "moves": changes.moves,
        "moved_since": changes.moved_since,
    }
    if changes.full_at is not None:
        values["full_at"] = changes.full_at
    if changes.validators is not None:
        values.update(zip(("etag", "last_modified", "body_hash"), changes.validators, strict=True))
    if changes.title is not None:
        values["title"] = changes.title
    if changes.site_url is not None:
        values["site_url"] = changes.site_url
    if not changes.enabled:  # a fetch may switch a feed off, never on: the user may have switched it off meanwhile
        values["enabled"] = False
    return values


_ALL: Final = select(*FEED_COLUMNS)
_ALL_ROWS: Final = select(*FEED_COLUMNS, feed.c.url_key, feed.c.dropped)
_IDS: Final = select(feed.c.id)
_BY_URL: Final = _ALL_ROWS.where(feed.c.url_key == bindparam("key"))
_NAME: Final = select(feed.c.name).where(feed.c.id == bindparam("id"))
_SET: Final = update(feed).where(feed.c.id == bindparam("the_id"))
_CLAIM: Final = _SET
_RELEASE: Final = _SET.where(feed.c.claimed_by == bindparam("the_run"))
_LEAVE_HOME: Final = update(story).where(story.c.feed_id == bindparam("feed")).values(feed_id=None)
_DELETE_ENTRIES: Final = delete(entry).where(entry.c.feed_id == bindparam("feed"))
_DELETE: Final = delete(feed).where(feed.c.id == bindparam("feed"))
_KNOWN: Final = select(entry.c.key, entry.c.content_hash).where(
    entry.c.feed_id == bindparam("feed"), entry.c.key.in_(bindparam("keys", expanding=True))
)
_KNOWN_TEXTS: Final = select(entry.c.key, entry.c.content_hash).where(
    entry.c.feed_id == bindparam("feed"), entry.c.content_hash.in_(bindparam("hashes", expanding=True))
)
_KNOWN_PLACES: Final = (
    select(entry.c.key, entry.c.content_hash, entry.c.url_key)
    .where(entry.c.feed_id == bindparam("feed"), entry.c.url_key.in_(bindparam("places", expanding=True)))
    .order_by(entry.c.id)
)
_NEW_SINCE: Final = select(func.count()).where(
    entry.c.feed_id == bindparam("feed"), entry.c.first_seen_at >= bindparam("moment")
)
_IS_PENDING: Final = text(f"entry.{IS_PENDING}")  # with two entries in one query, a column has to say whose it is
_TWIN: Final = entry.alias("twin")
_OLDER_TWIN: Final = select(_TWIN.c.id).where(
    text(f"twin.{IS_PENDING}"), _TWIN.c.url_key == entry.c.url_key, _TWIN.c.id < entry.c.id
)
_COUNTS: Final = select(
    entry.c.feed_id,
    func.count().label("entries"),
    func.count(entry.c.article_id.distinct()).label("articles"),
    func.count(case((entry.c.state == PENDING, 1))).label("pending"),
    func.count(case((entry.c.state == FAILED, 1))).label("failed"),
).group_by(entry.c.feed_id)
_CLAIM_ENTRY: Final = (
    update(entry)
    .where(entry.c.id == bindparam("the_id"))
    .values(claimed_by=bindparam("the_run"), attempts=entry.c.attempts + 1)
)
_FAIL_ENTRY: Final = (
    update(entry).where(entry.c.id == bindparam("the_id"), entry.c.claimed_by.is_not(None)).values(claimed_by=None)
)
_DELAY_ENTRY: Final = _FAIL_ENTRY.values(attempts=entry.c.attempts - 1)
