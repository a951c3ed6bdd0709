"""Stories as one account reads them: pages by key, what is read and starred, the same for the web and reader apps."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, exists, func, literal, or_, select, tuple_

from pipeline.model import ShelfCopy, ShelfStory, StoryFilter, StoryRow
from pipeline.store.columns import as_utc
from pipeline.store.engine import Database
from pipeline.store.hits import best
from pipeline.store.rows import AnyRow, chunks, to_kind
from pipeline.store.schema import article, copy, entry, mark, redirect, story
from pipeline.store.search import SearchIndex
from pipeline.store.stories import LARGEST_ID, conditions

LEAD_CHARACTERS: Final = 400
SHELF_COPIES: Final = 200  # of one story in a list: a text can be published at ever new addresses


class Place(NamedTuple):
    """Where a story stands: the key of all lists, and its feed in reader apps."""

    id: int
    sort_at: datetime
    feed_id: int | None


class Shelf:
    """What an account sees and marks. All methods raise StoreError."""

    def __init__(self, database: Database, index: SearchIndex) -> None:
        self._database = database
        self._index = index
        written = database.insert(mark)
        self._upsert = {
            name: written.on_conflict_do_update(
                index_elements=["account_id", "story_id"],
                set_={name: written.excluded[name], "changed_at": written.excluded.changed_at},
            )
            for name in ("read", "starred")
        }
        self._written = written

    def page(self, wanted: StoryFilter, account: int, offset: int = 0) -> list[ShelfStory]:
        """Stories that fit, newest first (or ``oldest_first``; with ``text``, best first), after ``offset`` of them."""
        with self._database.read() as connection:
            if wanted.text is None:
                rows = connection.execute(_in_order(_ROWS, wanted, account).offset(_bounded(offset))).all()
            else:
                ids = self._found(connection, wanted, account)[offset : offset + wanted.limit]
                found = {row.id: row for row in connection.execute(_ROWS_OF, {"ids": ids, "account": account})}
                rows = [found[one] for one in ids]
            copies = _copies(connection, [row.id for row in rows if row.copies > 1])
        return [_shelf_story(row, copies.get(row.id) or (_alone(row),)) for row in rows]

    def ids(self, wanted: StoryFilter, account: int, *, descending: bool = False) -> list[int]:
        """Ids of stories that fit, in their own order."""
        order = story.c.id.desc() if descending else story.c.id.asc()
        query = select(story.c.id).where(*_all(wanted, account)).order_by(order)
        with self._database.read() as connection:
            return list(connection.execute(query.limit(_bounded(wanted.limit))).scalars())

    def places(self, wanted: StoryFilter, account: int) -> list[Place]:
        """As :meth:`page`, without what the stories hold: thousands of them cost little."""
        with self._database.read() as connection:
            rows = connection.execute(_in_order(_PLACES, wanted, account))
            return [Place(row.id, row.sort_at, row.feed_id) for row in rows]

    def count(self, wanted: StoryFilter, account: int) -> int:
        """How many stories fit."""
        with self._database.read() as connection:
            if wanted.text is not None:
                return len(self._found(connection, wanted, account))
            query = select(func.count()).select_from(story).where(*_all(wanted, account))
            return int(connection.execute(query, {"account": account}).scalar_one())

    def resolve(self, ids: Collection[int]) -> dict[int, int]:
        """The stories that these ids stand for now, by the id asked for; ids that never were are left out."""
        known = [one for one in ids if 0 < one <= LARGEST_ID]
        found: dict[int, int] = {}
        with self._database.read() as connection:
            for part in chunks(known):
                found.update((row.old_id, row.story_id) for row in connection.execute(_MOVED, {"ids": part}))
                found.update((one, one) for one in connection.execute(_THERE, {"ids": part}).scalars())
        return found

    def texts(self, article_ids: Collection[int]) -> dict[int, str]:
        """The texts of articles by id."""
        found: dict[int, str] = {}
        with self._database.read() as connection:
            for part in chunks(list(article_ids)):
                found.update((row.id, row.text) for row in connection.execute(_TEXTS, {"ids": part}))
        return found

    def lengths(self, article_ids: Collection[int]) -> dict[int, int]:
        """How many characters the texts of articles have, by id."""
        found: dict[int, int] = {}
        with self._database.read() as connection:
            for part in chunks(list(article_ids)):
                found.update((row.id, row.characters) for row in connection.execute(_LENGTHS, {"ids": part}))
        return found

    # --- marks ---

    def set(self, account: int, ids: Collection[int], *, read: bool | None = None, starred: bool | None = None) -> None:
        """Mark stories; ids of merged stories mean what they went into, unknown ids nothing."""
        chosen = sorted(set(self.resolve(ids).values()))
        now = datetime.now(UTC)
        for name, value in (("read", read), ("starred", starred)):
            if value is None or not chosen:
                continue
            rows = [
                {
                    "account_id": account,
                    "story_id": one,
                    "read": False,
                    "starred": False,
                    "changed_at": now,
                    name: value,
                }
                for one in chosen
            ]
            with self._database.write() as connection:
                there = [row for part in chunks(rows) for row in _still(connection, part)]
                if there:
                    connection.execute(self._upsert[name], there)

    def read_all(self, account: int, wanted: StoryFilter) -> int:
        """Mark everything that fits and is unread as read; returns how many."""
        unread = replace(wanted, read=False)
        with self._database.write() as connection:
            fitting = _all(unread, account)
            if unread.text is not None:
                fitting.append(story.c.id.in_(self._found(connection, unread, account)))
            chosen = (
                select(literal(account), story.c.id, literal(True), literal(False), bindparam("now", datetime.now(UTC)))
                .select_from(story)
                .where(*fitting)
            )
            statement = self._written.from_select(["account_id", "story_id", "read", "starred", "changed_at"], chosen)
            settled = statement.on_conflict_do_update(
                index_elements=["account_id", "story_id"],
                set_={"read": statement.excluded.read, "changed_at": statement.excluded.changed_at},
            )
            return int(connection.execute(settled, {"account": account}).rowcount)

    def feed_counts(self, account: int) -> dict[int | None, tuple[int, int]]:
        """By the feed that stories belong to (None: no feed): how many there are, how many of them are unread."""
        with self._database.read() as connection:
            total = {row.feed_id: row.stories for row in connection.execute(_BY_FEED)}
            read = {row.feed_id: row.stories for row in connection.execute(_READ_BY_FEED, {"account": account})}
        return {one: (stories, stories - read.get(one, 0)) for one, stories in total.items()}

    def languages(self) -> list[str]:
        """The languages of stored articles, most frequent first."""
        with self._database.read() as connection:
            return list(connection.execute(_LANGUAGES).scalars())

    def _found(self, connection: Connection, wanted: StoryFilter, account: int) -> list[int]:
        """The stories that a search finds and that fit, best first; by id alone, as most of them are on no page."""
        return best(connection, self._index, wanted.text or "", _all(wanted, account))


def _still(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows whose stories are there in this transaction: one may have been merged a moment ago."""
    there = set(connection.execute(_THERE, {"ids": [row["story_id"] for row in rows]}).scalars())
    return [dict(row) for row in rows if row["story_id"] in there]


