"""``onecopy crawl``: one run, with a summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.feeds import called
from pipeline.cli.moments import until
from pipeline.cli.options import ConfigOption, JsonOption, opened
from pipeline.cli.output import Out, count, note, plain, stdout
from pipeline.errors import UsageError
from pipeline.model import Crawl, Failure, Feed
from pipeline.urls import redact

if TYPE_CHECKING:
    from pipeline.app import Pipeline
    from pipeline.crawl import Progress

MOST_FAILURES = 20  # shown to people; --json has all

FeedsOption = Annotated[
    list[str] | None,
    typer.Option("--feed", metavar="URL|NAME", help="Only this feed, due or not; may be repeated.", show_default=False),
]
AllOption = Annotated[bool, typer.Option("--all", help="All feeds, due or not.")]


def crawl(
    context: typer.Context,
    feed: FeedsOption = None,
    everything: AllOption = False,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> int:
    """Fetch what is due and group the copies.

    Ends with 0 when it is done, even if single feeds or pages failed (they are listed, and tried again later);
    with 1 when every feed failed.
    """
    from pipeline.exchange import crawl_record

    if feed and everything:
        raise UsageError("--feed and --all exclude each other")
    out = stdout()
    with opened(context, config) as pipeline:
        named = [pipeline.feeds.find(name) for name in feed or ()]
        with progress_bar() as progress:
            result = pipeline.crawl(feed, everything=everything, progress=progress)
        if json:
            out.json(crawl_record(result))
        elif result.feeds or result.failures or result.new_articles:
            summarise(out, result)
        else:
            out.print(_nothing_due(pipeline, named))
        for one in named:
            if not one.enabled:
                note(f"{called(one)} is off; `onecopy feeds add {redact(one.url)}` turns it on again")
    return exit_code(result)


def exit_code(result: Crawl) -> int:
    """1 when there were feeds and every one failed."""
    failed = sum(failure.what == "feed" for failure in result.failures)
    return 1 if result.feeds and failed >= result.feeds else 0


def _nothing_due(pipeline: Pipeline, named: Sequence[Feed]) -> str:
    if named:
        return "Another crawl is at work on it." if any(one.enabled for one in named) else "Nothing was fetched."
    known = pipeline.feeds.all()
    feeds = [feed for feed in known if feed.enabled]
    if not feeds:
        return f"{'All feeds are off' if known else 'There are no feeds yet'}; `onecopy feeds add URL` adds one."
    times = [feed.next_fetch_at for feed in feeds if feed.next_fetch_at is not None]
    due = until(min(times)) if times else "now"
    return f"No feed is due; the next one is {due}. `onecopy crawl --all` fetches all of them."


def summarise(out: Out, result: Crawl) -> None:
    """What a run did, for people."""
    failed = [failure for failure in result.failures if failure.what == "feed"]
    rows = [
        ("Feeds", result.feeds, _feeds(result, len(failed))),
        ("New articles", result.new_articles, f"in {result.seconds:.1f} s"),
        ("New stories", result.new_stories, ""),
        ("Copies joined", result.joined, "to the stories that they are copies of"),
        ("Revised", result.revised_articles, ""),
        ("Failures", len(result.failures), _reasons(result.failures)),
    ]
    shown = [row for row in rows if row[1] or row[0] in ("Feeds", "New articles")]
    label = max(len(row[0]) for row in shown)
    digits = max(len(f"{row[1]:,}") for row in shown)
    for name, number, more in shown:
        out.print(f"{name:<{label}}  {number:>{digits},}  {more}".rstrip())
    if result.failures:
        out.print()
        list_failures(out, result.failures)


def _feeds(result: Crawl, failed: int) -> str:
    changed = result.feeds - result.not_modified - failed
    parts = [(changed, "changed"), (result.not_modified, "not modified"), (failed, "failed")]
    return ", ".join(f"{number:,} {what}" for number, what in parts if number)


def _reasons(failures: Sequence[Failure]) -> str:
    counted = Counter(f"{failure.what}: {failure.reason}" for failure in failures)
    return ", ".join(f"{what} ({number})" if number > 1 else what for what, number in counted.most_common(4))


def list_failures(out: Out, failures: Sequence[Failure]) -> None:
    """Failures with their reasons, the first ones."""
    for failure in failures[:MOST_FAILURES]:
        where = redact(failure.url) or "this machine"
        out.item(failure.what, plain(where), plain(f"{failure.reason}: {redact(failure.message)}"))
    if len(failures) > MOST_FAILURES:
        out.print(f"... and {count(len(failures) - MOST_FAILURES, 'more failure')}; --json lists all.")


@contextmanager
def progress_bar() -> Iterator[Callable[[Progress], None] | None]:
    """Bars for feeds and pages on stderr while the block runs; nothing where stderr is no terminal."""
    import sys

    if sys.stderr is None or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Bars(*columns, console=Console(file=sys.stderr), transient=True) as bars:
        feeds, pages = bars.add_task("Feeds", total=None), bars.add_task("Pages", total=None)

        def show(at: Progress) -> None:
            bars.update(feeds, total=at.feeds, completed=at.feeds_done)
            bars.update(pages, total=at.pages or None, completed=at.pages_done)

        yield show
