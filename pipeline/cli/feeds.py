"""``onecopy feeds``: the subscriptions and their state; add, remove, OPML in and out."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from pipeline import config as configuration
from pipeline.cli.export import writing
from pipeline.cli.moments import until, when
from pipeline.cli.options import ConfigOption, JsonOption, OutOption, config_path, missing_store, opened
from pipeline.cli.output import complain, count, note, plain, stdout, write
from pipeline.errors import DocumentError, NoAnswer, OnecopyError, UsageError
from pipeline.model import Feed
from pipeline.urls import is_http, redact, site

if TYPE_CHECKING:
    from pipeline.app import Pipeline


class _Feeds(TyperGroup):
    """``feeds SITE --learned`` is ``feeds learned SITE``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if "--learned" in args:
            args = ["learned", *(one for one in args if one != "--learned")]
        return super().parse_args(ctx, args)


app = typer.Typer(rich_markup_mode=None, cls=_Feeds)

DEAD_AFTER = timedelta(days=30)
"""Of failures and no success. Such a feed is still asked, at the longest interval, and shown as dead."""

_BARE = re.compile(r"(?:[^\s/:@?#.]+\.)+[^\s/:@?#.]+(?::\d+)?(?:[/?#]\S*)?")  # example.com, example.com:8080/feed

NO_COUNTS: Mapping[str, int] = {"entries": 0, "articles": 0, "pending": 0, "failed": 0}

NameOption = Annotated[str | None, typer.Option(help="What to call it; else its own title.", show_default=False)]
FolderOption = Annotated[str | None, typer.Option(help="Where to keep it.", show_default=False)]
UrlArgument = Annotated[
    str,
    typer.Argument(metavar="URL", help="A feed, or a page that names one; without a scheme, https:// is tried first."),
]
AsIsOption = Annotated[bool, typer.Option("--as-is", help="Take the address as a feed's without looking there.")]
WhichArgument = Annotated[str, typer.Argument(metavar="NAME|URL", help="As `feeds` shows it.")]
SiteArgument = Annotated[str | None, typer.Argument(metavar="[SITE]", help="Its host, or an address on it; else all.")]
OpmlArgument = Annotated[
    str, typer.Argument(metavar="FILE|-", help="An OPML file, as feed readers export it; - reads stdin.")
]
UrlsOption = Annotated[bool, typer.Option("--urls", help="Also the address of each feed.")]


@app.callback(invoke_without_command=True)
def feeds(
    context: typer.Context, urls: UrlsOption = False, json: JsonOption = False, config: ConfigOption = None
) -> None:
    """List the feeds, or change the list."""
    context.find_root().obj = config_path(context, config)
    if context.invoked_subcommand is not None:
        return
    found, counts = _listed(context, config)
    out = stdout()
    if json:
        from pipeline.exchange import feed_record

        for feed in found:
            out.json(feed_record(feed, counts.get(feed.id, NO_COUNTS)))
    elif not found:
        out.print("There are no feeds yet; `onecopy feeds add URL` adds one.")
    else:
        headers = ["FEED", "STATE", "NEXT", "ENTRIES", "ARTICLES"]
        rows = [_row(feed, counts.get(feed.id, NO_COUNTS)) for feed in found]
        numbers = headers[3:]
        if urls:
            headers.append("URL")
            rows = [[*row, plain(redact(feed.url))] for row, feed in zip(rows, found, strict=True)]
        out.table(headers, rows, numbers=numbers)
        for feed in found:
            if feed.last_error:
                out.print()
                out.item(plain(called(feed)), plain(redact(feed.last_error)), plain(redact(feed.url)))


def _listed(context: typer.Context, config: Path | None) -> tuple[list[Feed], Mapping[int, Mapping[str, int]]]:
    """The feeds and their counts. A question makes no store: without one, those of the configuration, still new."""
    settings = configuration.load(configuration.find(config_path(context, config)))
    if missing_store(settings):
        named = [Feed(0, one.url, one.name or site(one.url), one.folder) for one in settings.feeds]
        return sorted(named, key=lambda one: one.name.casefold()), {}
    with opened(context, config) as pipeline:
        return sorted(pipeline.feeds.all(), key=lambda one: called(one).casefold()), pipeline.feeds.counts()


def called(feed: Feed) -> str:
    """What to call a feed before people: its name, or its own title where nobody named it."""
    return feed.title if feed.title and feed.name == site(feed.url) else feed.name


def _row(feed: Feed, counts: Mapping[str, int]) -> list[str]:
    numbers = [f"{counts[name]:,}" for name in ("entries", "articles")]
    return [plain(called(feed)), plain(state(feed)), until(feed.next_fetch_at) if feed.enabled else "never", *numbers]


def state(feed: Feed) -> str:
    """How the last fetch went, in a few words."""
    if not feed.enabled:
        return "off"
    if feed.failures:
        since = feed.failing_since
        if since is not None and datetime.now(UTC) - since >= DEAD_AFTER:
            return f"dead since {since.date()} ({feed.last_outcome})"
        times = f" ({feed.failures} times)" if feed.failures > 1 else ""
        return f"{feed.last_outcome or 'failed'}{times}"
    return f"{feed.last_outcome} {when(feed.last_fetched_at)}" if feed.last_fetched_at else "new"


