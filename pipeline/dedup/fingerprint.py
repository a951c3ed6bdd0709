"""What is stored of a text to find its copies again, and how candidates are told from strangers.

Two kinds of key go into one index. *Bands* of the MinHash signature (Broder 1997; banding: Leskovec, Rajaraman, Ullman,
"Mining of Massive Datasets", ch. 3) find whole copies. *Samples* are shingles whose hash falls under a threshold
(FracMinHash: Irber et al. 2022; "mod p" of Broder): any long enough shared passage shares some, so they find excerpts,
abridged and extended copies, which a signature of the whole text can't see.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import cache
from operator import index
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.dedup.text import (
    CHARACTERS_PER_SHINGLE,
    LETTERS_PER_SHINGLE,
    WORDS_PER_SHINGLE,
    Hashes,
    Reading,
    mix,
    read,
)
from pipeline.model import Article, Fingerprint

if TYPE_CHECKING:
    from numpy.typing import NDArray

PERMUTATIONS = 128
BANDS = 4
ROWS = 4  # whole copies share a band with probability .94 at Jaccard .84, .67 at .7; samples find them, too
SAMPLE_BITS = 4  # 1 shingle in 16 of a text of ordinary length: recall .981 of copies, 1.0 of excerpts (docs/design.md)
FEW = 20  # a short text samples more densely, until it has about this many

_SHINGLES = f"w{WORDS_PER_SHINGLE}c{CHARACTERS_PER_SHINGLE}l{LETTERS_PER_SHINGLE}"
SCHEME = f"{_SHINGLES}-affine32x{PERMUTATIONS}-{BANDS}x{ROWS}-s{1 << SAMPLE_BITS}/1"


@cache
def _permutations() -> Any:
    # datasketch takes over a second to import; the permutations of one seed never change, so they are made once.
    from datasketch import MinHash

    return MinHash(num_perm=PERMUTATIONS, seed=1, scheme="affine32").permutations


def fingerprint(text: str, title: str | None = None) -> Fingerprint:
    """The fingerprint of a text: paragraphs separated by newlines; credit lines and furniture are left out.

    >>> fingerprint("A text.").scheme == SCHEME
    True
    """
    return of_reading(read(text, title))


def of_article(article: Article) -> Fingerprint:
    """The fingerprint of an article's text. A stub's has no keys: what stands before a wall is not the article."""
    made = fingerprint(article.text, article.title)
    return replace(made, bands=()) if article.stub else made


def of_reading(reading: Reading) -> Fingerprint:
    """The fingerprint of a text that has been read."""
    signature = minhash(reading.shingles)
    body = " ".join(reading.tokens).casefold()
    exact = hashlib.sha256(body.encode("utf-8", "replace")).hexdigest()
    keys = [int(exact[:16], 16) >> 1 | 1] if reading.tokens else []
    if len(reading.shingles):
        keys += _band_keys(signature) + _sample_keys(reading.shingles)
    return Fingerprint(
        SCHEME, exact, signature.astype("<u4").tobytes(), tuple(dict.fromkeys(keys)), len(reading.shingles)
    )


def minhash(shingles: Hashes) -> NDArray[np.uint32]:
    """Datasketch's MinHash signature of distinct shingle hashes; shape (128,)."""
    from datasketch import MinHash

    # The shingles are hashes already: ``index`` gives back the number as it is.
    sketch = MinHash(num_perm=PERMUTATIONS, scheme="affine32", permutations=_permutations(), hashfunc=index)
    sketch.update_batch((shingles >> np.uint64(32)).astype(np.uint32).tolist())
    return np.asarray(sketch.hashvalues, dtype=np.uint32)


def _band_keys(signature: NDArray[np.uint32]) -> list[int]:
    """One odd 63-bit key a band."""
    rows = signature[: BANDS * ROWS].reshape(BANDS, ROWS).astype(np.uint64)
    keys = np.arange(1, BANDS + 1, dtype=np.uint64)
    for column in range(ROWS):
        keys = mix(keys ^ rows[:, column])
    odd: list[int] = ((keys >> np.uint64(1)) | np.uint64(1)).tolist()
    return odd


def _sample_keys(shingles: Hashes) -> list[int]:
    """The even 63-bit keys of the sampled shingles. A denser sample holds a sparser one, so any two texts can meet."""
    bits = SAMPLE_BITS
    while bits and len(shingles) >> bits < FEW:
        bits -= 1
    chosen = shingles[(shingles & np.uint64((1 << bits) - 1)) == 0]
    even: list[int] = ((chosen >> np.uint64(2)) << np.uint64(1)).tolist()
    return even


def plausible(a: Fingerprint, b: Fingerprint) -> bool:
    """Are two fingerprints worth comparing the texts? One band in common, or two samples (of one scheme)."""
    if a.scheme != b.scheme:
        return False
    shared = set(a.bands) & set(b.bands)
    return len(shared) >= 2 or any(key & 1 for key in shared)


def estimate(a: Fingerprint, b: Fingerprint) -> float:
    """The Jaccard similarity as the two signatures estimate it; standard error at most .044 (128 permutations)."""
    if a.scheme != b.scheme or not a.shingles or not b.shingles:
        return 0.0
    left, right = np.frombuffer(a.signature, "<u4"), np.frombuffer(b.signature, "<u4")
    return float(np.count_nonzero(left == right)) / PERMUTATIONS
