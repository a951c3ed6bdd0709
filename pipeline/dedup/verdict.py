"""What two texts that share something are to each other: copy, spun copy, excerpt, or only alike."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.dedup.pair import Overlap, Pair, is_fact, pair_of, replaced
from pipeline.dedup.text import Hashes, Reading
from pipeline.dedup.thresholds import Thresholds
from pipeline.dedup.vetoes import VETOES
from pipeline.model import Article
from pipeline.urls import canonical_url

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


def verdict(a: Article, b: Article, left: Reading, right: Reading, found: Overlap, t: Thresholds) -> tuple[str, str]:
    """The kind of relation, and why it is not a copy when it is not."""
    pair = pair_of(a, b, left, right, found)
    for veto in VETOES:
        if why := veto(pair, t):
            return SIMILAR, why
    if found.jaccard >= t.copy_jaccard:
        return _copy(pair, t)
    if pair.held >= t.excerpt_containment and len(found.shared) >= t.min_shared:
        return _part(pair, t)
    if _in_step(pair, t):
        return SPUN, ""
    if len(found.shared) >= t.quoted_shared and not pair.same_site:
        return QUOTED, "too little in common"
    return SIMILAR, "too little in common"


# --- wholes and parts ---------------------------------------------------------------------------------------------


def _copy(pair: Pair, t: Thresholds) -> tuple[str, str]:
    if _one_of_several(pair, t):
        return CONTAINED, "one of several pieces in a longer text"
    if pair.found.jaccard < t.sure_jaccard and _only_quoted(pair, t):
        return CONTAINED, "only a quotation in common"
    return _whole(pair, t), ""


def _one_of_several(pair: Pair, t: Thresholds) -> bool:
    """Does all of the shorter stand in a much longer text, but neither at its head nor under its title?"""
    return pair.held >= 0.9 and pair.near_length < t.near_length and not _from_head(pair, t)


def _from_head(pair: Pair, t: Thresholds) -> bool:
    cover = pair.long.cover
    start = int(np.argmax(cover)) if cover.any() else len(cover)
    head = max(t.head_words * pair.long.reading.tokens_per_word, t.head_share * len(cover))
    return start <= head or pair.titles >= t.title_agrees


def _part(pair: Pair, t: Thresholds) -> tuple[str, str]:
    if _only_quoted(pair, t):
        return CONTAINED, "only a quotation in common"
    if pair.near_length >= t.near_length:
        return _whole(pair, t), ""
    named = _names(pair)
    if pair.held < t.long_excerpt_containment and pair.short.words > t.excerpt_words and not named:
        return CONTAINED, "a long text, much of which is its own"
    if named or _from_head(pair, t):
        return EXCERPT, ""
    return CONTAINED, "stands inside a longer text of another beginning"


def _names(pair: Pair) -> bool:
    """Does the shorter link to the longer on another site, or declare it as its source?"""
    article, other = pair.short.article, pair.long.article
    there = {other.canonical_url, canonical_url(other.url)}
    named = (article.declared_url, *article.based_on, *(link.url for link in article.links))
    return not pair.same_site and any(url and (url in there or canonical_url(url) in there) for url in named)


def _only_quoted(pair: Pair, t: Thresholds) -> bool:
    """Is what they share mostly somebody else's words? Two reports that quote one speech are two reports."""
    if not pair.short.reading.quoted.any() or pair.titles >= t.title_agrees or _names(pair):
        return False
    side = pair.short
    outside = ~side.reading.quoted
    total = int(np.count_nonzero(outside))
    if total < t.min_shared:
        return total * 2 < len(side.reading.tokens)
    return int(np.count_nonzero(side.cover & outside)) < t.unquoted * total


# --- spun copies --------------------------------------------------------------------------------------------------


def _whole(pair: Pair, t: Thresholds) -> str:
    """A copy, or a spun one: words replaced in place all over the text, names and figures kept."""
    rate = min(replaced(side, t.gap_words) for side in pair.sides)
    return SPUN if rate >= t.replaced_words and _in_step(pair, t) else COPY


def _in_step(pair: Pair, t: Thresholds) -> bool:
    """Do the shared shingles run through both texts from end to end, in one order, at one pace?

    So they do in a text whose words were replaced one by one, however many; two reports on one event share a few
    passages here and there.
    """
    shared = pair.found.shared
    if len(shared) < t.spun_shared or pair.short.words < t.spun_words or pair.near_length < t.near_length:
        return False
    if _fact_agreement(pair.short.reading, pair.long.reading) < t.spun_facts:
        return False
    places = [_places(side.reading, shared) for side in pair.sides]
    for side, at in zip(pair.sides, places, strict=True):
        tenths = np.bincount(at * 10 // max(1, len(side.reading.positions)), minlength=10)
        if int(np.count_nonzero(tenths * 30 >= len(shared))) < t.spun_tenths:
            return False
    follows = places[1][np.argsort(places[0], kind="stable")]
    return float(np.mean(np.diff(follows) > 0)) >= t.spun_order


def _fact_agreement(a: Reading, b: Reading) -> float:
    """Jaccard of the names and figures; 1 where there are too few to tell, as in scripts without capitals."""
    left, right = ({token.casefold() for token in reading.tokens if is_fact(token)} for reading in (a, b))
    return len(left & right) / len(left | right) if min(len(left), len(right)) >= 5 else 1.0


def _places(reading: Reading, shared: Hashes) -> NDArray[np.int64]:
    """Where each shared shingle stands first in a text."""
    hashes, first = np.unique(reading.positions, return_index=True)
    return np.asarray(first[np.searchsorted(hashes, shared)])
