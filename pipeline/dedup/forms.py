"""Lines that are not the piece itself: read as evidence, and taken out before texts are compared.

The table of forms is data (:mod:`pipeline.dedup.formtable`); this module compiles it and applies it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from pipeline.dedup.formtable import CALENDAR, FORMS

LONGEST_LINE = 320  # characters; the longest credit line met was 268
HEAD_LINES = 8  # credit lines stand in the first or last lines; the deepest met was the 6th
TAIL_LINES = 14  # behind newsletter boxes and contributor notes

_AUTHOR = r"[^\W\d_][^|:;()<>@\d\"]{1,90}?"
_OUTLET = r"[^\W_][^|;()<>\"]{1,70}?"
_PLACEHOLDERS = {
    "{A}": f"(?P<author>{_AUTHOR})",
    "{O}": f'"?(?P<outlet>{_OUTLET})"?',
    "{O2}": _OUTLET,
    "{U}": r"(?P<url>https?://\S{3,300}?)",
    "{N}": r"(?:\d{1,4}|an?|one|einer?|einem|une?|un[oa]?|un'|en|ett|één|een|um|uma|एक)",
    "{D}": r"[^|;()]{0,20}\d[^|;()]{0,30}?",
    "{Y}": r"(?:19|20)\d\d(?:-(?:19|20)?\d\d)?",
}
# What follows an outlet's name in the same sentence and is no part of it.
_OUTLET_END = re.compile(
    r",? (?:on|in|am|le|el|il|em|op|at) (?=\d|\w+ \d)"
    r"|,? (?:under (?:the|a) |with (?:kind )?permission|and (?:is|was|has|appears)|as part of)"
    r"|,? (?:unter (?:dem|einer)|sous (?:licence|le)|bajo (?:licencia|el)|sotto|sob)"
    r"|,? \d{1,2}[./]\d|, (?=\w+ \d)|\. | - |, republi",
    re.IGNORECASE,
)
_DATELINE = re.compile(
    r"^(?P<city>[^\W\d_][\w .,'/-]{1,60}?)? ?(?:, [^()]{3,20} )?\((?P<outlet>[^()\d]{2,40})\) ?(?:-+|:) ?(?=\S)"
)
_DATELINE_CITY = re.compile(r"^(?P<city>[A-ZÀ-ÖØ-ÞА-Я][A-ZÀ-ÖØ-ÞА-Я .'/-]{2,40}(?:, [\w. ]{2,20})?) ?(?:--?|:) (?=\S)")
_SIGN_OFF = re.compile(
    r"^(?P<author>\S.{1,60}?),? "
    r"(?P<date>(?:\w{2,10}\.?,? )?(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}-\d\d-\d\d).{0,20})$"
)
_CLOCK = re.compile(r"\d{1,2}[:.]\d\d|\d+$")
_SPACE = re.compile(r"\s+")
_TRAIL = r"[ .,;:!)\]】»>…-]*"
# Sentences that may follow a credit in the same line: a licence, an invitation to read on.
_REST = r"(?:[.!;:)] ?[^\n]{0,260}|,? (?:and|under|with|unter|sous|bajo|sob) [^\n]{0,200})?"


@dataclass(frozen=True, slots=True)
class Mark:
    """A line that is not the piece itself, and what was read from it.

    ``role`` is one of formtable's roles, or "title" (repeats the title), "sign-off" (a name over a date) or "dateline".
    """

    role: str
    line: str
    author: str | None = None
    outlet: str | None = None
    url: str | None = None
    language: str = ""


@cache
def _compiled() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    compiled = []
    for language, role, form in FORMS:
        pattern = form
        for name, expression in _PLACEHOLDERS.items():
            # A placeholder that stands twice in a form is captured where it stands first.
            pattern = pattern.replace(name, expression, 1).replace(name, re.sub(r"\?P<\w+>", "?:", expression))
        rest = _REST if role == "credit" else ""
        compiled.append((language, role, re.compile(f"{pattern}{rest}{_TRAIL}$", re.IGNORECASE)))
    return tuple(compiled)


def read_marks(text: str, title: str | None = None) -> tuple[tuple[Mark, ...], list[str]]:
    """Split a text of lines into the marks that it carries and the lines of its body (hard-wrapped lines joined)."""
    from pipeline.dedup.text import fold

    lines = _unwrap([_SPACE.sub(" ", line).strip() for line in text.split("\n")])
    folded_title = fold(title).casefold().strip() if title else None
    marks: list[Mark] = []
    body: list[str] = []
    last = len(lines) - 1
    skip = -1
    for number, line in enumerate(lines):
        if number == skip:
            continue
        if len(line) > LONGEST_LINE:
            body.append(_strip_dateline(line, marks) if number < HEAD_LINES and not body else line)
            continue
        folded = fold(line)
        head, tail = number < HEAD_LINES, last - number < TAIL_LINES
        if folded_title is not None and folded.casefold() == folded_title:
            marks.append(Mark("title", line))
        elif (head or tail) and number < last and (mark := _two_line_sign_off(folded, fold(lines[number + 1]))):
            marks.append(mark)
            skip = number + 1
        elif mark := _match(folded, line, head, tail):
            marks.append(mark)
        else:
            body.append(_strip_dateline(line, marks) if number < HEAD_LINES and not body else line)
    return tuple(marks), body


def _unwrap(lines: Sequence[str]) -> list[str]:
    """Join hard-wrapped lines: when most lines end at one width, they are lines of a page, not paragraphs."""
    filled = [line for line in lines if line]
    if len(filled) < 12 or len(filled) == len(lines):
        return filled
    widths = sorted(len(line) for line in filled)
    if not 50 <= widths[-1] <= 90:
        return filled
    joined: list[str] = []
    fresh = True
    for line in lines:
        if not line:
            fresh = True
        elif fresh:
            joined.append(line)
            fresh = False
        else:
            joined[-1] += " " + line
    return joined


def _match(folded: str, line: str, head: bool, tail: bool) -> Mark | None:
    if is_date_line(folded):
        return Mark("own", line)
    for language, role, pattern in _compiled():
        if not (head or tail) and role not in ("furniture", "more"):
            continue
        if role == "byline" and not head:
            continue
        found = pattern.match(folded)
        if found is None:
            continue
        groups = found.groupdict()
        author, outlet = groups.get("author"), _outlet(groups.get("outlet"))
        if role in ("byline", "agency", "credit") and author is not None and not looks_like_name(author):
            continue
        if (
            role in ("stamp", "credit", "byline", "rights")
            and outlet is not None
            and not _looks_like_outlet(outlet, role)
        ):
            continue
        if author is not None:
            author = author.strip(" ,.-")
        return Mark(role, line, author, outlet, groups.get("url"), language)
    if tail and (sign := _SIGN_OFF.match(folded)) and looks_like_name(sign["author"]) and is_date_line(sign["date"]):
        return Mark("sign-off", line, author=sign["author"].strip(" ,|-"))
    return None


def _two_line_sign_off(name: str, date: str) -> Mark | None:
    if len(name) <= 60 and looks_like_name(name) and is_date_line(date):
        return Mark("sign-off", f"{name} {date}", author=name.strip(" ,|-"))
    return None


def is_date_line(folded: str) -> bool:
    """Is the line nothing but a date or a time, in one of the table's languages?"""
    if not 4 <= len(folded) <= 60 or not any(character.isdigit() for character in folded):
        return False
    words = [word.strip(".,;:|()/-").casefold() for word in re.split(r"[\s,/:|.()-]+", folded)]
    words = [word for word in words if word]
    numbers = sum(1 for word in words if re.fullmatch(r"\d{1,4}(?:st|nd|rd|th|am|pm|h|年|月|日)?", word))
    known = sum(1 for word in words if word in CALENDAR)
    dated = re.search(r"\d{1,4}[/.:-]\d{1,2}|(?:19|20)\d\d|\d年", folded) is not None
    return dated and numbers + known == len(words) and numbers >= 2


