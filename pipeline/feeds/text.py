"""Characters that may go on into the store, and plain text out of what feeds call plain text."""

from __future__ import annotations

import html
import re

MAX_TITLE_CHARS = 1_000
MAX_HTML_CHARS = 1_000_000
# A title is cut to its limit only after its markup is gone; this bounds the work on one that is all markup.
_MAX_RAW_TITLE_CHARS = 20 * MAX_TITLE_CHARS

# Not XML 1.0 characters (§2.2), and what no database column should meet: C0 without tab, line feed and carriage
# return; DEL; lone surrogates; the two noncharacters that end the basic plane.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# Bidi_Control (UAX #9, PropList.txt): in a title they reorder whatever is printed after it.
_BIDI_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# What is never closed runs to the end, as in browsers; that also keeps each search linear.
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<!--.*?(?:-->|\Z)|<!\[CDATA\[|\]\]>", re.DOTALL)
_HIDDEN = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_LOOKS_LIKE_HTML = re.compile(
    r"</[A-Za-z]|<(?:br|img|wbr|hr)\b|&(?:[A-Za-z][A-Za-z0-9]{1,31}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});"
)
_BREAK = re.compile(
    r"<(?:br|p|div|li|h[1-6]|tr|td|blockquote)\b[^<>]*>|</(?:p|div|li|h[1-6]|tr|td|blockquote)\s*>", re.I
)


def clean_text(text: str) -> str:
    """``text`` without the characters that XML 1.0 and databases refuse (NUL, C0, lone surrogates)."""
    return _ILLEGAL.sub("", text)


def optional(text: object, limit: int) -> str | None:
    """A cleaned, trimmed string of at most ``limit`` characters, or None when it is no string or empty."""
    if not isinstance(text, str):
        return None
    return clean_text(text[: 2 * limit]).strip()[:limit] or None


def one_line(text: str, limit: int = MAX_TITLE_CHARS) -> str | None:
    """Plain text on one line: white space collapsed, no control characters, none that change the writing direction."""
    return " ".join(_BIDI_CONTROLS.sub("", clean_text(text)).split())[:limit].strip() or None


def title_text(raw: object, markup: bool | None) -> str | None:
    """A title as people read it, at most 1,000 characters; None when nothing is left.

    ``markup`` says whether ``raw`` is HTML. None means that the format leaves it open, as RSS does: then it is taken
    for HTML when it has a closing tag or a character reference, so that "How to use <div>" keeps its last word.
    """
    if not isinstance(raw, str):
        return None
    text = raw[:_MAX_RAW_TITLE_CHARS]
    if markup or (markup is None and _LOOKS_LIKE_HTML.search(text)):
        text = html_text(text)
    return one_line(text)


def html_text(markup: str) -> str:
    """The text of a piece of HTML: tags removed, character references decoded once. Linear, never raises."""
    text = _HIDDEN.sub(" ", markup)
    text = _BREAK.sub(" ", text)
    return html.unescape(_TAG.sub("", text))
