"""One spelling for what copies spell differently: the normalisation under all comparison."""

from __future__ import annotations

import re
import unicodedata

_FOLDED: dict[str, str] = (
    {
        "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201b": "'", "\u02bc": "'", "`": "'",
        "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u201f": '"', "\u00ab": '"', "\u00bb": '"',
        "\u2039": '"', "\u203a": '"', "\u300c": '"', "\u300d": '"', "\u300e": '"', "\u300f": '"',
        "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2015": "-", "\u2212": "-",
        "\u05be": "-",  # Hebrew maqaf
        "\u00ad": "", "\u200b": "", "\u200c": "", "\u200d": "", "\ufeff": "", "\u2060": "",
        "\u0640": "",  # Arabic tatweel stretches a word without changing it
    }
    | dict.fromkeys(map(chr, (*range(0x064B, 0x0653), 0x0670)), "")  # Arabic vowel points, which copies drop at will
    | dict.fromkeys(map(chr, (*range(0x0591, 0x05BE), 0x05BF, 0x05C1, 0x05C2, 0x05C4, 0x05C5, 0x05C7)), "")  # Hebrew
)  # fmt: skip
_VARIANT = re.compile(f"[{re.escape(''.join(_FOLDED))}]")  # twice as fast as str.translate on ordinary text


def fold(text: str) -> str:
    """NFKC, with the variants of quotation marks and dashes made one, and invisible characters removed."""
    if text.isascii():
        return text.replace("`", "'")
    # NFKC takes a spacing acute accent, typed as an apostrophe, apart into a space and a combining accent.
    return _VARIANT.sub(_folded, unicodedata.normalize("NFKC", text.replace("\u00b4", "'")))


def _folded(found: re.Match[str]) -> str:
    return _FOLDED[found[0]]
