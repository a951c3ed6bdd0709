"""Lines that are not the piece itself: read as evidence, and taken out before texts are compared.

The table of forms is data (:mod:`pipeline.dedup.formtable`), compiled by
:mod:`pipeline.dedup.formindex`; this module applies it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from pipeline.dedup.fold import fold
from pipeline.dedup.formindex import ANYWHERE, CREDIT, EVERYWHERE, HEAD, LONGEST_SHORT, Form, FormIndex, index
from pipeline.dedup.formsyntax import flat
from pipeline.dedup.formtable import CALENDAR, LABELS
from pipeline.dedup.wording import (
    author_of,
    calendar_numbers,
    caseless,
    ends_like_date,
    is_date_line,
    is_post,
    looks_like_name,
    looks_like_outlet,
    named_like_outlet,
    outlet_of,
)

__all__ = ["Form", "FormIndex", "Mark", "index", "is_date_line", "read_marks", "sources", "without_rest"]

LONGEST_LINE = 320  # characters; the longest credit line met was 268
HEAD_LINES = 8  # credit lines stand in the first or last lines; the deepest met was the 6th
TAIL_LINES = 14  # behind newsletter boxes and contributor notes

LONGEST_PLACE_WITHOUT_CASE = 24  # characters, in up to three words

_WRAPPING = " *_#>|~•·▪■►▶→\"'()[]【】<>{}-="
_BEFORE = _WRAPPING + "."
_AFTER = _WRAPPING + ".,;:!。।"
_NAME_AND_OUTLET = re.compile(r"(?P<author>.{2,90}?) ?(?:,| -|\|) (?P<outlet>[^,|]{2,60})")
_YEAR = re.compile(r"[\W_]+(?:19|20)\d\d$")
_DIGIT = re.compile(r"\d")
_URL = re.compile(r"https?://[^\s<>\"')\]]{3,300}")
_DATELINES = tuple(
    re.compile(pattern)
    for pattern in (
        # Not \w: the vowel signs of Hindi and its neighbours are none.
        r"(?P<city>[^\W\d_][^():;!?\"|]{1,60}?)? ?(?:, [^()]{3,20} )?\((?P<outlet>[^()\d]{2,40})\)"
        r"\.? ?(?:-+|:) ?(?=\S)",
        # Indian agencies write no dash: "New Delhi, Jun 3 (PTI) The ...", "नयी दिल्ली, तीन जून (भाषा) ..."
        r"(?P<city>[^\W\d_][^(),;:\d]{1,40}), (?P<day>[^\s(),]{1,12} [^\s(),]{1,12})"
        r" \((?P<outlet>[^()\d]{2,12})\) (?=\S)",
        r"\((?P<outlet>[\u4e00-\u9fff]{1,4}(?:社|網|报|報))[^()\d]{1,20}\d{1,2}日"
        r"[^()]{0,10}(?:電|电|訊|讯)[^()]{0,6}\) ?(?=\S)",
        r"(?P<city>[^\W\d_][\w .'-]{1,40}?)(?:, [^/]{3,30})? ?/(?P<outlet>[A-Za-z][\w .-]{2,30})/ ?-+ ?(?=\S)",
        r"【(?P<outlet>[^】\d]{2,30})】 ?(?=\S)",
        r"(?P<outlet>[\u4e00-\u9fff]{1,8}(?:社|网|報|报))[\u4e00-\u9fff]{0,10}\d{1,2}月\d{1,2}日(?:电|電|讯|訊)"
        r"(?: ?\([^()]{1,40}\))?[:, ]*(?=\S)",
        r"\([가-힣·]{1,12}=(?P<outlet>[^()\d]{2,30})\) ?(?:[가-힣 ]{2,12} (?:기자|특파원) ?)?=? ?(?=\S)",
        r"[A-ZÀ-ÖØ-ÞА-Я][A-ZÀ-ÖØ-ÞА-Я .'/-]{2,40}(?:, [\w. ]{2,20})? ?(?:--?|:) (?=\S)",
    )
)
_AGENCY_SIGNS = ("(", "/", "【", "日")  # one of which stands in every dateline with an agency


@dataclass(frozen=True, slots=True)
class Mark:
    """A line that is not the piece itself, and what was read from it.

    ``role`` is one of formtable's roles, or "title" (repeats the title), "sign-off" (a name over a date), "dateline" or
    "issuer" (of a press release).
    """

    role: str
    line: str
    author: str | None = None
    outlet: str | None = None
    url: str | None = None
    language: str = ""


@cache
def _labels() -> re.Pattern[str]:
    known = "|".join(re.escape(fold(label.strip())) for label in LABELS if label.strip())
    return re.compile(rf"(?:{known})(?: ?[:.] | ?:|\) )[ *_\"]*", re.IGNORECASE)


def read_marks(text: str, title: str | None = None) -> tuple[tuple[Mark, ...], list[str]]:
    """Split a text of lines into the marks that it carries and the lines of its body (hard-wrapped lines joined)."""
    lines = _unwrap([" ".join(line.split()) for line in text.split("\n")])
    folded = [fold(line) if len(line) <= LONGEST_LINE else "" for line in lines]
    folded_title = flat(fold(title)).strip() if title else ""
    marks: list[Mark] = []
    body: list[str] = []
    last = len(lines) - 1
    skip = -1
    for number, line in enumerate(lines):
        if number == skip:
            continue
        plain = folded[number]
        head, tail = number < HEAD_LINES, last - number < TAIL_LINES
        if not plain:
            mark = None
        elif folded_title and len(plain) == len(folded_title) and flat(plain) == folded_title:
            mark = Mark("title", line)
        elif (head or tail) and number < last and (mark := _over_a_date(plain, folded[number + 1], number * 2 < last)):
            skip = number + 1
        else:
            mark = _match(plain, line, head, tail)
        if mark is None:
            rest, mark = _closing_credit(plain, line) if head or tail else (line, None)
            body.append(_strip_dateline(rest, marks, first=not body) if head else rest)
        if mark is not None:
            marks.append(mark)
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
    core = _core(folded)
    mark = _first_form(core, line, HEAD if head else EVERYWHERE if tail else ANYWHERE)
    if mark is None and tail and len(core) <= LONGEST_SHORT:
        mark = _closing_byline(core, line)
    if mark is None and head:
        mark = _dated_byline(core, line)
    if mark is None and (head or tail) and (signed := _signed(core)):
        return Mark("sign-off" if tail else "byline", line, *signed)
    return mark


def _closing_byline(core: str, line: str) -> Mark | None:
    """A line like "By Jane Roe, The Ledger" under a text. A name alone may end a quotation or a letter there."""
    mark = _first_form(core, line, HEAD)
    return mark if mark and mark.role == "byline" and mark.author and mark.outlet else None


def _dated_byline(core: str, line: str) -> Mark | None:
    """A line like "3 June 2025 | By Jane Roe" over a text."""
    date, bar, rest = core.partition("|")
    if not bar or len(core) > LONGEST_SHORT or not is_date_line(date.strip()):
        return None
    name = _core(rest)
    mark = _first_form(name, line, HEAD)
    if mark is None and looks_like_name(name):
        return Mark("byline", line, author=name)
    return mark if mark and mark.role == "byline" else None


def _core(folded: str) -> str:
    """A line without the markup, brackets, quotation marks and label around it."""
    core = folded.replace("《", '"').replace("》", '"') if "《" in folded else folded
    core = core.lstrip(_BEFORE).rstrip(_AFTER)
    if label := _labels().match(core):
        core = core[label.end() :].lstrip(_BEFORE)
    return core


def _first_form(core: str, line: str, roles: frozenset[str]) -> Mark | None:
    for form in index().candidates(flat(core), roles):
        found = form.fullmatch(core)
        if found is not None and (mark := _as_mark(form, found.groupdict(), core, line)):
            return mark
    return None


def _as_mark(form: Form, groups: Mapping[str, str | None], core: str, line: str) -> Mark | None:
    """What a form read, unless the parts are not what the form takes them for."""
    author, outlet, url, date = groups.get("author"), None, groups.get("url"), groups.get("date")
    if author is not None:
        if form.role in ("byline", "agency", "credit") and not looks_like_name(author):
            return None
        if groups.get("media") and " " not in author:  # "Denver, The Post": no name that one would know for a person's
            return None
        author = author_of(author) or None
    if date is not None and form.role in ("own", "byline") and not calendar_numbers(date):
        return None
    for kind in ("outlet", "capitalised", "media"):
        raw = groups.get(kind)
        if raw is None:
            continue
        if found := _URL.match(raw):
            url = url or found[0].rstrip(".,")
            continue
        outlet = outlet_of(_YEAR.sub("", raw) if form.role == "rights" else raw)
        if form.role == "byline" and is_post(outlet):
            outlet = None
            continue
        strict = '"' not in raw and (kind != "outlet" or form.role in ("stamp", "byline", "more"))
        if not looks_like_outlet(outlet, strict=strict) or (kind == "media" and not named_like_outlet(outlet)):
            return None
    if form.role == "credit" and core.startswith("SOURCE "):  # the last line of a press release names who issued it
        return Mark("issuer", line, author=outlet, language=form.language)
    if form.role == "credit" and url is None and (found := _URL.search(core)):
        url = found[0].rstrip(".,")
    return Mark(form.role, line, author, outlet or None, url, form.language)


def _closing_credit(folded: str, line: str) -> tuple[str, Mark | None]:
    """A credit in so many words as the last sentence of a paragraph: the paragraph without it, and the credit."""
    before, stop, sentence = folded.rpartition(". ")
    if not stop or not before or len(line) != len(folded):
        return line, None
    core = _core(sentence)
    for form in index().candidates(flat(core), CREDIT):
        found = form.fullmatch(core)
        if found is None or not found.groupdict().get("outlet"):
            continue
        at = len(before) + 1
        if mark := _as_mark(form, found.groupdict(), core, line[at:].strip()):
            return line[:at], mark
    return line, None


def _signed(core: str) -> tuple[str, str | None] | None:
    """Author and outlet of "Jane Roe, 3 June 2025" or "Jane Roe, The Ledger | Mon, 06/30/2025 - 02:00"."""
    digit = _DIGIT.search(core)
    if len(core) > LONGEST_SHORT or digit is None or not ends_like_date(core):
        return None
    for found in re.finditer(r"[ ,|-]+", core[: digit.start()]):
        if is_date_line(core[found.end() :]):
            name = re.sub(r"^by ", "", core[: found.start()], flags=re.IGNORECASE)
            both = _NAME_AND_OUTLET.fullmatch(name)
            if both and named_like_outlet(both["outlet"]) and looks_like_name(both["author"]):
                return author_of(both["author"]), both["outlet"]
            return (author_of(name), None) if looks_like_name(name) and ":" not in name else None
    return None


def _over_a_date(name: str, date: str, above: bool) -> Mark | None:
    """A name with a date under it: over the text the author's, under it the sign-off of a site that took the text."""
    if len(name) > 60 or len(date) > 60 or not is_date_line(date):
        return None
    line = f"{name} {date}"
    mark = _first_form(_core(name), line, HEAD)
    if mark is not None and mark.role == "byline":
        return mark
    if mark is None and looks_like_name(name.strip(" ,|-")):
        return Mark("byline" if above else "sign-off", line, author=name.strip(" ,|-"))
    return None


