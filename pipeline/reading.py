"""What runs in a worker: one fetched page (or a feed's own text) in, an article and its fingerprint out.

Everything that costs CPU or that a hostile page could break happens here, so the main process only decides and stores.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pipeline.dedup import of_article
from pipeline.errors import Unreadable
from pipeline.extraction import extract, from_entry, make_article
from pipeline.model import Article, Entry, Extraction, Fingerprint, Learned, Response


@dataclass(frozen=True, slots=True)
class Document:
    """What is to be read: an entry with or without the page that was fetched for it."""

    entry: Entry
    url: str  # where the page was found; the entry's own address when there was no page
    body: bytes | None
    content_type: str | None
    first_seen_at: datetime
    feed: str
    learned: Learned | None = None  # of the page's site

    @classmethod
    def of(
        cls,
        entry: Entry,
        feed: str,
        feed_url: str,
        first_seen_at: datetime,
        page: Response | None,
        learned: Learned | None = None,
    ) -> Document:
        """The document of an entry. An item without a link is known by its feed and its own key."""
        url = page.url if page else entry.url or f"{feed_url}?onecopy-entry={entry.key[:32]}"
        return cls(
            entry=entry,
            url=url,
            body=page.body if page else None,
            content_type=page.content_type if page else None,
            first_seen_at=first_seen_at,
            feed=feed,
            learned=learned,
        )


def read_document(document: Document) -> tuple[Article, Fingerprint]:
    """Read one document. Raises Unreadable when neither the page nor the feed holds any text."""
    page, problem = _page(document)
    feed_text = from_entry(document.entry)
    article = make_article(document.entry, document.url, page, feed_text, document.first_seen_at, document.feed)
    if not article.text:
        raise Unreadable(problem or "no text, neither on the page nor in the feed")
    return article, of_article(article)


def _page(document: Document) -> tuple[Extraction | None, str]:
    if document.body is None:
        return None, ""
    kind = (document.content_type or "text/html").partition(";")[0].strip().lower()
    if kind and not ("html" in kind or kind in ("text/plain", "application/xml", "text/xml")):
        return None, f"the page is {kind}, not HTML"
    try:
        return extract(document.body, document.url, document.content_type, document.learned), ""
    except Unreadable as error:
        return None, str(error)
