"""What two texts that share something are to each other. Every threshold names where it comes from.

"Evidence" is the material of docs/design.md (5,900 real news documents, 213 labelled stories); "development" the
development half of ``scripts/gate grouping``.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pipeline.config import DedupSettings
from pipeline.dedup.text import Hashes, Reading, covered, is_unspaced, words
from pipeline.model import Article

COPY = "copy"
SPUN = "spun"
EXCERPT = "excerpt"
CONTAINED = "contained"
QUOTED = "quoted"
SIMILAR = ""
ALIKE = frozenset((COPY, SPUN))  # two forms of one whole text
JOINING = ALIKE | {EXCERPT}
ASIDE = frozenset((CONTAINED, QUOTED))  # relations that join nothing, yet tell a digest

SIMILAR_FLOOR = 0.25  # max(J, .8 C) from which two texts count as alike for the guard of the clustering
CONTAINED_WEIGHT = 0.8

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What counts as the same. The defaults stand on plateaus: see docs/design.md, "Thresholds"."""

    copy_jaccard: float = 0.35  # 5th percentile of full copies across sites: .36; .25-.50 gives P .986-1, R 1-.976
    sure_jaccard: float = 0.6  # more than any quotation makes up of two reports (evidence: .54)
    excerpt_containment: float = 0.6  # .5-.8 gives P .992-.998
    min_shared: int = 12  # shingles; below, two texts share a phrase or two
    quoted_shared: int = 20  # shingles: a passage of 24 words is quoted, not met by chance
    min_tokens: int = 25  # fewer tokens say nothing: walls, captions, stubs
    head_share: float = 0.25  # an excerpt is taken from the head: the first quarter of the longer text ...
    head_tokens: int = 150  # ... or its first 150 tokens
    near_length: float = 0.6  # lengths this close are two versions of one piece, wherever the match starts
    title_agrees: float = 0.6  # Jaccard of title words
    title_differs: float = 0.5
    unquoted: float = 0.5  # share of the shorter text outside long quotations that must match too
    slot_tokens: int = 15  # a differing run up to this long may be a slot of a template, or a replaced word
    foreign_facts: float = 0.3  # share of numbers and names that differ, from which on two texts fill in one template
    foreign_numbers: float = 0.5
    same_site_jaccard: float = 0.8
    same_site_tokens: int = 400
    lead_tokens: int = 12  # half a sentence: what an item begins with is its own
    standing_tokens: int = 200  # walls, notices and standing texts are shorter; the longest met (evidence) had 120
    title_support: float = 0.34  # share of a headline's words that its text holds; walls have 0-.2, articles .4-1
    bulletin_tokens: int = 60  # a recurring item of this length says nothing but its date
    bulletin_jaccard: float = 0.6  # two days' issues of one thing agree less; versions of one article agree more
    gap_tokens: int = 40  # a longer difference was cut or added, not reworded: a sentence or two
    replaced_words: float = (
        0.09  # share of words replaced in place, from which on a copy is spun (copy-editing: .03-.08)
    )
    spun_shared: int = 15  # shingles that a spun text keeps, at least, ...
    spun_tenths: int = 8  # ... spread over so many tenths of both texts, each with a third of its share, ...
    spun_tokens: int = 150  # in shorter texts that is chance
    spun_facts: float = 0.5  # Jaccard of the names and figures of a spun text and its source, which spinners keep
    spun_order: float = 0.95  # ... this share of them in the same order

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
    shared: Hashes
    cover_a: Mask
    cover_b: Mask

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
        shared=shared,
        cover_a=covered(a, shared),
        cover_b=covered(b, shared),
    )


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: the article, its reading, and which of its tokens the other has too."""

    article: Article
    reading: Reading
    cover: Mask

    @property
    def tokens(self) -> int:
        """Length in tokens."""
        return len(self.reading.tokens)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two articles under comparison, the one with fewer shingles first."""

    short: Side
    long: Side
    found: Overlap
    held: float  # containment: share of the shorter's shingles that the longer has
    same_site: bool
    titles: float  # agreement of the titles, 0 to 1


def verdict(a: Article, b: Article, left: Reading, right: Reading, found: Overlap, t: Thresholds) -> tuple[str, str]:
    """The kind of relation, and why it is not a copy when it is not."""
    pair = _pair(a, b, left, right, found)
    for veto in (_too_short, _same_site_template, _other_lead, _standing_text, _bulletin, _one_template):
        if why := veto(pair, t):
            return SIMILAR, why
    if found.jaccard >= t.copy_jaccard:
        return (
            (CONTAINED, "one of several pieces in a longer text") if _one_of_several(pair, t) else (_whole(pair, t), "")
        )
    if pair.held >= t.excerpt_containment and len(found.shared) >= t.min_shared:
        return _part(pair, t)
    if _in_step(pair, t):
        return SPUN, ""
    if len(found.shared) >= t.quoted_shared and not pair.same_site:
        return QUOTED, "too little in common"
    return SIMILAR, "too little in common"


