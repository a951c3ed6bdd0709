"""One pure decision: where an article belongs, given all that bears on it.

:func:`decide` is a function of a *set* of articles and the matches among them. Placing one article decides its whole
connected component anew, so the groups do not depend on the order in which the articles came.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.dedup import attribution
from pipeline.dedup.attribution import Claim
from pipeline.dedup.cluster import Group, cluster, component, components, orient
from pipeline.dedup.fingerprint import plausible
from pipeline.dedup.match import verify
from pipeline.dedup.scene import Scene, scene_of
from pipeline.dedup.thresholds import Thresholds
from pipeline.dedup.verdict import ASIDE, CONTAINED, EXCERPT, JOINING, SPUN
from pipeline.model import (
    Article,
    Bond,
    Copy,
    Credit,
    Fingerprint,
    Kind,
    Match,
    Member,
    Neighbours,
    Placement,
    Route,
    StoryPlan,
)

ABOUT = 0.8  # share of a text inside another, from which on the whole of it stands there
OUTGROWN = 1.6  # times as long as what it holds: then it is more than a copy (near_length's .6, turned round)
MOSTLY = 0.4  # of a digest is other people's text; a report that quotes two statements at length has half of that
NAMED = 3  # articles that a line of evidence names, of those that a person put together or kept apart
CLEARLY = 0.05  # of Jaccard: more than what two extractions of one page differ by


def place(
    article: Article,
    fingerprint: Fingerprint,
    neighbours: Neighbours,
    thresholds: Thresholds = Thresholds(),  # noqa: B008 - frozen
) -> Placement:
    """Decide on one article that is new, or whose text has changed.

    The placement holds every story whose membership may have changed, and the article's own matches.
    """
    me = article.canonical_url
    before = neighbours.members.get(me)
    member = Member(article, fingerprint, before.story if before else None)
    others = [neighbours.members[url] for url in neighbours.candidates if url != me]
    return place_among(member, neighbours, compare_with(member, others, thresholds))


def place_among(one: Member, neighbours: Neighbours, fresh: Sequence[Match]) -> Placement:
    """As :func:`place`, with the article's verified matches at hand."""
    me = one.article.canonical_url
    matches = [match for match in neighbours.matches if me not in (match.a, match.b)]
    known = replace(neighbours, members={**neighbours.members, me: one}, matches=(*matches, *fresh))
    # What the article quotes, or is quoted by, may be a digest now.
    aside = [match.a if match.b == me else match.b for match in fresh if match.kind in ASIDE]
    return _settled([me, *aside], known, fresh)


def settle(urls: Iterable[str], neighbours: Neighbours) -> Placement:
    """Decide anew on stored articles after something else than their texts has changed: what people say about them.

    ``neighbours.matches`` are taken as they are; the placement brings none.
    """
    return _settled(list(urls), neighbours, [])


def _settled(urls: Sequence[str], known: Neighbours, fresh: Sequence[Match]) -> Placement:
    """The placement of articles that may have changed, with all whom that concerns."""
    members = known.members
    before = {members[url].story for url in urls if url in members} - {None}
    mates = [url for url, member in members.items() if member.story in before]
    affected = component([*urls, *mates], known.matches, known.bonds)
    # A story is decided whole: who is reached through one of its members brings the others along.
    stories = {members[url].story for url in affected if url in members} - {None}
    mates = [url for url, member in members.items() if member.story in stories]
    affected = component([*affected, *mates], known.matches, known.bonds)
    around = {url for match in known.matches if match.kind in ASIDE for url in (match.a, match.b)} - affected
    groups = decide(
        {url: member for url, member in members.items() if url in affected},
        known.matches,
        {url: member for url, member in members.items() if url in around},
        known.bonds,
    )
    plans, merged = _keep_ids(groups, members)
    return Placement(tuple(plans), tuple(fresh), merged)


def compare_with(one: Member, others: Iterable[Member], thresholds: Thresholds | None) -> list[Match]:
    """The verified matches of one article with its candidates."""
    found = (
        verify(one.article, other.article, thresholds)
        for other in others
        if plausible(one.fingerprint, other.fingerprint)
    )
    return [match for match in found if match is not None]


