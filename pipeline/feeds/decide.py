"""Pure: how a feed is asked, which entries are worth reading, and what a fetch changes. No clock, no chance, no I/O.

When a feed is fetched again: :mod:`pipeline.feeds.schedule`; from where: :mod:`pipeline.feeds.moves`.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from pipeline.config import ScheduleSettings
from pipeline.feeds import moves
from pipeline.feeds.identity import without_own_page
from pipeline.feeds.moves import Move
from pipeline.feeds.schedule import adapted, backoff, open_time, spread
from pipeline.model import (
    Delivery,
    Entry,
    Feed,
    FeedUpdate,
    FetchError,
    Known,
    NotModified,
    ParsedFeed,
    ReadError,
    Reason,
    Request,
    Response,
    Selection,
)
from pipeline.urls import site

RETRY_AFTER_LIMIT_S = 86_400.0  # a server may ask for a day, whatever max_interval_s is; more is a mistake or malice
WHOLE_EVERY = timedelta(days=8)
"""How often a feed is asked for without conditions although we have validators: some servers answer 304 for ever."""

MOST_A_DAY = 20_000
"""New entries of one feed in 24 hours: a generator without end stops there, and no agency's feed comes near it."""

_SKEW = timedelta(days=1)  # between the clocks of machines that share a store, and far above what NTP leaves
NOTHING = Selection((), (), ())
_ANOTHER = "title, site and all entries have changed at once: is this still the same feed?"
_ENOUGH_TO_TELL = 3  # entries


def request(feed: Feed, now: datetime, accept: str, max_bytes: int) -> Request:
    """The request for a feed: with its validators, except once in WHOLE_EVERY."""
    whole = _whole_is_due(feed, now)
    return Request(
        moves.address(feed),
        None if whole else feed.etag,
        None if whole else feed.last_modified,
        accept=accept,
        max_bytes=max_bytes,
    )


def body_hash(body: bytes) -> bytes:
    """The identity of a feed's body (SHA-256), for servers that know no validators."""
    return hashlib.sha256(body).digest()


def longest_wait(settings: ScheduleSettings) -> timedelta:
    """Later from now than this no feed is ever planned, jitter included."""
    return timedelta(seconds=max(settings.max_interval_s, RETRY_AFTER_LIMIT_S) * 1.2)


def select(parsed: ParsedFeed, known: Known) -> Selection:
    """Compare a parsed feed with what the store holds: entries never seen, seen with other content, seen unchanged.

    What has no page of its own is to be read from the feed, and loses its link. Feeds exist that give all their items
    new guids, at a move or every time. So an entry with a new key and the title, link and text of one that is stored is
    that one; and so is, where most keys are new, the only one with the link of one that is stored.
    """
    fresh: dict[str, Entry] = {}
    changed: dict[str, Entry] = {}
    sighted: dict[str, None] = {}
    links = Counter(entry.url for entry in parsed.entries)
    shared = without_own_page(parsed.entries, parsed.site_url)
    for entry in parsed.entries:
        key = entry.key
        if key not in known.entries and entry.url:
            same_place = known.addresses.get(entry.url) if links[entry.url] == 1 else None
            key = known.texts.get(entry.content_hash) or same_place or key
        before = known.entries.get(key)
        said = replace(entry, key=key, url=None if entry.key in shared else entry.url)
        if before is None and key == entry.key:
            fresh[key] = said
        elif before is None or before == entry.content_hash:
            sighted[key] = None
        else:
            changed[key] = said
    return Selection(tuple(fresh.values()), tuple(changed.values()), tuple(sighted))


def capped(selection: Selection, already: int) -> Selection:
    """``selection`` with no more fresh entries than MOST_A_DAY, ``already`` of which have come; the feed's order."""
    return replace(selection, fresh=selection.fresh[: max(0, MOST_A_DAY - already)])


