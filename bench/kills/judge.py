"""What a store holds against what was served."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from contextlib import closing
from pathlib import Path

from bench.kills.site import Site, guid, title
from pipeline.feeds.identity import entry_key
from pipeline.model import Entry
from pipeline.store import Store


def ahead(path: Path, site: Site) -> list[str]:
    """Feeds whose stored validator says more than their stored entries; right after a kill, read by SQLite itself."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)], "the file is damaged"
        stored = {key for (key,) in connection.execute("SELECT key FROM entry")}
    missing = {
        site.feeds[feed]: {_key(name) for name in site.items(feed, newest)} - stored
        for feed, newest in recorded(path).items()
    }
    return [f"{url}: its validator is ahead of {len(keys)} entries" for url, keys in missing.items() if keys]


def recorded(path: Path) -> dict[int, int]:
    """By feed, how many items had been published when the validator that is stored of it was sent."""
    with closing(sqlite3.connect(path)) as connection:
        etags = [etag for (etag,) in connection.execute("SELECT etag FROM feed WHERE etag IS NOT NULL")]
    pairs = (etag.decode().strip('"').split("-") for etag in etags)
    return {int(feed): int(newest) for feed, newest in pairs}


def differences(store: Store, site: Site) -> list[str]:
    """What is stored against what was told: each once, and with its reprint."""
    titles: Counter[str] = Counter()
    stories = defaultdict(set)
    for copy in store.stories.export():
        name = copy.article.title or ""
        titles[name] += 1
        stories[copy.story].add(name)
    wrong = [f"{name}: lost" for name in sorted(site.told - titles.keys())]
    wrong += [f"{name}: nobody told that" for name in sorted(titles.keys() - site.told)]
    wrong += [f"{name}: stored {times} times" for name, times in sorted(titles.items()) if times > 1]
    pairs = {frozenset(pair) for pair in _pairs(site, set(titles))}
    groups = {frozenset(group) for group in stories.values()}
    return wrong + [f"{' + '.join(sorted(group))}: no story of the site" for group in groups - pairs]


def _pairs(site: Site, titles: set[str]) -> list[set[str]]:
    newest = max(site.newest)
    return [
        {title(feed, item), title(feed + 1, item)} & titles
        for feed in range(0, len(site.newest), 2)
        for item in range(newest)
    ]


def _key(name: str) -> str:
    return entry_key(Entry(key="", guid=guid(name), url=None, title=None))
