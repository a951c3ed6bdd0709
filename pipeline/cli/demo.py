"""``onecopy demo``: the main job on a small bundled world, without the internet."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline import config as configuration
from pipeline.cli.crawl import exit_code, progress_bar, summarise
from pipeline.cli.output import Out, stdout
from pipeline.cli.stories import show_rows
from pipeline.cli.story import children, show_chain
from pipeline.errors import UsageError
from pipeline.model import CopyRow, StoryView

if TYPE_CHECKING:
    from pipeline.app import Pipeline

PROGRAM = "ONECOPY_PROGRAM"  # how the command was called, when a script stands in front of it
DEMO_HOSTS = "*.test"  # in fetch.connect_to of a demo's config.yaml
MOST_STORIES = 8

DirOption = Annotated[Path, typer.Option("--dir", metavar="DIR", help="Where to put the demo's config.yaml and store.")]


def demo(directory: DirOption = Path("onecopy-demo")) -> int:
    """Show the main job on bundled sites, offline.

    Crawls a small world of invented news sites, over real HTTP on this machine, and shows what came of it. Leaves a
    store to explore in DIR. Run again, it asks the same feeds again and finds nothing new.
    """
    from pipeline.app import Pipeline
    from pipeline.demo import load_world, serve, write_config

    _refuse_foreign(directory)
    out = stdout()
    world = load_world()
    with serve(world) as server:
        path = write_config(directory, server.address, world)
        out.print(f"{len(world.sites)} sites with {len(world.pages)} pages served on {server.address}; crawling ...")
        with Pipeline(path) as pipeline:
            with progress_bar() as progress:
                result = pipeline.crawl(everything=True, progress=progress)
            out.print()
            summarise(out, result)
            longest = _show_stories(out, pipeline)
    _show_next(out, path, longest)
    return exit_code(result)


def _refuse_foreign(directory: Path) -> None:
    """A folder with somebody's own configuration or store is left alone. Raises UsageError."""
    path = directory / configuration.DEFAULT_NAME
    if path.exists():
        if DEMO_HOSTS not in configuration.load(path).fetch.connect_to:
            raise UsageError(f"{path}: is not the demo's; choose another folder with --dir")
    elif (directory / "onecopy.db").exists():
        raise UsageError(f"{directory}: holds a store that is not the demo's; choose another folder with --dir")


def _show_stories(out: Out, pipeline: Pipeline) -> StoryView | None:
    """Stories that were published more than once, and the longest chain; returns its story."""
    found = pipeline.stories(copies=2, limit=1_000)
    if not found:
        return None
    shown = sorted(found, key=lambda row: -row.copies)[:MOST_STORIES]
    out.print(f"\n{len(found)} stories were published more than once. The {len(shown)} with the most copies:\n")
    show_rows(out, shown, as_json=False, none="")
    views = [pipeline.story(row.id) for row in found]
    # A text that went straight from hand to hand shows best what a chain is; a wire piece is a star.
    straight = [view for view in views if depth(view) == view.row.copies] or views
    longest = max(straight, key=lambda view: (view.row.copies, -view.row.id))
    out.print("\nOne of them, from hand to hand:\n")
    show_chain(out, longest)
    return longest


def depth(view: StoryView) -> int:
    """How many hands the text went through: the length of the longest path from a copy back to its source."""
    taken = children(view.members)

    def below(copy: CopyRow) -> int:
        return 1 + max((below(one) for one in taken.get(copy.article.url, ())), default=0)

    return max((below(copy) for copy in taken.get(None, ())), default=0)


def _show_next(out: Out, path: Path, view: StoryView | None) -> None:
    program = os.environ.get(PROGRAM) or "onecopy"
    start = f"{shlex.quote(program)} --config {shlex.quote(str(path))}"
    out.print("\nTo look around:\n")
    out.print(f"  {start} stories --copies 2")
    out.print(f"  {start} story {view.row.id if view else 1}")
    words = re.findall(r"\w+", view.row.title or "") if view else []
    out.print(f"  {start} search {max(words, key=len, default='the')}")