def after_success(
    feed: Feed,
    response: Response,
    parsed: ParsedFeed,
    selection: Selection,
    settings: ScheduleSettings,
    now: datetime,
    jitter: float,
) -> FeedUpdate:
    """What a fetch that brought a readable feed changes.

    A body that is the last one byte for byte counts as not modified: nothing is selected.
    """
    digest = body_hash(response.body)
    if digest == feed.body_hash:
        return after_not_modified(feed, response, settings, now, jitter)
    first = feed.last_fetched_at is None and feed.interval_s is None
    interval = adapted(feed.interval_s, _share(parsed, selection, first), settings)
    rare = _rarely(feed, now, settings) if not selection.fresh else 0.0
    wait = max(interval, parsed.ttl_s or 0.0, response.cache_max_age_s or 0.0, rare)
    move = moves.after_answer(feed, response)
    return FeedUpdate(
        feed_id=feed.id,
        fetched_at=response.fetched_at,
        outcome="ok",
        error=None if first or not _is_another(feed, parsed, selection) else _ANOTHER,
        failures=0,
        next_fetch_at=open_time(parsed.skip_hours, parsed.skip_days, now, spread(wait, settings, jitter), settings),
        interval_s=interval,
        selection=selection,
        validators=(response.etag, response.last_modified, digest),
        title=parsed.title,
        site_url=parsed.site_url,
        enabled=feed.enabled,
        ttl_s=parsed.ttl_s,
        skip_hours=parsed.skip_hours,
        skip_days=parsed.skip_days,
        full_at=None if response.conditional else response.fetched_at,
        moved_to=move.to,
        moves=move.times,
        moved_since=move.since,
        hubs=response.hubs or parsed.hubs,
    )


def after_not_modified(
    feed: Feed,
    answer: NotModified | Response,
    settings: ScheduleSettings,
    now: datetime,
    jitter: float,
) -> FeedUpdate:
    """What a fetch that brought nothing new changes: a 304, or a 200 with the last body again.

    What the feed itself asks for is known from the last body that was read.
    """
    interval = adapted(feed.interval_s, 0.0, settings)
    wait = max(interval, feed.ttl_s or 0.0, answer.cache_max_age_s or 0.0, _rarely(feed, now, settings))
    validators: tuple[bytes | None, bytes | None, bytes | None]
    full_at = None
    if isinstance(answer, Response):
        validators = (answer.etag, answer.last_modified, feed.body_hash)
        full_at = None if answer.conditional else answer.fetched_at
    else:  # RFC 9110 §15.4.5: a 304 may carry newer validators, and need not repeat the others
        validators = (answer.etag or feed.etag, answer.last_modified or feed.last_modified, feed.body_hash)
    return _unchanged(
        feed,
        moves.after_answer(feed, answer),
        fetched_at=answer.fetched_at,
        outcome="not modified",
        next_fetch_at=open_time(feed.skip_hours, feed.skip_days, now, spread(wait, settings, jitter), settings),
        interval_s=interval,
        validators=validators,
        full_at=full_at,
    )


def after_failure(
    feed: Feed,
    error: FetchError | ReadError,
    settings: ScheduleSettings,
    now: datetime,
    jitter: float,
) -> FeedUpdate:
    """What a fetch that failed, or brought a body that cannot be read, changes.

    The validators stay those of the last body that was read, so that a 304 means "unchanged since then" and never
    "unchanged since what nobody understood". A 410 ends the subscription (RFC 9110 §15.5.11); everything else is tried
    again.
    """
    failures = feed.failures + 1
    wait = spread(backoff(error.retry, failures, settings), settings, jitter)
    move = moves.after_failure(feed, failures)
    gone, outcome, fetched_at = False, "unreadable", now
    if isinstance(error, FetchError):
        outcome, fetched_at = error.reason.value, error.fetched_at
        gone = error.reason is Reason.GONE
        if gone and moves.has_moved(feed):
            move, gone = moves.STAYED, False  # that was the new address: the feed's own is asked next
        if error.retry_after_s is not None:
            wait = max(wait, min(error.retry_after_s, RETRY_AFTER_LIMIT_S))
    return _unchanged(
        feed,
        move,
        fetched_at=fetched_at,
        outcome=outcome,
        error=f"{error.message}; disabled: the server says that the feed is gone for good" if gone else error.message,
        failures=failures,
        next_fetch_at=open_time(feed.skip_hours, feed.skip_days, now, wait, settings),
        enabled=feed.enabled and not gone,
        full_at=fetched_at if _whole_is_due(feed, fetched_at) else None,
        failing_since=feed.failing_since or fetched_at,
    )


def after_outage(feed: Feed, error: FetchError, settings: ScheduleSettings, now: datetime, jitter: float) -> FeedUpdate:
    """What a failure changes that is our own connection's: the next time, soon and spread out; no failure counts."""
    update = after_hold(feed, error, now, jitter)
    wait = spread(settings.min_interval_s, settings, jitter)
    return replace(update, next_fetch_at=now + timedelta(seconds=wait))


