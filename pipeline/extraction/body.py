"""The body of an article as trafilatura takes it from what shape tells, with credit lines and links.

On most news pages the paragraphs of the article are told by their shape (:mod:`pipeline.extraction.choice`), and
trafilatura is handed these alone: that takes a tenth of the time that it needs for the page. Where the choice by shape
holds too little of the page's text, or trafilatura loses much of it, trafilatura decides on the whole page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pipeline import urls
from pipeline.extraction import beside, blocks, extractor, lines, narrow, places
from pipeline.extraction.alignment import Alignment
from pipeline.extraction.blocks import Block
from pipeline.extraction.choice import Choice, choose
from pipeline.extraction.learned import without_furniture
from pipeline.extraction.text import clean, letters
from pipeline.model import Learned, Link

MAX_LINKS = 200
_HEAD_LINE = 200  # characters: the first line as long as that ends the head, in which titles are repeated
_SUBSTANCE = 200  # characters outside links: a page with more of them has text, whatever trafilatura says
# Of the narrowed characters trafilatura keeps as much, or it was misled. On the development half of the benchmark
# (bench/extraction) it keeps .7 on one page and rightly so, and .99 and more on all others.
_KEPT = 0.5

NARROWED, WHOLE = "narrowed", "whole page"


@dataclass(frozen=True, slots=True)
class Body:
    """What was chosen. ``refused`` says that the page has text and trafilatura gave none."""

    lines: tuple[str, ...]
    links: tuple[Link, ...]
    refused: bool = False
    head: tuple[str, ...] = ()  # short lines before and at the start of the text, where a byline is shown
    below: tuple[str, ...] = ()  # the lines between headline and text, where a date is shown
    above: tuple[str, ...] = ()  # short lines directly above the headline, where it may stand too
    authors: tuple[str, ...] = ()  # the links among them to an author's page
    of: str = WHOLE  # what trafilatura was given
    place: str | None = None  # where the text stands on the page


def read(
    tree: Any,
    again: Callable[[], Any],
    url: str,
    title: str | None,
    *,
    stub: bool = False,
    learned: Learned | None = None,
) -> Body:
    """The body of the page at ``url``. ``again`` gives a fresh lxml.html tree of it, for trafilatura.

    A page that declares itself a ``stub`` of an article that is not free has little text by intent. ``learned`` is
    what is known of the site.
    """
    found = _read(tree, again, url, title, stub=stub, place=learned.place if learned else None)
    return replace(found, lines=tuple(without_furniture(found.lines, learned)))


def _read(tree: Any, again: Callable[[], Any], url: str, title: str | None, *, stub: bool, place: str | None) -> Body:
    page = blocks.of(tree)
    choice = choose(page, title, place)
    if choice.sure or (stub and choice.numbers):
        for named in (True, False):  # the names of elements help trafilatura, where they don't mislead it
            found = _narrowed(page, choice, url, title, named=named)
            if found is not None:
                return found
    return _whole(page, again(), url, title)


def _narrowed(page: Sequence[Block], choice: Choice, url: str, title: str | None, *, named: bool) -> Body | None:
    """What trafilatura takes of the choice; None when that is too little of it."""
    chosen = extractor.chosen(narrow.narrowed(page, choice.numbers, named=named), narrowed=True)
    if sum(map(len, chosen)) < _KEPT * sum(len(page[number].text) for number in choice.numbers):
        return None
    found = _body(Alignment(chosen, page, choice), url, title, NARROWED)
    return replace(found, place=places.place(narrow.around([page[number].node for number in choice.numbers])))


def _whole(page: Sequence[Block], tree: Any, url: str, title: str | None) -> Body:
    extractor.prepare(tree)
    chosen = extractor.chosen(tree)
    if not chosen:
        substance = sum(len(block.text) for block in page if not block.links)
        return Body((), (), refused=substance >= _SUBSTANCE)
    return _body(Alignment(chosen, page), url, title, WHOLE)


def _body(found: Alignment, url: str, title: str | None, of: str) -> Body:
    text = trim(found.restored(), title)
    above, below = found.around_headline(title)
    return Body(
        lines=tuple(text),
        links=links_of(found.covered(), url),
        head=found.head(),
        below=tuple(block.text for block in below),
        above=tuple(block.text for block in above),
        authors=beside.authors(below),
        of=of,
    )


def trim(text: Iterable[str], title: str | None) -> list[str]:
    """The lines without furniture, and without repetitions of the title before the first long line."""
    wanted = letters(title or "")
    kept: list[str] = []
    in_head = True
    for line in text:
        if lines.is_furniture(line) or (in_head and wanted and letters(line) == wanted):
            continue
        in_head = in_head and len(line) < _HEAD_LINE
        kept.append(line)
    return kept


def links_of(page: Iterable[Block], url: str) -> tuple[Link, ...]:
    """The absolute http(s) links in the blocks, in order, at most 200, without links to places on the page itself."""
    own = url.partition("#")[0]
    found: dict[Link, None] = {}
    for block in page:
        for href, text in block.links:
            address = urls.absolute(url, href)
            if address and not href.lstrip().startswith("#") and address.partition("#")[0] != own:
                found.setdefault(Link(address, clean(text)))
                if len(found) == MAX_LINKS:
                    return tuple(found)
    return tuple(found)
