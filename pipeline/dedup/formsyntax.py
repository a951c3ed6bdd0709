"""What a form of the table must begin with, and what it must hold: read off its pattern, to try few forms on a line.

Understands the part of :mod:`re`'s syntax that the table uses: literals, escapes, classes, groups, ``|`` and
quantifiers, and the table's placeholders. A pattern outside of it raises ValueError when the table is compiled.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

OPENING = 4  # characters; longer openings leave no fewer forms to try on ordinary prose (3: a third more; 6: the same)

_FLAT = str.maketrans({"İ": "i", "ı": "i"})
_RUN = re.compile(r"[^\\\[(){}|?*+.^$]+(?![?*+{])")  # characters that must stand there, as most do
_QUANTIFIER = re.compile(r"[?*+]|\{(\d+)(?:,\d*)?\}")
_PLACEHOLDER = re.compile(r"\{[A-Z]\d?\}")


def flat(text: str) -> str:
    """Lower case such that two texts that :data:`re.IGNORECASE` takes for equal are equal."""
    if text.isascii():
        return text.lower()
    return text.translate(_FLAT).lower().replace("ς", "σ")


@dataclass(frozen=True, slots=True)
class Span:
    """What part of a pattern can match: whole texts, beginnings of texts, and texts of which each match holds one."""

    whole: frozenset[str] = frozenset()
    begun: frozenset[str] = frozenset()
    holds: frozenset[str] = frozenset()  # empty: nothing is certain

    def then(self, other: Span) -> Span:
        """What is followed by ``other``."""
        if self is NOTHING or other is NOTHING:
            return other if self is NOTHING else self
        joined = {a + b for a in self.whole for b in other.whole}
        begun = {(a + b)[:OPENING] for a in self.whole for b in other.begun}
        begun |= {text[:OPENING] for text in joined if len(text) >= OPENING}
        whole = frozenset(text for text in joined if len(text) < OPENING)
        return Span(whole, self.begun | begun, max(self.holds, other.holds, key=_worth))

    def either(self, other: Span) -> Span:
        """Either of the two."""
        holds = self.holds | other.holds if self.holds and other.holds else frozenset()
        return Span(self.whole | other.whole, self.begun | other.begun, holds)

    def optional(self) -> Span:
        """The span or nothing."""
        return Span(self.whole | {""}, self.begun)


NOTHING = Span(frozenset({""}))
ANYTHING = Span(begun=frozenset({""}))


def _worth(texts: frozenset[str]) -> tuple[int, int]:
    """Long texts are rare in other lines; few of them are quick to look for."""
    return min((len(text) for text in texts), default=0), -len(texts)


def analyse(form: str) -> Span:
    """What a form can match. All texts are :func:`flat`; ``begun`` holds every way that a match can begin.

    Raises ValueError for syntax that it does not know.
    """
    reader = _Reader(form)
    span = reader.alternatives()
    if reader.at != len(form):
        raise ValueError(f"unbalanced parenthesis at {reader.at}: {form}")
    return Span(frozenset(), span.begun | {text[:OPENING] for text in span.whole}, span.holds)


class _Reader:
    """A recursive descent over one form."""

    def __init__(self, form: str) -> None:
        self.form = form
        self.at = 0

    def alternatives(self) -> Span:
        span = self.sequence()
        while self.form[self.at : self.at + 1] == "|":
            self.at += 1
            span = span.either(self.sequence())
        return span

    def sequence(self) -> Span:
        span = NOTHING
        literal = ""
        while self.at < len(self.form) and self.form[self.at] not in "|)":
            text, part = self.part()
            if text is not None:
                literal += text
                continue
            span = span.then(_literal(literal)).then(part)
            literal = ""
        return span.then(_literal(literal))

    def part(self) -> tuple[str | None, Span]:
        """The next element: as plain text when it is characters that must stand there, else as a span."""
        if run := _RUN.match(self.form, self.at):
            self.at = run.end()
            return run[0], NOTHING
        text, span = self.element()
        found = _QUANTIFIER.match(self.form, self.at)
        if found is None:
            return text, span
        self.at = found.end()
        if self.form[self.at : self.at + 1] in ("?", "+"):  # lazy or possessive: the same texts
            self.at += 1
        span = span if text is None else _literal(text)
        if found[0] == "?":
            return None, span.optional()
        if found[0] == "+" or int(found[1] or 0):
            return None, Span(begun=span.begun | {text[:OPENING] for text in span.whole}, holds=span.holds)
        return None, ANYTHING

    def element(self) -> tuple[str | None, Span]:
        form, start = self.form, self.at
        if found := _PLACEHOLDER.match(form, start):
            self.at = found.end()
            return None, ANYTHING
        self.at += 1
        if form[start] == "(":
            return None, self.group()
        if form[start] == "[":
            self.at = form.index("]", start + 2) + 1
            return None, _characters(form[start + 1 : self.at - 1])
        if form[start] == "\\":
            self.at += 1
            return (None, ANYTHING) if form[start + 1].isalnum() else (form[start + 1], NOTHING)
        if form[start] == ".":
            return None, ANYTHING
        if form[start] in "^$*+?{}":
            raise ValueError(f"unknown syntax at {start}: {form}")
        return form[start], NOTHING

    def group(self) -> Span:
        if not self.form.startswith("?:", self.at):
            raise ValueError(f"unknown kind of group at {self.at}: {self.form}")
        self.at += 2
        span = self.alternatives()
        if self.form[self.at : self.at + 1] != ")":
            raise ValueError(f"unclosed group: {self.form}")
        self.at += 1
        return span


def _literal(text: str) -> Span:
    if not text:
        return NOTHING
    plain = flat(text)
    holds = frozenset({plain})
    if len(plain) < OPENING:
        return Span(frozenset({plain}), holds=holds)
    return Span(begun=frozenset({plain[:OPENING]}), holds=holds)


def _characters(inside: str) -> Span:
    if inside.startswith("^") or "-" in inside[1:-1] or "\\" in inside:
        return ANYTHING
    return Span(frozenset(flat(character) for character in inside))
