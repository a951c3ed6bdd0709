"""``onecopy check``: do we have this text already? The exit code is the answer."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import ConfigOption, JsonOption, opened
from pipeline.cli.output import Out, plain, stdout
from pipeline.errors import OnecopyError, UsageError
from pipeline.model import CopyRow

if TYPE_CHECKING:
    from pipeline.app import Pipeline

NOT_KNOWN = 1
MOST_SHOWN = 10

WhatArgument = Annotated[
    str, typer.Argument(metavar="FILE|URL|-", help="A text or HTML file, a page on the web, or stdin.")
]


class _Trouble(OnecopyError):
    """A question that got no answer: code 1 would say "not known"."""

    exit_code = 2


def check(context: typer.Context, what: WhatArgument, json: JsonOption = False, config: ConfigOption = None) -> int:
    """Ask whether a text is in the store already.

    Whole, as an excerpt, or inside another one. The exit code is the answer, as grep gives it: 0 known, 1 not known,
    2 trouble.
    """
    try:
        with opened(context, config, asking=True) as pipeline:
            text, title = _text(pipeline, what)
            if not text.strip():
                raise UsageError(f"{what}: holds no text")
            found = pipeline.check(text, title)
    except OnecopyError as error:
        raise _Trouble(str(error)) from error
    out = stdout()
    if json:
        from pipeline.exchange import check_record

        for known in found:
            out.json(check_record(*known))
    else:
        _show(out, found)
    return 0 if found else NOT_KNOWN


def _text(pipeline: Pipeline, what: str) -> tuple[str, str | None]:
    if what.lower().startswith(("http://", "https://")):
        return pipeline.fetch_text(what)
    limit = pipeline.config.fetch.max_page_bytes
    try:
        if what == "-":
            body = sys.stdin.buffer.read(limit + 1)
        else:
            with Path(what).open("rb") as stream:
                body = stream.read(limit + 1)
    except OSError as error:
        raise UsageError(f"{what}: cannot be read: {error.strerror}") from None
    if len(body) > limit:
        raise UsageError(f"{what}: larger than fetch.max_page_bytes ({limit:,})")
    return pipeline.read_text(body)


def _show(out: Out, found: list[tuple[CopyRow, str, float]]) -> None:
    if not found:
        out.print("Not known.")
        return
    out.print("Known:")
    for copy, kind, similarity in found[:MOST_SHOWN]:
        article = copy.article
        facts = f"{plain(article.site)} · {kind}, {similarity:.0%} alike · {plain(article.url)}"
        out.item(f"story {copy.story}", plain(article.title or article.url), facts)
