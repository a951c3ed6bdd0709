"""Addresses that people, browsers and proxies try, whatever they know of this server."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from pipeline.serve.guard import plain
from pipeline.serve.service import AService
from pipeline.serve.templating import HERE

router: Final = APIRouter()


@router.get("/health")
def health(service: AService) -> Response:
    """For proxies and supervisors, without a login and without data. Raises StoreError, which is a 503."""
    service.store.accounts.store_id()
    return plain("ok\n")


@router.get("/stories")
def stories(request: Request) -> Response:
    """The stream; what stands above one story's address in every other program."""
    query = request.url.query
    return RedirectResponse(f"/?{query}" if query else "/", 308)


@router.get("/favicon.ico")
async def icon() -> Response:
    """The icon that pages name, for whoever does not read them."""
    return FileResponse(HERE / "static" / "icon.svg", headers={"Cache-Control": "public, max-age=86400"})
