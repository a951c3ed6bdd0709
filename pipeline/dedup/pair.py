"""Two texts side by side: what they share, how long they are, how far their headlines agree. Nothing is decided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, lru_cache
from itertools import groupby, pairwise

import numpy as np

from pipeline.dedup.align import in_order
from pipeline.dedup.forms import sources
from pipeline.dedup.naming import is_outlet
from pipeline.dedup.text import (
    CHARACTERS_PER_SHINGLE,
    LETTERS_PER_SHINGLE,
    WORDS_PER_SHINGLE,
    Hashes,
    Mask,
    Reading,
    among,
    covered,
    is_alphabetic,
    is_hangul,
    is_unspaced,
    words,
)
from pipeline.model import Article
from pipeline.urls import canonical_url

AT_FOOT = 0.5  # of a passage at the foot counts as exchanged
CONTAINED_WEIGHT = 0.8  # of containment against Jaccard in a pair's score
TELLING = 4  # letters of a word that tells what a headline is about: leaves most articles and prepositions out
STEM = 5  # letters of a telling word that inflection leaves alone, mostly
TELLING_HANGUL = 2  # syllables
HAN_TERM = 2  # characters of a Chinese or Japanese word
LETTERS_TERM = 6  # letters and signs of Thai and its neighbours: a word and a half, or any two texts agree

# Words that a shingle touches: a run of n characters (n - 1) / w + 1, where words have w of them.
TOUCHED = {
    WORDS_PER_SHINGLE: float(WORDS_PER_SHINGLE),
    CHARACTERS_PER_SHINGLE: (CHARACTERS_PER_SHINGLE - 1) / 1.75 + 1,
    LETTERS_PER_SHINGLE: (LETTERS_PER_SHINGLE - 1) / 4.5 + 1,
}


@dataclass(frozen=True, slots=True)
class Overlap:
    """What two readings share, before anything is decided. ``a`` and ``b`` as given."""

    jaccard: float
    in_b: float  # share of a's shingles that b has
    in_a: float
    shared: Hashes
    cover_a: Mask
    cover_b: Mask

    @property
    def score(self) -> float:
        """How alike, for ordering and for the guard: max(J, .8 C)."""
        return max(self.jaccard, CONTAINED_WEIGHT * max(self.in_a, self.in_b))


def overlap(a: Reading, b: Reading) -> Overlap:
    """Exact Jaccard and containments of two texts' shingle sets, and the tokens that the shared ones cover."""
    shared = a.shingles[among(a.shingles, b.shingles)]
    count = len(shared)
    union = len(a.shingles) + len(b.shingles) - count
    return Overlap(
        jaccard=count / union if union else 0.0,
        in_b=count / len(a.shingles) if len(a.shingles) else 0.0,
        in_a=count / len(b.shingles) if len(b.shingles) else 0.0,
        shared=shared,
        cover_a=covered(a, shared),
        cover_b=covered(b, shared),
    )


@dataclass(frozen=True)
class Side:
    """One of the two: the article, its reading, and which of its tokens the other has too."""

    article: Article
    reading: Reading
    cover: Mask

    @property
    def words(self) -> float:
        """Length in words."""
        return self.reading.words

    @cached_property
    def runs(self) -> list[tuple[int, int, bool]]:
        """The runs of tokens that the other has, and of those that it hasn't."""
        return runs(self.cover)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two articles under comparison, the one with fewer shingles first."""

    short: Side
    long: Side
    found: Overlap
    held: float  # containment: share of the shorter's shingles that the longer has
    same_site: bool
    titles: float  # agreement of the titles, 0 to 1

    @property
    def sides(self) -> tuple[Side, Side]:
        """Both."""
        return self.short, self.long

    @property
    def near_length(self) -> float:
        """Shingles of the shorter for each of the longer."""
        return len(self.short.reading.shingles) / max(1, len(self.long.reading.shingles))

    @property
    def longest(self) -> float:
        """Words of the longer one."""
        return max(self.short.words, self.long.words)


def pair_of(a: Article, b: Article, left: Reading, right: Reading, found: Overlap) -> Pair:
    """The two articles with their readings in order of length."""
    one, two = Side(a, left, found.cover_a), Side(b, right, found.cover_b)
    if len(left.shingles) <= len(right.shingles):
        short, long, held = one, two, found.in_b
    else:
        short, long, held = two, one, found.in_a
    # Texts compared without an address are nobody's: two of them are not of one site.
    same_site = bool(a.site) and a.site == b.site
    return Pair(short, long, found, held, same_site, title_agreement(a.title, b.title))


def days_apart(pair: Pair, days: int) -> bool:
    """Were the two published so many days apart, as far as is known?"""
    one, other = (side.article.published_at for side in pair.sides)
    return one is not None and other is not None and abs(one - other) >= timedelta(days=days)


def title_agreement(a: str | None, b: str | None) -> float:
    """Jaccard of two headlines' words (of runs of characters in scripts without spaces); 0 when one is missing."""
    left, right = _title_words(a or ""), _title_words(b or "")
    return len(left & right) / len(left | right) if left and right else 0.0


