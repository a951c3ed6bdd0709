"""What reaches the terminal: every text from the web is made harmless here, and nowhere else.

People get lines laid out by Rich, without its markup language (a title may hold ``[red]``), without colour codes where
nobody sees colours, and folded to the width of a terminal only: in a pipe a line stays a line. Machines get JSON.
"""

from __future__ import annotations

import io
import json
import os
import re
import sys
from collections.abc import Sequence
from typing import IO, TYPE_CHECKING, Any, Literal, TextIO

import typer

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

PIPE_CLOSED = 141  # 128 + SIGPIPE, as shells report it
UNFOLDED = 10_000  # columns: in a pipe no line is folded or cut
NARROWEST = 40  # columns; below, folding makes things worse

# Escape sequences of ECMA-48 in seven and eight bits: CSI, the strings (OSC, DCS, SOS, PM, APC), two-character ones.
_SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"
    r"|\x1b.?",
    re.DOTALL,
)
# C0, DEL and C1 controls, line and paragraph separators, the bidi controls that can disguise a line (Unicode UTR 36
# §2.6), byte order marks, and lone surrogates, which no encoding can write.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)
_SPACES = re.compile(r"\s+")


def plain(text: str) -> str:
    """``text`` as one harmless line: no control characters, no escape sequences, no bidi overrides."""
    folded = _SPACES.sub(" ", _SEQUENCE.sub("", text))  # line breaks and tabs are spaces before they are unsafe
    return _SPACES.sub(" ", _UNSAFE.sub("", folded)).strip()


def count(number: int, one: str, many: str | None = None) -> str:
    """``1 story``, ``1,200 stories``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def percent(share: float) -> str:
    """``72%``, rounded as two decimals are: beside ``0.72`` in a line of evidence it is the same figure."""
    return f"{float(f'{share:.2f}'):.0%}"


def to_json(record: Any, *, ascii_only: bool = False) -> str:
    """One line of JSON. What a terminal might obey is escaped, so that the value stays as it is."""
    line = json.dumps(record, ensure_ascii=ascii_only, allow_nan=False)
    return _UNSAFE.sub(lambda match: _escape(match[0]), line)


def _escape(character: str) -> str:
    return json.dumps(character)[1:-1] if character != "\x7f" else "\\u007f"  # json leaves DEL as it is


def version() -> str:
    """The version that is installed; "unknown" where the source runs without having been installed."""
    from importlib import metadata

    try:
        return metadata.version("onecopy")
    except metadata.PackageNotFoundError:
        return "unknown"


class Out:
    """One output stream of a command."""

    def __init__(self, stream: TextIO) -> None:
        from rich.console import Console

        self._stream = stream
        self.terminal = stream.isatty()
        # Rich only lays out; it writes to a buffer, so that every failed write of the stream meets one place: write().
        layout = io.TextIOWrapper(io.BytesIO(), encoding=stream.encoding or "utf-8")
        force = True if self.terminal else None
        self.console: Console = Console(
            file=layout, force_terminal=force, markup=False, highlight=False, emoji=False, legacy_windows=False
        )
        self.console.width = max(self.console.width, NARROWEST) if self.terminal else UNFOLDED

    def print(self, what: RenderableType = "") -> None:
        """Print a Rich renderable whose texts went through :func:`plain`; no spaces at the ends of lines."""
        with self.console.capture() as captured:
            self.console.print(what)
        text = captured.get()
        write(self._stream, text if self.terminal else re.sub(r" +$", "", text, flags=re.MULTILINE))

    def item(self, label: str, title: str, *details: str, width: int = 0) -> None:
        """A label, a title beside it, and details below the title; folded lines keep their indent."""
        from rich.text import Text

        indent = max(width, len(label)) + 2
        self._hanging(f"{label:>{indent - 2}}  ", indent, Text(title, style="bold"))
        for detail in details:
            self._hanging(" " * indent, indent, Text(detail, style="dim"))

    def _hanging(self, first: str, indent: int, text: Text) -> None:
        from rich.text import Text

        lead = first
        for line in text.wrap(self.console, self.console.width - indent):
            self.print(Text.assemble(lead, line))
            lead = " " * indent

    def table(self, headers: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[str] = ()) -> None:
        """Aligned columns, those named in ``numbers`` to the right; on a narrow terminal the first one gives way."""
        from rich.cells import cell_len
        from rich.table import Table

        table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
        for header in headers:
            justify: Literal["left", "right"] = "right" if header in numbers else "left"
            widest = max(len(header), *(cell_len(row[len(table.columns)]) for row in rows))
            least = 12 if not table.columns else widest
            table.add_column(header, justify=justify, no_wrap=True, overflow="ellipsis", min_width=min(least, widest))
        for row in rows:
            table.add_row(*row)
        self.print(table)

    def json(self, record: Any) -> None:
        """One JSON document on one line, in UTF-8, or in ASCII where the stream is neither."""
        unicode_stream = (self._stream.encoding or "").lower().startswith("utf")
        write(self._stream, to_json(record, ascii_only=not unicode_stream) + "\n")


def stdout() -> Out:
    """Results."""
    return Out(sys.stdout)


def complain(message: str) -> None:
    """One line to stderr, named after the program."""
    if sys.stderr is not None:
        write(sys.stderr, f"onecopy: {plain(message)}\n")


def note(message: str) -> None:
    """One line to stderr."""
    if sys.stderr is not None:
        write(sys.stderr, f"{plain(message)}\n")


def write(stream: IO[str], text: str) -> None:
    """Write; when the reader went away (``| head``), end quietly. Raises typer.Exit for that, OSError otherwise."""
    try:
        stream.write(text)
    except BrokenPipeError:
        abandon(stream)
        raise typer.Exit(PIPE_CLOSED) from None
    except OSError:
        abandon(stream)  # it is said once, here
        raise


def abandon(stream: IO[str]) -> None:
    """Lead a stream whose reader went away to nowhere, so that flushing it at the end fails no more."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def prepare_streams() -> None:
    """Make stdout and stderr usable whatever the caller closed and whatever the locale can write."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123  # open until the process ends
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
