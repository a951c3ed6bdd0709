"""The date that a page only shows: in a short line between its headline and its text, or in its address.

Read where nothing is declared, and rather not at all than wrongly: a year, a month and a day must stand there, in the
line in the language of the page. Names of months are left to dateparser, which knows some two hundred languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from pipeline.extraction.dates import AHEAD, EARLIEST

_LONGEST = 120  # characters of a line that shows a date; "By Ann Lee, correspondent in Harrow | 5 May 2025, 14:30"
_BESIDE = 60  # characters of it that are not the date: more are a sentence that mentions one
_SENTENCE = 20  # the same where the line ends as sentences do
_ENDS = tuple(".!?。！？।؟")
_MOST_LINES = 5  # with a year in them that are looked at: reading one takes a millisecond
_MOST_YEARS = 3  # of a line, likewise: every way to read a date around one is tried
_APART = timedelta(days=31)  # of an update from the publication: dates further apart are of two things

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_YEAR_FIRST = re.compile(r"(?<!\d)((?:19|20)\d\d)\s?[-./年년]\s?(\d{1,2})\s?[-./月월]\s?(\d{1,2})(?!\d)")
_YEAR_LAST = re.compile(r"(?<![\d./-])(\d{1,2})([./-])\s?(\d{1,2})\2\s?((?:19|20)\d\d)(?![./-]?\d)")
_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)([/-]?)(0?[1-9]|1[0-2])\2(0?[1-9]|[12]\d|3[01])(?=[/_-]|$)")
_TOKENS = 6  # of a written date at most: "5 de mayo de 2025"
_AROUND = " \t,;|·•()[]–—-"
_NUMBER = re.compile(r"(?<!\d)\d{1,2}(?!\d)")
_LETTER = re.compile(r"[^\W\d_]")
# Where 4/5/2025 may be the fifth of April: what is written with slashes is then no date that can be told.
_MONTH_FIRST = frozenset({None, "en", "tl"})
_NAMED_OTHERWISE = {"no": "nb"}


def date(lines: Iterable[str], language: str | None, now: datetime) -> datetime | None:
    """The day (midnight UTC) of publication that the lines show; None when they show none, or days too far apart.

    ``language`` is that of the page, two letters. Of two days, the first is that of the publication and the other one
    that of an update.
    """
    found: set[datetime] = set()
    seen = 0
    for line in lines:
        plain = _with_plain_digits(line)
        if len(plain) > _LONGEST or not _YEAR.search(plain):
            continue
        seen += 1
        if seen > _MOST_LINES:
            break
        found |= {day for day in _days(plain, language) if EARLIEST <= day <= now + AHEAD}
    days = sorted(found)
    if not days or len(days) > 2 or days[-1] - days[0] > _APART:
        return None
    return days[0]


def in_address(url: str, now: datetime) -> datetime | None:
    """The day (midnight UTC) in an address: ``/2025/05/06/``, ``/2025-05-06-``, ``/20250506/``; None without one."""
    match = _IN_ADDRESS.search(urlsplit(url).path)
    day = _day(int(match[1]), int(match[3]), int(match[4])) if match else None
    return day if day and EARLIEST <= day <= now + AHEAD else None


def _days(line: str, language: str | None) -> set[datetime]:
    """The days in a line that does not say much else."""
    found: set[datetime] = set()
    rest = line
    for pattern, read in ((_YEAR_FIRST, _year_first), (_YEAR_LAST, _year_last)):
        for match in pattern.finditer(rest):
            day = read(match, language)
            found |= {day} if day else set()
        rest = pattern.sub(" ", rest)
    for text, day in _written(rest, language):
        rest = rest.replace(text, " ")
        found.add(day)
    beside = rest.strip()
    told = len(beside) <= (_SENTENCE if beside.endswith(_ENDS) else _BESIDE)
    return found if told else set()


def _year_first(match: re.Match[str], _: str | None) -> datetime | None:
    return _day(int(match[1]), int(match[2]), int(match[3]))


def _year_last(match: re.Match[str], language: str | None) -> datetime | None:
    first, mark, second, year = int(match[1]), match[2], int(match[3]), int(match[4])
    if second > 12:
        return _day(year, first, second)
    if mark != "." and language in _MONTH_FIRST and first <= 12 and first != second:
        return None
    return _day(year, second, first)


def _day(year: int, month: int, day: int) -> datetime | None:
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None


def _written(line: str, language: str | None) -> Iterator[tuple[str, datetime]]:
    """Dates with the name of a month, and how they are written."""
    reader = _reader(_NAMED_OTHERWISE.get(language, language)) if language else None
    if reader is None:
        return
    tokens = line.split()
    years = [(at, int(year[0])) for at, token in enumerate(tokens) if (year := _YEAR.search(token))]
    for at, number in years[:_MOST_YEARS]:
        for text in _windows(tokens, at):
            day = _read(reader, text)
            if day is not None and day.year == number:
                yield text, day
                break


def _windows(tokens: Sequence[str], at: int) -> Iterator[str]:
    """The runs of words that can be the date with the year at ``at``, short ones first."""
    for length in range(2, _TOKENS + 1):
        for start, end in ((at - length + 1, at + 1), (at, at + length)):
            if start >= 0 and end <= len(tokens):
                text = " ".join(tokens[start:end]).strip(_AROUND)
                if _NUMBER.search(text) and _LETTER.search(text):
                    yield text


def _read(reader: Any, text: str) -> datetime | None:
    try:
        found = reader.get_date_data(text).date_obj
    except Exception:  # whatever a third-party parser raises on odd text means the same: no date in it
        return None
    day = _day(found.year, found.month, found.day) if found is not None else None
    return day if day and str(day.day) in {number.lstrip("0") for number in _NUMBER.findall(text)} else None


@lru_cache(maxsize=64)
def _reader(language: str) -> Any:
    """The reader of dates in one language; None where dateparser does not know it. Its import takes 0.2 s."""
    from dateparser.date import DateDataParser

    settings = {"STRICT_PARSING": True, "REQUIRE_PARTS": ["day", "month", "year"], "PARSERS": ["absolute-time"]}
    try:
        return DateDataParser(languages=[language], settings=settings)
    except ValueError:
        return None


def _with_plain_digits(line: str) -> str:
    """The line with the digits of all scripts as 0 to 9."""
    return line if line.isascii() else "".join(str(int(c)) if c.isdecimal() else c for c in line)
