"""Does a text break off, or ask to read on elsewhere? Then it is a part of something, whatever its length."""

from __future__ import annotations

from functools import lru_cache

from pipeline.dedup.forms import read_marks

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


@lru_cache(maxsize=1024)  # asked anew about each article of a component whenever one joins it
def _ending(text: str) -> tuple[bool, str]:
    """(does a line ask to read on elsewhere, the last line of the body)."""
    marks, body = read_marks(text)
    return any(mark.role == "more" for mark in marks), body[-1].rstrip() if body else ""
