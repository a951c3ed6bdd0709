"""The short lines inside and beside a body that say where it comes from: credit lines, bylines, sign-offs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice

from pipeline.extraction import lines, names, tags
from pipeline.extraction.blocks import Block
from pipeline.extraction.text import clean, letters, unspaced

BEFORE, AFTER = 6, 10  # how many blocks beside the body are looked at
# In the address of what sites have on one author.
_AUTHOR = re.compile(
    r"/(?:authors?|autore?s?|autori|auteurs?|avtor[iy]?|columnists?|contributors?|journalists?|reporters?|writers?)/[^/?#]",
    re.IGNORECASE,
)
_MAX_CREDITS = 40  # lines put back per page; real ones have a handful
_BELOW = 12  # how many blocks above the body the headline is looked for
_ABOVE = 2  # blocks above the headline
_STAMP = 40  # characters of a line there that shows a date: "Published: Wednesday, 5 November 2025"
_HEAD_LINE = 200  # characters: longer lines are no bylines


def credit_lines(
    page: Sequence[Block], left_out: Iterable[int], first: int, last: int, present: Iterable[str]
) -> set[int]:
    """Which of the blocks that were left out are credits: more kinds of them count beside the body than within.

    ``first`` and ``last`` are the numbers of the body's first and last paragraph, ``present`` the chosen lines: what
    one of them begins or ends with is not put back.
    """
    near = (n for n in left_out if first - BEFORE <= n <= last + AFTER)
    found = list(islice((n for n in near if _is_credit(page, n, first, last)), _MAX_CREDITS))
    if not found:
        return set()
    known = {unspaced(line) for line in present}
    result: set[int] = set()
    for number in found:
        key = unspaced(page[number].text)
        if not any(line.startswith(key) or line.endswith(key) for line in known):
            result.add(number)
            known.add(key)
    return result


def head(page: Sequence[Block], first: int) -> tuple[str, ...]:
    """The lines around the start of the body, credits of a copy left out: their names are not the page's own."""
    texts = (block.text for block in page[max(0, first - BEFORE) : first + 2])
    return tuple(text for text in texts if len(text) <= _HEAD_LINE and not lines.is_credit(text))


def around_headline(page: Sequence[Block], first: int, heading: str) -> tuple[list[Block], list[Block]]:
    """The short lines directly above the headline, and the blocks between it and the text, its first two included.

    None when the headline is not near; above it only what stands in its own element, as a day among these is not that
    of a masthead. ``heading`` is the page's title, letters only.
    """
    near = range(first - 1, max(-1, first - _BELOW - 1), -1)
    at = next((n for n in near if page[n].node.tag == "h1" or (heading and letters(page[n].raw) == heading)), None)
    if at is None:
        return [], []
    around = page[at].node.parent
    above = page[max(0, at - _ABOVE) : at] if around is not None and around.tag != "body" else ()
    stamps = [block for block in above if block.node.parent is around and len(block.raw) <= _STAMP]
    return stamps, [block for block in page[at + 1 : first + 2] if block.node.tag not in tags.HEADINGS]


def authors(below: Iterable[Block]) -> tuple[str, ...]:
    """The texts of links to authors' own pages, of several to one page the first; no single word, as labels are."""
    found: dict[str, str] = {}
    for block in below:
        for href, anchor in block.links:
            text = clean(anchor)
            if _AUTHOR.search(href) and (" " in text or not text.isascii()):
                found.setdefault(href, text)
    return tuple(found.values())


def _is_credit(page: Sequence[Block], number: int, first: int, last: int) -> bool:
    raw = page[number].raw
    if len(raw) > lines.MAX_CREDIT:
        return False
    text = page[number].text
    if number <= last:
        # A byline alone is read from the head, and is no text; one that names an outlet says whose text it is.
        return lines.is_credit(text) or (number < first and lines.is_byline(text) and names.names_outlet(text))
    return (lines.is_credit_beside(text) and not lines.is_byline(text)) or _signs_off(page, number, last)


def _signs_off(page: Sequence[Block], number: int, last: int) -> bool:
    """Whether the block after the body is a name or date of a sign-off: "Ann Lee" / "Mon, 06/30/2025 - 02:00"."""
    if number < last or number > last + 4:
        return False
    block, previous = page[number], page[number - 1]
    if _dates(block):
        return lines.is_name(previous.text)
    return number + 1 < len(page) and _dates(page[number + 1]) and lines.is_name(block.text)


def _dates(block: Block) -> bool:
    """Whether the block is the date of a sign-off; a linked one belongs to a list of stories."""
    return not block.linked and lines.is_date_stamp(block.text)
