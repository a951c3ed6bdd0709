"""How feeds and sites repeat each other: what the redundancy report counts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from statistics import median
from typing import Final

from sqlalchemy import func, select

from pipeline.model import Overlap, SitePair
from pipeline.store.engine import Database
from pipeline.store.rows import AnyRow
from pipeline.store.schema import article, copy, entry, story


class Overlaps:
    """Counts over all stories that several sites tell. Reads each of their copies once; raises StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_feeds(self) -> list[Overlap]:
        """For each feed with articles: its stories, how many of them it shares, and who is first."""
        told: dict[int, dict[int, tuple[str, float]]] = defaultdict(dict)  # feed -> story -> (site, its first moment)
        with self._database.read() as connection:
            firsts = _firsts(connection.execute(_SHARED).all())
            for row in connection.execute(_CARRIED):
                at = row.at.timestamp()
                known = told[row.feed_id].get(row.story_id)
                if known is None or at < known[1]:
                    told[row.feed_id][row.story_id] = (row.site, at)
        return [_overlap(feed_id, stories, firsts) for feed_id, stories in sorted(told.items())]

    def of_sites(self, limit: int = 60) -> list[SitePair]:
        """Which site took texts from which, by the chains of stories, most often first."""
        lags: dict[tuple[str, str], list[float]] = defaultdict(list)
        with self._database.read() as connection:
            for row in connection.execute(_TAKEN):
                lags[row.source, row.taker].append((row.taken_at - row.source_at).total_seconds())
        pairs = sorted(lags.items(), key=lambda pair: (-len(pair[1]), pair[0]))[:limit]
        return [SitePair(source, taker, len(found), median(found)) for (source, taker), found in pairs]


def _firsts(rows: Sequence[AnyRow]) -> dict[int, tuple[str, float]]:
    """By story that several sites tell: the site that had it first, and when."""
    found: dict[int, tuple[str, float]] = {}
    for row in rows:
        at = row.at.timestamp()
        known = found.get(row.story_id)
        if known is None or (at, row.site) < (known[1], known[0]):
            found[row.story_id] = (row.site, at)
    return found


def _overlap(feed_id: int, stories: dict[int, tuple[str, float]], firsts: dict[int, tuple[str, float]]) -> Overlap:
    shared = {one: firsts[one] for one in stories if one in firsts}
    late = [(firsts[one][0], stories[one][1] - firsts[one][1]) for one in shared if firsts[one][0] != stories[one][0]]
    names = Counter(site for site, _ in late)
    lag = median(lag for _, lag in late) if late else None
    return Overlap(feed_id, len(stories), len(shared), len(late), lag, tuple(names.most_common(3)))


# A date from a page may lie in the future; nothing was published after it was first seen.
_AT: Final = func.coalesce(article.c.published_at, article.c.first_seen_at).label("at")
_SHARED: Final = (
    select(copy.c.story_id, article.c.site, _AT)
    .join(article, article.c.id == copy.c.article_id)
    .join(story, story.c.id == copy.c.story_id)
    .where(story.c.sites > 1)
)
_CARRIED: Final = (
    select(entry.c.feed_id, copy.c.story_id, article.c.site, _AT)
    .join(copy, copy.c.article_id == entry.c.article_id)
    .join(article, article.c.id == copy.c.article_id)
)
_SOURCE: Final = article.alias("source")
_TAKEN: Final = (
    select(
        _SOURCE.c.site.label("source"),
        article.c.site.label("taker"),
        func.coalesce(_SOURCE.c.published_at, _SOURCE.c.first_seen_at).label("source_at"),
        func.coalesce(article.c.published_at, article.c.first_seen_at).label("taken_at"),
    )
    .join(copy, copy.c.article_id == article.c.id)
    .join(_SOURCE, _SOURCE.c.id == copy.c.copied_from_id)
    .where(_SOURCE.c.site != article.c.site)
)
