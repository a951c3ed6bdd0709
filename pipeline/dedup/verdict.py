"""What two texts that share something are to each other: copy, spun copy, excerpt, or only alike."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pipeline.dedup.naming import key_of
from pipeline.dedup.pair import (
    Overlap,
    Pair,
    Side,
    days_apart,
    exchanged,
    names,
    own,
    pair_of,
    replaced,
    title_support,
)
from pipeline.dedup.teasers import breaks_off
from pipeline.dedup.text import Hashes, Reading, is_fact
from pipeline.dedup.thresholds import Thresholds
from pipeline.dedup.vetoes import SAME_HEADLINE, VETOES
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

THIRD = 1 / 3  # of a text: who links to so much of it comments on that; a newsletter has more pieces than three
MORE = 1.5  # times as many of a headline's words in what two texts share as in the rest of the longer one
BRIEFEST = 0.25  # of brief_words: in texts that are shorter still, the same share is exchanged within few words
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
    if pair.held >= t.whole_containment and pair.near_length < t.near_length and not _kin(pair, t):
        return CONTAINED, "one of several pieces in a longer text"
    if pair.found.jaccard < t.sure_jaccard and _only_quoted(pair, t):
        return CONTAINED, "only a quotation in common"
    if why := _two_bodies(pair, t):
        return CONTAINED, why
    return _whole(pair, t), ""


def _two_bodies(pair: Pair, t: Thresholds) -> str:
    """Has one of the two, beside what they share, a body of its own? A spun text differs everywhere a little."""
    if _whole(pair, t) == SPUN:
        return ""
    # Who names the other has lines of its own above and below the text.
    named = names(pair.short, pair.long) or names(pair.long, pair.short)
    if why := _other_words(pair, t, ends=not named):
        return why
    least, most = sorted(own(side, t.slot_words) for side in pair.sides)
    two = least > t.own_share and pair.found.jaccard < t.sure_jaccard
    alone = (two or most > t.own_around) and not _in_step(pair, t) and not _kin(pair, t)
    return "a good part is not in the other" if alone else ""


def _other_words(pair: Pair, t: Thresholds, *, ends: bool) -> str:
    """Have the two other words at the same place?

    What stands around every letter of a column, or under every news of a company, may be most of a short text: the
    shorter, the less may stand there instead of something else. Less still when the two were published days apart:
    the next letter takes a week, and who copies a text copies it as it is.
    """
    brevity = min(1.0, max(BRIEFEST, pair.short.words / t.brief_words))
    later = t.later_share if days_apart(pair, t.later_days) else 1.0
    much = exchanged(pair, t.slot_words * later, ends=ends) > t.exchanged_share * brevity * later
    return "other words at the same place among the same ones" if much else ""


def _part(pair: Pair, t: Thresholds) -> tuple[str, str]:
    """A part joins its whole only on a word that it is one: a headline, a name, a line that breaks off.

    That it stands at the head of a longer text is none: so does the first piece of a newsletter.
    """
    if _only_quoted(pair, t):
        return CONTAINED, "only a quotation in common"
    if pair.near_length >= t.near_length:
        why = _two_bodies(pair, t)
        return (CONTAINED, why) if why else (_whole(pair, t), "")
    if why := _other_words(pair, t, ends=False):  # the longer goes on before and behind a part
        return CONTAINED, why
    around = pair.near_length > THIRD and names(pair.long, pair.short)
    if pair.titles >= SAME_HEADLINE or names(pair.short, pair.long) or around:
        return EXCERPT, ""
    if own(pair.short, t.slot_words) > t.own_share:
        return CONTAINED, "a good part of it is its own"
    if breaks_off(pair.short.article.text, pair.long.article.text) and _from_head(pair.long, t):
        return EXCERPT, ""
    return CONTAINED, "stands inside a longer text of another headline"


def _from_head(long: Side, t: Thresholds) -> bool:
    """Does what is shared begin in the head of the longer?"""
    start = int(np.argmax(long.cover)) if long.cover.any() else len(long.cover)
    return start <= max(t.head_words * long.reading.tokens_per_word, t.head_share * len(long.cover))


def _kin(pair: Pair, t: Thresholds) -> bool:
    """Is there a word beside the text that two articles are one: a headline, an author, a source that both name?

    Pages of one site have authors and sources in common whatever they are about; where a headline is missing, there is
    nothing to tell by. Where much of the longer one is its own, one missing headline tells nothing, and a likeness no
    more: a newsletter may be called by two of its pieces.
    """
    much = own(pair.long, t.slot_words) > t.own_around
    titled = [bool(side.article.title) for side in pair.sides]
    if not (any(titled) if much else all(titled)):
        return True
    if pair.titles >= (SAME_HEADLINE if much else t.title_differs):
        return True
    if names(pair.short, pair.long) or names(pair.long, pair.short):
        return True
    if _told(pair, t):
        return True
    named = [
        _authors(side) | {key_of(mark.outlet) for mark in side.reading.marks if mark.outlet} for side in pair.sides
    ]
    return not pair.same_site and not named[0].isdisjoint(named[1])


def _authors(side: Side) -> set[str]:
    """Who signed it: in its byline, or in a line of its text that is one."""
    shown = {mark.author.casefold() for mark in side.reading.marks if mark.author and mark.role == "byline"}
    return shown | {name.casefold() for name in side.article.byline}


def _told(pair: Pair, t: Thresholds) -> bool:
    """Are both headlines about what the texts share, and the longer one's more about that than about the rest?"""
    shared = [title_support(side) for side in pair.sides]
    if any(share is None or share < t.title_told for share in shared):
        return False
    rest = title_support(replace(pair.long, cover=~pair.long.cover))
    return shared[1] is not None and rest is not None and shared[1] > MORE * rest


def _only_quoted(pair: Pair, t: Thresholds) -> bool:
    """Is what they share mostly somebody else's words? Two reports that quote one speech are two reports."""
    if not pair.short.reading.quoted.any() or pair.titles >= t.title_agrees or names(pair.short, pair.long):
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
