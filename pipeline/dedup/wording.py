"""Does a piece of a line look like a person's name, an outlet's, a date? By capitals, length and calendar words."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from pipeline.dedup.fold import fold
from pipeline.dedup.formtable import CALENDAR, MEDIA_WORDS, NOT_OUTLETS, OUTLET_LEADS, POSTS, SMALL_OUTLETS

# What follows an outlet's name in the same sentence and is no part of it.
_OUTLET_END = re.compile(
    r",? (?:on|in|am|le|el|il|em|op|at|den|dnia|от|від) (?=\d|\w+,? \d)"
    r"|,? (?:under (?:the|a) |with (?:kind )?permission|and (?:is|was|has|appears)|as part of)"
    r"|,? (?:unter (?:dem|der|einer)|sous (?:licence|le)|bajo (?:licencia|el)|sotto|sob|onder) "
    r"|,? (?=\d{1,2}\.? [^\W\d]{3,12}\.? \d{4})|,? \d{1,2}[./]\d|[,،、] ?(?=\w+ \d|\d)"
    r"|(?<!\bst)(?<!\b\w)\. | - |, republi",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\d{1,2}[:.]\d\d|\d+$")
_HOST = re.compile(r"(?:[\w-]+\.)+[a-z]{2,12}(?=/|$)", re.IGNORECASE)
_MEDIA = re.compile(rf"\b{MEDIA_WORDS}\b", re.IGNORECASE)
_POST = re.compile(rf"(?:{POSTS})(?: .{{0,40}})?", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,2}h\d{2}|\d{1,4}(?:st|nd|rd|th|am|pm|h|er|º|ª|年|月|日|년|월|일|时|時|点|분|시)?")
_DIGIT = re.compile(r"\d")
_DATE_OR_TIME = re.compile(r"(?<!\d)(?:\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}|\d{1,2}[:.h]\d\d)(?!\d)")
_BETWEEN_NAMES = re.compile(r",| and | und | et | y | e | en | i | и | та | ve | och | og | & |、|,|;")
_DATE_WORD = re.compile(r"[^\s,/:|.()年月日년월일时時点点分-]+")
_SENTENCE = frozenset(",。、!?:;؟،।")
_UNSPACED_LETTERS = re.compile("[\u0e00-\u0eff\u3041-\u30ff\u3400-\u9fff]")

_JOINING = frozenset(
    "and und et y e en i и та ve och og de der den van von la le da di du del dos das bin al el ter ten zu".split()
)
_ELIDED = ("d'", "l'", "o'", "al-", "el-", "de'", "dell'")
_NAME_WORDS = frozenset(
    "of the and for in on at de la le les l' der die das den dem des del della di da do dos das du el y e & - | i и a"
    " à und für et en van het voor z w na och för".split()
)

LONGEST_AUTHOR_WITHOUT_CASE = 24  # characters: two people in any script without capitals
LONGEST_OUTLET_WITHOUT_CASE = 60
LONGEST_OUTLET_WITHOUT_SPACES = 24


def caseless(word: str) -> bool:
    """Is the word in a script without capitals?"""
    return unicodedata.category(word[0]) == "Lo"


def looks_like_name(text: str) -> bool:
    """One to six people: capitalised words (or a script without capitals), few of them, and no sentence."""
    names = [part.strip() for part in _BETWEEN_NAMES.split(text) if part.strip()]
    return 1 <= len(names) <= 6 and all(_one_name(name) for name in names)


def _one_name(name: str) -> bool:
    parts = [part for part in re.split(r"[\s.]+", name) if part]
    if not 1 <= len(parts) <= 6:
        return False
    if caseless(parts[0]):
        return len(name) <= LONGEST_AUTHOR_WITHOUT_CASE and len(parts) <= 4 and _SENTENCE.isdisjoint(name)
    if not any(part[0].isupper() for part in parts):
        return False
    return all(part[0].isupper() or part.casefold() in _JOINING or part.startswith(_ELIDED) for part in parts)


def author_of(raw: str) -> str:
    """A name without posts behind it: "Jane Roe, Staff Writer" is Jane Roe."""
    parts = raw.strip(" ,.-|").split(", ")
    while len(parts) > 1 and is_post(parts[-1]):
        parts.pop()
    return ", ".join(parts).strip(" ,.-|")


def is_post(text: str) -> bool:
    """Is the text what somebody is employed as, and no outlet?"""
    return _POST.fullmatch(text.strip()) is not None


def outlet_of(raw: str) -> str:
    """An outlet's name without what follows it in the sentence, and without "the newspaper" before it."""
    cut = _OUTLET_END.search(raw)
    name = (raw[: cut.start()] if cut else raw).strip(" '.,:-")
    if '"' in name:
        return name.split('"')[1].strip(" '.,:-")
    found = _leads().match(name)
    while found and found.end() < len(name):
        rest = name[found.end() :].strip(" '")
        if not rest or not (_starts_name(rest) or caseless(rest) or _HOST.match(rest) or rest in SMALL_OUTLETS):
            break
        name = rest
        found = _leads().match(name)
    if host := _HOST.match(name):
        return host[0]
    return name


