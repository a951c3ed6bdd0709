"""The body of an article: the choice by shape when it is sure, else trafilatura's, both with credit lines and links.

On most news pages the paragraphs of the article are told by their shape (:mod:`pipeline.extraction.choice`) in a tenth
of the time that a full extractor takes. Where that choice holds too little of the page's text, trafilatura (Barbaresi,
ACL 2021 demo, https://trafilatura.readthedocs.io) decides on the whole page.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from pipeline import urls
from pipeline.extraction import beside, blocks, lines, tables
from pipeline.extraction.alignment import Alignment
from pipeline.extraction.blocks import Block
from pipeline.extraction.choice import Choice, choose
from pipeline.extraction.text import clean, letters, lines_of
from pipeline.model import Link

MAX_LINKS = 200
_HEAD_LINE = 200  # characters: the first line as long as that ends the head, in which titles are repeated
_SUBSTANCE = 200  # characters outside links: a page with more of them has text, whatever trafilatura says

SHAPE, TRAFILATURA = "shape", "trafilatura"


@dataclass(frozen=True, slots=True)
class Body:
    """What was chosen. ``refused`` says that the page has text and trafilatura gave none."""

    lines: tuple[str, ...]
    links: tuple[Link, ...]
    refused: bool = False
    head: tuple[str, ...] = ()  # short lines before and at the start of the text, where a byline is shown
    by: str = TRAFILATURA  # who chose


def read(tree: Any, again: Callable[[], Any], url: str, title: str | None, *, stub: bool = False) -> Body:
    """The body of the page at ``url``. ``again`` gives a fresh lxml.html tree of it, for trafilatura.

    A page that declares itself a ``stub`` of an article that is not free has little text by intent.
    """
    page = blocks.of(tree)
    choice = choose(page, title)
    if choice.sure or (stub and choice.numbers):
        return _by_shape(page, choice, url, title)
    return _by_trafilatura(page, again(), url, title)


def _by_shape(page: Sequence[Block], choice: Choice, url: str, title: str | None) -> Body:
    kept = set(choice.numbers)
    left_out = (n for n in range(max(0, choice.first - 10), min(len(page), choice.last + 20)) if n not in kept)
    kept |= beside.credit_lines(page, left_out, choice.first, choice.last, [page[n].raw for n in choice.numbers])
    shown = [page[n] for n in sorted(kept)]
    text = trim((block.text for block in shown), title)
    return Body(tuple(text), links_of(shown, url), head=beside.head(page, choice.first), by=SHAPE)


def _by_trafilatura(page: Sequence[Block], tree: Any, url: str, title: str | None) -> Body:
    _prepare(tree)
    chosen = _chosen(tree)
    if not chosen:
        substance = sum(len(block.text) for block in page if not block.links)
        return Body((), (), refused=substance >= _SUBSTANCE)
    found = Alignment(chosen, page)
    kept = trim(found.restored(), title)
    return Body(tuple(kept), links_of(found.covered(), url), head=found.head())


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


def _chosen(tree: Any) -> list[str]:
    """The lines of trafilatura's choice; none when it chose nothing or failed."""
    try:
        # fast: with its two further extractors trafilatura takes half as long again, and is no better on the benchmark
        # (scripts/gate extract compares the two).
        document = _trafilatura()(tree, fast=True, include_comments=False, include_tables=True)
    except Exception:  # whatever a third-party parser raises on a hostile tree means the same: no text from it
        return []
    text = getattr(document, "text", None) or ""
    return [plain for line in lines_of(text) if (plain := _without_markup(line))]


@cache
def _trafilatura() -> Callable[..., Any]:
    """bare_extraction, without what its import and its refusals would print: ``problems`` says it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # urllib3, which only trafilatura's downloads use, about SOCKS
        from trafilatura import bare_extraction
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    return cast("Callable[..., Any]", bare_extraction)


def _without_markup(line: str) -> str:
    """A line of trafilatura's text output without its table bars and list dash."""
    if line.startswith("|"):
        cells = [cell.strip() for cell in line.split("|")]
        return clean(" ".join(cell for cell in cells if cell.strip("-")))
    return line.removeprefix("- ").strip()


def _prepare(tree: Any) -> None:
    """Layout tables become plain containers; <time> keeps its text, which trafilatura deletes even within sentences."""
    from lxml import etree

    tables.dissolve(tree)
    for caption in tree.xpath("//*[contains(@class, 'wp-caption-text') or contains(@class, 'subscription-widget')]"):
        if caption.getparent() is not None:
            caption.drop_tree()
    etree.strip_tags(tree, "time")
