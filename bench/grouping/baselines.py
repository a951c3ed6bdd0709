"""The plain methods that ours must beat, run on the same worlds: what most pipelines do.

Each is a function from articles to a partition. Connected components over pairs, as is usual with all of them.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.grouping.bank import CHARACTERS_PER_WORD
from pipeline.model import Article

PERMUTATIONS = 128
WORD = 5
_TOKEN = re.compile(r"\w+")

Partition = dict[str, str]
Pairs = Iterable[tuple[int, int]]


def run(worlds: Sequence[Sequence[Article]]) -> dict[str, Partition]:
    """All baselines over all worlds: name of the method to canonical URL to group."""
    found: dict[str, Partition] = defaultdict(dict)
    for articles in worlds:
        urls = [article.canonical_url for article in articles]
        shingles = [_shingles(article) for article in articles]
        sketches = [_sketch(one) for one in shingles]
        methods: Mapping[str, Callable[[], Pairs]] = {
            "title equality": lambda a=articles: _same_title(a),  # type: ignore[misc]  # bound now, called at once
            "simhash 64, Hamming <= 3": lambda a=articles: _simhash(a),  # type: ignore[misc]  # bound now, called at once
        }
        for name, pairs in methods.items():
            found[name] |= _components(urls, pairs())
        for threshold in (0.4, 0.5, 0.8):
            near = _lsh(sketches, threshold)
            found[f"MinHashLSH word-5, t={threshold}"] |= _components(urls, near)
            if threshold == 0.4:
                exact = [(a, b) for a, b in near if _jaccard(shingles[a], shingles[b]) >= threshold]
                found["MinHashLSH word-5, t=0.4, verified"] |= _components(urls, exact)
    return dict(found)


def _tokens(article: Article) -> list[str]:
    """Words; characters where words are not separated, without which these methods would see one word a sentence."""
    text = article.text.casefold()
    if article.language in CHARACTERS_PER_WORD:
        return [character for character in text if character.isalnum()]
    return _TOKEN.findall(text)


def _shingles(article: Article) -> frozenset[bytes]:
    tokens = _tokens(article)
    size = 9 if article.language in CHARACTERS_PER_WORD else WORD
    count = max(1, len(tokens) - size + 1)
    return frozenset(" ".join(tokens[at : at + size]).encode() for at in range(count))


def _sketch(shingles: frozenset[bytes]) -> Any:
    from datasketch import MinHash

    sketch = MinHash(num_perm=PERMUTATIONS, seed=1)
    sketch.update_batch(sorted(shingles))
    return sketch


def _lsh(sketches: Sequence[Any], threshold: float) -> list[tuple[int, int]]:
    from datasketch import MinHashLSH

    index = MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS)
    pairs = []
    for number, sketch in enumerate(sketches):
        pairs += [(int(other), number) for other in index.query(sketch)]
        index.insert(number, sketch)
    return pairs


def _jaccard(a: frozenset[bytes], b: frozenset[bytes]) -> float:
    return len(a & b) / len(a | b)


def _same_title(articles: Sequence[Article]) -> Iterable[tuple[int, int]]:
    first: dict[str, int] = {}
    for number, article in enumerate(articles):
        title = " ".join(_TOKEN.findall((article.title or "").casefold()))
        if title:
            yield first.setdefault(title, number), number


def _simhash(articles: Sequence[Article]) -> Iterable[tuple[int, int]]:
    """64-bit simhash (Charikar 2002) over words, Hamming distance at most 3 (Manku, Jain and Das Sarma 2007)."""
    marks = np.array([_simhash_of(_tokens(article)) for article in articles], dtype=np.uint64)
    for number in range(1, len(marks)):
        distance = np.bitwise_count(marks[:number] ^ marks[number])
        yield from ((int(other), number) for other in np.flatnonzero(distance <= 3))


def _simhash_of(tokens: Sequence[str]) -> int:
    if not tokens:
        return 0
    hashed = b"".join(hashlib.blake2b(token.encode(), digest_size=8).digest() for token in tokens)
    bits: NDArray[np.uint8] = np.unpackbits(np.frombuffer(hashed, dtype=np.uint8).reshape(-1, 8), axis=1)
    votes = bits.sum(axis=0, dtype=np.int64) * 2 > len(tokens)
    return int.from_bytes(np.packbits(votes).tobytes(), "big")


def _components(urls: Sequence[str], pairs: Pairs) -> Partition:
    parent = list(range(len(urls)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    for a, b in pairs:
        parent[root(a)] = root(b)
    return {url: urls[root(number)] for number, url in enumerate(urls)}
