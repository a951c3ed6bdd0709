"""What both reader-app interfaces share: feeds and folders as the apps number them, and stories as their entries."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from pipeline.model import Feed, ShelfStory, StoryFilter
from pipeline.serve.service import Service
from pipeline.store.shelf import Place

LOOSE: Final = 2**31 - 2  # the feed of stories that no feed began: imported ones, and those of feeds that were removed
ALL_FOLDERS: Final = 1  # the folder of feeds without one


@dataclass(frozen=True, slots=True)
class Shelved:
    """A feed as apps see it. ``feed`` is None for the one that stands for stories without a feed."""

    id: int
    title: str
    feed_url: str
    site_url: str
    folder: str
    feed: Feed | None


def folder_id(name: str) -> int:
    """A folder's number: made of its name, so that it is the same for ever; below 2^31, as C++ clients need."""
    if not name:
        return ALL_FOLDERS
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big") & 0x3FFFFFFF | 0x40000000


def shelved(service: Service, base: str) -> list[Shelved]:
    """All feeds, and the one for stories without a feed when there are such stories."""
    found = [
        Shelved(one.id, one.name, _address(one.url), one.site_url or base, one.folder or "", one)
        for one in service.store.feeds.all()
    ]
    if service.kept("loose", lambda: bool(service.store.shelf.page(StoryFilter(home=(None,), limit=1), 0)), 10.0):
        found.append(Shelved(LOOSE, "Without a feed", f"{base}/feed.atom", base, "", None))
    return found


def home_of(feed_ids: list[int]) -> tuple[int | None, ...]:
    """The filter for stories that belong to these feeds, by the apps' numbers."""
    return tuple(None if one == LOOSE else one for one in feed_ids) or (0,)


def feed_of(story: ShelfStory | Place) -> int:
    """The number of the feed that a story belongs to."""
    return LOOSE if story.feed_id is None else story.feed_id


def _address(url: str) -> str:
    from pipeline.urls import redact

    return redact(url)
