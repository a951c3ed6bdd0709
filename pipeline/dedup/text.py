"""A text as grouping reads it: body lines, the lines taken out as credit or furniture, tokens, shingles.

Shingles are contiguous runs of tokens (Broder 1997, "On the resemblance and containment of documents"): five words, or
nine characters in scripts that are written without spaces between words.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from pipeline.dedup.fold import fold
from pipeline.dedup.forms import Mark, read_marks

__all__ = ["Reading", "covered", "fold", "hash_shingles", "mix", "read", "tokenize", "words"]

Hashes = NDArray[np.uint64]
Mask = NDArray[np.bool_]

WORDS_PER_SHINGLE = (
    5  # the measure of all figures in docs/design.md; Henzinger (SIGIR 2006) and Silcock et al. (2023) too
)
CHARACTERS_PER_SHINGLE = 9  # a Chinese or Japanese word is 1.5-2 characters long, so about five words
LETTERS_PER_SHINGLE = 20  # Thai, Lao, Khmer and Burmese words have about four letters and signs
LONG_QUOTE = 12  # tokens between quotation marks from which on they are somebody else's words

# Scripts without spaces between words: Thai, Lao, Myanmar, Khmer, kana but for the middle dot, Han (Unicode 15,
# Blocks.txt).
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30fa\u30fc-\u30ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
# Vowel signs that re does not count as \w, though they stand inside words (Brahmic scripts, combining diacritics).
_SIGNS = "\u0300-\u036f\u0900-\u0963\u0966-\u0dff"
_ALPHABETIC = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_UNSPACED_RE = re.compile(f"[{_UNSPACED}]")
_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_TOKEN_SIGNS = re.compile(rf"(?:[^\W_]|[{_SIGNS}])++(?:'(?:[^\W_]|[{_SIGNS}])++)*")
_TOKEN_UNSPACED = re.compile(rf"[{_UNSPACED}]|(?:(?![{_UNSPACED}])[^\W_])+(?:'(?:(?![{_UNSPACED}])[^\W_])+)*")
_SIGNS_RE = re.compile(f"[{_SIGNS}]")

# Sites write one figure in the digits of several scripts, and Persian with an Arabic keyboard's letters.
_SPELLED = {chr(code): str(unicodedata.digit(chr(code))) for code in range(0x660, 0x1B00) if chr(code).isdecimal()}
_SPELLED |= {"\u06cc": "\u064a", "\u06a9": "\u0643"}
_SPELLINGS = re.compile(f"[{''.join(_SPELLED)}]")

_MULTIPLIERS: Hashes = np.array(
    [pow(0x9E3779B97F4A7C15, power, 1 << 64) for power in range(1, LETTERS_PER_SHINGLE + 1)], dtype=np.uint64
)


def tokenize(folded: str) -> list[str]:
    """The words of a folded text, case kept; single characters where the script has no spaces."""
    if folded.isascii():
        return _TOKEN.findall(folded)
    folded = spelled(folded)
    if _UNSPACED_RE.search(folded):
        return _TOKEN_UNSPACED.findall(folded)
    return (_TOKEN_SIGNS if _SIGNS_RE.search(folded) else _TOKEN).findall(folded)


def spelled(folded: str) -> str:
    """A text with the decimal digits of all scripts as ASCII's, and the Persian kaf and yeh as the Arabic ones."""
    return _SPELLINGS.sub(lambda found: _SPELLED[found[0]], folded)


def is_unspaced(token: str) -> bool:
    """Is a token a character of a script that is written without spaces?"""
    return _UNSPACED_RE.match(token) is not None


def words(text: str) -> list[str]:
    """The tokens of any text, folded and case-folded; for titles and names."""
    return [token.casefold() for token in tokenize(fold(text))]


def is_alphabetic(token: str) -> bool:
    """Is a token a letter or sign of Thai, Lao, Khmer or Burmese: less than a syllable?"""
    return _ALPHABETIC.match(token) is not None


def is_hangul(token: str) -> bool:
    """Is a token written in Korean syllables, each of two or three letters?"""
    return "\uac00" <= token[0] <= "\ud7a3"


def is_fact(token: str) -> bool:
    """Is a token a name or a figure: capitalised, or with a digit?"""
    return token[0].isupper() or is_number(token)


def is_number(token: str) -> bool:
    """Has a token a digit?"""
    return not token.isalpha() and any(character.isdigit() for character in token)


