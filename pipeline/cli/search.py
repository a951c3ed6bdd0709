"""``onecopy search``: full text, each story once."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.options import ConfigOption, JsonOption, opened
from pipeline.cli.output import stdout
from pipeline.cli.stories import LimitOption, show_rows

QueryArgument = Annotated[list[str], typer.Argument(metavar="QUERY...", help="Words that all have to occur.")]


def search(
    context: typer.Context,
    query: QueryArgument,
    limit: LimitOption = 20,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Find stories by their words, best first."""
    with opened(context, config, asking=True) as pipeline:
        found = pipeline.search(" ".join(query), limit)
    show_rows(stdout(), found, as_json=json, none="No story holds all of these words.")
