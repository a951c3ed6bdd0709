"""onecopy: every story once; every reprint accounted for.

The public names. Nothing heavy is imported until one of them is used::

    from pipeline import Pipeline, parse_feed, extract, fingerprint, compare, group

    with Pipeline("config.yaml") as pipeline:
        pipeline.crawl()
        for story in pipeline.stories(copies=2):
            print(story.title, story.copies)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.app import Pipeline
    from pipeline.dedup import compare, fingerprint, group
    from pipeline.extraction import extract
    from pipeline.feeds import parse_feed

__all__ = ["Pipeline", "compare", "extract", "fingerprint", "group", "parse_feed"]

_HOME = {
    "Pipeline": "pipeline.app",
    "compare": "pipeline.dedup",
    "extract": "pipeline.extraction",
    "fingerprint": "pipeline.dedup",
    "group": "pipeline.dedup",
    "parse_feed": "pipeline.feeds",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
