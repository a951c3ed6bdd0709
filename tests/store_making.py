"""Small articles, fingerprints and placements for the store's tests."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pipeline
from pipeline.model import (
    Article,
    Copy,
    Credit,
    Entry,
    FeedUpdate,
    Fingerprint,
    Kind,
    Match,
    Placement,
    Route,
    Saved,
    Selection,
    StoryPlan,
)
from pipeline.store import Store

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def article(canonical_url: str, text: str = "The council met on Tuesday.", **changes: Any) -> Article:
    values: dict[str, Any] = {
        "url": canonical_url,
        "canonical_url": canonical_url,
        "site": canonical_url.split("/")[2],
        "title": f"Title of {canonical_url}",
        "byline": ("Ann Lee",),
        "published_at": NOW - HOUR,
        "first_seen_at": NOW,
        "language": "en",
        "text": text,
        "method": "test/1",
    }
    return Article(**{**values, **changes})


def made(*keys: int, scheme: str = "test-1") -> Fingerprint:
    """A fingerprint with these keys: odd ones are bands, even ones sampled shingles."""
    return Fingerprint(scheme, "0" * 64, b"\x01\x02\x03\x04", keys, 100)


def copy(url: str, kind: Kind = Kind.ORIGINAL, source: str | None = None, credit: Credit | None = None) -> Copy:
    return Copy(url, kind, source, credit, 1.0 if kind is Kind.ORIGINAL else 0.8, ("told",))


def plan(story: int | None, *urls: str) -> StoryPlan:
    """A story of these articles, the first the original, each of the others taken from it."""
    first, *others = urls
    return StoryPlan(story, first, (copy(first), *(copy(url, Kind.REPUBLICATION, first) for url in others)))


def match(a: str, b: str, kind: str = "copy") -> Match:
    a, b = sorted((a, b))
    return Match(a, b, 0.8, 0.9, 0.85, 90, kind, Route.NEAR_DUPLICATE, "the council met", "test-1")


def alone(url: str, *matches: Match) -> Placement:
    return Placement((plan(None, url),), matches)


def save(store: Store, found: Article, keys: Iterable[int] = (), placement: Placement | None = None) -> Saved:
    fingerprint = made(*keys)
    with store.articles.placing(now=NOW) as placing:
        placing.neighbours(found, fingerprint, 60)
        return placing.save(found, fingerprint, placement or alone(found.canonical_url))


def entry(key: str, **changes: Any) -> Entry:
    values: dict[str, Any] = {
        "key": key,
        "guid": f"guid of {key}",
        "url": f"https://a.test/{key}",
        "title": key,
        "content_hash": f"hash of {key}",
    }
    return Entry(**{**values, **changes})


def update(
    feed_id: int,
    fresh: Iterable[Entry] = (),
    changed: Iterable[Entry] = (),
    sighted: Iterable[str] = (),
    **changes: Any,
) -> FeedUpdate:
    values: dict[str, Any] = {
        "feed_id": feed_id,
        "fetched_at": NOW,
        "outcome": "ok",
        "error": None,
        "failures": 0,
        "next_fetch_at": NOW + HOUR,
        "interval_s": 3600.0,
        "selection": Selection(tuple(fresh), tuple(changed), tuple(sighted)),
    }
    return FeedUpdate(**{**values, **changes})


def child(code: str, *arguments: str) -> subprocess.Popen[str]:
    """A real process with this package on its path; ``code`` finds its arguments in ``sys.argv[1:]``."""
    folders = [str(Path(pipeline.__file__).parents[1]), str(Path(__file__).parent)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(folders)}
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )


def line(process: subprocess.Popen[str]) -> str:
    """The next line that the process prints; fails when it ends instead."""
    assert process.stdout is not None
    found = process.stdout.readline().strip()
    assert found, f"the child ended with {process.wait()}"
    return found
