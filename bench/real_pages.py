"""The main job on real pages: ``scripts/bench main-job --pages DIR``.

The pages of a folder (``*.html`` or ``*.html.gz``, also in folders below) are served on loopback by a process of its
own, twenty on a host with a feed of them. Counted is the CPU of the crawling process and its
workers: fetch, robots.txt, feeds, parse, extract, fingerprint, group, save. Interpreter and workers run already, as in
the daemon: the first half of the pages warms them (patterns are compiled when first needed) and is not counted. Beside
it, in the same round and on the pages that count, trafilatura's ``bare_extraction`` with its defaults.
"""

from __future__ import annotations

import gzip
import multiprocessing
import statistics
import tempfile
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path

import psutil

from pipeline import Pipeline

_TOGETHER = 20  # entries a feed
_ITEM = (
    "<item><title>Page {number}</title><link>http://{host}.test/story/{number}</link>"
    "<pubDate>Mon, 30 Jun 2025 06:00:00 GMT</pubDate></item>"  # as nearly all feeds have
)
_CONFIG = """\
store: {{url: "sqlite:///onecopy.db"}}
fetch: {{host_gap_s: 0, connect_to: {{"*.test": "{address}"}}}}
feeds:
"""


def measure(folder: Path, rounds: int, bare: Callable[[list[tuple[str, bytes]]], float]) -> None:
    """Print CPU an article against ``bare(pages)``, seconds a page, round by round. Raises SystemExit without pages."""
    pages = list(read(folder))
    if len(pages) < 2 * _TOGETHER:
        raise SystemExit(f"{folder}: {len(pages)} pages; at least {2 * _TOGETHER} are needed")
    counted = pages[_half(pages) * _TOGETHER :]
    ours, theirs = [], []
    print(f"crawl of {len(pages)} real pages, {sum(map(len, pages)) / len(pages) / 1e3:.0f} kB each, {rounds} rounds")
    for _ in range(rounds):
        cpu, articles = _crawl(pages)
        ours.append(cpu / articles)
        theirs.append(bare([(f"http://p{n}.test/", body) for n, body in enumerate(counted)]))
        ratio = ours[-1] / theirs[-1]
        print(f"  {articles} articles, {ours[-1] * 1e3:.1f} ms of CPU each", end="")
        print(f"; bare_extraction {theirs[-1] * 1e3:.1f} ms a page; ratio {ratio:.2f}", flush=True)
    print(f"median ratio {statistics.median(a / b for a, b in zip(ours, theirs, strict=True)):.2f}")


def _half(pages: list[bytes]) -> int:
    """How many feeds warm the workers."""
    return len(pages) // _TOGETHER // 2


def read(folder: Path) -> Iterator[bytes]:
    """The bodies of all pages, by name."""
    for path in sorted((*folder.rglob("*.html"), *folder.rglob("*.html.gz"))):
        body = path.read_bytes()
        yield gzip.decompress(body) if path.suffix == ".gz" else body


def _crawl(pages: list[bytes]) -> tuple[float, int]:
    """Seconds of CPU, and how many articles came of it."""
    ours, its = multiprocessing.Pipe()
    server = multiprocessing.Process(target=_serve, args=(its, pages), daemon=True)
    server.start()
    feeds = [f"http://f{n}.test/feed" for n in range(-(-len(pages) // _TOGETHER))]
    try:
        with tempfile.TemporaryDirectory() as folder:
            config = Path(folder, "config.yaml")
            lines = [_CONFIG.format(address=ours.recv()), *(f"  - url: {feed}\n" for feed in feeds)]
            config.write_text("".join(lines), encoding="utf-8")
            with Pipeline(str(config)) as pipeline:
                pipeline.crawl(feeds[: _half(pages)])
                before = _cpu(server.pid)
                found = pipeline.crawl(feeds[_half(pages) :])
                return _cpu(server.pid) - before, found.new_articles + found.revised_articles + found.unchanged_articles
    finally:
        server.terminate()
        server.join()


def _cpu(server: int | None) -> float:
    """Seconds of CPU, user and system, of this process and its children, the server aside."""
    processes = [psutil.Process(), *psutil.Process().children(recursive=True)]
    return sum(sum(one.cpu_times()[:2]) for one in processes if one.pid != server)


def _serve(connection: Connection, pages: list[bytes]) -> None:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            host = (self.headers["Host"] or "").split(".")[0]
            body = None if self.path == "/robots.txt" else _body(host, self.path, pages)
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Type", "application/rss+xml" if self.path == "/feed" else "text/html")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        connection.send(f"127.0.0.1:{server.server_address[1]}")
        server.serve_forever()


def _body(host: str, path: str, pages: list[bytes]) -> bytes:
    if path != "/feed":
        return pages[int(path.rpartition("/")[2])]
    number = int(host[1:])
    own = range(number * _TOGETHER, min(len(pages), (number + 1) * _TOGETHER))
    items = "".join(_ITEM.format(number=n, host=host) for n in own)
    top = f"<title>Feed {number}</title><link>http://{host}.test/</link><description>Pages</description>"
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{top}{items}</channel></rss>'.encode()
