"""What counts as another version of a text, and what changed between two. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass

# Times of day, dates in figures, ages ("5 minutes ago"): what pages print of the moment of the request. Other numbers
# are news. Ages are followed by a word, because a bare number is one of those.
_CLOCK = re.compile(
    r"\b(?:\d{4}-\d{1,2}-\d{1,2}(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?|\d{1,2}([./])\d{1,2}\1\d{2,4}"
    r"|\d{1,2}[:h]\d{2}(?::\d{2})?)(?:\s?[ap]\.?m\b\.?|Z\b)?"
    r"|\b\d{1,3}\s?(?:s|sec|secs|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|weeks?)\s(?=ago\b)"
    r"|\b(?:vor|il y a|hace)\s\d{1,3}\s\w{1,10}",
    re.IGNORECASE,
)


def same_but_for_the_clock(a: str, b: str) -> bool:
    """Whether two texts differ in nothing but times of day, dates and ages."""
    return a == b or without_the_clock(a) == without_the_clock(b)


def without_the_clock(text: str) -> str:
    """``text`` with a NUL for each time of day, date in figures and age."""
    return _CLOCK.sub("\0", text)


@dataclass(frozen=True, slots=True)
class Change:
    """One paragraph that went ("-"), or came ("+")."""

    sign: str
    text: str


def changes(before: str, after: str) -> Iterator[Change]:
    """The paragraphs that differ, in the order of the text, those that went before those that came in their place."""
    old, new = before.split("\n"), after.split("\n")
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            yield from (Change("-", text) for text in old[a:b] if text)
            yield from (Change("+", text) for text in new[c:d] if text)
