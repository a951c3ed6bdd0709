"""A page to an :class:`~pipeline.model.Extraction`: decode, measure, parse once, read what it declares, take its body.

Runs in a worker process with limits on time and memory (:mod:`pipeline.work`); everything here is synchronous, and
arguments and result can be pickled.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from pipeline import urls
from pipeline.errors import Refused, Unreadable
from pipeline.extraction import body, declared, extractor, language, lines, names, shape, shown
from pipeline.extraction.charset import utf8
from pipeline.extraction.declared import Declared
from pipeline.extraction.text import lines_of, word_count
from pipeline.model import Extraction, Learned

EMPTY = "no text"
WALL = "wall"
DEEP = "nested too deep"
SHOWN = "date not declared"  # but shown beside the headline or in the address

MAX_TEXT = 1_000_000  # characters: some 170,000 words; what is longer is no article

_REVISION = 8  # of what this room makes of a page; part of the methods' names
_MARKUP = ("text/html", "application/xhtml+xml", "application/xml", "text/xml", "application/vnd.wap.xhtml+xml")
_PLAIN = "text/plain"
_UNDECLARED = ("application/octet-stream", "unknown/unknown", "")  # servers that don't know: the content is looked at
_MAGIC = (b"%PDF-", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"PK\x03\x04", b"\x1f\x8b", b"OggS", b"ID3", b"RIFF")
_RELATION = re.compile(rb"""rel=["']?(?:[a-z]{1,20} ){0,3}(?:author|license|next)""")
_BODY_TAG = re.compile("<body", re.IGNORECASE)
_MAX_HEAD = 200_000  # characters of a page without a tree in which its declarations are looked for

# A wall has few words and says what it wants. 80: below the shortest news items with a stray "log in to comment";
# 200: a teaser and its subscription box, when the box is at least half of it; 150: what publishers show of an article
# that they declare as not free.
_WALL_WORDS = 80
_WALL_WITH_TEASER_WORDS = 200
_NOT_FREE_WORDS = 150


def extract(
    html: bytes | str,
    url: str,
    content_type: str | None = None,
    learned: Learned | None = None,
    *,
    dated: bool = False,
) -> Extraction:
    """What the page fetched from ``url`` (after redirects) says; ``learned`` is what is known of its site.

    ``html`` is the decoded body, ``content_type`` the header as sent. ``dated`` says that a date is known from
    elsewhere: one that the page only shows, which takes longest to read, is then not looked for. ``problems`` of the
    result tell what was odd: ``"no text"`` (the page has none), ``"wall"`` (login, paywall, consent, JavaScript or
    player instead of text), ``"date not declared"`` (but shown), ``"parser refused"``, ``"nested too deep"`` and
    ``"more than ..."`` (the text was then taken without a tree), and charset trouble.

    Raises Refused when the document is no page (PDF, image, archive), Unreadable when the parser gave up on it.
    """
    # A page is tens of thousands of objects without a cycle among them: looking for one takes 2 to 6 % of the time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _extracted(html, url, content_type, learned, dated)
    finally:
        if collecting:
            gc.enable()


def _extracted(
    html: bytes | str, url: str, content_type: str | None, learned: Learned | None, dated: bool
) -> Extraction:
    _refuse_other_media(html, content_type)
    source, problems = utf8(html, content_type) if isinstance(html, bytes) else (encoded(html), ())
    if _media_type(content_type) == _PLAIN and b"<" not in source[:1_000]:
        return _finish(_described(Declared(), "plain/1", problems), lines_of(source.decode()), None)
    source = shape.without_scripts(source)
    tree = shape.excess(source) or parse(source)
    if tree is None:
        return _finish(_described(Declared(), method(body.WHOLE), problems), (), None)
    if isinstance(tree, str):
        return _without_tree(source, url, (*problems, tree))
    return _with_tree(tree, source, url, problems, learned, dated)


def encoded(html: str) -> bytes:
    """Text as the parser takes it; half of a surrogate pair becomes a question mark."""
    return html.encode("utf-8", "replace")


def _with_tree(
    tree: Any, source: bytes, url: str, problems: tuple[str, ...], learned: Learned | None, dated: bool
) -> Extraction:
    relations = bool(_RELATION.search(source))
    now = datetime.now(UTC)
    page = declared.read(tree, url, now, microdata=b"itemprop" in source, relations=relations)
    found = body.read(tree, lambda: _for_trafilatura(source), url, page.title, stub=page.free is False, learned=learned)
    if found.refused:
        return _without_tree(source, url, (*problems, "parser refused"))
    told = language.told("\n".join((page.title or "", *found.lines)), page.language)
    result = replace(_described(page, method(found.of), problems), links=found.links, place=found.place, language=told)
    if not page.byline:
        result = replace(result, byline=_shown_byline(page, found, url))
    if page.published_at is None and not dated:
        day = _shown_day(found, url, (page.language, told), now)
        result = replace(result, published_at=day, problems=(*result.problems, SHOWN)) if day else result
    return _finish(result, found.lines, page)


def _shown_day(found: body.Body, url: str, languages: tuple[str | None, ...], now: datetime) -> datetime | None:
    """The day beside the headline or in the address. ``languages`` are that of the site's words and of the text's."""
    known = list(dict.fromkeys(languages))
    below = filter(None, (shown.date(found.below, language, now) for language in known))
    above = filter(None, (shown.date(found.above, language, now) for language in known))
    return next(below, None) or shown.in_address(url, now) or next(above, None)


