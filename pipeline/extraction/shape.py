"""How large a document is, told before any tree is built, and its text without a tree.

The time that extraction takes grows faster than linearly with the number of elements; they are therefore counted
first. Depth needs no count of ours: libxml2 itself stops at 256 nested elements in linear time, and says so in the
parser's log (:func:`pipeline.extraction.page.parse` reads it, since the tree alone just looks shorter).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from pipeline.extraction import tags
from pipeline.extraction.text import clean, unescape

MAX_CHARACTERS = 5_000_000  # the fetch room's default bound for a page
MAX_ELEMENTS = 30_000  # the largest news page of a 181-page benchmark has under 10,000
_MAX_STRIPPED = 300_000  # tags that the fallback reads before it is satisfied: about a second

_START = re.compile(rb"<[a-zA-Z]")
_TAG = re.compile(r"<(?:(/?)([a-zA-Z][a-zA-Z0-9:-]{0,40})|(!--))")
_RAW = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style", "textarea", "title", "xmp")}

# Unlike patterns that ignore case, these let the search jump from one "<" to the next.
_SCRIPT = re.compile(rb"<(?:!--|([sS](?:[cC][rR][iI][pP][tT]|[tT][yY][lL][eE]))\b([^<>]{0,500})>)")
_SCRIPT_AGAIN = re.compile(rb"<(/?)[sS][cC][rR][iI][pP][tT]")
_STYLE_AGAIN = re.compile(rb"<(/?)[sS][tT][yY][lL][eE]")
_HIDDEN = frozenset({"nav", "footer", "aside", "select", "button", "noscript", "figcaption"})
_MIN_STRIPPED_LINE = 25  # characters: shorter lines of a page without a tree are mostly menus


@dataclass(frozen=True, slots=True)
class Tag:
    """A start or end tag; ``start`` and ``end`` are its offsets, those of raw text elements include their content."""

    name: str
    closing: bool
    start: int
    end: int
    empty: bool


def scan(html: str) -> Iterator[Tag]:
    """Every tag in order. Comments and the content of script and style are passed over."""
    position = 0
    while match := _TAG.search(html, position):
        closing, name, comment = match.groups()
        if comment:
            position = html.find("-->", match.end()) + 3
            if position == 2:  # an unfinished comment hides the rest of the document
                return
            continue
        end = html.find(">", match.end()) + 1 or len(html)
        name = name.lower()
        if not closing and name in _RAW:
            finish = _RAW[name].search(html, end)
            if finish is None:
                return
            end = html.find(">", finish.end()) + 1 or len(html)
            yield Tag(name, False, match.start(), end, True)
        else:
            yield Tag(name, bool(closing), match.start(), end, name in tags.VOID or html[end - 2 : end] == "/>")
        position = end


def excess(html: bytes) -> str | None:
    """Which limit the document passes, or None. Linear, and in C for all but the largest documents."""
    if len(html) > MAX_CHARACTERS and len(html.decode("utf-8", "replace")) > MAX_CHARACTERS:
        return f"more than {MAX_CHARACTERS} characters"
    if html.count(b"<") <= MAX_ELEMENTS or len(_START.findall(html)) <= MAX_ELEMENTS:
        return None
    # That counted tags within scripts and comments too: count again without them.
    elements = (tag for tag in scan(html.decode("utf-8", "replace")) if not tag.closing)
    return f"more than {MAX_ELEMENTS} elements" if next(islice(elements, MAX_ELEMENTS, None), None) else None


def without_scripts(html: bytes) -> bytes:
    """The document without the content of its scripts and style sheets, half of a news page, for the parser's sake.

    JSON-LD stays, and so does what stands between two start tags, of which the first may be none.
    """
    kept: list[bytes] = []
    done = position = 0
    while opening := _SCRIPT.search(html, position):
        name, attributes = opening.groups()
        if name is None:
            position = html.find(b"-->", opening.end())
        else:
            again = (_STYLE_AGAIN if name[1] in b"tT" else _SCRIPT_AGAIN).search(html, opening.end())
            position = again.start() if again else -1
            if again and again[1] and b"ld+json" not in attributes:
                kept.append(html[done : opening.end()])
                done = position
        if position < 0:
            break
    kept.append(html[done:])
    return b"".join(kept)


def strip(html: str) -> list[str]:
    """The visible lines of a document that no parser shall see: block tags break lines, links and menus are left out.

    A line of which more than half is link text is taken for a menu, as is a line of fewer than 25 characters.
    """
    lines: list[str] = []
    pieces: list[str] = []
    linked = position = hidden = 0
    in_link = False

    def flush() -> None:
        nonlocal linked
        line = clean(unescape("".join(pieces)))
        if len(line) >= _MIN_STRIPPED_LINE and 2 * linked <= len(line):
            lines.append(line)
        pieces.clear()
        linked = 0

    for count, tag in enumerate(scan(html)):
        piece = html[position : tag.start]
        position = tag.end
        if piece and not hidden:
            pieces.append(piece)
            linked += len(piece) if in_link else 0
        if tag.name == "a":
            in_link = not tag.closing
        elif tag.name not in tags.INLINE:
            flush()
        if tag.name in _HIDDEN and not tag.empty:
            hidden = max(0, hidden + (-1 if tag.closing else 1))
        if count > _MAX_STRIPPED:
            break
    else:
        # What follows the last tag is text too, unless a comment or script swallowed it.
        if not hidden and "<" not in html[position:]:
            pieces.append(html[position:])
    flush()
    return lines
