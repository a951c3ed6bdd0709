"""Which blocks of a page are its article, told from their shape alone, and how sure that is.

Paragraphs (long blocks with few links) vote for the elements around them; the element that holds the heaviest group
is the body, and grows while its surroundings add paragraphs of the same kind. Works without a word list, hence in any
language; lengths are weights, in which a character of a dense script counts twice.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from pipeline.extraction import cards, lines, places
from pipeline.extraction.blocks import Block, Node
from pipeline.extraction.naming import CERTAIN, FURNITURE
from pipeline.extraction.tags import HEADINGS, TABLE
from pipeline.extraction.text import letters, weight

_PARAGRAPHS = frozenset({"p", "li", "blockquote", "td", "dd", "pre", "div", "article", "section", "main"})
_PLAIN = frozenset({"p", "li", "td", "dd"})
ENDS = tuple('.!?。！？…।॥؟።။”"»。」』)）:;')
_ROWS = TABLE - {"td", "th"}
_CLOSED = frozenset({"article", "main", "body"})  # a body does not grow beyond these

_NUMBER = re.compile(r"(?<=[-_])\d{1,3}\b", re.ASCII)

_LONG = 80  # weight: lighter blocks occur in menus, heavier ones hardly do
_MOST = 2_000  # more than this a single block does not count: no paragraph is as long, junk is
_FEW_LINKS = 0.4  # of the characters of a paragraph
_MOSTLY_TEXT = 0.3  # the same, where running text is measured
_SHARE = 0.4  # of a page's paragraphs: an element that holds as much is no furniture, whatever its name
_OUTWEIGHS = 2  # and this many times what stands in no doubtful element
_CERTAIN_SHARE = 0.9  # the same for comments, of which there are often more than article, and footers
_DOUBT = 3  # doubtful text counts a third of the running text
_DECLARED = 1.5  # how much more the paragraphs count in an element whose name says that it is the body
_GROWTH = 0.1  # of a body's weight: as much must the next larger element add, twice as much the one after that
_BELOW_TITLE = 0.25  # of the text above the page's own title: with as much below it the article begins there
_LEVELS = 3  # elements without gain that growing passes over

# Below these a choice is not sure. Set on the development half of the benchmark (bench/extraction, 85 pages), where no
# choice stays below both: what they decide has little evidence from real pages.
_SURE = 0.5
_SURE_OF_LITTLE = 0.6  # a brief of one paragraph, which its headline is counted against
_ENOUGH = 200  # weight
_BEFORE, LABEL = 30, 20  # weight: lighter lines before the first and after the last paragraph are labels


@dataclass(frozen=True, slots=True)
class Choice:
    """The blocks of the article, in order.

    ``numbers`` are those of the kept blocks among all, ``first`` and ``last`` the article's first and last paragraph.
    ``confidence`` is the share of the kept text in all running text of the page, footers and comments aside, 0 to 1.
    """

    numbers: tuple[int, ...]
    confidence: float
    weight: int = 0
    first: int = 0
    last: int = -1

    @property
    def sure(self) -> bool:
        """Whether the choice is good enough to do without trafilatura's."""
        return self.confidence >= (_SURE if self.weight >= _ENOUGH else _SURE_OF_LITTLE)


def choose(page: Sequence[Block], title: str | None, place: str | None = None) -> Choice:
    """The article among the blocks of a page whose headline is ``title``. Sets the weights of blocks and nodes.

    ``place`` is where the articles of the site stand, if that is known: believed when it holds enough of this page.
    """
    heading = letters(title or "")
    _weigh(page)
    cards.mark(page, heading)
    piece = _piece(page, heading)
    running = _running(page[piece.start : piece.stop])
    known = places.find(page, place) if place else None
    if known is not None:
        choice = _by_paragraphs(page, piece, heading, running, known)
        if choice.sure:
            return choice
    choice = _by_paragraphs(page, piece, heading, running)
    return choice if choice.sure else max(choice, _by_name(page, piece, running), key=lambda one: one.weight)


