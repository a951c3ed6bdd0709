"""What a server says when something is wrong: RFC 9457 problem details, or a page for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import BaseModel, Field

MEDIA_TYPE: Final = "application/problem+json"


class Problem(Exception):  # the name that RFC 9457 gives it
    """An answer other than the one that was asked for."""

    def __init__(
        self,
        status: int,
        detail: str,
        headers: Mapping[str, str] | None = None,
        errors: Sequence[Mapping[str, str]] = (),
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})
        self.errors = [dict(one) for one in errors]


class ProblemDetails(BaseModel):
    """An error (RFC 9457)."""

    type: str = Field("about:blank", description="about:blank: the status says it all")
    title: str = Field(description="the status in words")
    status: int
    detail: str = Field(description="what was wrong with this request, for people")
    errors: list[dict[str, str]] | None = Field(None, description="parameters that cannot be used: where, and why")


RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    "4XX": {"description": "a problem", "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}},
    "5XX": {"description": "a problem", "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}},
}
