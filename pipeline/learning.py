"""Learning of sites from what is stored of them, after a run has brought new pages."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from pipeline.extraction import learn
from pipeline.store import Store

EVERY = 10  # new articles of a site: fewer would hardly change what is known of it


def learn_sites(store: Store, sites: Collection[str], now: datetime) -> None:
    """Learn anew of those sites that have brought enough new articles since the last time. Raises StoreError."""
    for site in sorted(sites):
        seen = store.learned.pages(site, at_least=EVERY)
        if seen is not None:
            store.learned.keep(learn(site, seen.pages, seen.before, now), seen.newest)
