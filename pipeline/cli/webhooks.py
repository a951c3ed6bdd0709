"""``onecopy webhooks``: where stories are announced, how that goes, and whether it would."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from pipeline.cli.options import ConfigOption, JsonOption, opened
from pipeline.cli.output import note, plain, write
from pipeline.errors import OnecopyError
from pipeline.urls import masked

app = typer.Typer(help="See and test where stories are announced.", no_args_is_help=False)


@app.callback(invoke_without_command=True)
def webhooks(context: typer.Context, json: JsonOption = False, config: ConfigOption = None) -> None:
    """List the webhooks of the configuration and how they are doing."""
    if context.invoked_subcommand is not None:
        return
    from pipeline.webhooks import health

    with opened(context, config) as pipeline:
        found = pipeline.webhooks.all()
    if json:
        from pipeline.cli.output import stdout
        from pipeline.exchange import webhook_record

        for one in found:
            stdout().json(webhook_record(one))
        return
    if not found:
        note("No webhooks in the configuration.")
    for one in found:
        counts = f"{one.sent:,} sent, {one.waiting:,} waiting, {one.lost:,} given up"
        write(sys.stdout, f"{plain(masked(one.url))}\n  {', '.join(one.events)}\n  {counts}\n  {plain(health(one))}\n")


@app.command()
def test(
    context: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="As in the configuration.")],
    config: ConfigOption = None,
) -> None:
    """Send a signed test message now; ends with 1 when it does not arrive."""
    with opened(context, config) as pipeline:
        problem = pipeline.webhooks.test(url)
    if problem is not None:
        raise OnecopyError(f"{masked(url)}: {problem}")
    note(f"{masked(url)} took the test message")


@app.command()
def secret() -> None:
    """Print a new secret, for the configuration and for the receiver."""
    from pipeline.webhooks import new_secret

    write(sys.stdout, new_secret() + "\n")
