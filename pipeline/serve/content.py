"""Which copy of a story is shown, and its text as the little HTML that reader apps and feeds get.

No markup of a page is ever stored, so nothing of it can be shown: text is escaped here, and what was made of it passes
nh3 (a sanitiser with a list of what is allowed) once more before it leaves. Images are not among it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from html import escape
from typing import Final

import nh3

from pipeline.config import ServeSettings
from pipeline.model import ShelfCopy, ShelfStory
from pipeline.store import Store
from pipeline.urls import is_http

TAGS: Final = {"p", "a", "ul", "li", "hr", "em", "strong", "small"}
FULLER: Final = 1.02  # so much longer than the original a copy has to be before it counts as the fuller text


@dataclass(frozen=True, slots=True)
class Shown:
    """A story with the copy of it that is shown, and that copy's text."""

    story: ShelfStory
    copy: ShelfCopy
    text: str

    @property
    def title(self) -> str:
        """What it is called; its address when it has no title."""
        return self.copy.title or self.story.row.title or self.copy.url

    @property
    def published_at(self) -> datetime:
        """When the story is said to have appeared: the key of all lists, so that apps sort as we do."""
        return self.story.sort_at

    @property
    def author(self) -> str:
        """The names over it."""
        return ", ".join(self.copy.byline or self.story.row.byline)

    @property
    def elsewhere(self) -> list[ShelfCopy]:
        """The other copies."""
        return [one for one in self.story.copies if one.article_id != self.copy.article_id]


def choose(story: ShelfStory, settings: ServeSettings, lengths: Mapping[int, int]) -> ShelfCopy:
    """The copy to show: one of a preferred site, else by ``settings.show``; only "fullest" needs ``lengths``."""
    for site in settings.prefer_sites:
        for one in story.copies:
            if one.site == site.lower().removeprefix("www."):
                return one
    first = story.copies[0]
    if settings.show == "earliest":
        return min(story.copies, key=lambda one: (one.published_at or one.first_seen_at, not one.original))
    if settings.show == "fullest":
        longest = max(story.copies, key=lambda one: (lengths.get(one.article_id, 0), one.original))
        enough = lengths.get(longest.article_id, 0) > FULLER * lengths.get(first.article_id, 0)
        return longest if enough else first
    return first


def shown(store: Store, stories: Sequence[ShelfStory], settings: ServeSettings, texts: bool = True) -> list[Shown]:
    """Stories with the copies to show; with ``texts`` False their texts stay where they are."""
    lengths: Mapping[int, int] = {}
    if settings.show == "fullest":
        lengths = store.shelf.lengths([one.article_id for story in stories for one in story.copies])
    chosen = [(story, choose(story, settings, lengths)) for story in stories if story.copies]
    if not texts:
        return [Shown(story, copy, "") for story, copy in chosen]
    found = store.shelf.texts([copy.article_id for _, copy in chosen])
    return [
        Shown(story, replace(copy, characters=len(found.get(copy.article_id, ""))), found.get(copy.article_id, ""))
        for story, copy in chosen
    ]


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a stored text."""
    return [line.strip() for line in text.split("\n") if line.strip()]


@lru_cache(4_096)  # a page has dozens, the same ones on the next page
def safe_url(url: str) -> str:
    """``url`` when it leads to a web page, else "#"."""
    return url if is_http(url) else "#"


def entry_html(one: Shown, page: str) -> str:
    """The story for a reader app: the text, where else it appeared, and a link to ``page``, where its chain is."""
    parts = [f"<p>{escape(line)}</p>" for line in paragraphs(one.text)]
    others = one.elsewhere
    if others:
        parts.append("<hr><p><strong>Also published at</strong></p><ul>")
        parts += [f"<li>{_link(other)}</li>" for other in others]
        parts.append("</ul>")
    parts.append(f'<p><small><a href="{escape(page)}">Who had it first, and what each copy changed</a></small></p>')
    return clean_html("".join(parts))


def clean_html(html: str) -> str:
    """What nh3 leaves of it: a few tags without attributes, and links to web pages."""
    return nh3.clean(html, tags=TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https"}, link_rel=None)


def _link(copy: ShelfCopy) -> str:
    name = escape(copy.site_name or copy.site)
    when = (copy.published_at or copy.first_seen_at).strftime("%Y-%m-%d %H:%M UTC")
    title = f": {escape(copy.title)}" if copy.title else ""
    return f'<a href="{escape(safe_url(copy.url))}">{name}</a> ({copy.kind}, {when}){title}'
