"""What is known among articles that are decided together: their claims, their matches, how alike they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.dedup import attribution
from pipeline.dedup.attribution import Claim
from pipeline.dedup.fingerprint import estimate
from pipeline.dedup.verdict import ASIDE, SIMILAR_FLOOR
from pipeline.model import Match, Member


@dataclass(frozen=True, slots=True)
class Scene:
    """A set of articles with what is known among them: claims by article, matches by pair (a < b), and by article."""

    members: Mapping[str, Member]
    claims: Mapping[str, Sequence[Claim]]
    matches: Mapping[tuple[str, str], Match]
    of: Mapping[str, Sequence[Match]]  # in order of pairs

    def match(self, a: str, b: str) -> Match | None:
        """The verified match of two members."""
        return self.matches.get((min(a, b), max(a, b)))

    def jaccard(self, a: str, b: str) -> float:
        """How alike two members are; 0 when they are not.

        An article is compared with a limited number of candidates: of a text that more sites carry than that, most
        pairs never were, and are estimated.
        """
        match = self.match(a, b)
        if match is not None:
            return match.jaccard
        alike = estimate(self.members[a].fingerprint, self.members[b].fingerprint)
        return alike if alike >= SIMILAR_FLOOR else 0.0

    def nearer(self, url: str, than: float) -> Iterator[tuple[str, float]]:
        """The members whose text is more alike than that, and how much."""
        for match in self.of[url]:
            if match.jaccard > than:
                other = match.b if match.a == url else match.a
                if other in self.members:
                    yield other, match.jaccard


def scene_of(part: Sequence[str], everyone: Mapping[str, Member], matches: Mapping[str, Sequence[Match]]) -> Scene:
    """Articles that are connected, with what they hold or quote and what holds or quotes them."""
    beside = {url for one in part for match in matches[one] if match.kind in ASIDE for url in (match.a, match.b)}
    urls = {*part, *beside}
    known = {(match.a, match.b): match for url in urls for match in matches[url] if match.a in urls and match.b in urls}
    inside = dict(sorted(known.items()))
    of: dict[str, list[Match]] = {url: [] for url in urls}
    for match in inside.values():
        of[match.a].append(match)
        of[match.b].append(match)
    claims = attribution.claims(everyone, urls) if len(urls) > 1 else dict.fromkeys(urls, ())
    return Scene({url: everyone[url] for url in sorted(urls)}, claims, inside, of)
