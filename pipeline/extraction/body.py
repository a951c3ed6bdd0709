"""The body of an article: trafilatura's choice of text, found again in the page, with its credit lines and links.

trafilatura (Barbaresi, ACL 2021 demo, https://trafilatura.readthedocs.io) chooses the text. It drops short and
link-rich lines, which is right for menus and wrong for "Authored by Ann Lee via Substack," and "Read Entire Article":
such lines are put back when they stand inside or directly beside the chosen text.
"""

from __future__ import annotations

import logging
import warnings
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any, cast

from pipeline import urls
from pipeline.extraction import blocks, lines, tables
from pipeline.extraction.blocks import Block
from pipeline.extraction.text import clean, letters, lines_of, unspaced, weight
from pipeline.model import Link

MAX_LINKS = 200
_LONG = 40  # weight: a block that marks the body; lighter ones occur in menus too
_BEFORE, _AFTER = 6, 10  # how many blocks beside the body are looked at for credit lines
_MAX_CREDITS = 40  # lines put back per page; real ones have a handful
_SHORT = 300  # characters: trafilatura takes all there is on a page where it finds fewer than 250
_MAX_SEARCHES = 400  # substring searches per page, each linear in the text
_LEVELS = 2  # how far above a paragraph its container is looked for: the parent, or the parent of sections
_HEAD_LINE = 200  # characters: the first line as long as that ends the head, in which titles are repeated
_SUBSTANCE = 200  # characters outside links: a page with more of them has text, whatever trafilatura says


@dataclass(frozen=True, slots=True)
class Body:
    """What was chosen. ``refused`` says that the page has text and trafilatura gave none."""

    lines: tuple[str, ...]
    links: tuple[Link, ...]
    refused: bool = False
    head: tuple[str, ...] = ()  # short lines before and at the start of the text, where a byline is shown


def read(tree: Any, url: str, title: str | None) -> Body:
    """The body of the page at ``url``; the tree is prepared in place for the purpose."""
    _prepare(tree)
    page = blocks.of(tree)
    chosen = _chosen(tree)
    if not chosen:
        substance = sum(len(block.text) for block in page if not block.links)
        return Body((), (), refused=substance >= _SUBSTANCE)
    found = _Alignment(chosen, page)
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
                found.setdefault(Link(address, text))
                if len(found) == MAX_LINKS:
                    return tuple(found)
    return tuple(found)


def _chosen(tree: Any) -> list[str]:
    """The lines of trafilatura's choice; none when it chose nothing or failed."""
    try:
        # fast: with its two further extractors trafilatura takes half as long again, and F1 on the benchmark of 181
        # pages (scripts/gate_extract.py) is .960 instead of .963.
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


