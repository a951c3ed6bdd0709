"""Which texts are the same, and who had it first. Pure: texts in, decisions out."""

from __future__ import annotations

from pipeline.dedup.fingerprint import SCHEME, fingerprint, of_article
from pipeline.dedup.group import compare, decide_all, group
from pipeline.dedup.place import place
from pipeline.dedup.thresholds import Thresholds

__all__ = ["SCHEME", "Thresholds", "compare", "decide_all", "fingerprint", "group", "of_article", "place"]
