"""Feeds out: Atom 1.0 (RFC 4287), RSS 2.0 and JSON Feed 1.1 for everything, a folder, or any view of the stories.

One item per story. Its id is made of the store's random UUID and the story's number, which outlives every regrouping:
a story keeps it when its original changes, when copies join, and when another story goes into it. So no reader shows an
item again. The validators follow from what the feed says (ETag, in the guard) and from its newest change.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Final

from fastapi import APIRouter
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from pipeline.model import ShelfCopy
from pipeline.serve.asking import query_of
from pipeline.serve.content import Shown, entry_html, safe_url, shown
from pipeline.serve.identity import Reader, unauthorized
from pipeline.serve.markup import attribute, rfc3339, xml
from pipeline.serve.service import AService, Service
from pipeline.serve.wishes import Published, View, read_query
from pipeline.store.searches import SavedSearch

router: Final = APIRouter()


@router.get("/feed.atom")
def atom(request: Request, service: AService) -> Response:
    """Atom 1.0."""
    return _published(request, service, "atom", "application/atom+xml")


@router.get("/feed.rss")
def rss(request: Request, service: AService) -> Response:
    """RSS 2.0."""
    return _published(request, service, "rss", "application/rss+xml")


@router.get("/feed.json")
def json_feed(request: Request, service: AService) -> Response:
    """JSON Feed 1.1."""
    return _published(request, service, "json", "application/feed+json")


def _reader(request: Request, service: Service) -> Reader:
    """Feed readers can send a password, or have a token in the address: some can do nothing else."""
    found = service.door.reader(request)
    token = request.query_params.get("token")
    if found is None and token:
        account = service.store.accounts.by_token(token)
        found = Reader(account, "token") if account else None
    if found is None:
        raise unauthorized("log in, or put ?token= with an API token into the address")
    return found


def _published(request: Request, service: Service, kind: str, media_type: str) -> Response:
    reader = _reader(request, service)
    params, saved = request.query_params, None
    view: View
    view = asked = read_query(Published, params, only_known=True)
    if asked.saved is not None:
        saved = service.store.searches.get(reader.account.id, asked.saved)
        params = QueryParams(saved.query)
        view = read_query(View, params)
    wanted = view.filter(service.store.feeds.all, asked.limit)
    found = service.store.shelf.page(replace(wanted, oldest_first=False), reader.account.id)
    items = shown(service.store, found, service.settings)
    feed = _Feed(service, service.base(request), query_of(params), saved, items)
    write = {"atom": feed.atom, "rss": feed.rss, "json": feed.json}[kind]
    headers = {"Last-Modified": format_datetime(feed.updated.replace(microsecond=0), usegmt=True)}
    return Response(write(), media_type=f"{media_type}; charset=utf-8", headers=headers)


class _Feed:
    """One feed document."""

    def __init__(
        self, service: Service, base: str, query: str, saved: SavedSearch | None, items: Sequence[Shown]
    ) -> None:
        self._service = service
        self._base = base
        self._query = query
        self._saved = saved
        self._items = items
        # Copies that join change an item, too.
        moments = [moment for one in items for moment in (updated(one), one.story.row.first_seen_at)]
        self.updated = max(moments, default=datetime(1970, 1, 1, tzinfo=UTC)).astimezone(UTC)

    def atom(self) -> str:
        """RFC 4287."""
        named = f"saved/{self._saved.id}" if self._saved else f"feed?{self._query}"
        feed_id = uuid.uuid5(self._service.store_id, named).urn
        entries = "".join(map(self._atom_entry, self._items))
        return (
            '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
            f"<id>{feed_id}</id><title>{xml(self._title)}</title><updated>{rfc3339(self.updated)}</updated>"
            f'<link rel="self" type="application/atom+xml" href={attribute(self._address("atom"))}/>'
            f'<link rel="alternate" type="text/html" href={attribute(self._page)}/>'
            f"<generator>onecopy</generator>{entries}</feed>\n"
        )

    def _atom_entry(self, one: Shown) -> str:
        name = one.author or one.copy.site_name or one.copy.site
        via = "".join(
            f'<link rel="via" href={attribute(safe_url(other.url))} title={attribute(other.site)}/>'
            for other in one.elsewhere
        )
        return (
            f"<entry><id>{self.item_id(one)}</id><title>{xml(one.title)}</title>"
            f'<link rel="alternate" type="text/html" href={attribute(safe_url(one.copy.url))}/>'
            f'<link rel="related" type="text/html" title="chain" href={attribute(self._story(one))}/>{via}'
            f"<published>{rfc3339(one.published_at)}</published><updated>{rfc3339(updated(one))}</updated>"
            f"<author><name>{xml(name)}</name></author>"
            f"<source><id>{xml(f'https://{one.copy.site}/')}</id><title>{xml(_name(one.copy))}</title>"
            f"<updated>{rfc3339(updated(one))}</updated></source>"
            f'<content type="html">{xml(entry_html(one, self._story(one)))}</content></entry>'
        )

    def rss(self) -> str:
        """RSS 2.0 with Atom's self link and Dublin Core's creator."""
        items = "".join(map(self._rss_item, self._items))
        return (
            '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
            f"<title>{xml(self._title)}</title><link>{xml(self._page)}</link>"
            f"<description>{xml(DESCRIPTION)}</description>"
            f'<atom:link rel="self" type="application/rss+xml" href={attribute(self._address("rss"))}/>'
            f"<lastBuildDate>{_rfc822(self.updated)}</lastBuildDate><generator>onecopy</generator>"
            f"{items}</channel></rss>\n"
        )

    def _rss_item(self, one: Shown) -> str:
        creator = f"<dc:creator>{xml(one.author)}</dc:creator>" if one.author else ""
        return (
            f"<item><title>{xml(one.title)}</title><link>{xml(safe_url(one.copy.url))}</link>"
            f'<guid isPermaLink="false">{self.item_id(one)}</guid><pubDate>{_rfc822(one.published_at)}</pubDate>'
            f"{creator}<source url={attribute(f'https://{one.copy.site}/')}>{xml(_name(one.copy))}</source>"
            f"<comments>{xml(self._story(one))}</comments>"
            f"<description>{xml(entry_html(one, self._story(one)))}</description></item>"
        )

    def json(self) -> str:
        """JSON Feed 1.1; ``_onecopy`` has the page with a story's chain, and where else it was published."""
        document = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": self._title,
            "description": DESCRIPTION,
            "home_page_url": self._page,
            "feed_url": self._address("json"),
            "items": [self._json_item(one) for one in self._items],
        }
        return json.dumps(document, ensure_ascii=False)

    def _json_item(self, one: Shown) -> dict[str, object]:
        item: dict[str, object] = {
            "id": self.item_id(one),
            "url": safe_url(one.copy.url),
            "title": one.title,
            "content_html": entry_html(one, self._story(one)),
            "date_published": rfc3339(one.published_at),
            "date_modified": rfc3339(updated(one)),
            "authors": [{"name": name} for name in one.copy.byline or (_name(one.copy),)],
            "_onecopy": {
                "about": f"{self._base}/elsewhere",
                "story": self._story(one),
                "copies": one.story.row.copies,
                "also_published_at": [{"url": safe_url(other.url), "site": other.site} for other in one.elsewhere],
            },
        }
        if one.copy.language:
            item["language"] = one.copy.language
        return item

    def item_id(self, one: Shown) -> str:
        """The same for ever, in every format and under every address of this server."""
        return uuid.uuid5(self._service.store_id, f"story/{one.story.row.id}").urn

    @property
    def _title(self) -> str:
        if self._saved:
            return self._saved.name
        return f"onecopy: {self._query.replace('&', ', ')}" if self._query else "onecopy"

    @property
    def _page(self) -> str:
        return f"{self._base}/" + (f"?{self._query}" if self._query else "")

    def _address(self, kind: str) -> str:
        query = f"saved={self._saved.id}" if self._saved else self._query
        return f"{self._base}/feed.{kind}" + (f"?{query}" if query else "")

    def _story(self, one: Shown) -> str:
        return f"{self._base}/stories/{one.story.row.id}"


DESCRIPTION: Final = "Every story once; every reprint accounted for."


def updated(one: Shown) -> datetime:
    """When the story last changed: when its newest copy was first seen."""
    return max([one.published_at, *(copy.first_seen_at for copy in one.story.copies)])


def _name(copy: ShelfCopy) -> str:
    return copy.site_name or copy.site


def _rfc822(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC).replace(microsecond=0), usegmt=True)
