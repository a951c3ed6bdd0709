"""From verified matches to groups, without chains: a pure function of the set of articles, so order can't matter.

Single linkage chains (a version glues to "The Latest", that to the digest, that to everything). Here two groups of
copies join only when at least half of the pairs across them are alike, best edges first; then each excerpt, and each
longer text around a whole copy, attaches to its one best parent, and a digest to none. Excerpts and digests never
bridge. What a person said about two articles stands above all of it: nothing joins what it keeps apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pipeline.dedup.digests import digests, holds_a_piece
from pipeline.dedup.fingerprint import estimate
from pipeline.dedup.pair import CONTAINED_WEIGHT
from pipeline.dedup.teasers import is_teaser
from pipeline.dedup.verdict import ALIKE, EXCERPT, JOINING, SIMILAR_FLOOR, SPUN
from pipeline.model import Bond, Match, Member
from pipeline.words import Blocs

HALF = 0.5  # share of the pairs across two groups that must be alike; .3-.7 gives the same groups on development data

Group = tuple[str, ...]


def component(start: Iterable[str], matches: Iterable[Match], bonds: Iterable[Bond] = ()) -> set[str]:
    """Everything reachable from ``start`` over joining matches, and over what a person put together."""
    return _reach(start, _ways(matches, bonds))


def components(urls: Iterable[str], matches: Iterable[Match], bonds: Iterable[Bond] = ()) -> Iterator[set[str]]:
    """``urls``, and what people put together with them, by what is connected; in order of each one's smallest URL."""
    ways = _ways(matches, bonds)
    left = set(urls)
    for url in sorted(left):
        if url in left:
            reached = _reach([url], ways)
            left -= reached
            yield reached


def _ways(matches: Iterable[Match], bonds: Iterable[Bond]) -> Mapping[str, Sequence[str]]:
    ways: dict[str, list[str]] = defaultdict(list)
    joined = [(match.a, match.b) for match in matches if match.kind in JOINING]
    for a, b in [*joined, *((bond.a, bond.b) for bond in bonds if bond.together)]:
        ways[a].append(b)
        ways[b].append(a)
    return ways


def _reach(start: Iterable[str], ways: Mapping[str, Sequence[str]]) -> set[str]:
    reached = set(start)
    todo = list(reached)
    while todo:
        for other in ways.get(todo.pop(), ()):
            if other not in reached:
                reached.add(other)
                todo.append(other)
    return reached


def cluster(
    members: Mapping[str, Member],
    matches: Sequence[Match],
    derived: Mapping[str, set[str]],
    around: Mapping[str, Member] | None = None,
    bonds: Iterable[Bond] = (),
) -> list[Group]:
    """Partition the members into stories.

    ``derived`` maps an article to those that it names as its source: a longer text that names the shorter one is taken
    from it, not the other way round. ``around`` are articles of other stories that tell a digest among the members.
    ``bonds`` are what people said, without contradictions. Groups and their members come sorted by canonical URL.
    """
    everyone = {**(around or {}), **members}
    holders = digests(everyone, matches, derived)
    inside = [match for match in matches if match.a in members and match.b in members]
    joining = [match for match in inside if not holds_a_piece(match, holders, members, derived)]
    # Two articles that a person put together count as one bloc from the start, so that nobody can join the one who
    # must stay apart from the other; but only copies by their texts have a say in what else is alike.
    blocs = Blocs(bonds)
    copies = _copies(members, joining, {(match.a, match.b): score(match) for match in inside}, blocs)
    _attach(members, joining, copies, derived, blocs)
    groups: dict[str, list[str]] = defaultdict(list)
    for url in sorted(members):
        groups[blocs.of(url)].append(url)
    return sorted(tuple(group) for group in groups.values())


def score(match: Match) -> float:
    """How alike two articles are: max(J, .8 C); a spun copy is alike however few runs of words are left."""
    alike = max(match.jaccard, CONTAINED_WEIGHT * max(match.containment_a, match.containment_b))
    return max(alike, SIMILAR_FLOOR) if match.kind == SPUN else alike


def _copies(
    members: Mapping[str, Member], matches: Sequence[Match], scores: Mapping[tuple[str, str], float], blocs: Blocs
) -> list[Group]:
    groups: dict[str, list[str]] = {url: [url] for url in sorted(members)}
    home = {url: url for url in groups}
    edges = sorted(
        (match for match in matches if match.kind in ALIKE), key=lambda match: (-score(match), match.a, match.b)
    )
    for edge in edges:
        left, right = home.get(edge.a), home.get(edge.b)
        if left is None or right is None or left == right or not blocs.may_join(edge.a, edge.b):
            continue
        if _alike(groups[left], groups[right], members, scores):
            blocs.join(edge.a, edge.b)
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


def _attach(
    members: Mapping[str, Member],
    matches: Sequence[Match],
    copies: Sequence[Group],
    derived: Mapping[str, set[str]],
    blocs: Blocs,
) -> None:
    """Join each group of copies that is part of (or stands around) another one to its best parent, best pairs first."""
    home = {url: number for number, group in enumerate(copies) for url in group}
    offers: dict[tuple[int, int], set[str]] = defaultdict(set)
    strength: dict[tuple[int, int], tuple[float, str]] = {}
    for match in matches:
        if match.kind != EXCERPT or home[match.a] == home[match.b]:
            continue
        child, parent = orient(match, members, derived)
        pair = (home[child], home[parent])
        offers[pair].add(child)
        strength[pair] = max(strength.get(pair, (0.0, "")), (score(match), match.a + match.b))
    good = [pair for pair, urls in offers.items() if 2 * len(urls) >= len(copies[pair[0]])]
    settled: set[int] = set()
    for child_at, parent_at in sorted(good, key=lambda pair: (strength[pair], pair), reverse=True):
        first, second = copies[child_at][0], copies[parent_at][0]
        if child_at not in settled and blocs.may_join(first, second):
            settled.add(child_at)
            blocs.join(first, second)


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