@cache
def _leads() -> re.Pattern[str]:
    # As written inside a sentence, so "The Daily Courier" keeps all of its name and "the daily Courier" does not.
    return re.compile("(?:" + fold("|".join(OUTLET_LEADS)) + ")(?: |(?<=[\u0e00-\u0eff])|(?<=l'))(?=\\S)")


def looks_like_outlet(name: str, *, strict: bool) -> bool:
    """A name or a host, not the rest of a sentence; ``strict`` where the words around it say little."""
    parts = name.split()
    if not parts or len(parts) > 8 or _CLOCK.match(name) or calendar_numbers(name):
        return False
    if len(parts) == 1 and name.casefold() in CALENDAR | NOT_OUTLETS:
        return False
    if _HOST.fullmatch(name) or name.casefold() in SMALL_OUTLETS:
        return True
    if caseless(name):
        limit = LONGEST_OUTLET_WITHOUT_SPACES if _UNSPACED_LETTERS.match(name) else LONGEST_OUTLET_WITHOUT_CASE
        return len(name) <= limit and len(parts) <= 6 and _SENTENCE.isdisjoint(name)
    if not strict and len(parts) <= 2:
        return len(name) > 1
    if not _starts_name(parts[0]):
        return False
    return all(_starts_name(part) or part.casefold() in _NAME_WORDS or part.startswith(_ELIDED) for part in parts)


def _starts_name(word: str) -> bool:
    return word[0].isupper() or word[0].isdigit()


def named_like_outlet(name: str) -> bool:
    """Does the name say by itself that it is an outlet's: "Meridian Press", "The Ledger", "northquay.example"?"""
    return _HOST.fullmatch(name) is not None or _MEDIA.search(name) is not None or name.startswith("The ")


def is_date_line(folded: str) -> bool:
    """Is the text nothing but a date or a time, in one of the table's languages?"""
    if not 4 <= len(folded) <= 120:
        return False
    count = calendar_numbers(folded)
    return count >= 2 and (_DATE_OR_TIME.search(folded) is not None or _has_year(folded))


def ends_like_date(folded: str) -> bool:
    """Can the text end in a date? Its last word is a number or in the calendar."""
    last = folded.rsplit(None, 1)[-1]
    return _DIGIT.search(last) is not None or calendar_numbers(f"1 {last}") > 0


def calendar_numbers(folded: str) -> int:
    """How many numbers a text holds that has only numbers and calendar words; 0 when it has others."""
    if not _DIGIT.search(folded):
        return 0
    count = 0
    for found in _DATE_WORD.finditer(folded):
        plain = found[0].strip(";'").casefold()
        if _NUMBER.fullmatch(plain):
            count += 1
        elif plain and plain not in CALENDAR:
            return 0
    return count


def _has_year(folded: str) -> bool:
    numbers = (int(number) for number in re.findall(r"(?<!\d)\d{4}(?!\d)", folded))
    return any(1900 <= number <= 2099 or 2443 <= number <= 2642 for number in numbers)  # the latter: Buddhist era
