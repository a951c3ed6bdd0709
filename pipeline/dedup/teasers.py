"""Does a text break off, or ask to read on elsewhere? Then it is a part of something, whatever its length."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.dedup.fold import fold
from pipeline.dedup.forms import read_marks

LONGEST_END = 60  # characters: enough to find the end of a part in its whole
_ENDS = (".", "!", "?", '"', "”", "»", "…", "。", "！", "？", "」", ")", "*", "।", "؟", "’", "'")


def asks_to_read_on(text: str) -> bool:
    """Does a text break off with an ellipsis, or ask to read on elsewhere?"""
    asks, last = _ending(text)
    return asks or last.endswith(("...", "…", "[…]", "[...]", "…]"))


def is_teaser(text: str) -> bool:
    """Does a text break off in the middle of a sentence, or ask to read on elsewhere?

    Where a script has no mark for the end of a sentence, as Thai and Lao, only an ellipsis tells.
    """
    last = _ending(text)[1]
    return asks_to_read_on(text) or not (last.endswith(_ENDS) or "\u0e00" <= last[-1:] <= "\u0eff")


def breaks_off(part: str, whole: str) -> bool:
    """Does ``part`` ask to read on elsewhere, or end where a line of ``whole``, of which it is a part, goes on?

    A piece in a newsletter ends where its last line ends, with or without a full stop.
    """
    if asks_to_read_on(part):
        return True
    end, there = fold(_ending(part)[1])[-LONGEST_END:], fold(whole)
    at = there.find(end) if end else -1
    # Not where a sentence ends, which the next one may follow in the same line; "\n" is no space here.
    return at >= 0 and not end.endswith(_ENDS) and re.match(r" ?\w", there[at + len(end) :]) is not None


@lru_cache(maxsize=1024)  # asked anew about each article of a component whenever one joins it
def _ending(text: str) -> tuple[bool, str]:
    """(does a line ask to read on elsewhere, the last line of the body)."""
    marks, body = read_marks(text)
    return any(mark.role == "more" for mark in marks), body[-1].rstrip() if body else ""
