"""``onecopy story``: one story whole, with the chain of who took it from whom."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.moments import local, span
from pipeline.cli.options import ConfigOption, JsonOption, opened, story_number
from pipeline.cli.output import Out, count, percent, plain, stdout
from pipeline.cli.why import show_why
from pipeline.model import CopyRow, Kind, Revision, Route, StoryView
from pipeline.moments import apart
from pipeline.versions import changes as changes_between

if TYPE_CHECKING:
    from rich.text import Text

_ADDRESS = re.compile(r"https?://[^\s,;]+")
_APART = f"{Route.BY_HAND}: kept apart from "
LONGEST_WORDS = 120  # of a credit line that is quoted

ChangesOption = Annotated[bool, typer.Option("--changes", help="Also what changed since each copy was first read.")]
WhyOption = Annotated[bool, typer.Option("--why", help="Also what joins each copy, in figures and passages.")]
IdArgument = Annotated[str, typer.Argument(metavar="ID", help="The number in front of a story in `stories`.")]


def story(
    context: typer.Context,
    number: IdArgument,
    changes: ChangesOption = False,
    why: WhyOption = False,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Show one story with its chain of copies.

    Each copy stands below the one it was taken from: when, how similar, by which evidence.
    """
    wanted = story_number(number)
    with opened(context, config, asking=True) as pipeline:
        view = pipeline.story(wanted)
        histories = [(copy, pipeline.history(copy)) for copy in view.members] if changes else []
        reasons = pipeline.why(view) if why else {}
        settings = pipeline.config.dedup
    out = stdout()
    if json:
        from pipeline.exchange import view_record, why_record

        record = view_record(view)
        for (_, before), member in zip(histories, record["members"], strict=False):
            member["before"] = [revision_record(one) for one in before]
        for copy, member in zip(view.members, record["members"], strict=True):
            if why:
                member["why"] = why_record(copy, reasons[copy.article.canonical_url], settings)
        out.json(record)
        return
    show_chain(out, view)
    for copy in view.members if why else ():
        show_why(out, view, copy, reasons[copy.article.canonical_url], settings)
    for copy, before in histories:
        show_changes(out, copy, before)
    if changes and not any(before for _, before in histories):
        out.print()
        out.print("Nothing changed: no copy read otherwise when it was fetched again.")


def revision_record(revision: Revision) -> dict[str, object]:
    """How a copy read before, with the keys of ``story ID --changes --json``."""
    return {
        "revision": revision.revision,
        "seen_at": revision.seen_at.isoformat().replace("+00:00", "Z"),
        "title": revision.title,
        "byline": list(revision.byline),
        "text": revision.text,
    }


def show_changes(out: Out, copy: CopyRow, before: Sequence[Revision]) -> None:
    """What each later version of a copy took out and put in; nothing for one that never changed."""
    article = copy.article
    now = Revision(article.revision, article.title, article.byline, article.text, article.first_seen_at)
    for old, new in pairwise((*before, now)):
        out.print()
        out.print(plain(f"{article.site}: version {old.revision}, seen {local(old.seen_at)}, became {new.revision}"))
        titles = changes_between(old.title or "", new.title or "")
        for change in (*titles, *changes_between(old.text, new.text)):
            out.print(plain(f"{change.sign} {change.text}"))


def show_chain(out: Out, view: StoryView) -> None:
    """The story's head and its copies as a tree, each below the one it was taken from."""
    from rich.text import Text
    from rich.tree import Tree

    row = view.row
    head = Text(plain(row.title or row.url), style="bold")
    by = ", ".join(row.byline) or (view.credit.author if view.credit else None)
    spread = f"{count(row.copies, 'copy', 'copies')} on {count(row.sites, 'site')}"
    facts = [f"story {row.id}", f"by {by}" if by else "", spread]
    by_url = {copy.article.url: copy for copy in view.members}
    head.append("\n" + plain(" · ".join(fact for fact in facts if fact)), style="not bold")
    for line in dict.fromkeys(line for copy in view.members for line in copy.evidence if line.startswith(_APART)):
        head.append("\n" + plain(line), style="not bold dim")
    tree = Tree(head, guide_style="dim")
    taken = children(view.members)
    todo = [(tree, copy) for copy in reversed(taken.get(None, ()))]
    while todo:  # no recursion: a chain may be as long as the store is large
        above, copy = todo.pop()
        branch = above.add(_label(copy, by_url), guide_style="dim")
        todo += [(branch, one) for one in reversed(taken.get(copy.article.url, ()))]
    out.print(tree)


