"""What a server says when something is wrong: RFC 9457 problem details, or a page for people."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from pipeline.errors import OnecopyError, StoreError, UnknownName, UsageError

MEDIA_TYPE: Final = "application/problem+json"


class Problem(Exception):  # the name that RFC 9457 gives it
    """An answer other than the one that was asked for."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})


class ProblemDetails(BaseModel):
    """An error (RFC 9457)."""

    type: str = Field("about:blank", description="about:blank: the status says it all")
    title: str = Field(description="the status in words")
    status: int
    detail: str = Field(description="what was wrong with this request, for people")
    errors: list[dict[str, Any]] | None = Field(None, description="parameters that cannot be used: where, and why")


RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    "4XX": {"description": "a problem", "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}},
    "5XX": {"description": "a problem", "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}},
}


def answer(request: Request, error: Exception) -> Response:
    """The response to an exception, in the terms of the interface that was asked."""
    status, detail, headers, errors = _explained(error)
    path = request.url.path
    if path.startswith("/v1/"):
        return JSONResponse({"error_message": detail}, status, headers)
    if path.startswith(("/reader/", "/accounts/", "/api/greader.php/")):
        text = "Error=BadAuthentication\n" if status == HTTPStatus.UNAUTHORIZED else f"{detail}\n"
        return PlainTextResponse(text, status, headers)
    if path.startswith("/api/") or "text/html" not in request.headers.get("accept", ""):
        body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
        if errors:
            body["errors"] = errors
        return JSONResponse(body, status, headers, MEDIA_TYPE)
    if status == HTTPStatus.UNAUTHORIZED:
        from pipeline.serve.pages import to_login

        return to_login(request)
    from pipeline.serve.pages import problem_page

    return problem_page(request, status, detail, headers)


def _explained(error: Exception) -> tuple[int, str, dict[str, str], list[dict[str, Any]]]:
    if isinstance(error, Problem):
        return error.status, error.detail, error.headers, []
    if isinstance(error, RequestValidationError):
        wrong = [{"where": ".".join(map(str, one["loc"])), "what": one["msg"]} for one in error.errors()]
        said = "; ".join(f"{one['where']}: {one['what']}" for one in wrong[:3])
        return 422, said or "the request cannot be used", {}, wrong
    if isinstance(error, HTTPException):
        return error.status_code, str(error.detail), dict(error.headers or {}), []
    if isinstance(error, UnknownName):
        return 404, str(error), {}, []
    if isinstance(error, UsageError):
        return 400, str(error), {}, []
    if isinstance(error, StoreError):
        return 503, "the store cannot be used at the moment", {"Retry-After": "5"}, []
    if isinstance(error, OnecopyError):
        return 502, str(error), {}, []
    return 500, "something went wrong here; the server's log says what", {}, []
