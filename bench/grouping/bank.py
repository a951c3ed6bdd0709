"""The word banks, one file a language, each split once into a development and an evaluation half.

A file holds sections in brackets: fragments separated by semicolons, or one pattern a line. Of every section the
entries at even places belong to development, those at odd places to evaluation, so the halves share no noun phrase, no
verb, no sentence pattern, no credit wording and no name. Calendars and number words belong to both. Where a language
joins words without spaces, a section may be given in two parts (``subja``, ``subjb``): every first with every second.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

FOLDER = Path(__file__).parent / "banks"
LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "ru", "pl", "tr", "ar", "hi", "zh", "ja", "th", "ko")
HALVES = ("development", "evaluation")
SHARED = frozenset({"months", "numbers", "percent", "date"})
FRAGMENTS = frozenset(
    (
        "subj subja subjb verb verba verbb obj obja objb mod moda modb adv adva advb open join first last lasta lastb "
        "placea placeb months numbers"
    ).split()
)  # sections whose entries are separated by semicolons
SPUN = ("subj", "verb", "obj", "mod", "adv")  # what a spinner replaces: plain words, never names and figures
# Characters a word, for scripts that don't separate words: Chinese 1.7 and Japanese 2 (mean word lengths in news
# text), Thai 4.5 with its vowel signs. Only used to aim at a length.
CHARACTERS_PER_WORD = {"zh": 1.7, "ja": 2.0, "th": 4.5}


@dataclass(frozen=True)
class Bank:
    """The half of one language's words that a run may use."""

    language: str
    half: str
    sections: dict[str, tuple[str, ...]]

    def __getitem__(self, section: str) -> tuple[str, ...]:
        return self.sections[section]

    @property
    def unspaced(self) -> bool:
        """Is the language written without spaces between words?"""
        return self.language in CHARACTERS_PER_WORD

    def length(self, text: str) -> int:
        """How many words, about."""
        per_word = CHARACTERS_PER_WORD.get(self.language)
        return int(len(text) / per_word) if per_word else len(text.split())

    @cached_property
    def stand_ins(self) -> tuple[re.Pattern[str], dict[str, str]]:
        """What a spinner looks for, and what it writes instead: another fragment of the same slot, always the same."""
        pairs: dict[str, str] = {}
        for section in SPUN:
            entries = self.sections[section]
            for place, entry in enumerate(entries):
                pairs[entry.casefold()] = entries[(place + len(entries) // 2) % len(entries)]
        found = "|".join(re.escape(key) for key in sorted(pairs, key=len, reverse=True))
        edge = "" if self.unspaced else r"(?<!\w)"
        end = "" if self.unspaced else r"(?!\w)"
        return re.compile(f"{edge}(?:{found}){end}", re.IGNORECASE), pairs


@cache
def load(language: str, half: str) -> Bank:
    """The bank of one language and half ("development" or "evaluation"). Raises ValueError for an unknown half."""
    offset = HALVES.index(half)
    sections: dict[str, tuple[str, ...]] = {}
    name = ""
    lines: dict[str, list[str]] = {}
    for line in (FOLDER / f"{language}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            name = line.strip("[] ")
        elif line.strip():
            lines.setdefault(name, []).append(line.strip())
    for section, content in lines.items():
        entries = content
        if section in FRAGMENTS:
            entries = [entry.strip() for entry in " ".join(content).split(";") if entry.strip()]
        sections[section] = tuple(entries if section in SHARED else entries[offset::2])
    for section in ("subj", "verb", "obj", "mod", "adv", "last"):
        if f"{section}a" in sections:
            heads, tails = sections.pop(f"{section}a"), sections.pop(f"{section}b")
            sections[section] = tuple(head + tail for tail in tails for head in heads)
    return Bank(language, half, sections)
