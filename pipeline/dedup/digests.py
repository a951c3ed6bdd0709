"""Digests: texts that hold, side by side, pieces which have nothing to do with each other.

Newsletters, live pages, listings with whole items. They are never a bridge between the pieces that they hold.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from pipeline.dedup.pair import title_agreement
from pipeline.dedup.teasers import asks_to_read_on
from pipeline.dedup.verdict import QUOTED, SIMILAR
from pipeline.model import Match, Member

WHOLE = 0.8  # share of a piece that stands in a digest; an excerpt that is taken from a text stands whole in it, too
PART = 0.3  # of a piece with more of its own, at least: less is a line of furniture, or a quotation
PASSAGE = 0.1  # share of a digest that such a part makes up, at least
# Pieces stand side by side: what they fill cannot be more than the digest, but for lines that all of a site end with.
# Versions of one story that drift apart fill the one between them each with much of the same.
FILLED = 1.05


def digests(members: Mapping[str, Member], matches: Sequence[Match], derived: Mapping[str, set[str]]) -> set[str]:
    """The digests among ``members``.

    An original of which two excerpts were taken looks the same, and is told by what they say: that they come from it,
    under its title, later than it, or that one should read on elsewhere.
    """
    pieces = _pieces(members, matches, derived)
    near: dict[str, set[str]] = defaultdict(set)
    for match in matches:
        near[match.a].add(match.b)
        near[match.b].add(match.a)
    found: set[str] = set()
    # From short to long: a short digest does not make the pieces that it holds one family in a longer one.
    for holder in sorted(pieces, key=lambda url: (size(url, members), url)):
        held = {piece: filled for piece, filled in pieces[holder].items() if piece not in found}
        families = _families(set(held), near)
        if len(families) > 1 and sum(max(held[piece] for piece in family) for family in families) <= FILLED:
            found.add(holder)
    return found


def size(url: str, members: Mapping[str, Member]) -> int:
    """Distinct shingles of a member."""
    return members[url].fingerprint.shingles


def holds_a_piece(
    match: Match, holders: set[str], members: Mapping[str, Member], derived: Mapping[str, set[str]]
) -> bool:
    """Does a match only say that a piece stands in one of the digests ``holders``?"""
    shorter, longer = sorted((match.a, match.b), key=lambda url: (size(url, members), url))
    return longer in holders and shorter not in holders and not _says_so(shorter, longer, members, derived)


def _pieces(
    members: Mapping[str, Member], matches: Sequence[Match], derived: Mapping[str, set[str]]
) -> dict[str, dict[str, float]]:
    """For each text, the shorter ones that it holds, whole or a good part of them, and that weren't taken from it.

    Each with the share of the text that it fills. What came later than the text may be an excerpt of it, and counts
    only beside a whole piece that is none: an agency's next report has a paragraph in common with the one before.
    """
    pieces: dict[str, dict[str, float]] = defaultdict(dict)
    later: dict[str, dict[str, float]] = defaultdict(dict)
    whole_pieces: set[str] = set()  # the texts that hold one
    for match in matches:
        piece, holder = (match.a, match.b) if match.containment_a >= match.containment_b else (match.b, match.a)
        held, filled = max(match.containment_a, match.containment_b), min(match.containment_a, match.containment_b)
        whole = held >= WHOLE and match.kind not in (SIMILAR, QUOTED)
        # Who names a source has a passage in common with other copies of that source, too.
        part = PART <= held < WHOLE and filled >= PASSAGE and not derived.get(piece)
        if size(piece, members) >= size(holder, members) or not (whole or part):
            continue
        if not _taken_from(piece, holder, members, derived):
            after = whole and _later(piece, holder, members)
            (later if after else pieces)[holder][piece] = filled
            if whole and not after:
                whole_pieces.add(holder)
    return {holder: found | later[holder] if holder in whole_pieces else found for holder, found in pieces.items()}


def _families(pieces: set[str], near: Mapping[str, set[str]]) -> list[set[str]]:
    """The pieces in groups of those that have something to do with each other, directly or through others of them."""
    families: list[set[str]] = []
    left = set(pieces)
    while left:
        family = {left.pop()}
        todo = list(family)
        while todo:
            reached = near[todo.pop()] & left
            left -= reached
            family |= reached
            todo += reached
        families.append(family)
    return families


def _taken_from(piece: str, holder: str, members: Mapping[str, Member], derived: Mapping[str, set[str]]) -> bool:
    """Is there a word that the shorter was taken from the longer, and not the longer put together from the shorter?"""
    if _says_so(piece, holder, members, derived):
        return True
    part, whole = members[piece].article, members[holder].article
    return piece not in derived.get(holder, ()) and title_agreement(part.title, whole.title) >= 0.6


def _says_so(piece: str, holder: str, members: Mapping[str, Member], derived: Mapping[str, set[str]]) -> bool:
    """Does the shorter name the longer, or break off?"""
    return holder in derived.get(piece, ()) or asks_to_read_on(members[piece].article.text)


def _later(piece: str, holder: str, members: Mapping[str, Member]) -> bool:
    part, whole = members[piece].article.published_at, members[holder].article.published_at
    return part is not None and whole is not None and whole < part
