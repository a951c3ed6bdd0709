"""The stories that a search finds: those of the newest articles that hold its words and fit its filter, best first.

Ranking reads every hit, and a common word is in most of a store: to rank 110,000 articles takes 200 ms, the newest 500
of them a few. So no more are ranked; what is older is found by one word more or by a filter, which is applied before.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sqlalchemy import ColumnElement, Connection, select

from pipeline.store.schema import copy, story
from pipeline.store.search import SearchIndex

RANKED: Final = 500  # articles

_HIT: Final = copy.alias("hit")  # conditions on any copy use ``copy``


def best(connection: Connection, index: SearchIndex, query: str, fitting: Iterable[ColumnElement[bool]]) -> list[int]:
    """Ids of stories with a copy that holds all words of ``query``, best first; ``fitting`` is about ``story``."""
    hits = index.matching(query)
    if hits is None:
        return []
    found = (
        select(_HIT.c.story_id, hits.score.label("score"))
        .select_from(
            hits.table.join(_HIT, _HIT.c.article_id == hits.article_id).join(story, story.c.id == _HIT.c.story_id)
        )
        .where(hits.holds, *fitting)
        .order_by(hits.article_id.desc())
        .limit(RANKED)
    )
    scores: dict[int, float] = {}
    for row in connection.execute(found):
        scores[row.story_id] = max(row.score, scores.get(row.story_id, row.score))
    return sorted(scores, key=lambda one: (-scores[one], one))
