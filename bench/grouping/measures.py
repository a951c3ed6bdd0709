"""How good a grouping is, against the known truth.

Pairwise precision P and recall R count pairs of articles; Rx only pairs across sites; excerpts are measured apart
(Rexc: the share that stands in its story), since a measure of whole copies can't see them. B-cubed precision and recall
(Bagga and Baldwin 1998) average over articles. Spun copies are outside P, R and B-cubed: how many words may be replaced
before a copy is a copy no more is a question of its own, answered by their own figures.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from bench.grouping.truth import Labelled
from pipeline.model import Copy, Kind

Stories = Sequence[tuple[str, tuple[Copy, ...]]]


@dataclass(frozen=True, slots=True)
class Ratio:
    """So many of so many."""

    hits: int
    of: int

    @property
    def value(self) -> float:
        """The share; 1.0 of nothing."""
        return self.hits / self.of if self.of else 1.0


@dataclass(frozen=True, slots=True)
class Grouping:
    """Measures that any partition has, baselines included. ``traps`` maps a look-alike kind to merged instances."""

    precision: Ratio
    recall: Ratio
    across: Ratio
    excerpts: Ratio
    b_precision: float
    b_recall: float
    traps: Mapping[str, Ratio]
    false_pairs: tuple[tuple[str, str], ...]
    missed: tuple[str, ...]  # copies that don't stand in their story
    languages: Mapping[str, tuple[Ratio, Ratio]]  # P, R
    changes: Mapping[str, Ratio]  # copies with this change that stand in their story
    spun: Mapping[int, Ratio]  # by percent: found in the story of their original

    @property
    def f1(self) -> float:
        """Harmonic mean of P and R."""
        return _f(self.precision.value, self.recall.value)

    @property
    def b_f(self) -> float:
        """Harmonic mean of B-cubed P and R."""
        return _f(self.b_precision, self.b_recall)

    @property
    def merged_traps(self) -> Ratio:
        """Instances of all look-alike kinds that were merged (fewer is better)."""
        return Ratio(sum(one.hits for one in self.traps.values()), sum(one.of for one in self.traps.values()))


@dataclass(frozen=True, slots=True)
class Decisions:
    """Measures of what is decided within stories: only ours makes them."""

    kinds: Ratio
    confusion: Mapping[tuple[str, str], int]  # (truth, decided)
    originals: Ratio
    parents: Ratio
    parents_by_change: Mapping[str, Ratio]
    spun_marked: Mapping[int, Ratio]
    spun_precision: Ratio  # of all articles marked spun, those that are
    wrong_originals: tuple[tuple[str, str], ...]  # (decided, truth)
    wrong_parents: tuple[tuple[str, str | None], ...]  # (copy, decided)
    wrong_kinds: tuple[tuple[str, str], ...] = field(default=())


def _f(p: float, r: float) -> float:
    return 2 * p * r / (p + r) if p + r else 0.0


class _Tally:
    """Counts hits and trials by key."""

    def __init__(self) -> None:
        self.hits: Counter[str] = Counter()
        self.of: Counter[str] = Counter()

    def add(self, key: str, hit: bool) -> None:
        self.hits[key] += hit
        self.of[key] += 1

    def ratios(self) -> dict[str, Ratio]:
        return {key: Ratio(self.hits[key], self.of[key]) for key in sorted(self.of)}


def measure(world: Sequence[Labelled], home: Mapping[str, str]) -> Grouping:
    """Measure a partition: ``home`` maps each canonical URL to the name of its group."""
    judged = {one.url: one for one in world if not one.spun}
    groups: dict[str, list[Labelled]] = defaultdict(list)
    truth: dict[str, list[Labelled]] = defaultdict(list)
    for one in judged.values():
        groups[home[one.url]].append(one)
        truth[one.story].append(one)
    false_pairs = [
        (a, b) for group in groups.values() for a, b in combinations(group, 2) if a.story != b.story
    ]  # many only when a method is bad
    right = _pairs(group for group in groups.values())
    languages = _by_language(truth, home, false_pairs)
    excerpts, missed, changes = _joined(truth, home)
    whole = {story: [one for one in members if not one.excerpt] for story, members in truth.items()}
    found, wanted = _recall(whole.values(), home, across=False)
    found_x, wanted_x = _recall(whole.values(), home, across=True)
    b_precision, b_recall = _b_cubed(groups, truth, home)
    return Grouping(
        precision=Ratio(right, right + len(false_pairs)),
        recall=Ratio(found, wanted),
        across=Ratio(found_x, wanted_x),
        excerpts=excerpts,
        b_precision=b_precision,
        b_recall=b_recall,
        traps=_traps(judged.values(), false_pairs),
        false_pairs=tuple((a.url, b.url) for a, b in false_pairs),
        missed=missed,
        languages=languages,
        changes=changes,
        spun=_spun_found(world, home),
    )


def _pairs(groups: Iterable[Sequence[Labelled]]) -> int:
    """Pairs of one truth that stand together."""
    total = 0
    for group in groups:
        sizes = Counter(one.story for one in group)
        total += sum(size * (size - 1) // 2 for size in sizes.values())
    return total


def _recall(stories: Iterable[Sequence[Labelled]], home: Mapping[str, str], *, across: bool) -> tuple[int, int]:
    found = wanted = 0
    for members in stories:
        for a, b in combinations(members, 2):
            if across and a.article.site == b.article.site:
                continue
            wanted += 1
            found += home[a.url] == home[b.url]
    return found, wanted


def _joined(
    truth: Mapping[str, Sequence[Labelled]], home: Mapping[str, str]
) -> tuple[Ratio, tuple[str, ...], dict[str, Ratio]]:
    """Excerpts in their story, copies that are not in theirs, and copies in theirs by change."""
    by_change = _Tally()
    missed: list[str] = []
    excerpts = [0, 0]
    for members in truth.values():
        if len(members) < 2:
            continue
        there = Counter(home[one.url] for one in members if not one.excerpt).most_common(1)[0][0]
        for one in members:
            hit = home[one.url] == there
            if not hit:
                missed.append(one.url)
            if one.excerpt:
                excerpts[0] += hit
                excerpts[1] += 1
            if not one.original:
                for change in set(one.changes) or {"none"}:
                    by_change.add(change, hit)
    return Ratio(excerpts[0], excerpts[1]), tuple(missed), by_change.ratios()


def _by_language(
    truth: Mapping[str, Sequence[Labelled]],
    home: Mapping[str, str],
    false_pairs: Sequence[tuple[Labelled, Labelled]],
) -> dict[str, tuple[Ratio, Ratio]]:
    false = Counter(a.language for a, _ in false_pairs)
    stories: dict[str, list[list[Labelled]]] = defaultdict(list)
    for members in truth.values():
        stories[members[0].language].append([one for one in members if not one.excerpt])
    out = {}
    for language in sorted(stories):
        found, wanted = _recall(stories[language], home, across=False)
        out[language] = (Ratio(found, found + false[language]), Ratio(found, wanted))
    return out


def _traps(judged: Iterable[Labelled], false_pairs: Iterable[tuple[Labelled, Labelled]]) -> dict[str, Ratio]:
    instances: dict[str, set[str]] = defaultdict(set)
    for one in judged:
        if one.trap:
            instances[one.trap].add(one.instance)
    merged: dict[str, set[str]] = defaultdict(set)
    for pair in false_pairs:
        for one in pair:
            if one.trap:
                merged[one.trap].add(one.instance)
    return {trap: Ratio(len(merged[trap]), len(instances[trap])) for trap in instances}


def _b_cubed(
    groups: Mapping[str, Sequence[Labelled]], truth: Mapping[str, Sequence[Labelled]], home: Mapping[str, str]
) -> tuple[float, float]:
    precision = recall = 0.0
    total = 0
    for members in truth.values():
        together = Counter(home[one.url] for one in members)
        for group, shared in together.items():
            precision += shared * shared / len(groups[group])
            recall += shared * shared / len(members)
            total += shared
    return (precision / total, recall / total) if total else (1.0, 1.0)


def _spun_found(world: Sequence[Labelled], home: Mapping[str, str]) -> dict[int, Ratio]:
    originals = {one.story: one.url for one in world if one.original}
    tally: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for one in world:
        if one.spun:
            tally[one.spun][0] += home[one.url] == home[originals[one.story]]
            tally[one.spun][1] += 1
    return {percent: Ratio(hits, of) for percent, (hits, of) in sorted(tally.items())}


def homes(stories: Stories) -> dict[str, str]:
    """The partition that decided stories are: canonical URL to that of the story's original."""
    return {copy.canonical_url: first for first, copies in stories for copy in copies}


