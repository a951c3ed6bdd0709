"""What people said about articles, made into pairs that belong together or apart: pure, and the later word wins.

A word is never carried out on the groups: it is an input of the decision on them. So it lasts through every
regrouping, and it does not matter whether it or the articles came first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from pipeline.model import Bond, Verb, Word


class Blocs:
    """Disjoint sets of URLs, some of which must stay apart (union-find).

    Made of bonds that do not contradict each other, it answers what may still be joined; a URL that nobody named is a
    set of its own.
    """

    def __init__(self, bonds: Iterable[Bond] = ()) -> None:
        self._above: dict[str, str] = {}
        self._apart: dict[str, set[str]] = defaultdict(set)  # between the heads of sets
        ordered = sorted(bonds, key=lambda bond: (not bond.together, bond.a, bond.b))
        for bond in ordered:
            (self.join if bond.together else self.keep_apart)(bond.a, bond.b)

    def of(self, url: str) -> str:
        """The head of the set that ``url`` is in: its smallest URL."""
        head = url
        while head in self._above:
            head = self._above[head]
        while url != head:
            self._above[url], url = head, self._above[url]
        return head

    def may_join(self, a: str, b: str) -> bool:
        """Is there nobody in one set who must stay apart from somebody in the other?"""
        return self.of(b) not in self._apart.get(self.of(a), ())

    def join(self, a: str, b: str) -> None:
        """Make one set of two that may be joined."""
        head, other = sorted((self.of(a), self.of(b)))
        if head == other:
            return
        self._above[other] = head
        for stranger in self._apart.pop(other, ()):
            self._apart[stranger].discard(other)
            self._apart[stranger].add(head)
            self._apart[head].add(stranger)

    def keep_apart(self, a: str, b: str) -> None:
        """Let two sets never be joined."""
        left, right = self.of(a), self.of(b)
        self._apart[left].add(right)
        self._apart[right].add(left)


def bonds(word: Word) -> Iterator[Bond]:
    """The pairs that one word is about."""
    if word.verb is Verb.MERGE:
        first, *others = sorted(set(word.urls))
        pairs = [(first, other) for other in others]
    elif word.verb is Verb.SPLIT:
        pairs = [(url, other) for url in word.urls for other in word.others]
    else:
        pairs = [(url, other) for url in word.urls for other in word.urls if url < other]
    for a, b in sorted({(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]}):
        yield Bond(a, b, word.verb is Verb.MERGE, word.said_at)


def in_force(words: Iterable[Word]) -> list[Bond]:
    """The pairs that hold, newest first: each that does not contradict the newer ones, directly or through others.

    Of two said at the same moment the one that keeps apart counts as the newer: it can be repaired more easily. What a
    newer word took out of a merge leaves the others in it together.
    """
    ordered = sorted(words, key=_moment)
    blocs = Blocs()
    found: dict[tuple[str, str], Bond] = {}
    for word in reversed(ordered):
        for bond in _joined(word, blocs) if word.verb is Verb.MERGE else _kept_apart(word, blocs):
            found.setdefault((bond.a, bond.b), bond)
    return list(found.values())


def _moment(word: Word) -> tuple[datetime, bool, Verb, tuple[str, ...], tuple[str, ...]]:
    return (word.said_at, word.verb is not Verb.MERGE, word.verb, word.urls, word.others)


def _joined(word: Word, blocs: Blocs) -> Iterator[Bond]:
    """The pairs by which a merge still joins its articles, each with the first before it that it may be with."""
    parts: list[str] = []
    for url in sorted(set(word.urls)):
        first = next((one for one in parts if blocs.may_join(one, url)), None)
        if first is None:
            parts.append(url)
        else:
            blocs.join(first, url)
            yield Bond(first, url, together=True, said_at=word.said_at)


def _kept_apart(word: Word, blocs: Blocs) -> Iterator[Bond]:
    """The pairs that a word still keeps apart.

    Who puts one that was split off together with one that stayed takes it back to all that stayed: of a story its
    original alone is named.
    """
    stayed = {blocs.of(url) for url in word.others}
    returned = {url for url in word.urls if word.verb is Verb.SPLIT and blocs.of(url) in stayed}
    for bond in bonds(word):
        if returned.isdisjoint((bond.a, bond.b)) and blocs.of(bond.a) != blocs.of(bond.b):
            blocs.keep_apart(bond.a, bond.b)
            yield bond


def overruled(words: Sequence[Word]) -> dict[Word, list[Word]]:
    """The words of which some pair does not hold, with the later ones that say the opposite about those articles."""
    holding = {(bond.a, bond.b, bond.together) for bond in in_force(words)}
    found: dict[Word, list[Word]] = {}
    for word in words:
        lost = [one for one in bonds(word) if (one.a, one.b, one.together) not in holding]
        if lost:
            touched = {url for one in lost for url in (one.a, one.b)}
            found[word] = [
                other
                for other in words
                if other.said_at > word.said_at
                and (other.verb is Verb.MERGE) != (word.verb is Verb.MERGE)
                and touched & {*other.urls, *other.others}
            ]
    return found


def touched(before: Iterable[Bond], now: Iterable[Bond]) -> set[str]:
    """The articles whose places may be others when these pairs hold instead of those before."""
    old = {(bond.a, bond.b, bond.together) for bond in before}
    new = {(bond.a, bond.b, bond.together) for bond in now}
    return {url for a, b, _ in old ^ new for url in (a, b)}


def after(words: Iterable[Word], now: datetime) -> datetime:
    """A moment for a new word: now, and in any case later than every word before, whatever the clock does."""
    return max([now, *(word.said_at + timedelta(microseconds=1) for word in words)])
