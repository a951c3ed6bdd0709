"""Dates as feeds write them. Never an exception, never a date that no reader could have met.

RFC 822 and 2822 with named, missing and wrong zones, RFC 3339 and ISO 8601, asctime, seconds since 1970, and month
names of the languages that news feeds are commonly written in.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # before the web; what is older is a default value of some software
LATEST_AHEAD = timedelta(hours=24)  # a wrong zone is at most that far off
_MAX_CHARS = 100
_WIDEST_OFFSET_MIN = 14 * 60  # UTC+14, Line Islands

# English, then German, French, Spanish, Italian, Portuguese, Dutch, Scandinavian where they differ; without accents,
# looked up by their first four letters, then three.
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan ene gen",
            "feb fev",
            "mar mrt maer mrz",
            "apr abr avr",
            "may mai mei mag maj",
            "jun juin giu",
            "jul juil lug",
            "aug ago aou",
            "sep set",
            "oct okt ott out",
            "nov",
            "dec dez dic des",
        ),
        start=1,
    )
    for name in names.split()
}
# Offsets in minutes. RFC 822 §5.1 has the North American ones; the others are in common use. Abbreviations that mean
# several zones (IST, BST, CST, AST) are read as the one most feeds that use them mean.
_ZONES = {
    name: round(hours * 60)
    for hours, names in (
        (0, "z ut utc gmt wet uct"),
        (1, "cet met mez bst west wat"),
        (2, "cest mest mesz eet sast cat"),
        (3, "eest msk eat trt"),
        (3.5, "irst"),
        (4, "gst"),
        (5, "pkt"),
        (5.5, "ist"),
        (7, "wib ict"),
        (8, "sgt hkt pht awst myt"),
        (9, "jst kst"),
        (9.5, "acst"),
        (10, "aest"),
        (11, "aedt"),
        (12, "nzst"),
        (13, "nzdt"),
        (-2.5, "ndt"),
        (-3, "art brt adt"),
        (-3.5, "nst"),
        (-4, "edt ast"),
        (-5, "est cdt"),
        (-6, "cst mdt"),
        (-7, "mst pdt"),
        (-8, "pst akdt"),
        (-9, "akst"),
        (-10, "hst"),
    )
    for name in names.split()
}

_EPOCH = re.compile(r"(\d{9,10})(?:\.\d{1,9})?|(\d{12,13})")
_ISO = re.compile(r"(\d{4})([-/.]?)(\d{1,2})\2(\d{1,2})(?:[T_ ]{1,3}|$)", re.IGNORECASE)
_DAY_MONTH_YEAR = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|\.)?[\s,-]{0,3}(?:de\s)?([^\W\d_]{3,12})\.?[\s,-]{0,3}(?:de\s)?(\d{2,4})\b"
)
_MONTH_DAY_YEAR = re.compile(r"\b([^\W\d_]{3,12})\.?[\s-]{1,3}(\d{1,2})(?:st|nd|rd|th)?,?\s{1,3}(\d{4})\b")
_ASCTIME = re.compile(
    r"\b([^\W\d_]{3})\s{1,3}(\d{1,2})\s(\d\d:\d\d(?::\d\d)?)\s(?:([A-Z]{1,5})\s)?(\d{4})$", re.IGNORECASE
)
_NUMERIC = re.compile(r"(\d{1,2})([./])(\d{1,2})\2(\d{4})\b")
_TIME = re.compile(
    r"(?<!\d)(\d{1,2})[:.h](\d{2})(?::(\d{2})(?:[.,:]\d{1,9})?)?(?!\d)\s{0,3}([ap]\.?m\b\.?)?", re.IGNORECASE
)
_COMPACT_TIME = re.compile(r"^(\d\d)(\d\d)(\d\d)?(?:[.,]\d{1,9})?(?!\d)()")
_OFFSET = re.compile(r"(?:GMT|UTC|UT)?\s?([+-])(\d{1,2}):?(\d{2})?(?!\d)", re.IGNORECASE)
_ZONE_NAME = re.compile(r"\b(?:Etc/)?([A-Z]{1,4})\b", re.IGNORECASE)


def parse_date(text: str | None, now: datetime) -> datetime | None:
    """The moment that ``text`` names, in UTC; None when it names none between 1990-01-01 and ``now`` + 24 h.

    A date without a time is midnight, one without a zone (or with one that nobody knows) is UTC.
    """
    if not text:
        return None
    text = " ".join(text[: 2 * _MAX_CHARS].split())[:_MAX_CHARS]
    try:
        moment = _epoch(text) or _calendar(text)
        if moment is None or not EARLIEST <= moment <= now + LATEST_AHEAD:
            return None
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _epoch(text: str) -> datetime | None:
    found = _EPOCH.fullmatch(text)
    if found is None:
        return None
    seconds, milliseconds = found.groups()
    return datetime.fromtimestamp(int(seconds) if seconds else int(milliseconds) // 1000, UTC)


def _calendar(text: str) -> datetime | None:
    asctime = _ASCTIME.search(text)
    if asctime is not None:
        month, day, time, zone, year = asctime.groups()
        return _moment(int(year), _month(month), int(day), f"{time} {zone or ''}")
    iso = _ISO.match(text)
    if iso is not None:
        year, _, month, day = iso.groups()
        return _moment(int(year), int(month), int(day), text[iso.end() :])
    found = _DAY_MONTH_YEAR.search(text)
    if found is not None and _month(found.group(2)):
        day, month, year = found.groups()
        return _moment(_full_year(year), _month(month), int(day), text[found.end() :])
    found = _MONTH_DAY_YEAR.search(text)
    if found is not None and _month(found.group(1)):
        month, day, year = found.groups()
        return _moment(int(year), _month(month), int(day), text[: found.start()] + text[found.end() :])
    found = _NUMERIC.search(text)
    if found is not None:
        first, separator, second, year = found.groups()
        day_first = separator == "." or int(first) > 12
        if not day_first and int(second) <= 12:
            return None  # 03/04/2025 is two different days, depending on who writes
        day, month = (first, second) if day_first else (second, first)
        return _moment(int(year), int(month), int(day), text[found.end() :])
    return None


def _month(name: str) -> int:
    """1-12, or 0 when no month has this name."""
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode("ascii")
    return _MONTHS.get(plain[:4]) or _MONTHS.get(plain[:3], 0)


def _full_year(digits: str) -> int:
    """RFC 2822 §4.3: 00-49 is 2000-2049, 50-99 is 1950-1999, three digits count from 1900."""
    year = int(digits)
    if len(digits) == 2:
        return year + (2000 if year < 50 else 1900)
    return year + 1900 if len(digits) == 3 else year


def _moment(year: int, month: int, day: int, rest: str) -> datetime:
    """Raises ValueError when there is no such day or time."""
    rest = rest.strip()
    found = _TIME.search(rest) or _COMPACT_TIME.match(rest)
    hour = minute = second = 0
    if found is not None:
        hour, minute, second = (int(part or 0) for part in found.groups()[:3])
        half = (found.group(4) or "").lower()
        if half and hour <= 12:
            hour = hour % 12 + (12 if half.startswith("p") else 0)
        rest = rest[found.end() :]
    next_day = hour == 24 and minute == 0  # ISO 8601: the end of the day
    moment = datetime(
        year, month, day, 0 if next_day else hour, minute, min(second, 59), tzinfo=timezone(_offset(rest))
    )
    return moment + timedelta(days=1) if next_day else moment


def _offset(rest: str) -> timedelta:
    found = _OFFSET.search(rest)
    if found is not None:
        sign, hours, minutes = found.groups()
        total = int(hours) * 60 + int(minutes or 0)
        if total <= _WIDEST_OFFSET_MIN and int(minutes or 0) < 60:
            return timedelta(minutes=-total if sign == "-" else total)
        return timedelta()
    named = _ZONE_NAME.search(rest)
    return timedelta(minutes=_ZONES.get(named.group(1).lower(), 0) if named is not None else 0)