def judge(world: Sequence[Labelled], stories: Stories) -> Decisions:
    """Measure what was decided within the stories: kinds, originals, sources."""
    home = homes(stories)
    decided = {copy.canonical_url: copy for _, copies in stories for copy in copies}
    confusion: Counter[tuple[str, str]] = Counter()
    wrong_kinds = []
    for one in world:
        if one.kinds:
            got = decided[one.url].kind
            wanted = got if got in one.kinds else min(one.kinds)
            confusion[wanted.value, got.value] += 1
            if got not in one.kinds:
                wrong_kinds.append((one.url, f"{got.value}, not {'/'.join(sorted(kind.value for kind in one.kinds))}"))
    right = sum(number for (truth, got), number in confusion.items() if truth == got)
    originals, wrong_originals = _originals(world, home)
    by_change = _Tally()
    wrong_parents = []
    for one in world:
        if one.parents and not one.spun:
            source = decided[one.url].copied_from
            hit = source in one.parents
            for change in ("all", *sorted(set(one.changes))):
                by_change.add(change, hit)
            if not hit:
                wrong_parents.append((one.url, source))
    ratios = by_change.ratios()
    marked, precision = _spun_marked(world, decided)
    return Decisions(
        kinds=Ratio(right, confusion.total()),
        confusion=dict(confusion),
        originals=originals,
        parents=ratios.pop("all", Ratio(0, 0)),
        parents_by_change=ratios,
        spun_marked=marked,
        spun_precision=precision,
        wrong_originals=wrong_originals,
        wrong_parents=tuple(wrong_parents),
        wrong_kinds=tuple(wrong_kinds),
    )