def one_headline(a: str | None, b: str | None) -> bool:
    """Is one headline the other with something before or behind it ("From the archive: ...", "... | The Ledger")?"""
    left, right = ({term for term in _title_words(title or "") if _telling(term)} for title in (a, b))
    return bool(left and right) and (left <= right or right <= left)


@lru_cache(maxsize=4096)  # an article's headline is compared with those of all its neighbours
def _title_words(title: str) -> frozenset[str]:
    return frozenset(term for term, _ in _placed(words(title)))


@lru_cache(maxsize=4096)
def _title_stems(title: str) -> frozenset[str]:
    return frozenset(stems(words(title)))


def title_support(side: Side, other: str | None = None) -> float | None:
    """Share of a headline's telling words, without those of an ``other`` headline, that stand in what the texts share.

    In scripts without spaces, the share of its characters that stand there in runs of a word's length. None when there
    are fewer than two words or runs to tell by.
    """
    elsewhere = _title_stems(other or "")
    terms = [(term[:STEM], units) for term, units in _placed(words(side.article.title or "")) if _telling(term)]
    terms = [(stem, units) for stem, units in terms if stem not in elsewhere]
    if len({stem for stem, _ in terms}) < 2:
        return None
    told = stems([token for token, agrees in zip(side.reading.tokens, side.cover, strict=True) if agrees])
    found = {unit for stem, units in terms if stem in told for unit in units}
    return len(found) / len({unit for _, units in terms for unit in units})


def own_subject(side: Side, other: Side) -> frozenset[str]:
    """The telling words of a headline, without endings, that neither the other headline nor its text has."""
    only = _title_stems(side.article.title or "") - _title_stems(other.article.title or "")
    return only - stems(other.reading.tokens) if only else only


def numbers(title: str | None) -> set[int]:
    """The whole numbers in a headline that can be a day of a month."""
    return {int(token) for token in words(title or "") if token.isdecimal() and len(token) <= 2}


def stems(tokens: Sequence[str]) -> set[str]:
    """Telling words without their endings, case-folded: a headline's "damages" stands in a text as "damaged"."""
    return {term[:STEM] for term, _ in _placed([token.casefold() for token in tokens]) if _telling(term)}


def _telling(term: str) -> bool:
    return len(term) >= (TELLING_HANGUL if is_hangul(term) else HAN_TERM if is_unspaced(term) else TELLING)


def _placed(tokens: list[str]) -> Iterator[tuple[str, range]]:
    """Each word, in scripts without spaces each run of about a word's length; and the places of its tokens."""
    at = 0
    for unspaced, group in groupby(tokens, is_unspaced):
        run = list(group)
        length = 1
        if unspaced:
            length = min(LETTERS_TERM if is_alphabetic(run[0]) else HAN_TERM, len(run))
        for start in range(len(run) - length + 1):
            yield "".join(run[start : start + length]), range(at + start, at + start + length)
        at += len(run)


def runs(cover: Mask) -> list[tuple[int, int, bool]]:
    """Maximal runs of equal value, as (start, end, value)."""
    if not len(cover):
        return []
    edges = np.flatnonzero(cover[1:] != cover[:-1]) + 1
    bounds = [0, *edges.tolist(), len(cover)]
    return [(start, end, bool(cover[start])) for start, end in pairwise(bounds)]


