"""What the pages of one site have in common: learned from the texts that were stored of them, used on the next page.

A paragraph on many pages that have nothing else in common is furniture; the element in which the articles of most
recent pages stood is where the next one stands. Both are only ever hints: a page that does not fit them is read as
if nothing had been learned.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import chain

from pipeline.extraction import lines
from pipeline.model import Learned, Repeated

PAGES = 50  # the newest of a site that are looked at
_WITNESSES = 5  # pages at least on which a line must stand to be furniture ...
_SHARE = 0.3  # ... and of all witnesses: what reporters add to every piece on one topic stands on fewer
_OWN = 0.5  # of a page's characters at least must be its own: a piece that a site prints twice is no witness
_LONGEST = 600  # characters: longer paragraphs are never furniture
_MOST = 100  # lines kept of a site
_RECENT = 20  # newest pages that say where the articles stand: with them a new template is noticed
_AT_LEAST = 10  # pages before a place is believed
_AGREED = 0.8  # of them that must agree
_GIVES = 1 / 3  # of a text's characters at most may go as furniture: a page of which more would go keeps all

_NUMBER = re.compile(r"\d+")


def learn(site: str, pages: Sequence[tuple[str, str | None]], before: Learned | None, learned_at: datetime) -> Learned:
    """What is to be known of a site, from the (text, place) of its newest pages, newest first.

    Lines learned before are kept, as they are no longer in the texts, until the articles stand somewhere else. The
    version grows with every change.
    """
    place = _place([place for _, place in pages[:_RECENT]])
    kept: dict[str, Repeated] = {}
    if before is not None and (place is None or before.place is None or place == before.place):
        kept = {_key(one.line): one for one in before.furniture}
    for one in _furniture([text.split("\n") for text, _ in pages[:PAGES]]):
        kept.setdefault(_key(one.line), one)
    furniture = tuple(kept.values())[:_MOST]
    same = before is not None and (before.furniture, before.place) == (furniture, place)
    version = 1 if before is None else before.version + (not same)
    return Learned(site, version, learned_at, min(len(pages), PAGES), furniture, place)


def without_furniture(text: Sequence[str], learned: Learned | None) -> Sequence[str]:
    """The lines of a page without those that its site repeats."""
    if learned is None or not learned.furniture:
        return text
    known = {_key(one.line) for one in learned.furniture}
    kept = [line for line in text if _key(line) not in known]
    gone = sum(map(len, text)) - sum(map(len, kept))
    return kept if gone <= _GIVES * sum(map(len, text)) else text


def _furniture(pages: Sequence[Sequence[str]]) -> list[Repeated]:
    keyed = [{_key(line): line for line in page} for page in pages]
    met = Counter(chain.from_iterable(keyed))
    witnesses = [page for page in keyed if _is_witness(page, met)]
    votes = Counter(chain.from_iterable(witnesses))
    needed = max(_WITNESSES, _SHARE * len(witnesses))
    spelt = {key: line for page in reversed(witnesses) for key, line in page.items()}
    found = [(count, spelt[key]) for key, count in votes.items() if count >= needed]
    # Credit lines are evidence of who had a text first, however often they stand there.
    found = [(count, line) for count, line in found if len(line) <= _LONGEST and not lines.is_credit_beside(line)]
    return [Repeated(line, count) for count, line in sorted(found, key=lambda one: (-one[0], one[1]))]


def _is_witness(page: Mapping[str, str], met: Counter[str]) -> bool:
    own = sum(len(line) for key, line in page.items() if met[key] == 1)
    return own > _OWN * sum(map(len, page.values()))


def _place(recent: Sequence[str | None]) -> str | None:
    known = Counter(place for place in recent if place is not None)
    if len(recent) < _AT_LEAST or not known:
        return None
    ((place, count),) = known.most_common(1)
    return place if count >= _AGREED * len(recent) else None


def _key(line: str) -> str:
    """What two pages' forms of one line have in common: "4,137 readers" and "52 readers"."""
    return _NUMBER.sub("0", line).casefold()
