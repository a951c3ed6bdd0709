"""Articles that a site spreads over several pages: which page is the next part, and the parts as one text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urlsplit

from pipeline import urls
from pipeline.extraction.text import letters
from pipeline.model import Extraction

MAX_PARTS = 10
_MAX_NUMBER = 99
_MAX_TEXT = 1_000_000  # characters, as of one page
_MAX_LINKS = 200

_FORMS = (
    re.compile(r"(?P<stem>.*)(?P<mark>/)(?P<number>\d{1,2})(?P<end>/?)"),  # /story/2
    re.compile(r"(?P<stem>.*)(?P<mark>/[a-z]{1,8}[/-])(?P<number>\d{1,2})(?P<end>/?)"),  # /story/page/2, /story/page-2
    re.compile(r"(?P<stem>.*)(?P<mark>[-_,])(?P<number>\d{1,2})(?P<end>\.\w{2,5})"),  # /story-2.html
)


def next_part(url: str, declared: Iterable[str]) -> str | None:
    """The first of the addresses declared as rel=next that is the next part of the article at ``url``.

    Content systems declare the next *article* so, too. A part has the address of the page before it but for a number,
    which is one higher, or 2 where the first part has none (HTML standard, link type "next").
    """
    for address in declared:
        if urls.same_site(url, address) and urls.canonical_url(url) in map(urls.canonical_url, _before(address)):
            return address
    return None


def joined(first: Extraction, others: Sequence[Extraction]) -> Extraction:
    """The parts as one. What a part repeats of those before it is left out; what has another title ends the article."""
    lines = first.text.split("\n")
    links = dict.fromkeys(first.links)
    last = first
    for part in others:
        if not _same_piece(first.title, part.title):
            return replace(last, more=None)
        known = set(lines)
        lines += [line for line in part.text.split("\n") if line and line not in known]
        links |= dict.fromkeys(part.links)
        last = replace(
            first, text="\n".join(lines)[:_MAX_TEXT].rstrip(), links=tuple(links)[:_MAX_LINKS], more=part.more
        )
    return last


def _same_piece(title: str | None, other: str | None) -> bool:
    ours, theirs = letters(title or ""), letters(other or "")
    return ours in theirs or theirs in ours


def _before(address: str) -> Iterator[str]:
    """The addresses that the part before the one at ``address`` can have."""
    parts = urlsplit(address)
    for form in _FORMS:
        match = form.fullmatch(parts.path)
        if match and int(match["number"]) > 1:
            number = int(match["number"])
            earlier = f"{match['stem']}{match['mark']}{number - 1}{match['end']}"
            yield parts._replace(path=earlier).geturl()
            if number == 2:
                yield parts._replace(path=match["stem"] + match["end"]).geturl()
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    for at, (name, value) in enumerate(pairs):
        if value.isdecimal() and len(value) <= 2 and 1 < int(value) <= _MAX_NUMBER:
            lower = [*pairs[:at], (name, str(int(value) - 1)), *pairs[at + 1 :]]
            yield parts._replace(query=urlencode(lower)).geturl()
            if int(value) == 2:
                yield parts._replace(query=urlencode([*pairs[:at], *pairs[at + 1 :]])).geturl()
