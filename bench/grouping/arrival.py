"""Articles and words arriving one after the other, placed as a store would, with the matches of a world computed once.

What is shuffled is the order of arrival. Every decision is the real one; only the comparison of two texts, which does
not know about order, is looked up instead of made again ten thousand times.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.dedup import fingerprint
from pipeline.dedup.place import compare_with, place_among, settle
from pipeline.dedup.verdict import ASIDE, JOINING
from pipeline.model import Article, Bond, Copy, Match, Member, Neighbours, Placement, Word
from pipeline.words import in_force, touched

Outcome = frozenset[tuple[str, frozenset[Copy]]]


@dataclass(frozen=True)
class Known:
    """A world with all that its texts say about each other."""

    members: Mapping[str, Member]
    matches: Mapping[str, Sequence[Match]]  # by either article

    @classmethod
    def of(cls, articles: Iterable[Article]) -> Known:
        """Compare each article with all that share a key with it."""
        members: dict[str, Member] = {}
        keys: dict[int, list[str]] = defaultdict(list)
        matches: dict[str, list[Match]] = defaultdict(list)
        for article in articles:
            one = Member(article, fingerprint(article.text, article.title))
            candidates = sorted({url for key in one.fingerprint.bands for url in keys[key]})
            for match in compare_with(one, [members[url] for url in candidates], None):
                matches[match.a].append(match)
                matches[match.b].append(match)
            members[article.canonical_url] = one
            for key in one.fingerprint.bands:
                keys[key].append(article.canonical_url)
        return cls(members, matches)


class Arrival:
    """A store in memory, as far as placing asks it."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._members: dict[str, Member] = {}
        self._near: dict[str, list[Match]] = defaultdict(list)  # the matches among those that are there
        self._words: list[Word] = []
        self._bonds: tuple[Bond, ...] = ()
        self._stories: dict[int, tuple[str, frozenset[Copy]]] = {}
        self._last = 0

    def article(self, url: str) -> None:
        """One more article arrives."""
        one = self._known.members[url]
        fresh = [
            match for match in self._known.matches.get(url, ()) if {match.a, match.b} - {url} <= self._members.keys()
        ]
        near = [match.a if match.b == url else match.b for match in fresh]
        placement = place_among(one, self._neighbours(near, url), fresh)
        self._members[url] = one
        for match in fresh:
            self._near[match.a].append(match)
            self._near[match.b].append(match)
        self._write(placement)

    def word(self, word: Word) -> None:
        """A person says something, about articles that are there or not."""
        self._words.append(word)
        now = tuple(in_force(self._words))
        urls = sorted(touched(self._bonds, now))
        self._bonds = now
        there = [url for url in urls if url in self._members]
        if there:
            self._write(settle(there, self._neighbours(there)))

    @property
    def outcome(self) -> Outcome:
        """All stories: the original, and each copy with its kind, source, credit and evidence."""
        return frozenset(self._stories.values())

    def _neighbours(self, start: Collection[str], me: str = "") -> Neighbours:
        """What is connected with ``start`` (and with what people said about ``me``), and what stands around that."""
        reached = self._closure([*start, me])
        beside = {
            url for one in reached for match in self._near[one] if match.kind in ASIDE for url in (match.a, match.b)
        }
        members = {url: self._members[url] for url in sorted(reached | beside) if url in self._members}
        matches = {(match.a, match.b): match for url in members for match in self._near[url]}
        inside = tuple(match for pair, match in sorted(matches.items()) if {*pair} <= members.keys())
        return Neighbours((), members, inside, self._bonds)

    def _closure(self, start: Iterable[str]) -> set[str]:
        ways: dict[str, set[str]] = defaultdict(set)
        for bond in self._bonds:
            if bond.together:
                ways[bond.a].add(bond.b)
                ways[bond.b].add(bond.a)
        reached, todo = set(start), list(start)
        while todo:
            url = todo.pop()
            near = set(ways[url])
            for match in self._near[url]:
                if match.kind in JOINING:
                    near |= {match.a, match.b}
            if url in self._members and (story := self._members[url].story):
                near |= {copy.canonical_url for copy in self._stories[story][1]}
            todo += near - reached
            reached |= near
        return reached

    def _write(self, placement: Placement) -> None:
        for plan in placement.stories:
            for copy in plan.copies:
                self._members[copy.canonical_url] = replace(self._members[copy.canonical_url], story=None)
        for gone in placement.merged:
            self._stories.pop(gone)
        for plan in placement.stories:
            number = plan.story
            if number is None:
                self._last += 1
                number = self._last
            self._stories[number] = (plan.original, frozenset(plan.copies))
            for copy in plan.copies:
                self._members[copy.canonical_url] = replace(self._members[copy.canonical_url], story=number)
