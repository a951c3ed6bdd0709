"""The text blocks of a tree in document order, with the links in them and the elements that they stand in.

A block is what a browser would show as one paragraph or line: text between two boundaries of block elements or line
breaks. One walk over the tree collects all that is decided upon later, since every touch of an element costs.
"""

from __future__ import annotations

import re
from typing import Any

from pipeline.extraction import naming, tags
from pipeline.extraction.text import clean

_MISPLACED = frozenset({"aside", "nav"})
_NOT_SHOWN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_BODIES = frozenset({"article", "main"})
_AROUND = ("alert", "banner", "complementary", "contentinfo", "navigation", "search")
_ROLES = dict.fromkeys(_AROUND, naming.FURNITURE) | dict.fromkeys(("dialog", "alertdialog"), naming.CERTAIN)


class Node:
    """A block element on the way from the root to a block.

    ``doubt``: whether its own name or role says that it is furniture (1), or certain to be (2). ``named``: whether its
    name says that it is the article; ``body``: whether it or an element around it does. ``pictured``: whether a line in
    it begins with a picture. ``start`` and ``end`` are the numbers of its first block and of the one that follows it.
    """

    __slots__ = ("body", "doubt", "end", "name", "named", "parent", "pictured", "start", "tag")

    def __init__(
        self, tag: str, parent: Node | None, name: str = "", doubt: int = 0, named: bool = False, body: bool = False
    ) -> None:
        self.tag = tag
        self.parent = parent
        self.name = name
        self.doubt = doubt
        self.named = named
        self.body = body or named
        self.pictured = False
        self.start = self.end = 0

    def within(self, outer: Node) -> bool:
        """Whether this is the other node or below it, as far as the blocks in them tell."""
        return outer.start <= self.start and self.end <= outer.end


class Block:
    """One line of text, white space collapsed (``raw``); ``node`` is the innermost block element that it stands in.

    ``links`` are (href as written, anchor text as written); ``linked`` counts the characters in links, ``solid`` those
    that are no white space. ``weight``, ``long``, ``doubtful`` and ``certain`` are filled in on choosing.
    """

    __slots__ = ("_text", "certain", "doubtful", "linked", "links", "long", "node", "raw", "solid", "weight")

    def __init__(self, raw: str, node: Node, links: list[tuple[str, str]], linked: int, solid: int) -> None:
        self.raw = raw
        self.node = node
        self.links = links
        self.linked = linked
        self.solid = solid
        self.weight = 0
        self.long = self.doubtful = self.certain = False
        self._text: str | None = None

    @property
    def text(self) -> str:
        """The line, cleaned."""
        if self._text is None:
            self._text = clean(self.raw)
        return self._text


def of(tree: Any) -> list[Block]:
    """All blocks. Scripts, forms' controls, navigation, captions, asides and hidden elements are passed over."""
    lines = _Lines()
    root = _node(tree, tree.tag, Node("html", None)) or Node(tree.tag, None)
    if tree.text:
        lines.pieces.append(tree.text)
    _walk(tree, root, False, lines)
    lines.end(root, False)
    root.end = len(lines.blocks)
    return lines.blocks


class _Lines:
    """The blocks so far, with text and links of the line under construction."""

    __slots__ = ("blocks", "links", "pieces")

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.pieces: list[str] = []
        self.links: list[tuple[str, str]] = []

    def end(self, node: Node, all_linked: bool) -> None:
        words = "".join(self.pieces).split()
        if words:
            raw, links = " ".join(words), self.links
            size = len(raw)
            linked = size if all_linked else sum([len(text) for _, text in links]) if links else 0
            self.blocks.append(Block(raw, node, links, linked, size - len(words) + 1))
        self.links = []
        self.pieces.clear()


def _walk(parent: Any, node: Node, in_link: bool, lines: _Lines) -> None:
    """Collect the children of an element, and what follows each; no line begins with white space."""
    inline, not_text, pieces = tags.INLINE, tags.NOT_TEXT, lines.pieces
    for child in parent:
        tag = child.tag
        if tag in inline:
            start = len(pieces)
            if tag == "img":
                node.pictured = node.pictured or not pieces
            text = child.text
            if text and (pieces or not text.isspace()):
                pieces.append(text)
            href = None if in_link or tag != "a" else child.get("href")
            if len(child):
                _walk(child, node, in_link or href is not None, lines)
            if href is not None:
                lines.links.append((href, "".join(pieces[start:])))
        elif tag not in not_text or (tag in _MISPLACED and _holds_headline(child)):
            if pieces:
                lines.end(node, in_link)
            if tag != "br":
                _enter(child, tag, node, in_link, lines)
        text = child.tail
        if text and (pieces or not text.isspace()):
            pieces.append(text)


def _holds_headline(element: Any) -> bool:
    """Whether the page's first h1 is in it, and a paragraph: then the article is there, and it is no aside or menu.

    Some templates never close their menu.
    """
    found = element.find(".//h1")
    return found is not None and next(element.getroottree().iter("h1")) is found and element.find(".//p") is not None


def _enter(element: Any, tag: str, parent: Node, in_link: bool, lines: _Lines) -> None:
    """Collect a block element, unless it is hidden."""
    node = _node(element, tag, parent)
    if node is None:
        return
    node.start = len(lines.blocks)
    text = element.text
    if text and not text.isspace():
        lines.pieces.append(text)
    _walk(element, node, in_link, lines)
    if lines.pieces:
        lines.end(node, in_link)
    node.end = len(lines.blocks)


def _node(element: Any, tag: str, parent: Node) -> Node | None:
    """The node of a block element; None when it is hidden or a widget."""
    named = tag in _BODIES
    name, doubt = "", naming.CERTAIN if tag == "footer" else 0
    for attribute, value in element.items():
        if attribute == "class":
            name = value + name
        elif attribute == "id":
            name = f"{name} #{value}"
        elif attribute == "hidden" or (attribute == "style" and "none" in value and _NOT_SHOWN.search(value)):
            return None
        elif attribute == "role":
            doubt = doubt or _ROLES.get(value, 0)
        elif attribute == "aria-hidden" and value == "true":
            doubt = doubt or naming.FURNITURE
        elif attribute == "itemprop" and value == "articleBody":
            named = True
    if name:
        # The id of a heading is made of its words, for links to it.
        kind = naming.kind(name.partition(" #")[0] if tag in tags.HEADINGS else name)
        if kind == naming.HIDDEN:
            return None
        if kind == naming.BODY:
            return Node(tag, parent, name, 0, True, True)
        doubt = max(kind, doubt)
    return Node(tag, parent, name, doubt, named, parent.body)
