"""Dates as pages declare them: ISO 8601, RFC 5322, epoch numbers and a few written forms, to aware UTC."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # the web is not older; 1970 is an unset clock
AHEAD = timedelta(hours=24)  # time zones and scheduled posts; beyond it a date only pins an item to the top

_MAX_EPOCH = 1e14  # milliseconds until the year 5138
_EPOCH = re.compile(r"(\d{9,10})(\d{3})?(?:\.\d+)?")
_ZONE_WORDS = re.compile(r"\s*\b(?:UTC|GMT)\b\s*$|\s*\[[\w/]+\]$")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b")
_CHINESE = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日?\s*(\d{1,2}:\d{2}(?::\d{2})?)?")
_WRITTEN = (
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d",
    "%Y-%m-%d %I:%M %p",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y",
    "%B %d, %Y %I:%M %p",
    "%b %d, %Y %I:%M %p",
    "%B %d, %Y",
    "%b %d, %Y",
    "%d %B %Y %H:%M",
    "%d %B %Y",
    "%d %b %Y",
)


def parse(value: object, now: datetime) -> datetime | None:
    """A declared date as aware UTC, or None when it cannot be read or lies outside [1990, now + 24 h].

    A date without a zone is taken as UTC, a day without a time as its midnight.
    """
    if isinstance(value, float) or type(value) is int:
        value = format(value, ".0f") if abs(value) < _MAX_EPOCH else ""
    if not isinstance(value, str):
        return None
    text = value.strip()[:80]
    for read in (_epoch, _iso, _rfc5322, _written):
        try:
            found = read(text)
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
        if found is not None:
            return _within(found, now)
    return None


def first(values: Iterable[object], now: datetime) -> datetime | None:
    """The first of the values that is a date."""
    return next((date for value in values if (date := parse(value, now)) is not None), None)


def _within(moment: datetime, now: datetime) -> datetime | None:
    try:
        utc = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (OverflowError, ValueError):  # year 1 or 9999 with an offset
        return None
    return utc if EARLIEST <= utc <= now + AHEAD else None


def _epoch(text: str) -> datetime | None:
    match = _EPOCH.fullmatch(text)
    return datetime.fromtimestamp(int(match[1]), UTC) if match else None


def _iso(text: str) -> datetime | None:
    return datetime.fromisoformat(_ZONE_WORDS.sub("Z", text)) if text[:4].isdigit() and "-" in text[:5] else None


def _rfc5322(text: str) -> datetime | None:
    return parsedate_to_datetime(text)


def _written(text: str) -> datetime | None:
    chinese = _CHINESE.search(text)
    if chinese:
        year, month, day, clock = chinese.groups()
        hour, minute, second = ([*map(int, (clock or "0:0").split(":")), 0])[:3]
        return datetime(int(year), int(month), int(day), hour, minute, second, tzinfo=UTC)
    plain = " ".join(_ORDINAL.sub("", text).split())
    for pattern in _WRITTEN:
        try:
            return datetime.strptime(plain, pattern).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None