def _shown_byline(page: Declared, found: body.Body, url: str) -> tuple[str, ...]:
    """Who is named beside the headline, or else by the site's own means; the site itself when that is all it names."""
    own_names = (page.site_name, urls.site(url))
    linked = names.likely(found.authors, own_names, page.language)
    told = (names.visible(line, own_names, page.language) for line in found.head)
    return linked or page.signed or next(filter(None, told), ()) or page.own_byline


def parse(source: bytes) -> Any:
    """The lxml tree of a document in UTF-8; None when it holds no element, a text when libxml2 stopped early.

    Raises Unreadable when libxml2 cannot make a tree at all.
    """
    from lxml import etree

    return _parsed(source, etree.HTMLParser)


def _parsed(source: bytes, kind: Callable[..., Any]) -> Any:
    """The tree as made by lxml's plain parser, or by that of lxml.html: trafilatura asks for its elements."""
    from lxml import etree

    parser = kind(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False, default_doctype=False)
    # NUL ends the document for libxml2; other controls are illegal in lxml and go with the text's cleaning.
    try:
        tree = etree.fromstring(source.replace(b"\0", b""), parser=parser)
    except etree.XMLSyntaxError:  # empty, or only comments, white space or controls
        return None
    except (ValueError, AssertionError, RecursionError) as error:
        raise Unreadable(f"the HTML parser gave up: {error}") from error
    if tree is None:
        return None
    fatal = next((entry for entry in parser.error_log if entry.level == etree.ErrorLevels.FATAL), None)
    if fatal is None:
        return tree
    return DEEP if "depth" in fatal.message else f"parser stopped: {fatal.message[:80]}"


def _for_trafilatura(source: bytes) -> Any:
    from lxml import html as lxml_html

    return _parsed(source, lxml_html.HTMLParser)


def method(of: str) -> str:
    """What is stored with a text: trafilatura's version, ours, and what it was given."""
    return f"{extractor.name()}/{_REVISION} {of}"


def _refuse_other_media(html: bytes | str, content_type: str | None) -> None:
    media = _media_type(content_type)
    if media not in (*_MARKUP, _PLAIN, *_UNDECLARED):
        raise Refused(f"not a page: {media[:80]}")
    if isinstance(html, bytes) and html.lstrip()[:8].startswith(_MAGIC):
        raise Refused("not a page: binary content")


def _media_type(content_type: str | None) -> str:
    return (content_type or "").split(";")[0].strip().lower()


def _without_tree(source: bytes, url: str, problems: tuple[str, ...]) -> Extraction:
    """Text by stripping tags, and what the head of the document declares where that part can be parsed."""
    page = Declared()
    text = source.decode("utf-8", "replace")
    head = encoded(_BODY_TAG.split(text[:_MAX_HEAD], maxsplit=1)[0])
    tree = parse(head) if shape.excess(head) is None else None
    if tree is not None and not isinstance(tree, str):
        page = declared.read(tree, url, datetime.now(UTC), microdata=b"itemprop" in source)
    found = body.trim(shape.strip(text[: 2 * shape.MAX_CHARACTERS]), page.title)
    return _finish(_described(page, "tag-strip/1", problems), found, page)


def _described(page: Declared, name: str, problems: tuple[str, ...]) -> Extraction:
    return Extraction(
        method=name,
        title=page.title,
        byline=page.byline or page.signed or page.own_byline,
        published_at=page.published_at,
        language=page.language,
        text="",
        modified_at=page.modified_at,
        site_name=page.site_name,
        declared_url=page.url,
        based_on=page.based_on,
        problems=problems,
        section=page.section,
        licence=page.licence,
        image=page.image,
        more=page.more,
    )


def _finish(result: Extraction, found: list[str] | tuple[str, ...], page: Declared | None) -> Extraction:
    """The result with its text, or with what stands before the wall."""
    kept = list(found)
    problems = list(result.problems)
    if _is_wall(kept, result.title, page):
        problems.append(WALL)
        kept = kept[: next((n for n, line in enumerate(kept) if lines.is_wall(line)), len(kept))]
        if lines.is_wall_title(result.title or ""):
            kept = []
    if page and _is_much_less(kept, page.body[: shape.MAX_CHARACTERS]):
        problems.append("much less text than declared")
    if not kept:
        problems.append(EMPTY)
    text = "\n".join(kept)
    if len(text) > MAX_TEXT:
        problems.append(f"cut to {MAX_TEXT} characters")
    return replace(result, text=text[:MAX_TEXT].rstrip(), problems=tuple(problems))


def _is_much_less(kept: list[str], declared: str) -> bool:
    if len(declared) <= sum(map(len, kept)):  # nor can it have twice the words, then, which take longer to count
        return False
    return word_count(declared) > 2 * sum(map(word_count, kept)) + _NOT_FREE_WORDS


def _is_wall(found: list[str], title: str | None, page: Declared | None) -> bool:
    words = 0
    for line in found:
        words += word_count(line)
        if words >= _WALL_WITH_TEASER_WORDS:
            return False
    if (page and page.free is False and words < _NOT_FREE_WORDS) or lines.is_wall_title(title or ""):
        return True
    demands = [line for line in found if lines.is_wall(line)]
    return bool(demands) and (words < _WALL_WORDS or 2 * sum(map(word_count, demands)) >= words)
