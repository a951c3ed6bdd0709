"""Deciding anew on what is stored: after a person's word, and under other rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from pipeline.dedup.place import settle
from pipeline.model import Word
from pipeline.words import in_force, touched

if TYPE_CHECKING:
    from pipeline.store import Placing


def say(placing: Placing, words: Iterable[Word]) -> list[Word]:
    """Keep words, those that are there already left out, and decide anew on whom they concern; returns the new ones."""
    known = {_content(word) for word in placing.words.all()}
    fresh = [word for word in dict.fromkeys(words) if _content(word) not in known]
    kept = placing.words.add(fresh)
    _carry_out(placing)
    return kept


def take_back(placing: Placing, ids: Sequence[int]) -> None:
    """Forget words, and decide anew on whom they concerned; earlier words that they overruled hold again."""
    placing.words.remove(ids)
    _carry_out(placing)


def _content(word: Word) -> tuple[object, ...]:
    return word.verb, word.said_at, frozenset(word.urls), frozenset(word.others)


def _carry_out(placing: Placing) -> None:
    before = placing.words.bonds()
    now = in_force(placing.words.all())
    left = touched(before, now)
    placing.words.hold(now)
    while left:
        url = min(left)
        left.remove(url)
        neighbours = placing.around([url])
        if url not in neighbours.members:
            continue  # not stored yet: the word takes effect when it comes
        placement = settle([url], neighbours)
        placing.settle(placement)
        left -= {copy.canonical_url for plan in placement.stories for copy in plan.copies}
