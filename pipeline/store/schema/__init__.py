"""The tables. A change here needs a migration beside it (a test compares the two on both databases).

Only hashes of URLs are indexed: an index row holds at most 2,704 bytes on PostgreSQL, a URL from a feed any number.
Long columns stand last, so that SQLite reads the short ones without following a row's overflow pages.
"""

from __future__ import annotations

from pipeline.store.schema.base import meta, metadata, run
from pipeline.store.schema.fetching import FAILED, IS_PENDING, PENDING, READ, entry, feed, host, push, pushed, robots
from pipeline.store.schema.readers import account, delivery, mark, saved_search, token, webhook, wrong_try
from pipeline.store.schema.stories import bond, copy, redirect, story, word
from pipeline.store.schema.texts import address, article, band, fingerprint, learned, match, revision

__all__ = [
    "FAILED",
    "IS_PENDING",
    "PENDING",
    "READ",
    "account",
    "address",
    "article",
    "band",
    "bond",
    "copy",
    "delivery",
    "entry",
    "feed",
    "fingerprint",
    "host",
    "learned",
    "mark",
    "match",
    "meta",
    "metadata",
    "push",
    "pushed",
    "redirect",
    "revision",
    "robots",
    "run",
    "saved_search",
    "story",
    "token",
    "webhook",
    "word",
    "wrong_try",
]
