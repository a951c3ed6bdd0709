"""``onecopy export``: everything as JSON lines."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import typer

from pipeline.cli.options import ConfigOption, OutOption, opened
from pipeline.cli.output import Out, count, note, stdout
from pipeline.errors import UsageError


def export(context: typer.Context, out: OutOption = None, config: ConfigOption = None) -> None:
    """Write every article as a line of JSON.

    With its place in its story. `onecopy import` reads it back; into an empty store it gives the same groups.
    """
    from pipeline.exchange import export_lines

    with opened(context, config, asking=True) as pipeline:
        records = export_lines(pipeline.export(), pipeline.words.all())
        if out is None:
            target = stdout()
            for record in records:
                target.json(record)
            return
        written = 0
        with replacing(out) as stream:
            target = Out(stream)
            for record in records:
                target.json(record)
                written += 1
    note(f"{out}: {count(written, 'article')}")


@contextmanager
def replacing(path: Path) -> Iterator[TextIO]:
    """A file to write in place of ``path``, which is replaced only when the block succeeded.

    What is no regular file (a pipe, /dev/null) is written to directly. Raises UsageError and OSError.
    """
    if path.exists() and not path.is_file():
        with path.open("w", encoding="utf-8") as stream:
            yield stream
        return
    path = path.resolve()  # a symbolic link stays one
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from None
    part = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        mode = path.stat().st_mode if path.exists() else 0o666 & ~_umask()
        part.chmod(mode)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
