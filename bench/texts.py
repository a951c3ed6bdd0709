"""Articles for measuring speed and size: generated, of real length, a tenth of them copies of earlier ones.

Half of the sites print a paragraph of their own under every article, as sites do; a copy leaves it where it was.

Words follow Zipf's law over 20,000 made-up words, so that common phrases are shared and rare ones tell texts apart; the
length is log-normal with a median of 600 words, as on news sites.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Any

COPIES = 0.1
VOCABULARY = 20_000
MEDIAN_WORDS = 600
REMEMBERED = 1_000  # a copy is taken from the last thousand originals
SITES = 200


def articles(count: int, seed: int, copies: float = COPIES) -> Iterator[dict[str, Any]]:
    """``count`` records as ``onecopy import`` reads them, the same for the same seed; ``copies`` is a share of them."""
    chance = random.Random(seed)
    words = _vocabulary(chance)
    weights = list(accumulate(1 / (rank + 2.7) for rank in range(VOCABULARY)))
    standing = [[_sentence(words, weights, chance, chance.randint(25, 60))] if n % 2 else [] for n in range(SITES)]
    originals: deque[list[str]] = deque(maxlen=REMEMBERED)
    start = datetime(2025, 1, 1, tzinfo=UTC)
    for number in range(count):
        site = chance.randrange(SITES)
        if originals and chance.random() < copies:
            paragraphs = _copied(chance.choice(originals), chance)
        else:
            paragraphs = _written(words, weights, chance)
            originals.append(paragraphs)
        yield {
            "url": f"https://site{site}.example/{number}",
            "title": " ".join(paragraphs[-1].split()[:8]).capitalize(),
            "text": "\n".join(paragraphs + standing[site]),
            "published_at": (start + timedelta(minutes=number)).isoformat(),
            "language": "en",
        }


def _vocabulary(chance: random.Random) -> list[str]:
    endings = ("a", "e", "i", "o", "u", "ar", "en", "is")
    syllables = [first + second for first in "bcdfghklmnprstvw" for second in endings]
    words = {"".join(chance.choices(syllables, k=chance.randint(1, 4))) for _ in range(VOCABULARY * 3)}
    return sorted(words, key=lambda word: (len(word), word))[:VOCABULARY]


def _written(words: list[str], weights: list[float], chance: random.Random) -> list[str]:
    length = max(60, min(5_000, int(chance.lognormvariate(0, 0.6) * MEDIAN_WORDS)))
    chosen = chance.choices(words, cum_weights=weights, k=length)
    paragraphs = []
    while chosen:
        size = chance.randint(30, 90)
        paragraphs.append(" ".join(chosen[:size]).capitalize() + ".")
        chosen = chosen[size:]
    return paragraphs


def _sentence(words: list[str], weights: list[float], chance: random.Random, length: int) -> str:
    return " ".join(chance.choices(words, cum_weights=weights, k=length)).capitalize() + "."


def _copied(paragraphs: list[str], chance: random.Random) -> list[str]:
    kept = [paragraph for paragraph in paragraphs if chance.random() > 0.1] or paragraphs
    return [f"This article was originally published by Site {chance.randrange(SITES)}.", *kept]