def _pair(a: Article, b: Article, left: Reading, right: Reading, found: Overlap) -> Pair:
    one, two = Side(a, left, found.cover_a), Side(b, right, found.cover_b)
    if len(left.shingles) <= len(right.shingles):
        short, long, held = one, two, found.in_b
    else:
        short, long, held = two, one, found.in_a
    # Texts compared without an address are nobody's: two of them are not of one site.
    same_site = bool(a.site) and a.site == b.site
    return Pair(short, long, found, held, same_site, title_agreement(a.title, b.title))


def title_agreement(a: str | None, b: str | None) -> float:
    """Jaccard of two titles' words; 0 when one is missing."""
    left, right = set(words(a or "")), set(words(b or ""))
    return len(left & right) / len(left | right) if left and right else 0.0


# --- vetoes: why two texts that agree are not the same piece ------------------------------------------------------


def _too_short(pair: Pair, t: Thresholds) -> str:
    return "too short to tell" if min(pair.short.tokens, pair.long.tokens) < t.min_tokens else ""


def _same_site_template(pair: Pair, t: Thresholds) -> str:
    alike = pair.found.jaccard >= t.same_site_jaccard or pair.titles >= t.title_differs
    short = max(pair.short.tokens, pair.long.tokens) < t.same_site_tokens
    return "same site, other title: furniture or a template" if pair.same_site and short and not alike else ""


def _other_lead(pair: Pair, t: Thresholds) -> str:
    """Two items of one site that differ in headline and first words, and agree in what stands around every item."""
    if (
        not pair.same_site
        or pair.titles >= t.title_differs
        or max(pair.short.tokens, pair.long.tokens) > t.same_site_tokens
    ):
        return ""
    leads = [side.cover[: t.lead_tokens] for side in (pair.short, pair.long)]
    differ = all(int(np.count_nonzero(lead)) * 2 < len(lead) for lead in leads)
    return "same site, other title and other first words" if differ else ""


def _standing_text(pair: Pair, t: Thresholds) -> str:
    """A wall, a notice, a player's furniture: one text under headlines that have nothing to do with it.

    On one site both headlines have to be about what the texts share, for a site seldom prints a piece twice; across
    sites one is enough, for who takes a piece over often writes a headline of its own.
    """
    longest = t.same_site_tokens if pair.same_site else t.standing_tokens
    if pair.titles >= t.title_differs or max(pair.short.tokens, pair.long.tokens) > longest:
        return ""
    support = [title_support(side.article.title, side.reading, side.cover) for side in (pair.short, pair.long)]
    told = [share for share in support if share is not None]
    choose = min if pair.same_site else max
    return "a standing text under other headlines" if told and choose(told) < t.title_support else ""


def title_support(title: str | None, reading: Reading, cover: Mask) -> float | None:
    """Share of a headline's telling words that stand in what the text shares; None when it has fewer than two.

    Telling are words of more than three letters, which leaves most articles and prepositions out; in scripts without
    spaces, pairs of characters.
    """
    terms = _terms(words(title or ""))
    if len(terms) < 2:
        return None
    shared = [token.casefold() for token, agrees in zip(reading.tokens, cover, strict=True) if agrees]
    return len(terms & _terms(shared)) / len(terms)


def _terms(tokens: list[str]) -> set[str]:
    pairs = {a + b for a, b in pairwise(tokens) if is_unspaced(a) and is_unspaced(b)}
    return pairs | {token for token in tokens if len(token) > 3}


def _bulletin(pair: Pair, t: Thresholds) -> str:
    """What a site prints again and again under one title: the tide table, the morning's newsletter."""
    days = {side.article.published_at.date() for side in (pair.short, pair.long) if side.article.published_at}
    if not pair.same_site or len(days) < 2:
        return ""
    short = max(pair.short.tokens, pair.long.tokens) < t.bulletin_tokens
    return "a recurring item of another day" if short or pair.found.jaccard < t.bulletin_jaccard else ""


def _one_template(pair: Pair, t: Thresholds) -> str:
    """Two texts from one template: the words agree, the numbers and names in between do not."""
    if pair.found.jaccard >= 0.97:
        return ""
    facts = [_facts(pair.short, pair.long.reading, t), _facts(pair.long, pair.short.reading, t)]
    for index, (what, limit) in enumerate((("numbers", t.foreign_numbers), ("names and numbers", t.foreign_facts))):
        least = min(foreign[index] for foreign, _ in facts)
        shares = [
            foreign[index] / (foreign[index] + kept[index]) for foreign, kept in facts if foreign[index] + kept[index]
        ]
        if least >= 3 and shares and min(shares) >= limit:
            return f"one template with other {what}"
    return ""


def _facts(side: Side, other: Reading, t: Thresholds) -> tuple[tuple[int, int], tuple[int, int]]:
    """(foreign numbers, foreign facts) in short differing runs, and (kept numbers, kept facts) in what agrees."""
    known = {token.casefold() for token in other.tokens}
    foreign, kept = [0, 0], [0, 0]
    for start, end, agrees in runs(side.cover):
        if not agrees and end - start > t.slot_tokens:
            continue
        for token in side.reading.tokens[start:end]:
            if not _is_fact(token) or (not agrees and token.casefold() in known):
                continue
            target = kept if agrees else foreign
            target[1] += 1
            target[0] += any(character.isdigit() for character in token)
    return (foreign[0], foreign[1]), (kept[0], kept[1])


