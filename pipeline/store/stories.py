"""Questions about stories. None of them waits for a writer or makes one wait."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, bindparam, exists, func, or_, select

from pipeline.errors import UnknownName
from pipeline.model import CopyRow, Credit, StoryFilter, StoryRow, StoryView
from pipeline.store.columns import as_utc, clean, site_named
from pipeline.store.engine import Database
from pipeline.store.hits import best
from pipeline.store.rows import ARTICLE_COLUMNS, AnyRow, to_article, to_credit, to_kind
from pipeline.store.schema import FAILED, PENDING, article, copy, entry, feed, redirect, story
from pipeline.store.search import SearchIndex

LARGEST_ID: Final = 2**31 - 1  # of an integer column on PostgreSQL
EXPORT_PAGE: Final = 50  # articles in memory at a time; one may have megabytes

StoryRows = list[StoryRow]


class Stories:
    """What people ask for. All methods raise StoreError when the store cannot be read."""

    def __init__(self, database: Database, index: SearchIndex) -> None:
        self._database = database
        self._index = index

    def list(self, wanted: StoryFilter) -> StoryRows:
        """Stories that fit, newest first by publication (by first sight where that is earlier or nothing is known)."""
        query = _ROWS.where(*conditions(wanted)).order_by(story.c.sort_at.desc(), story.c.id.desc())
        with self._database.read() as connection:
            found = connection.execute(query.limit(_bounded(wanted.limit)))
            return [_story_row(row) for row in found]

    def get(self, story_id: int) -> StoryView:
        """One story whole; the id of a merged story gives the story that it went into.

        Raises UnknownName when there is none.
        """
        with self._database.read() as connection:
            row = self._find(connection, story_id)
            if row is None:
                raise UnknownName(f"no story {story_id}")
            found = connection.execute(_COPIES_OF, {"story": row.id})
            members = [_copy_row(one) for one in found]
        members.sort(key=lambda one: not one.original)  # stable: the others stay in the order of time
        return StoryView(_story_row(row), _credit(members), tuple(members))

    def copy(self, article_id: int) -> CopyRow:
        """One article with its place in its story. Raises UnknownName."""
        with self._database.read() as connection:
            row = connection.execute(_COPY, {"id": min(article_id, LARGEST_ID)}).one_or_none()
        if row is None:
            raise UnknownName(f"no article {article_id}")
        return _copy_row(row)

    def of_article(self, article_id: int) -> int | None:
        """The story that an article belongs to."""
        with self._database.read() as connection:
            return connection.execute(_OF_ARTICLE, {"id": article_id}).scalar()

    def search(self, query: str, limit: int = 50) -> StoryRows:
        """Stories with a copy that holds all the words of ``query``, best first; of the newest 500 such articles.

        Each once. Any string will do.
        """
        with self._database.read() as connection:
            ids = best(connection, self._index, query, ())[: _bounded(limit)]
            found = {row.id: _story_row(row) for row in connection.execute(_ROWS_OF, {"ids": ids})}
        return [found[one] for one in ids if one in found]

    def export(self) -> Iterator[CopyRow]:
        """Every article with its place in its story, in the order of storing.

        One snapshot, read while it is being asked for, in constant memory; it is held until the iterator ends.
        """
        with self._database.read() as connection:
            for row in connection.execution_options(yield_per=EXPORT_PAGE).execute(_ALL_COPIES):
                yield _copy_row(row)

    def counts(self) -> dict[str, int]:
        """How much there is: feeds, entries, pending, failed, articles, stories, copies (articles beyond the first)."""
        queries = {
            "feeds": select(func.count()).select_from(feed),
            "entries": select(func.count()).select_from(entry),
            "pending": select(func.count()).where(entry.c.state == PENDING),
            "failed": select(func.count()).where(entry.c.state == FAILED),
            "articles": select(func.count()).select_from(copy),
            "stories": select(func.count()).select_from(story),
        }
        with self._database.read() as connection:
            found = {name: connection.execute(query).scalar_one() for name, query in queries.items()}
        return {**found, "copies": found["articles"] - found["stories"]}

    def _find(self, connection: Connection, story_id: int) -> AnyRow | None:
        if not 0 < story_id <= LARGEST_ID:
            return None
        moved = connection.execute(_MOVED, {"id": story_id}).scalar()
        return connection.execute(_ROWS_OF, {"ids": [moved or story_id]}).one_or_none()


def _bounded(limit: int) -> int:
    return max(0, min(limit, LARGEST_ID))


def conditions(wanted: StoryFilter) -> Iterator[ColumnElement[bool]]:
    """What the filter says of a story and its copies; what it says of an account's marks is the shelf's."""
    if wanted.copies > 1:
        yield story.c.copies >= min(wanted.copies, LARGEST_ID)
    if wanted.since is not None:
        yield story.c.sort_at >= as_utc(wanted.since)
    if wanted.until is not None:
        yield story.c.sort_at <= as_utc(wanted.until)
    if wanted.site is not None:
        yield story.c.id.in_(  # from the index on sites: a rare site must not cost a walk over all stories
            select(copy.c.story_id)
            .join(article, article.c.id == copy.c.article_id)
            .where(article.c.site == site_named(wanted.site))
        )
    if wanted.author is not None:
        name = clean(wanted.author).casefold()
        yield _has_copy(
            or_(article.c.names.contains(name, autoescape=True), copy.c.names.contains(name, autoescape=True))
        )


def _has_copy(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(copy.c.story_id == story.c.id, copy.c.article_id == article.c.id, condition)


def _story_row(row: AnyRow) -> StoryRow:
    return StoryRow(
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


def _copy_row(row: AnyRow) -> CopyRow:
    return CopyRow(
        article=to_article(row),
        story=row.story_id,
        original=row.original_id == row.id,
        kind=to_kind(row.kind),
        copied_from=row.copied_from,
        credit=to_credit(row.credit),
        similarity=row.similarity,
        evidence=tuple(row.evidence),
        id=row.id,
    )


def _credit(members: list[CopyRow]) -> Credit | None:
    """Whom the story is credited to: by its original, else by the copy that is surest."""
    if members and members[0].credit is not None:
        return members[0].credit
    given = [one.credit for one in members if one.credit is not None]
    return max(given, key=lambda credit: credit.confidence, default=None)


_ORIGINAL: Final = article.alias("original")  # conditions on any copy use ``article``
_SOURCE: Final = article.alias("source")
_ROWS: Final[Select[Any]] = select(
    story.c.id,
    _ORIGINAL.c.title,
    _ORIGINAL.c.byline,
    _ORIGINAL.c.site,
    _ORIGINAL.c.url,
    _ORIGINAL.c.published_at,
    story.c.first_seen_at,
    story.c.copies,
    story.c.sites,
).join(_ORIGINAL, _ORIGINAL.c.id == story.c.original_id)
_ROWS_OF: Final = _ROWS.where(story.c.id.in_(bindparam("ids", expanding=True)))
_MOVED: Final = select(redirect.c.story_id).where(redirect.c.old_id == bindparam("id"))
_OF_ARTICLE: Final = select(copy.c.story_id).where(copy.c.article_id == bindparam("id"))
_COPIES: Final = (
    select(
        *ARTICLE_COLUMNS,
        copy.c.story_id,
        copy.c.kind,
        copy.c.credit,
        copy.c.similarity,
        copy.c.evidence,
        story.c.original_id,
        _SOURCE.c.url.label("copied_from"),
    )
    .join(copy, copy.c.article_id == article.c.id)
    .join(story, story.c.id == copy.c.story_id)
    .outerjoin(_SOURCE, _SOURCE.c.id == copy.c.copied_from_id)
)
_COPIES_OF: Final = _COPIES.where(copy.c.story_id == bindparam("story")).order_by(
    func.coalesce(article.c.published_at, article.c.first_seen_at), article.c.id
)
_COPY: Final = _COPIES.where(article.c.id == bindparam("id"))
_ALL_COPIES: Final = _COPIES.order_by(article.c.id)
