"""The program: its commands, and what becomes of every error."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from typing import Annotated

import typer
from typer.main import get_command

from pipeline.cli import (
    INTERRUPTED,
    backup,
    check,
    crawl,
    daemon,
    demo,
    export,
    feeds,
    import_,
    regroup,
    review,
    search,
    serve,
    stories,
    story,
    users,
    webhooks,
    words,
)
from pipeline.cli.options import ConfigOption
from pipeline.cli.output import PIPE_CLOSED, abandon, complain, prepare_streams, version
from pipeline.errors import OnecopyError

DEBUG = "ONECOPY_DEBUG"

app = typer.Typer(
    name="onecopy",
    epilog="Start with: onecopy demo",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"onecopy {version()}")  # noqa: T201 - the one line that --version is for
        raise typer.Exit


@app.callback()
def program(
    context: typer.Context,
    config: ConfigOption = None,
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    """Every story once; every reprint accounted for."""
    context.obj = config


# In the order in which they are met; --help keeps it.
app.command()(demo.demo)
app.command()(crawl.crawl)
app.command()(daemon.daemon)
app.command()(serve.serve)
app.command()(stories.stories)
app.command()(story.story)
app.command()(search.search)
app.command()(check.check)
app.command()(words.merge)
app.command()(words.split)
app.command("never-merge")(words.never_merge)
app.add_typer(words.app, name="words")
app.command()(review.review)
app.command()(regroup.regroup)
app.add_typer(feeds.app, name="feeds")
app.add_typer(users.app, name="users")
app.add_typer(webhooks.app, name="webhooks")
app.command("import")(import_.import_)
app.command()(export.export)
app.command()(backup.backup)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; errors end as one line on stderr."""
    prepare_streams()
    code = _guarded(arguments)
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        abandon(sys.stdout)
        return PIPE_CLOSED
    except OSError as error:
        abandon(sys.stdout)
        complain(f"cannot write the output: {error.strerror}")
        return code or 1
    return code


def _guarded(arguments: Sequence[str] | None) -> int:
    try:
        code = get_command(app).main(arguments, prog_name="onecopy", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except KeyboardInterrupt:
        return INTERRUPTED
    except SystemExit as error:  # shell completion ends so
        return error.code if isinstance(error.code, int) else 0
    except Exception as error:
        if os.environ.get(DEBUG):
            traceback.print_exception(error)
        return explain(error)


def explain(error: Exception) -> int:
    """Say in one line what went wrong; returns the exit code that it deserves."""
    if isinstance(error, OnecopyError):
        for line in str(error).splitlines():  # a configuration may have several mistakes: one line each
            complain(line)
        return error.exit_code
    if isinstance(error, typer.TyperException):
        _explain_usage(error)
        return error.exit_code
    if isinstance(error, OSError):
        what = f"{error.filename}: " if error.filename else ""
        complain(f"{what}{error.strerror or error}")
        return 1
    complain(f"unexpected {type(error).__name__}: {error} (set {DEBUG}=1 to see where)")
    return 1


def _explain_usage(error: typer.TyperException) -> None:
    context = getattr(error, "ctx", None)
    message = error.format_message()
    if context is not None and message == context.get_help():  # called without arguments
        sys.stderr.write(message + "\n")
        return
    command = context.command_path if context is not None else "onecopy"
    complain(f"{message.rstrip('.')} (see `{command} --help`)")
