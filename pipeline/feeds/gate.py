"""What every XML document passes before a parser sees it: linear work that refuses or disarms what parsers choke on.

The parser then gets a document without prolog (no declaration, no DOCTYPE, so no entities and no second opinion on the
encoding), with every reference resolved or escaped, no character that XML forbids, bounded in depth, attributes and
number of items. Time and memory are linear in the size of the document.
"""

from __future__ import annotations

import html
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html.entities import html5

from pipeline.errors import Refused, Unreadable
from pipeline.feeds.charset import decode
from pipeline.feeds.doctype import entities
from pipeline.feeds.text import clean_text, title_text

MAX_BYTES = 32_000_000  # three times the default of fetch.max_feed_bytes; the fetch room is the one that limits
MAX_DEPTH = 250  # lxml and others give up at 256 (libxml2, xmlParserMaxDepth)
MAX_ATTRIBUTES = 500  # per tag; parsers take quadratic time in them
MAX_NAME = 100_000  # characters; without an end to it, feedparser takes some 150 bytes for each
MAX_PERSON = 1_000  # characters of one author element; feedparser takes quadratic time to look for an address in it
MAX_EXPANSION = 1_000_000  # characters that a document's own entities may add
_PROLOG = 100_000  # characters in which the root element must begin: PHP warnings stand there, too

_REFERENCE = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos);)(?:#([0-9]{1,7});|#[xX]([0-9A-Fa-f]{1,6});|([A-Za-z_][A-Za-z0-9_.-]{0,63});)?"
)
_NAME = re.compile(r"<((?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*))")
_MARKUP = re.compile(
    r"<!\[CDATA\[|<!--|<\?"  # sections that are skipped as a whole
    # Possessive: giving back what the name or the attributes took never helps, and costs quadratic time.
    r"|<(/?)((?:[A-Za-z_][^\s<>/:=]*+:)?[A-Za-z_][^\s<>/:=]*+)((?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+)>"
)
_LONG_NAME = re.compile(rf"<[A-Za-z_][^\s<>]{{{MAX_NAME}}}")
_SECTION_ENDS = {"<![CDATA[": "]]>", "<!--": "-->", "<?": "?>"}
_GZIP = b"\x1f\x8b"  # RFC 1952 §2.3.1; sitemaps are often files of their own (news.xml.gz)
_BLANK = " \t\r\n\ufeff"
_PEOPLE = frozenset(["author", "creator", "managingeditor", "webmaster", "publisher", "owner"])
# HTML elements that have no end tag: feeds with unescaped markup leave them open by the hundred.
_VOID = frozenset(["br", "hr", "img", "input", "wbr", "col", "area", "embed"])
_HTML_ROOTS = frozenset(["html", "head", "body"])
# What servers print before a document when something went wrong.
_FRAGMENTS = frozenset("a b br center div font h1 h2 hr i p pre script small span strong style table tr th td".split())


@dataclass(frozen=True, slots=True)
class Document:
    """A document that may be parsed."""

    text: str  # begins with the root element
    root: str  # its local name, lower-case
    problems: tuple[str, ...]


def read_text(body: bytes, content_type: str | None = None) -> tuple[str, tuple[str, ...]]:
    """The text of a document and what was odd about its encoding; a gzip file's is that of what is in it.

    Raises Refused when it is too large, Unreadable when it cannot be unpacked.
    """
    if body.startswith(_GZIP):
        body = _unpacked(body)
    if len(body) > MAX_BYTES:
        raise Refused(f"larger than {MAX_BYTES} bytes")
    text, problems = decode(body, content_type)
    return clean_text(text), problems


def _unpacked(body: bytes) -> bytes:
    """The content of a gzip file, up to one byte more than may be read."""
    try:
        return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(body, MAX_BYTES + 1)
    except zlib.error as error:
        raise Unreadable("not a feed: a damaged gzip file") from error


