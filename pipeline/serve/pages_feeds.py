"""Web pages: feeds and their health, adding one from any page, OPML, and the redundancy report."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import groupby
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Form, UploadFile
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from pipeline.errors import OnecopyError
from pipeline.model import Feed
from pipeline.serve.identity import AReader
from pipeline.serve.picture import network_svg
from pipeline.serve.problems import Problem
from pipeline.serve.service import AService, Service
from pipeline.serve.templating import page
from pipeline.urls import redact

router: Final = APIRouter()


def health(feed: Feed) -> tuple[str, str]:
    """How a feed is doing: a word for the style ("good", "bad", "off", "new") and words for people."""
    if not feed.enabled:
        return "off", "switched off"
    if feed.failures:
        return "bad", f"failed {feed.failures} times" if feed.failures > 1 else "failed"
    if feed.last_fetched_at is None:
        return "new", "not fetched yet"
    return "good", feed.last_outcome or "ok"


@router.get("/feeds")
def feeds(request: Request, service: AService, reader: AReader) -> Response:
    """All feeds, by folder, with health and the time of the next fetch."""
    counts = service.store.shelf.feed_counts(reader.account.id)
    entries = service.kept("entries", service.store.feeds.counts, 10.0)
    rows = [
        (one, redact(one.url), health(one), counts.get(one.id, (0, 0)), entries.get(one.id, {}))
        for one in service.store.feeds.all()
    ]
    rows.sort(key=lambda row: (row[0].folder or "", row[0].name.casefold()))
    groups = [(folder, list(inside)) for folder, inside in groupby(rows, key=lambda row: row[0].folder or "")]
    return page(
        request,
        "feeds.html",
        reader,
        groups=groups,
        notice=request.query_params.get("notice", "")[:300],
        crawl=service.crawls.state(),
        folders=[folder for folder, _ in groups if folder],
        now=datetime.now(UTC).replace(second=0, microsecond=0),
    )


def _notice(text: str) -> Response:
    return RedirectResponse(f"/feeds?{urlencode({'notice': text})}", 303)


@router.post("/feeds/add")
def add(
    request: Request,
    service: AService,
    reader: AReader,
    url: Annotated[str, Form(max_length=2_000)],
    folder: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Subscribe to the feed at an address, or to the one that the page there names; several are offered."""
    url = url.strip() if "://" in url else f"https://{url.strip()}"
    try:
        found = service.pipeline.find_feeds(url)
    except OnecopyError as error:
        return page(request, "choose.html", reader, 502, url=url, found=[], folder=folder, problem=redact(str(error)))
    if len(found) != 1:
        problem = None if found else "This page names no feed."
        status = 200 if found else 404
        return page(request, "choose.html", reader, status, url=url, found=found, folder=folder, problem=problem)
    return _subscribe(service, found[0][0], found[0][1], folder)


@router.post("/feeds/choose")
def choose(
    service: AService,
    _reader: AReader,
    url: Annotated[str, Form(max_length=2_000)],
    title: Annotated[str, Form(max_length=500)] = "",
    folder: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Subscribe to exactly this address."""
    return _subscribe(service, url, title, folder)


def _subscribe(service: Service, url: str, title: str, folder: str) -> Response:
    feed = service.pipeline.feeds.add(url, title.strip()[:200] or None, folder.strip() or None)
    if service.crawls.start([feed.url]):
        return _notice(f"{feed.name} was added and is being fetched.")
    return _notice(f"{feed.name} was added; it is fetched next.")


@router.post("/feeds/{feed}/remove")
def remove(service: AService, _reader: AReader, feed: int) -> Response:
    """Unsubscribe; the stories stay."""
    name = _find(service, feed).name
    service.pipeline.feeds.remove(_find(service, feed).url)
    return _notice(f"{name} was removed; its stories stay.")


@router.post("/feeds/crawl")
def crawl(service: AService, _reader: AReader, feed: Annotated[int | None, Form()] = None) -> Response:
    """Fetch one feed now, or all that are due."""
    started = service.crawls.start([_find(service, feed).url] if feed is not None else None)
    return _notice("Fetching; new stories appear as they are read." if started else "A crawl is under way already.")


@router.post("/feeds/opml")
def opml_up(service: AService, _reader: AReader, file: UploadFile) -> Response:
    """Subscribe to everything in an OPML file."""
    added, problems = service.pipeline.feeds.read_opml(file.file.read())
    said = f"{len(added)} feeds are in your list now." + (
        f" {len(problems)} entries cannot be used." if problems else ""
    )
    return _notice(said)


@router.get("/feeds.opml")
def opml_down(service: AService, _reader: AReader) -> Response:
    """All subscriptions."""
    headers = {"Content-Disposition": 'attachment; filename="onecopy.opml"'}
    return Response(service.pipeline.feeds.export_opml(), media_type="text/x-opml", headers=headers)


@router.get("/redundancy")
def redundancy(request: Request, service: AService, reader: AReader) -> Response:
    """How much of each feed is known from elsewhere, who is first, and which sites repeat each other."""
    names = {one.id: one for one in service.store.feeds.all()}
    report = [
        (names[one.feed_id], one)
        for one in service.kept("overlap", service.store.overlaps.of_feeds)
        if one.feed_id in names
    ]
    report.sort(key=lambda row: (-row[1].late / max(1, row[1].stories), -row[1].shared, row[0].name))
    pairs = service.kept("pairs", service.store.overlaps.of_sites)
    picture = Markup(network_svg(pairs))  # noqa: S704  # names are escaped in it
    return page(request, "redundancy.html", reader, report=report, pairs=pairs[:30], picture=picture)


def _find(service: Service, feed_id: int) -> Feed:
    found = {one.id: one for one in service.store.feeds.all()}.get(feed_id)
    if found is None:
        raise Problem(404, f"no feed {feed_id}")
    return found
