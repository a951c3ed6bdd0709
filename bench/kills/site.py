"""Scripted feeds with a sliding window and honest validators, which remember what they have told.

Feeds stand in pairs: every item of the second reprints that of the first. Every other item has a page; the rest is in
the feed whole.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

WORDS = 110  # of an item's text
VOCABULARY = 2_000
DOMAIN = "kills.test"


class Site:
    """``feeds`` feeds of the newest ``window`` items each."""

    def __init__(self, feeds: int, window: int) -> None:
        self.window = window
        self.newest = [window] * feeds  # the items of feed f are 0 to newest[f] - 1
        self.told: set[str] = set()  # titles of the items in every body that was sent
        self.asked = threading.Event()

    @property
    def feeds(self) -> list[str]:
        """Their addresses."""
        return [f"http://f{number}.{DOMAIN}/feed" for number in range(len(self.newest))]

    def publish(self, items: int, pairs: list[int] | None = None) -> None:
        """So many new items in the feeds of these pairs, or of all."""
        for number in range(len(self.newest)):
            if pairs is None or number // 2 in pairs:
                self.newest[number] += items

    def items(self, feed: int, newest: int) -> list[str]:
        """The titles of a feed's items when ``newest`` had been published."""
        return [title(feed, item) for item in range(max(0, newest - self.window), newest)]

    def etag(self, feed: int) -> str:
        """Says which items the feed holds."""
        return f'"{feed}-{self.newest[feed]}"'

    def answer(self, host: str, path: str, known: str | None) -> tuple[int, str, bytes]:
        """Status, ETag and body."""
        self.asked.set()
        feed = int(host.partition(".")[0].removeprefix("f"))
        if path == "/robots.txt":
            return 200, "", b"User-agent: *\nAllow: /\n"
        if path != "/feed":
            return 200, "", page(feed, int(path.removeprefix("/")))
        etag = self.etag(feed)
        if known == etag:
            return 304, etag, b""
        newest = self.newest[feed]
        self.told |= set(self.items(feed, newest))
        return 200, etag, document(feed, range(max(0, newest - self.window), newest))


def title(feed: int, item: int) -> str:
    """The name of an item, by which it is told from all others."""
    return f"Report {item} of desk {feed}"


def guid(name: str) -> str:
    """The guid of the item of a title."""
    return name.replace(" ", "-").lower()


@cache
def _text(pair: int, item: int) -> str:
    chance = random.Random(f"{pair} {item}")
    words = [f"{'bdfgklmnprst'[n % 12]}{'aeiou'[n % 5]}{n:x}" for n in chance.choices(range(VOCABULARY), k=WORDS)]
    return f"<p>{' '.join(words[:60])}.</p><p>{' '.join(words[60:])}.</p>"


def body(feed: int, item: int) -> str:
    """The text of an item: of its own, or its neighbour's with a credit."""
    credit = f"<p>This article was originally published by Desk {feed - 1}.</p>" if feed % 2 else ""
    return credit + _text(feed // 2, item)


def page(feed: int, item: int) -> bytes:
    """The page of an item."""
    name = title(feed, item)
    return (
        f'<html lang="en"><head><title>{name}</title><meta property="og:title" content="{name}">'
        f'<meta property="og:site_name" content="Desk {feed}"></head>'
        f"<body><article><h1>{name}</h1>{body(feed, item)}</article></body></html>"
    ).encode()


def document(feed: int, items: range) -> bytes:
    """The feed: every other item with a link, the others with their text."""
    rows = "".join(
        f"<item><title>{title(feed, item)}</title><guid isPermaLink='false'>{guid(title(feed, item))}</guid>"
        + (
            f"<link>http://f{feed}.{DOMAIN}/{item}</link>"
            if item % 2
            else f"<description><![CDATA[{body(feed, item)}]]></description>"
        )
        + "</item>"
        for item in reversed(items)
    )
    return f'<rss version="2.0"><channel><title>Desk {feed}</title>{rows}</channel></rss>'.encode()


@contextmanager
def serving(site: Site) -> Iterator[str]:
    """``site`` on loopback; its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            status, etag, content = site.answer(self.headers["Host"], self.path, self.headers["If-None-Match"])
            self.send_response(status)
            if etag:
                self.send_header("ETag", etag)
            self.send_header("Content-Type", "text/html" if content.startswith(b"<html") else "application/rss+xml")
            if status != 304:
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A crawler that was killed has hung up."""

    with Quiet(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
