"""What is answered when something is wrong, in the terms of the interface that was asked."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from pipeline.errors import OnecopyError, StoreError, UnknownName, UsageError
from pipeline.serve.problems import MEDIA_TYPE, Problem
from pipeline.serve.refusals import refusals, sentence
from pipeline.serve.templating import problem_page, to_login


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
        body: dict[str, Any] = {
            "type": "about:blank",
            "title": HTTPStatus(status).phrase,
            "status": status,
            "detail": detail,
        }
        if errors:
            body["errors"] = errors
        return JSONResponse(body, status, headers, MEDIA_TYPE)
    if status == HTTPStatus.UNAUTHORIZED:
        return to_login(request)
    return problem_page(request, status, detail, headers)


def _explained(error: Exception) -> tuple[int, str, dict[str, str], list[dict[str, str]]]:
    if isinstance(error, Problem):
        return error.status, error.detail, error.headers, error.errors
    if isinstance(error, RequestValidationError):
        wrong = refusals(error.errors())
        return 422, sentence(wrong) or "the request cannot be used", {}, wrong
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
