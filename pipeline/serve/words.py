"""Moments, spans and counts in words, the same every time they are asked for: pages carry ETags."""

from __future__ import annotations

from datetime import datetime, timedelta
from unicodedata import category

_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))


def when(moment: datetime | None) -> str:
    """A moment for people, in UTC; the page's script turns it to local time."""
    return "" if moment is None else f"{moment.day} {moment:%b %Y, %H:%M} UTC"


def span(length: timedelta | float | None) -> str:
    """How long, in its one or two largest units: "3 d 4 h", "12 min"."""
    if length is None:
        return ""
    seconds = int(abs(length.total_seconds() if isinstance(length, timedelta) else length))
    for at, (unit, size) in enumerate(_UNITS):
        if seconds >= size or size == 1:
            text = f"{seconds // size} {unit}"
            rest = seconds % size
            if at + 1 < len(_UNITS) and seconds < 10 * size:
                smaller, small = _UNITS[at + 1]
                if rest >= small:
                    text += f" {rest // small} {smaller}"
            return text
    return "0 s"


def lag(difference: timedelta | None) -> str:
    """How much later one moment is than another, in words; "" where that is not known."""
    if difference is None:
        return ""
    if not int(difference.total_seconds()):
        return "at the same time"
    return f"{span(difference)} {'later' if difference > timedelta() else 'earlier'}"


def running(text: str) -> str:
    """Lines as one: what does not end in a mark of punctuation, of any script, is set off from what follows."""
    lines = [line for line in map(str.strip, text.split("\n")) if line]
    set_off = [line if category(line[-1]).startswith("P") else f"{line} ·" for line in lines[:-1]]
    return " ".join([*set_off, *lines[-1:]])


def count(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def percent(share: float) -> str:
    """A share; never 100% for less than all, never 0% for more than nothing."""
    if 0.995 <= share < 1:
        return "99%"
    return "<1%" if 0 < share < 0.005 else f"{share:.0%}"
