"""What runs in a worker: one fetched page (or a feed's own text) in, an article and its fingerprint out.

Everything that costs CPU or that a hostile page could break happens here, so the main process only decides and stores.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline.dedup import article_marks, of_article
from pipeline.dedup.forms import Mark
from pipeline.errors import DocumentError, Unreadable
from pipeline.extraction import WALL, extract, from_entry, is_home, joined, make_article
from pipeline.extraction.text import letters
from pipeline.model import Article, Entry, Extraction, Fingerprint, Learned, Response
from pipeline.urls import canonical_url, redact, site


@dataclass(frozen=True, slots=True)
class Part:
    """A further page of the same article."""

    url: str
    body: bytes
    content_type: str | None


@dataclass(frozen=True, slots=True)
class Read:
    """What became of a document: ``marks`` are its lines of credit, ``more`` is where its next part is."""

    article: Article
    fingerprint: Fingerprint
    marks: tuple[Mark, ...]
    more: str | None = None


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
    parts: tuple[Part, ...] = ()  # that follow the page

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


def read_document(document: Document) -> Read:
    """Read one document. Raises Unreadable when neither the page nor the feed holds any text."""
    page, problem = _page(document)
    url = document.url
    if document.entry.url is not None and _is_astray(document, document.entry.url, page):
        url = document.entry.url
        page, problem = None, f"{redact(url)} leads there, which is another page"
    if page is not None and document.parts:
        page = joined(page, list(_read_parts(document)))
    feed_text = from_entry(document.entry)
    article = make_article(document.entry, url, page, feed_text, document.first_seen_at, document.feed)
    if not article.text:
        raise Unreadable(problem or "no text, neither on the page nor in the feed")
    more = page.more if page is not None and not article.stub and article.method == page.method else None
    return Read(article, of_article(article), article_marks(article), more)


def _is_astray(document: Document, own: str, page: Extraction | None) -> bool:
    """Whether the entry's ``own`` address was redirected to a page that is not the entry's.

    Many of a site's entries end there: at its own front page, once they are gone, or at a page of another title that
    asks for consent, a login or a subscription. What a redirector's link leads to is no such page.
    """
    if document.body is None or canonical_url(own) == canonical_url(document.url):
        return False
    if is_home(document.url) and not is_home(own) and site(own) == site(document.url):
        return True
    if page is not None and page.text and WALL not in page.problems:
        return False
    title, shown = letters(document.entry.title or ""), letters(page.title or "") if page else ""
    return bool(title and shown) and title not in shown and shown not in title


def _read_parts(document: Document) -> Iterator[Extraction]:
    """The parts up to the first that cannot be read."""
    for part in document.parts:
        try:
            yield extract(part.body, part.url, part.content_type, document.learned, dated=True)
        except DocumentError:
            return


def _page(document: Document) -> tuple[Extraction | None, str]:
    if document.body is None:
        return None, ""
    kind = (document.content_type or "text/html").partition(";")[0].strip().lower()
    if kind and not ("html" in kind or kind in ("text/plain", "application/xml", "text/xml")):
        return None, f"the page is {kind}, not HTML"
    dated = document.entry.published_at is not None
    try:
        return extract(document.body, document.url, document.content_type, document.learned, dated=dated), ""
    except Unreadable as error:
        return None, str(error)


def article_of_page(article: Article, html: str, own_identity: bool) -> Article:
    """``article`` with its text taken from its page; what it says of itself wins, its identity with ``own_identity``.

    Raises Unreadable when the page holds no text, Refused when it is no page.
    """
    read = extract(html, article.url, dated=article.published_at is not None)
    page = make_article(None, article.url, read, None, article.first_seen_at, None)
    if not page.text:
        raise Unreadable("html: holds no text")
    return replace(
        article,
        canonical_url=article.canonical_url if own_identity else page.canonical_url,
        title=article.title or page.title,
        byline=article.byline or page.byline,
        published_at=article.published_at or page.published_at,
        language=article.language or page.language,
        text=page.text,
        method=page.method,
        site_name=article.site_name or page.site_name,
        declared_url=article.declared_url or page.declared_url,
        based_on=page.based_on,
        links=page.links,
        section=article.section or page.section,
        licence=article.licence or page.licence,
        image=article.image or page.image,
        stub=article.stub or page.stub,
    )