def _by_paragraphs(page: Sequence[Block], piece: range, heading: str, running: int, body: Node | None = None) -> Choice:
    body = body or _body(page, piece)
    inside = _within(piece, body) if body else ()
    long = [number for number in inside if page[number].long and not page[number].doubtful]
    if not long:
        return Choice((), 0.0)
    first, last = long[0], long[-1]
    kept = [n for n in inside if _belongs(page[n], n - first, n - last, heading)]
    kept = sorted({*kept, *_subheadings(page, kept, last)})
    listed = _listed(page, piece, body, first)
    if sum(page[n].weight for n in listed) > sum(page[n].weight for n in kept):  # the piece is a list of finds
        kept = sorted({*kept, *listed})
        last = kept[-1]
    while kept and page[kept[-1]].node.tag in HEADINGS:
        kept.pop()
    return _choice(page, kept, running, first, last)


def _subheadings(page: Sequence[Block], kept: Sequence[int], last: int) -> list[int]:
    """The headings behind the last long paragraph that head a section: two lines at least that are kept."""
    behind = [n - 1 for n, after in pairwise(kept) if n > last + 1 and after == n + 1]
    return [n for n in behind if page[n].node.tag in HEADINGS and not (page[n].doubtful or page[n].linked)]


def _listed(page: Sequence[Block], piece: range, body: Node | None, first: int) -> list[int]:
    """The lines behind the first paragraph that are links, and in no box of links, where a name tells the body."""
    while body is not None and not body.named:
        body = body.parent
    inside = _within(piece, body) if body else ()
    return [
        number
        for number in inside
        if number > first
        and (block := page[number]).node.tag in _PLAIN
        and not block.doubtful
        and cards.leads_elsewhere(block)
        and block.weight >= LABEL
    ]


def _within(piece: range, node: Node) -> range:
    return range(max(piece.start, node.start), min(piece.stop, node.end))


def _by_name(page: Sequence[Block], piece: range, running: int) -> Choice:
    """What stands in the element whose name says that it is the body: pieces made of lists have no paragraphs."""
    weights: dict[Node, int] = {}
    for block in page[piece.start : piece.stop]:
        if not block.doubtful and block.linked < _FEW_LINKS * len(block.raw):
            node: Node | None = block.node
            while node is not None and not node.named:
                node = node.parent
            if node is not None:
                weights[node] = weights.get(node, 0) + block.weight
    if not weights:
        return Choice((), 0.0)
    body = max(weights, key=lambda node: weights[node])
    kept = [n for n in _within(piece, body) if _belongs(page[n], 0, 0, "")]
    return _choice(page, kept, running, kept[0], kept[-1]) if kept else Choice((), 0.0)


def _choice(page: Sequence[Block], kept: list[int], running: int, first: int, last: int) -> Choice:
    text = sum(page[n].weight for n in kept)
    return Choice(tuple(kept), min(1.0, text / (running or 1)), text, first, last)