def open_xml(text: str, roots: frozenset[str], what: str) -> Document:
    """Disarm an XML document whose root element is one of ``roots`` (local names, lower-case).

    ``what`` names the expected kind for messages ("a feed"). Raises Refused over a limit, Unreadable when it is
    something else (an HTML page, other XML, text, nothing).
    """
    start, root = find_root(text, roots, what)
    prolog, text = text[:start], text[start:]
    junk = prolog.strip(_BLANK).partition("<")[0]
    problems = ("text before the document",) if junk else ()
    return Document(_resolve(text, entities(prolog)), root, problems)


def bound(text: str, item_names: frozenset[str], max_items: int) -> tuple[str, tuple[str, ...]]:
    """``text`` cut after ``max_items`` elements of those names (and closed again), and what was cut.

    Of an author element of more than MAX_PERSON characters the first names are kept. Raises Refused when elements nest
    deeper than MAX_DEPTH, one has more than MAX_ATTRIBUTES attributes, or a name more than MAX_NAME characters.
    """
    if _LONG_NAME.search(text):
        raise Refused(f"the name of an element is longer than {MAX_NAME:,} characters")
    stack = _OpenElements()
    cuts: list[tuple[int, int]] = []  # from, to
    items = 0
    for found in _tags(text):
        closing, name, rest = found.groups()
        local = name.rpartition(":")[2].lower()
        if closing:
            begin = stack.close(name)
            if local in _PEOPLE and begin is not None and found.start() - begin > MAX_PERSON:
                first = _first_names(text, begin)
                while cuts and cuts[-1][0] >= begin:  # in an element within this one
                    cuts.pop()
                cuts.append((first, found.start()))
            continue
        if rest.count("=") > MAX_ATTRIBUTES:
            raise Refused(f"<{name[:40]}> has more than {MAX_ATTRIBUTES} attributes")
        if local in item_names:
            items += 1
            if items > max_items:
                whole, problems = _without(text[: found.start()], cuts)
                return whole + stack.closing_tags(), (*problems, f"only the first {max_items} entries were read")
        if not rest.endswith("/") and local not in _VOID:
            stack.open(name, found.end())
    return _without(text, cuts)


def _first_names(text: str, begin: int) -> int:
    """The end of the last whole name within MAX_PERSON characters; the beginning where there is markup in them."""
    start = text[begin : begin + MAX_PERSON]
    at = 0 if "<" in start else max(0, *(start.rfind(mark) for mark in ",;|"))
    reference = start.rfind("&", 0, at)  # whose end the last semicolon may be
    return begin + (reference if reference >= 0 and ";" not in start[reference:at] else at)


def _without(text: str, cuts: Sequence[tuple[int, int]]) -> tuple[str, tuple[str, ...]]:
    """``text`` without the cuts, which ascend, and what is said of them."""
    if not cuts:
        return text, ()
    starts, ends = [0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(text)]
    kept = "".join(text[start:end] for start, end in zip(starts, ends, strict=True))
    return kept, (f"more than {MAX_PERSON} characters of authors in {len(cuts)} places; only the first were read",)


class _OpenElements:
    """The elements that are open, in a document that need not be well-formed."""

    def __init__(self) -> None:
        self._stack: list[tuple[str, int]] = []  # name, where its content begins
        self._names: Counter[str] = Counter()

    def open(self, name: str, content: int) -> None:
        self._stack.append((name, content))
        self._names[name] += 1
        if len(self._stack) > MAX_DEPTH:
            raise Refused(f"elements nest deeper than {MAX_DEPTH}")

    def close(self, name: str) -> int | None:
        """Close ``name`` and what was left open inside it; where its content began, None when it is not open."""
        if not self._names[name]:
            return None
        while True:
            last, content = self._stack.pop()
            self._names[last] -= 1
            if last == name:
                return content

    def closing_tags(self) -> str:
        return "".join(f"</{name}>" for name, _ in reversed(self._stack))


def _tags(text: str) -> Iterator[re.Match[str]]:
    """Each tag; CDATA sections, comments and instructions are passed over, unclosed ones to the end."""
    position = 0
    while (found := _MARKUP.search(text, position)) is not None:
        position = found.end()
        end = _SECTION_ENDS.get(found.group())
        if end is None:
            yield found
            continue
        position = text.find(end, position)
        if position < 0:
            return
        position += len(end)