def _strip_dateline(line: str, marks: list[Mark], *, first: bool) -> str:
    """Cut "CITY (Agency) - " from the front of a paragraph near the head, and keep it as a mark.

    A city alone counts before the first paragraph only; with an agency also where a menu or a caption came before it.
    """
    if any(mark.role == "dateline" for mark in marks):
        return line
    head = fold(line[:140])
    if not (first or any(sign in head for sign in _AGENCY_SIGNS)):
        return line
    for pattern in _DATELINES:
        found = pattern.match(head)
        if found is None or not _looks_like_place(found.groupdict().get("city")):
            continue
        day = found.groupdict().get("day")
        outlet = found.groupdict().get("outlet")
        if day is not None and not (_names_day(day) and _abbreviated(outlet or "")):
            continue
        if first or (outlet and len(line) > len(found[0]) + 60):
            marks.append(Mark("dateline", line[: found.end()].strip(), outlet=outlet))
            return line[found.end() :] if len(head) == len(line[:140]) else fold(line)[found.end() :]
    return line


def _names_day(text: str) -> bool:
    """Is one of two words a month, and the other a number, in figures or in a script that I can't tell a verb in?"""
    parts = [part.strip(".").casefold() for part in text.split()]
    months = [part for part in parts if part in CALENDAR]
    return bool(months) and (_DIGIT.search(text) is not None or caseless(months[0]))