def _weigh(page: Sequence[Block]) -> None:
    """Weights of blocks; doubt only where it does not concern most of the page."""
    for block in page:
        size = len(block.raw)
        block.weight = min(weight(block.raw, block.solid if size >= _LONG // 2 else size), _MOST)
        block.long = block.weight >= _LONG and block.linked < _FEW_LINKS * size and block.node.tag != "h1"
        if block.node.tag == "h1":  # what holds the headline holds the article
            _trust(block.node)
    before = list(accumulate((block.weight if block.long else 0 for block in page), initial=0))
    known: dict[Node, int] = {}
    boundless = (0.0, math.inf, math.inf)
    undoubted = sum(b.weight for b in page if b.long and not _doubt(b.node, before, boundless, known))
    limits = (0.0, max(_SHARE * before[-1], _OUTWEIGHS * undoubted), _CERTAIN_SHARE * before[-1])
    known = {}
    for block in page:
        doubt = known.get(block.node)
        if doubt is None:
            doubt = _doubt(block.node, before, limits, known)
        block.doubtful, block.certain = doubt > 0, doubt == CERTAIN


def _trust(node: Node | None) -> None:
    while node is not None:
        if node.doubt == FURNITURE:
            node.doubt = 0
        node = node.parent


def _above(weights: Mapping[Node, int]) -> dict[Node, int]:
    """The weights one level further out."""
    above: dict[Node, int] = {}
    for node, own in weights.items():
        outer = _outer(node)
        if outer is not None:
            above[outer] = above.get(outer, 0) + own
    return above


def _outer(node: Node) -> Node | None:
    """The element around it; a table of one cell or a component that holds nothing else is none of its own."""
    outer = node.parent
    while outer is not None and (outer.start, outer.end) == (node.start, node.end) and _lays_out(outer.tag):
        outer = outer.parent
    return outer


def _lays_out(tag: str) -> bool:
    """Whether an element is there for its place on the screen, or is a framework's own (HTML standard: with a "-")."""
    return tag in _ROWS or "-" in tag


def _doubt(node: Node, before: Sequence[int], limits: tuple[float, ...], known: dict[Node, int]) -> int:
    """The strongest doubt about a node or one around it, where what it holds is below the limit for such a doubt.

    ``before`` is the weight of the paragraphs before each block.
    """
    found = known.get(node)
    if found is None:
        own = node.doubt if node.doubt and before[node.end] - before[node.start] < limits[node.doubt] else 0
        found = own if node.parent is None else max(own, _doubt(node.parent, before, limits, known))
        known[node] = found
    return found


def _piece(page: Sequence[Block], heading: str) -> range:
    """The numbers of the blocks among which the article is: those of its own element where a page holds several whole.

    Some sites put the next articles below the one that was asked for, each in an ``article`` of its own.
    """
    titled = _titled(page, heading)
    whole = range(_start(page, titled), len(page))
    own = _article(page[titled].node) if titled is not None else None
    if own is None:
        return whole
    weights: dict[Node | None, int] = {}
    for block in page:
        if block.long and not block.doubtful:
            article = own if block.node.within(own) else _article(block.node)
            weights[article] = weights.get(article, 0) + block.weight
    held = weights.get(own, 0)
    if held < _ENOUGH or held <= weights.pop(None, 0) or len(weights) < 2:
        return whole
    return _within(whole, own)


def _article(node: Node | None) -> Node | None:
    """The innermost element for articles around a node."""
    while node is not None and node.tag != "article":
        node = node.parent
    return node


def _titled(page: Sequence[Block], heading: str) -> int | None:
    """The number of the first heading that is the page's own title."""
    headings = (n for n, block in enumerate(page) if heading and block.node.tag in HEADINGS and not block.doubtful)
    return next((number for number in headings if letters(page[number].raw) == heading), None)


def _start(page: Sequence[Block], titled: int | None) -> int:
    """The number of the headline's block when most of the text follows it, else 0.

    The page's own title is believed with less: what stands above it is a layer that asks for consent.
    """
    at, needed = titled, _BELOW_TITLE
    if at is None:
        tops = (number for number, block in enumerate(page) if block.node.tag == "h1" and not block.doubtful)
        at, needed = next(tops, None), 1.0
    if at is None:
        return 0
    before = sum(block.weight for block in page[:at] if block.long and not block.doubtful)
    after = sum(block.weight for block in page[at:] if block.long and not block.doubtful)
    return at if after > needed * before else 0


def _body(page: Sequence[Block], piece: range) -> Node | None:
    """The element of the article: around the heaviest group of paragraphs, grown while its surroundings add others."""
    own: dict[Node, int] = {}
    for block in page[piece.start : piece.stop]:
        if block.long and not block.doubtful:
            own[block.node] = own.get(block.node, 0) + block.weight
    above = _above(own)
    near = _sum(own, above)  # at most one level between an element and its paragraphs
    best = max(near, key=lambda place: near[place] * (_DECLARED if place.body else 1.0), default=None)
    if best is None:
        return None
    body = _grown(_around(_twins(best, near)), own)
    return _around_quotation(body)


def _twins(best: Node, places: Iterable[Node]) -> list[Node]:
    """The elements of its kind and name: an article is often cut into sections, which may be counted in their names."""
    if not best.name and (called := _called(best)).name:
        best, places = called, dict.fromkeys(map(_called, places))
    alike = [place for place in places if best.name and place.tag == best.tag]
    kind = _uncounted(best)
    counted = sorted((one for one in alike if _uncounted(one) == kind), key=lambda one: one.start)
    numbers = [int(number) for one in counted for number in _NUMBER.findall(one.name)[-1:]]
    if numbers and all(later - number == 1 for number, later in pairwise(numbers)):
        return counted
    return [one for one in alike if one.name == best.name] or [best]


def _called(node: Node) -> Node:
    """The element with a name that holds a nameless one and nothing else; the nameless itself where there is none."""
    outer: Node | None = node
    while outer is not None and (outer.start, outer.end) == (node.start, node.end):
        if outer.name:
            return outer
        outer = outer.parent
    return node


def _uncounted(node: Node) -> str:
    return _NUMBER.sub("", node.name)


def _around_quotation(body: Node) -> Node:
    """The element around a quotation: who quotes at length says in a line whose words these are, and where."""
    around, node = body, body
    while node.parent is not None and node.tag not in _CLOSED:
        if node.tag == "blockquote":
            around = node.parent
        node = node.parent
    return around


def _sum(*weights: Mapping[Node, int]) -> dict[Node, int]:
    total: dict[Node, int] = {}
    for part in weights:
        for node, own in part.items():
            total[node] = total.get(node, 0) + own
    return total


def _around(twins: Sequence[Node]) -> Node:
    """The innermost element around all of them: an article is often cut into sections of one name."""
    common = twins[0]
    for twin in twins[1:]:
        while not twin.within(common) and common.parent is not None:
            common = common.parent
    return common


def _grown(body: Node, own: Mapping[Node, int]) -> Node:
    """The body, or an element around it that adds enough paragraphs which stand at most four levels in."""
    level = 0
    held, rest = _apart(body, own)
    outer = _outer(body)
    while outer is not None and outer.parent is not None and body.tag not in _CLOSED and level <= _LEVELS:
        # Teasers stand each in a card of its own, deep below the list; paragraphs close to each other.
        if rest.get(outer, 0) >= _GROWTH * 2**level * held:
            body, level = outer, 0
            held, rest = _apart(body, own)
        else:
            level += 1
        outer = _outer(outer)
    return body


def _apart(body: Node, own: Mapping[Node, int]) -> tuple[int, dict[Node, int]]:
    """The weight of the paragraphs in the body, and of those outside of it in each element at most four levels out."""
    outside = {node: weight for node, weight in own.items() if not node.within(body)}
    above = _above(outside)
    further = _above(above)
    return sum(own.values()) - sum(outside.values()), _sum(outside, above, further, _above(further))


def _running(page: Sequence[Block]) -> int:
    """The weight of all running text; that of doubtful elements and of teasers, below a link, counts a third."""
    total, below_link = 0, False
    for block in page:
        if _runs(block):
            total += block.weight // (_DOUBT if block.doubtful or below_link else 1)
        below_link = cards.leads_elsewhere(block)
    return total


def _runs(block: Block) -> bool:
    """Whether the block counts when the page's running text is measured."""
    return (block.long or not block.doubtful) and not block.certain and block.linked < _MOSTLY_TEXT * len(block.raw)


def _belongs(block: Block, after_first: int, after_last: int, heading: str) -> bool:
    """Whether a block in the body is text; numbers are relative to the first and the last paragraph."""
    if block.doubtful or cards.leads_elsewhere(block):
        return False
    tag = block.node.tag
    if after_first < 0:
        told = tag not in HEADINGS and block.weight >= _BEFORE and block.raw.endswith(ENDS)
        return told and letters(block.raw) != heading
    if after_last > 0:
        # Lists and closing lines without a full stop (Thai has none) stay when nothing in them leads elsewhere.
        ends = block.raw.endswith(ENDS) or (tag in _PLAIN and not block.linked)
        return tag in _PARAGRAPHS and block.weight >= LABEL and ends
    return not lines.is_furniture(block.text)
