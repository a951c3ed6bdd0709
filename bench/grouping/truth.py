"""What is known about each article of the benchmark, because it was made that way."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.model import Article, Kind

WHOLE = frozenset({Kind.ORIGINAL, Kind.REPUBLICATION, Kind.COMMENTARY})


@dataclass(frozen=True, slots=True)
class Labelled:
    """An article and the truth about it.

    ``kinds`` are the right answers (two where the border between them is a matter of taste), empty when not judged.
    ``parents`` are the canonical URLs that may be named as ``copied_from``: several where a copy bears no trace of
    which of them it was taken from, empty when not judged.
    """

    article: Article
    story: str
    kinds: frozenset[Kind] = frozenset()
    parents: frozenset[str] = frozenset()
    changes: tuple[str, ...] = ()
    trap: str = ""  # the look-alike kind that it is an instance of, "" for a story with copies
    instance: str = ""  # which instance of the trap
    original: bool = False
    replaced: float = 0.0  # share of words that a spinner replaced, really
    spun: int = 0  # the rate that was asked for, in percent; 0: not spun
    language: str = field(default="en")

    @property
    def url(self) -> str:
        """The article's canonical URL, its name in all results."""
        return self.article.canonical_url

    @property
    def excerpt(self) -> bool:
        """Is it surely an excerpt?"""
        return self.kinds == {Kind.EXCERPT}
