"""Bytes → text. We decode ourselves: the parser is never asked to trust a name that a document gives.

Order of belief: byte order mark, HTTP charset parameter, XML declaration (RFC 7303 §3), then UTF-8, then windows-1252.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from email.message import Message

# Python's names of the encodings that feeds come in. Anything else (utf-7, punycode, undefined, zlib, ...) is no
# character set of a document and is not even tried.
_ALLOWED = frozenset(
    ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "ascii", "koi8-r", "koi8-u", "mac-roman", "tis-620"]
    + [f"iso8859-{n}" for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16)]
    + [f"cp{n}" for n in (437, 850, 852, 855, 866, 874, 932, 949, 950, *range(1250, 1259))]
    + ["gb2312", "gbk", "gb18030", "big5", "big5hkscs", "euc_jp", "shift_jis", "iso2022_jp", "euc_kr", "johab"]
)
_MULTIBYTE = frozenset(
    "utf-16 utf-16-le utf-16-be utf-32 cp932 cp949 cp950 johab gb18030 big5hkscs euc_jp iso2022_jp".split()
)
# What the labels mean in practice (WHATWG Encoding Standard §4.2): the name is the subset, the bytes the superset.
_SUPERSET = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
# What holds the characters that vendors added, such as the circled digits in Japan, beside some that mean others: only
# for text that is not valid in the encoding itself.
_WIDER = {"euc_jp": ("euc_jis_2004",)}
_DAMAGED_SHARE = 0.01  # of the characters: as when each summary of 100 loses its last; another encoding loses far more
# Longest first: the UTF-32-LE mark begins with the UTF-16-LE one.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNMARKED = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))  # XML 1.0 appendix F.1
_DECLARATION = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']\s*([A-Za-z0-9._:-]{1,40})")
_LABEL = re.compile(r"[A-Za-z0-9._:-]{1,40}")


def decode(body: bytes, content_type: str | None = None) -> tuple[str, tuple[str, ...]]:
    """The text of ``body`` and what was odd about it. Never raises; bytes that mean nothing become U+FFFD."""
    for mark, name in _MARKS:
        if body.startswith(mark):
            return _decode_marked(body[len(mark) :], name)
    for beginning, name in _UNMARKED:
        if body.startswith(beginning):
            return _decode_marked(body, name)
    declared = tuple(_declared(body, content_type))
    utf8 = _strict(body, "utf-8")
    for name in declared:
        codec = _codec(name)
        if codec is None:
            continue
        if codec != "utf-8" and codec not in _MULTIBYTE and utf8 is not None and not body.isascii():
            # Text in a one-byte encoding is valid UTF-8 only by a chance that shrinks with each letter beyond ASCII;
            # servers that put iso-8859-1 on everything are common.
            return utf8, (f"declared as {name}, is utf-8",)
        text = _strict(body, codec)
        if text is not None:
            return text, ()
    if utf8 is not None:
        return utf8, ((f"declared as {declared[0]}, is utf-8",) if declared else ())
    return _damaged(body, [codec for name in declared if (codec := _codec(name)) is not None])


def _decode_marked(body: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    text = _strict(body, name)
    if text is not None:
        return text, ()
    return body.decode(name, "replace"), (f"not valid {name}; what cannot be read is shown as U+FFFD",)


def _damaged(body: bytes, declared: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Bytes that no declared encoding explains in full.

    UTF-8 where most of it is UTF-8; else what was declared, where that explains all but a little (a summary that was
    cut within a character); else windows-1252.
    """
    text = body.decode("utf-8", "replace")
    damage = text.count("\ufffd")
    decoded = len(text) - len(text.encode("ascii", "ignore")) - damage
    if "utf-8" in declared or decoded >= damage:
        return text, (f"not valid utf-8 in {damage} places, shown as U+FFFD",)
    for codec in (wider for name in declared for wider in (*_WIDER.get(name, ()), name)):
        text = body.decode(codec, "replace")
        damage = text.count("\ufffd")
        if damage <= _DAMAGED_SHARE * len(text):
            return text, (f"not valid {codec} in {damage} places, shown as U+FFFD",) if damage else ()
    return body.decode("cp1252", "replace"), ("no valid encoding declared; read as windows-1252",)


def _declared(body: bytes, content_type: str | None) -> Iterator[str]:
    if content_type:
        message = Message()
        message["content-type"] = content_type[:500].replace("\r", " ").replace("\n", " ")
        charset = message.get_param("charset")
        if isinstance(charset, str) and _LABEL.fullmatch(charset.strip()):
            yield charset.strip()
    found = _DECLARATION.search(body[:1_000])
    if found:
        yield found.group(1).decode("ascii")


def _codec(label: str) -> str | None:
    """The Python codec for a declared label, or None when it is not one that documents come in."""
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return None
    if name not in _ALLOWED:
        return None
    return _SUPERSET.get(name, name)


def _strict(body: bytes, name: str) -> str | None:
    try:
        return body.decode(name)
    except UnicodeDecodeError:
        return None
