#!/usr/bin/env python3
"""Quality and cost of the extract room on the Article Extraction Benchmark, beside trafilatura's own default.

    scripts/gate_extract.py FOLDER

FOLDER holds ``ground-truth.json`` (ID -> {articleBody, url}) and ``html/ID.html.gz``, as in
https://github.com/scrapinghub/article-extraction-benchmark, whose measure this is: multisets of 4-word shingles; true
and false positives and false negatives of a page divided by their sum; precision, recall and F1 from the sums over all
pages. CPU is process time per page, both in this run. Exit code 1 when F1 is below the floor.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pipeline.extraction import extract

FLOOR = 0.965  # measured .968 with trafilatura 2.3.1, November 2025; trafilatura's default .959
SHINGLE = 4


def main(folder: Path) -> int:
    truth = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    pages = {name: gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes()) for name in truth}
    scores = {}
    for label, method in (("trafilatura default", plain), ("onecopy", ours)):
        method(next(iter(pages.values())), "https://site.example/")  # imports are not part of the cost
        scores[label] = measure(method, truth, pages)
        print(f"{label:20} " + "  ".join(f"{key} {value:.4f}" for key, value in scores[label].items()))
    return 0 if scores["onecopy"]["F1"] >= FLOOR else 1


def ours(html: bytes, url: str) -> str:
    return extract(html, url).text


def plain(html: bytes, url: str) -> str:
    from trafilatura import bare_extraction

    return getattr(bare_extraction(html, url=url), "text", None) or ""


def measure(
    method: Callable[[bytes, str], str], truth: dict[str, dict[str, str]], pages: dict[str, bytes]
) -> dict[str, float]:
    start = time.process_time()
    found = {name: method(html, truth[name]["url"]) for name, html in pages.items()}
    cpu = (time.process_time() - start) / len(pages)
    hits = extra = missed = equal = 0.0
    for name, text in found.items():
        wanted, given = shingles(truth[name]["articleBody"]), shingles(text)
        counts = [sum(part.values()) for part in (wanted & given, given - wanted, wanted - given)]
        total = sum(counts) or 1
        hits, extra, missed = hits + counts[0] / total, extra + counts[1] / total, missed + counts[2] / total
        equal += wanted == given
    precision, recall = hits / (hits + extra), hits / (hits + missed)
    f1 = 2 * precision * recall / (precision + recall)
    return {"F1": f1, "precision": precision, "recall": recall, "exact": equal / len(pages), "CPU ms": 1_000 * cpu}


def shingles(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return (
        Counter(tuple(words[at : at + SHINGLE]) for at in range(max(1, len(words) - SHINGLE + 1)))
        if words
        else Counter()
    )


if __name__ == "__main__":
    if len(sys.argv) != 2 or not (Path(sys.argv[1]) / "ground-truth.json").is_file():
        sys.exit("usage: scripts/gate_extract.py FOLDER (with ground-truth.json and html/)")
    sys.exit(main(Path(sys.argv[1])))
