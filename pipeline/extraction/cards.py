"""Small elements that are no text though they stand among it: teasers, boxes of links, lines under pictures.

Told from their shape alone, in any language.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.extraction.blocks import Block, Node
from pipeline.extraction.text import letters

_LINK_LINE = 0.6  # of a block's characters: with more in links it leads elsewhere
_TEASER = 4  # blocks of a card at most: a label, the headline with its link, the text, a date
_BOX = 12  # blocks of a box of links at most
_BOX_LINKED = 0.6  # of its characters in lines that are links
_CAPTION = 200  # weight: a longer line under a picture is a paragraph
_CAPTION_LINES = 2  # of a picture: what it shows, and whose it is
_FRAMES = frozenset({"div", "figure", "section", "span"})  # what pictures stand in with their lines


def mark(page: Sequence[Block], heading: str) -> None:
    """Doubt the blocks of such elements. ``heading`` is the page's headline, letters only."""
    for number, block in enumerate(page):
        if block.doubtful:
            continue
        if block.long:
            block.doubtful = block.certain = number > 0 and _is_teaser(page, number, heading)
        elif not leads_elsewhere(block) and block.node.tag != "h1":
            block.doubtful = _in_box(page, block)
        block.doubtful = block.doubtful or _is_caption(block)


def leads_elsewhere(block: Block) -> bool:
    """Whether a line is little else than links."""
    return block.linked > _LINK_LINE * len(block.raw)


def _is_teaser(page: Sequence[Block], number: int, heading: str) -> bool:
    """Whether a paragraph stands alone in a card with a link above it, and not with the page's own headline."""
    if not leads_elsewhere(page[number - 1]):
        return False
    card: Node | None = page[number].node
    while card is not None and card.start >= number:
        card = card.parent
    if card is None or card.end - card.start > _TEASER:
        return False
    others = [*page[card.start : number], *page[number + 1 : card.end]]
    return not any(one.long or one.node.tag == "h1" or (heading and letters(one.raw) == heading) for one in others)


def _in_box(page: Sequence[Block], block: Block) -> bool:
    """Whether a short line stands in a small element that holds two links at least, and little else."""
    box: Node | None = block.node
    while box is not None and box.end - box.start < 2:
        box = box.parent
    if box is None or box.end - box.start > _BOX:
        return False
    lines = page[box.start : box.end]
    links = [line for line in lines if leads_elsewhere(line)]
    return len(links) > 1 and sum(len(one.raw) for one in links) >= _BOX_LINKED * sum(len(one.raw) for one in lines)


def _is_caption(block: Block) -> bool:
    """Whether a line stands alone, or with one other, in an element that begins with a picture."""
    if block.weight >= _CAPTION:
        return False
    frames = (block.node, block.node.parent)
    return any(
        frame is not None and frame.pictured and frame.tag in _FRAMES and frame.end - frame.start <= _CAPTION_LINES
        for frame in frames
    )
