"""Learning of a site from what is stored of it, after a run has brought new pages."""

from __future__ import annotations

from datetime import datetime

from pipeline.extraction import learn
from pipeline.store import Store

EVERY = 10  # new articles of a site: fewer would hardly change what is known of it


def learn_site(store: Store, site: str, now: datetime) -> None:
    """Learn a site anew if it has brought enough new articles since the last time. Raises StoreError."""
    seen = store.learned.pages(site, at_least=EVERY)
    if seen is not None:
        store.learned.keep(learn(site, seen.pages, seen.before, now), seen.newest)
