"""What people said about articles: kept for ever, and the pairs of it that hold, found from any article.

The words are the record; the bonds are made of them (:func:`pipeline.words.in_force`) and kept beside them, so that
placing an article asks one index instead of reading all words. Both name articles by canonical URL, stored or not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final

from sqlalchemy import BindParameter, Connection, bindparam, delete, exists, insert, or_, select

from pipeline.model import Bond, Verb, Word
from pipeline.store.columns import url_key
from pipeline.store.engine import Database
from pipeline.store.rows import AnyRow, chunks
from pipeline.store.schema import bond, word


class Words:
    """What people said. All methods raise StoreError when the store cannot be read."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Word]:
        """Every word, in the order in which they were said."""
        with self._database.read() as connection:
            return [_to_word(row) for row in connection.execute(_ALL)]

    def bonds(self, canonical_urls: Collection[str]) -> list[Bond]:
        """What holds about these articles, and about those that it puts together with them."""
        with self._database.read() as connection:
            return Spoken(connection).about(canonical_urls)


class Spoken:
    """The words in one transaction, to read and to change."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._any: bool | None = None

    def all(self) -> list[Word]:
        """Every word, in the order in which they were said."""
        return [_to_word(row) for row in self._connection.execute(_ALL)]

    def add(self, words: Iterable[Word]) -> list[Word]:
        """Keep words; returns them with their ids."""
        kept = []
        for one in words:
            key = self._connection.execute(_ADD, _word_values(one)).inserted_primary_key
            assert key is not None
            kept.append(Word(one.verb, one.urls, one.said_at, one.others, one.source, int(key[0])))
        return kept

    def remove(self, ids: Sequence[int]) -> None:
        """Forget words."""
        self._connection.execute(_REMOVE, {"ids": list(ids)})

    def bonds(self) -> list[Bond]:
        """All pairs that hold."""
        return [_to_bond(row) for row in self._connection.execute(_BONDS)]

    def hold(self, bonds: Iterable[Bond]) -> None:
        """From now on these pairs hold, and no others."""
        wanted, there = set(bonds), set(self.bonds())
        gone = [{"the_a": url_key(one.a), "the_b": url_key(one.b)} for one in there - wanted]
        if gone:
            self._connection.execute(_FORGET, gone)
        fresh = [_bond_values(one) for one in sorted(wanted - there, key=lambda one: (one.a, one.b))]
        if fresh:
            self._connection.execute(insert(bond), fresh)
        self._any = None

    def any(self) -> bool:
        """Did anybody ever say anything that holds? Asked once a transaction: in most stores nobody did."""
        if self._any is None:
            self._any = bool(self._connection.execute(_ANY).scalar())
        return self._any

    def about(self, canonical_urls: Collection[str]) -> list[Bond]:
        """What holds about these articles, and about those that it puts together with them, stored or not."""
        found: dict[tuple[str, str], Bond] = {}
        seen: set[str] = set()
        edge = set(canonical_urls)
        while edge and self.any():
            seen |= edge
            reached: set[str] = set()
            for part in chunks([url_key(url) for url in sorted(edge)]):
                for one in map(_to_bond, self._connection.execute(_ABOUT, {"keys": part})):
                    found[one.a, one.b] = one
                    if one.together:
                        reached |= {one.a, one.b}
            edge = reached - seen
        return [one for _, one in sorted(found.items())]


def _word_values(one: Word) -> dict[str, Any]:
    return {
        "verb": one.verb.value,
        "said_at": one.said_at,
        "source": one.source,
        "urls": one.urls,
        "others": one.others,
    }


def _to_word(row: AnyRow) -> Word:
    return Word(Verb(row.verb), tuple(row.urls), row.said_at, tuple(row.others), row.source, row.id)


def _bond_values(one: Bond) -> dict[str, Any]:
    return {
        "a_key": url_key(one.a),
        "b_key": url_key(one.b),
        "together": one.together,
        "said_at": one.said_at,
        "a": one.a,
        "b": one.b,
    }


def _to_bond(row: AnyRow) -> Bond:
    return Bond(row.a, row.b, row.together, row.said_at)


_KEYS: Final[BindParameter[Any]] = bindparam("keys", expanding=True)
_ALL: Final = select(word).order_by(word.c.said_at, word.c.id)
_ADD: Final = insert(word)
_REMOVE: Final = delete(word).where(word.c.id.in_(bindparam("ids", expanding=True)))
_BONDS: Final = select(bond)
_ANY: Final = select(exists().select_from(bond))
_ABOUT: Final = select(bond).where(or_(bond.c.a_key.in_(_KEYS), bond.c.b_key.in_(_KEYS)))
_FORGET: Final = delete(bond).where(bond.c.a_key == bindparam("the_a"), bond.c.b_key == bindparam("the_b"))