@dataclass(frozen=True)
class Reading:
    """One text, read for comparison. Arrays run over shingle positions; ``shingles`` is sorted and distinct.

    What follows from it is found when it is first asked for, and kept: a text is compared with many others, or none.
    """

    tokens: tuple[str, ...]  # of the body, case kept
    marks: tuple[Mark, ...]  # lines (and datelines) that were taken out of the body
    quoted: Mask  # per token: inside a long quotation
    size: int  # tokens per shingle
    positions: Hashes
    shingles: Hashes

    @property
    def tokens_per_word(self) -> float:
        """1 where tokens are words, 1.8 where they are Chinese or Japanese characters, 4 where Thai letters."""
        return self.size / WORDS_PER_SHINGLE

    @property
    def words(self) -> float:
        """The length of the body in words, to compare lengths across scripts."""
        return len(self.tokens) / self.tokens_per_word

    @property
    def folded(self) -> list[str]:
        """The tokens case-folded."""
        return casefolded(self.tokens)

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The distinct tokens, case-folded."""
        return frozenset(self.folded)

    @cached_property
    def facts(self) -> Mask:
        """Per token: is it a name or a figure?"""
        return np.fromiter(map(is_fact, self.tokens), np.bool_, len(self.tokens))

    @cached_property
    def numbers(self) -> Mask:
        """Per token: has it a digit?"""
        return np.fromiter(map(is_number, self.tokens), np.bool_, len(self.tokens))

    @cached_property
    def once(self) -> tuple[Hashes, NDArray[np.intp]]:
        """The shingles that stand in the text once, sorted, and where."""
        values, at, count = np.unique(self.positions, return_index=True, return_counts=True)
        return values[count == 1], at[count == 1]


@lru_cache(maxsize=512)  # a copy is compared with the same few neighbours again and again; some 60 kB each
def read(text: str, title: str | None = None) -> Reading:
    """Read a text of paragraphs separated by newlines. A line that repeats the title is not body."""
    marks, body = read_marks(text, title)
    folded = [fold(line) for line in body]
    tokens: list[str] = []
    spans: list[tuple[int, int]] = []
    for line in folded:
        _scan(line, tokens, spans)
    quoted = np.zeros(len(tokens), dtype=np.bool_)
    for start, end in spans:
        quoted[start:end] = True
    size = _shingle_size(tokens)
    positions = hash_shingles(casefolded(tokens), size)
    return Reading(tuple(tokens), marks, quoted, size, positions, _distinct(positions))


def casefolded(tokens: Sequence[str]) -> list[str]:
    """The tokens case-folded, in one go: none of them holds a space, and folding looks at one character at a time."""
    return " ".join(tokens).casefold().split(" ") if tokens else []


def _distinct(values: Hashes) -> Hashes:
    """The distinct values in order: as np.unique, which hashes them first, at a fifth of the time for a thousand."""
    ordered = np.sort(values)
    return ordered[np.concatenate(([True], ordered[1:] != ordered[:-1]))] if len(ordered) else ordered


def _shingle_size(tokens: list[str]) -> int:
    """Five words' worth of tokens, by what most of the tokens are."""
    if not _UNSPACED_RE.search(" ".join(tokens)):
        return WORDS_PER_SHINGLE
    unspaced = [token for token in tokens if _UNSPACED_RE.match(token)]
    if len(unspaced) * 2 <= len(tokens):
        return WORDS_PER_SHINGLE
    alphabetic = sum(1 for token in unspaced if _ALPHABETIC.match(token))
    return LETTERS_PER_SHINGLE if alphabetic * 2 > len(unspaced) else CHARACTERS_PER_SHINGLE


def _scan(line: str, tokens: list[str], spans: list[tuple[int, int]]) -> None:
    """Append the line's tokens, and the spans of those that stand in long quotations."""
    if '"' not in line:
        tokens.extend(tokenize(line))
        return
    for number, part in enumerate(line.split('"')):
        start = len(tokens)
        tokens.extend(tokenize(part))
        if number % 2 and len(tokens) - start >= LONG_QUOTE:
            spans.append((start, len(tokens)))


def hash_shingles(tokens: list[str], size: int) -> Hashes:
    """The 64-bit hash of each run of ``size`` (1 to 20) tokens, in order; of the whole if it is shorter; shape (n,).

    No token holds a space.
    """
    if not tokens:
        return np.empty(0, dtype=np.uint64)
    size = min(size, len(tokens))
    encoded = " ".join(tokens).encode("utf-8", "replace").split(b" ")
    hashed = np.fromiter(map(zlib.crc32, encoded), np.uint64, len(tokens))
    count = len(tokens) - size + 1
    total = np.zeros(count, dtype=np.uint64)
    for offset in range(size):
        total += (hashed[offset : offset + count] + np.uint64(1)) * _MULTIPLIERS[offset]
    return mix(total)


def mix(values: Hashes) -> Hashes:
    """The 64-bit finalizer of MurmurHash3 (Appleby, fmix64): a bijection that spreads every input bit."""
    mixed = values ^ (values >> np.uint64(33))
    mixed = mixed * np.uint64(0xFF51AFD7ED558CCD)
    mixed ^= mixed >> np.uint64(33)
    mixed = mixed * np.uint64(0xC4CEB9FE1A85EC53)
    mixed ^= mixed >> np.uint64(33)
    return mixed


def among(values: Hashes, known: Hashes) -> Mask:
    """Per value: is it one of ``known`` (sorted)? As np.isin, which sorts both first."""
    if not len(known):
        return np.zeros(len(values), dtype=np.bool_)
    at = np.searchsorted(known, values)
    at[at == len(known)] = 0
    return np.asarray(known[at] == values)


def covered(reading: Reading, shared: Hashes) -> Mask:
    """Per token of ``reading``: does it stand in a shingle of ``shared`` (sorted, distinct)?"""
    cover = np.zeros(len(reading.tokens) + 1, dtype=np.int64)
    size = min(reading.size, len(reading.tokens))
    starts = np.flatnonzero(among(reading.positions, shared))
    cover[starts] += 1
    cover[starts + size] -= 1
    return np.asarray(np.cumsum(cover[:-1]) > 0)
