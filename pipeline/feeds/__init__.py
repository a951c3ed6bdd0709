"""What a feed says: parsing, the pure decision what to read and when to come back, subscription lists."""

from __future__ import annotations

from pipeline.feeds.decide import after_failure, after_not_modified, after_success, body_hash, select
from pipeline.feeds.parse import parse_feed

__all__ = ["after_failure", "after_not_modified", "after_success", "body_hash", "parse_feed", "select"]
