"""The text blocks of a tree in document order, with the links in them.

A block is what a browser would show as one paragraph or line: text between two boundaries of block elements or line
breaks. trafilatura hands on text without saying where it stood; by these blocks its lines are found in the page again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pipeline.extraction import tags
from pipeline.extraction.text import clean

_HIDING_CLASSES = ("wp-caption-text", "image-caption", "subscription-widget", "subscribe-widget", "sharedaddy",
                   "share-buttons", "addtoany", "feedflare", "jp-relatedposts", "newsletter-signup")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Block:
    """One line of text; ``element`` is the innermost block element that it stands in."""

    text: str
    element: Any
    links: tuple[tuple[str, str], ...]  # (href as written, anchor text)


class _Collector:
    """The line under construction."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._pieces: list[str] = []
        self._links: list[tuple[str, str]] = []
        self._href: str | None = None
        self._link_start = 0

    def add(self, text: str | None) -> None:
        if text:
            self._pieces.append(text)

    def open_link(self, href: str | None) -> None:
        self.close_link()
        self._href, self._link_start = href, len(self._pieces)

    def close_link(self) -> None:
        if self._href:
            self._links.append((self._href, clean("".join(self._pieces[self._link_start :]))))
        self._href = None

    def flush(self, element: Any) -> None:
        href = self._href
        self.close_link()
        text = clean("".join(self._pieces))
        if text:
            self.blocks.append(Block(text, element, tuple(self._links)))
        self._pieces, self._links = [], []
        self._href, self._link_start = href, 0


def of(tree: Any) -> list[Block]:
    """All blocks. Scripts, forms' controls, navigation, captions, asides and hidden elements are passed over."""
    collector = _Collector()
    containers = [tree]
    for event, element in _walk(tree):
        tag = element.tag
        if event == "start":
            if tag not in tags.INLINE:
                collector.flush(containers[-1])
                containers.append(element)
            elif tag == "a":
                collector.open_link(element.get("href"))
            collector.add(element.text)
        elif event == "skipped":
            collector.add(" " + (element.tail or ""))
        else:
            if tag not in tags.INLINE:
                collector.flush(containers.pop())
            elif tag == "a":
                collector.close_link()
            if element is not tree:
                collector.add(element.tail)
    collector.flush(tree)
    return collector.blocks


def _walk(tree: Any) -> Iterator[tuple[str, Any]]:
    from lxml import etree

    walker = etree.iterwalk(tree, events=("start", "end"))
    skipped: Any = None
    for event, element in walker:
        if skipped is not None:  # the end event of an element whose subtree was skipped
            yield "skipped", element
            skipped = None
        elif event == "start" and _is_skipped(element):
            walker.skip_subtree()
            skipped = element
        else:
            yield event, element


def _is_skipped(element: Any) -> bool:
    if element.tag in tags.NOT_TEXT:
        return True
    style = element.get("style")
    if element.get("hidden") is not None or (style and "display:none" in style.replace(" ", "").lower()):
        return True
    classes = element.get("class")
    return bool(classes) and any(name in classes for name in _HIDING_CLASSES)
