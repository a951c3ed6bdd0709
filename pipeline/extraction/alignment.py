"""Where in the page the lines stand that trafilatura chose, and which of its blocks belong to them.

trafilatura drops short and link-rich lines, which is right for menus and wrong for "Authored by Ann Lee via Substack,"
and "Read Entire Article": such lines are put back when they stand inside or directly beside the chosen text.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from pipeline.extraction import beside, lines
from pipeline.extraction.blocks import Block, Node
from pipeline.extraction.choice import Choice
from pipeline.extraction.text import clean, letters, unspaced, weight

_LONG = 40  # weight: a block that marks the body; lighter ones occur in menus too
_SHORT = 300  # characters: trafilatura takes all there is on a page where it finds fewer than 250
_MAX_SEARCHES = 400  # substring searches per page, each linear in the text
_LEVELS = 2  # how far above a paragraph its container is looked for: the parent, or the parent of sections


class Alignment:
    """Which block of the page each chosen line came from."""

    def __init__(self, chosen: Sequence[str], page: Sequence[Block], choice: Choice | None = None) -> None:
        """``choice`` is what ``chosen`` was taken from; without it the lines may stand anywhere on the page."""
        self._chosen = chosen
        self._page = page
        self._line_of = self._locate(choice.numbers if choice else range(len(page)))  # block number -> line number
        self._first, self._last, self._near = self._around(choice) if choice else self._extent()
        body = (page[n].text for n in self._near if self._first <= n <= self._last)
        self._scope = frozenset(self._near)
        self._short = sum(map(len, islice(body, _SHORT))) < _SHORT
        near = [n for n in self._near if n not in self._line_of]
        self._restored = beside.credit_lines(page, near, self._first, self._last, chosen)

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
        """The short lines around the start of the body."""
        return beside.head(self._page, self._first)

    def around_headline(self, title: str | None) -> tuple[list[Block], list[Block]]:
        """The lines above the page's headline, and the blocks between it and the text."""
        return beside.around_headline(self._page, self._first, letters(title or ""))

    def _locate(self, numbers: Iterable[int]) -> dict[int, int]:
        exact: dict[str, int] = {}
        for number, line in enumerate(self._chosen):
            exact.setdefault(line, number)
        texts = {number: self._page[number].text for number in numbers}
        found = {number: exact[text] for number, text in texts.items() if text in exact}
        if len(found) < len(texts):
            rest = {number: unspaced(text) for number, text in texts.items() if number not in found}
            found |= self._locate_unspaced(rest)
        return found

    def _locate_unspaced(self, keys: Mapping[int, str]) -> dict[int, int]:
        """The lines of blocks that were spaced otherwise, or are part of a line."""
        exact: dict[str, int] = {}
        starts: list[int] = []
        offset = 0
        joined = "\n".join(map(unspaced, self._chosen))
        for number, line in enumerate(joined.split("\n")):
            exact.setdefault(line, number)
            starts.append(offset)
            offset += len(line) + 1
        found: dict[int, int] = {}
        searches = 0
        for number, key in keys.items():
            if key in exact:
                found[number] = exact[key]
            elif len(key) >= _LONG and searches < _MAX_SEARCHES:
                searches += 1
                position = joined.find(key)
                if position >= 0:
                    found[number] = bisect_right(starts, position) - 1
        return found

    def _around(self, choice: Choice) -> tuple[int, int, Sequence[int]]:
        """First and last paragraph of the choice, and its blocks with those beside it."""
        first, last = choice.first, choice.last
        beside_it = range(max(0, first - beside.BEFORE), min(len(self._page), last + beside.AFTER + 1))
        return first, last, sorted({*choice.numbers, *beside_it})

    def _extent(self) -> tuple[int, int, Sequence[int]]:
        """First and last long block of the body, and all blocks in or beside the container that holds most of it."""
        weights: dict[Node, int] = defaultdict(int)
        long = [n for n in self._line_of if weight(self._page[n].text) >= _LONG and not _is_link(self._page[n])]
        for number in long:
            node: Node | None = self._page[number].node
            for _ in range(_LEVELS):
                if node is None or node.tag in ("body", "html"):
                    break
                weights[node] += len(self._page[number].text)
                node = node.parent
        if not long:
            return 0, -1, []
        container = max(weights, key=lambda place: weights[place]) if weights else self._page[long[0]].node
        scope = container.parent
        scope = container if scope is None or scope.tag == "html" else scope
        inside = [n for n in long if container.start <= n < container.end]
        return min(inside), max(inside), range(scope.start, scope.end)

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


def _is_link(block: Block) -> bool:
    """Whether the block is one link and nothing else."""
    return len(block.links) == 1 and clean(block.links[0][1]) == block.text
