"""Web pages: the stream, search, one story, what its copies changed, logging in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Form
from markupsafe import Markup
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from pipeline.errors import UnknownName
from pipeline.model import CopyRow, StoryFilter
from pipeline.moments import read_moment
from pipeline.serve.api import version
from pipeline.serve.asking import QUERY, cursor, offset_of, position, query_of
from pipeline.serve.content import shown
from pipeline.serve.identity import COOKIE, SESSION_S, AReader
from pipeline.serve.picture import chain_svg, source_of
from pipeline.serve.problems import Problem
from pipeline.serve.service import AService
from pipeline.serve.templating import page
from pipeline.serve.texts import side_by_side, summary, titles
from pipeline.serve.wishes import Stream, View, read_query
from pipeline.webhooks import health

router: Final = APIRouter()


def back_to(given: str | None) -> str:
    """``given`` when it is a path of this server, else the stream: nobody is led elsewhere by a link to us."""
    parts = urlsplit(given or "/")
    safe = not parts.scheme and not parts.netloc and (given or "/").startswith("/") and "\\" not in (given or "")
    return (given or "/") if safe and not (given or "").startswith("//") else "/"


# --- the stream ---


@router.get("/")
def stream(request: Request, service: AService, reader: AReader) -> Response:
    """Stories, newest first or best first, one entry each."""
    params, settings = request.query_params, service.settings
    feeds = service.kept("feeds", service.store.feeds.all, 5.0)
    view = read_query(Stream, params)
    wanted = view.filter(lambda: feeds, settings.page_size + 1)
    skipped = offset_of(view.after) if wanted.text else 0
    if not wanted.text:
        wanted = replace(wanted, older_than=position(view.after))
    found = service.store.shelf.page(wanted, reader.account.id, skipped)
    more = len(found) > settings.page_size
    found = found[: settings.page_size]
    following = (
        (str(skipped + len(found)) if wanted.text else cursor(found[-1].sort_at, found[-1].row.id)) if more else None
    )
    entries = shown(service.store, found, settings, texts=False)
    here = query_of(params)
    saved = service.store.searches.all(reader.account.id)
    kept = next((one for one in saved if one.query == here), None)
    return page(
        request,
        "stream.html",
        reader,
        stories=entries,
        following=query_of(params, after=following) if following else None,
        feed_query=f"saved={kept.id}" if kept else query_of(params, status=None),
        here=here,
        saved=saved,
        saved_here=kept,
        params=params,
        chips=[(label, query_of(params, status=value)) for label, value in _CHIPS],
        feeds=feeds,
        folders=sorted({one.folder for one in feeds if one.folder}),
        languages=service.kept("languages", service.store.shelf.languages, 600.0),
        filtered=any(params.get(name) for name in QUERY if name not in ("q", "status")),
        feed_names={one.id: one.name for one in feeds},
        newest=found[0].sort_at.isoformat() if found else "",
        first_page="after" not in params,
    )


_CHIPS: Final = (("All", None), ("Unread", "unread"), ("Starred", "starred"))


@router.post("/read-all")
def read_all(service: AService, reader: AReader, newest: Annotated[str, Form()] = "", view: str = "") -> Response:
    """Mark everything in this view as read, but nothing that came in since the page was made."""
    wanted = read_query(View, QueryParams(view)).filter(service.store.feeds.all, 1)
    bound = _when(newest)
    until = bound if wanted.until is None or (bound is not None and bound < wanted.until) else wanted.until
    service.store.shelf.read_all(reader.account.id, replace(wanted, until=until))
    return RedirectResponse(f"/?{view}" if view else "/", 303)


def _when(newest: str) -> datetime | None:
    try:
        return read_moment(newest, zone=UTC) if newest else None
    except ValueError as error:
        raise Problem(400, f"newest: {error}") from None


# --- one story ---


@router.get("/stories/{story}")
def story(request: Request, service: AService, reader: AReader, story: int) -> Response:
    """One story: its text, its chain as a picture, its copies with their evidence."""
    view = service.store.stories.get(story)
    if view.row.id != story:
        return RedirectResponse(f"/stories/{view.row.id}", 308)
    shelf = service.store.shelf.page(StoryFilter(ids=(story,)), reader.account.id)
    if not shelf:
        raise UnknownName(f"no story {story}")
    entry = shown(service.store, shelf, service.settings)[0]
    wanted = request.query_params.get("copy", "")
    chosen = next((one for one in view.members if str(one.id) == wanted), None)
    chosen = chosen or next((one for one in view.members if one.id == entry.copy.article_id), view.members[0])
    by_url = {one.article.url: one for one in view.members}
    return page(
        request,
        "story.html",
        reader,
        story=entry.story,
        view=view,
        chosen=chosen,
        picture=Markup(chain_svg(view.members)) if len(view.members) > 1 else None,  # noqa: S704  # escaped in it
        copies=[(one, source_of(one, by_url), _said(one, by_url)) for one in view.members],
        site_of={url: one.article.site for url, one in by_url.items()},
        has_history=[one for one in view.members if one.article.revision > 1],
    )


def _said(copy: CopyRow, by_url: dict[str, CopyRow]) -> list[str]:
    """Each piece of evidence once, with sites in the place of addresses that the page shows anyway."""
    line = copy.credit.line if copy.credit else None
    said = [one for one in dict.fromkeys(copy.evidence) if not line or line not in one]
    for url, other in by_url.items():
        said = [one.replace(url, other.article.site) for one in said]
    return said


@router.post("/stories/{story}/marks")
def mark(
    request: Request,
    service: AService,
    reader: AReader,
    story: int,
    read: Annotated[bool | None, Form()] = None,
    starred: Annotated[bool | None, Form()] = None,
    back: Annotated[str, Form()] = "/",
) -> Response:
    """Mark a story as read or unread, starred or not."""
    service.store.shelf.set(reader.account.id, [story], read=read, starred=starred)
    if "application/json" in request.headers.get("accept", ""):
        return Response(status_code=204)
    return RedirectResponse(back_to(back), 303)


@router.get("/diff")
def diff(
    request: Request,
    service: AService,
    reader: AReader,
    left: int,
    right: int,
    left_revision: int | None = None,
    right_revision: int | None = None,
) -> Response:
    """Two copies, or two revisions of one, side by side."""
    one, other = service.store.stories.copy(left), service.store.stories.copy(right)
    old, new = version(service, left, left_revision), version(service, right, right_revision)
    rows = side_by_side(old.text, new.text)
    values: dict[str, Any] = {"left": one, "right": other, "old": old, "new": new, "rows": rows}
    return page(request, "diff.html", reader, counts=summary(rows), titles=titles(old.title, new.title), **values)


@router.get("/articles/{article}/history")
def history(request: Request, service: AService, reader: AReader, article: int) -> Response:
    """How one article changed on its site."""
    copy = service.store.stories.copy(article)
    earlier = service.store.articles.revisions(article)
    return page(request, "history.html", reader, copy=copy, earlier=earlier)


# --- who reads ---


@router.get("/login")
def login_page(request: Request, service: AService) -> Response:
    """Name and password."""
    if service.door.is_open():
        return RedirectResponse("/", 303)
    return page(request, "login.html", None, back=back_to(request.query_params.get("back")), failed=None)


@router.post("/login")
def login(
    request: Request,
    service: AService,
    name: Annotated[str, Form(max_length=200)],
    password: Annotated[str, Form(max_length=1_000)],
    back: Annotated[str, Form()] = "/",
) -> Response:
    """A session, when they are right."""
    if "origin" not in request.headers and "sec-fetch-site" not in request.headers:
        raise Problem(403, "the browser did not say which page this form was on")
    try:
        account = service.door.password(name, password, request)
    except Problem as problem:
        failed = page(request, "login.html", None, problem.status, back=back_to(back), failed=problem.detail)
        failed.headers.update({key: value for key, value in problem.headers.items() if key == "Retry-After"})
        return failed
    response = RedirectResponse(back_to(back), 303)
    secure = request.url.scheme == "https" or (service.settings.url or "").startswith("https:")
    response.set_cookie(
        COOKIE, service.door.session(account), max_age=SESSION_S, httponly=True, samesite="lax", secure=secure, path="/"
    )
    return response


@router.post("/logout")
def logout() -> Response:
    """End the session on this device."""
    response = RedirectResponse("/login", 303)
    response.delete_cookie(COOKIE, path="/")
    return response


@router.get("/elsewhere")
def elsewhere(request: Request, service: AService, reader: AReader) -> Response:
    """How to read all this in an app, a feed reader or a program."""
    webhooks = [(urlsplit(one.url).hostname, one, health(one)) for one in service.pipeline.webhooks.all()]
    return page(request, "elsewhere.html", reader, base=service.base(request), webhooks=webhooks)
