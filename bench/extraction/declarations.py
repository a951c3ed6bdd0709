"""Title, byline, date and paywall flag against what the pages of our own making declare."""

from __future__ import annotations

from collections.abc import Sequence

from bench.extraction.pages import Known
from pipeline.extraction import extract
from pipeline.extraction.page import WALL


def accuracy(pages: Sequence[Known]) -> dict[str, float]:
    """The share of pages on which each is right; the paywall flag counts on free pages too."""
    right = dict.fromkeys(("title", "byline", "date", "language", "paywall"), 0)
    for page in pages:
        found = extract(page.html, page.url)
        right["title"] += found.title == page.title
        right["byline"] += found.byline == page.byline
        right["date"] += found.published_at == page.published_at
        right["language"] += found.language == page.language
        right["paywall"] += (WALL in found.problems) == (not page.free)
    return {name: count / len(pages) for name, count in right.items()}