def decide(
    members: Mapping[str, Member],
    matches: Iterable[Match],
    around: Mapping[str, Member] | None = None,
    bonds: Sequence[Bond] = (),
) -> list[tuple[str, tuple[Copy, ...]]]:
    """Group the members and say of each what it is: (canonical URL of the original, copies) a story.

    ``around`` are articles of other stories that members quote, or that quote members: they are no part of any group.
    ``bonds`` are what people said, without contradictions. What is not connected is decided apart from each other, so
    a story does not depend on what else is decided at the same time.
    """
    everyone = {**(around or {}), **members}
    known: dict[str, list[Match]] = {url: [] for url in everyone}
    for match in matches:
        if match.a in known and match.b in known:
            known[match.a].append(match)
            known[match.b].append(match)
    said: dict[str, list[Bond]] = defaultdict(list)
    for bond in bonds:
        said[bond.a].append(bond)
        said[bond.b].append(bond)
    groups: list[tuple[str, tuple[Copy, ...]]] = []
    inner = [match for url in members for match in known[url] if match.a in members and match.b in members]
    for reached in components(members, inner, bonds):
        scene = scene_of([url for url in reached if url in members], everyone, known)
        groups += _stories(reached, scene, said)
    return groups


def _stories(
    reached: Collection[str], whole: Scene, said: Mapping[str, Sequence[Bond]]
) -> Iterator[tuple[str, tuple[Copy, ...]]]:
    """The stories of articles that are connected, in a scene of them and of what stands around them."""
    members = {url: member for url, member in whole.members.items() if url in reached}
    around = {url: member for url, member in whole.members.items() if url not in reached}
    derived = {url: {claim.target for claim in whole.claims[url]} for url in whole.members}
    bonds = {bond for url in reached for bond in said.get(url, ())}
    for group in cluster(members, tuple(whole.matches.values()), derived, around, bonds):
        first, copies = _story(group, whole)
        by_hand = {url: tuple(_by_hand(url, said.get(url, ()), whole)) for url in group}
        yield first, tuple(replace(one, evidence=by_hand[one.canonical_url] + one.evidence) for one in copies)


def _by_hand(url: str, bonds: Sequence[Bond], whole: Scene) -> Iterator[str]:
    """What people said about an article, in words."""
    for words, together in (("merged with", True), ("kept apart from", False)):
        others = sorted(bond.b if bond.a == url else bond.a for bond in bonds if bond.together is together)
        for other in others[:NAMED]:
            yield f"{Route.BY_HAND}: {words} {whole.members[other].article.url if other in whole.members else other}"
        if len(others) > NAMED:
            yield f"{Route.BY_HAND}: {words} {len(others) - NAMED} others"


def _story(group: Group, whole: Scene) -> tuple[str, tuple[Copy, ...]]:
    inside = {url: tuple(claim for claim in whole.claims[url] if claim.target in group) for url in group}
    scene = Scene({url: whole.members[url] for url in group}, inside, whole.matches, whole.of)
    first = attribution.original(_eligible(group, scene), scene.members, inside)
    credit = attribution.story_credit(first, group, scene.members, inside)
    parents = _sources(first, scene)
    copies = [_copy(url, first, parents[url], scene, credit) for url in group if url != first]
    return first, (_original(first, group, whole, credit), *copies)


def _eligible(group: Group, scene: Scene) -> Collection[str]:
    """Who can be the original: not what is only a part of another member, unless that one names a source itself."""
    parts = set()
    for match in scene.matches.values():
        if match.kind != EXCERPT or match.a not in scene.members or match.b not in scene.members:
            continue
        whole = _holder(match)
        part = match.a if whole == match.b else match.b
        if not scene.claims[whole] and orient(match, scene.members, {})[0] == part:
            parts.add(part)
    return [url for url in group if url not in parts] or group


