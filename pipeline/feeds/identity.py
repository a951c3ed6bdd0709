"""What makes an entry the same entry at the next fetch, and what makes it worth reading again."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urlsplit

from pipeline.feeds.text import html_text
from pipeline.model import Entry
from pipeline.urls import canonical_url
from pipeline.versions import without_the_clock

_SEVERAL = 3  # entries with one link: two may be one piece whose title was changed, under a new guid


def entry_key(entry: Entry, site_url: str | None = None) -> str:
    """SHA-256 hex of the entry's identity: its guid, else its canonical link, else its title and content.

    A link that is the feed's own home page names no entry and is passed over.
    """
    if entry.guid:
        return _digest("guid", entry.guid)
    if entry.url:
        link = canonical_url(entry.url)
        if site_url is None or link != canonical_url(site_url):
            return _digest("link", link)
    return _digest("text", entry.title or "", _squeezed(entry.content_html or entry.summary_html))


def content_hash(entry: Entry) -> str:
    """SHA-256 hex of title, link and text, white space and markup ignored.

    Dates are left out, and so are times of day in the text: feeds that print the time of the request in every item
    would otherwise be read at each fetch. So is markup, where counters, nonces and tracking pixels live.
    """
    link = canonical_url(entry.url) if entry.url else ""
    return _digest(
        "content",
        _timeless(entry.title),
        link,
        _timeless(entry.content_html),
        _timeless(entry.summary_html),
    )


def identified(entries: Iterable[Entry], site_url: str | None) -> tuple[Entry, ...]:
    """The entries with ``key`` and ``content_hash`` set, each key once.

    A later entry with a key that was there already is dropped when it has the same link too; with another link (a feed
    that gives every item one guid) it gets a key of guid and link, and one without a guid a key of link and title.
    """
    links: dict[str, str | None] = {}
    kept: list[Entry] = []
    for entry in entries:
        key = entry_key(entry, site_url)
        if key in links:
            if entry.guid and entry.url != links[key]:
                key = _digest("guid and link", entry.guid, canonical_url(entry.url or ""))
            elif not entry.guid and entry.url:
                key = _digest("link and title", canonical_url(entry.url), _squeezed(entry.title))
            if key in links:
                continue
        elif not entry.guid and entry.url:
            # The first one with this link keeps the plain key; its title counts as taken as well.
            links[_digest("link and title", canonical_url(entry.url), _squeezed(entry.title))] = entry.url
        links[key] = entry.url
        kept.append(replace(entry, key=key, content_hash=content_hash(entry)))
    return tuple(kept)


def without_own_page(entries: Iterable[Entry], site_url: str | None) -> set[str]:
    """The keys of the entries with a text of their own whose links lead to no page of their own.

    That is the site's home page, or what the feed calls so and several share, as in podcasts; a page of which several
    are sections (``notes#v2``); one that three and more with different titles share. Their texts are in the feed, and
    that page would be read as each of them.
    """
    home = canonical_url(site_url) if site_url else None
    together: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.url and (entry.content_html or entry.summary_html):
            together[canonical_url(entry.url)].append(entry)
    found: set[str] = set()
    for link, sharing in together.items():
        differ = len({entry.title for entry in sharing if entry.title}) == len(sharing)
        sections = len({entry.url for entry in sharing if "#" in (entry.url or "")})
        at_home = link == home and (len(sharing) > 1 or urlsplit(link).path == "/")
        if at_home or (differ and (len(sharing) >= _SEVERAL or sections > 1)):
            found.update(entry.key for entry in sharing)
    return found


def _squeezed(markup: str | None) -> str:
    return "".join(html_text(markup).split()) if markup else ""


def _timeless(markup: str | None) -> str:
    return "".join(without_the_clock(html_text(markup)).split()) if markup else ""


def _digest(*parts: str) -> str:
    """SHA-256 over the parts, each with its length, so that no two lists of parts read the same."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()
