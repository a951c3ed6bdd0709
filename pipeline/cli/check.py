"""``onecopy check``: do we have this text already? The exit code is the answer."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import ConfigOption, JsonOption, opened
from pipeline.cli.output import Out, count, note, percent, plain, stdout
from pipeline.errors import DocumentError, OnecopyError, UsageError
from pipeline.model import StoryRow

if TYPE_CHECKING:
    from pipeline.app import Pipeline
    from pipeline.exchange import Known

NOT_KNOWN = 1
MOST_STORIES = 10  # shown to people, each with at most so many copies; --json has all
MOST_COPIES = 5

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
            stories = [pipeline.story(number).row for number in _numbers(found)]
            empty = not found and not pipeline.stories(limit=1)
    except OnecopyError as error:
        raise _Trouble(str(error)) from error
    out = stdout()
    if json:
        from pipeline.exchange import check_record

        for known in found:
            out.json(check_record(known))
    else:
        _show(out, stories, found)
    if empty:
        note("The store is empty: no article was stored yet.")
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
    try:
        return pipeline.read_text(body)
    except DocumentError as error:
        raise DocumentError(f"{'stdin' if what == '-' else what}: {error}") from error


def _numbers(found: list[Known]) -> list[int]:
    """The stories of which copies are known, the best first, as many as are shown."""
    return list(dict.fromkeys(known.copy.story for known in found))[:MOST_STORIES]


def _show(out: Out, stories: list[StoryRow], found: list[Known]) -> None:
    """A story once, with its copies that hold the text below, the original first."""
    if not found:
        out.print("Not known.")
        return
    out.print("Known:")
    for story in stories:
        copies = sorted((one for one in found if one.copy.story == story.id), key=lambda one: not one.copy.original)
        lines = [f"{count(story.copies, 'copy', 'copies')} on {count(story.sites, 'site')}"]
        lines += map(_figures, copies[:MOST_COPIES])
        if len(copies) > MOST_COPIES:
            lines.append(f"and {count(len(copies) - MOST_COPIES, 'more copy', 'more copies')}; --json lists all")
        out.item(f"story {story.id}", plain(story.title or story.url), *lines)


def _figures(known: Known) -> str:
    """What the text is to one copy. Of a part, how much of it stands there says more than how alike the two are."""
    article = known.copy.article
    alike = f"{percent(known.similarity)} alike"
    if known.known_as in ("excerpt", "contained"):
        alike = f"{percent(known.containment)} of your text stands there, {percent(known.coverage)} of that in yours"
    return plain(f"{article.site}: {known.known_as}, {alike} · {article.url}")
