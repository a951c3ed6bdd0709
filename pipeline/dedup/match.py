"""Are two texts the same piece? Verified on the texts themselves; every threshold names where it comes from.

Figures "grouping evidence" are from 5,900 real news documents with 213 labelled stories (docs/design.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pipeline.config import DedupSettings
from pipeline.dedup.fingerprint import SCHEME
from pipeline.dedup.text import Reading, covered, read, words
from pipeline.model import Article, Match, Route

COPY = "copy"
EXCERPT = "excerpt"
CONTAINED = "contained"
QUOTED = "quoted"
SIMILAR = ""
JOINING = frozenset((COPY, EXCERPT))
ASIDE = frozenset((CONTAINED, QUOTED))  # relations that join nothing, yet tell a digest

SIMILAR_FLOOR = 0.25  # max(J, .8 C) from which two texts count as alike for the guard of the clustering
CONTAINED_WEIGHT = 0.8


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What counts as the same. The defaults stand on plateaus: see docs/design.md, "Thresholds"."""

    copy_jaccard: float = 0.35  # 5th percentile of full copies across sites: .36; .25-.50 gives P .986-1, R 1-.976
    excerpt_containment: float = 0.6  # .5-.8 gives P .992-.998
    min_shared: int = 12  # shingles; below, two texts share a phrase or two
    quoted_shared: int = 20  # shingles: a passage of 24 words is quoted, not met by chance
    min_tokens: int = 25  # fewer tokens say nothing: walls, captions, stubs
    head_share: float = 0.25  # an excerpt is taken from the head: the first quarter of the longer text ...
    head_tokens: int = 150  # ... or its first 150 tokens
    near_length: float = 0.6  # lengths this close are two versions of one piece, wherever the match starts
    title_agrees: float = 0.6  # Jaccard of title words
    unquoted: float = 0.5  # share of the shorter text outside long quotations that must match too
    slot_tokens: int = 15  # a differing run up to this long may be a slot of a template
    foreign_facts: float = 0.3  # share of numbers and names that differ, from which on two texts fill in one template
    foreign_numbers: float = 0.5
    same_site_jaccard: float = 0.8
    same_site_tokens: int = 400

    @classmethod
    def of(cls, settings: DedupSettings) -> Thresholds:
        """The thresholds that a configuration sets; the others at their defaults."""
        return cls(
            copy_jaccard=settings.copy_jaccard,
            excerpt_containment=settings.excerpt_containment,
            min_tokens=settings.min_tokens,
        )


@dataclass(frozen=True, slots=True)
class Overlap:
    """What two readings share, before anything is decided. ``a`` and ``b`` as given."""

    jaccard: float
    in_b: float  # share of a's shingles that b has
    in_a: float
    shared: int
    cover_a: NDArray[np.bool_]
    cover_b: NDArray[np.bool_]

    @property
    def score(self) -> float:
        """How alike, for ordering and for the guard: max(J, .8 C)."""
        return max(self.jaccard, CONTAINED_WEIGHT * max(self.in_a, self.in_b))


def overlap(a: Reading, b: Reading) -> Overlap:
    """Exact Jaccard and containments of two texts' shingle sets, and the tokens that the shared ones cover."""
    shared = np.intersect1d(a.shingles, b.shingles, assume_unique=True)
    count = len(shared)
    union = len(a.shingles) + len(b.shingles) - count
    return Overlap(
        jaccard=count / union if union else 0.0,
        in_b=count / len(a.shingles) if len(a.shingles) else 0.0,
        in_a=count / len(b.shingles) if len(b.shingles) else 0.0,
        shared=count,
        cover_a=covered(a, shared),
        cover_b=covered(b, shared),
    )


def verify(first: Article, second: Article, thresholds: Thresholds = Thresholds()) -> Match | None:
    """Compare two articles' texts and say what they are to each other; None when they have nothing to do with it.

    The result names them in order of canonical URL, so it doesn't depend on which came first.
    """
    a, b = sorted((first, second), key=lambda article: article.canonical_url)
    left, right = read(a.text, a.title), read(b.text, b.title)
    found = overlap(left, right)
    if found.score < SIMILAR_FLOOR and found.shared < thresholds.quoted_shared:
        return None
    kind, reason = _decide(a, b, left, right, found, thresholds)
    return Match(
        a=a.canonical_url,
        b=b.canonical_url,
        jaccard=round(found.jaccard, 4),
        containment_a=round(found.in_b, 4),
        containment_b=round(found.in_a, 4),
        shared=found.shared,
        kind=kind,
        route=_route(left, right, found, kind),
        passage=_passage(left, found.cover_a),
        scheme=SCHEME,
        reason=reason,
    )


