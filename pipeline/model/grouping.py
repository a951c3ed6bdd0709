"""Which texts are the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from pipeline.model.articles import Article


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is stored of a text to find its copies.

    ``signature`` is the MinHash signature (little-endian uint32), ``bands`` the 63-bit keys of its LSH bands and of its
    sampled shingles. Two articles are candidates when they share an odd key (a band) or two even ones (samples). All of
    it holds only within one ``scheme``.
    """

    scheme: str
    exact: str  # SHA-256 hex of the normalised text
    signature: bytes
    bands: tuple[int, ...]
    shingles: int  # how many distinct shingles the text has


class Kind(StrEnum):
    """What a copy is to its story."""

    ORIGINAL = "original"
    REPUBLICATION = "republication"
    EXCERPT = "excerpt"
    COMMENTARY = "commentary"
    DIGEST = "digest"
    SPUN = "spun"


class Route(StrEnum):
    """By which evidence two articles were joined."""

    SAME_TEXT = "same text"
    NEAR_DUPLICATE = "near-duplicate"
    CONTAINED = "contained"
    BY_HAND = "by hand"


@dataclass(frozen=True, slots=True)
class Match:
    """A verified relation between two articles' texts, named by canonical URL, ``a < b``.

    ``containment_a`` is the share of a's shingles that b has too; ``kind`` says what the decision made of it: "copy",
    "spun" (a copy whose words were replaced one by one), "excerpt" (the shorter is an excerpt of the longer),
    "contained" (the longer holds the shorter among other things: never joins), "quoted" (a passage in common: never
    joins), "" (similar, yet not a copy: kept for the guard of the clustering).
    """

    a: str
    b: str
    jaccard: float
    containment_a: float
    containment_b: float
    shared: int
    kind: str
    route: Route
    passage: str  # the longest run of words that both have, cut to 200 characters
    scheme: str
    reason: str = ""  # why it is not a copy, when it is not


@dataclass(frozen=True, slots=True)
class Credit:
    """Who had it first, according to a copy.

    ``basis`` names the evidence: "credit line", "canonical link", "link", "source", "byline" or "first seen".
    """

    author: str | None
    publisher: str | None
    basis: str
    line: str | None = None  # the words it was read from
    confidence: float = 0.5
    url: str | None = None  # of the article in which the words stand


class Verb(StrEnum):
    """What a person can say about articles."""

    MERGE = "merge"
    SPLIT = "split"
    NEVER_MERGE = "never-merge"


@dataclass(frozen=True, slots=True)
class Word:
    """A person's word about articles, named by canonical URL, stored or not.

    MERGE: all of ``urls`` are one story. NEVER_MERGE: no two of them are. SPLIT: none of ``urls`` is of one story with
    any of ``others``.
    """

    verb: Verb
    urls: tuple[str, ...]
    said_at: datetime
    others: tuple[str, ...] = ()
    source: str = "command"  # or "review": the answer to a question
    id: int = 0  # in the store


@dataclass(frozen=True, slots=True)
class Bond:
    """Two articles, ``a < b``, that a person's word puts together or keeps apart, while no later word overrules it."""

    a: str
    b: str
    together: bool
    said_at: datetime


@dataclass(frozen=True, slots=True)
class Member:
    """A stored article as grouping sees it; ``story`` is None for one that is not placed yet."""

    article: Article
    fingerprint: Fingerprint
    story: int | None = None


@dataclass(frozen=True, slots=True)
class Neighbours:
    """All that the store knows that bears on one article, from one read.

    ``candidates`` are the canonical URLs of articles that share a band with it; ``members`` those articles and
    everything that joins them (the connected components over ``matches``), the article's own earlier revision included,
    by canonical URL, and what is quoted by them or quotes them; ``matches`` the verified relations among members;
    ``bonds`` what people said about members, and about articles that are not stored yet where that leads to a member.
    """

    candidates: tuple[str, ...]
    members: Mapping[str, Member]
    matches: tuple[Match, ...]
    bonds: tuple[Bond, ...] = ()


@dataclass(frozen=True, slots=True)
class Copy:
    """One article's place in a story."""

    canonical_url: str
    kind: Kind
    copied_from: str | None  # canonical URL of another copy in this story
    credit: Credit | None
    similarity: float  # Jaccard with the original, 1.0 for the original itself
    evidence: tuple[str, ...]  # for people, strongest first


@dataclass(frozen=True, slots=True)
class StoryPlan:
    """One story as decided: ``story`` is the id it keeps, None for a new one."""

    story: int | None
    original: str
    copies: tuple[Copy, ...]


@dataclass(frozen=True, slots=True)
class Placement:
    """The decision on one article, and on every article whose place it changes.

    ``stories`` are all stories whose membership was decided anew; ``matches`` replace everything that the store holds
    about this article's relations; ``merged`` maps a story id that goes away to the one that it now resolves to.
    """

    stories: tuple[StoryPlan, ...]
    matches: tuple[Match, ...]
    merged: Mapping[int, int] = field(default_factory=dict)
