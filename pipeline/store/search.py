"""Full-text search: the same words found in the same stories by SQLite's FTS5 and by PostgreSQL's tsvector.

Any string is a query: its words (at most 32, of at most 64 characters) are looked for as they stand, all of them; no
character in it is syntax. Case and accents make no difference. Scripts that put no spaces between words are searched
by character: both sides put a space around each of their characters, and a run of them in a query is a phrase.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from sqlalchemy import (
    ColumnElement,
    Connection,
    Double,
    FromClause,
    Integer,
    TextClause,
    and_,
    bindparam,
    column,
    delete,
    func,
    insert,
    literal_column,
    select,
    table,
    text,
)

from pipeline.store.columns import clean
from pipeline.store.engine import PLACE_LOCK, Database
from pipeline.store.schema import article, meta

SCHEME: Final = "search/1"  # of what stands in the index; another value in ``meta`` makes upgrade rebuild it

WORDS: Final = 32
WORD_CHARACTERS: Final = 64
TEXT_CHARACTERS: Final = 500_000  # of a text are indexed
SHORT_CHARACTERS: Final = 2_000  # of a title, of a byline

# A tsvector holds at most 1,048,575 bytes (postgresql.org, "Limitations" of text search). A word of n bytes occupies at
# most n + 5 there and n + 1 here; distinct words have 2 bytes and more once the single letters are used up, so the
# worst ratio is 7/3, and 7/3 of this, a title and a byline stays below.
TSVECTOR_TEXT_BYTES: Final = 400_000

# Han, kana, Thai, Lao, Myanmar, Khmer (Unicode blocks). Hangul puts spaces between words.
_UNSPACED = re.compile(
    "([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uff66-\uff9f\U00020000-\U0003ffff])"
)
_ACCENTS = re.compile("[\u0300-\u036f]")
_PUNCTUATION = str.maketrans(dict.fromkeys("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", " "))


@dataclass(frozen=True, slots=True)
class Document:
    """What is indexed of an article."""

    title: str | None
    byline: tuple[str, ...]
    text: str

    def fields(self) -> tuple[str, str, str]:
        """Title, byline and text, bounded and folded."""
        title = (self.title or "")[:SHORT_CHARACTERS]
        byline = "\n".join(self.byline)[:SHORT_CHARACTERS]
        return fold(title), fold(byline), fold(self.text[:TEXT_CHARACTERS])


@dataclass(frozen=True, slots=True)
class Hits:
    """A search in the database's own terms, to be made part of a larger question."""

    table: FromClause
    article_id: ColumnElement[int]
    holds: ColumnElement[bool]
    score: ColumnElement[float]  # the larger the better; the title counts most, then the byline


class SearchIndex(Protocol):
    """What both indexes do, inside the transaction of ``connection``."""

    def add(self, connection: Connection, documents: Mapping[int, Document]) -> None:
        """Index articles, by id, that are not in the index."""
        ...

    def remove(self, connection: Connection, documents: Mapping[int, Document]) -> None:
        """Forget articles, by id; the documents are what they were added with."""
        ...

    def clear(self, connection: Connection) -> None:
        """Forget everything."""
        ...

    def matching(self, query: str) -> Hits | None:
        """Articles that hold all words of ``query``; None when it has no words."""
        ...


def fold(value: str) -> str:
    """What two spellings of a text have in common, the same for every database and its locale.

    Lower case, no accents, a space around each character of the scripts that have none between words.
    """
    value = clean(value).lower()
    if value.isascii():
        return value
    bare = unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", value)))
    return _UNSPACED.sub(r" \1 ", bare)


def words(query: str) -> list[str]:
    """The words of a query, folded, each with at least one letter or digit in it."""
    parts = clean(query[: WORDS * WORD_CHARACTERS * 2]).split()[:WORDS]
    folded = (fold(part[:WORD_CHARACTERS]).strip() for part in parts)
    return [part for part in folded if any(unicodedata.category(character)[0] in "LN" for character in part)]


class Fts5Index:
    """SQLite: a contentless FTS5 table; removal needs the words that were put in (sqlite.org/fts5.html §4.4.3)."""

    _ADD = text("INSERT INTO search (rowid, title, byline, text) VALUES (:id, :title, :byline, :text)")
    _REMOVE = text(
        "INSERT INTO search (search, rowid, title, byline, text) VALUES ('delete', :id, :title, :byline, :text)"
    )
    _CLEAR = text("INSERT INTO search (search) VALUES ('delete-all')")
    _TABLE = table("search", column("rowid", Integer), column("rank", Double))

    def add(self, connection: Connection, documents: Mapping[int, Document]) -> None:
        """See :class:`SearchIndex`."""
        _each(connection, self._ADD, map(_row, documents.items()))

    def remove(self, connection: Connection, documents: Mapping[int, Document]) -> None:
        """See :class:`SearchIndex`."""
        _each(connection, self._REMOVE, map(_row, documents.items()))

    def clear(self, connection: Connection) -> None:
        """See :class:`SearchIndex`."""
        connection.execute(self._CLEAR)

    def matching(self, query: str) -> Hits | None:
        """See :class:`SearchIndex`."""
        quoted = " ".join('"' + word.replace('"', " ") + '"' for word in words(query))
        if not quoted:
            return None
        rank = self._TABLE.c.rank
        matches = literal_column("search").op("MATCH", is_comparison=True)(quoted)
        ranked = rank.op("MATCH", is_comparison=True)(literal_column("'bm25(5.0, 3.0, 1.0)'"))
        return Hits(self._TABLE, self._TABLE.c.rowid, and_(matches, ranked), -rank)