def after_delivery(
    feed: Feed, deliveries: Sequence[Delivery], selection: Selection, now: datetime, *, whole: bool
) -> FeedUpdate:
    """What documents that a hub delivered change: their entries, and nothing that is known of the feed itself.

    A hub may deliver the new part only, so the validators stay, and so does the time of the next fetch; unless not the
    ``whole`` of what was delivered could be read: then the feed itself is asked at once.
    """
    update = _unchanged(
        feed,
        Move(feed.moved_to, feed.moves, feed.moved_since),
        fetched_at=now,
        outcome="delivered",
        error=feed.last_error,
        failures=feed.failures,
        next_fetch_at=feed.next_fetch_at or now if whole else now,
        failing_since=feed.failing_since,
    )
    return replace(update, selection=selection, deliveries=tuple(one.id for one in deliveries))


def merged(documents: Sequence[ParsedFeed]) -> ParsedFeed:
    """Several documents of one feed as one: each entry as the last of them has it."""
    entries = {entry.key: entry for parsed in documents for entry in parsed.entries}
    return replace(documents[-1], entries=tuple(entries.values()))


def after_hold(feed: Feed, error: FetchError, now: datetime, jitter: float) -> FeedUpdate:
    """Nothing was sent, because the host wants to be left alone: only the next time changes, and no failure counts."""
    wait = min(error.retry_after_s or 0.0, RETRY_AFTER_LIMIT_S) * (1.0 + 0.1 * jitter) + jitter
    return _unchanged(
        feed,
        Move(feed.moved_to, feed.moves, feed.moved_since),
        fetched_at=feed.last_fetched_at or error.fetched_at,
        outcome=error.reason.value,
        error=feed.last_error,
        failures=feed.failures,
        next_fetch_at=now + timedelta(seconds=wait),
        failing_since=feed.failing_since,
    )


def _unchanged(
    feed: Feed,
    move: Move,
    *,
    fetched_at: datetime,
    outcome: str,
    next_fetch_at: datetime,
    error: str | None = None,
    failures: int = 0,
    interval_s: float | None = None,
    validators: tuple[bytes | None, bytes | None, bytes | None] | None = None,
    enabled: bool | None = None,
    full_at: datetime | None = None,
    failing_since: datetime | None = None,
) -> FeedUpdate:
    """An update that brings no entries, with what is known of the feed itself kept."""
    return FeedUpdate(
        feed_id=feed.id,
        fetched_at=fetched_at,
        outcome=outcome,
        error=error,
        failures=failures,
        next_fetch_at=next_fetch_at,
        interval_s=feed.interval_s if interval_s is None else interval_s,
        selection=NOTHING,
        validators=validators,
        enabled=feed.enabled if enabled is None else enabled,
        ttl_s=feed.ttl_s,
        skip_hours=feed.skip_hours,
        skip_days=feed.skip_days,
        full_at=full_at,
        failing_since=failing_since,
        moved_to=move.to,
        moves=move.times,
        moved_since=move.since,
    )


def _rarely(feed: Feed, now: datetime, settings: ScheduleSettings) -> float:
    """How long to wait where a hub delivers what is new, and polling is its safety net; news that it did not bring mean
    that polling is to find the next, too.
    """
    return settings.max_interval_s if feed.pushed_until is not None and feed.pushed_until > now else 0.0


def _whole_is_due(feed: Feed, now: datetime) -> bool:
    """Also when the last one is dated in the future, by a clock that was wrong then or is now."""
    return feed.full_at is not None and not -_SKEW < now - feed.full_at < WHOLE_EVERY


def _is_another(feed: Feed, parsed: ParsedFeed, selection: Selection) -> bool:
    """Whether nothing is left of the feed that was there: what a domain looks like that changed hands."""
    return (
        len(selection.fresh) == len(parsed.entries) >= _ENOUGH_TO_TELL
        and bool(feed.title and feed.site_url and parsed.title and parsed.site_url)
        and feed.title != parsed.title
        and site(feed.site_url or "") != site(parsed.site_url or "")
    )


def _share(parsed: ParsedFeed, selection: Selection, first: bool) -> float | None:
    """Which part of the feed was new; None at the first fetch, when everything is and nothing can be learnt."""
    if first:
        return None
    return len(selection.fresh) / len(parsed.entries) if parsed.entries else 0.0
