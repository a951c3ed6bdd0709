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
from xml.sax.saxutils import escape, quoteattr

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from pipeline.model import ShelfCopy
from pipeline.serve.asking import from_query
from pipeline.serve.content import Shown, entry_html, safe_url, shown
from pipeline.serve.identity import Reader, unauthorized
from pipeline.serve.pages import query_of
from pipeline.serve.service import AService, Service

router: Final = APIRouter()

ITEMS: Final = 60  # as many as readers usually keep; a faster feed is asked more often
MOST: Final = 500
# What XML 1.0 cannot hold (§2.2), not even escaped.
_NOT_XML: Final = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])


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
    given = request.query_params.get("limit", "")
    limit = min(MOST, max(1, int(given[:6]))) if given.isascii() and given.isdigit() else ITEMS
    wanted = from_query(request.query_params, service.store.feeds.all(), limit)
    found = service.store.shelf.page(replace(wanted, oldest_first=False), reader.account.id)
    items = shown(service.store, found, service.settings)
    query = query_of(request.query_params)
    feed = _Feed(service, service.base(request), query, items)
    write = {"atom": feed.atom, "rss": feed.rss, "json": feed.json}[kind]
    headers = {"Last-Modified": format_datetime(feed.updated.replace(microsecond=0), usegmt=True)}
    return Response(write(), media_type=f"{media_type}; charset=utf-8", headers=headers)


class _Feed:
    """One feed document."""

    def __init__(self, service: Service, base: str, query: str, items: Sequence[Shown]) -> None:
        self._service = service
        self._base = base
        self._query = query
        self._items = items
        # Copies that join change an item, too.
        moments = [moment for one in items for moment in (updated(one), one.story.row.first_seen_at)]
        self.updated = max(moments, default=datetime(1970, 1, 1, tzinfo=UTC)).astimezone(UTC)

    def atom(self) -> str:
        """RFC 4287."""
        feed_id = uuid.uuid5(self._service.store_id, f"feed?{self._query}").urn
        entries = "".join(map(self._atom_entry, self._items))
        return (
            '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
            f"<id>{feed_id}</id><title>{_xml(self._title)}</title><updated>{_rfc3339(self.updated)}</updated>"
            f'<link rel="self" type="application/atom+xml" href={_attribute(self._address("atom"))}/>'
            f'<link rel="alternate" type="text/html" href={_attribute(self._page)}/>'
            f"<generator>onecopy</generator>{entries}</feed>\n"
        )

    def _atom_entry(self, one: Shown) -> str:
        name = one.author or one.copy.site_name or one.copy.site
        via = "".join(
            f'<link rel="via" href={_attribute(safe_url(other.url))} title={_attribute(other.site)}/>'
            for other in one.elsewhere
        )
        return (
            f"<entry><id>{self.item_id(one)}</id><title>{_xml(one.title)}</title>"
            f'<link rel="alternate" type="text/html" href={_attribute(safe_url(one.copy.url))}/>'
            f'<link rel="related" type="text/html" title="chain" href={_attribute(self._story(one))}/>{via}'
            f"<published>{_rfc3339(one.published_at)}</published><updated>{_rfc3339(updated(one))}</updated>"
            f"<author><name>{_xml(name)}</name></author>"
            f"<source><id>{_xml(f'https://{one.copy.site}/')}</id><title>{_xml(_name(one.copy))}</title>"
            f"<updated>{_rfc3339(updated(one))}</updated></source>"
            f'<content type="html">{_xml(entry_html(one, self._story(one)))}</content></entry>'
        )

    def rss(self) -> str:
        """RSS 2.0 with Atom's self link and Dublin Core's creator."""
        items = "".join(map(self._rss_item, self._items))
        return (
            '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
            f"<title>{_xml(self._title)}</title><link>{_xml(self._page)}</link>"
            f"<description>{_xml(DESCRIPTION)}</description>"
            f'<atom:link rel="self" type="application/rss+xml" href={_attribute(self._address("rss"))}/>'
            f"<lastBuildDate>{_rfc822(self.updated)}</lastBuildDate><generator>onecopy</generator>"
            f"{items}</channel></rss>\n"
        )

    def _rss_item(self, one: Shown) -> str:
        creator = f"<dc:creator>{_xml(one.author)}</dc:creator>" if one.author else ""
        return (
            f"<item><title>{_xml(one.title)}</title><link>{_xml(safe_url(one.copy.url))}</link>"
            f'<guid isPermaLink="false">{self.item_id(one)}</guid><pubDate>{_rfc822(one.published_at)}</pubDate>'
            f"{creator}<source url={_attribute(f'https://{one.copy.site}/')}>{_xml(_name(one.copy))}</source>"
            f"<comments>{_xml(self._story(one))}</comments>"
            f"<description>{_xml(entry_html(one, self._story(one)))}</description></item>"
        )

    def json(self) -> str:
        """JSON Feed 1.1; ``_onecopy`` says where else a story was published."""
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
            "external_url": self._story(one),
            "title": one.title,
            "content_html": entry_html(one, self._story(one)),
            "date_published": _rfc3339(one.published_at),
            "date_modified": _rfc3339(updated(one)),
            "authors": [{"name": name} for name in one.copy.byline or (_name(one.copy),)],
            "_onecopy": {
                "about": f"{self._base}/elsewhere",
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
        return f"onecopy: {self._query.replace('&', ', ')}" if self._query else "onecopy"

    @property
    def _page(self) -> str:
        return f"{self._base}/" + (f"?{self._query}" if self._query else "")

    def _address(self, kind: str) -> str:
        return f"{self._base}/feed.{kind}" + (f"?{self._query}" if self._query else "")

    def _story(self, one: Shown) -> str:
        return f"{self._base}/stories/{one.story.row.id}"


DESCRIPTION: Final = "Every story once; every reprint accounted for."


def updated(one: Shown) -> datetime:
    """When the story last changed: when its newest copy was first seen."""
    return max([one.published_at, *(copy.first_seen_at for copy in one.story.copies)])


def _name(copy: ShelfCopy) -> str:
    return copy.site_name or copy.site


def _xml(text: str) -> str:
    return escape(text.translate(_NOT_XML))


def _attribute(text: str) -> str:
    return quoteattr(text.translate(_NOT_XML))


def _rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _rfc822(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC).replace(microsecond=0), usegmt=True)