def _strip_dateline(line: str, marks: list[Mark]) -> str:
    """Cut "CITY (Agency) - " from the front of the first paragraph, and keep it as a mark."""
    from pipeline.dedup.text import fold

    head = fold(line[:140])
    for pattern in (_DATELINE, _DATELINE_CITY):
        found = pattern.match(head)
        if found and (pattern is _DATELINE_CITY or _looks_like_place(found["city"])):
            outlet = found.groupdict().get("outlet")
            marks.append(Mark("dateline", line[: found.end()].strip(), outlet=outlet))
            return line[found.end() :] if len(fold(line)) == len(line) else fold(line)[found.end() :]
    return line


def _looks_like_place(city: str | None) -> bool:
    if not city:
        return True
    first = [word for word in re.split(r"[ ,/.-]+", city) if word]
    return len(first) <= 6 and all(word[0].isupper() or not word[0].isalpha() or len(word) <= 3 for word in first)


def _outlet(raw: str | None) -> str | None:
    if raw is None:
        return None
    cut = _OUTLET_END.search(raw)
    name = (raw[: cut.start()] if cut else raw).strip(" \"'.,:-")
    return name or None


def _caseless(word: str) -> bool:
    return unicodedata.category(word[0]) == "Lo"


_JOINING = frozenset(
    "and und et y e en i и та ve och og de der den van von la le da di du del dos das bin al el ter ten zu".split()
)


def looks_like_name(text: str) -> bool:
    """One to four people: capitalised words (or a caseless script), few of them, and no sentence."""
    names = [part.strip() for part in re.split(r",| and | und | et | y | e | en | i | и | & ", text) if part.strip()]
    if not names or len(names) > 6:
        return False
    for name in names:
        parts = [part for part in re.split(r"[\s.]+", name) if part]
        if not 1 <= len(parts) <= 6:
            return False
        if _caseless(parts[0]):
            if len(name) > 24:
                return False
            continue
        if not all(part[0].isupper() or part.casefold() in _JOINING for part in parts):
            return False
    return True


def _looks_like_outlet(text: str, role: str) -> bool:
    """A name or a host, not the rest of a sentence."""
    parts = text.split()
    if len(parts) > 8 or _CLOCK.match(text) or is_date_line(text):
        return False
    if "." in parts[-1].strip(".") or _caseless(text):
        return len(text) <= 60
    if role in ("stamp", "byline"):
        return all(part[0].isupper() or part[0].isdigit() or part.casefold() in _NAME_WORDS for part in parts)
    return any(part[0].isupper() or part[0].isdigit() for part in parts)


_NAME_WORDS = frozenset("of the and for in on at de la le les der die das del du el y e & - i и".split())


def sources(marks: Sequence[Mark]) -> Iterator[Mark]:
    """The marks that say where the piece was before: credits, stamps, "read on at" and bylines with an outlet."""
    for mark in marks:
        if mark.role in ("credit", "stamp") or (mark.role in ("byline", "more") and (mark.outlet or mark.url)):
            yield mark


def without_rest(mark: Mark) -> Mark:
    """The mark with its line cut for display."""
    return mark if len(mark.line) <= 160 else replace(mark, line=mark.line[:157] + "...")
