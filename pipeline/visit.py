"""One address that a person named, fetched as a crawl would: in its host's turn, within its limits, by robots.txt."""

from __future__ import annotations

import codecs
import re
from datetime import UTC, datetime

from pipeline.config import Config
from pipeline.errors import NoAnswer, OnecopyError, Unreadable, UsageError
from pipeline.feeds.discover import feeds_at
from pipeline.fetch import FEED_TYPES, PAGE_TYPES, Client
from pipeline.ledger import DatabaseThread, StoreLedger
from pipeline.model import Entry, FetchError, Reason, Request, Response, Retry
from pipeline.reach import SILENT
from pipeline.reading import Document, read_document
from pipeline.store import Store
from pipeline.work import ProcessWorkers

_MARKS = (  # UTF-32 first: in little endian its mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF8, "utf-8"),
)
_CONTROLS = re.compile("[\x01-\x08\x0b\x0e-\x1a\x1c-\x1f]")  # not tab, line and page breaks, escape
_MOST_CONTROLS = 0.01  # of the characters; random bytes have a tenth
_SILENCE = SILENT - {Reason.REFUSED_ADDRESS} | {Reason.HELD}
_NEVER = frozenset([Reason.BAD_URL, Reason.REFUSED_ADDRESS])  # and no other day would make a difference


async def text_at(config: Config, store: Store, workers: ProcessWorkers, url: str) -> tuple[str, str | None]:
    """The text and title of the page at ``url``. Raises OnecopyError."""
    request = Request(url, accept=PAGE_TYPES, max_bytes=config.fetch.max_page_bytes)
    page = await _fetched(config, store, request, robots=config.fetch.robots)
    return await text_of(config, workers, page.url, page.body, page.content_type)


def plain_text(body: bytes) -> str:
    """A text file's text: by its byte order mark, else in UTF-8, else in windows-1252. Raises Unreadable for no text.

    No text is, as for git and grep, what holds a NUL; also what is full of other control characters.
    """
    mark, codec = next(((mark, codec) for mark, codec in _MARKS if body.startswith(mark)), (b"", "utf-8"))
    try:
        text = body.removeprefix(mark).decode(codec)
    except UnicodeDecodeError:
        text = body.removeprefix(mark).decode(codec if mark else "cp1252", "replace")
    if "\0" in text or len(_CONTROLS.findall(text)) > _MOST_CONTROLS * len(text):
        raise Unreadable("not a text (plain or HTML): it holds binary data")
    return text


async def text_of(
    config: Config, workers: ProcessWorkers, url: str, body: bytes, content_type: str | None
) -> tuple[str, str | None]:
    """The text and title of a page at hand. Raises DocumentError."""
    entry = Entry(key="", guid=None, url=url, title=None)
    document = Document(entry, url, body, content_type, datetime.now(UTC), "")
    found = await workers.run(read_document, document, timeout_s=config.work.page_timeout_s)
    return found.article.text, found.article.title


async def feeds_from(config: Config, store: Store, workers: ProcessWorkers, url: str) -> list[tuple[str, str]]:
    """The feed at ``url``, or the feeds that the page there links to, as (URL, title). Raises OnecopyError."""
    request = Request(url, accept=f"{PAGE_TYPES}, {FEED_TYPES}", max_bytes=config.fetch.max_feed_bytes)
    found = await _fetched(config, store, request, robots=config.fetch.robots_for_feeds)
    arguments = (found.body, found.url, found.content_type)
    named = await workers.run(feeds_at, *arguments, timeout_s=config.work.feed_timeout_s)
    # A feed keeps the address that it was asked for at: with its credentials, and before a redirect of today.
    return [(url if address == found.url else address, title) for address, title in named]


async def _fetched(config: Config, store: Store, request: Request, *, robots: bool) -> Response:
    store.runs.recover()
    run_id = store.runs.begin("visit")
    database = DatabaseThread()
    try:
        async with Client(config.fetch, ledger=StoreLedger(store, run_id, database)) as client:
            outcome = await client.fetch(request, robots=robots)
    finally:
        database.close()
        store.runs.finish(run_id)
    if isinstance(outcome, Response):
        return outcome
    if not isinstance(outcome, FetchError):
        raise OnecopyError("not modified")
    if outcome.reason in _SILENCE:
        raise NoAnswer(outcome.message)
    never = outcome.retry is Retry.NEVER and outcome.reason in _NEVER
    raise (UsageError if never else OnecopyError)(outcome.message)
