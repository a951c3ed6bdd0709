"""The grouping of a whole store anew, under other settings or newer rules: what would change, and writing it.

Every article is looked up again among all others, every pair compared again on its texts, every component decided
again, one after the other. So what is in memory is one component (at most 2,000 articles with their texts, and what
stands around them), one byte for each stored article, and the list of what changes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from typing import TYPE_CHECKING

from pipeline.config import DedupSettings
from pipeline.dedup import SCHEME, Thresholds
from pipeline.dedup.fingerprint import of_article
from pipeline.dedup.place import compare_with, settle
from pipeline.dedup.verdict import ASIDE, JOINING
from pipeline.model import Bond, Match, Member, Neighbours, Placement

if TYPE_CHECKING:
    from pipeline.store import Replay, Store

TOGETHER = 100  # articles a transaction: another writer waits for a fraction of a second


@dataclass(frozen=True, slots=True)
class Part:
    """Some articles that were, or will be, one story: ``story`` is its number before."""

    story: int
    urls: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A merge gained (the parts become one story), or lost (one story falls into the parts); the largest part first."""

    gained: bool
    title: str | None
    parts: tuple[Part, ...]

    @property
    def copies(self) -> int:
        """How many articles it concerns."""
        return sum(len(part.urls) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Regrouping:
    """What a replay found: changes with the largest first."""

    articles: int = 0
    stories: int = 0  # as they would be
    renewed: int = 0  # fingerprints of an older scheme
    applied: bool = False
    changes: tuple[Change, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Unit:
    """Articles that have to be decided together, all that their texts say about each other and others, the decision."""

    members: Mapping[int, Member]
    matches: Mapping[tuple[str, str], Match]
    placement: Placement


def regroup(
    store: Store, settings: DedupSettings, *, apply: bool = False, progress: Callable[[int], None] = lambda _: None
) -> Regrouping:
    """Replay the grouping of all stored articles; with ``apply`` write it, a hundred articles a transaction.

    Fingerprints of an older scheme are renewed first, in either case: they are an index, and no story changes by it. A
    run that writes and is killed goes on, when called again with the same settings, where it was.
    """
    renewed = _renew_all(store)
    replay = _Run(store, settings, apply, progress)
    replay.all()
    changes = sorted(replay.changes, key=lambda one: (-one.copies, one.parts[0].urls))
    return Regrouping(replay.articles, replay.stories, renewed, apply, tuple(changes))


def _renew_all(store: Store) -> int:
    renewed = after = 0
    while True:
        with store.articles.placing() as placing:
            stale = placing.replay.stale(SCHEME, after, TOGETHER)
            for article_id, member in placing.replay.members(stale).items():
                placing.replay.renew(article_id, of_article(member.article))
        if not stale:
            return renewed
        renewed += len(stale)
        after = stale[-1]


class _Run:
    """One replay under way."""

    def __init__(self, store: Store, settings: DedupSettings, apply: bool, progress: Callable[[int], None]) -> None:
        self._store = store
        self._apply = apply
        self._progress = progress
        self._limit = settings.candidates
        self._thresholds = Thresholds.of(settings)
        # A half of a replay is no half of one under other rules: those of another release count as others.
        under = json.dumps([SCHEME, version("onecopy"), settings.model_dump(mode="json")], sort_keys=True)
        self._under = hashlib.sha256(under.encode()).hexdigest()
        self._seen = bytearray()  # by article id
        self.articles = self.stories = 0
        self.changes: list[Change] = []

    def all(self) -> None:
        """Every article, a transaction's worth at a time."""
        at: int | None = self._begin()
        while at is not None:
            at = self._write(at) if self._apply else self._read(at)
            self._progress(self.articles)

    def _begin(self) -> int:
        """After which article to begin."""
        if self._apply:
            with self._store.articles.replaying() as replay:
                noted = json.loads(replay.progress() or "{}")
            if noted.get("under") == self._under:
                return int(noted["after"])
        return 0

    def _read(self, after: int) -> int | None:
        with self._store.articles.replaying() as replay:
            ids = replay.ids(after, TOGETHER)
            for unit in self._units(replay, ids):
                self._compare(unit)
        return ids[-1] if ids else None

    def _write(self, after: int) -> int | None:
        with self._store.articles.placing() as placing:
            replay = placing.replay
            ids = replay.ids(after, TOGETHER)
            for unit in self._units(replay, ids):
                self._compare(unit)
                mine = {member.article.canonical_url for member in unit.members.values()}
                fresh = {match for pair, match in unit.matches.items() if mine.intersection(pair)}
                if fresh == replay.matches(unit.members):
                    placing.settle(unit.placement)
                else:
                    placing.settle(replace(unit.placement, matches=tuple(fresh)), mine)
            replay.note(json.dumps({"under": self._under, "after": ids[-1]}) if ids else None)
        return ids[-1] if ids else None

    def _units(self, replay: Replay, ids: Iterable[int]) -> Iterator[Unit]:
        for start in ids:
            if start < len(self._seen) and self._seen[start]:
                continue
            unit = gather(replay, start, self._thresholds, self._limit)
            for one in unit.members:
                if one >= len(self._seen):
                    self._seen.extend(bytes(one + 1 - len(self._seen) + TOGETHER))
                self._seen[one] = 1
            yield unit

    def _compare(self, unit: Unit) -> None:
        self.articles += len(unit.members)
        self.stories += len(unit.placement.stories)
        self.changes += differences(unit)


def gather(replay: Replay, start: int, thresholds: Thresholds, limit: int) -> Unit:
    """Everything that has to be decided together with one article, compared and decided anew."""
    found = _Gathering(replay, thresholds, limit)
    found.reach(start)
    found.look_around()
    members = {one.article.canonical_url: one for one in [*found.members.values(), *found.beside.values()]}
    neighbours = Neighbours((), members, tuple(found.matches.values()), tuple(found.bonds))
    placement = settle([member.article.canonical_url for member in found.members.values()], neighbours)
    return Unit(found.members, found.matches, placement)


class _Gathering:
    """Members of one unit as they are found: by their texts, by the stories that they are in, by people's words."""

    def __init__(self, replay: Replay, thresholds: Thresholds, limit: int) -> None:
        self._replay = replay
        self._thresholds = thresholds
        self._limit = limit
        self._ids: dict[str, int] = {}
        self._compared: set[tuple[int, int]] = set()
        self.members: dict[int, Member] = {}
        self.beside: dict[int, Member] = {}
        self.matches: dict[tuple[str, str], Match] = {}
        self.bonds: list[Bond] = []

    def reach(self, start: int) -> None:
        """Follow all that joins, until nothing new is met or there are too many to decide together."""
        edge = [start]
        while edge and len(self.members) < self._replay.most:
            fresh = self._replay.members(edge[: self._replay.most - len(self.members)])
            self.members |= fresh
            near = {other for one, member in fresh.items() for other in self._compare(one, member)}
            near.update(self._replay.mates({one.story for one in fresh.values() if one.story is not None}))
            self.bonds = self._replay.bonds([one.article.canonical_url for one in self.members.values()])
            named = {url for bond in self.bonds if bond.together for url in (bond.a, bond.b)}
            near.update(self._replay.ids_of(named).values())
            edge = sorted(near - self.members.keys())

    def look_around(self) -> None:
        """Load what members hold or quote and what holds or quotes them, and compare these with each other."""
        urls = {url for match in self.matches.values() if match.kind in ASIDE for url in (match.a, match.b)}
        self.beside = self._replay.members(sorted({self._ids[url] for url in urls} - self.members.keys()))
        for one, member in self.beside.items():
            self._compare(one, member, among=self.beside)

    def _compare(self, one: int, member: Member, among: Mapping[int, Member] | None = None) -> list[int]:
        """Compare a member with its candidates; returns those that join it."""
        self._ids[member.article.canonical_url] = one
        candidates = self._replay.sharing(one, member.fingerprint, self._limit, member.article.site)
        wanted = [at for at in candidates if (min(one, at), max(one, at)) not in self._compared]
        if among is not None:
            wanted = [at for at in wanted if at in among]
        self._compared.update((min(one, at), max(one, at)) for at in wanted)
        others = {at: self.members[at] for at in wanted if at in self.members}
        others |= self._replay.members([at for at in wanted if at not in others])
        self._ids |= {other.article.canonical_url: at for at, other in others.items()}
        found = compare_with(member, others.values(), self._thresholds)
        self.matches |= {(match.a, match.b): match for match in found}
        return [self._ids[url] for match in found if match.kind in JOINING for url in (match.a, match.b)]


def differences(unit: Unit) -> Iterator[Change]:
    """Stories that come together, and stories that fall apart."""
    before = {member.article.canonical_url: member.story or 0 for member in unit.members.values()}
    after = {copy.canonical_url: plan.original for plan in unit.placement.stories for copy in plan.copies}
    for gained, whole, part in ((True, after, before), (False, before, after)):
        groups: dict[object, dict[object, list[str]]] = {}
        for url in sorted(before):
            groups.setdefault(whole[url], {}).setdefault(part[url], []).append(url)
        for parts in groups.values():
            if len(parts) > 1:
                made = [Part(before[urls[0]], tuple(urls)) for urls in parts.values()]
                made.sort(key=lambda one: (-len(one.urls), one.urls))
                yield Change(gained, _title(made, unit), tuple(made))


def _title(parts: Iterable[Part], unit: Unit) -> str | None:
    """The first title of the largest part."""
    titles = {member.article.canonical_url: member.article.title for member in unit.members.values()}
    return next((title for part in parts for url in part.urls if (title := titles[url])), None)
