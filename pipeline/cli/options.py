"""What several commands share: their options, and the pipeline that they open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline import config as configuration
from pipeline.errors import StoreError, UsageError

if TYPE_CHECKING:
    from pipeline.app import Pipeline

ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="PATH",
        help="The configuration file (else $ONECOPY_CONFIG, else ./config.yaml).",
        show_default=False,
    ),
]
AlwaysJsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, as it does without.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of text for people.")]
OutOption = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Write here instead of stdout.", show_default=False)
]

_SQLITE = "sqlite:///"


def config_path(context: typer.Context, config: Path | None) -> Path | None:
    """The --config of the command, else the one given before the command."""
    if config is not None:
        return config
    given = context.find_root().obj
    return given if isinstance(given, Path) else None


def story_number(text: str) -> int:
    """The number of a story, as a person wrote it. Raises UsageError."""
    if not (text.isascii() and text.isdigit()):
        raise UsageError(f"{text!r} is not a story's number: `onecopy stories` shows them")
    return int(text)


def missing_store(settings: configuration.Config) -> str | None:
    """The SQLite file that the configuration names and that is not there yet; None when it is, or on PostgreSQL."""
    name = settings.store.url.removeprefix(_SQLITE)
    return name if name != settings.store.url and not Path(name).exists() else None


@contextmanager
def opened(context: typer.Context, config: Path | None, *, asking: bool = False) -> Iterator[Pipeline]:
    """The pipeline that the options name. Raises ConfigError and StoreError.

    ``asking``: a question does not make a store; one that is not there is an error.
    """
    from pipeline.app import Pipeline

    settings = configuration.load(configuration.find(config_path(context, config)))
    if asking and (name := missing_store(settings)):
        raise StoreError(f"{name}: no store here yet; `onecopy crawl` or `onecopy import` makes one (or see --config)")
    with Pipeline(settings) as pipeline:
        yield pipeline
