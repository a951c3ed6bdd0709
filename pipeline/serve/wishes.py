"""What may be asked of the stories, declared once: the API describes it, pages and feeds read their addresses by it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, WithJsonSchema, model_validator
from starlette.datastructures import QueryParams

from pipeline.model import Feed, StoryFilter
from pipeline.moments import read_moment
from pipeline.serve.asking import LARGEST_ID, NEVER, feeds_in
from pipeline.serve.problems import Problem
from pipeline.serve.refusals import UNKNOWN, Refusal, refusals, sentence

CURSOR: Final = r"^-?[0-9]{1,18}(\.[0-9]{1,10})?$"
TRACKING: Final = "utm_"  # what is put behind addresses that are passed on


def _since(given: object) -> object:
    return read_moment(given, zone=UTC) if isinstance(given, str) else given


def _until(given: object) -> object:
    return read_moment(given, zone=UTC, end_of_day=True) if isinstance(given, str) else given


_WHEN: Final = "a day, an RFC 3339 time, or an age as in 7d, 24h, 30min"


class View(BaseModel):
    """A view of the stories. Filters all have to fit; an empty value is none."""

    model_config = ConfigDict(str_strip_whitespace=True)

    q: Annotated[str | None, Field(max_length=500, description="words that a copy holds, all of them")] = None
    text: Annotated[
        str | None, Field(max_length=500, description="the same as q", json_schema_extra={"deprecated": True})
    ] = None
    site: Annotated[str | None, Field(max_length=2_048, description="the host of any copy, or an address there")] = None
    author: Annotated[str | None, Field(max_length=200, description="part of a name in a byline or credit")] = None
    language: Annotated[str | None, Field(max_length=35, description="of the original, as in en")] = None
    since: Annotated[
        datetime | None,
        BeforeValidator(_since),
        WithJsonSchema({"type": "string"}),
        Field(description=f"published at or after: {_WHEN}"),
    ] = None
    until: Annotated[
        datetime | None,
        BeforeValidator(_until),
        WithJsonSchema({"type": "string"}),
        Field(description=f"published at or before: {_WHEN}; a day: to its end"),
    ] = None
    copies: Annotated[int, Field(ge=1, le=LARGEST_ID, description="at least so many")] = 1
    feed: Annotated[int | None, Field(ge=1, le=LARGEST_ID, description="a copy was in this feed")] = None
    folder: Annotated[str | None, Field(max_length=200, description="a copy was in a feed of this folder")] = None
    status: Literal["read", "unread", "starred"] | None = None

    @model_validator(mode="before")
    @classmethod
    def _given(cls, values: Any) -> Any:
        """Forms send every field, filled in or not."""
        if not isinstance(values, dict):
            return values
        return {name: one for name, one in values.items() if not (isinstance(one, str) and not one.strip())}

    @property
    def words(self) -> str | None:
        """What is searched for, under either name."""
        return self.q or self.text

    def filter(self, feeds: Callable[[], Iterable[Feed]], limit: int) -> StoryFilter:
        """For the store; ``feeds`` is asked for when there is a folder to look into."""
        carried: tuple[int, ...] | None = None if self.feed is None else (self.feed,)
        if self.folder is not None:
            inside = feeds_in(feeds(), self.folder)
            carried = inside if carried is None else tuple(set(carried) & set(inside)) or NEVER
        return StoryFilter(
            text=self.words,
            site=self.site,
            author=self.author,
            language=self.language,
            since=self.since,
            until=self.until,
            copies=self.copies,
            carried_by=carried,
            read={"read": True, "unread": False}.get(self.status or ""),
            starred=True if self.status == "starred" else None,
            limit=limit,
        )


class Stream(View):
    """A page of a view."""

    after: Annotated[str | None, Field(pattern=CURSOR, description="next of the page before")] = None


class Listed(Stream):
    """A page of a view in the API."""

    limit: Annotated[int, Field(ge=1, le=200)] = 50


class Published(View):
    """A view as a feed."""

    # As many as readers usually keep; a faster feed is asked more often.
    limit: Annotated[int, Field(ge=1, le=500)] = 60
    saved: Annotated[int | None, Field(ge=1, le=LARGEST_ID)] = None
    token: str | None = None


V = TypeVar("V", bound=View)


def read_query(kind: type[V], query: QueryParams, *, only_known: bool = False) -> V:
    """What an address asks for. Raises Problem 400 for values, with ``only_known`` for names too."""
    wrong = unknown(query, kind.model_fields) if only_known else []
    try:
        found = kind.model_validate(dict(query))
    except ValidationError as error:
        wrong = [*wrong, *refusals(error.errors(), "query")]
    if wrong:
        raise Problem(400, sentence(wrong), errors=wrong)
    return found


def unknown(query: QueryParams, known: Iterable[str]) -> list[Refusal]:
    """The names in an address that mean nothing here: a filter that is misspelt must not show everything."""
    names = set(known)
    return [
        {"where": f"query.{name}", "what": UNKNOWN}
        for name in query
        if name not in names and not name.startswith(TRACKING)
    ]
