"""The same articles through a real store: does what it looks up lead to the stories of the pure decision?"""

from __future__ import annotations

import json
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from bench.grouping.measures import homes
from pipeline import Pipeline
from pipeline.config import Config, StoreSettings
from pipeline.dedup import decide_all
from pipeline.model import Article

Pairs = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Difference:
    """Pairs of articles of one story in memory, in the store, and in only one of them."""

    articles: int
    pairs: int
    only_in_memory: Pairs
    only_in_store: Pairs


def compare(articles: Sequence[Article]) -> Difference:
    """Import the articles into a fresh store, and decide them in memory."""
    pure, stored = pairs(homes(list(decide_all(articles)))), pairs(imported(articles))
    return Difference(len(articles), len(pure), pure - stored, stored - pure)


def imported(articles: Sequence[Article]) -> dict[str, str]:
    """Canonical URL -> story, as a store has it after ``import``. Raises ValueError when a line could not be used."""
    with tempfile.TemporaryDirectory(prefix="onecopy-gate-") as folder:
        config = Config(store=StoreSettings(url=f"sqlite:///{Path(folder) / 'onecopy.db'}"))
        with Pipeline(config) as pipeline:
            result = pipeline.import_lines(lines(articles))
            if result.failures:
                raise ValueError(f"not imported: {result.failures[0]}")
            return {copy.article.canonical_url: str(copy.story) for copy in pipeline.export()}


def lines(articles: Sequence[Article]) -> Iterator[str]:
    """The articles as ``onecopy import`` takes them."""
    for one in articles:
        row = {
            name: getattr(one, name)
            for name in (
                "url", "canonical_url", "site", "title", "language", "text", "method", "declared_url", "site_name",
                "source_url", "source_title",
            )
        }  # fmt: skip
        row |= {"byline": list(one.byline), "based_on": list(one.based_on)}
        row |= {"links": [[link.url, link.text] for link in one.links], "first_seen_at": one.first_seen_at.isoformat()}
        row["published_at"] = one.published_at.isoformat() if one.published_at else None
        yield json.dumps(row, ensure_ascii=False)


def pairs(home: Mapping[str, str]) -> Pairs:
    """All pairs of one group, each in order."""
    groups: dict[str, list[str]] = defaultdict(list)
    for url in sorted(home):
        groups[home[url]].append(url)
    return frozenset(pair for group in groups.values() for pair in combinations(group, 2))
