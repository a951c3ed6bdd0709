"""``onecopy regroup``: what the stories would be under other settings or newer rules, and making them so."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline import config as configuration
from pipeline.cli.options import ConfigOption, JsonOption, opened
from pipeline.cli.output import Out, count, plain, stdout
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.replay import Change, Regrouping

SHOWN = 20  # changes of each kind; --json has all

WithOption = Annotated[
    Path | None,
    typer.Option("--with", metavar="FILE", help="Take `dedup` from this file instead.", show_default=False),
]
ApplyOption = Annotated[bool, typer.Option("--apply", help="Write it, instead of only telling.")]


def regroup(
    context: typer.Context,
    settings: WithOption = None,
    apply: ApplyOption = False,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Group everything that is stored anew.

    Lists the merges that would be gained and lost, largest first: under the settings of another file, or with newer
    rules after an upgrade. Nothing changes without --apply; what people said stays.
    """
    if settings is not None and not settings.is_file():
        raise UsageError(f"{settings}: no such file")
    wanted = configuration.load(settings).dedup if settings is not None else None
    with opened(context, config, asking=True) as pipeline, _counter() as step:
        result = pipeline.regroup(wanted, apply=apply, progress=step)
    out = stdout()
    if json:
        from pipeline.exchange import regroup_record

        out.json(regroup_record(result))
        return
    _show(out, "Gained", [change for change in result.changes if change.gained])
    _show(out, "Lost", [change for change in result.changes if not change.gained])
    out.print(_sum(result))


def _show(out: Out, what: str, changes: Sequence[Change]) -> None:
    """Changes of one kind, each with the stories before."""
    if not changes:
        return
    out.print(f"{what}: {count(len(changes), 'merge')}")
    digits = max(len(str(change.copies)) for change in changes[:SHOWN])
    for change in changes[:SHOWN]:
        parts = [f"{_part(change, len(part.urls), part.story)}: {plain(part.urls[0])}" for part in change.parts]
        title = plain(change.title or "(no title)")
        whole = "" if change.gained else f" (story {change.parts[0].story})"
        out.item(str(change.copies), title + whole, *parts, width=digits)
    if len(changes) > SHOWN:
        out.print(f"... and {count(len(changes) - SHOWN, 'smaller one')}; --json lists all.")
    out.print()


def _part(change: Change, copies: int, story: int) -> str:
    return f"{count(copies, 'copy', 'copies')}{f' of story {story}' if change.gained else ''}"


def _sum(result: Regrouping) -> str:
    gained = sum(change.gained for change in result.changes)
    lost = len(result.changes) - gained
    changed = f"{count(gained, 'merge')} gained, {lost:,} lost" if result.changes else "no merge gained or lost"
    renewed = f" {count(result.renewed, 'fingerprint')} renewed." if result.renewed else ""
    done = "Written." if result.applied else "Nothing was changed; --apply writes it." if result.changes else ""
    replayed = f"{count(result.articles, 'article')} in {count(result.stories, 'story', 'stories')}"
    return f"{replayed}: {changed}.{renewed} {done}".rstrip()


@contextmanager
def _counter() -> Iterator[Callable[[int], None]]:
    """A running count on stderr, on a terminal only."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(file=sys.stderr).status("replaying") as status:
        yield lambda number: status.update(f"replaying: {count(number, 'article')}")
