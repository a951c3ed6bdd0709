"""``onecopy serve``: web pages, API, reader apps and feeds out, until told to stop."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.options import ConfigOption, opened
from pipeline.cli.output import note

HostOption = Annotated[
    str | None, typer.Option("--host", metavar="ADDRESS", help="Listen here (else serve.host).", show_default=False)
]
PortOption = Annotated[
    int | None, typer.Option("--port", min=0, max=65_535, help="Listen here (else serve.port).", show_default=False)
]


def serve(
    context: typer.Context, host: HostOption = None, port: PortOption = None, config: ConfigOption = None
) -> None:
    """Read it in a browser, an app or a program.

    Serves web pages, a JSON API, the Miniflux, Google Reader and Fever APIs for reader apps, and feeds. Listens on this
    machine only unless told otherwise; elsewhere, whoever reads needs an account (`onecopy users add NAME`). SIGTERM
    or Ctrl-C ends it, with 0. It crawls nothing by itself: that is the daemon's.
    """
    with opened(context, config) as pipeline:
        from pipeline.serve.processes import EndSignals
        from pipeline.serve.server import address, listening, run

        changes = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
        settings = pipeline.config.serve.model_copy(update=changes)
        bound = listening(pipeline, settings)
        with EndSignals() as signals:  # before anybody hears of it
            note(f"Served at {address(bound)}/ (Ctrl-C ends it)")
            try:
                run(pipeline, settings, bound, signals)
            finally:
                bound.close()
