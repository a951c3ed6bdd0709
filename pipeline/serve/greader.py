"""The Google Reader API as FreshRSS and Miniflux serve it, over the deduplicated view: one item per story.

The thirteen routes of Miniflux's dialect, and stream/contents, unread-count and Atom streams, which newsboat and RSS
Guard ask for. Items are named by story ids, short (decimal) or long (``tag:google.com,2005:reader/item/`` and 16 hex
digits). What changes something answers exactly ``OK``. Served below ``/`` and below ``/api/greader.php``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import unquote

from fastapi import APIRouter, Depends
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from pipeline.model import StoryFilter
from pipeline.serve.apps import LOOSE, Shelved, feed_of, home_of, shelved
from pipeline.serve.asking import cursor, form, instant, number, position
from pipeline.serve.content import Shown, entry_html, safe_url, shown
from pipeline.serve.identity import AReader
from pipeline.serve.markup import attribute, rfc3339, xml
from pipeline.serve.problems import Problem
from pipeline.serve.service import AService, Service

LONG_ID: Final = "tag:google.com,2005:reader/item/"
STATE: Final = "user/-/state/com.google/"
LABEL: Final = "user/-/label/"
MOST_ITEMS: Final = 1_000
MOST_IDS: Final = 10_000
DEFAULT: Final = 20
OK: Final = "OK"

router: Final = APIRouter()

_USER = re.compile(r"^user/[^/]+/")
_SHORT = re.compile(r"-?[0-9]{1,20}")
_HEX = re.compile(r"[0-9a-fA-F]{1,16}")


AForm: Final = Depends(form)


# --- logging in ---


@router.api_route("/accounts/ClientLogin", methods=["GET", "POST"])
def client_login(request: Request, service: AService, values: QueryParams = AForm) -> Response:
    """Name and password for a token that stays the same until the password changes."""
    account = service.door.password(values.get("Email", ""), values.get("Passwd", ""), request)
    token = service.door.reader_token(account)
    if values.get("output") == "json":
        return JSONResponse({"SID": token, "LSID": token, "Auth": token})
    return PlainTextResponse(f"SID={token}\nLSID={token}\nAuth={token}\n")


@router.get("/reader/api/0/token")
def token(service: AService, reader: AReader) -> Response:
    """For clients that send it back as ``T``; what protects here is the Authorization header."""
    return PlainTextResponse(service.door.reader_token(reader.account)[-57:])


@router.get("/reader/api/0/user-info")
def user_info(reader: AReader) -> dict[str, str]:
    """Who asks."""
    number = str(reader.account.id)
    return {
        "userId": number,
        "userName": reader.account.name,
        "userProfileId": number,
        "userEmail": reader.account.name,
    }


# --- subscriptions and tags ---


@router.get("/reader/api/0/subscription/list")
def subscriptions(request: Request, service: AService, _reader: AReader) -> dict[str, Any]:
    """All feeds; ``categories`` is always there."""
    return {"subscriptions": [_subscription(one) for one in shelved(service, service.base(request))]}


def _subscription(one: Shelved) -> dict[str, Any]:
    label = [{"id": LABEL + one.folder, "label": one.folder, "type": "folder"}] if one.folder else []
    return {
        "id": f"feed/{one.id}",
        "title": one.title,
        "categories": label,
        "url": one.feed_url,
        "htmlUrl": one.site_url,
        "iconUrl": "",
    }


@router.post("/reader/api/0/subscription/edit")
def edit(request: Request, service: AService, _reader: AReader, values: QueryParams = AForm) -> Response:
    """Subscribe (``ac=subscribe``) or unsubscribe; other edits are made in the web pages and change nothing here."""
    action = values.get("ac", "")
    for stream in values.getlist("s"):
        name = stream.removeprefix("feed/")
        if action == "subscribe":
            label = values.get("a", "").removeprefix(LABEL) or None
            service.pipeline.feeds.add(name, values.get("t") or None, label)
        elif action == "unsubscribe":
            found = _feed(service, request, stream)
            if found.feed is not None:
                service.pipeline.feeds.remove(found.feed.url)
    return PlainTextResponse(OK)


@router.post("/reader/api/0/subscription/quickadd")
def quickadd(service: AService, _reader: AReader, values: QueryParams = AForm) -> dict[str, Any]:
    """Subscribe to the feed at an address, or to the first that the page there names."""
    url = values.get("quickadd", "").removeprefix("feed/")
    found = service.pipeline.find_feeds(url)
    if not found:
        return {"numResults": 0, "query": url}
    feed = service.pipeline.feeds.add(found[0][0], found[0][1] or None)
    return {"numResults": 1, "query": url, "streamId": f"feed/{feed.id}", "streamName": feed.name}


@router.get("/reader/api/0/tag/list")
def tags(request: Request, service: AService, _reader: AReader) -> dict[str, Any]:
    """The star, and folders."""
    folders = sorted({one.folder for one in shelved(service, service.base(request)) if one.folder})
    labels = [{"id": LABEL + name, "label": name, "type": "folder"} for name in folders]
    return {"tags": [{"id": STATE + "starred"}, *labels]}


@router.post("/reader/api/0/rename-tag")
@router.post("/reader/api/0/disable-tag")
def retag(_reader: AReader) -> Response:
    """Folders come from the list of feeds; they are not changed from an app."""
    return PlainTextResponse(OK)


@router.get("/reader/api/0/unread-count")
def unread_count(request: Request, service: AService, reader: AReader) -> dict[str, Any]:
    """By feed, by folder, and in all."""
    counts = service.store.shelf.feed_counts(reader.account.id)
    feeds = shelved(service, service.base(request))
    found: dict[str, int] = {}
    for one in feeds:
        unread = counts.get(one.feed.id if one.feed else None, (0, 0))[1]
        for stream in (f"feed/{one.id}", LABEL + one.folder if one.folder else "", STATE + "reading-list"):
            if stream:
                found[stream] = found.get(stream, 0) + unread
    now = str(int(datetime.now(UTC).timestamp() * 1e6))
    rows = [{"id": stream, "count": unread, "newestItemTimestampUsec": now} for stream, unread in found.items()]
    return {"max": sum(unread for _, unread in counts.values()), "unreadcounts": rows}


# --- items ---


@router.get("/reader/api/0/stream/items/ids")
def item_ids(request: Request, service: AService, reader: AReader) -> dict[str, Any]:
    """Short ids of the items of a stream."""
    params = request.query_params
    wanted = _stream(service, request, params.get("s", STATE + "reading-list"), params)
    limit = min(number(params.get("n")) or DEFAULT, MOST_IDS)
    found = service.store.shelf.places(replace(wanted, limit=limit + 1), reader.account.id)
    answer: dict[str, Any] = {
        "itemRefs": [
            {
                "id": str(one.id),
                "directStreamIds": [f"feed/{feed_of(one)}"],
                "timestampUsec": str(int(one.sort_at.timestamp() * 1_000_000)),
            }
            for one in found[:limit]
        ]
    }
    if len(found) > limit:
        last = found[limit - 1]
        answer["continuation"] = cursor(last.sort_at, last.id)
    return answer


@router.api_route("/reader/api/0/stream/items/contents", methods=["GET", "POST"])
def item_contents(request: Request, service: AService, reader: AReader, values: QueryParams = AForm) -> dict[str, Any]:
    """Items by their ids, short or long."""
    asked = _ids(values.getlist("i"))[:MOST_ITEMS]
    now = service.store.shelf.resolve(asked)
    ids = tuple(dict.fromkeys(now[one] for one in asked if one in now))
    found = service.store.shelf.page(StoryFilter(ids=ids or (0,), limit=MOST_ITEMS), reader.account.id)
    return _document(request, service, STATE + "reading-list", shown(service.store, found, service.settings))


@router.get("/reader/api/0/stream/contents")
@router.get("/reader/api/0/stream/contents/{stream:path}")
def contents(request: Request, service: AService, reader: AReader, stream: str = "") -> dict[str, Any]:
    """The items of a stream, with their texts."""
    stream = unquote(stream or request.query_params.get("s", STATE + "reading-list"))
    items, following = _items(request, service, reader, stream)
    document = _document(request, service, stream, items)
    if following:
        document["continuation"] = following
    return document


@router.get("/reader/atom/{stream:path}")
def atom(request: Request, service: AService, reader: AReader, stream: str) -> Response:
    """The same as Atom: what newsboat reads in its "feedhq" dialect."""
    items, _ = _items(request, service, reader, unquote(stream))
    base = service.base(request)
    entries = "".join(_atom_entry(one, base) for one in items)
    head = (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" '
        'xmlns:gr="http://www.google.com/schemas/reader/atom/">'
    )
    updated = max((one.published_at for one in items), default=datetime.fromtimestamp(0, UTC))
    body = (
        f"{head}<id>{LONG_ID[:-5]}{xml(stream)}</id><title>onecopy</title><updated>{rfc3339(updated)}</updated>"
        f"{entries}</feed>\n"
    )
    return Response(body, media_type="application/atom+xml; charset=utf-8")


# --- marks ---


@router.post("/reader/api/0/edit-tag")
def edit_tag(service: AService, reader: AReader, values: QueryParams = AForm) -> Response:
    """Add (``a``) and remove (``r``) the states read, kept-unread and starred; others are accepted and mean nothing."""
    ids = _ids(values.getlist("i"))
    added = {_USER.sub("user/-/", one) for one in values.getlist("a")}
    removed = {_USER.sub("user/-/", one) for one in values.getlist("r")}
    read, starred = STATE + "read", STATE + "starred"
    if read in added:
        service.store.shelf.set(reader.account.id, ids, read=True)
    elif read in removed or STATE + "kept-unread" in added:
        service.store.shelf.set(reader.account.id, ids, read=False)
    if starred in added or starred in removed:
        service.store.shelf.set(reader.account.id, ids, starred=starred in added)
    return PlainTextResponse(OK)


@router.post("/reader/api/0/mark-all-as-read")
def mark_all(request: Request, service: AService, reader: AReader, values: QueryParams = AForm) -> Response:
    """Everything in a stream, up to the moment ``ts`` in microseconds, so that nothing that came since is lost."""
    wanted = _stream(service, request, values.get("s", STATE + "reading-list"), QueryParams())
    until = number(values.get("ts"))
    if until:
        wanted = replace(wanted, until=instant(until / (1_000_000 if until > 10**12 else 1)))
    service.store.shelf.read_all(reader.account.id, wanted)
    return PlainTextResponse(OK)


# --- helpers ---


def _items(request: Request, service: Service, reader: AReader, stream: str) -> tuple[list[Shown], str | None]:
    params = request.query_params
    limit = min(number(params.get("n")) or DEFAULT, MOST_ITEMS)
    wanted = replace(_stream(service, request, stream, params), limit=limit + 1)
    found = service.store.shelf.page(wanted, reader.account.id)
    following = cursor(found[limit - 1].sort_at, found[limit - 1].row.id) if len(found) > limit else None
    return shown(service.store, found[:limit], service.settings), following


def _stream(service: Service, request: Request, stream: str, params: QueryParams) -> StoryFilter:
    """The filter of a stream and its parameters: xt, it (states), nt, ot (times), r=o (oldest first), c."""
    stream = _USER.sub("user/-/", stream)
    wanted = StoryFilter()
    if stream.startswith("feed/"):
        wanted = replace(wanted, home=home_of([_feed(service, request, stream).id]))
    elif stream.startswith(LABEL):
        inside = [one.id for one in shelved(service, service.base(request)) if one.folder == stream.removeprefix(LABEL)]
        wanted = replace(wanted, home=home_of(inside))
    elif stream == STATE + "starred":
        wanted = replace(wanted, starred=True)
    elif stream == STATE + "read":
        wanted = replace(wanted, read=True)
    elif stream != STATE + "reading-list":
        raise Problem(404, "no such stream")
    excluded = {_USER.sub("user/-/", one) for one in params.getlist("xt")}
    included = {_USER.sub("user/-/", one) for one in params.getlist("it")}
    oldest_first = params.get("r") == "o"
    key = position(params.get("c"))
    return replace(
        wanted,
        read=False if STATE + "read" in excluded else True if STATE + "read" in included else wanted.read,
        starred=True if STATE + "starred" in included else wanted.starred,
        since=instant(number(params.get("ot"))),
        until=instant(number(params.get("nt"))),
        oldest_first=oldest_first,
        newer_than=key if oldest_first else None,
        older_than=None if oldest_first else key,
    )


def _feed(service: Service, request: Request, stream: str) -> Shelved:
    name = stream.removeprefix("feed/")
    for one in shelved(service, service.base(request)):
        if str(one.id) == name or (one.feed is not None and one.feed.url == name):
            return one
    raise Problem(404, "no such stream")


def _ids(given: list[str]) -> list[int]:
    """Story ids from short and long ones; what is neither is left out."""
    found: list[int] = []
    for one in given:
        if one.startswith(LONG_ID) and _HEX.fullmatch(one.removeprefix(LONG_ID)):
            found.append(int(one.removeprefix(LONG_ID), 16))
        elif _SHORT.fullmatch(one):
            found.append(int(one))
        elif len(one) == 16 and _HEX.fullmatch(one):
            found.append(int(one, 16))
    return found


def _document(request: Request, service: Service, stream: str, items: list[Shown]) -> dict[str, Any]:
    base = service.base(request)
    feeds = {one.id: one for one in shelved(service, base)}
    return {
        "direction": "ltr",
        "id": stream,
        "title": "onecopy",
        "self": [{"href": f"{base}{request.url.path}"}],
        "updated": max((int(one.story.changed_at.timestamp()) for one in items), default=0),
        "items": [_item(one, feeds.get(feed_of(one.story)), base) for one in items],
    }


def _item(one: Shown, feed: Shelved | None, base: str) -> dict[str, Any]:
    story = one.story
    seconds = int(one.published_at.timestamp())
    states = [STATE + "reading-list"]
    states += [STATE + "read"] if story.read else [STATE + "fresh"]
    states += [STATE + "starred"] if story.starred else []
    states += [LABEL + feed.folder] if feed is not None and feed.folder else []
    page = f"{base}/stories/{story.row.id}"
    return {
        "id": f"{LONG_ID}{story.row.id:016x}",
        "crawlTimeMsec": str(int(story.row.first_seen_at.timestamp() * 1000)),
        "timestampUsec": str(int(one.published_at.timestamp() * 1_000_000)),
        "published": seconds,
        "updated": int(story.row.first_seen_at.timestamp()),
        "title": one.title,
        "author": one.author,
        "canonical": [{"href": safe_url(one.copy.url)}],
        "alternate": [{"href": safe_url(one.copy.url), "type": "text/html"}],
        "summary": {"direction": "ltr", "content": entry_html(one, page)},
        "categories": states,
        "origin": {
            "streamId": f"feed/{feed.id if feed is not None else LOOSE}",
            "title": feed.title if feed is not None else "",
            "htmlUrl": feed.site_url if feed is not None else base,
        },
        "enclosure": [],
    }


def _atom_entry(one: Shown, base: str) -> str:
    story = one.story
    page = f"{base}/stories/{story.row.id}"
    states = [STATE + "reading-list", STATE + ("read" if story.read else "fresh")]
    states += [STATE + "starred"] if story.starred else []
    labels = "".join(
        f'<category term="{state}" scheme="http://www.google.com/reader/" label="{state.rpartition("/")[2]}"/>'
        for state in states
    )
    return (
        f'<entry gr:crawl-timestamp-msec="{int(story.row.first_seen_at.timestamp() * 1000)}">'
        f"<id>{LONG_ID}{story.row.id:016x}</id>{labels}<title>{xml(one.title)}</title>"
        f"<published>{rfc3339(one.published_at)}</published><updated>{rfc3339(one.published_at)}</updated>"
        f'<link rel="alternate" type="text/html" href={attribute(safe_url(one.copy.url))}/>'
        f"<author><name>{xml(one.author)}</name></author>"
        f'<content type="html">{xml(entry_html(one, page))}</content></entry>'
    )
