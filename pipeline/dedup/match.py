"""Two articles compared on their texts, never on an estimate."""

from __future__ import annotations

from pipeline.dedup.fingerprint import SCHEME
from pipeline.dedup.pair import Overlap, overlap, runs
from pipeline.dedup.text import WORDS_PER_SHINGLE, Mask, Reading, read
from pipeline.dedup.thresholds import Thresholds
from pipeline.dedup.verdict import ASIDE, EXCERPT, SIMILAR_FLOOR, verdict
from pipeline.model import Article, Match, Route

LONGEST_PASSAGE = 200  # characters: enough to find it on the page


def verify(first: Article, second: Article, thresholds: Thresholds | None = None) -> Match | None:
    """Compare two articles' texts and say what they are to each other; None when they have nothing to do with it.

    What stands before a wall is not the article, so a stub has nothing to do with any text. The result names them in
    order of canonical URL, so it doesn't depend on which came first.
    """
    if first.stub or second.stub:
        return None
    thresholds = thresholds or Thresholds()
    a, b = sorted((first, second), key=lambda article: article.canonical_url)
    left, right = read(a.text, a.title), read(b.text, b.title)
    found = overlap(left, right)
    if found.score < SIMILAR_FLOOR and len(found.shared) < min(thresholds.quoted_shared, thresholds.spun_shared):
        return None
    kind, reason = verdict(a, b, left, right, found, thresholds)
    return Match(
        a=a.canonical_url,
        b=b.canonical_url,
        jaccard=round(found.jaccard, 4),
        containment_a=round(found.in_b, 4),
        containment_b=round(found.in_a, 4),
        shared=len(found.shared),
        kind=kind,
        route=_route(left, right, found, kind),
        passage=_passage(left, found.cover_a),
        scheme=SCHEME,
        reason=reason,
    )


def holds(match: Match, thresholds: Thresholds | None = None) -> bool:
    """Whether a good part of one text stands in the other, whatever their headlines and sites say of them.

    For somebody who asks where words stand, and not whether two articles are one piece.
    """
    t = thresholds or Thresholds()
    return max(match.containment_a, match.containment_b) >= t.excerpt_containment and match.shared >= t.min_shared


def _route(left: Reading, right: Reading, found: Overlap, kind: str) -> Route:
    if found.jaccard == 1.0 and left.folded == right.folded:
        return Route.SAME_TEXT
    return Route.CONTAINED if kind == EXCERPT or kind in ASIDE else Route.NEAR_DUPLICATE


def _passage(reading: Reading, cover: Mask) -> str:
    """The longest run of words that both texts have, cut to 200 characters."""
    agreeing = [(end - start, -start, start, end) for start, end, agrees in runs(cover) if agrees]
    if not agreeing:
        return ""
    _, _, start, end = max(agreeing)
    glue = " " if reading.size <= WORDS_PER_SHINGLE else ""
    text = glue.join(reading.tokens[start : min(end, start + LONGEST_PASSAGE)])
    return text if len(text) <= LONGEST_PASSAGE else text[: LONGEST_PASSAGE - 3] + "..."
