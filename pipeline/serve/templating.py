"""Pages from templates, and the files that they need."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from pipeline.moments import apart
from pipeline.serve import words
from pipeline.serve.content import paragraphs, safe_url
from pipeline.serve.identity import Reader
from pipeline.serve.service import Service

HERE: Final = Path(__file__).parent


class _Static(StaticFiles):
    """Files that never change under the address that pages use for them."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if scope.get("query_string"):
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def static_files() -> StaticFiles:
    """Style, script and icon."""
    return _Static(directory=HERE / "static")


def _versions() -> dict[str, str]:
    files = sorted((HERE / "static").iterdir())
    return {one.name: hashlib.sha256(one.read_bytes()).hexdigest()[:12] for one in files}


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        when=words.when,
        span=words.span,
        percent=words.percent,
        count=words.count,
        running=words.running,
        paragraphs=paragraphs,
        web=safe_url,
    )
    made.globals.update(apart=apart, lag=words.lag, static=_versions())
    for name in made.list_templates():  # compiled now: nobody waits for it, and processes that are forked share it
        made.get_template(name)
    return made


TEMPLATES: Final = _environment()


def page(request: Request, name: str, reader: Reader | None, status: int = 200, **values: Any) -> HTMLResponse:
    """A page from a template."""
    service: Service = request.app.state.service
    shared = {
        "path": request.url.path,
        "reader": reader,
        "can_leave": reader is not None and reader.via == "session",
        "open": service.door.is_open(),
        "q": request.query_params.get("q", ""),
        "feed_query": "",
    }
    return HTMLResponse(TEMPLATES.get_template(name).render(shared | values), status)


def problem_page(request: Request, status: int, detail: str, headers: dict[str, str]) -> Response:
    """What went wrong, for people; with the way on for whoever the failed request has let in."""
    service: Service = request.app.state.service
    response = page(request, "problem.html", service.door.known(request), status, problem=detail, code=status)
    response.headers.update(headers)
    return response


def to_login(request: Request) -> Response:
    """Where who has to log in is sent; back to the page that was asked for afterwards."""
    back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"/login?{urlencode({'back': back if request.method == 'GET' else '/'})}", 303)