def _in_order(rows: Select[Any], wanted: StoryFilter, account: int) -> Select[Any]:
    keys = (story.c.id,) if wanted.by_id else (story.c.sort_at, story.c.id)
    ordered = (key.asc() for key in keys) if wanted.oldest_first else (key.desc() for key in keys)
    query = rows.where(*_all(wanted, account)).order_by(*ordered)
    return query.limit(_bounded(wanted.limit)).params(account=account)


def _bounded(number: int) -> int:
    return max(0, min(number, LARGEST_ID))


def _all(wanted: StoryFilter, account: int) -> list[ColumnElement[bool]]:
    return [story.c.id > 0, *conditions(wanted), *_marked(wanted, account), *_placed(wanted)]


def _marked(wanted: StoryFilter, account: int) -> Iterator[ColumnElement[bool]]:
    mine = and_(mark.c.account_id == account, mark.c.story_id == story.c.id)
    if wanted.read is not None:
        is_read = exists().where(mine, mark.c.read)
        yield is_read if wanted.read else ~is_read
    if wanted.starred:
        yield story.c.id.in_(select(mark.c.story_id).where(mark.c.account_id == account, mark.c.starred))
    elif wanted.starred is not None:
        yield ~exists().where(mine, mark.c.starred)
    if wanted.changed_after is not None:
        since = as_utc(wanted.changed_after)
        yield or_(story.c.first_seen_at > since, exists().where(mine, mark.c.changed_at > since))
    if wanted.changed_before is not None:
        until = as_utc(wanted.changed_before)
        yield and_(story.c.first_seen_at < until, ~exists().where(mine, mark.c.changed_at >= until))


