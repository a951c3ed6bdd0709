"""What single lines of an article say: credit (evidence of where a copy comes from), furniture, or a wall.

Every pattern is applied to one line of bounded length; the wording is in :mod:`pipeline.extraction.phrases`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.extraction import phrases
from pipeline.extraction.text import letters

MAX_CREDIT = 300  # characters: "This article first appeared on ..." with a licence sentence


def _any(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


_CREDIT = _any(phrases.CREDIT)
_BESIDE = _any(phrases.BESIDE)
_BYLINE = _any(phrases.BYLINE)
_MAX_BYLINE = 100
_FURNITURE = re.compile(rf"(?:{_any(phrases.FURNITURE).pattern})\W*", re.IGNORECASE)
_MAX_FURNITURE = 160
_LEADS = frozenset(map(letters, phrases.LEADS))
_LABELS = _LEADS | frozenset(map(letters, phrases.LABELS))
_MAX_LABEL = 60
_COLON = re.compile(r"\s*[:：|]")
_FOLLOW = _any(phrases.FOLLOW)
_WALL = _any(phrases.WALL)
_WALL_TITLE = re.compile(rf"(?:{_any(phrases.WALL_TITLE).pattern})\b.{{0,40}}", re.IGNORECASE)

# "dailyblitz.de 5 hours ago", "example.org vor 3 Stunden": how aggregators stamp what they took.
_SITE_STAMP = re.compile(
    r"\S{1,60}\.[a-z]{2,}\W+(?:vor |il y a |hace |há |منذ )?\d{1,3}\s*\w{1,12}"
    r"(?:\s+(?:ago|fa|atrás|geleden|назад|पहले))?",
    re.IGNORECASE,
)
# "A post shared by Ann Lee (@ann.lee) on Jun 16, 2019 at 7:30am PDT", in any language; a tweet's begins with a dash.
_POST_STAMP = re.compile(r"\w[^@]{4,80}\(@[\w.]{2,30}\)(?:\s[^@]{4,40}\b(?:19|20)\d\d\b[^@.!?]{0,30})?")
_DATE = re.compile(
    r"\b\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)?\d{2}\b|\b(?:19|20)\d{2}[/.-]\d{1,2}[/.-]\d{1,2}\b|"
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+(?:19|20)\d{2}\b|"
    r"\b(?:19|20)\d{2}年\d{1,2}月\d{1,2}日",
    re.IGNORECASE,
)
_MAX_DATE_STAMP = 60


@lru_cache(maxsize=4_096)  # what stands beside articles is the same on all pages of a site
def is_credit(line: str) -> bool:
    """Whether the line says where the text comes from, wherever it stands in a body."""
    if len(line) > MAX_CREDIT:
        return False
    return bool((_holds(line, phrases.CREDIT_WORDS) and _CREDIT.search(line)) or _SITE_STAMP.fullmatch(line))


@lru_cache(maxsize=4_096)
def is_credit_beside(line: str) -> bool:
    """Whether the line is a credit, a byline or a way to the rest, when it stands directly before or after a body."""
    if is_credit(line) or is_byline(line):
        return True
    return len(line) <= MAX_CREDIT and _holds(line, phrases.BESIDE_WORDS) and bool(_BESIDE.search(line))


def _holds(line: str, words: tuple[str, ...]) -> bool:
    lower = line.lower()
    return any(word in lower for word in words)


def is_byline(line: str) -> bool:
    """Whether the line begins as a byline does."""
    return len(line) <= _MAX_BYLINE and bool(_BYLINE.match(line))


def is_date_stamp(line: str) -> bool:
    """Whether the line is short and holds a date, as in a sign-off."""
    return len(line) <= _MAX_DATE_STAMP and bool(_DATE.search(line))


def is_name(line: str) -> bool:
    """Whether the line can be a person's name alone: two to four words, no digits, no sentence."""
    words = line.split()
    return 2 <= len(words) <= 4 and all(word[0].isupper() for word in words) and line[-1] not in ".!?:,;"


def is_furniture(line: str) -> bool:
    """Whether the whole line is a share, newsletter, advertisement or related-stories label, or an embedded post's."""
    return len(line) <= _MAX_FURNITURE and _is_label(line)


@lru_cache(maxsize=4_096)
def _is_label(line: str) -> bool:
    found = _FURNITURE.fullmatch(line) or _POST_STAMP.fullmatch(line) or _is_known(line) or _asks_to_follow(line)
    return bool(found) and not is_credit(line)


def _is_known(line: str) -> bool:
    """Whether the line is one of the labels, or one that leads to other stories with the title of one behind it."""
    if len(line) <= _MAX_LABEL and letters(line) in _LABELS:
        return True
    colon = _COLON.search(line, 0, _MAX_LABEL)
    return colon is not None and letters(line[: colon.start()]) in _LEADS


def _asks_to_follow(line: str) -> bool:
    return _holds(line, phrases.SERVICES) and bool(_FOLLOW.match(line))


def is_wall(line: str) -> bool:
    """Whether the line asks for a login, a subscription, consent, JavaScript or a player."""
    return bool(_WALL.search(line[:1_000]))


def is_wall_title(title: str) -> bool:
    """Whether a page of this title is a barrier and no article."""
    return bool(_WALL_TITLE.fullmatch(title[:200].strip()))
