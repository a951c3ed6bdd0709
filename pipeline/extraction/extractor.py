"""trafilatura behind one function: a tree in, the lines of its article out.

Barbaresi, ACL 2021 demo, https://trafilatura.readthedocs.io.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable
from functools import cache
from typing import Any

from pipeline.extraction import tables
from pipeline.extraction.text import clean, lines_of

# Of the elements that trafilatura deletes first: those of which pages have many.
_DELETED = ("style", "svg", "noscript", "iframe", "nav", "footer", "aside", "select", "button", "input", "link")

BREAK = "\u241e"
"""Parts paragraphs that trafilatura takes or leaves together (SYMBOL FOR RECORD SEPARATOR): printable, so it stays."""


def chosen(tree: Any, *, narrowed: bool = False) -> list[str]:
    """The lines that trafilatura takes from an lxml.html tree; none when it chose nothing or failed.

    ``narrowed`` says that the tree holds hardly more than the article: favouring recall there spares the measures by
    which trafilatura decides whether to try again with more of a page.
    """
    try:
        document = _trafilatura(recall=narrowed)(tree)
    except Exception:  # whatever a third-party parser raises on a hostile tree means the same: no text from it
        return []
    text = getattr(document, "text", None) or ""
    return [plain for line in lines_of(text.replace(BREAK, "\n")) if (plain := _without_markup(line))]


def prepare(tree: Any) -> None:
    """Make a whole page ready, in place.

    Layout tables become plain containers; <time> keeps its text, which trafilatura deletes even within sentences. What
    it would delete in any case goes before it copies the tree four times.
    """
    from lxml import etree

    etree.strip_elements(tree, *_DELETED, with_tail=False)
    tables.dissolve(tree)
    for caption in tree.xpath("//*[contains(@class, 'wp-caption-text') or contains(@class, 'subscription-widget')]"):
        if caption.getparent() is not None:
            caption.drop_tree()
    etree.strip_tags(tree, "time")


@cache
def name() -> str:
    """Name and version."""
    from importlib.metadata import version

    return f"trafilatura-{version('trafilatura')}"


@cache
def _trafilatura(*, recall: bool) -> Callable[[Any], Any]:
    """bare_extraction, without what its import and its refusals would print: ``problems`` says it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # urllib3, which only trafilatura's downloads use, about SOCKS
        from trafilatura import bare_extraction
        from trafilatura.settings import Extractor
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    # fast: with its two further extractors trafilatura takes half as long again, and is no better on the benchmark
    # (scripts/gate extract compares the two). Made once: reading the settings takes a tenth of a small tree's time.
    options = Extractor(output_format="python", fast=True, recall=recall, comments=False, tables=True)
    return lambda tree: bare_extraction(tree, options=options)


def _without_markup(line: str) -> str:
    """A line of trafilatura's text output without its table bars and list dash."""
    if line.startswith("|"):
        cells = [cell.strip() for cell in line.split("|")]
        return clean(" ".join(cell for cell in cells if cell.strip("-")))
    return line.removeprefix("- ").strip()
