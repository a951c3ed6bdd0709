"""Pages laid out with tables, as they were made before style sheets and still are in newsletters and on old sites."""

from __future__ import annotations

from typing import Any

from pipeline.extraction import tags

_CELL = 200  # characters in a paragraph or cell: cells of data tables have fewer
_LINE = 80  # characters between two line breaks of a cell, likewise


def dissolve(tree: Any) -> None:
    """Turn tables that arrange the page into divs, in place; the cell with most text becomes the page's article.

    A table arranges the page when a cell holds prose, a heading or another table. Others are data and stay.
    """
    nearest: dict[Any, Any] = {}
    layout = set()
    for element in tree.iter("*"):
        outer = nearest.get(element.getparent())
        if outer is not None and outer not in layout and _is_prose(element):
            layout.add(outer)
        nearest[element] = element if element.tag == "table" else outer
    cells = []
    for element, table in nearest.items():
        if table in layout and element.tag in tags.TABLE:
            cells += [element] if element.tag in ("td", "th") else []
            element.tag = "div"
    main = max(cells, key=_own_text, default=None)
    if main is not None and _own_text(main) >= _CELL and tree.find(".//article") is None:
        main.tag = "article"  # the hint that trafilatura looks for
        _make_paragraphs(main)


def _is_prose(element: Any) -> bool:
    """Whether a cell that holds the element holds more than data."""
    tag = element.tag
    if tag in ("td", "p", "div"):
        return len(element.text or "") > _CELL or (tag == "p" and len(element.text_content()) > _CELL)
    return tag in ("table", "h1", "h2", "article") or (tag == "br" and len(element.tail or "") > _LINE)


def _own_text(cell: Any) -> int:
    """Characters that stand in the cell itself or in its paragraphs, not in links or deeper containers."""
    tails = sum(len((child.tail or "").strip()) for child in cell)
    return len((cell.text or "").strip()) + tails + sum(len(child.text_content()) for child in cell.iterchildren("p"))


def _make_paragraphs(cell: Any) -> None:
    """Wrap the text between the cell's line breaks and block elements into paragraphs."""
    children = list(cell)
    paragraph = cell.makeelement("p")
    paragraph.text, cell.text = cell.text, None
    kept = [paragraph]
    for child in children:
        cell.remove(child)
        if child.tag in tags.INLINE:
            paragraph.append(child)
            continue
        tail, child.tail = child.tail, None
        paragraph = cell.makeelement("p")
        paragraph.text = tail
        kept += [paragraph] if child.tag == "br" else [child, paragraph]
    cell.extend(kept)