def find_root(text: str, roots: frozenset[str], what: str) -> tuple[int, str]:
    """Where the root element begins, and its local name; whatever stands before it is skipped.

    Raises Unreadable when it is none of ``roots``.
    """
    position, fragment = 0, ""
    while (position := text.find("<", position, _PROLOG)) >= 0:
        skipped = _skip_declaration(text, position)
        if skipped is not None:
            position = skipped
            continue
        found = _NAME.match(text, position)
        position += 1
        if found is None:
            continue
        name = found.group(2).lower()
        if name in roots:
            return found.start(), name
        if name in _HTML_ROOTS:
            raise Unreadable(_describe_page(text, what))
        fragment = fragment or name
        if name not in _FRAGMENTS:
            break
    if fragment:
        raise Unreadable(f"not {what}: its first element is <{fragment[:40]}>")
    if not text.strip(_BLANK):
        raise Unreadable("the document is empty")
    raise Unreadable(f"not {what}: no markup")


def _skip_declaration(text: str, position: int) -> int | None:
    """The end of the comment, instruction or DOCTYPE at ``position``; None when there is none."""
    if text.startswith("<!--", position):
        end = text.find("-->", position)
        return len(text) if end < 0 else end + 3
    if text.startswith("<?", position):
        end = text.find(">", position)  # a declaration whose second question mark was forgotten still ends
        return len(text) if end < 0 else end + 1
    if text[position : position + 9].upper() == "<!DOCTYPE":
        bracket, end = text.find("[", position), text.find(">", position)
        if 0 <= bracket < end:
            close = text.find("]", bracket)
            end = text.find(">", close) if close >= 0 else -1
        return len(text) if end < 0 else end + 1
    return None


def _describe_page(text: str, what: str) -> str:
    start = text.lower().find("<title", 0, _PROLOG)
    title = None
    if start >= 0:
        begin = text.find(">", start) + 1
        title = title_text(text[begin : text.find("<", begin)], markup=True)
    return f"an HTML page, not {what}" + (f": {title[:80]!r}" if title else "")


def _resolve(text: str, own: Mapping[str, str]) -> str:
    """Make every reference outside CDATA sections and comments one that XML knows without a DTD."""
    pieces: list[str] = []
    budget = [MAX_EXPANSION]

    def replace(found: re.Match[str]) -> str:
        return _reference(found, own, budget)

    position = 0
    while position < len(text):
        begin, end = _next_section(text, position)
        pieces.append(_REFERENCE.sub(replace, text[position:begin]))
        pieces.append(text[begin:end])
        position = end
    return "".join(pieces)


def _next_section(text: str, position: int) -> tuple[int, int]:
    """Where the next CDATA section or comment begins and ends."""
    begin = text.find("<!", position)
    while begin >= 0:
        for opening, closing in (("<![CDATA[", "]]>"), ("<!--", "-->")):
            if text.startswith(opening, begin):
                end = text.find(closing, begin + len(opening))
                return begin, len(text) if end < 0 else end + len(closing)
        begin = text.find("<!", begin + 2)
    return len(text), len(text)


def _reference(found: re.Match[str], own: Mapping[str, str], budget: list[int]) -> str:
    decimal, hexadecimal, name = found.groups()
    if decimal or hexadecimal:
        character = clean_text(html.unescape(found.group()))
        if character in ("\t", "\n", "\r"):
            return found.group()  # in an attribute it would become a space
        return html.escape(character) if len(character) == 1 else ""
    if name is None:
        return "&amp;"
    if name in own:
        budget[0] -= len(own[name])
        if budget[0] < 0:
            raise Refused(f"its entities add more than {MAX_EXPANSION} characters")
        return html.escape(own[name])
    known = html5.get(f"{name};")
    return html.escape(known) if known is not None else f"&amp;{name};"
