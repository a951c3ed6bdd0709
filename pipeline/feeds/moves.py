"""Pure: where a feed is fetched from, when its address redirects for good.

A permanent redirect (301, 308; RFC 9110 §15.4) may be a mistake, a captive portal or a domain that changed hands.
NewsBlur waits for ten equal ones, and so do we, over at least a week. The subscription's own address stays what it is,
so that a move can be taken back; a second move behind the first is followed each time and never kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.model import Feed, NotModified, Response

MOVES = 10
MOVE_TIME = timedelta(days=7)
FAILURES_TO_RETURN = 3  # at the new address, in a row: then the old one is asked again
_PERMANENT = frozenset([301, 308])


@dataclass(frozen=True, slots=True)
class Move:
    """How often in a row, and since when, permanent redirects have led to the same place."""

    to: str | None = None
    times: int = 0
    since: datetime | None = None


STAYED = Move()


def address(feed: Feed) -> str:
    """Where to fetch the feed: its own address, or the one to which it has moved for good."""
    return feed.moved_to if feed.moved_to is not None and has_moved(feed) else feed.url


def has_moved(feed: Feed) -> bool:
    """Whether the redirects have repeated often and long enough."""
    since, last = feed.moved_since, feed.last_fetched_at
    return feed.moves >= MOVES and since is not None and last is not None and last - since >= MOVE_TIME


def after_answer(feed: Feed, answer: Response | NotModified) -> Move:
    """The move as it stands after an answer; STAYED when this one was no permanent redirect."""
    if has_moved(feed):
        return _kept(feed)
    target = _permanent_target(answer)
    if target is None:
        return STAYED
    if target != feed.moved_to:
        return Move(target, 1, answer.fetched_at)
    return Move(target, feed.moves + 1, feed.moved_since or answer.fetched_at)


def after_failure(feed: Feed, failures: int) -> Move:
    """The move as it stands after a failure: it is forgotten when the new address does not answer any more."""
    return STAYED if has_moved(feed) and failures >= FAILURES_TO_RETURN else _kept(feed)


def _kept(feed: Feed) -> Move:
    return Move(feed.moved_to, feed.moves, feed.moved_since)


def _permanent_target(answer: Response | NotModified) -> str | None:
    """Where the permanent redirects at the beginning of the chain lead; what follows a temporary one is temporary."""
    stations = [*(left for _, left in answer.redirects), answer.url]
    permanent = 0
    for status, _ in answer.redirects:
        if status not in _PERMANENT:
            break
        permanent += 1
    return stations[permanent] if permanent else None
