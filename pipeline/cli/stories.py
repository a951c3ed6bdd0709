"""``onecopy stories``: every story once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from pipeline.cli.moments import parse_moment, when
from pipeline.cli.options import ConfigOption, JsonOption, opened
from pipeline.cli.output import Out, count, plain, stdout
from pipeline.model import StoryRow

CopiesOption = Annotated[int, typer.Option(min=1, metavar="N", help="Only stories with at least N copies.")]
SinceOption = Annotated[
    str | None, typer.Option(metavar="WHEN", help="Not older: 2025-06-30, 7d, 24h.", show_default=False)
]
UntilOption = Annotated[str | None, typer.Option(metavar="WHEN", help="Not newer.", show_default=False)]
SiteOption = Annotated[
    str | None, typer.Option(metavar="HOST|URL", help="With a copy on this site.", show_default=False)
]
AuthorOption = Annotated[str | None, typer.Option(metavar="NAME", help="By (part of) this name.", show_default=False)]
LimitOption = Annotated[int, typer.Option(min=1, metavar="N", help="At most N stories.")]


def stories(
    context: typer.Context,
    copies: CopiesOption = 1,
    since: SinceOption = None,
    until: UntilOption = None,
    site: SiteOption = None,
    author: AuthorOption = None,
    limit: LimitOption = 50,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """List stories, newest first, each once."""
    earliest = parse_moment(since, "--since") if since else None
    latest = parse_moment(until, "--until", end_of_day=True) if until else None
    with opened(context, config, asking=True) as pipeline:
        found = pipeline.stories(copies=copies, since=earliest, until=latest, site=site, author=author, limit=limit)
    show_rows(stdout(), found, as_json=json, none="No story fits.")


def show_rows(out: Out, rows: Sequence[StoryRow], *, as_json: bool, none: str) -> None:
    """Stories as JSON lines, or as two lines each: id and title, and what is known of it."""
    if as_json:
        from pipeline.exchange import story_record

        for row in rows:
            out.json(story_record(row))
        return
    if not rows:
        out.print(none)
    width = max((len(str(row.id)) for row in rows), default=0)
    for row in rows:
        out.item(str(row.id), plain(row.title or row.url), details(row), width=width)


def details(row: StoryRow) -> str:
    """Who, where, when and how often, on one line."""
    parts = [", ".join(row.byline), row.site, when(row.published_at or row.first_seen_at)]
    if row.copies > 1:
        parts.append(f"{count(row.copies, 'copy', 'copies')} on {count(row.sites, 'site')}")
    return " · ".join(plain(part) for part in parts if part)
