"""Two pictures as SVG: a story's chain (who took it from whom, over time), and the sites that repeat each other.

Drawn on the server with presentation attributes and classes only: the Content-Security-Policy allows no inline style.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from math import cos, log2, pi, sin
from typing import Final

from pipeline.model import CopyRow, SitePair
from pipeline.moments import apart
from pipeline.serve.words import count, lag, percent, when

ROWS: Final = 80  # copies in a picture, which says how many more there are; all of them are in the list below it
TOLD: Final = 20  # copies in its words
LANE: Final = 24
DEEPEST: Final = 8  # lanes; where more are needed, copies share the last one
ROW: Final = 62
LABEL: Final = 350
LETTERS: Final = 34  # of a site, of at most some 10 units each
SITES: Final = 18  # in the network


@dataclass(frozen=True, slots=True)
class Node:
    """A copy with its place in the picture."""

    copy: CopyRow
    lane: int
    y: int


def moment_of(copy: CopyRow) -> datetime:
    """When it appeared, as far as is known; the same that every list goes by."""
    return copy.article.published_at or copy.article.first_seen_at


def _clock(members: Sequence[CopyRow]) -> Callable[[CopyRow], datetime]:
    """By which moments copies stand above each other: of one kind for all, or a copy would come before its original."""
    if all(one.article.published_at for one in members):
        return moment_of
    return lambda copy: copy.article.first_seen_at


def source_of(copy: CopyRow, by_url: dict[str, CopyRow]) -> CopyRow | None:
    """The copy that it was taken from; None for the first, and where a ring (which should not be) comes back to it."""
    seen = {copy.article.url}
    at = by_url.get(copy.copied_from or "")
    found = at
    while at is not None:
        if at.article.url in seen:
            return None
        seen.add(at.article.url)
        at = by_url.get(at.copied_from or "")
    return found


def chain_svg(members: Sequence[CopyRow]) -> str:
    """The chain of a story, from top to bottom in the order of time; the more time passes, the wider the gap."""
    by_url = {one.article.url: one for one in members}
    clock = _clock(members)
    chosen = sorted(members[:ROWS], key=lambda one: (clock(one), not one.original))
    nodes = _placed(chosen, by_url, clock)
    labels = 14 + LANE * (max((node.lane for node in nodes.values()), default=0) + 1)
    width = labels + LABEL
    more = len(members) - len(chosen)
    height = max((node.y for node in nodes.values()), default=0) + (66 if more else 42)
    parts = [
        f'<svg class="chain" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="{escape(_told(members, by_url))}" xmlns="http://www.w3.org/2000/svg">'
    ]
    for node in nodes.values():
        source = source_of(node.copy, by_url)
        above = nodes.get(source.article.url) if source else None
        if above is not None:
            parts.append(_edge(above, node))
    parts += [_label(node, source_of(node.copy, by_url), labels) for node in nodes.values()]
    if more:
        parts.append(
            f'<text class="time" x="{labels}" y="{height - 8}">and {count(more, "copy", "copies")} more</text>'
        )
    return "".join((*parts, "</svg>"))


def _placed(
    chosen: Sequence[CopyRow], by_url: dict[str, CopyRow], clock: Callable[[CopyRow], datetime]
) -> dict[str, Node]:
    """Copies from top to bottom in the order of time. A copy keeps its lane until the last that was taken from it."""
    waiting: dict[str, int] = {}  # copy -> how many still to come were taken from it
    for one in chosen:
        source = source_of(one, by_url)
        if source is not None:
            waiting[source.article.url] = waiting.get(source.article.url, 0) + 1
    nodes: dict[str, Node] = {}
    taken: dict[int, str] = {}  # lane -> the copy that keeps it
    y, before = 24, None
    for one in chosen:
        if before is not None:
            hours = max(0.0, (clock(one) - before).total_seconds() / 3600)
            y += ROW + min(40, int(6 * log2(1 + hours)))
        before = clock(one)
        source = source_of(one, by_url)
        above = nodes.get(source.article.url) if source else None
        lane = 0 if above is None else min(above.lane + 1, DEEPEST)
        while lane in taken and lane < DEEPEST:
            lane += 1
        nodes[one.article.url] = Node(one, lane, y)
        if source is not None:
            waiting[source.article.url] -= 1
        if waiting.get(one.article.url):
            taken[lane] = one.article.url
        taken = {kept: url for kept, url in taken.items() if waiting[url]}
    return nodes


def _x(node: Node) -> int:
    return 16 + LANE * node.lane


def _edge(above: Node, node: Node) -> str:
    x1, y1, x2, y2 = _x(above), above.y, _x(node), node.y
    kind = "edge late" if y1 <= y2 else "edge early"
    if x1 == x2:  # no lane was left
        return f'<path class="{kind}" d="M{x1} {y1} C{x1 - 14} {y1 + 20} {x1 - 14} {y2 - 20} {x2} {y2}"/>'
    bend = 14 if y2 > y1 else -14
    side = 14 if x2 > x1 else -14
    return f'<path class="{kind}" d="M{x1} {y1} V{y2 - bend} Q{x1} {y2} {x1 + side} {y2} H{x2}"/>'


def _label(node: Node, source: CopyRow | None, left: int) -> str:
    copy = node.copy
    kind = "original" if copy.original else str(copy.kind)
    shape = "node original" if copy.original else f"node {escape(kind)}"
    x, y = _x(node), node.y
    what = kind if copy.original else f"{kind}, {percent(copy.similarity)} alike"
    site = _short(copy.article.site, LETTERS)
    at = moment_of(copy)
    later = lag(apart(copy.article, source.article)) if source is not None else ""
    return (
        f'<circle class="{shape}" cx="{x}" cy="{y}" r="{8 if copy.original else 6}"/>'
        f'<text class="site" x="{left}" y="{y - 1}">{escape(site)}</text>'
        f'<text class="kind" x="{left}" y="{y + 14}">{escape(what)}</text>'
        f'<text class="time" x="{left}" y="{y + 28}">{"" if copy.article.published_at else "first seen "}'
        f'<tspan data-at="{at.isoformat()}">{when(at)}</tspan>{" · " + later if later else ""}</text>'
    )


def _told(members: Sequence[CopyRow], by_url: dict[str, CopyRow]) -> str:
    """The picture in words, for who cannot see it."""
    told = []
    clock = _clock(members)
    for one in sorted(members[:TOLD], key=lambda one: (clock(one), not one.original)):
        source = source_of(one, by_url)
        later = lag(apart(one.article, source.article)) if source else ""
        from_whom = f" took it from {source.article.site}{', ' + later if later else ''}" if source else ""
        told.append(f"{one.article.site}{from_whom or (' had it first' if one.original else ' has it')}")
    if len(members) > TOLD:
        told.append(f"and {count(len(members) - TOLD, 'copy', 'copies')} more")
    return "Chain of copies: " + "; ".join(told)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def network_svg(pairs: Sequence[SitePair]) -> str:
    """Sites in a ring, an arrow from each source to who takes from it, thicker the more often."""
    chosen: dict[str, None] = {}
    for pair in pairs:
        if len(chosen | dict.fromkeys((pair.source, pair.taker))) <= SITES:
            chosen |= dict.fromkeys((pair.source, pair.taker))
    sites = list(chosen)  # sites of a pair beside each other, the most frequent pairs first
    drawn = [pair for pair in pairs if pair.source in chosen and pair.taker in chosen]
    if not drawn:
        return ""
    width, height, across, down = 760, 500, 190, 215
    turn = 2 * pi / len(sites)
    at = {
        site: (width / 2 + across * cos(turn * (i + 0.5)), height / 2 + down * sin(turn * (i + 0.5)))
        for i, site in enumerate(sites)
    }
    most = max(pair.stories for pair in drawn)
    told = "; ".join(f"{pair.taker} took {pair.stories} from {pair.source}" for pair in drawn[:12])
    parts = [
        f'<svg class="network" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="{escape("Who takes from whom: " + told)}" xmlns="http://www.w3.org/2000/svg"><defs>'
        '<marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto" '
        'markerUnits="userSpaceOnUse"><path class="tip" d="M0 0 L8 4 L0 8 z"/></marker></defs>'
    ]
    parts += [_arrow(pair, at, 1 + 5 * pair.stories / most, (width / 2, height / 2)) for pair in drawn]
    parts += [_site(site, at[site], width / 2) for site in sites]
    return "".join((*parts, "</svg>"))


def _arrow(pair: SitePair, at: dict[str, tuple[float, float]], thick: float, centre: tuple[float, float]) -> str:
    (x1, y1), (x2, y2) = at[pair.source], at[pair.taker]
    # Bent towards the middle, each direction on its own side.
    mx, my = (x1 + x2) / 2 * 0.55 + centre[0] * 0.45, (y1 + y2) / 2 * 0.55 + centre[1] * 0.45
    mx, my = mx + (y2 - y1) * 0.12, my - (x2 - x1) * 0.12
    length = max(1.0, ((x2 - mx) ** 2 + (y2 - my) ** 2) ** 0.5)
    x2, y2 = x2 - (x2 - mx) / length * 9, y2 - (y2 - my) / length * 9
    said = f"{pair.taker} took {count(pair.stories, 'story', 'stories')} from {pair.source}"
    return (
        f'<path class="flow" d="M{x1:.0f} {y1:.0f} Q{mx:.0f} {my:.0f} {x2:.0f} {y2:.0f}" '
        f'stroke-width="{thick:.1f}" marker-end="url(#tip)"><title>{escape(said)}</title></path>'
    )


def _site(site: str, place: tuple[float, float], middle: float) -> str:
    x, y = place
    right = x >= middle
    anchor, shift = ("start", 12) if right else ("end", -12)
    return (
        f'<circle class="node original" cx="{x:.0f}" cy="{y:.0f}" r="6"/>'
        f'<text class="site" x="{x + shift:.0f}" y="{y + 4:.0f}" text-anchor="{anchor}">'
        f"{escape(_short(site, 28))}</text>"
    )
