"""All that the store knows that bears on one text, in a few statements, each answered from an index."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import BindParameter, Connection, bindparam, select, union

from pipeline.model import Credit, Match, Member
from pipeline.store.columns import url_key
from pipeline.store.rows import (
    ARTICLE_COLUMNS,
    FINGERPRINT_COLUMNS,
    MATCH_COLUMNS,
    ROUTES,
    AnyRow,
    chunks,
    to_article,
    to_credit,
    to_fingerprint,
)
from pipeline.store.schema import article, copy, fingerprint, match

MEMBERS: Final = 2_000  # bounds what one decision reads when somebody publishes one text at ever new addresses
JOINING: Final = ("copy", "spun", "excerpt")
ASIDE: Final = ("contained", "quoted")


@dataclass(frozen=True, slots=True)
class Place:
    """An article's stored place in its story."""

    story: int
    kind: str
    copied_from: int | None
    credit: Credit | None
    similarity: float
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stored:
    """A member with the ids that the store knows it by."""

    id: int
    member: Member
    place: Place | None


def article_id(connection: Connection, canonical_url: str) -> int | None:
    """The article whose identity is ``canonical_url``."""
    return connection.execute(_BY_KEY, {"key": url_key(canonical_url)}).scalar()


def article_ids(connection: Connection, canonical_urls: Collection[str]) -> dict[str, int]:
    """The articles among ``canonical_urls`` that are stored, by URL."""
    urls = {url_key(url): url for url in canonical_urls}
    found: dict[str, int] = {}
    for part in chunks(list(urls)):
        for row in connection.execute(_BY_KEYS, {"keys": part}):
            found[urls[bytes(row.canonical_key)]] = row.id
    return found


def canonical_urls(connection: Connection, ids: Sequence[int]) -> list[str]:
    """The identities of articles."""
    return [url for part in chunks(ids) for url in connection.execute(_URLS, {"ids": part}).scalars()]


def closure(connection: Connection, ids: Collection[int]) -> list[int]:
    """``ids`` and everything that joins them, near ones first, at most 2,000.

    Two articles are joined by a match that joins (a copy, an excerpt) and by belonging to one story.
    """
    seen = dict.fromkeys(ids)
    edge = list(seen)
    while edge and len(seen) < MEMBERS:
        reached: set[int] = set()
        for part in chunks(edge):
            reached.update(connection.execute(_JOINED, {"ids": part, "kinds": JOINING}).scalars())
        edge = sorted(reached - seen.keys())
        seen.update(dict.fromkeys(edge))
    return list(seen)[:MEMBERS]


def aside(connection: Connection, ids: Collection[int]) -> list[int]:
    """``ids`` and, behind them, what they hold or quote or what holds or quotes them; at most 2,000."""
    seen = dict.fromkeys(ids)
    for part in chunks(list(seen)):
        seen.update(dict.fromkeys(sorted(connection.execute(_MATCHED, {"ids": part, "kinds": ASIDE}).scalars())))
    return list(seen)[:MEMBERS]


def load(connection: Connection, ids: Sequence[int]) -> list[Stored]:
    """The articles with these ids, in this order."""
    found: dict[int, Stored] = {}
    for part in chunks(ids):
        for row in connection.execute(_MEMBERS, {"ids": part}):
            found[row.id] = _stored(row)
    return [found[one] for one in ids if one in found]


def matches(connection: Connection, members: Collection[Stored]) -> list[Match]:
    """The stored relations among members."""
    if len(members) < 2:
        return []
    urls = {one.id: one.member.article.canonical_url for one in members}
    rows = connection.execute(_MATCHES, {"ids": list(urls)})
    # By place, not by name: of a text that hundreds of sites carry there are tens of thousands.
    return [Match(urls[row[0]], urls[row[1]], *(*row[2:7], ROUTES[row[7]], *row[8:])) for row in rows]


def _stored(row: AnyRow) -> Stored:
    place = None
    if row.story_id is not None:
        place = Place(
            row.story_id,
            row.kind,
            row.copied_from_id,
            to_credit(row.credit),
            row.similarity,
            tuple(row.evidence),
        )
    return Stored(row.id, Member(to_article(row), to_fingerprint(row), row.story_id), place)


_BY_KEY: Final = select(article.c.id).where(article.c.canonical_key == bindparam("key"))
_BY_KEYS: Final = select(article.c.id, article.c.canonical_key).where(
    article.c.canonical_key.in_(bindparam("keys", expanding=True))
)

_IDS: Final[BindParameter[Any]] = bindparam("ids", expanding=True)
_URLS: Final = select(article.c.canonical_url).where(article.c.id.in_(_IDS))
_KINDS: Final[BindParameter[Any]] = bindparam("kinds", expanding=True)
_MATE: Final = copy.alias("mate")
_ENDS: Final = (
    select(match.c.b_id).where(match.c.a_id.in_(_IDS), match.c.kind.in_(_KINDS)),
    select(match.c.a_id).where(match.c.b_id.in_(_IDS), match.c.kind.in_(_KINDS)),
)
_MATCHED: Final = union(*_ENDS)
_JOINED: Final = union(
    *_ENDS,
    select(_MATE.c.article_id).join(copy, copy.c.story_id == _MATE.c.story_id).where(copy.c.article_id.in_(_IDS)),
)
_MEMBERS: Final = (
    select(
        *ARTICLE_COLUMNS,
        *FINGERPRINT_COLUMNS,
        copy.c.story_id,
        copy.c.kind,
        copy.c.copied_from_id,
        copy.c.credit,
        copy.c.similarity,
        copy.c.evidence,
    )
    .join(fingerprint, fingerprint.c.article_id == article.c.id)
    .outerjoin(copy, copy.c.article_id == article.c.id)
    .where(article.c.id.in_(_IDS))
)
_MATCHES: Final = select(*(match.c[name] for name in MATCH_COLUMNS)).where(
    match.c.a_id.in_(_IDS), match.c.b_id.in_(_IDS)
)
