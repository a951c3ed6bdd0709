"""Pure: how long to wait until a feed is fetched again.

The latest of what the adaptive rule wants, what the feed asks for (ttl, update period, hours and days to skip) and
what the server says (cache lifetime, Retry-After), within the limits of
:class:`pipeline.config.ScheduleSettings`. ``jitter`` is a number from 0 to 1, drawn by the caller, that spreads feeds
which would otherwise stay in step.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from pipeline.config import ScheduleSettings
from pipeline.model import Retry

JITTER_SHARE = 0.1

# The adaptive interval is multiplied by what the share of new entries calls for. Nothing new slows it by half again;
# anything new quickens it at once, most when so much is new that entries may have passed unseen. From the shortest
# default interval (15 min) to the longest (24 h) takes 12 fetches without news, back 4 with little but news.
_SLOWER = 1.5
_FASTER = ((0.5, 0.3), (0.1, 0.6), (0.0, 0.85))  # (share of new entries above, factor)


def adapted(interval_s: float | None, share: float | None, settings: ScheduleSettings) -> float:
    """The next interval in seconds, after one in which ``share`` of the feed's entries was new.

    None for the interval: none was chosen yet. None for the share: nothing can be learnt from this fetch.
    """
    last = settings.first_interval_s if interval_s is None else interval_s
    factor = 1.0 if share is None else next((faster for above, faster in _FASTER if share > above), _SLOWER)
    return clamped(last * factor, settings)


def backoff(retry: Retry, failures: int, settings: ScheduleSettings) -> float:
    """Seconds to wait after so many failures in a row: doubling, from a start that the kind of failure gives."""
    if retry is Retry.NEVER:
        return settings.max_interval_s
    start = settings.min_interval_s if retry is Retry.SOON else settings.first_interval_s
    return start * 2.0 ** min(failures - 1, 32)


def clamped(seconds: float, settings: ScheduleSettings) -> float:
    """``seconds`` within the shortest and the longest interval."""
    ceiling = max(settings.min_interval_s, settings.max_interval_s)
    return min(max(seconds, settings.min_interval_s), ceiling)


def spread(seconds: float, settings: ScheduleSettings, jitter: float) -> float:
    """``seconds`` within the limits, up to a tenth longer."""
    return clamped(clamped(seconds, settings) * (1.0 + JITTER_SHARE * jitter), settings)


def open_time(
    skip_hours: frozenset[int], skip_days: frozenset[int], now: datetime, wait: float, settings: ScheduleSettings
) -> datetime:
    """``now`` + ``wait``, moved on to an hour and day (GMT) that the feed does not ask to skip.

    Never later than the longest interval: a feed that asks to be skipped always is fetched at that pace.
    """
    moment = now + timedelta(seconds=wait)
    latest = max(moment, now + timedelta(seconds=clamped(settings.max_interval_s, settings)))
    while (moment.hour in skip_hours or moment.weekday() in skip_days) and moment < latest:
        moment = (moment + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
    return min(moment, latest)
