"""The small tree that trafilatura gets: the chosen element with its kept blocks, and nothing else of the page.

Extractors spend their time on what they throw away. Of a page of some 1,000 elements the choice by shape keeps about
30 blocks; they are laid out anew in the elements that name or structure them, so that trafilatura can still tell
a caption box, a list or a quotation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from pipeline.extraction import tags
from pipeline.extraction.blocks import Block, Node
from pipeline.extraction.cards import leads_elsewhere
from pipeline.extraction.choice import ENDS, LABEL
from pipeline.extraction.extractor import BREAK
from pipeline.extraction.text import clean

_LINES = tags.HEADINGS | {"p"}  # elements that hold one block each
_LISTS = frozenset({"ul", "ol", "dl"})
_DIVISIONS = tags.TABLE | {"div", "section", "article", "main", "aside", "header", "center", "form", "body", "html"}
# Of a block's characters: fewer are no reason for trafilatura to drop it, and every link costs it time. Of paragraphs
# of 60 characters and more it weighs no links at all (link_density_test); the choice has dropped what is mostly links.
_FEW_LINKS = 0.2
_WEIGHED = 100  # characters
_MODIFIER = re.compile(r"(?<=\w)--[\w-]+")  # "RichText--iconLinks" (BEM): how an element looks, not what it is


def narrowed(page: Sequence[Block], numbers: Sequence[int], *, named: bool = True) -> Any:
    """An lxml.html tree of the blocks with these numbers.

    With ``named`` the elements between the article and a block keep their tag, class and id as far as they have one;
    without, only lists and headings are told apart.
    """
    from lxml import etree
    from lxml import html as lxml_html

    root = lxml_html.HTMLParser().makeelement("html")
    top = etree.SubElement(etree.SubElement(root, "body"), "article")
    places = _Places(top, around([page[n].node for n in numbers]), named, etree.SubElement)
    # The paragraph that is added to: never a place's first, as one paragraph alone is no article.
    running: Any = None
    running_name = ""
    for number in numbers:
        block = page[number]
        place = places.of(block.node)
        tag = _line(block.node.tag, place.tag)
        name = _lasting(block.node.name) if named and _is_told_by_name(block.node.tag) else ""
        runs = tag == "p" and _runs(block)
        alike = runs and running is not None and running_name == name
        if alike and running.getparent() is place and running.getnext() is None:
            running.text += BREAK + block.text
            continue
        line = etree.SubElement(place, tag)
        if name:
            _name(line, name)
        _fill(line, block)
        running, running_name = line if runs and len(place) > 1 else None, name
    return root


def _runs(block: Block) -> bool:
    """Whether the block is running text or a cell, of which trafilatura needs to judge no line alone."""
    told = block.weight >= LABEL or block.raw.endswith(ENDS) or block.node.tag in tags.TABLE
    return told and not _weighs(block) and BREAK not in block.raw


def _weighs(block: Block) -> bool:
    """Whether the block's links may be a reason to drop it: what is little else was chosen for being so."""
    size = len(block.raw)
    return block.linked >= _FEW_LINKS * size and size < _WEIGHED and not leads_elsewhere(block)


class _Places:
    """The elements of the new tree by the nodes of the page that they stand for."""

    def __init__(self, top: Any, base: Node, named: bool, add: Callable[[Any, str], Any]) -> None:
        self._of: dict[Node, Any] = {base: top}
        self._made: dict[Any, tuple[str, str]] = {}  # tag and name on the page
        self._named = named
        self._add = add

    def of(self, node: Node) -> Any:
        """The element in which the blocks of a node stand."""
        place = self._of.get(node)
        if place is None:
            outer = self._of[node] if node.parent is None else self.of(node.parent)
            self._of[node] = place = self._within(outer, node)
        return place

    def _within(self, outer: Any, node: Node) -> Any:
        if node.tag in _LINES or outer.tag == "ul":  # a list holds items only, whatever is nested in them
            return outer
        name = node.name if self._named and node.tag not in tags.TABLE else ""
        if node.tag not in _LISTS and (not self._named or (_divides(node.tag) and not name)):
            return outer
        last = outer[-1] if len(outer) else None
        if last is not None and self._made.get(last) == (node.tag, name):  # what is named alike is judged alike
            return last
        place = self._add(outer, "ul" if node.tag in _LISTS else "div" if _divides(node.tag) else node.tag)
        if name:
            _name(place, name)
        self._made[place] = node.tag, name
        return place


def around(nodes: Sequence[Node]) -> Node:
    """The innermost node around all of them that can hold more than one line."""
    common = nodes[0]
    for node in dict.fromkeys(nodes):
        while not node.within(common) and common.parent is not None:
            common = common.parent
    while (common.tag in _LINES or common.tag == "li") and common.parent is not None:
        common = common.parent
    return common


def _divides(tag: str) -> bool:
    """Whether an element says no more than a division: custom ones, and what a broken page made of a tag, do not."""
    return tag in _DIVISIONS or not (tag.isascii() and tag.isalnum())


def _is_told_by_name(tag: str) -> bool:
    """Whether the name of such an element says what it is: those of headings say how they look."""
    return not _divides(tag) and tag not in tags.HEADINGS


def _line(tag: str, place: str) -> str:
    if place == "ul":
        return "li"
    return tag if tag in _LINES else "p"


def _lasting(name: str) -> str:
    """The class and id of an element without an id that numbers it ("gnU2Bx", "p-14"), which says nothing of it."""
    classes, _, identity = name.partition("#")
    return classes.strip() if any(character.isdigit() for character in identity) else name


def _name(element: Any, name: str) -> None:
    """Give the element its class and id back; :func:`pipeline.extraction.blocks.of` joined them."""
    classes, _, identity = clean(name).partition("#")
    if classes:
        element.set("class", _MODIFIER.sub("", classes).strip())
    if identity:
        element.set("id", identity)


def _fill(line: Any, block: Block) -> None:
    """Text of the block, and its links where they are enough to be weighed; trafilatura needs no addresses."""
    text = block.text
    if not _weighs(block):
        line.text = text
        return
    from lxml import etree

    position, last = 0, None
    for _, anchor in block.links:
        linked = clean(anchor)
        start = text.find(linked, position) if linked else -1
        if start >= 0:
            _append(line, last, text[position:start])
            last = etree.SubElement(line, "a")
            last.text = linked
            position = start + len(linked)
    _append(line, last, text[position:])


def _append(line: Any, last: Any, text: str) -> None:
    if last is None:
        line.text = text
    else:
        last.tail = text