def own(side: Side, gap: float) -> float:
    """Share of a text that stands in passages of more than ``gap`` words which the other doesn't have."""
    longest = gap * side.reading.tokens_per_word
    lengths = [end - start for start, end, agrees in side.runs if not agrees]
    return sum(length for length in lengths if length > longest) / max(1, len(side.cover))


def exchanged(pair: Pair, gap: float, ends: bool = True) -> float:
    """Share of the shorter text that stands in passages of more than ``gap`` words, for which the longer has others.

    Such passages stand between the same shared words, or, with ``ends``, at the head or at the foot of both. Those at
    the foot count half: sites put what is theirs there. What only one text has was cut or added.
    """
    longest = gap * pair.short.reading.tokens_per_word
    if min(np.count_nonzero(~side.cover) for side in pair.sides) <= longest:
        return 0.0
    between = _between(pair, longest)
    both = [least if (least := min(passages)) > longest else 0 for passages in between]
    foot = AT_FOOT * both.pop()
    return ((foot + sum(both)) if ends else sum(both[1:])) / len(pair.short.cover)


def _between(pair: Pair, most: float) -> list[tuple[int, int]]:
    """Tokens that only the shorter has, and only the longer, before, between and after the runs that both share.

    A phrase of less than ``most`` tokens, and shorter than what differs on either side of it, is shared by chance.
    """
    mine, theirs = (np.concatenate(([0], np.cumsum(~side.cover))) for side in pair.sides)
    kept: list[tuple[int, int]] = []
    at, length = (0, 0), 0  # where the run before ended, and how long it was
    for start, other, size in [*in_order(pair.short.reading, pair.long.reading), (len(mine) - 1, len(theirs) - 1, 0)]:
        found = int(mine[start] - mine[at[0]]), int(theirs[other] - theirs[at[1]])
        if kept and length < min(most, max(kept[-1]), max(found)):
            kept[-1] = kept[-1][0] + found[0], kept[-1][1] + found[1]
        else:
            kept.append(found)
        at, length = (start + size, other + size), size
    return kept


def differing(side: Side) -> Iterator[tuple[tuple[int, int], Sequence[str]]]:
    """The runs of tokens that the other text doesn't have, each with the hashes of the shared shingles around it.

    0 stands for the head and the foot of the text.
    """
    reading = side.reading
    for start, end, agrees in side.runs:
        if not agrees:
            before = int(reading.positions[start - reading.size]) if start else 0
            behind = int(reading.positions[end]) if end < len(reading.positions) else 0
            yield (before, behind), reading.tokens[start:end]


def replaced(side: Side, gap: float) -> float:
    """Share of words that were replaced one by one, in the parts that both texts have.

    A difference of more than ``gap`` words was cut or added. If each word is replaced with probability s, a shingle of
    k words (or of characters that belong to k words) stays with probability (1 - s)^k.
    """
    size = side.reading.size
    longest = gap * side.reading.tokens_per_word
    kept = total = 0
    agreeing = 0  # tokens since the last long difference: a part that both texts have, with what differs inside it
    length = 0
    for start, end, agrees in [*side.runs, (0, int(longest) + 1, False)]:
        if agrees:
            agreeing += max(0, end - start - size + 1)
            length += end - start
        elif end - start <= longest:
            length += end - start
        else:
            kept += agreeing
            total += max(0, length - size + 1)
            agreeing = length = 0
    return 1.0 - (kept / total) ** (1 / TOUCHED[size]) if total else 0.0


def names(side: Side, other: Side) -> bool:
    """Does one link to the other on another site, declare it as its source, or name its outlet in a credit line?"""
    article, there = side.article, {other.article.canonical_url, canonical_url(other.article.url)}
    if article.site and article.site == other.article.site:
        return False
    named = (article.declared_url, *article.based_on, *(link.url for link in article.links))
    if any(url and (url in there or canonical_url(url) in there) for url in named):
        return True
    return any(mark.outlet and is_outlet(mark.outlet, other.article) for mark in sources(side.reading.marks))