@app.command()
def learned(
    context: typer.Context, site: SiteArgument = None, json: JsonOption = False, config: ConfigOption = None
) -> None:
    """Show what was learned of a site, or of all: lines that it repeats, and where its articles stand."""
    with opened(context, config, asking=True) as pipeline:
        found = pipeline.feeds.learned(site)
    out = stdout()
    if not found and not json:
        out.print("Nothing was learned yet; that takes ten articles of a site.")
    for one in found:
        if json:
            from pipeline.exchange import learned_record

            out.json(learned_record(one))
            continue
        where = f"articles stand in {one.place}" if one.place else "its newest pages do not agree where articles stand"
        from_pages = f"version {one.version}, from {count(one.pages, 'article')}, {when(one.learned_at)}"
        lines = [f"left out: {line.line} (on {line.pages})" for line in one.furniture]
        out.item(plain(one.site), plain(from_pages), *map(plain, [where, *lines]))


@app.command()
def add(
    context: typer.Context,
    url: UrlArgument,
    name: NameOption = None,
    folder: FolderOption = None,
    as_is: AsIsOption = False,
    config: ConfigOption = None,
) -> None:
    """Subscribe to the feed at an address, or to the one that the page there names.

    When nobody answers there, the address is taken as it is. One that is there already is turned on again if it was
    off, and renamed if a name is given.
    """
    with opened(context, config) as pipeline:
        known = {feed.url: feed for feed in pipeline.feeds.all()}
        at = next((one for one in _spelled(url) if one in known), None)
        if at is None:
            at = _spelled(url)[0] if as_is else _feed_at(pipeline, _spelled(url))
        feed = known.get(at)
        if feed is None:
            feed, what = pipeline.feeds.add(at, name, folder), "Added"
        else:
            before = feed
            if not before.enabled:
                pipeline.feeds.add(at)
            feed = pipeline.feeds.rename(at, name, folder)
            changes = _changes(before, feed)
            what = f"There already, now {changes}" if changes else "There already"
    stdout().print(plain(f"{what}: {called(feed)} <{redact(feed.url)}>"))


def _changes(before: Feed, now: Feed) -> str:
    """What changed of a feed that was there; "" when nothing did."""
    on = "" if before.enabled else "turned on again"
    name = f"called {now.name}" if now.name != before.name else ""
    folder = f"in {now.folder}" if now.folder != before.folder else ""
    return ", ".join(filter(None, (on, name, folder)))


def _spelled(url: str) -> tuple[str, ...]:
    """The addresses that a person may mean: without a scheme (``example.com/news``) that of either scheme."""
    return (f"https://{url}", f"http://{url}") if _BARE.fullmatch(url) else (url,)


def _feed_at(pipeline: Pipeline, urls: Sequence[str]) -> str:
    """The address of the one feed at the first of ``urls`` that can be read, the first where nobody answers.

    Raises UsageError when there is no feed, or a choice, or an address that is never asked; OnecopyError where
    somebody answers, with nothing that can be read.
    """
    if not all(map(is_http, urls)):
        return urls[0]  # and refused as every address of that kind is
    problems: dict[str, OnecopyError] = {}
    for url in urls:
        try:
            found = [address for address, _ in pipeline.find_feeds(url)]
        except UsageError as error:
            raise UsageError(f"{redact(url)}: {error}") from None
        except OnecopyError as error:
            problems[url] = error
        else:
            return _only(url, found)
    if not all(isinstance(error, NoAnswer) for error in problems.values()):
        said = "; ".join(f"{redact(url)}: {error}" for url, error in problems.items())
        raise OnecopyError(f"{said} (--as-is takes the address all the same)")
    note(f"{redact(urls[0])}: taken as it is, {problems[urls[0]]}")
    return urls[0]


def _only(url: str, found: Sequence[str]) -> str:
    if not found:
        raise UsageError(f"{redact(url)} is no feed, and names none")
    if len(found) > 1:
        listed = "".join(f"\n  {redact(address)}" for address in found)
        raise UsageError(f"{redact(url)} names {len(found)} feeds; add one of them:{plain(listed)}")
    return found[0]


@app.command()
def remove(context: typer.Context, which: WhichArgument, config: ConfigOption = None) -> None:
    """Unsubscribe from a feed; its articles stay. A feed in config.yaml is removed there."""
    with opened(context, config) as pipeline:
        feed = pipeline.feeds.remove(which)
    stdout().print(plain(f"Removed: {called(feed)} <{redact(feed.url)}>"))


@app.command("import")
def import_(context: typer.Context, file: OpmlArgument, config: ConfigOption = None) -> int:
    """Subscribe to the feeds of an OPML file. What cannot be taken is reported; 1 when nothing could."""
    with opened(context, config) as pipeline:
        known = {feed.id for feed in pipeline.feeds.all()}
        try:
            found, problems = pipeline.feeds.read_opml(_opml(file))
        except DocumentError as error:
            raise DocumentError(f"{file}: {error}") from error
    for problem in problems if found or problems else ["it names no feed"]:
        complain(f"{file}: {problem}")
    added = {feed.id for feed in found} - known
    stdout().print(f"{count(len(added), 'feed')} added, {len(found) - len(added)} there already.")
    return 0 if found else 1


def _opml(file: str) -> bytes:
    """The bytes of a file, or of stdin, no more than it takes to refuse them. Raises UsageError."""
    from pipeline.feeds.opml import MAX_BYTES

    try:
        with Path(file).open("rb") if file != "-" else sys.stdin.buffer as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{file}: cannot be read: {error.strerror}") from None


@app.command()
def export(context: typer.Context, out: OutOption = None, config: ConfigOption = None) -> None:
    """Write all subscriptions as OPML, without passwords."""
    with opened(context, config) as pipeline:
        document = pipeline.feeds.export_opml()
    if out is None:
        write(sys.stdout, document)
        return
    with writing(out) as stream:
        stream.write(document)
    note(f"{out}: written")
