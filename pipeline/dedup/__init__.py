"""Which texts are the same, and who had it first. Pure: texts in, decisions out."""

from __future__ import annotations

from pipeline.dedup.attribution import article_marks, keep_marks
from pipeline.dedup.fingerprint import SCHEME, fingerprint, of_article
from pipeline.dedup.group import compare, decide_all, group
from pipeline.dedup.place import place
from pipeline.dedup.thresholds import Thresholds

__all__ = [
    "SCHEME",
    "Thresholds",
    "article_marks",
    "compare",
    "decide_all",
    "fingerprint",
    "group",
    "keep_marks",
    "of_article",
    "place",
]