def _abbreviated(outlet: str) -> bool:
    """Is it an agency's abbreviation, or a word of a script without capitals, and no day of the week?"""
    return (outlet.isupper() or caseless(outlet)) and outlet.casefold() not in CALENDAR


def _looks_like_place(city: str | None) -> bool:
    if not city:
        return True
    parts = [word for word in re.split(r"[ ,/.\[\]-]+", city) if word]
    if any(caseless(word) for word in parts):
        named = [word for word in parts if not _DIGIT.search(word) and word.casefold() not in CALENDAR]
        return len(named) <= 3 and sum(map(len, named)) <= LONGEST_PLACE_WITHOUT_CASE
    return len(parts) <= 6 and all(word[0].isupper() or not word[0].isalpha() or len(word) <= 3 for word in parts)


def sources(marks: Sequence[Mark]) -> Iterator[Mark]:
    """The marks that say where the piece was before: credits, stamps, "read on at" and bylines with an outlet."""
    for mark in marks:
        if mark.role in ("credit", "stamp") or (mark.role in ("byline", "more") and (mark.outlet or mark.url)):
            yield mark


def without_rest(mark: Mark) -> Mark:
    """The mark with its line cut for display."""
    return mark if len(mark.line) <= 160 else replace(mark, line=mark.line[:157] + "...")
