"""Times as people write them in options, and as they read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pipeline.errors import UsageError
from pipeline.moments import read_moment

_RECENT = timedelta(days=7)  # within it "3 days ago" says more than a date


def parse_moment(text: str, option: str, *, end_of_day: bool = False) -> datetime:
    """A date (local midnight, or the last moment of that day), an RFC 3339 time, or an age: ``7d``, ``24h``, ``30min``.

    Raises UsageError that names ``option``.
    """
    try:
        return read_moment(text, end_of_day=end_of_day)
    except ValueError as error:
        raise UsageError(f"{option}: {error}") from None


def local(at: datetime) -> str:
    """``2025-06-30 14:00 CEST``: local time, with its zone."""
    try:
        here = at.astimezone()
    except (OverflowError, OSError, ValueError):  # year 1 or 9999, beyond what the zone rules can say
        here = at
    return f"{here:%Y-%m-%d %H:%M %Z}".rstrip()


def when(at: datetime, now: datetime | None = None) -> str:
    """``3 h ago`` within the last week, else the local time."""
    age = (now or datetime.now(UTC)) - at
    return f"{span(age, units=1)} ago" if timedelta(0) <= age < _RECENT else local(at)


def until(at: datetime | None, now: datetime | None = None) -> str:
    """``in 5 min``, or ``now`` for what is due."""
    if at is None:
        return "now"
    left = at - (now or datetime.now(UTC))
    return f"in {span(left, units=1)}" if left > timedelta(0) else "now"


def span(length: timedelta, units: int = 2) -> str:
    """``45 s``, ``12 min``, ``3 h 20 min``, ``2 days 4 h``, or only the first of the ``units``; the sign is dropped."""
    seconds = int(abs(length.total_seconds()))
    days, hours, minutes = seconds // 86_400, seconds // 3600 % 24, seconds // 60 % 60
    parts = [(days, "day" if days == 1 else "days"), (hours, "h"), (minutes, "min"), (seconds % 60, "s")]
    first = next((at for at, (number, _) in enumerate(parts) if number), len(parts) - 1)
    shown = parts[first : first + (units if first < 2 else 1)]  # seconds matter only below a minute
    return " ".join(f"{number} {unit}" for number, unit in shown if number) or "0 s"