def _original(url: str, group: Group, whole: Scene, credit: Credit) -> Copy:
    held = _held_by(url, group, whole)
    evidence = [f"holds or quotes {whole.members[piece.url].article.url}" for piece in held]
    kind = Kind.ORIGINAL
    if len(held) > 1 and sum(piece.share for piece in held) >= MOSTLY:
        kind = Kind.DIGEST
    elif any(piece.named for piece in held):
        kind = Kind.COMMENTARY
    elif attribution.credit(whole.members[url].article, None, {}) is not None:
        kind = Kind.REPUBLICATION  # of something that the store does not hold
    return Copy(url, kind, None, credit, 1.0, tuple(evidence))


@dataclass(frozen=True, slots=True)
class Held:
    """A piece that stands, whole or in part, in an article: its share of the article, and whether it is named there."""

    url: str
    share: float
    named: bool


def _held_by(url: str, group: Group, whole: Scene) -> list[Held]:
    """Pieces of other stories that stand in this article, only one of those that are related to each other.

    A piece that is quoted shares passages with those that quote it, too: so what an article quotes counts only where
    the article names it or is the younger one.
    """
    me = whole.members[url].article
    claimed = {claim.target for claim in whole.claims[url]}
    held: list[Held] = []
    # What is named comes first: of several copies of the piece, that is the one.
    for match in sorted(whole.of[url], key=lambda match: ({match.a, match.b} - {url}).isdisjoint(claimed)):
        other = match.a if match.b == url else match.b
        if other in group or not match.kind or any(whole.match(other, piece.url) for piece in held):
            continue
        inside = (match.kind == CONTAINED or match.kind in JOINING) and _holder(match) == url
        if match.kind not in ASIDE and not inside:
            continue
        if inside or other in claimed or _younger(me, whole.members[other].article):
            share = match.containment_a if match.a == url else match.containment_b
            held.append(Held(other, 1.0 if inside else share, other in claimed))
    return held


def _younger(article: Article, other: Article) -> bool:
    """Was it published later than the other? False when one of them bears no date."""
    mine, theirs = article.published_at, other.published_at
    return mine is not None and theirs is not None and theirs < mine


def _holder(match: Match) -> str:
    """The longer of the two: the one less of which is shared."""
    return match.b if match.containment_a >= match.containment_b else match.a


def _sources(first: str, scene: Scene) -> dict[str, Claim | None]:
    """For each copy, where it was taken from."""
    parents = {url: _source(url, first, scene) for url in scene.members if url != first}
    for url in sorted(parents):
        seen = {url}
        at = parents[url]
        while at is not None and at.target != first:
            if at.target in seen:
                parents[url] = Claim(first, "first seen", "earliest copy known")
                break
            seen.add(at.target)
            at = parents[at.target]
    return parents


def _source(url: str, first: str, scene: Scene) -> Claim | None:
    """The source that a copy names, unless its text leads to a nearer one; without a name the likeliest.

    None when it credits an outlet that is none of them: a local paper that prints a wire piece took it from the wire,
    and not from the other paper that printed it earlier.
    """
    named = attribution.nearest(url, scene.claims)
    if named is None and attribution.credit(scene.members[url].article, None, {}) is not None:
        return None
    # Two excerpts of one passage are near each other by chance, and so are two papers that print one agency's piece; of
    # a source that has changed since, all its copies are nearer to each other.
    part = scene.members[url].fingerprint.shingles * 2 < scene.members[first].fingerprint.shingles
    if named is not None:
        revised = scene.members[named.target].article.revision > 1
        if part or revised or named.basis == "agency line":
            return named
    between = _between(url, named.target if named else first, first, scene)
    if between is not None:
        return Claim(between, "text", f"what {scene.members[between].article.url} changed stands here, too")
    return named or Claim(first, "first seen", "earliest copy known")


