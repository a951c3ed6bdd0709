"""The forms of trades: weather, results, obituaries, listings. One form filled in twice makes two items, never one."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter

from bench.grouping.bank import Bank, load
from bench.grouping.prose import person, place

FOLDER = Path(__file__).parent / "templates"
_RANGES = {"k": (2, 12), "d": (1, 28), "y": (1931, 2024), "age": (18, 99), "n": (11, 989)}


@dataclass(frozen=True, slots=True)
class Form:
    """One trade's item with slots: a title, and the paragraphs of the body."""

    trade: str
    language: str
    title: str
    body: tuple[str, ...]


@cache
def forms(half: str) -> tuple[tuple[Form, ...], Mapping[str, tuple[str, ...]]]:
    """All forms of a half, and the word lists that they draw from. No form and no list belongs to both halves."""
    lists: dict[str, tuple[str, ...]] = {}
    made: list[Form] = []
    blocks: list[list[str]] = []
    for line in (FOLDER / f"{half}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("*"):
            name, _, entries = line[1:].partition("=")
            lists[name.strip()] = tuple(entry.strip() for entry in entries.split(";"))
        elif line.startswith("="):
            blocks.append([line[1:].strip()])
        elif line.strip():
            blocks[-1].append(line.strip())
    for head, title, *body in blocks:
        trade, _, language = head.partition(" ")
        made.append(Form(trade, language or "en", title.removeprefix("T: "), tuple(body)))
    return tuple(made), lists


def fill(form: Form, half: str, rng: random.Random, **kept: str) -> tuple[str, tuple[str, ...], dict[str, str]]:
    """(title, paragraphs, values): the form with every slot drawn anew, save those that are kept."""
    bank = load(form.language, half)
    _, lists = forms(half)
    values = dict(kept)
    for text in (form.title, *form.body):
        for _, name, _, _ in Formatter().parse(text):
            if name and name not in values:
                values[name] = _draw(name, bank, lists, rng, values)
    return form.title.format_map(values), tuple(part.format_map(values) for part in form.body), values


def _draw(
    name: str, bank: Bank, lists: Mapping[str, tuple[str, ...]], rng: random.Random, taken: Mapping[str, str]
) -> str:
    slot = name.rstrip("0123456789")
    if slot in lists:
        return rng.choice([entry for entry in lists[slot] if entry not in taken.values()] or lists[slot])
    if slot == "p":
        return person(bank, rng)
    if slot == "l":
        return place(bank, rng)
    if slot == "org":
        return rng.choice(bank["org"]).format(l=place(bank, rng))
    if slot == "month":
        return rng.choice(bank["months"])
    if slot == "pc":
        return f"{rng.randint(0, 19)}.{rng.randint(0, 9)}"
    if slot == "m":
        return f"{rng.randint(0, 59):02}"
    low, high = _RANGES[slot]
    return str(rng.randint(low, high))