def children(members: Sequence[CopyRow]) -> Mapping[str | None, Sequence[CopyRow]]:
    """Copies by the URL they were taken from; under None those that were taken from none of the others.

    A ring (which no decision should make) is opened at its first copy, so that every copy is reachable from None.
    """
    urls = {copy.article.url for copy in members}
    source = {copy.article.url: copy.copied_from if copy.copied_from in urls else None for copy in members}
    for url, above in source.items():
        seen, at = {url}, above
        while at is not None and at not in seen:
            seen.add(at)
            at = source[at]
        if at == url:
            source[url] = None  # the key is there already: iterating goes on undisturbed
    grouped: dict[str | None, list[CopyRow]] = {}
    for copy in members:
        grouped.setdefault(source[copy.article.url], []).append(copy)
    return grouped


def _label(copy: CopyRow, by_url: Mapping[str, CopyRow]) -> Text:
    from rich.text import Text

    article = copy.article
    label = Text(plain(article.site), style="bold")
    kind = Kind.ORIGINAL if copy.original else copy.kind
    label.append(f"  {kind}", style="not bold")
    if not copy.original and copy.similarity:
        label.append(f", {percent(copy.similarity)} like the original", style="not bold")
    if article.stub:
        label.append(", a stub: only what stands before a wall", style="not bold")
    source = by_url.get(copy.copied_from or "")
    lines = [_time(copy, source), _credit(copy, by_url), *_evidence(copy, by_url), article.url]
    for line in lines:
        if line:
            label.append("\n" + plain(line), style="not bold dim")
    return label


def _time(copy: CopyRow, source: CopyRow | None) -> str:
    """When it was published, and how long after the copy that it was taken from, where that is known."""
    at, seen = copy.article.published_at, copy.article.first_seen_at
    text = local(at) if at else f"first seen {local(seen)}"
    if source is None:
        return text
    lag = apart(copy.article, source.article)
    if lag is None:
        return text
    if not int(lag.total_seconds()):
        return f"{text}, at the same time"
    return f"{text}, {span(lag)} {'later' if lag.total_seconds() > 0 else 'earlier by its own date'}"


def _evidence(copy: CopyRow, by_url: Mapping[str, CopyRow]) -> list[str]:
    """Each piece of evidence once, with sites for addresses that the tree shows anyway.

    Not the credit line again, nor what a person keeps apart: that is said of the whole story, once.
    """
    line = copy.credit.line if copy.credit else None
    return [
        _ADDRESS.sub(lambda match: _site(match[0], by_url), one)
        for one in dict.fromkeys(copy.evidence)
        if (not line or line not in one) and not one.startswith(_APART)
    ]


def _site(url: str, by_url: Mapping[str, CopyRow]) -> str:
    known = by_url.get(url)
    return known.article.site if known else url


def _credit(copy: CopyRow, by_url: Mapping[str, CopyRow]) -> str:
    """Whom the copy is credited to, by which words, and where they stand when it is in another copy."""
    credit = copy.credit
    if credit is None:
        return ""
    whom = ", ".join(name for name in (credit.author, credit.publisher) if name)
    if not whom:
        return ""
    words = plain(credit.line or "")
    quoted = f": “{words[:LONGEST_WORDS]}{'…' if len(words) > LONGEST_WORDS else ''}”" if words else ""
    where = f" on {_site(credit.url, by_url)}" if words and credit.url and credit.url != copy.article.url else ""
    return f"credited to {whom} ({credit.basis}{where}{quoted})"
