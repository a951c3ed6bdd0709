"""What the Miniflux API says of folders, feeds and stories: every key that a client may look for is there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from starlette.requests import Request

from pipeline.model import ShelfStory
from pipeline.serve.apps import Shelved, feed_of, folder_id, shelved
from pipeline.serve.content import entry_html, paragraphs, shown
from pipeline.serve.identity import Reader
from pipeline.serve.service import Service

EPOCH: Final = "0001-01-01T00:00:00Z"
WORDS_PER_MINUTE: Final = 265  # Miniflux's default


def category_of(name: str, account: int) -> dict[str, Any]:
    """A folder; "All" is the one of feeds without a folder."""
    return {"id": folder_id(name), "title": name or "All", "user_id": account, "hide_globally": False}


def feed_shape(one: Shelved, account: int) -> dict[str, Any]:
    """A feed."""
    feed = one.feed
    return {
        "id": one.id,
        "user_id": account,
        "feed_url": one.feed_url,
        "site_url": one.site_url,
        "title": one.title,
        "description": "",
        "checked_at": _time(feed.last_fetched_at if feed else None),
        "next_check_at": _time(feed.next_fetch_at if feed else None),
        "etag_header": "",
        "last_modified_header": "",
        "parsing_error_message": (feed.last_error or "") if feed else "",
        "parsing_error_count": feed.failures if feed else 0,
        "scraper_rules": "",
        "rewrite_rules": "",
        "crawler": True,
        "blocklist_rules": "",
        "keeplist_rules": "",
        "user_agent": "",
        "cookie": "",
        "username": "",
        "password": "",
        "disabled": bool(feed and not feed.enabled),
        "ignore_http_cache": False,
        "fetch_via_proxy": False,
        "no_media_player": False,
        "allow_self_signed_certificates": False,
        "hide_globally": False,
        "category": category_of(one.folder, account),
        "icon": None,
    }


def entry_shapes(request: Request, service: Service, reader: Reader, found: list[ShelfStory]) -> list[dict[str, Any]]:
    """Stories with their texts."""
    base = service.base(request)
    homes = {one.id: feed_shape(one, reader.account.id) for one in shelved(service, base)}
    whole = []
    for one in shown(service.store, found, service.settings):
        story = one.story
        page = f"{base}/stories/{story.row.id}"
        home = homes.get(feed_of(story)) or next(iter(homes.values()), None)
        whole.append(
            {
                "id": story.row.id,
                "user_id": reader.account.id,
                "feed_id": feed_of(story),
                "title": one.title,
                "url": one.copy.url,
                "comments_url": page,
                "author": one.author,
                "content": entry_html(one, page),
                "hash": f"{service.store_id.hex}{story.row.id:08x}",
                "published_at": _time(one.published_at),
                "created_at": _time(story.row.first_seen_at),
                "changed_at": _time(story.changed_at),
                "status": "read" if story.read else "unread",
                "share_code": "",
                "starred": story.starred,
                "reading_time": max(1, sum(len(line.split()) for line in paragraphs(one.text)) // WORDS_PER_MINUTE),
                "enclosures": [],
                "tags": [],
                "feed": home,
            }
        )
    return whole


def _time(moment: datetime | None) -> str:
    return EPOCH if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
