"""From verified matches to groups, without chains: a pure function of the set of articles, so order can't matter.

Single linkage chains (a version glues to "The Latest", that to the digest, that to everything). Here two groups of
copies join only when at least half of the pairs across them are alike, best edges first; then each excerpt, and each
longer text around a whole copy, attaches to its one best parent, and a digest to none. Excerpts and digests never
bridge.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from pipeline.dedup.fingerprint import estimate
from pipeline.dedup.forms import read_marks
from pipeline.dedup.verdict import (
    ALIKE,
    CONTAINED_WEIGHT,
    EXCERPT,
    JOINING,
    QUOTED,
    SIMILAR,
    SIMILAR_FLOOR,
    SPUN,
    title_agreement,
)
from pipeline.model import Match, Member

PIECE = 0.6  # share of a piece that stands in a digest, at least: excerpt_containment
PASSAGE = 0.15  # share of a digest that a passage of a further piece makes up, at least
FITS = 1.25  # two pieces side by side are at most this much longer than the digest that holds them both
HALF = 0.5  # share of the pairs across two groups that must be alike; .3-.7 gives the same groups on development data

Group = tuple[str, ...]


def component(start: Iterable[str], matches: Iterable[Match]) -> set[str]:
    """Everything reachable from ``start`` over joining matches."""
    ways: dict[str, list[str]] = defaultdict(list)
    for match in matches:
        if match.kind in JOINING:
            ways[match.a].append(match.b)
            ways[match.b].append(match.a)
    reached = set(start)
    todo = list(reached)
    while todo:
        for other in ways[todo.pop()]:
            if other not in reached:
                reached.add(other)
                todo.append(other)
    return reached


def cluster(
    members: Mapping[str, Member],
    matches: Sequence[Match],
    derived: Mapping[str, set[str]],
    around: Mapping[str, Member] | None = None,
) -> list[Group]:
    """Partition the members into stories.

    ``derived`` maps an article to those that it names as its source: a longer text that names the shorter one is taken
    from it, not the other way round. ``around`` are articles of other stories that tell a digest among the members.
    Groups and their members come sorted by canonical URL.
    """
    everyone = {**(around or {}), **members}
    holders = digests(everyone, matches, derived)
    inside = [match for match in matches if match.a in members and match.b in members]
    joining = [match for match in inside if not _holds_a_piece(match, holders, members)]
    copies = _copies(members, joining, {(match.a, match.b): score(match) for match in inside})
    home = {url: number for number, group in enumerate(copies) for url in group}
    parents = _parents(members, joining, copies, home, derived)
    merged: dict[int, list[str]] = defaultdict(list)
    for number, group in enumerate(copies):
        merged[_root(number, parents)].extend(group)
    return sorted(tuple(sorted(group)) for group in merged.values())


def score(match: Match) -> float:
    """How alike two articles are: max(J, .8 C); a spun copy is alike however few runs of words are left."""
    alike = max(match.jaccard, CONTAINED_WEIGHT * max(match.containment_a, match.containment_b))
    return max(alike, SIMILAR_FLOOR) if match.kind == SPUN else alike


def digests(members: Mapping[str, Member], matches: Sequence[Match], derived: Mapping[str, set[str]]) -> set[str]:
    """The articles that hold, side by side, two pieces which have nothing to do with each other.

    An original of which two excerpts were taken looks the same, and is told by what they say: that they come from it,
    under its title, later than it, or that one should read on elsewhere.
    """
    pieces: dict[str, list[str]] = defaultdict(list)
    related = {(match.a, match.b) for match in matches}
    for match in matches:
        piece, holder = (match.a, match.b) if match.containment_a >= match.containment_b else (match.b, match.a)
        held, filled = max(match.containment_a, match.containment_b), min(match.containment_a, match.containment_b)
        whole = held >= PIECE and match.kind not in (SIMILAR, QUOTED)
        if size(piece, members) >= size(holder, members) or not (whole or (match.kind == QUOTED and filled >= PASSAGE)):
            continue
        if not _taken_from(piece, holder, members, derived):
            pieces[holder].append(piece)
    return {holder for holder, found in pieces.items() if _side_by_side(holder, sorted(found), members, related)}


def size(url: str, members: Mapping[str, Member]) -> int:
    """Distinct shingles of a member."""
    return members[url].fingerprint.shingles


def _taken_from(piece: str, holder: str, members: Mapping[str, Member], derived: Mapping[str, set[str]]) -> bool:
    """Is there a word that the shorter was taken from the longer, and not the longer put together from the shorter?"""
    part, whole = members[piece].article, members[holder].article
    if holder in derived.get(piece, ()) or asks_to_read_on(part.text):
        return True
    if piece in derived.get(holder, ()):
        return False
    if title_agreement(part.title, whole.title) >= 0.6:
        return True
    return part.published_at is not None and whole.published_at is not None and whole.published_at < part.published_at


def _side_by_side(
    holder: str, pieces: Sequence[str], members: Mapping[str, Member], related: set[tuple[str, str]]
) -> bool:
    room = FITS * size(holder, members)
    return any(
        (min(a, b), max(a, b)) not in related and min(size(a, members), size(b, members)) * 2 <= room
        for number, a in enumerate(pieces)
        for b in pieces[number + 1 :]
    )


def _holds_a_piece(match: Match, holders: set[str], members: Mapping[str, Member]) -> bool:
    """Does a match only say that a piece stands in a digest?"""
    shorter, longer = sorted((match.a, match.b), key=lambda url: (size(url, members), url))
    return longer in holders and shorter not in holders


def _copies(
    members: Mapping[str, Member], matches: Sequence[Match], scores: Mapping[tuple[str, str], float]
) -> list[Group]:
    groups: dict[str, list[str]] = {url: [url] for url in sorted(members)}
    home = {url: url for url in groups}
    edges = sorted(
        (match for match in matches if match.kind in ALIKE), key=lambda match: (-score(match), match.a, match.b)
    )
    for edge in edges:
        left, right = home.get(edge.a), home.get(edge.b)
        if left is None or right is None or left == right:
            continue
        if _alike(groups[left], groups[right], members, scores):
            keep, gone = min(left, right), max(left, right)
            for url in groups[gone]:
                home[url] = keep
            groups[keep] += groups.pop(gone)
    return sorted(tuple(sorted(group)) for group in groups.values())


def _alike(
    left: Sequence[str], right: Sequence[str], members: Mapping[str, Member], scores: Mapping[tuple[str, str], float]
) -> bool:
    """Are at least half of the pairs across two groups alike? Pairs that were never compared are estimated."""
    need = HALF * len(left) * len(right)
    found = 0
    rest = len(left) * len(right)
    for a in left:
        for b in right:
            known = scores.get((min(a, b), max(a, b)))
            if known is None:
                known = estimate(members[a].fingerprint, members[b].fingerprint)
            found += known >= SIMILAR_FLOOR
            rest -= 1
            if found >= need:
                return True
            if found + rest < need:
                return False
    return found >= need


def _parents(
    members: Mapping[str, Member],
    matches: Sequence[Match],
    copies: Sequence[Group],
    home: Mapping[str, int],
    derived: Mapping[str, set[str]],
) -> dict[int, int]:
    """For each group of copies that is part of (or stands around) another: that other."""
    offers: dict[int, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    strength: dict[tuple[int, int], tuple[float, str]] = {}
    for match in matches:
        if match.kind != EXCERPT or home[match.a] == home[match.b]:
            continue
        child, parent = orient(match, members, derived)
        pair = (home[child], home[parent])
        offers[pair[0]][pair[1]].add(child)
        strength[pair] = max(strength.get(pair, (0.0, "")), (score(match), match.a + match.b))
    parents: dict[int, int] = {}
    for number, by_parent in offers.items():
        good = [at for at, urls in by_parent.items() if 2 * len(urls) >= len(copies[number])]
        if good:
            parents[number] = max((strength[number, at], at) for at in good)[1]
    return parents


def orient(match: Match, members: Mapping[str, Member], derived: Mapping[str, set[str]]) -> tuple[str, str]:
    """(child, parent) of an excerpt match: the shorter is an excerpt, unless the longer is built around it."""
    short_is_a = match.containment_a >= match.containment_b
    shorter, longer = (match.a, match.b) if short_is_a else (match.b, match.a)
    if shorter in derived.get(longer, ()):
        return longer, shorter
    if longer in derived.get(shorter, ()) or is_teaser(members[shorter].article.text):
        return shorter, longer
    short_date, long_date = members[shorter].article.published_at, members[longer].article.published_at
    whole = max(match.containment_a, match.containment_b) >= 0.8
    if whole and short_date is not None and long_date is not None and short_date < long_date:
        return longer, shorter
    return shorter, longer


_ENDS = (".", "!", "?", '"', "”", "»", "…", "。", "！", "？", "」", ")", "*", "।", "؟", "’", "'")


def asks_to_read_on(text: str) -> bool:
    """Does a text break off with an ellipsis, or ask to read on elsewhere?"""
    marks, body = read_marks(text)
    last = body[-1].rstrip() if body else ""
    return any(mark.role == "more" for mark in marks) or last.endswith(("...", "…", "[…]", "[...]", "…]"))


def is_teaser(text: str) -> bool:
    """Does a text break off in the middle of a sentence, or ask to read on elsewhere?"""
    body = read_marks(text)[1]
    return asks_to_read_on(text) or not (body[-1].rstrip() if body else "").endswith(_ENDS)


def _root(number: int, parents: Mapping[int, int]) -> int:
    seen = {number}
    while number in parents and parents[number] not in seen:
        number = parents[number]
        seen.add(number)
    # A circle of parents has no root of its own: its smallest member stands for it.
    return number if number not in parents else min(_circle(number, parents))


def _circle(number: int, parents: Mapping[int, int]) -> set[int]:
    circle = {number}
    at = parents[number]
    while at not in circle:
        circle.add(at)
        at = parents[at]
    return circle
