r"""The measure of the Article Extraction Benchmark, and CPU a page.

Both texts become multisets of runs of four words (``\w+``; in scripts without spaces, characters). True positives,
false positives and false negatives of a page are divided by their sum; precision, recall and F1 come from the sums over
pages, *exact* is the share of pages whose multisets are equal.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from bench.extraction.articles import Page

Method = Callable[[bytes, str], str]
Scores = dict[str, float]

_RUN = 4
_UNSPACED = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(f"[{_UNSPACED}]|[^\\W{_UNSPACED}]+")


def score(pages: Sequence[Page], texts: Sequence[str], *, characters: bool = False) -> Scores:
    """Quality of the texts found on the pages; ``characters`` counts those of scripts without spaces as words."""
    hits = extra = missed = equal = 0.0
    for page, text in zip(pages, texts, strict=True):
        wanted, given = _runs(page.text, characters), _runs(text, characters)
        counts = [sum(part.values()) for part in (wanted & given, given - wanted, wanted - given)]
        total = sum(counts) or 1
        hits, extra, missed = hits + counts[0] / total, extra + counts[1] / total, missed + counts[2] / total
        equal += wanted == given
    precision, recall = hits / ((hits + extra) or 1), hits / ((hits + missed) or 1)
    f1 = 2 * precision * recall / ((precision + recall) or 1)
    return {"F1": f1, "precision": precision, "recall": recall, "exact": equal / len(pages)}


def cpu(
    methods: Mapping[str, Method], pages: Sequence[Page], rounds: int
) -> tuple[dict[str, float], dict[str, list[str]]]:
    """Milliseconds of CPU a page for each method, the least of the rounds for each page, and the texts.

    The least, because a shared machine only ever adds time; methods alternate, so that all see the same machine.
    """
    best: dict[str, list[float]] = {}
    texts: dict[str, list[str]] = {}
    for method in methods.values():
        method(pages[0].html, pages[0].url)  # imports are no part of a page's cost
    for _ in range(rounds):
        for name, method in methods.items():
            found, times = [], []
            for page in pages:
                start = time.process_time()
                found.append(method(page.html, page.url))
                times.append(time.process_time() - start)
            texts[name] = found
            best[name] = [min(pair) for pair in zip(best.get(name, times), times, strict=True)]
    return {name: 1_000 * sum(times) / len(pages) for name, times in best.items()}, texts


def _runs(text: str, characters: bool) -> Counter[tuple[str, ...]]:
    words = _TOKEN.findall(text) if characters else re.findall(r"\w+", text)
    count = max(1, len(words) - _RUN + 1)
    return Counter(tuple(words[at : at + _RUN]) for at in range(count)) if words else Counter()