def _originals(world: Sequence[Labelled], home: Mapping[str, str]) -> tuple[Ratio, tuple[tuple[str, str], ...]]:
    """Of the stories with copies: in how many does the group of most of them stand under the true original?"""
    members: dict[str, list[Labelled]] = defaultdict(list)
    for one in world:
        if not one.spun and not one.trap:
            members[one.story].append(one)
    hits = of = 0
    wrong = []
    for story in members.values():
        if len(story) < 2:
            continue
        truth = next((one.url for one in story if one.original), None)
        if truth is None:
            continue  # a wire item: the agency's own page is not there
        named = Counter(home[one.url] for one in story).most_common(1)[0][0]
        of += 1
        hits += named == truth
        if named != truth:
            wrong.append((named, truth))
    return Ratio(hits, of), tuple(wrong)


def _spun_marked(world: Sequence[Labelled], decided: Mapping[str, Copy]) -> tuple[dict[int, Ratio], Ratio]:
    tally: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    marked = true = 0
    for one in world:
        said = decided[one.url].kind is Kind.SPUN
        marked += said
        true += said and bool(one.spun)
        if one.spun:
            tally[one.spun][0] += said
            tally[one.spun][1] += 1
    return {percent: Ratio(hits, of) for percent, (hits, of) in sorted(tally.items())}, Ratio(true, marked)
