"""Bytes in any encoding to UTF-8: byte order mark, then HTTP, then ``<meta>``, then UTF-8, then windows-1252.

The order is that of the HTML standard (WHATWG, "determining the character encoding"), with one departure: a body that
is valid UTF-8 beyond ASCII is read as UTF-8 whatever was declared, because text of another encoding is almost never
valid UTF-8 by chance; pages that were converted, or saved by a browser, often keep their old declaration. Only
encodings of the WHATWG Encoding standard are used: Python's codec registry holds others that run quadratically or
raise on purpose ("punycode", "undefined", "idna").
"""

from __future__ import annotations

import re

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))

# WHATWG label -> Python codec. Latin-1 and ASCII mean windows-1252 there, gb2312 and gbk mean gb18030.
_SINGLE_BYTE = {f"windows-125{n}": f"cp125{n}" for n in range(9)}
_SINGLE_BYTE |= {f"cp125{n}": f"cp125{n}" for n in range(9)}
_SINGLE_BYTE |= {f"iso-8859-{n}": f"iso8859-{n}" for n in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)}
_SINGLE_BYTE |= {"iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252"}
_SINGLE_BYTE |= {"iso-8859-9": "cp1254", "iso-8859-11": "cp874", "windows-874": "cp874", "tis-620": "cp874"}
_SINGLE_BYTE |= {"koi8-r": "koi8-r", "koi8-u": "koi8-u", "ibm866": "cp866", "macintosh": "mac-roman"}
_MULTI_BYTE = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "euc-jp": "euc-jp",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "iso-2022-jp": "iso2022-jp",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
}
_ALLOWED = _SINGLE_BYTE | _MULTI_BYTE | {"utf-16": "utf-16-le", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be"}

_HTTP = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_IN_PAGE = re.compile(rb"charset\s*=\s*[\"']?\s*([a-z0-9_.:-]{1,40})")
_BEYOND_ASCII = re.compile("[^\x00-\x7f]+")
_META_WINDOW = 4096  # the standard looks at 1024 bytes; real pages put long scripts before their <meta>
# A character or two of GBK, EUC-KR or Big5 can be valid UTF-8 by chance (the "联通" of the Windows editor). Of common
# ones of GBK one in five is, of six in a row one in 20,000 (200,000 drawn at random), hence of 20 hardly any.
_NOT_BY_CHANCE = 20
_BROKEN_SHARE = 0.001  # of the characters: above it a UTF-8 declaration is taken for wrong, not for damaged


def utf8(body: bytes, content_type: str | None) -> tuple[bytes, tuple[str, ...]]:
    """The body in UTF-8, and what was odd about its encoding. Never raises; undecodable bytes become U+FFFD.

    A body in UTF-8, as nearly all are, is returned as it is.
    """
    for bom, codec in _BOMS:
        if body.startswith(bom):
            return _utf8(body[len(bom) :].decode(codec, "replace")), ()
    label = _declared(body, content_type)
    problems: tuple[str, ...] = ()
    codec = _ALLOWED.get(label, "") if label else ""
    if label and not codec:
        problems = (f"unknown charset {label!r}",)
    try:
        text, broken = body.decode("utf-8"), 0
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
        broken = text.count("\ufffd")
    if codec in ("", "utf-8"):
        return _decoded(body, codec, problems) if broken else (body, problems)
    beyond = 0 if text.isascii() else sum(map(len, _BEYOND_ASCII.findall(text))) - broken
    whole = not broken and label in _SINGLE_BYTE
    nearly = beyond >= _NOT_BY_CHANCE and broken <= _BROKEN_SHARE * len(text)
    if not (whole or nearly):
        return _decoded(body, codec, problems)
    return _utf8(text) if broken else body, (f"declared {label}, is utf-8",) if beyond else problems


def _decoded(body: bytes, codec: str, problems: tuple[str, ...]) -> tuple[bytes, tuple[str, ...]]:
    text = body.decode(codec or "cp1252", "replace")
    broken = text.count("\ufffd")
    if codec == "utf-8" and broken > _BROKEN_SHARE * len(text):
        return _utf8(body.decode("cp1252", "replace")), ("declared utf-8, is not",)
    if broken:
        problems = (*problems, f"{broken} undecodable characters")
    return _utf8(text), problems


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "replace")  # surrogates, which UTF-16 can hold alone


def _declared(body: bytes, content_type: str | None) -> str | None:
    """The label that HTTP or else the page gives, lower case; the page cannot claim UTF-16, being readable."""
    in_header = _HTTP.search(content_type[:1_000]) if content_type else None
    if in_header:
        return in_header[1].lower()
    window = body[:_META_WINDOW].lower()
    for in_page in _IN_PAGE.finditer(window):
        element = window.rfind(b"<", 0, in_page.start())
        if window.startswith(b"<meta", element) and window.find(b">", element, in_page.start()) < 0:
            label = in_page[1].decode("ascii")
            return "utf-8" if label.startswith("utf-16") else label
    return None
