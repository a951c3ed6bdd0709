"""All that bears on some articles: by their texts, by the stories that they are in, by what people said."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Connection

from pipeline.model import Bond, Neighbours
from pipeline.store.neighbours import MEMBERS, Stored, article_ids, aside, canonical_urls, closure, load, matches
from pipeline.store.words import Spoken


def around(
    connection: Connection, words: Spoken, ids: Sequence[int], urls: Collection[str]
) -> tuple[list[Stored], Neighbours]:
    """The articles ``ids`` and what people said about ``urls``, with all that joins them or stands beside them.

    At most 2,000 articles; the neighbours bring no candidates.
    """
    near, bonds = _connected(connection, words, ids, urls)
    members = load(connection, aside(connection, near)) if near else []
    found = Neighbours(
        candidates=(),
        members={one.member.article.canonical_url: one.member for one in members},
        matches=tuple(matches(connection, members)),
        bonds=tuple(bonds),
    )
    return members, found


def _connected(
    connection: Connection, words: Spoken, ids: Sequence[int], urls: Collection[str]
) -> tuple[list[int], list[Bond]]:
    """``ids`` with all that joins them by their texts or by people's words, and these words."""
    found = closure(connection, ids)
    if not words.any():
        return found, []
    while True:
        bonds = words.about({*urls, *canonical_urls(connection, found)})
        named = article_ids(connection, {url for one in bonds if one.together for url in (one.a, one.b)})
        more = sorted(set(named.values()) - set(found))
        if not more or len(found) >= MEMBERS:
            return found, bonds
        found = closure(connection, [*found, *more])
