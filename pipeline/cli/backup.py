"""``onecopy backup``: the whole store in one file, at any time."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.options import ConfigOption, opened
from pipeline.cli.output import note


def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to; it is replaced when all is written.")],
    config: ConfigOption = None,
) -> None:
    """Copy the whole store to FILE, also during a crawl.

    FILE is a store itself: to restore it, stop onecopy and put it where store.url says.
    """
    with opened(context, config, asking=True) as pipeline:
        pipeline.backup(file)
    note(f"{file}: {file.stat().st_size / 1e6:,.1f} MB")