def _is_fact(token: str) -> bool:
    return token[0].isupper() or any(character.isdigit() for character in token)


def runs(cover: Mask) -> list[tuple[int, int, bool]]:
    """Maximal runs of equal value, as (start, end, value)."""
    if not len(cover):
        return []
    edges = np.flatnonzero(np.diff(cover.astype(np.int8))) + 1
    bounds = [0, *(int(edge) for edge in edges), len(cover)]
    return [(start, end, bool(cover[start])) for start, end in pairwise(bounds)]


# --- wholes and parts ---------------------------------------------------------------------------------------------


def _one_of_several(pair: Pair, t: Thresholds) -> bool:
    """Does all of the shorter stand in a much longer text, but neither at its head nor under its title?"""
    return pair.held >= 0.9 and not _near(pair, t) and not _from_head(pair, t)


def _near(pair: Pair, t: Thresholds) -> bool:
    return len(pair.short.reading.shingles) >= t.near_length * len(pair.long.reading.shingles)


def _from_head(pair: Pair, t: Thresholds) -> bool:
    cover = pair.long.cover
    start = int(np.argmax(cover)) if cover.any() else len(cover)
    return start <= max(t.head_tokens, t.head_share * len(cover)) or pair.titles >= t.title_agrees


def _part(pair: Pair, t: Thresholds) -> tuple[str, str]:
    if not _unquoted_matches(pair.short, t):
        return CONTAINED, "only a quotation in common"
    if _near(pair, t):
        return _whole(pair, t), ""
    if _from_head(pair, t):
        return EXCERPT, ""
    return CONTAINED, "stands inside a longer text of another beginning"


def _unquoted_matches(side: Side, t: Thresholds) -> bool:
    """Does enough of a text match outside long quotations? Two reports that quote one speech don't."""
    outside = ~side.reading.quoted
    total = int(np.count_nonzero(outside))
    if total < t.min_shared:
        return total * 2 >= side.tokens
    return int(np.count_nonzero(side.cover & outside)) >= t.unquoted * total


def _whole(pair: Pair, t: Thresholds) -> str:
    """A copy, or a spun one: words replaced in place all over the text, names and figures kept."""
    replaced = min(_replaced(pair.short, t), _replaced(pair.long, t))
    return SPUN if replaced >= t.replaced_words and _in_step(pair, t) else COPY


def _replaced(side: Side, t: Thresholds) -> float:
    """Share of words that were replaced one by one, in the parts that both texts have.

    If each word is replaced with probability s, a shingle of k words stays with probability (1 - s)^k.
    """
    size = side.reading.size
    kept = total = 0
    agreeing = 0  # tokens since the last long difference: a part that both texts have, with what differs inside it
    length = 0
    for start, end, agrees in [*runs(side.cover), (0, t.gap_tokens + 1, False)]:
        if agrees:
            agreeing += max(0, end - start - size + 1)
            length += end - start
        elif end - start <= t.gap_tokens:
            length += end - start
        else:
            kept += agreeing
            total += max(0, length - size + 1)
            agreeing = length = 0
    return 1.0 - (kept / total) ** (1 / size) if total else 0.0


def _in_step(pair: Pair, t: Thresholds) -> bool:
    """Do the shared shingles run through both texts from end to end, in one order, at one pace?

    So they do in a text whose words were replaced one by one, however many; two reports on one event share a few
    passages here and there.
    """
    shared = pair.found.shared
    if len(shared) < t.spun_shared or pair.short.tokens < t.spun_tokens or not _near(pair, t):
        return False
    if _fact_agreement(pair.short.reading, pair.long.reading) < t.spun_facts:
        return False
    places = [_places(side.reading, shared) for side in (pair.short, pair.long)]
    for side, at in zip((pair.short, pair.long), places, strict=True):
        tenths = np.bincount(at * 10 // max(1, len(side.reading.positions)), minlength=10)
        if int(np.count_nonzero(tenths * 30 >= len(shared))) < t.spun_tenths:
            return False
    follows = places[1][np.argsort(places[0], kind="stable")]
    return float(np.mean(np.diff(follows) > 0)) >= t.spun_order


def _fact_agreement(a: Reading, b: Reading) -> float:
    """Jaccard of the names and figures; 1 where there are too few to tell, as in scripts without capitals."""
    left, right = ({token.casefold() for token in reading.tokens if _is_fact(token)} for reading in (a, b))
    return len(left & right) / len(left | right) if min(len(left), len(right)) >= 5 else 1.0


def _places(reading: Reading, shared: Hashes) -> NDArray[np.int64]:
    """Where each shared shingle stands first in a text."""
    hashes, first = np.unique(reading.positions, return_index=True)
    return np.asarray(first[np.searchsorted(hashes, shared)])
