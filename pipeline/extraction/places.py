"""Where on a page something stands, in words that hold for the other pages of its template too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from pipeline.extraction.blocks import Block, Node

_NAMES = 3  # of an element: those behind them say what a single page is about
_LONGEST = 80  # characters of a name; longer ones are made by machines, anew with every release


def place(node: Node) -> str:
    """An element with its parent, by tag, class and id: ``div.entry-content < article.post``."""
    parent = node.parent
    own = _element(node.tag, node.name)
    return own if parent is None else f"{own} < {_element(parent.tag, parent.name)}"


def find(page: Sequence[Block], wanted: str) -> Node | None:
    """The one element of a page at a place; None when there is none, or several."""
    innermost = wanted.partition(" < ")[0]
    alike = (node for node in _nodes(page) if _element(node.tag, node.name) == innermost)
    found = [node for node in alike if place(node) == wanted]
    return found[0] if len(found) == 1 else None


def _nodes(page: Sequence[Block]) -> Iterator[Node]:
    seen: set[Node] = set()
    for block in page:
        node: Node | None = block.node
        while node is not None and node not in seen:
            seen.add(node)
            yield node
            node = node.parent


@lru_cache(maxsize=8_192)  # a site's elements are the same on all its pages
def _element(tag: str, name: str) -> str:
    """Names with digits in them number a page ("post-4711") and are left out."""
    classes, _, identity = name.partition("#")
    kept = [f".{token}" for token in classes.split() if _lasts(token)][:_NAMES]
    return "".join([tag, *([f"#{identity}"] if identity and _lasts(identity) else []), *kept])


def _lasts(token: str) -> bool:
    return len(token) <= _LONGEST and not any(character.isdigit() for character in token)
