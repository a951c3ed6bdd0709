"""Texts, articles and members for the tests of the dedup room: invented, the same in every run."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pipeline.dedup.fingerprint import fingerprint
from pipeline.dedup.group import as_article
from pipeline.dedup.match import verify
from pipeline.dedup.place import place, settle
from pipeline.dedup.thresholds import Thresholds
from pipeline.model import Article, Match, Member, Neighbours, Placement, StoryPlan, Word
from pipeline.words import in_force, touched

VOCABULARY = """
    water harbour ferry council winter bridge market teacher valley engine letter garden window island captain paper
    school morning evening river station doctor farmer tunnel signal forest copper engineer village summer railway
    kitchen museum library anchor basket candle danger estate fabric galley hammer insect jacket kettle ladder
    marble needle orchard pepper quarry ribbon saddle timber umbrella velvet whistle yellow zinc autumn barrel
    cellar dinner effort figure ground height income junior lesson method notice office parcel record season ticket
    under value wagon above behind carry deliver enter follow gather handle invite journey listen measure number
    open prepare quiet repair search travel visit wander answer borrow climb decide explain finish guess happen
    imagine join keep learn move need order plant reach serve teach use wait before after during across along
    between toward without against because although unless until while where which whose narrow heavy bright hollow
    gentle broken frozen ancient modern public private local distant common strange simple early
""".split()
NOON = datetime(2025, 6, 3, 12, tzinfo=UTC)


def prose(seed: str, words: int = 200, *, sentence: int = 12, paragraph: int = 5) -> str:
    """About ``words`` words of no meaning in sentences and paragraphs; two seeds share hardly a run of five words."""
    rng = random.Random(seed)
    sentences = []
    for _ in range(max(1, round(words / sentence))):
        line = " ".join(rng.choice(VOCABULARY) for _ in range(sentence))
        sentences.append(line[0].upper() + line[1:] + ".")
    return "\n".join(" ".join(sentences[start : start + paragraph]) for start in range(0, len(sentences), paragraph))


def reworded(text: str, share: float, seed: str = "edit") -> str:
    """The text with about ``share`` of its words replaced by others."""
    rng = random.Random(seed)
    lines = [
        [rng.choice(VOCABULARY) if rng.random() < share else word for word in line.split()] for line in text.split("\n")
    ]
    return "\n".join(" ".join(line) for line in lines)


def first_words(text: str, count: int) -> str:
    return " ".join(text.split()[:count])


def article(url: str, text: str, *, hours: float = 0, **more: Any) -> Article:
    """An article at ``url``, published (unless given otherwise) and seen ``hours`` after noon."""
    at = NOON + timedelta(hours=hours)
    base = as_article({"url": url, "text": text, "first_seen_at": at, "published_at": at})
    byline = more.pop("byline", ())
    return replace(base, byline=(byline,) if isinstance(byline, str) else tuple(byline), **more)


def member(one: Article, story: int | None = None) -> Member:
    return Member(one, fingerprint(one.text, one.title), story)


def members(articles: Iterable[Article]) -> dict[str, Member]:
    return {one.canonical_url: member(one) for one in articles}


class Shelf:
    """Articles as a store would hold them, in memory: what one placement decides, the next one finds."""

    def __init__(self) -> None:
        self.members: dict[str, Member] = {}
        self.matches: dict[tuple[str, str], Match] = {}
        self.plans: dict[int, StoryPlan] = {}
        self.merged: dict[int, int] = {}
        self.words: list[Word] = []

    def say(self, *words: Word) -> None:
        """A person says something, about articles that are there or not."""
        before = in_force(self.words)
        self.words += words
        urls = [url for url in sorted(touched(before, in_force(self.words))) if url in self.members]
        if urls:
            self._write(settle(urls, self._neighbours("", set())))

    def add(self, one: Article) -> Placement:
        """Place an article, or its new revision, and keep the decision."""
        made = fingerprint(one.text, one.title)
        placement = place(one, made, self._neighbours(one.canonical_url, set(made.bands)))
        me = one.canonical_url
        self.members[me] = Member(one, made, self.members[me].story if me in self.members else None)
        self.matches = {pair: match for pair, match in self.matches.items() if me not in pair}
        self.matches |= {(match.a, match.b): match for match in placement.matches}
        self._write(placement)
        return placement

    def _neighbours(self, me: str, keys: set[int]) -> Neighbours:
        sharing = (url for url, other in self.members.items() if url != me and keys & set(other.fingerprint.bands))
        matches = tuple(match for _, match in sorted(self.matches.items()))
        bonds = tuple(in_force(self.words))
        return Neighbours(tuple(sorted(sharing)), dict(sorted(self.members.items())), matches, bonds)

    def _write(self, placement: Placement) -> None:
        for gone, kept in placement.merged.items():
            self.plans.pop(gone, None)
            self.merged[gone] = kept
        for plan in placement.stories:
            number = plan.story if plan.story is not None else max([0, *self.plans, *self.merged]) + 1
            self.plans[number] = plan
            for copy in plan.copies:
                self.members[copy.canonical_url] = replace(self.members[copy.canonical_url], story=number)

    @property
    def groups(self) -> set[frozenset[str]]:
        """Which articles are together."""
        return {frozenset(copy.canonical_url for copy in plan.copies) for plan in self.plans.values()}

    @property
    def homes(self) -> Mapping[str, int]:
        """The story of each article."""
        return {url: found.story for url, found in self.members.items() if found.story is not None}


A, B = "https://a.example/1", "https://b.example/2"


def match(a: str, b: str, *, thresholds: Thresholds = Thresholds(), **more: Any) -> Match:  # noqa: B008 - frozen
    """Two articles on two sites; ``a_title=...`` and the like say more about one of them."""
    said = [{key[2:]: value for key, value in more.items() if key.startswith(side)} for side in ("a_", "b_")]
    found = verify(
        article(said[0].pop("url", A), a, **said[0]), article(said[1].pop("url", B), b, **said[1]), thresholds
    )
    assert found is not None
    return found