def _placed(wanted: StoryFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.language is not None:
        spoken = article.alias("spoken")
        yield exists().where(spoken.c.id == story.c.original_id, spoken.c.language == wanted.language)
    if wanted.carried_by is not None:
        yield story.c.id.in_(
            select(copy.c.story_id)
            .join(entry, entry.c.article_id == copy.c.article_id)
            .where(entry.c.feed_id.in_(wanted.carried_by))
        )
    if wanted.home is not None:
        feeds = [one for one in wanted.home if one is not None]
        inside = story.c.feed_id.in_(feeds)
        yield or_(inside, story.c.feed_id.is_(None)) if len(feeds) < len(wanted.home) else inside
    if wanted.ids is not None:
        yield story.c.id.in_(wanted.ids)
    key = tuple_(story.c.sort_at, story.c.id)
    if wanted.older_than is not None:
        yield key < tuple_(*_key(wanted.older_than))
    if wanted.newer_than is not None:
        yield key > tuple_(*_key(wanted.newer_than))
    if wanted.above is not None:
        yield story.c.id > min(wanted.above, LARGEST_ID)
    if wanted.below is not None:
        yield story.c.id < min(wanted.below, LARGEST_ID)


def _key(bound: tuple[datetime, int]) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    return literal(as_utc(bound[0]), story.c.sort_at.type), literal(min(bound[1], LARGEST_ID), story.c.id.type)


def _copies(connection: Connection, story_ids: list[int]) -> dict[int, tuple[ShelfCopy, ...]]:
    found: dict[int, list[ShelfCopy]] = {}
    for part in chunks(story_ids):
        for row in connection.execute(_COPIES, {"ids": part}):
            there = found.setdefault(row.story_id, [])
            if len(there) < SHELF_COPIES or row.original:
                there.append(_shelf_copy(row))
    return {one: tuple(sorted(copies, key=lambda copy: not copy.original)) for one, copies in found.items()}


def _shelf_copy(row: AnyRow) -> ShelfCopy:
    return _copy_of(row, row.id, original=bool(row.original))


def _copy_of(row: AnyRow, article_id: int, *, original: bool) -> ShelfCopy:
    return ShelfCopy(
        article_id=article_id,
        original=original,
        kind=to_kind(row.kind),
        site=row.site,
        site_name=row.site_name,
        url=row.url,
        title=row.title,
        byline=tuple(row.byline),
        published_at=row.published_at,
        first_seen_at=row.first_seen_at,
        language=row.language,
        characters=0,
    )


def _alone(row: AnyRow) -> ShelfCopy:
    """The one copy of a story that has no other: all of it stands in the story's row."""
    return _copy_of(row, row.original_id, original=True)


def _shelf_story(row: AnyRow, copies: tuple[ShelfCopy, ...]) -> ShelfStory:
    listed = StoryRow(
        id=row.id,
        title=row.title,
        byline=tuple(row.byline),
        site=row.site,
        url=row.url,
        published_at=row.published_at,
        first_seen_at=row.first_seen_at,
        copies=row.copies,
        sites=row.sites,
    )
    return ShelfStory(
        row=listed,
        sort_at=row.sort_at,
        language=row.language,
        feed_id=row.feed_id,
        lead=row.lead,
        read=bool(row.read),
        starred=bool(row.starred),
        changed_at=row.changed_at or row.first_seen_at,
        copies=copies,
    )


_FIRST: Final = article.alias("original")  # conditions on any copy use ``article``
_BEGUN: Final = copy.alias("begun")  # likewise
_MINE: Final = mark.alias("mine")
_ROWS: Final[Select[Any]] = select(
    story.c.id,
    story.c.original_id,
    story.c.sort_at,
    story.c.feed_id,
    story.c.first_seen_at,
    story.c.copies,
    story.c.sites,
    _FIRST.c.title,
    _FIRST.c.byline,
    _FIRST.c.site,
    _FIRST.c.site_name,
    _FIRST.c.url,
    _FIRST.c.language,
    _FIRST.c.published_at,
    func.substr(_FIRST.c.text, 1, LEAD_CHARACTERS).label("lead"),
    _MINE.c.read,
    _MINE.c.starred,
    _MINE.c.changed_at,
    _BEGUN.c.kind,
).select_from(
    story.join(_FIRST, _FIRST.c.id == story.c.original_id)
    .join(_BEGUN, _BEGUN.c.article_id == story.c.original_id)
    .outerjoin(_MINE, and_(_MINE.c.story_id == story.c.id, _MINE.c.account_id == bindparam("account")))
)
_PLACES: Final = select(story.c.id, story.c.sort_at, story.c.feed_id)
_ROWS_OF: Final = _ROWS.where(story.c.id.in_(bindparam("ids", expanding=True)))
_COPIES: Final = (
    select(
        copy.c.story_id,
        copy.c.kind,
        (story.c.original_id == article.c.id).label("original"),
        article.c.id,
        article.c.site,
        article.c.site_name,
        article.c.url,
        article.c.title,
        article.c.byline,
        article.c.published_at,
        article.c.first_seen_at,
        article.c.language,
    )
    .join(article, article.c.id == copy.c.article_id)
    .join(story, story.c.id == copy.c.story_id)
    .where(copy.c.story_id.in_(bindparam("ids", expanding=True)))
    .order_by(func.coalesce(article.c.published_at, article.c.first_seen_at), article.c.id)
)
_MOVED: Final = select(redirect).where(redirect.c.old_id.in_(bindparam("ids", expanding=True)))
_THERE: Final = select(story.c.id).where(story.c.id.in_(bindparam("ids", expanding=True)))
_TEXTS: Final = select(article.c.id, article.c.text).where(article.c.id.in_(bindparam("ids", expanding=True)))
_LENGTHS: Final = select(article.c.id, func.length(article.c.text).label("characters")).where(
    article.c.id.in_(bindparam("ids", expanding=True))
)
_BY_FEED: Final = select(story.c.feed_id, func.count().label("stories")).group_by(story.c.feed_id)
_READ_BY_FEED: Final = (
    select(story.c.feed_id, func.count().label("stories"))
    .join(mark, mark.c.story_id == story.c.id)
    .where(mark.c.account_id == bindparam("account"), mark.c.read)
    .group_by(story.c.feed_id)
)
_LANGUAGES: Final = (
    select(article.c.language)
    .where(article.c.language.is_not(None))
    .group_by(article.c.language)
    .order_by(func.count().desc(), article.c.language)
    .limit(100)
)
