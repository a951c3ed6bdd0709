"""What counts as the same, in figures. Every one names where it comes from.

"Evidence" is the material of docs/design.md (5,900 real news documents, 213 labelled stories); "development" the
development half of ``scripts/gate grouping``; docs/grouping.md shows the plateaus. Lengths are in words: see
:attr:`pipeline.dedup.text.Reading.words` for scripts without spaces.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.config import DedupSettings


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The limits of all rules of :mod:`pipeline.dedup.verdict` and :mod:`pipeline.dedup.vetoes`."""

    copy_jaccard: float = 0.35  # 5th percentile of full copies across sites: .36; .25-.50 gives P .986-1, R 1-.976
    sure_jaccard: float = 0.6  # more than any quotation makes up of two reports (evidence: .54)
    excerpt_containment: float = 0.6  # .5-.8 gives P .992-.998
    whole_containment: float = (
        0.8  # of a text that stands in another, a line of its own or a change here and there apart
    )
    own_share: float = 0.2  # of a text, in passages of more than slot_words: more is a good part of its own
    own_around: float = 0.4  # of the longer, around a whole copy: two thirds of a piece again are another piece
    exchanged_share: float = 0.3  # of the shorter, where the longer has other words at the same place ...
    brief_words: int = 600  # ... from this length on; in proportion in shorter ones (development: short columns)
    later_days: int = 3  # published so far apart, two texts are rather two issues of a column than two copies, and ...
    later_share: float = 0.6  # ... fewer words in a row, and in all, are other ones
    min_shared: int = 12  # shingles; below, two texts share a phrase or two
    quoted_shared: int = 20  # shingles: a passage of 24 words is quoted, not met by chance
    min_tokens: int = 25  # words; fewer say nothing: walls, captions, stubs
    head_share: float = 0.25  # a teaser is taken from the head: the first quarter of the longer text ...
    head_words: int = 150  # ... or its first 150 words
    near_length: float = 0.6  # lengths this close are two versions of one piece, wherever the match starts
    title_agrees: float = 0.6  # Jaccard of title words
    title_differs: float = 0.5
    unquoted: float = 0.5  # share of the shorter text outside long quotations that must match too
    slot_words: int = 15  # a differing run up to this long may be a slot of a template, or a replaced word
    foreign_facts: float = 0.3  # share of numbers and names that differ, from which on two texts fill in one template
    foreign_numbers: float = 0.5
    same_site_jaccard: float = 0.8
    same_site_words: int = 400
    lead_words: int = 12  # half a sentence: what an item begins with is its own
    standing_words: int = 200  # walls, notices and standing texts are shorter; the longest met (evidence) had 120
    title_support: float = 0.34  # share of a headline's words that its text holds; walls have 0-.2, articles .4-1
    title_told: float = 0.5  # of both headlines' words: then both are about what the texts share
    bulletin_words: int = 60  # a recurring item of this length says nothing but its date
    bulletin_jaccard: float = 0.6  # two days' issues of one thing agree less; versions of one article agree more
    gap_words: int = 40  # a longer difference was cut or added, not reworded: a sentence or two
    replaced_words: float = (
        0.09  # share of words replaced in place, from which on a copy is spun (copy-editing: .03-.08)
    )
    spun_shared: int = 15  # shingles that a spun text keeps, at least, ...
    spun_tenths: int = 8  # ... spread over so many tenths of both texts, each with a third of its share, ...
    spun_words: int = 150  # a spun text is longer; ...
    form_words: int = 150  # ... a shorter one with words replaced all over is a form filled in anew
    spun_facts: float = 0.5  # Jaccard of the names and figures of a spun text and its source, which spinners keep
    spun_order: float = 0.95  # ... this share of them in the same order

    @classmethod
    def of(cls, settings: DedupSettings) -> Thresholds:
        """The thresholds that a configuration sets; the others at their defaults."""
        return cls(
            copy_jaccard=settings.copy_jaccard,
            excerpt_containment=settings.excerpt_containment,
            min_tokens=settings.min_tokens,
        )
