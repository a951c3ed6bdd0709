"""The Miniflux API (https://miniflux.app/docs/api.html) over the deduplicated view: one entry per story.

newsboat, the official clients and phones speak it. Entry ids are story ids: below 2^31 and stable for ever; the id of a
story that was merged goes on to mean what it went into. Folders are categories. Whatever has no counterpart here
(users, integrations, icons) answers as an instance without it does.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from pipeline.errors import UsageError
from pipeline.model import ShelfStory, StoryFilter
from pipeline.serve.apps import Shelved, folder_id, home_of, shelved
from pipeline.serve.asking import instant, number
from pipeline.serve.identity import AReader
from pipeline.serve.miniflux_shapes import category_of, entry_shapes, feed_shape
from pipeline.serve.problems import Problem
from pipeline.serve.service import AService, Service

router: Final = APIRouter(prefix="/v1")

MOST: Final = 1_000  # entries in one answer
DEFAULT: Final = 100  # where the client does not say, as Miniflux does
VERSION: Final = "2.2.0"  # whose API this follows
STATUSES: Final = ("read", "unread", "removed")
BY_ID: Final = ("id", "created_at")  # ids are given in the order of arrival
ORDERS: Final = (*BY_ID, "published_at", "changed_at", "status", "title", "author", "category_title", "category_id")

Id = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.get("/me")
def me(reader: AReader) -> dict[str, Any]:
    """Who asks."""
    return {
        "id": reader.account.id,
        "username": reader.account.name,
        "is_admin": False,
        "theme": "system_serif",
        "language": "en_US",
        "timezone": "UTC",
        "entry_sorting_direction": "desc",
        "entries_per_page": DEFAULT,
        "last_login_at": None,
    }


@router.get("/version")
def the_version(_reader: AReader) -> dict[str, str]:
    """Which Miniflux the API follows."""
    return {
        "version": VERSION,
        "commit": "onecopy",
        "build_date": "",
        "go_version": "",
        "compiler": "",
        "arch": "",
        "os": "",
    }


@router.get("/integrations/status")
def integrations(_reader: AReader) -> dict[str, bool]:
    """None."""
    return {"has_integrations": False}


# --- categories: folders ---


@router.get("/categories")
def categories(request: Request, service: AService, reader: AReader, counts: bool = False) -> list[dict[str, Any]]:
    """Folders, and "All" for feeds without one."""
    feeds = shelved(service, service.base(request))
    found = [category_of(name, reader.account.id) for name in sorted({"", *(one.folder for one in feeds)})]
    if counts:
        unread = service.store.shelf.feed_counts(reader.account.id)
        for one in found:
            inside = [feed for feed in feeds if folder_id(feed.folder) == one["id"]]
            one["feed_count"] = len(inside)
            one["total_unread"] = sum(unread.get(_home(feed), (0, 0))[1] for feed in inside)
    return found


@router.get("/categories/{category}/feeds")
def category_feeds(request: Request, service: AService, reader: AReader, category: Id) -> list[dict[str, Any]]:
    """The feeds of a folder."""
    return [feed_shape(one, reader.account.id) for one in _inside(service, request, category)]


@router.get("/categories/{category}/entries")
def category_entries(request: Request, service: AService, reader: AReader, category: Id) -> Response:
    """The entries of a folder."""
    inside = _inside(service, request, category)
    return _entries(request, service, reader, StoryFilter(home=home_of([one.id for one in inside])))


@router.get("/categories/{category}/entries/{entry}")
def category_entry(request: Request, service: AService, reader: AReader, category: Id, entry: Id) -> Response:
    """One story."""
    _inside(service, request, category)
    return one_entry(request, service, reader, entry)


@router.put("/categories/{category}/mark-all-as-read", status_code=204)
def category_read(request: Request, service: AService, reader: AReader, category: Id) -> None:
    """Everything in a folder."""
    home = home_of([one.id for one in _inside(service, request, category)])
    service.store.shelf.read_all(reader.account.id, StoryFilter(home=home))


@router.put("/categories/{category}/refresh", status_code=204)
def category_refresh(request: Request, service: AService, _reader: AReader, category: Id) -> None:
    """Fetch the feeds of a folder now."""
    service.crawls.start([one.feed.url for one in _inside(service, request, category) if one.feed])


def _inside(service: Service, request: Request, category: int) -> list[Shelved]:
    found = [one for one in shelved(service, service.base(request)) if folder_id(one.folder) == category]
    if not found and category != folder_id(""):
        raise Problem(404, "Resource not found")
    return found


def _home(one: Shelved) -> int | None:
    return one.feed.id if one.feed else None


# --- feeds ---


@router.get("/feeds")
def feeds(request: Request, service: AService, reader: AReader) -> list[dict[str, Any]]:
    """All feeds."""
    return [feed_shape(one, reader.account.id) for one in shelved(service, service.base(request))]


@router.get("/feeds/counters")
def counters(service: AService, reader: AReader) -> dict[str, dict[str, int]]:
    """Read and unread entries by feed."""
    found = service.store.shelf.feed_counts(reader.account.id)
    ids = {one: str(feed_id) for one in found for feed_id in (one if one is not None else 2**31 - 2,)}
    return {
        "reads": {ids[one]: stories - unread for one, (stories, unread) in found.items() if stories > unread},
        "unreads": {ids[one]: unread for one, (_, unread) in found.items() if unread},
    }


class NewFeed(BaseModel):
    """A subscription."""

    feed_url: str = Field(max_length=2_000)
    category_id: int | None = None


@router.post("/feeds", status_code=201)
def create(request: Request, service: AService, _reader: AReader, wish: NewFeed) -> dict[str, int]:
    """Subscribe."""
    folder = _folder_named(service, request, wish.category_id)
    return {"feed_id": service.pipeline.feeds.add(wish.feed_url, None, folder).id}


class Address(BaseModel):
    """A page."""

    url: str = Field(max_length=2_000)


@router.post("/discover")
def discover(service: AService, _reader: AReader, where: Address) -> list[dict[str, str]]:
    """The feeds that a page names."""
    found = service.pipeline.find_feeds(where.url)
    if not found:
        raise Problem(404, "Resource not found")
    return [{"url": url, "title": title or url, "type": "feed"} for url, title in found]


@router.put("/feeds/refresh", status_code=204)
def refresh_all(service: AService, _reader: AReader) -> None:
    """Fetch what is due now."""
    service.crawls.start(None)


@router.get("/feeds/{feed}")
def onefeed_shape(request: Request, service: AService, reader: AReader, feed: Id) -> dict[str, Any]:
    """One feed."""
    return feed_shape(_found(service, request, feed), reader.account.id)


@router.delete("/feeds/{feed}", status_code=204)
def remove(request: Request, service: AService, _reader: AReader, feed: Id) -> None:
    """Unsubscribe; the stories stay."""
    found = _found(service, request, feed).feed
    if found is None:
        raise UsageError("this feed stands for stories without one")
    service.pipeline.feeds.remove(found.url)


@router.put("/feeds/{feed}/refresh", status_code=204)
def refresh(request: Request, service: AService, _reader: AReader, feed: Id) -> None:
    """Fetch a feed now."""
    found = _found(service, request, feed).feed
    if found is not None:
        service.crawls.start([found.url])


@router.get("/feeds/{feed}/icon")
def icon(request: Request, service: AService, _reader: AReader, feed: Id) -> Response:
    """None is kept: nothing is loaded from other sites."""
    _found(service, request, feed)
    raise Problem(404, "Resource not found")


@router.get("/feeds/{feed}/entries")
def feed_entries(request: Request, service: AService, reader: AReader, feed: Id) -> Response:
    """The stories that belong to a feed."""
    found = _found(service, request, feed)
    return _entries(request, service, reader, StoryFilter(home=home_of([found.id])))


@router.get("/feeds/{feed}/entries/{entry}")
def feed_entry(request: Request, service: AService, reader: AReader, feed: Id, entry: Id) -> Response:
    """One story."""
    _found(service, request, feed)
    return one_entry(request, service, reader, entry)


@router.put("/feeds/{feed}/mark-all-as-read", status_code=204)
def feed_read(request: Request, service: AService, reader: AReader, feed: Id) -> None:
    """Everything in a feed."""
    found = _found(service, request, feed)
    service.store.shelf.read_all(reader.account.id, StoryFilter(home=home_of([found.id])))


def _found(service: Service, request: Request, feed: int) -> Shelved:
    for one in shelved(service, service.base(request)):
        if one.id == feed:
            return one
    raise Problem(404, "Resource not found")


def _folder_named(service: Service, request: Request, category: int | None) -> str | None:
    names = {folder_id(one.folder): one.folder for one in shelved(service, service.base(request))}
    return names.get(category or 0) or None


# --- entries: stories ---


@router.get("/entries")
def entries(request: Request, service: AService, reader: AReader) -> Response:
    """All stories that fit."""
    wanted = StoryFilter()
    category = request.query_params.get("category_id", "")
    feed = request.query_params.get("feed_id", "")
    if feed.isascii() and feed.isdigit():
        wanted = replace(wanted, home=home_of([int(feed[:10])]))
    elif category.isascii() and category.isdigit():
        inside = _inside(service, request, int(category[:10]))
        wanted = replace(wanted, home=home_of([one.id for one in inside]))
    return _entries(request, service, reader, wanted)


class Change(BaseModel):
    """A new status of entries."""

    entry_ids: list[int] = Field(max_length=100_000)  # newsboat sends none for a feed without entries
    status: Literal["read", "unread", "removed"]


@router.put("/entries", status_code=204)
def change(service: AService, reader: AReader, wish: Change) -> None:
    """Mark entries; "removed" is as good as read: nothing is removed here."""
    service.store.shelf.set(reader.account.id, wish.entry_ids, read=wish.status != "unread")


@router.get("/entries/{entry}")
def one_entry(request: Request, service: AService, reader: AReader, entry: Id) -> Response:
    """One story."""
    return JSONResponse(entry_shapes(request, service, reader, [_story(service, reader, entry)])[0])


@router.put("/entries/{entry}/bookmark", status_code=204)
@router.put("/entries/{entry}/star", status_code=204)
def bookmark(service: AService, reader: AReader, entry: Id) -> None:
    """Star it, or take the star away."""
    story = _story(service, reader, entry)
    service.store.shelf.set(reader.account.id, [story.row.id], starred=not story.starred)


@router.post("/entries/{entry}/save", status_code=202)
def save(service: AService, reader: AReader, entry: Id) -> None:
    """To no other service; it is starred."""
    service.store.shelf.set(reader.account.id, [_story(service, reader, entry).row.id], starred=True)


@router.get("/entries/{entry}/fetch-content")
def fetch_content(request: Request, service: AService, reader: AReader, entry: Id) -> dict[str, Any]:
    """The full text, which every entry has."""
    found = entry_shapes(request, service, reader, [_story(service, reader, entry)])[0]
    return {"content": found["content"], "reading_time": found["reading_time"]}


@router.put("/users/{user}/mark-all-as-read", status_code=204)
def user_read(service: AService, reader: AReader, user: Id) -> None:
    """Everything."""
    if user != reader.account.id:
        raise Problem(403, "Access Forbidden")
    service.store.shelf.read_all(reader.account.id, StoryFilter())


@router.put("/flush-history", status_code=202)
@router.delete("/flush-history", status_code=202)
def flush_history(_reader: AReader) -> None:
    """Nothing is forgotten."""


# --- lists ---


@router.get("/export")
def export(service: AService, _reader: AReader) -> Response:
    """All subscriptions as OPML."""
    return Response(service.pipeline.feeds.export_opml(), media_type="text/xml")


@router.post("/import", status_code=201)
async def import_(request: Request, service: AService, _reader: AReader) -> dict[str, str]:
    """Subscribe to everything in an OPML file."""
    from anyio.to_thread import run_sync

    await run_sync(service.pipeline.feeds.read_opml, await request.body())
    return {"message": "Feeds imported successfully"}


def _story(service: Service, reader: AReader, entry: int) -> ShelfStory:
    now = service.store.shelf.resolve([entry]).get(entry)
    found = service.store.shelf.page(StoryFilter(ids=(now,)), reader.account.id) if now else []
    if not found:
        raise Problem(404, "Resource not found")
    return found[0]


def _entries(request: Request, service: Service, reader: AReader, wanted: StoryFilter) -> Response:
    """Entries as the query asks for them: {total, entries}; oldest first unless it says otherwise, as in Miniflux.

    Orders other than by time and by id are accepted and are those of time: pages of them hold the same entries.
    """
    params = request.query_params
    statuses = {_one_of(STATUSES, "status", one) for one in params.getlist("status")}
    order = _one_of(ORDERS, "order", params.get("order") or "published_at")
    direction = _one_of(("asc", "desc"), "direction", params.get("direction") or "asc")
    if statuses == {"removed"} or params.getlist("tags"):
        return JSONResponse({"total": 0, "entries": []})  # nothing is removed here, and nothing has tags
    wanted = replace(
        wanted,
        read=None if {"read", "unread"} <= statuses or not statuses else "read" in statuses,
        starred={"true": True, "1": True, "false": False, "0": False}.get(params.get("starred", "").lower()),
        text=params.get("search") or None,
        above=number(params.get("after_entry_id")),
        below=number(params.get("before_entry_id")),
        since=instant(number(params.get("published_after") or params.get("after"))),
        until=instant(number(params.get("published_before") or params.get("before"))),
        changed_after=instant(number(params.get("changed_after"))),
        changed_before=instant(number(params.get("changed_before"))),
        oldest_first=direction == "asc",
        by_id=order in BY_ID,
    )
    offset = number(params.get("offset")) or 0
    limit = number(params.get("limit"))
    limit = DEFAULT if limit is None else MOST if limit == 0 else min(limit, MOST)
    total = service.store.shelf.count(wanted, reader.account.id)
    found = service.store.shelf.page(replace(wanted, limit=limit), reader.account.id, offset)
    return JSONResponse({"total": total, "entries": entry_shapes(request, service, reader, found)})


def _one_of(known: tuple[str, ...], name: str, given: str) -> str:
    if given not in known:
        raise Problem(400, f"{name}: {given[:40]!r} is none of {', '.join(known)}")
    return given
