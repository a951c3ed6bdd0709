"""What people ask for, from a query string to a filter, the same for pages, API and feeds; and where a page ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import QueryParams
from starlette.requests import Request

from pipeline.model import Feed, StoryFilter

LARGEST_ID: Final = 2**31 - 1
QUERY: Final = ("q", "site", "author", "language", "since", "until", "copies", "feed", "folder", "status")
NEVER: Final = (0,)  # no feed has this id
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SECONDS: Final = 2**37  # about 4,300 years either way: what a datetime can hold


def cursor(sort_at: datetime, story: int) -> str:
    """Where the page after a story begins: its key in microseconds, and its id."""
    return f"{(sort_at - _EPOCH) // timedelta(microseconds=1)}.{story}"


def position(given: str | None) -> tuple[datetime, int] | None:
    """The key in a cursor; None for anything else."""
    moment, _, number = (given or "").partition(".")
    try:
        micros, one = int(moment[:20]), int(number[:10])
        return _EPOCH + timedelta(microseconds=micros), one
    except (ValueError, OverflowError):
        return None


def offset_of(given: str | None) -> int:
    """The rank in the cursor of a search, which goes by relevance."""
    return int(given) if given and given.isascii() and given.isdigit() and len(given) < 5 else 0


def moment(given: str | date | None, end: bool = False) -> datetime | None:
    """A moment; a day means its beginning, or with ``end`` its last microsecond. None for what is neither."""
    if given is None:
        return None
    if isinstance(given, str):
        try:
            given = datetime.fromisoformat(given.strip()) if len(given.strip()) > 10 else date.fromisoformat(given)
        except ValueError:
            return None
    if not isinstance(given, datetime):
        given = datetime.combine(given, time.max if end else time.min, UTC)
    return given if given.tzinfo else given.replace(tzinfo=UTC)


async def form(request: Request) -> QueryParams:
    """The values of the query and of an urlencoded body, together: clients use either."""
    body = (await request.body()).decode("utf-8", errors="replace") if request.method == "POST" else ""
    return QueryParams([*request.query_params.multi_items(), *parse_qsl(body, keep_blank_values=True)])


def number(given: str | None) -> int | None:
    """A number without a sign; None for anything else."""
    return int(given[:18]) if given and given.isascii() and given.isdigit() else None


def instant(seconds: float | None) -> datetime | None:
    """A moment in seconds since 1970; None for none, and for 0."""
    return datetime.fromtimestamp(min(seconds, _SECONDS), UTC) if seconds else None


def query_of(params: Mapping[str, str], **changes: str | None) -> str:
    """The query string of a view with some values changed; "" for none."""
    kept = {name: params[name] for name in QUERY if params.get(name)} | changes
    return urlencode({name: value for name, value in kept.items() if value})


def feeds_in(feeds: Iterable[Feed], folder: str) -> tuple[int, ...]:
    """The feeds of a folder and the folders in it; a feed that is no folder's is in ""."""
    inside = tuple(
        one.id for one in feeds if (one.folder or "") == folder or (one.folder or "").startswith(f"{folder}/")
    )
    return inside or NEVER


def from_query(query: QueryParams, feeds: Iterable[Feed], limit: int) -> StoryFilter:
    """The filter that a page's form or a feed's address describes. What cannot be read is left out."""
    wanted = StoryFilter(limit=limit)
    text, site, author, language, folder = (
        (query.get(name) or "").strip()[:500] for name in ("q", "site", "author", "language", "folder")
    )
    copies, feed = query.get("copies", ""), query.get("feed", "")
    if copies.isascii() and copies.isdigit():
        wanted = replace(wanted, copies=min(int(copies[:9]), LARGEST_ID))
    if feed.isascii() and feed.isdigit():
        wanted = replace(wanted, carried_by=(min(int(feed[:12]), LARGEST_ID),))
    elif folder:
        wanted = replace(wanted, carried_by=feeds_in(feeds, folder))
    status = query.get("status", "")
    return replace(
        wanted,
        text=text or None,
        site=site or None,
        author=author or None,
        language=language or None,
        since=moment(query.get("since")),
        until=moment(query.get("until"), end=True),
        read={"unread": False, "read": True}.get(status),
        starred=True if status == "starred" else None,
    )