def _between(url: str, named: str, first: str, scene: Scene) -> str | None:
    """A copy of the named source that has passed its own changes on to this one.

    Its text is clearly nearer, it is not the younger one, not further from the original, and it names all that this
    copy names: then this copy's words of credit came with the text.
    """
    targets = {claim.target for claim in scene.claims[url]}
    best, nearest = None, scene.jaccard(url, named) + CLEARLY
    for other, alike in sorted(scene.nearer(url, nearest)):
        theirs = {claim.target for claim in scene.claims[other]}
        if other in (url, named, first) or url in theirs or not targets - {other} <= theirs:
            continue
        if scene.members[other].article.site == scene.members[url].article.site:
            continue
        if _younger(scene.members[other].article, scene.members[url].article):
            continue
        further = scene.jaccard(other, first) + CLEARLY < scene.jaccard(url, first)
        if alike > nearest and not further:
            best, nearest = other, alike
    return best


def _copy(url: str, first: str, parent: Claim | None, scene: Scene, credit: Credit) -> Copy:
    match = scene.match(url, first)
    own = attribution.credit(scene.members[url].article, attribution.nearest(url, scene.claims), scene.members)
    return Copy(
        canonical_url=url,
        kind=_kind(url, first, scene),
        copied_from=parent.target if parent else None,
        credit=own or replace(credit, confidence=min(credit.confidence, 0.5)),
        similarity=scene.jaccard(url, first),
        evidence=tuple(_evidence(url, parent, match, scene)),
    )


def _evidence(url: str, parent: Claim | None, match: Match | None, scene: Scene) -> Iterator[str]:
    """Why the copy stands where it does: what leads to its source, then the text, then whom else it names."""
    if parent and parent.basis != "first seen":
        yield f"{parent.basis}: {parent.line}"
    if told := match or next(iter(scene.of[url]), None):
        yield _told(told, url, scene)
    yield from (f"{claim.basis}: {claim.line}" for claim in scene.claims[url] if claim != parent)


def _kind(url: str, first: str, scene: Scene) -> Kind:
    """By how much of the original it holds, and how much else."""
    match = scene.match(url, first)
    if match is None:
        part = any(other.kind == EXCERPT and _holder(other) != url for other in scene.of[url])
        return Kind.EXCERPT if part else Kind.REPUBLICATION
    if match.kind == SPUN:
        return Kind.SPUN
    mine, theirs = (scene.members[at].fingerprint.shingles for at in (url, first))
    of_me, of_first = match.containment_a, match.containment_b
    if match.b == url:
        of_me, of_first = of_first, of_me
    if of_first >= ABOUT and mine >= OUTGROWN * theirs:
        return Kind.COMMENTARY
    if mine < theirs and (match.kind == EXCERPT or (of_me >= ABOUT and theirs >= 2 * mine)):
        return Kind.EXCERPT
    return Kind.REPUBLICATION


def _told(match: Match, url: str, scene: Scene) -> str:
    """A match in words."""
    other = match.b if match.a == url else match.a
    if other in scene.members:
        other = scene.members[other].article.url
    if match.route is Route.SAME_TEXT:
        return f"same text as {other}"
    held = match.containment_a if match.a == url else match.containment_b
    return f"{match.route}: Jaccard {match.jaccard:.2f} with {other}, {held:.0%} of this text stands there"


def _keep_ids(
    groups: Sequence[tuple[str, tuple[Copy, ...]]], members: Mapping[str, Member]
) -> tuple[list[StoryPlan], dict[int, int]]:
    """Give each group the story id that most of its members have; an id left over resolves to where they went."""
    votes: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for number, (_, copies) in enumerate(groups):
        for copy in copies:
            story = members[copy.canonical_url].story
            if story is not None:
                votes[story][number] += 1
    taken: dict[int, int] = {}
    for story in sorted(votes):
        free = [number for number in votes[story] if number not in taken]
        if free:
            taken[max((votes[story][number], -number, number) for number in free)[2]] = story
    merged = {}
    for story, by_group in votes.items():
        if story not in taken.values():
            merged[story] = taken[max(by_group, key=lambda number: (by_group[number], -number))]
    plans = [StoryPlan(taken.get(number), first, copies) for number, (first, copies) in enumerate(groups)]
    return plans, merged
