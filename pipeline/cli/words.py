"""``onecopy merge``, ``split``, ``never-merge``, ``words``: what a person says about stories, above what texts say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.moments import local
from pipeline.cli.options import ConfigOption, JsonOption, config_path, opened
from pipeline.cli.output import Out, count, plain, stdout
from pipeline.model import Verb, Word

if TYPE_CHECKING:
    from pipeline.wordbook import Said

app = typer.Typer(rich_markup_mode=None)

SHOWN = 3  # addresses of a word in the list; --json has all

StoryArgument = Annotated[str, typer.Argument(metavar="STORY", help="Its number, or the address of a copy.")]
CopiesArgument = Annotated[list[str], typer.Argument(metavar="URL...", help="The copies that don't belong there.")]
WhatArgument = Annotated[
    list[str], typer.Argument(metavar="STORY|URL...", help="Numbers of stories or addresses of articles.")
]
NumbersArgument = Annotated[list[int], typer.Argument(metavar="NUMBER...", help="As `words` shows them.")]


def merge(context: typer.Context, what: WhatArgument, json: JsonOption = False, config: ConfigOption = None) -> None:
    """Say that these are one story.

    It lasts, whatever the texts say, and holds for articles that are not stored yet as well. `words` lists what was
    said and takes it back.
    """
    with opened(context, config, asking=True) as pipeline:
        said = pipeline.words.merge(*map(_number_or_url, what))
    _show(stdout(), said, json)


def split(
    context: typer.Context,
    story: StoryArgument,
    urls: CopiesArgument,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Say that these copies do not belong to a story.

    They leave it and do not come back; what they are to each other, their texts decide.
    """
    with opened(context, config, asking=True) as pipeline:
        said = pipeline.words.split(_number_or_url(story), *urls)
    _show(stdout(), said, json)


def never_merge(
    context: typer.Context, what: WhatArgument, json: JsonOption = False, config: ConfigOption = None
) -> None:
    """Say that no two of these are one story, now or later.

    Of a story it is the original that is kept apart.
    """
    with opened(context, config, asking=True) as pipeline:
        said = pipeline.words.never_merge(*map(_number_or_url, what))
    _show(stdout(), said, json)


@app.callback(invoke_without_command=True)
def words(context: typer.Context, json: JsonOption = False, config: ConfigOption = None) -> None:
    """List what people said about stories, or take it back."""
    context.find_root().obj = config_path(context, config)
    if context.invoked_subcommand is not None:
        return
    with opened(context, config, asking=True) as pipeline:
        said, overruled = pipeline.words.all(), pipeline.words.overruled()
    out = stdout()
    if json:
        from pipeline.exchange import word_record

        for word in said:
            out.json(word_record(word) | {"id": word.id, "overruled_by": list(overruled.get(word.id, ()))})
    elif not said:
        out.print("Nobody said anything yet; see `onecopy merge --help`, `split` and `never-merge`.")
    else:
        digits = max(len(str(word.id)) for word in said)
        for word in said:
            out.item(str(word.id), _headline(word, overruled.get(word.id)), *_addresses(word), width=digits)


@app.command()
def remove(context: typer.Context, numbers: NumbersArgument, config: ConfigOption = None) -> None:
    """Take words back. What they changed is decided anew; earlier words that they overruled hold again."""
    with opened(context, config, asking=True) as pipeline:
        gone = pipeline.words.take_back(*numbers)
        homes = [pipeline.words.homes(word) for word in gone]
    out = stdout()
    for word, stories in zip(gone, homes, strict=True):
        out.print(plain(f"Taken back: {word.id} {word.verb} {' '.join(word.urls)}"))
        _show_homes(out, stories)


def _number_or_url(what: str) -> int | str:
    return int(what) if what.isascii() and what.isdigit() else what


def _show(out: Out, said: Said, as_json: bool) -> None:
    """What was said, what that replaced, and where the articles are now."""
    if as_json:
        from pipeline.exchange import word_record

        record = word_record(said.word) | {
            "id": said.word.id,
            "replaced": [word.id for word in said.replaced],
            "stories": dict(said.stories),
        }
        out.json(record)
        return
    out.print(f"Word {said.word.id}: {said.word.verb}")
    _show_homes(out, said.stories)
    for word in said.replaced:
        out.print(plain(f"It replaces word {word.id}: {word.verb} {' '.join(word.urls)}"))


def _show_homes(out: Out, stories: Sequence[tuple[str, int | None]]) -> None:
    for url, story in stories:
        out.item(f"story {story}" if story else "not stored yet", plain(url), width=2)


def _headline(word: Word, later: Sequence[int] | None) -> str:
    note = ""
    if later is not None:
        note = f", overruled by {', '.join(map(str, later))}" if later else ", overruled"
    return f"{word.verb}, {local(word.said_at)}{', in review' if word.source == 'review' else ''}{note}"


def _addresses(word: Word) -> list[str]:
    lines = [plain(url) for url in word.urls[:SHOWN]]
    if len(word.urls) > SHOWN:
        lines.append(f"and {len(word.urls) - SHOWN} more")
    if word.verb is Verb.SPLIT:
        lines.append(f"apart from {count(len(word.others), 'copy', 'copies')}: {plain(word.others[0])}, ...")
    return lines
