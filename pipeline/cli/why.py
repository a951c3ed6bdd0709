"""Why two articles are held to be the same, for people: figures with their thresholds, passages, what was left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from pipeline.cli.moments import local
from pipeline.cli.output import Out, count, plain

if TYPE_CHECKING:
    from pipeline.config import DedupSettings
    from pipeline.dedup.forms import Mark
    from pipeline.dedup.why import Passage, Reasons
    from pipeline.model import CopyRow, Match, StoryView

CUT = 8  # lines that were taken out and are shown


def show_why(out: Out, view: StoryView, copy: CopyRow, why: Reasons, settings: DedupSettings) -> None:
    """One copy of a story: by what it belongs there, what was taken out of its text, whom it names as its source."""
    me = copy.article.canonical_url
    sites = {one.article.canonical_url: one.article.site for one in view.members}
    out.print()
    out.item("", plain(f"{copy.article.site}: {'original' if copy.original else copy.kind}"))
    for bond in why.bonds:
        other = bond.b if bond.a == me else bond.a
        said = "put together with" if bond.together else "kept apart from"
        _line(out, f"By hand, {local(bond.said_at)}: {said} {sites.get(other, other)}")
    for pair in why.joins:
        if pair.match is not None:
            other = pair.match.b if pair.match.a == me else pair.match.a
            _line(out, f"Joined to {sites.get(other, other)}: {figures(pair.match, me, settings)}")
            for text in passages(pair.passages, turned=pair.match.b == me):
                _line(out, f"  {text}")
    if why.pairs > len(why.joins):
        _line(out, f"and {count(why.pairs - len(why.joins), 'weaker pair')}")
    for text in cut(why.cut):
        _line(out, text)
    for text in claims(copy, why, sites):
        _line(out, text)
    for scheme in sorted({pair.match.scheme for pair in why.joins if pair.match}):
        _line(out, f"Compared by {scheme}")


def _line(out: Out, text: str) -> None:
    indent = len(text) - len(text.lstrip())
    out.item(" " * indent, plain(text))


def figures(match: Match, here: str, settings: DedupSettings) -> str:
    """Route, kind and scores of a match as seen from one of the two, with the thresholds that they are measured by."""
    turned = match.b == here
    this, that = (match.containment_b, match.containment_a) if turned else (match.containment_a, match.containment_b)
    kind = match.kind or "similar"
    reason = f" ({match.reason})" if match.reason else ""
    return (
        f"{match.route}, {kind}{reason}; Jaccard {match.jaccard:.2f} (a copy from {settings.copy_jaccard:g}),"
        f" {this:.0%} of this text stands there and {that:.0%} of that one here"
        f" (an excerpt from {settings.excerpt_containment:.0%}), {match.shared:,} shingles"
    )


def passages(found: Sequence[Passage], *, turned: bool) -> Iterator[str]:
    """Shared passages: how long, where they begin here and there, how they begin."""
    for one in found:
        here, there = (one.start_b, one.start_a) if turned else (one.start_a, one.start_b)
        yield f"{count(one.words, 'word')} from word {(here or 0) + 1:,} (there {(there or 0) + 1:,}): “{one.quote}”"


def cut(marks: Sequence[Mark]) -> Iterator[str]:
    """Lines that were taken out before comparing, by what they were taken for."""
    for mark in marks[:CUT]:
        yield f"Taken out as {mark.role}: “{mark.line}”"
    if len(marks) > CUT:
        yield f"and {count(len(marks) - CUT, 'line')} more"


def claims(copy: CopyRow, why: Reasons, sites: Mapping[str, str]) -> Iterator[str]:
    """Whom the copy names as its source, what that is worth, and which of it was believed."""
    taken = sites.get(copy.copied_from or "") or copy.copied_from
    for claim in why.claims:
        yield f"Names {sites.get(claim.target, claim.target)}: {claim.basis} ({claim.confidence:.2f}): “{claim.line}”"
    if copy.copied_from:
        yield f"Taken from {taken}"
    if copy.credit:
        whom = ", ".join(name for name in (copy.credit.author, copy.credit.publisher) if name) or "nobody"
        yield f"Credited to {whom}: {copy.credit.basis} ({copy.credit.confidence:.2f})"
