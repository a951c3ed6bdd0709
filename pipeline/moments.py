"""Times as people write them, in commands and in addresses, and as programs write that there is none."""

from __future__ import annotations

import re
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pipeline.model import Article

_AGO: Final = re.compile(r"([0-9]{1,6})\s*(min|h|d|w)")
_UNITS: Final = {"min": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def read_moment(text: str, *, end_of_day: bool = False, zone: tzinfo | None = None) -> datetime:
    """A date (midnight, or the last moment of that day), an RFC 3339 time, or an age: ``7d``, ``24h``, ``30min``.

    What names no zone is in ``zone``, or local. Raises ValueError that says what would do.
    """
    text = text.strip()
    ago = _AGO.fullmatch(text.lower())
    try:
        if ago:
            return datetime.now(UTC) - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
        if len(text) == len("2025-06-30"):
            found = datetime.combine(date.fromisoformat(text), time.max if end_of_day else time.min)
        else:
            found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        raise ValueError(
            f"{text[:40]!r} is neither a date (2025-06-30), a time (2025-06-30T14:00Z) nor an age (7d, 24h, 30min)"
        ) from None


def apart(one: Article, other: Article) -> timedelta | None:
    """How much later the one appeared than the other: by their own dates, or by when both were first seen.

    None when only one bears a date: a moment at which we came by says nothing about the other's.
    """
    if one.published_at is not None and other.published_at is not None:
        return one.published_at - other.published_at
    if one.published_at is None and other.published_at is None:
        return one.first_seen_at - other.first_seen_at
    return None


def known(moment: datetime) -> datetime | None:
    """The moment in UTC, in which one without a zone is taken to be.

    None in the first and the last year of the calendar: that is how .NET, Java and databases write that a time is not
    known, and a day more or less would leave the calendar.
    """
    if not MINYEAR < moment.year < MAXYEAR:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
