"""All parts put together into one ASGI application."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import metadata
from typing import Any, Final

import anyio.to_thread
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from pipeline.app import Pipeline
from pipeline.config import ServeSettings
from pipeline.errors import OnecopyError
from pipeline.serve import api, fever, front, greader, miniflux, pages, pages_feeds, pages_searches, published, websub
from pipeline.serve.answers import answer
from pipeline.serve.guard import Guard
from pipeline.serve.problems import Problem, ProblemDetails
from pipeline.serve.service import Service
from pipeline.serve.templating import static_files

THREADS: Final = 3  # that answer requests: more only wait for each other; each holds a connection with its cache
CACHE_KIB: Final = 8_192  # of the database a connection; beyond it the system has its pages


def application(pipeline: Pipeline, settings: ServeSettings | None = None) -> FastAPI:
    """The server over an open pipeline; who makes it closes the pipeline afterwards."""
    pipeline.store.limit_cache(CACHE_KIB)
    service = Service(pipeline, settings or pipeline.config.serve)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
        yield
        service.crawls.close()

    app = FastAPI(
        title="onecopy",
        version=_version(),
        summary="Every story once; every reprint accounted for.",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.service = service
    app.include_router(api.router)
    for part in (front, pages, pages_feeds, pages_searches, published, miniflux, greader, fever, websub):
        app.include_router(part.router, include_in_schema=False)
    app.include_router(greader.router, prefix="/api/greader.php", include_in_schema=False)
    app.mount("/static", static_files(), name="static")
    for kind in (Problem, RequestValidationError, HTTPException, OnecopyError):
        app.add_exception_handler(kind, _answer)
    app.add_middleware(Guard, service=service)
    _describe(app)
    return app


def _version() -> str:
    try:
        return metadata.version("onecopy")
    except metadata.PackageNotFoundError:  # run from a folder that nobody installed
        return "0"


async def _answer(request: Request, error: Exception) -> Response:
    return answer(request, error)


def _describe(app: FastAPI) -> None:
    """The OpenAPI document, with what FastAPI does not know of: problems and ways to log in."""
    made = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema:
            return app.openapi_schema
        document = made()
        parts = document.setdefault("components", {})
        parts.setdefault("schemas", {})["Problem"] = ProblemDetails.model_json_schema()
        parts["securitySchemes"] = {
            "token": {"type": "http", "scheme": "bearer"},
            "password": {"type": "http", "scheme": "basic"},
        }
        document["security"] = [{"token": []}, {"password": []}]
        for path in document["paths"].values():
            for operation in path.values():
                operation["responses"].pop("422", None)  # said by 4XX, and not in FastAPI's own form
        for name in ("HTTPValidationError", "ValidationError"):
            parts["schemas"].pop(name, None)
        return document

    app.openapi = described  # type: ignore[method-assign]  # the documented way to extend it