class _Alignment:
    """Which block of the page each chosen line came from."""

    def __init__(self, chosen: Sequence[str], page: Sequence[Block]) -> None:
        self._chosen = chosen
        self._page = page
        self._line_of = self._locate()  # block number -> line number
        self._first, self._last, self._near = self._extent()
        body = (page[n].text for n in self._near if self._first <= n <= self._last)
        self._scope = frozenset(self._near)
        self._short = sum(map(len, islice(body, _SHORT))) < _SHORT
        self._restored = self._find_credits()

    def restored(self) -> list[str]:
        """The chosen lines with the credit lines that were dropped, in the order of the page."""
        before: dict[int, list[str]] = defaultdict(list)
        for number in sorted(self._restored):
            following = next((n for n in self._near if n > number and n in self._line_of), None)
            line = self._line_of[following] if following is not None else len(self._chosen)
            before[line].append(self._page[number].text)
        menus = self._menu_lines()
        result: list[str] = []
        for number, text in enumerate(self._chosen):
            result += before[number] if number in menus else [*before[number], text]
        return result + before[len(self._chosen)]

    def covered(self) -> list[Block]:
        """The blocks whose text is in the result."""
        shown = (n for n in self._near if n in self._restored or (n in self._line_of and not self._is_menu(n)))
        return [self._page[n] for n in shown]

    def head(self) -> tuple[str, ...]:
        """The lines around the start of the body, credits of a copy left out: their names are not the page's own."""
        texts = (block.text for block in self._page[max(0, self._first - _BEFORE) : self._first + 2])
        return tuple(text for text in texts if len(text) <= _HEAD_LINE and not lines.is_credit(text))

    def _locate(self) -> dict[int, int]:
        exact: dict[str, int] = {}
        starts: list[int] = []
        offset = 0
        for number, line in enumerate(self._chosen):
            exact.setdefault(unspaced(line), number)
            starts.append(offset)
            offset += len(unspaced(line)) + 1
        joined = "\n".join(map(unspaced, self._chosen))
        found: dict[int, int] = {}
        searches = 0
        for number, block in enumerate(self._page):
            key = unspaced(block.text)
            if key in exact:
                found[number] = exact[key]
            elif len(key) >= _LONG and searches < _MAX_SEARCHES:
                searches += 1
                position = joined.find(key)
                if position >= 0:
                    found[number] = bisect_right(starts, position) - 1
        return found

    def _extent(self) -> tuple[int, int, list[int]]:
        """First and last long block of the body, and all blocks in or beside the container that holds most of it."""
        weights: dict[Any, int] = defaultdict(int)
        long = [n for n in self._line_of if weight(self._page[n].text) >= _LONG and not _is_link(self._page[n])]
        for number in long:
            element = self._page[number].element
            for _ in range(_LEVELS):
                weights[element] += len(self._page[number].text)
                element = element.getparent()
                if element is None or element.tag in ("body", "html"):
                    break
        if not long:
            return 0, -1, []
        heaviest = max(weights.values())
        container = next(element for element in weights if weights[element] == heaviest)
        scope = container.getparent()
        scope = container if scope is None or scope.tag == "html" else scope
        members, beside = set(container.iter("*")), set(scope.iter("*"))
        inside = [n for n in long if self._page[n].element in members]
        near = [n for n, block in enumerate(self._page) if block.element in beside]
        return min(inside), max(inside), near

    def _find_credits(self) -> set[int]:
        """Numbers of the blocks to put back: credit lines within the body, more kinds of them directly beside it."""
        present = {unspaced(line) for line in self._chosen}
        near = (n for n in self._near if self._first - _BEFORE <= n <= self._last + _AFTER)
        found = (n for n in near if n not in self._line_of and self._is_credit(n))
        result: set[int] = set()
        for number in islice(found, _MAX_CREDITS):
            key = unspaced(self._page[number].text)
            if not any(line.startswith(key) or line.endswith(key) for line in present):
                result.add(number)
                present.add(key)
        return result

    def _menu_lines(self) -> set[int]:
        menus = {n for n in self._line_of if self._is_menu(n)}
        return {self._line_of[n] for n in menus} - {line for n, line in self._line_of.items() if n not in menus}

    def _is_menu(self, number: int) -> bool:
        """Whether the block is a mere link outside the body, or beside a short one any line that is not near it."""
        block = self._page[number]
        if not self._near or self._first <= number <= self._last or lines.is_credit_beside(block.text):
            return False
        apart = self._short and number not in self._scope and weight(block.text) < _LONG
        return apart or _is_link(block)

    def _is_credit(self, number: int) -> bool:
        text = self._page[number].text
        if self._first <= number <= self._last:
            return lines.is_credit(text)
        return lines.is_credit_beside(text) or self._signs_off(number)

    def _signs_off(self, number: int) -> bool:
        """Whether the block after the body is a name or date of a sign-off: "Ann Lee" / "Mon, 06/30/2025 - 02:00"."""
        if number < self._last or number > self._last + 4:
            return False
        text = self._page[number].text
        following = self._page[number + 1].text if number + 1 < len(self._page) else ""
        previous = self._page[number - 1].text
        if lines.is_date_stamp(text):
            return lines.is_name(previous)
        return lines.is_name(text) and lines.is_date_stamp(following)


def _is_link(block: Block) -> bool:
    """Whether the block is one link and nothing else."""
    return len(block.links) == 1 and block.links[0][1] == block.text
