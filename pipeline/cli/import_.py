"""``onecopy import``: JSON lines in, by the same steps as after a crawl."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TextIO

import typer

from pipeline.cli.options import ConfigOption, JsonOption, opened
from pipeline.cli.output import Out, complain, count, stdout
from pipeline.errors import UsageError

MOST_FAILURES = 20  # shown to people; --json has all

FileArgument = Annotated[str, typer.Argument(metavar="FILE|-", help="JSON lines; - reads stdin.")]


def import_(context: typer.Context, file: FileArgument, json: JsonOption = False, config: ConfigOption = None) -> int:
    """Store articles from JSON lines.

    The keys are those of `export`; url and text (or html) are needed. A line that cannot be used is reported by its
    number, and the others go in; the exit code is then 1.
    """
    from pipeline.exchange import import_record
    from pipeline.importing import LONGEST_LINE

    with _stream(file) as stream, opened(context, config) as pipeline, _counter() as step:
        result = pipeline.import_lines(_lines(stream, LONGEST_LINE, step))
    name = "stdin" if file == "-" else file
    for failure in result.failures[:MOST_FAILURES]:
        complain(f"{name}:{failure.url.removeprefix('line ')}: {failure.message}")
    if len(result.failures) > MOST_FAILURES:
        complain(f"... and {count(len(result.failures) - MOST_FAILURES, 'more failure')}; --json lists all")
    if json:
        stdout().json(import_record(result))
    else:
        rows = [
            ("Lines", result.lines),
            ("New articles", result.new_articles),
            ("New stories", result.new_stories),
            ("Copies joined", result.joined),
            ("Revised", result.revised_articles),
            ("Words", result.words),
            ("Unchanged", result.unchanged_articles),
            ("Failures", len(result.failures)),
        ]
        _summarise(stdout(), [row for row in rows if row[1] or row[0] == "Lines"])
    return 1 if result.failures else 0


def _summarise(out: Out, rows: list[tuple[str, int]]) -> None:
    digits = max(len(f"{number:,}") for _, number in rows)
    label = max(len(name) for name, _ in rows)
    for name, number in rows:
        out.print(f"{name:<{label}}  {number:>{digits},}")


@contextmanager
def _stream(file: str) -> Iterator[TextIO]:
    """The file as text; what is not UTF-8 becomes lone surrogates, which cost their line only. Raises UsageError."""
    if file == "-":
        if sys.stdin is None:
            raise UsageError("stdin is closed")
        yield io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8-sig", errors="surrogateescape", newline="\n")
        return
    try:
        stream = Path(file).open(encoding="utf-8-sig", errors="surrogateescape", newline="\n")  # noqa: SIM115 - below
    except OSError as error:
        raise UsageError(f"{file}: cannot be read: {error.strerror}") from None
    with stream:
        yield stream


def _lines(stream: TextIO, longest: int, step: Callable[[int], None]) -> Iterator[str]:
    """Lines, none of them kept longer than it takes to refuse it."""
    number = 0
    while line := stream.readline(longest + 1):
        number += 1
        step(number)
        yield line
        while not line.endswith("\n") and len(line) > longest:  # the rest of a line that is refused
            line = stream.readline(longest + 1)
            if not line:
                return


@contextmanager
def _counter() -> Iterator[Callable[[int], None]]:
    """A running count on stderr, on a terminal only."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(file=sys.stderr).status("importing") as status:
        yield lambda number: status.update(f"importing: {count(number, 'line')}") if number % 100 == 0 else None
