"""``onecopy daemon``: crawl whatever is due, until told to stop."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import typer

from pipeline.cli.options import ConfigOption, opened
from pipeline.cli.output import count, note
from pipeline.model import Crawl

if TYPE_CHECKING:
    from pipeline.app import Pipeline


def daemon(context: typer.Context, config: ConfigOption = None) -> None:
    """Crawl what is due, until told to stop.

    One line a crawl on stderr. SIGTERM or Ctrl-C ends it within 10 seconds, with 0. There is one daemon a store: a
    second one ends with 1 at once.
    """
    from pipeline.daemon import ended_by_signals, run

    ended = threading.Event()
    with opened(context, config) as pipeline, ended_by_signals(ended):
        pipeline.lock_daemon()
        feeds, tick_s = len(pipeline.feeds.all()), pipeline.config.daemon.tick_s
        _log(f"started with {count(feeds, 'feed')}, looking every {tick_s:g} s")
        with _served(pipeline):
            run(pipeline, lambda result: _log(line(result)), lambda error: _log(f"{error}; trying again"), stop=ended)
        _log("stopped")


@contextmanager
def _served(pipeline: Pipeline) -> Iterator[None]:
    """The server beside the crawls, where the configuration wants it."""
    if not pipeline.config.serve.with_daemon:
        yield
        return
    from pipeline.serve.server import running

    with running(pipeline, pipeline.config.serve) as where:
        _log(f"served at {where}/")
        yield


def line(result: Crawl) -> str:
    """One crawl in one line."""
    parts = [
        count(result.feeds, "feed"),
        f"{result.not_modified:,} not modified",
        count(result.new_articles, "new article"),
        count(result.new_stories, "new story", "new stories"),
        f"{count(result.joined, 'copy', 'copies')} joined",
    ]
    if result.revised_articles:
        parts.append(f"{result.revised_articles:,} revised")
    if result.failures:
        reasons = Counter(failure.reason for failure in result.failures)
        named = ", ".join(f"{reason} {number}" for reason, number in reasons.most_common(4))
        parts.append(f"{count(len(result.failures), 'failure')} ({named})")
    return ", ".join(parts) + f", {result.seconds:.1f} s"


def _log(message: str) -> None:
    note(f"{datetime.now(UTC).astimezone():%Y-%m-%d %H:%M:%S %Z}  {message}")
