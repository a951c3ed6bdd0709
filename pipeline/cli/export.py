"""``onecopy export``: everything as JSON lines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import typer

from pipeline.cli.options import AlwaysJsonOption, ConfigOption, OutOption, opened
from pipeline.cli.output import Out, count, note, stdout
from pipeline.errors import UsageError
from pipeline.files import replacing


def export(
    context: typer.Context, out: OutOption = None, json: AlwaysJsonOption = True, config: ConfigOption = None
) -> None:
    """Write every article as a line of JSON.

    With its place in its story. `onecopy import` reads it back; into an empty store it gives the same groups.
    """
    del json  # who asks every reading command for it need not know that this one has nothing else
    from pipeline.exchange import export_lines

    with opened(context, config, asking=True) as pipeline:
        records = export_lines(pipeline.export(), pipeline.words.all())
        if out is None:
            target = stdout()
            for record in records:
                target.json(record)
            return
        written = 0
        with writing(out) as stream:
            target = Out(stream)
            for record in records:
                target.json(record)
                written += 1
    note(f"{out}: {count(written, 'article')}")


@contextmanager
def writing(path: Path) -> Iterator[TextIO]:
    """A stream whose text takes the place of ``path`` when the block succeeded.

    What is no regular file (a pipe, /dev/null) is written to directly. Raises UsageError and OSError.
    """
    if path.exists() and not path.is_file():
        try:
            opening = path.open("w", encoding="utf-8")
        except OSError as error:
            raise UsageError(f"{path}: cannot be written: {error.strerror}") from None
        with opening as stream:
            yield stream
        return
    with replacing(path) as part, part.open("w", encoding="utf-8") as stream:
        yield stream
        stream.flush()
