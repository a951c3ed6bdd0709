"""Web pages: searches that are kept under a name, each a link above the stream and a feed."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Form
from starlette.datastructures import QueryParams
from starlette.responses import RedirectResponse, Response

from pipeline.serve.asking import query_of
from pipeline.serve.identity import AReader
from pipeline.serve.service import AService
from pipeline.serve.wishes import View, read_query

router: Final = APIRouter()


@router.post("/searches")
def save(
    service: AService, reader: AReader, name: Annotated[str, Form(max_length=200)], view: Annotated[str, Form()] = ""
) -> Response:
    """Keep the search that is shown; one of that name gives way."""
    query = query_of(QueryParams(view))
    read_query(View, QueryParams(query))
    service.store.searches.save(reader.account.id, name, query)
    return RedirectResponse(f"/?{query}" if query else "/", 303)


@router.post("/searches/{search}/remove")
def remove(service: AService, reader: AReader, search: int) -> Response:
    """Forget it."""
    service.store.searches.remove(reader.account.id, min(search, 2**31 - 1))
    return RedirectResponse("/", 303)