def _decide(a: Article, b: Article, left: Reading, right: Reading, found: Overlap, t: Thresholds) -> tuple[str, str]:
    """The kind of relation, and why it is not a copy when it is not."""
    if min(len(left.tokens), len(right.tokens)) < t.min_tokens:
        return SIMILAR, "too short to tell"
    same_site = a.site == b.site
    titles = title_agreement(a.title, b.title)
    if same_site and titles < 0.5 and found.jaccard < t.same_site_jaccard and _longer(left, right) < t.same_site_tokens:
        return SIMILAR, "same site, other title: furniture or a template"
    if found.jaccard < 0.97 and (why := _templated(left, right, found, t)):
        return SIMILAR, why
    if found.jaccard >= t.copy_jaccard:
        return COPY, ""
    short_is_a = len(left.shingles) <= len(right.shingles)
    contained = found.in_b if short_is_a else found.in_a
    if contained < t.excerpt_containment or found.shared < t.min_shared:
        return (QUOTED if found.shared >= t.quoted_shared and not same_site else SIMILAR), "too little in common"
    shorter, cover = (left, found.cover_a) if short_is_a else (right, found.cover_b)
    if not _unquoted_matches(shorter, cover, t):
        return CONTAINED, "only a quotation in common"
    near = len(shorter.shingles) / max(len(left.shingles), len(right.shingles)) >= t.near_length
    if near:
        return COPY, ""
    longer, long_cover = (right, found.cover_b) if short_is_a else (left, found.cover_a)
    start = int(np.argmax(long_cover)) if long_cover.any() else len(longer.tokens)
    if start <= max(t.head_tokens, t.head_share * len(longer.tokens)) or titles >= t.title_agrees:
        return EXCERPT, ""
    return CONTAINED, "stands inside a longer text of another beginning"


def _longer(left: Reading, right: Reading) -> int:
    return max(len(left.tokens), len(right.tokens))


def title_agreement(a: str | None, b: str | None) -> float:
    """Jaccard of two titles' words; 0 when one is missing."""
    left, right = set(words(a or "")), set(words(b or ""))
    return len(left & right) / len(left | right) if left and right else 0.0


def _unquoted_matches(shorter: Reading, cover: NDArray[np.bool_], t: Thresholds) -> bool:
    """Does enough of the shorter text match outside long quotations? Two reports that quote one speech don't."""
    outside = ~shorter.quoted
    total = int(np.count_nonzero(outside))
    if total < t.min_shared:
        return total * 2 >= len(shorter.tokens)
    return int(np.count_nonzero(cover & outside)) >= t.unquoted * total


def _templated(left: Reading, right: Reading, found: Overlap, t: Thresholds) -> str:
    """Two texts from one template: the words agree, the numbers and names in between do not."""
    foreign_a, kept_a = _facts(left, found.cover_a, right, t)
    foreign_b, kept_b = _facts(right, found.cover_b, left, t)
    for index, (what, limit) in enumerate((("numbers", t.foreign_numbers), ("names and numbers", t.foreign_facts))):
        least = min(foreign_a[index], foreign_b[index])
        shares = [
            foreign[index] / (foreign[index] + kept[index])
            for foreign, kept in ((foreign_a, kept_a), (foreign_b, kept_b))
            if foreign[index] + kept[index]
        ]
        if least >= 3 and shares and min(shares) >= limit:
            return f"one template with other {what}"
    return ""


def _facts(
    reading: Reading, cover: NDArray[np.bool_], other: Reading, t: Thresholds
) -> tuple[tuple[int, int], tuple[int, int]]:
    """(foreign numbers, foreign facts) in short differing runs, and (kept numbers, kept facts) in what agrees."""
    known = {token.casefold() for token in other.tokens}
    foreign = [0, 0]
    kept = [0, 0]
    for start, end, agrees in _runs(cover):
        if not agrees and end - start > t.slot_tokens:
            continue
        for token in reading.tokens[start:end]:
            number = any(character.isdigit() for character in token)
            if not number and not token[0].isupper():
                continue
            target = kept if agrees else foreign
            if not agrees and token.casefold() in known:
                continue
            target[1] += 1
            target[0] += number
    return (foreign[0], foreign[1]), (kept[0], kept[1])


def _runs(cover: NDArray[np.bool_]) -> list[tuple[int, int, bool]]:
    """Maximal runs of equal value, as (start, end, value)."""
    if not len(cover):
        return []
    edges = np.flatnonzero(np.diff(cover.astype(np.int8))) + 1
    bounds = [0, *(int(edge) for edge in edges), len(cover)]
    return [(start, end, bool(cover[start])) for start, end in pairwise(bounds)]


def _route(left: Reading, right: Reading, found: Overlap, kind: str) -> Route:
    if found.jaccard == 1.0 and left.folded == right.folded:
        return Route.SAME_TEXT
    return Route.CONTAINED if kind in (EXCERPT, CONTAINED) else Route.NEAR_DUPLICATE


def _passage(reading: Reading, cover: NDArray[np.bool_]) -> str:
    """The longest run of words that both texts have, cut to 200 characters."""
    runs = [(end - start, -start, start, end) for start, end, agrees in _runs(cover) if agrees]
    if not runs:
        return ""
    _, _, start, end = max(runs)
    glue = "" if reading.size > 5 else " "
    text = glue.join(reading.tokens[start : min(end, start + 60)])
    return text if len(text) <= 200 else text[:197] + "..."
