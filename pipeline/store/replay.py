"""What a replay of the grouping asks of the store: each question bounded, none of them about everything."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from pipeline.model import Bond, Fingerprint, Match, Member, Neighbours
from pipeline.store import bands
from pipeline.store.around import around
from pipeline.store.columns import unpack_keys
from pipeline.store.neighbours import MEMBERS, article_ids, load
from pipeline.store.rows import chunks, fingerprint_values, to_match
from pipeline.store.schema import article, copy, fingerprint, match, meta
from pipeline.store.words import Spoken

PROGRESS: Final = "regroup"  # in ``meta``: how far a replay that writes has come


class Replay:
    """One transaction's view of stored articles, by id; it only writes fingerprints and how far it came."""

    most: Final = MEMBERS  # articles that are decided together

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._words = Spoken(connection)

    def ids(self, after: int, limit: int) -> list[int]:
        """The next articles in the order of storing."""
        return list(self._connection.execute(_IDS_AFTER, {"after": after, "limit": limit}).scalars())

    def stale(self, scheme: str, after: int, limit: int) -> list[int]:
        """The next articles whose fingerprint is of another scheme."""
        values = {"scheme": scheme, "after": after, "limit": limit}
        return list(self._connection.execute(_STALE, values).scalars())

    def renew(self, article_id: int, made: Fingerprint) -> None:
        """Replace the fingerprint of an article, and the keys under which it is found."""
        before = self._connection.execute(_KEYS_OF, {"id": article_id}).scalar_one()
        bands.remove(self._connection, article_id, unpack_keys(bytes(before)))
        bands.add(self._connection, article_id, made.bands)
        self._connection.execute(_RENEW, fingerprint_values(article_id, made) | {"the_id": article_id})

    def members(self, ids: Sequence[int]) -> dict[int, Member]:
        """Stored articles by id."""
        return {one.id: one.member for one in load(self._connection, ids)}

    def sharing(self, article_id: int, made: Fingerprint, limit: int, site: str) -> list[int]:
        """The candidates of an article of this site, as when it is placed."""
        return bands.sharing(self._connection, made, limit, but=article_id, site=site)

    def around(self, ids: Sequence[int]) -> Neighbours:
        """All that bears on some articles, as it is stored."""
        return around(self._connection, self._words, ids, ())[1]

    def mates(self, stories: Collection[int]) -> list[int]:
        """All copies of these stories."""
        found: list[int] = []
        for part in chunks(sorted(stories)):
            found += self._connection.execute(_MATES, {"stories": part}).scalars()
        return found

    def bonds(self, canonical_urls: Collection[str]) -> list[Bond]:
        """What people said about these articles, and about those that it puts together with them."""
        return self._words.about(canonical_urls)

    def ids_of(self, canonical_urls: Collection[str]) -> dict[str, int]:
        """Those of these articles that are stored."""
        return article_ids(self._connection, canonical_urls)

    def matches(self, ids: Collection[int]) -> set[Match]:
        """All that is stored about the relations of these articles, with anybody."""
        rows = [row for part in chunks(sorted(ids)) for row in self._connection.execute(_MATCHES_OF, {"ids": part})]
        return {to_match(row, row.a_url, row.b_url) for row in rows}

    def progress(self) -> str | None:
        """How far the last replay that wrote came; None when it came to its end."""
        return self._connection.execute(_READ, {"key": PROGRESS}).scalar()

    def note(self, progress: str | None) -> None:
        """Keep how far this one came."""
        self._connection.execute(_FORGET, {"the_key": PROGRESS})
        if progress is not None:
            self._connection.execute(insert(meta), {"key": PROGRESS, "value": progress})


_A: Final = article.alias("a")
_B: Final = article.alias("b")
_IDS_AFTER: Final = (
    select(article.c.id).where(article.c.id > bindparam("after")).order_by(article.c.id).limit(bindparam("limit"))
)
_STALE: Final = (
    select(fingerprint.c.article_id)
    .where(fingerprint.c.scheme != bindparam("scheme"), fingerprint.c.article_id > bindparam("after"))
    .order_by(fingerprint.c.article_id)
    .limit(bindparam("limit"))
)
_KEYS_OF: Final = select(fingerprint.c.bands).where(fingerprint.c.article_id == bindparam("id"))
_RENEW: Final = update(fingerprint).where(fingerprint.c.article_id == bindparam("the_id"))
_MATES: Final = select(copy.c.article_id).where(copy.c.story_id.in_(bindparam("stories", expanding=True)))
_MATCHES_OF: Final = (
    select(match, _A.c.canonical_url.label("a_url"), _B.c.canonical_url.label("b_url"))
    .join(_A, _A.c.id == match.c.a_id)
    .join(_B, _B.c.id == match.c.b_id)
    .where(match.c.a_id.in_(bindparam("ids", expanding=True)) | match.c.b_id.in_(bindparam("ids", expanding=True)))
)
_READ: Final = select(meta.c.value).where(meta.c.key == bindparam("key"))
_FORGET: Final = delete(meta).where(meta.c.key == bindparam("the_key"))
