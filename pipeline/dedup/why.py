"""Why two texts are held to be the same, and why a copy is held to come from another one: for people to judge.

Figures come from the matches that the decision was made of; passages are found again in the texts, exactly.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.dedup.attribution import Claim, article_marks
from pipeline.dedup.cluster import component
from pipeline.dedup.forms import Mark
from pipeline.dedup.match import verify
from pipeline.dedup.pair import overlap, runs
from pipeline.dedup.scene import scene_of
from pipeline.dedup.text import WORDS_PER_SHINGLE, Mask, Reading, read
from pipeline.dedup.thresholds import Thresholds
from pipeline.dedup.verdict import JOINING
from pipeline.model import Article, Bond, Match, Neighbours

QUOTED = 160  # characters of a passage that are shown
PAIRS = 3  # that join an article and are told about
PASSAGES = 3  # of each pair, the longest first
APART = 2  # stretches that only one of two texts has


@dataclass(frozen=True, slots=True)
class Passage:
    """Words that two texts share, or that only one of them has: where they begin, counted in words, and how many.

    In scripts without spaces a word is a character. Lines that were taken out as furniture do not count.
    """

    words: int
    start_a: int | None
    start_b: int | None
    quote: str


@dataclass(frozen=True, slots=True)
class Compared:
    """Two articles beside each other. ``match`` is None when they have next to nothing in common."""

    match: Match | None
    passages: tuple[Passage, ...]
    only_a: tuple[Passage, ...]
    only_b: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why one article is where it is: pairs that join it, lines that were taken out of it, sources that it names."""

    joins: tuple[Compared, ...] = ()  # with its source and its original first, then the strongest; at most PAIRS
    pairs: int = 0  # how many join it in all
    cut: tuple[Mark, ...] = ()
    claims: tuple[Claim, ...] = ()  # as they were weighed, best first; to articles of other stories, too
    bonds: tuple[Bond, ...] = ()


def beside(a: Article, b: Article, match: Match | None) -> Compared:
    """Two articles in order of their canonical URLs, with what their texts share and what only one of them has."""
    a, b = sorted((a, b), key=lambda article: article.canonical_url)
    left, right = read(a.text, a.title), read(b.text, b.title)
    found = overlap(left, right)
    shared = sorted(_shared(left, right, found.cover_a), key=lambda one: (-one.words, one.start_a or 0))
    return Compared(
        match,
        tuple(shared[:PASSAGES]),
        tuple(Passage(words, start, None, quote) for words, start, quote in _lonely(left, found.cover_a)),
        tuple(Passage(words, None, start, quote) for words, start, quote in _lonely(right, found.cover_b)),
    )


def compared(a: Article, b: Article, thresholds: Thresholds | None = None) -> Compared:
    """As :func:`beside`, of two articles that are compared now."""
    return beside(a, b, verify(a, b, thresholds))


def _shared(left: Reading, right: Reading, cover: Mask) -> Iterator[Passage]:
    """Runs of words that stand in both texts, of the length of a shingle or more."""
    places: dict[int, int] = {}
    for at, value in enumerate(right.positions.tolist()):
        places.setdefault(value, at)
    mine, theirs = left.folded, right.folded
    for start, end, agrees in runs(cover):
        at = start
        while agrees and at < min(end, len(left.positions)):
            there = places.get(int(left.positions[at]))
            length = 0 if there is None else _common(mine, at, theirs, there)
            if length:
                yield Passage(length, at, there, _quote(left, at, at + length))
            at += max(length, 1)


def _common(mine: Sequence[str], at: int, theirs: Sequence[str], there: int) -> int:
    """How many words agree from here on."""
    length = 0
    while at + length < len(mine) and there + length < len(theirs) and mine[at + length] == theirs[there + length]:
        length += 1
    return length


def _lonely(reading: Reading, cover: Mask) -> list[tuple[int, int, str]]:
    found = [(end - start, start, _quote(reading, start, end)) for start, end, agrees in runs(cover) if not agrees]
    return sorted(found, key=lambda one: (-one[0], one[1]))[:APART]


def _quote(reading: Reading, start: int, end: int) -> str:
    glue = " " if reading.size <= WORDS_PER_SHINGLE else ""
    text = glue.join(reading.tokens[start : min(end, start + QUOTED)])
    return text if len(text) <= QUOTED else text[: QUOTED - 1] + "…"


def explain(urls: Iterable[str], known: Neighbours, nearest: Mapping[str, Collection[str]]) -> dict[str, Reasons]:
    """The reasons for the places of the articles of one story, among all that bears on them.

    ``nearest`` are the articles that are told about first: of each its source and its original.
    """
    story = {url for url in urls if url in known.members}
    matches: dict[str, list[Match]] = {url: [] for url in known.members}
    for match in known.matches:
        matches[match.a].append(match)
        matches[match.b].append(match)
    reached = [url for url in component(story, known.matches, known.bonds) if url in known.members]
    scene = scene_of(reached, known.members, matches)
    made: dict[str, Reasons] = {}
    for url in sorted(story):
        joining = [match for match in matches[url] if match.kind in JOINING and {match.a, match.b} <= story]
        first = {(min(url, other), max(url, other)) for other in nearest.get(url, ())}
        joining.sort(key=lambda one: (-one.jaccard, one.a, one.b))
        told = [one for one in joining if (one.a, one.b) in first]
        told += [one for one in joining if (one.a, one.b) not in first]
        made[url] = Reasons(
            tuple(beside(known.members[one.a].article, known.members[one.b].article, one) for one in told[:PAIRS]),
            len(joining),
            tuple(mark for mark in article_marks(known.members[url].article) if mark.role != "title"),
            tuple(scene.claims[url]),
            tuple(bond for bond in known.bonds if url in (bond.a, bond.b)),
        )
    return made
