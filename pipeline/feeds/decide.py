"""Pure: which entries are worth reading, and when a feed is fetched again. No clock, no chance, no I/O.

The next fetch is the latest of what the adaptive rule wants, what the feed asks for (ttl, update period) and what the
server says (cache lifetime, Retry-After), within the limits of :class:`pipeline.config.ScheduleSettings`. ``jitter``
is a number from 0 to 1, drawn by the caller, that spreads feeds which would otherwise stay in step.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from pipeline.config import ScheduleSettings
from pipeline.model import (
    Feed,
    FeedUpdate,
    FetchError,
    Known,
    NotModified,
    ParsedFeed,
    ReadError,
    Reason,
    Response,
    Retry,
    Selection,
)

RETRY_AFTER_LIMIT_S = 86_400.0  # a server may ask for a day, whatever max_interval_s is; more is a mistake or malice
JITTER_SHARE = 0.1
NOTHING = Selection((), (), ())

# The adaptive interval is multiplied by what the share of new entries calls for. Nothing new slows it by half again;
# anything new quickens it at once, most when so much is new that entries may have passed unseen. From the shortest
# default interval (15 min) to the longest (24 h) takes 12 fetches without news, back 4 with little but news.
_SLOWER = 1.5
_FASTER = ((0.5, 0.3), (0.1, 0.6), (0.0, 0.85))  # (share of new entries above, factor)


def body_hash(body: bytes) -> bytes:
    """The identity of a feed's body (SHA-256), for servers that know no validators."""
    return hashlib.sha256(body).digest()


def select(parsed: ParsedFeed, known: Known) -> Selection:
    """Compare a parsed feed with what the store holds: entries never seen, seen with other content, seen unchanged."""
    fresh, changed, sighted = [], [], []
    for entry in parsed.entries:
        before = known.entries.get(entry.key)
        if before is None:
            fresh.append(entry)
        elif before != entry.content_hash:
            changed.append(entry)
        else:
            sighted.append(entry.key)
    return Selection(tuple(fresh), tuple(changed), tuple(sighted))


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
    # What the feed asks for goes into the interval that is kept: a 304 later says nothing of it, and must respect it.
    interval = _clamped(max(_adapted(feed, _share(parsed, selection, first), settings), parsed.ttl_s or 0.0), settings)
    wait = max(interval, response.cache_max_age_s or 0.0)
    return FeedUpdate(
        feed_id=feed.id,
        fetched_at=response.fetched_at,
        outcome="ok",
        error=None,
        failures=0,
        next_fetch_at=_open_time(parsed, now, _spread(wait, settings, jitter), settings),
        interval_s=interval,
        selection=selection,
        validators=(response.etag, response.last_modified, digest),
        title=parsed.title,
        site_url=parsed.site_url,
        enabled=feed.enabled,
    )


def after_not_modified(
    feed: Feed,
    answer: NotModified | Response,
    settings: ScheduleSettings,
    now: datetime,
    jitter: float,
) -> FeedUpdate:
    """What a fetch that brought nothing new changes: a 304, or a 200 with the last body again."""
    interval = _adapted(feed, 0.0, settings)
    wait = max(interval, answer.cache_max_age_s or 0.0)
    validators: tuple[bytes | None, bytes | None, bytes | None]
    if isinstance(answer, Response):
        validators = (answer.etag, answer.last_modified, feed.body_hash)
    else:  # RFC 9110 §15.4.5: a 304 may carry newer validators, and need not repeat the others
        validators = (answer.etag or feed.etag, answer.last_modified or feed.last_modified, feed.body_hash)
    return FeedUpdate(
        feed_id=feed.id,
        fetched_at=answer.fetched_at,
        outcome="not modified",
        error=None,
        failures=0,
        next_fetch_at=now + timedelta(seconds=_spread(wait, settings, jitter)),
        interval_s=interval,
        selection=NOTHING,
        validators=validators,
        enabled=feed.enabled,
    )


def after_failure(
    feed: Feed,
    error: FetchError | ReadError,
    settings: ScheduleSettings,
    now: datetime,
    jitter: float,
) -> FeedUpdate:
    """What a fetch that failed, or brought a body that cannot be read, changes.

    After an unreadable body the next request carries no validators: a 304 would then mean "unchanged since the body
    that nobody understood". A 410 ends the subscription (RFC 9110 §15.5.11); everything else is tried again.
    """
    failures = feed.failures + 1
    wait = _spread(_backoff(error.retry, failures, settings), settings, jitter)
    if isinstance(error, ReadError):
        outcome, fetched_at, gone = "unreadable", now, False
        validators = (None, None, feed.body_hash)
    else:
        outcome, fetched_at, validators = error.reason.value, error.fetched_at, None
        gone = error.reason is Reason.GONE
        if error.retry_after_s is not None:
            wait = max(wait, min(error.retry_after_s, RETRY_AFTER_LIMIT_S))
    message = f"{error.message}; disabled: the server says that the feed is gone for good" if gone else error.message
    return FeedUpdate(
        feed_id=feed.id,
        fetched_at=fetched_at,
        outcome=outcome,
        error=message,
        failures=failures,
        next_fetch_at=now + timedelta(seconds=wait),
        interval_s=feed.interval_s,
        selection=NOTHING,
        validators=validators,
        enabled=feed.enabled and not gone,
    )


def _share(parsed: ParsedFeed, selection: Selection, first: bool) -> float | None:
    """Which part of the feed was new; None at the first fetch, when everything is and nothing can be learnt."""
    if first:
        return None
    return len(selection.fresh) / len(parsed.entries) if parsed.entries else 0.0


def _adapted(feed: Feed, share: float | None, settings: ScheduleSettings) -> float:
    last = settings.first_interval_s if feed.interval_s is None else feed.interval_s
    factor = 1.0 if share is None else next((faster for above, faster in _FASTER if share > above), _SLOWER)
    return _clamped(last * factor, settings)


def _backoff(retry: Retry, failures: int, settings: ScheduleSettings) -> float:
    """Seconds to wait after so many failures in a row: doubling, from a start that the kind of failure gives."""
    if retry is Retry.NEVER:
        return settings.max_interval_s
    start = settings.min_interval_s if retry is Retry.SOON else settings.first_interval_s
    return start * 2.0 ** min(failures - 1, 32)


def _clamped(seconds: float, settings: ScheduleSettings) -> float:
    ceiling = max(settings.min_interval_s, settings.max_interval_s)
    return min(max(seconds, settings.min_interval_s), ceiling)


def _spread(seconds: float, settings: ScheduleSettings, jitter: float) -> float:
    return _clamped(_clamped(seconds, settings) * (1.0 + JITTER_SHARE * jitter), settings)


def _open_time(parsed: ParsedFeed, now: datetime, wait: float, settings: ScheduleSettings) -> datetime:
    """``now`` + ``wait``, moved on to an hour and day (GMT) that the feed does not ask to skip.

    Never later than the longest interval: a feed that asks to be skipped always is fetched at that pace.
    """
    moment = now + timedelta(seconds=wait)
    latest = now + timedelta(seconds=_clamped(settings.max_interval_s, settings))
    while _skipped(parsed, moment) and moment < latest:
        moment = (moment + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
    return min(moment, latest)


def _skipped(parsed: ParsedFeed, moment: datetime) -> bool:
    return moment.hour in parsed.skip_hours or moment.weekday() in parsed.skip_days