class TsvectorIndex:
    """PostgreSQL: a tsvector of configuration ``simple``.

    Punctuation is taken out here, because the server's parser makes tokens of its own of URLs, hyphens and numbers.
    """

    _ADD = text(
        "INSERT INTO search (article_id, document) VALUES (:id, setweight(to_tsvector('simple', :title), 'A')"
        " || setweight(to_tsvector('simple', :byline), 'B') || to_tsvector('simple', :text))"
    )
    _TABLE = table("search", column("article_id", Integer), column("document"))
    _REMOVE = text("DELETE FROM search WHERE article_id = :id")
    _CLEAR = text("TRUNCATE search")

    def add(self, connection: Connection, documents: Mapping[int, Document]) -> None:
        """See :class:`SearchIndex`."""
        _each(connection, self._ADD, map(_plain_row, documents.items()))

    def remove(self, connection: Connection, documents: Mapping[int, Document]) -> None:
        """See :class:`SearchIndex`."""
        _each(connection, self._REMOVE, ({"id": article_id} for article_id in documents))

    def clear(self, connection: Connection) -> None:
        """See :class:`SearchIndex`."""
        connection.execute(self._CLEAR)

    def matching(self, query: str) -> Hits | None:
        """See :class:`SearchIndex`."""
        phrases = [word.translate(_PUNCTUATION) for word in words(query)]
        if not phrases:
            return None
        simple: ColumnElement[Any] = literal_column("'simple'::regconfig")
        wanted: ColumnElement[Any] = func.phraseto_tsquery(simple, phrases[0])
        for phrase in phrases[1:]:
            wanted = wanted.op("&&")(func.phraseto_tsquery(simple, phrase))
        # A subquery of its own: so it is computed for the rows that are asked for, not for those that are only sorted.
        own = self._TABLE.alias("ranked")
        score = select(func.ts_rank(literal_column("'{0.1, 0.2, 0.6, 1.0}'::real[]"), own.c.document, wanted)).where(
            own.c.article_id == self._TABLE.c.article_id
        )
        holds = self._TABLE.c.document.op("@@", is_comparison=True)(wanted)
        return Hits(self._TABLE, self._TABLE.c.article_id, holds, score.scalar_subquery())


def _row(one: tuple[int, Document]) -> dict[str, object]:
    article_id, document = one
    title, byline, body = document.fields()
    return {"id": article_id, "title": title, "byline": byline, "text": body}


def _plain_row(one: tuple[int, Document]) -> dict[str, object]:
    article_id, document = one
    title, byline, body = (part.translate(_PUNCTUATION) for part in document.fields())
    body = body.encode()[:TSVECTOR_TEXT_BYTES].decode(errors="ignore")
    return {"id": article_id, "title": title, "byline": byline, "text": body}


def _each(connection: Connection, statement: TextClause, rows: Iterable[dict[str, object]]) -> None:
    if given := list(rows):
        connection.execute(statement, given)


def ensure_index(database: Database, index: SearchIndex) -> None:
    """Build the index anew when it was made by another scheme than this one. Raises StoreError."""
    with database.read() as connection:
        if connection.execute(_MADE_BY).scalar() == SCHEME:
            return
    with database.write(lock=PLACE_LOCK) as connection:
        if connection.execute(_MADE_BY).scalar() == SCHEME:
            return
        rebuild(connection, index)
        connection.execute(delete(meta).where(meta.c.key == "search"))
        connection.execute(insert(meta), {"key": "search", "value": SCHEME})


def rebuild(connection: Connection, index: SearchIndex) -> None:
    """Index all stored articles anew, a page of them at a time."""
    index.clear(connection)
    last = 0
    while rows := connection.execute(_PAGE, {"last": last}).all():
        index.add(connection, {row.id: Document(row.title, tuple(row.byline), row.text) for row in rows})
        last = rows[-1].id


_MADE_BY: Final = select(meta.c.value).where(meta.c.key == "search")
_PAGE: Final = (
    select(article.c.id, article.c.title, article.c.byline, article.c.text)
    .where(article.c.id > bindparam("last"))
    .order_by(article.c.id)
    .limit(100)
)
