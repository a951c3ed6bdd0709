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
from pipeline.dedup.match import CONTAINED_WEIGHT, COPY, EXCERPT, JOINING, SIMILAR_FLOOR, title_agreement
from pipeline.model import Match, Member

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


def cluster(members: Mapping[str, Member], matches: Sequence[Match], derived: Mapping[str, set[str]]) -> list[Group]:
    """Partition the members into stories.

    ``derived`` maps an article to those that it names as its source: a longer text that names the shorter one is taken
    from it, not the other way round. Groups and their members come sorted by canonical URL.
    """
    scores = {(match.a, match.b): score(match) for match in matches}
    copies = _copies(members, matches, scores)
    home = {url: number for number, group in enumerate(copies) for url in group}
    parents = _parents(members, matches, copies, home, derived)
    merged: dict[int, list[str]] = defaultdict(list)
    for number, group in enumerate(copies):
        merged[_root(number, parents)].extend(group)
    return sorted(tuple(sorted(group)) for group in merged.values())


def score(match: Match) -> float:
    """How alike two articles are: max(J, .8 C)."""
    return max(match.jaccard, CONTAINED_WEIGHT * max(match.containment_a, match.containment_b))


def _copies(
    members: Mapping[str, Member], matches: Sequence[Match], scores: Mapping[tuple[str, str], float]
) -> list[Group]:
    groups: dict[str, list[str]] = {url: [url] for url in sorted(members)}
    home = {url: url for url in groups}
    edges = sorted(
        (match for match in matches if match.kind == COPY), key=lambda match: (-score(match), match.a, match.b)
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
    related = {(home[match.a], home[match.b]) for match in matches if score(match) >= SIMILAR_FLOOR}
    related |= {(b, a) for a, b in related}
    parents: dict[int, int] = {}
    for number, by_parent in offers.items():
        good = [at for at, urls in by_parent.items() if 2 * len(urls) >= len(copies[number])]
        if good and not _is_digest(number, good, copies, members, related):
            parents[number] = max((strength[number, at], at) for at in good)[1]
    return parents


def _is_digest(
    child: int,
    parents: Sequence[int],
    copies: Sequence[Group],
    members: Mapping[str, Member],
    related: set[tuple[int, int]],
) -> bool:
    """Does the child hold, around whole copies, two pieces that have nothing to do with each other?"""
    size = max(members[url].fingerprint.shingles for url in copies[child])
    inside = [
        parent for parent in sorted(parents) if size > max(members[url].fingerprint.shingles for url in copies[parent])
    ]
    titles = [members[url].article.title for url in copies[child]]
    inside = [
        parent
        for parent in inside
        if not any(title_agreement(t, members[url].article.title) >= 0.6 for t in titles for url in copies[parent])
    ]
    return any((a, b) not in related for number, a in enumerate(inside) for b in inside[number + 1 :])


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


def is_teaser(text: str) -> bool:
    """Does a text break off, or ask to read on elsewhere?"""
    from pipeline.dedup.forms import read_marks

    marks, body = read_marks(text)
    if any(mark.role == "more" for mark in marks):
        return True
    last = body[-1].rstrip() if body else ""
    return last.endswith(("...", "…", "[…]", "[...]", "…]")) or not last.endswith(_ENDS)


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
