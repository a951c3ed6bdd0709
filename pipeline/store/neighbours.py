"""All that the store knows that bears on one text, in a few statements, each answered from an index."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Integer,
    Select,
    TextClause,
    bindparam,
    collate,
    column,
    select,
    text,
    union,
)

from pipeline.model import Credit, Fingerprint, Match, Member
from pipeline.store.columns import KEY_MASK, url_key
from pipeline.store.rows import (
    ARTICLE_COLUMNS,
    FINGERPRINT_COLUMNS,
    AnyRow,
    chunks,
    to_article,
    to_credit,
    to_fingerprint,
    to_match,
)
from pipeline.store.schema import article, copy, fingerprint, match

# A key that more articles share says next to nothing about any of them, and each of them would have to be read. The
# highest count that a decision still profits from has to be far above dedup.candidates (60).
SHARED_BY: Final = 1_000
MEMBERS: Final = 2_000  # bounds what one decision reads when somebody publishes one text at ever new addresses
JOINING: Final = ("copy", "excerpt")


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


def sharing(connection: Connection, made: Fingerprint, limit: int, but: int | None = None) -> list[int]:
    """Articles that share keys with a fingerprint of the same scheme, most shared first, then by canonical URL.

    ``but`` is left out: an article does not resemble itself. Of more than 1,000 articles under one key the first
    stored ones count.
    """
    if not made.bands:
        return []
    keys = sorted({key & KEY_MASK for key in made.bands})
    sqlite = connection.dialect.name == "sqlite"
    values = {
        "keys": json.dumps(keys) if sqlite else keys,
        "shared_by": SHARED_BY,
        "scheme": made.scheme,
        "but": but or 0,
        "limit": limit,
    }
    return list(connection.execute(_SHARING_SQLITE if sqlite else _SHARING_POSTGRES, values).scalars())


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
    return [to_match(row, urls[row.a_id], urls[row.b_id]) for row in rows]


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

# For each key at most so many articles, which neither database says without a subquery for each key.
_HITS_SQLITE: Final = text(
    "SELECT found.value AS article_id, count(*) AS shared FROM json_each(:keys) AS wanted,"
    " json_each((SELECT json_group_array(article_id) FROM"
    " (SELECT article_id FROM band WHERE band.key = wanted.value LIMIT :shared_by))) AS found GROUP BY found.value"
)
_HITS_POSTGRES: Final = text(
    "SELECT found.article_id, count(*) AS shared FROM unnest(CAST(:keys AS bigint[])) AS wanted (key)"
    " CROSS JOIN LATERAL (SELECT band.article_id FROM band WHERE band.key = wanted.key"
    " ORDER BY band.article_id LIMIT :shared_by) AS found GROUP BY found.article_id"
)


def _ranking(hits: TextClause, tie: ColumnElement[str]) -> Select[int]:
    hit = hits.columns(column("article_id", Integer), column("shared", Integer)).cte("hit")
    return (
        select(article.c.id)
        .join(hit, hit.c.article_id == article.c.id)
        .join(fingerprint, fingerprint.c.article_id == article.c.id)
        .where(fingerprint.c.scheme == bindparam("scheme"), article.c.id != bindparam("but"))
        .order_by(hit.c.shared.desc(), tie)
        .limit(bindparam("limit"))
    )


_SHARING_SQLITE: Final = _ranking(_HITS_SQLITE, article.c.canonical_url)
_SHARING_POSTGRES: Final = _ranking(_HITS_POSTGRES, collate(article.c.canonical_url, "C"))  # bytes, as on SQLite

_IDS: Final[BindParameter[Any]] = bindparam("ids", expanding=True)
_KINDS: Final[BindParameter[Any]] = bindparam("kinds", expanding=True)
_MATE: Final = copy.alias("mate")
_JOINED: Final = union(
    select(match.c.b_id).where(match.c.a_id.in_(_IDS), match.c.kind.in_(_KINDS)),
    select(match.c.a_id).where(match.c.b_id.in_(_IDS), match.c.kind.in_(_KINDS)),
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
_MATCHES: Final = select(match).where(match.c.a_id.in_(_IDS), match.c.b_id.in_(_IDS))
