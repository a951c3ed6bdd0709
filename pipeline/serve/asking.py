"""What clients send, as values: numbers, moments, cursors; and the query string that stands for a view."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import QueryParams
from starlette.requests import Request

from pipeline.model import Feed

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
    given = {"q": params.get("text"), **params}
    kept = {name: given[name] for name in QUERY if given.get(name)} | changes
    return urlencode({name: value for name, value in kept.items() if value})


def feeds_in(feeds: Iterable[Feed], folder: str) -> tuple[int, ...]:
    """The feeds of a folder and the folders in it; a feed that is no folder's is in ""."""
    inside = tuple(
        one.id for one in feeds if (one.folder or "") == folder or (one.folder or "").startswith(f"{folder}/")
    )
    return inside or NEVER
