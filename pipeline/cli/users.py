"""``onecopy users``: who may read from elsewhere, and their API tokens."""

from __future__ import annotations

import getpass
import sys
from typing import Annotated

import typer

from pipeline.cli.options import ConfigOption, JsonOption, opened
from pipeline.cli.output import note, plain, write
from pipeline.errors import UsageError

app = typer.Typer(help="Manage who may read: accounts and API tokens.", no_args_is_help=False)

LEAST_CHARACTERS = 8  # of a password, as NIST SP 800-63B asks at least

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The account's name.")]
StdinOption = Annotated[bool, typer.Option("--password-stdin", help="Read the password from stdin.")]


@app.callback(invoke_without_command=True)
def users(context: typer.Context, json: JsonOption = False, config: ConfigOption = None) -> None:
    """Manage who may read: accounts and API tokens."""
    if context.invoked_subcommand is not None:
        return
    with opened(context, config, asking=True) as pipeline:
        accounts = pipeline.store.accounts
        found = [(one, accounts.tokens(one.name)) for one in accounts.all()]
    if json:
        from pipeline.cli.output import stdout
        from pipeline.exchange import moment

        for one, tokens in found:
            listed = [{"id": each.id, "label": each.label, "created_at": moment(each.created_at)} for each in tokens]
            stdout().json({"name": one.name, "created_at": moment(one.created_at), "tokens": listed})
        return
    if not found:
        note("Nobody has an account; whoever sits at this machine reads without one")
    for one, tokens in found:
        write(sys.stdout, f"{plain(one.name)}\n")
        for each in tokens:
            write(sys.stdout, f"  token {each.id}  {plain(each.label)}  since {each.created_at:%Y-%m-%d}\n")


@app.command()
def add(context: typer.Context, name: NameArgument, stdin: StdinOption = False, config: ConfigOption = None) -> None:
    """Make an account; the first one takes over what was read before."""
    from pipeline.serve.identity import hash_password

    with opened(context, config) as pipeline:
        pipeline.store.accounts.add(name, hash_password(_password(stdin)))
    note(f"{name} can log in now")


@app.command()
def password(
    context: typer.Context, name: NameArgument, stdin: StdinOption = False, config: ConfigOption = None
) -> None:
    """Set a new password; all sessions of the account end."""
    from pipeline.serve.identity import hash_password

    with opened(context, config) as pipeline:
        pipeline.store.accounts.set_password(name, hash_password(_password(stdin)))
    note(f"{name} has a new password")


@app.command()
def remove(context: typer.Context, name: NameArgument, config: ConfigOption = None) -> None:
    """Delete an account with what it has read and starred."""
    with opened(context, config) as pipeline:
        pipeline.store.accounts.remove(name)
    note(f"{name} was removed")


@app.command()
def token(
    context: typer.Context,
    name: NameArgument,
    label: Annotated[str, typer.Option("--label", help="What it is for.")] = "token",
    config: ConfigOption = None,
) -> None:
    """Make an API token and print it; it is not shown again."""
    with opened(context, config) as pipeline:
        write(sys.stdout, pipeline.store.accounts.add_token(name, label) + "\n")


@app.command()
def revoke(
    context: typer.Context,
    name: NameArgument,
    number: Annotated[int, typer.Argument(metavar="TOKEN", help="Its number in `users`.")],
    config: ConfigOption = None,
) -> None:
    """Make a token worthless."""
    with opened(context, config) as pipeline:
        pipeline.store.accounts.remove_token(name, number)
    note(f"Token {number} of {name} was revoked")


def _password(stdin: bool) -> str:
    if stdin:
        given = sys.stdin.readline().rstrip("\n")
    else:
        given = _asked("Password: ")
        if _asked("Again: ") != given:
            raise UsageError("the two passwords are not the same")
    if len(given) < LEAST_CHARACTERS:
        raise UsageError(f"a password has at least {LEAST_CHARACTERS} characters")
    return given


def _asked(prompt: str) -> str:
    """What somebody types at a terminal, unseen. Raises UsageError where nobody can, or will."""
    hint = "--password-stdin reads it from stdin"
    if sys.stdin is None or not sys.stdin.isatty():
        raise UsageError(f"no terminal to ask for the password at; {hint}")
    try:
        return getpass.getpass(prompt)
    except EOFError:
        raise UsageError(f"no password was given; {hint}") from None
