"""Pieces of prose from a grammar: seven genres, any length, every language of the banks.

The sentences are odd and their grammar is sound enough: what matters is that words, names, figures, punctuation and
lengths are distributed as in real pieces, and that two pieces have nothing in common but the language.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from string import Formatter

from bench.grouping.bank import Bank

PATTERNS = ("plain", "person", "figure", "quote", "self")
# How often a genre uses each kind of sentence, how many words it has (5th to 95th percentile), and sentences a
# paragraph: an essay argues at length, a wire item quotes and counts in one-sentence paragraphs.
GENRES: Mapping[str, tuple[tuple[int, ...], tuple[int, int], tuple[int, int]]] = {
    "essay": ((8, 2, 2, 1, 3), (500, 1500), (3, 7)),
    "wire": ((4, 3, 4, 4, 0), (150, 800), (1, 2)),
    "local": ((4, 5, 3, 3, 0), (150, 600), (1, 3)),
    "science": ((6, 2, 5, 2, 0), (250, 900), (2, 4)),
    "sports": ((3, 5, 4, 3, 0), (120, 500), (1, 3)),
    "press": ((4, 2, 4, 4, 0), (200, 700), (2, 3)),
    "blog": ((6, 2, 1, 1, 5), (150, 900), (1, 5)),
}
_FIRST_LETTER = re.compile(r"\w")
_DECIMAL_POINT = frozenset({"en", "zh", "ja", "th", "ko", "hi", "ar"})


@dataclass(frozen=True, slots=True)
class Cast:
    """Who and where a piece is about."""

    people: tuple[str, ...]
    places: tuple[str, ...]
    bodies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A text as its author wrote it."""

    language: str
    genre: str
    title: str
    author: str
    paragraphs: tuple[str, ...]
    cast: Cast


def place(bank: Bank, rng: random.Random) -> str:
    """An invented place."""
    head, tail = rng.choice(bank["placea"]), rng.choice(bank["placeb"])
    return f"{head} {tail}" if bank.language == "ar" else head + tail


def person(bank: Bank, rng: random.Random) -> str:
    """An invented full name, in the order of the language."""
    first, last = rng.choice(bank["first"]), rng.choice(bank["last"])
    if bank.language in ("zh", "ja"):
        return last + first
    return f"{last} {first}" if bank.language == "ko" else f"{first} {last}"


def cast_for(bank: Bank, rng: random.Random) -> Cast:
    """A fresh cast of six people, five places and three bodies."""
    places = tuple(place(bank, rng) for _ in range(5))
    bodies = tuple(rng.choice(bank["org"]).format(l=where) for where in places[:3])
    return Cast(tuple(person(bank, rng) for _ in range(6)), places, bodies)


@cache
def _slots(pattern: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for _, name, _, _ in Formatter().parse(pattern) if name))


# Where a thing is, in each language: objects get a place of the piece's own now and then.
_SOMEWHERE = {
    "en": "{o} of {l}", "de": "{o} von {l}", "fr": "{o} de {l}", "es": "{o} de {l}", "it": "{o} di {l}",
    "pt": "{o} de {l}", "ru": "{o} города {l}", "pl": "{o} miasta {l}", "tr": "{l} kentindeki {o}",
    "ar": "{o} في {l}", "hi": "{l} के {o}", "zh": "{l}的{o}", "ja": "{l}の{o}", "th": "{o}ของ{l}", "ko": "{l}의 {o}",
}  # fmt: skip
_SOMEBODY = 0.2  # share of subjects that are people of the piece
_LOCATED = 0.35  # share of objects with a place

_SECTION = {"s": "subj", "v": "verb", "o": "obj", "m": "mod", "a": "adv", "w": "open", "j": "join"}


def fill(pattern: str, bank: Bank, cast: Cast, rng: random.Random, **given: str) -> str:
    """A sentence from a pattern; slots that are not given are drawn."""
    values = dict(given)
    for name in _slots(pattern):
        if name not in values:
            values[name] = _draw(name, bank, cast, rng)
    made = pattern.format_map(values)
    return made if pattern.startswith("{host}") else _capital(made)


def _draw(name: str, bank: Bank, cast: Cast, rng: random.Random) -> str:
    slot = name.rstrip("0123456789")
    if slot == "s" and rng.random() < _SOMEBODY:
        return rng.choice(cast.people) + (" 씨는" if bank.language == "ko" else "")
    if slot == "o" and rng.random() < _LOCATED:
        return _SOMEWHERE[bank.language].format(o=rng.choice(bank["obj"]), l=rng.choice(cast.places))
    if slot in _SECTION:
        return rng.choice(bank[_SECTION[slot]])
    if slot == "p":
        return rng.choice(cast.people)
    if slot == "l":
        return rng.choice(cast.places)
    if slot == "org":
        return rng.choice(cast.bodies)
    if slot == "pc":
        mark = "." if bank.language in _DECIMAL_POINT else ","
        return f"{rng.randint(1, 97)}{mark}{rng.randint(0, 9)}"
    if slot == "y":
        return str(rng.randint(1931, 2024))
    if name == "n2":
        return str(rng.randint(19, 93))
    # Counts of people and money: two to four digits, seldom fewer.
    return str(rng.randint(2, 12) if rng.random() < 0.15 else int(10 ** rng.uniform(1.2, 3.9)))


def _capital(sentence: str) -> str:
    found = _FIRST_LETTER.search(sentence)
    if found is None:
        return sentence
    at = found.start()
    return sentence[:at] + sentence[at].upper() + sentence[at + 1 :]


def sentence(bank: Bank, cast: Cast, rng: random.Random, weights: tuple[int, ...] = (4, 2, 2, 2, 1)) -> str:
    """One sentence of a random kind."""
    kind = rng.choices(PATTERNS, weights)[0]
    return fill(rng.choice(bank[kind]), bank, cast, rng)


def paragraph(bank: Bank, cast: Cast, rng: random.Random, sentences: int, genre: str = "blog") -> str:
    """A paragraph of so many sentences."""
    glue = "" if bank.language in ("zh", "ja") else " "
    return glue.join(sentence(bank, cast, rng, GENRES[genre][0]) for _ in range(sentences))


def headline(bank: Bank, cast: Cast, rng: random.Random) -> str:
    """A headline."""
    return fill(rng.choice(bank["headline"]), bank, cast, rng)


def write(bank: Bank, rng: random.Random, genre: str | None = None, words: int | None = None) -> Piece:
    """A piece of a genre and of about so many words (both drawn when not given)."""
    chosen = genre or rng.choice(tuple(GENRES))
    _, (low, high), (few, many) = GENRES[chosen]
    aim = words or int(low * (high / low) ** rng.random())  # log-uniform: short pieces are many, long ones few
    cast = cast_for(bank, rng)
    paragraphs: list[str] = []
    length = 0
    while length < aim:
        made = paragraph(bank, cast, rng, rng.randint(few, many), chosen)
        paragraphs.append(made)
        length += bank.length(made)
    return Piece(bank.language, chosen, headline(bank, cast, rng), person(bank, rng), tuple(paragraphs), cast)
