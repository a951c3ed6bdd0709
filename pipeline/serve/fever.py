"""The Fever API, version 3, over the deduplicated view: one item per story, folders as groups.

Clients send one key, the MD5 of "name:password"; here the password is an API token (``onecopy users token NAME``), of
which that hash says nothing. Everything is one address, and the parameters say what is wanted.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from pipeline.model import Account, StoryFilter
from pipeline.serve.apps import Shelved, feed_of, folder_id, home_of, shelved
from pipeline.serve.asking import LARGEST_ID, form, instant, number
from pipeline.serve.content import Shown, entry_html, safe_url, shown
from pipeline.serve.problems import Problem
from pipeline.serve.service import AService, Service

VERSION: Final = 3
ITEMS: Final = 50  # in one answer, as the API has it

router: Final = APIRouter()

Values = Annotated[QueryParams, Depends(form)]


@router.api_route("/fever", methods=["GET", "POST"])
@router.api_route("/fever/", methods=["GET", "POST"])
async def fever(request: Request, service: AService, values: Values) -> Response:
    """What the parameters ask for, after what they change; without a key that is known, only that.

    Changes are for POST, as all clients make them: an image on any page can make a browser GET an address.
    """
    if "mark" in values and request.method != "POST":
        raise Problem(405, "marks are set by POST", {"Allow": "POST"})
    return JSONResponse(await run_in_threadpool(_answer, service, service.base(request), values))


def _answer(service: Service, base: str, values: QueryParams) -> dict[str, Any]:
    account = service.door.fever(values.get("api_key", ""))
    if account is None:
        return {"api_version": VERSION, "auth": 0}
    feeds = shelved(service, base)
    if "mark" in values:
        _mark(service, account, feeds, values)
    refreshed = max((_seconds(one.feed.last_fetched_at) for one in feeds if one.feed), default=0)
    answer: dict[str, Any] = {"api_version": VERSION, "auth": 1, "last_refreshed_on_time": refreshed}
    if "groups" in values or "feeds" in values:
        answer["feeds_groups"] = _membership(feeds)
    if "groups" in values:
        names = sorted({one.folder for one in feeds})
        answer["groups"] = [{"id": folder_id(one), "title": one or "All"} for one in names]
    if "feeds" in values:
        answer["feeds"] = [_feed(one) for one in feeds]
    if "favicons" in values:
        answer["favicons"] = []
    if "links" in values:
        answer["links"] = []
    if "items" in values:
        answer |= _items(service, account, base, values)
    shelf = service.store.shelf
    if "unread_item_ids" in values:
        answer["unread_item_ids"] = _joined(shelf.ids(StoryFilter(read=False, limit=LARGEST_ID), account.id))
    if "saved_item_ids" in values:
        answer["saved_item_ids"] = _joined(shelf.ids(StoryFilter(starred=True, limit=LARGEST_ID), account.id))
    return answer


def _mark(service: Service, account: Account, feeds: list[Shelved], values: QueryParams) -> None:
    """One item read, unread, saved or unsaved; or a feed, a group or everything (group 0) read up to ``before``."""
    what, state, wanted = values["mark"], values.get("as", ""), number(values.get("id")) or 0
    shelf = service.store.shelf
    if what == "item" and state in ("read", "unread"):
        shelf.set(account.id, [wanted], read=state == "read")
    elif what == "item" and state in ("saved", "unsaved"):
        shelf.set(account.id, [wanted], starred=state == "saved")
    elif what in ("feed", "group") and state == "read":
        until = instant(number(values.get("before")))
        chosen = [one.id for one in feeds if wanted == (one.id if what == "feed" else folder_id(one.folder))]
        everything = what == "group" and wanted == 0
        shelf.read_all(account.id, StoryFilter(home=None if everything else home_of(chosen), until=until))


def _items(service: Service, account: Account, base: str, values: QueryParams) -> dict[str, Any]:
    """Fifty items: after an id upwards, before an id downwards, those that are named, or the newest."""
    shelf = service.store.shelf
    since, before = number(values.get("since_id")), number(values.get("max_id"))
    if "with_ids" in values:
        asked = [one for part in values["with_ids"].split(",")[:ITEMS] if (one := number(part.strip())) is not None]
        now = shelf.resolve(asked)
        ids = list(dict.fromkeys(now[one] for one in asked if one in now))
    elif since is not None:
        ids = shelf.ids(StoryFilter(above=since, limit=ITEMS), account.id)
    else:
        ids = shelf.ids(StoryFilter(below=before or None, limit=ITEMS), account.id, descending=True)
    found = shelf.page(StoryFilter(ids=tuple(ids) or (0,), limit=ITEMS), account.id)
    order = {one: place for place, one in enumerate(ids)}
    found.sort(key=lambda one: order[one.row.id])
    items = [_item(one, base) for one in shown(service.store, found, service.settings)]
    return {"items": items, "total_items": shelf.count(StoryFilter(), account.id)}


def _item(one: Shown, base: str) -> dict[str, Any]:
    story = one.story
    return {
        "id": story.row.id,
        "feed_id": feed_of(story),
        "title": one.title,
        "author": one.author,
        "html": entry_html(one, f"{base}/stories/{story.row.id}"),
        "url": safe_url(one.copy.url),
        "is_saved": int(story.starred),
        "is_read": int(story.read),
        "created_on_time": int(one.published_at.timestamp()),
    }


def _feed(one: Shelved) -> dict[str, Any]:
    return {
        "id": one.id,
        "favicon_id": 0,
        "title": one.title,
        "url": one.feed_url,
        "site_url": one.site_url,
        "is_spark": 0,
        "last_updated_on_time": _seconds(one.feed.last_fetched_at if one.feed else None),
    }


def _membership(feeds: list[Shelved]) -> list[dict[str, Any]]:
    groups: dict[int, list[int]] = {}
    for one in feeds:
        groups.setdefault(folder_id(one.folder), []).append(one.id)
    return [{"group_id": group, "feed_ids": _joined(ids)} for group, ids in groups.items()]


def _joined(ids: list[int]) -> str:
    return ",".join(map(str, ids))


def _seconds(moment: datetime | None) -> int:
    return 0 if moment is None else int(moment.astimezone(UTC).timestamp())
