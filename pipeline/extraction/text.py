"""Plain text as this room hands it on: one cleaning for every field, keys to compare lines by, and a word count.

Nothing here depends on markup. All functions are linear in their input.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Container

# Out: control characters, soft hyphen, zero-width space, word joiner, BOM, bidirectional embeddings, overrides and
# isolates, surrogates and noncharacters. ZWNJ and ZWJ stay: Persian and Hindi are spelt with them.
_DROPPED = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]"
)
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
# Written with spaces, but a syllable a character: Ethiopic, Hangul.
_DENSE = re.compile(f"[{_UNSPACED.pattern[1:-1]}\u1200-\u137f\uac00-\ud7a3]")
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")

# Chinese and Japanese words are 1.5 to 2 characters long on average (Thai, Khmer and Burmese are longer; a
# count that is somewhat high for them keeps them out of the "too short" rules, which is the safe side).
_CHARACTERS_PER_WORD = 2


def clean(text: str) -> str:
    """One line: NFC, whitespace collapsed, invisible and illegal characters out."""
    line = " ".join(text.split())
    if not line.isprintable():  # none of the dropped characters is printable
        line = " ".join(_DROPPED.sub("", line).split())
    return line if line.isascii() else unicodedata.normalize("NFC", line)


def unescape(text: str) -> str:
    """HTML character references resolved; text whose references no integer can hold stays as it is."""
    try:
        return html.unescape(text)
    except ValueError:  # CPython refuses decimal numbers of more than 4300 digits
        return text


def field(text: str | None, limit: int = 1_000) -> str | None:
    """A metadata value as plain text of at most ``limit`` characters, or None when nothing is left of it."""
    if not text:
        return None
    value = clean(unescape(text[: 8 * limit]))[:limit].strip()
    return value or None


def letters(text: str) -> str:
    """Letters and digits only, case folded: what two spellings of one name have in common."""
    return _NOT_ALPHANUMERIC.sub("", text).casefold()


def is_among(name: str, keys: Container[str]) -> bool:
    """Whether a name, with or without its "The", is one of those that ``keys`` are the letters of."""
    key = letters(name)
    return key in keys or key.removeprefix("the") in keys


def unspaced(text: str) -> str:
    """The text without whitespace: equal for two renderings of one paragraph, however they spaced inline tags."""
    return "".join(text.split())


def weight(text: str, solid: int | None = None) -> int:
    """Length without whitespace, in which characters of dense scripts count twice, as they say as much more.

    ``solid`` is that length, where it is known.
    """
    length = len(unspaced(text)) if solid is None else solid
    return length if text.isascii() else length + len(_DENSE.findall(text))


def word_count(text: str) -> int:
    """Words, in scripts with and without spaces between them."""
    if text.isascii():
        return len(text.split())
    unspaced_characters = len(_UNSPACED.findall(text))
    spaced = _UNSPACED.sub(" ", text) if unspaced_characters else text
    return len(spaced.split()) + unspaced_characters // _CHARACTERS_PER_WORD


def lines_of(text: str) -> list[str]:
    """The non-empty lines, each cleaned."""
    return [line for raw in text.splitlines() if (line := clean(raw))]
