"""One article into its story: read once, decide purely, write once. The same after a crawl and in an import."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from pipeline.config import DedupSettings
from pipeline.dedup import Thresholds, of_article, place
from pipeline.model import Article, Fingerprint, Saved

if TYPE_CHECKING:
    from pipeline.store import Placing


def place_article(
    placing: Placing,
    article: Article,
    fingerprint: Fingerprint,
    settings: DedupSettings,
    entry_id: int | None = None,
    feed: str | None = None,
    read_at: datetime | None = None,
) -> Saved:
    """Place and save an article, of which ``fingerprint`` was made. The last three are as in ``Placing.save``.

    Raises StoreError.
    """
    known = placing.merged(article)
    if (known.title, known.text, known.stub) != (article.title, article.text, article.stub):
        fingerprint = of_article(known)  # a wall before an article that was read whole once, say
    neighbours = placing.neighbours(known, fingerprint, settings.candidates)
    placement = place(known, fingerprint, neighbours, Thresholds.of(settings))
    return placing.save(known, fingerprint, placement, entry_id=entry_id, feed=feed, read_at=read_at)
