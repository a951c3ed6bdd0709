"""Fuzzing of all that reads what strangers wrote: feeds, URLs, OPML, headers, compressed bodies, robots.txt, hubs.

    scripts/gate fuzz [--minutes 5] [--seed N] [--only feeds,urls,...]

Inputs are drawn by Hypothesis: generated ones, and files of the test corpus with pieces cut out, repeated, swapped and
overwritten. Each round runs every target with a new seed until the time is over. A finding is an exception that is no
DocumentError, a property that does not hold, or one input that takes longer than LONGEST_S; it is printed with the
shrunk input, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import gzip
import hmac
import random
import signal
import sys
import time
import traceback
import zlib
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import brotli
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as hypothesis_seed
from hypothesis import strategies as st
from protego import Protego

from pipeline import urls
from pipeline.errors import DocumentError
from pipeline.feeds import opml, parse_feed
from pipeline.fetch import headers as h
from pipeline.fetch.codings import Decoder
from pipeline.fetch.failures import Failed
from pipeline.fetch.robots import relevant
from pipeline.model import Feed
from pipeline.serve.websub import is_signed

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MOST = 500_000  # decoded bytes of a body
LONGEST_S = 5  # of CPU; work.feed_timeout_s: beyond it a worker would be killed
CORPUS = Path(__file__).parents[1] / "tests" / "data" / "feeds"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
URL = "https://example.org/feeds/main.xml"
TOKENS = [
    b"<item>", b"</item>", b"<![CDATA[", b"]]>", b"<!--", b"-->", b"&amp;", b"&#0;", b"&#x110000;", b"<!DOCTYPE a [",
    b"<!ENTITY a 'b'>", b"<?xml version='1.0' encoding='utf-7'?>", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"<guid>",
    b'xml:base="//x/"', b"<link/>", b"\xed\xa0\x80", b'{"items":[', b'"url":null', b"<a " * 50, b"<" * 200, b"9" * 400,
    b"<pubDate>", b"+99999", b"<media:content url='javascript:a'/>", b"<skipHours><hour>99</hour>", b"<ttl>1e9</ttl>",
]  # fmt: skip


class TooSlow(BaseException):
    """One input took longer than LONGEST_S; not an Exception, so that no parser swallows it."""


@st.composite
def mutated(draw: Callable[..., Any], files: tuple[bytes, ...]) -> bytes:
    """A corpus file after one to six edits."""
    data = bytearray(draw(st.sampled_from(files)))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(data)))
        end = min(len(data), at + draw(st.integers(0, 200)))
        match draw(st.sampled_from(["cut", "repeat", "token", "bytes", "splice"])):
            case "cut":
                del data[at:end]
            case "repeat":
                data[at:at] = data[at:end] * draw(st.sampled_from([1, 3, 100]))
            case "token":
                data[at:at] = draw(st.sampled_from(TOKENS)) * draw(st.sampled_from([1, 1, 40]))
            case "bytes":
                data[at : at + 8] = draw(st.binary(max_size=8))
            case _:
                other = draw(st.sampled_from(files))
                start = draw(st.integers(0, len(other)))
                data[at:at] = other[start : start + 300]
    return bytes(data)


def feeds(body: bytes) -> None:
    """Any bytes are a feed or a DocumentError, and what comes out keeps the promises of its type."""
    try:
        parsed = parse_feed(body, URL, now=NOW)
    except DocumentError:
        return
    assert len({entry.key for entry in parsed.entries}) == len(parsed.entries)
    for entry in parsed.entries:
        assert entry.url is None or urls.is_http(entry.url)
        assert entry.source_url is None or urls.is_http(entry.source_url)
        for moment in (entry.published_at, entry.updated_at):
            assert moment is None or 1990 <= moment.year <= 2026
        for text in (entry.title, *entry.authors):
            assert text is None or not any(ord(char) < 32 for char in text)
    assert parse_feed(body, URL, now=NOW) == parsed


def addresses(text: str) -> None:
    """Cleaning is idempotent, never raises, and never lets a control character or credentials through."""
    once = urls.canonical_url(text)
    assert urls.canonical_url(once) == once
    assert urls.untracked(urls.untracked(text)) == urls.untracked(text)
    shown = urls.redact(text)
    assert not any(ord(char) < 32 or ord(char) == 127 for char in shown)
    urls.site(text)
    found = urls.absolute("https://base.example/a/b", text)
    if found is not None:
        assert found.isascii()
        assert "@" not in found.split("/")[2]
        assert urls.absolute("https://other.example/", found) == found


def subscriptions(body: bytes) -> None:
    """Any bytes are a list or a DocumentError; what is read can be written and read again without loss."""
    try:
        found, _ = opml.read(body)
    except DocumentError:
        return
    feeds_ = [Feed(n, one.url, one.name or "x", one.folder) for n, one in enumerate(found)]
    again, reports = opml.read(opml.write(feeds_, "t").encode())
    plain = [one for one in found if "@" not in one.url]
    assert len(again) + len(reports) >= len(plain)


def header_values(values: list[tuple[bytes, bytes]]) -> None:
    """No header value raises, and every number stays within its limits."""
    raw = tuple(values)
    wait = h.retry_after_s(raw, NOW)
    assert wait is None or 0 <= wait <= h.MAX_RETRY_AFTER_S
    fresh = h.cache_max_age_s(raw, NOW)
    assert fresh is None or 0 <= fresh <= h.MAX_AGE_S
    h.content_codings(raw)
    for hub in h.hubs(raw, URL):
        assert urls.is_http(hub.url)
        assert urls.is_http(hub.topic)
    for _, value in values:
        sent = h.sendable(value)
        assert sent is None or sent.encode() == value
        assert h.location(value).isascii()
        assert (h.text(value) or "").isprintable()


def bodies(sent: tuple[str, bytes, int]) -> None:
    """Any bytes under any coding are a body within the limit, or a failure of ours, however they arrive."""
    coding, data, size = sent
    outcomes: list[object] = []
    for step in (size, len(data) or 1):
        decoder = Decoder(coding, MOST)
        try:
            for at in range(0, len(data), step):
                decoder.feed(data[at : at + step])
            whole = decoder.finish()
            assert len(whole) <= MOST
            outcomes.append(whole)
        except Failed:  # damage or size: which of them is met first, chunks may decide
            outcomes.append("failed")
        assert decoder.size <= MOST + 131_072
    assert outcomes[0] == outcomes[1]


def hubs(sent: tuple[bytes, str]) -> None:
    """No body and no header pass for signed without the secret."""
    body, signature = sent
    assert not is_signed("a secret of ours", body, signature)
    good = hmac.new(b"a secret of ours", body, "sha256").hexdigest()
    assert is_signed("a secret of ours", body, f"sha256={good}")
    assert not is_signed("a secret of ours", body + b"x", f"sha256={good}")


def robots(text: str) -> None:
    """Any text is a robots.txt; what is kept of it is kept again, and rules can be asked of it."""
    kept = relevant(text, "onecopy")
    assert relevant(kept, "onecopy") == kept
    parsed = Protego.parse(kept)
    parsed.can_fetch("https://example.org/a?b=c", "onecopy")
    delay = parsed.crawl_delay("onecopy")
    assert delay is None or delay >= 0


def _targets() -> dict[str, tuple[Callable[[Any], None], st.SearchStrategy[Any]]]:
    files = tuple(path.read_bytes() for path in sorted(CORPUS.glob("*.feed")))
    lists = (
        b'<opml version="2.0"><body><outline text="a"><outline type="rss" text="b" xmlUrl="http://x.test/f"/></outline>'
        b'<outline xmlUrl="feed://y.test/" category="/p/q"/></body></opml>',
    )
    packed = tuple(
        pack(content)
        for content in (b"", files[0], bytes(200_000), b"<rss>" * 3_000)
        for pack in (gzip.compress, zlib.compress, brotli.compress, zstd.compress)
    )
    names = [
        b"link",
        b"retry-after",
        b"cache-control",
        b"expires",
        b"age",
        b"date",
        b"content-encoding",
        b"etag",
        b"location",
    ]
    times = [
        '<http://h.test/>; rel="hub", </f>; rel=self',
        '<>;rel=hub,<a>; rel="self',
        "Wed, 21 Oct 2026 07:28:00 GMT",
        "max-age=60, no-cache",
        'max-age="1',
        "gzip, br",
        "-1",
        "1e9",
        "9" * 400,
    ]
    known = st.sampled_from([time_.encode() for time_ in times])
    pieces = ["http://", "https://", "user:pa@ss@", "www.", "m.", "xn--a", "[::1]", ":80", ":99999", "/../", "%2e",
              "%", "?utm_source=a", "&fbclid=1", "#frag", "\\", "\t", "\x00", "é", "\ud800", "amp", ".amp", "?amp=1",
              "cdn.ampproject.org/c/s/", "google.com/amp/s/", "\u3002", "a.test", "=", ";", "&", "print"]  # fmt: skip
    lines = (
        "User-agent: *|user agent onecopy|User-agent: other|Disallow: /a*b$|Allow: /|Crawl-delay: 1e9|Disallow|#"
        "|Request-rate: 1/10m|Sitemap: x|\ufeffUser-agent:*|Visit-time: 0-9"
    ).split("|")
    return {
        "feeds": (feeds, mutated(files) | st.binary(max_size=2_000)),
        "urls": (addresses, st.lists(st.sampled_from(pieces) | st.text(max_size=6), max_size=12).map("".join)),
        "opml": (subscriptions, mutated(lists) | st.binary(max_size=500)),
        "headers": (
            header_values,
            st.lists(st.tuples(st.sampled_from(names), known | st.binary(max_size=60)), max_size=6),
        ),
        "bodies": (
            bodies,
            st.tuples(
                st.sampled_from(["gzip", "deflate", "br", "zstd", "identity"]),
                mutated(packed) | st.sampled_from(packed) | st.binary(max_size=200),
                st.integers(1, 5_000),
            ),
        ),
        "hubs": (
            hubs,
            st.tuples(
                st.binary(max_size=100),
                st.sampled_from(["sha1=", "sha256=", "md5=", ""]).flatmap(
                    lambda start: st.text(max_size=80).map(lambda rest: start + rest)
                ),
            ),
        ),
        "robots": (robots, st.lists(st.sampled_from(lines) | st.text(max_size=20), max_size=30).map("\n".join)),
    }


def _alarm(_signal: int, _frame: object) -> None:
    raise TooSlow


def _round(name: str, seed: int, examples: int, counts: Counter[str]) -> str | None:
    """One run of one target; the finding as text, None when there is none."""
    check, inputs = _targets()[name]

    def body(value: Any) -> None:
        counts[name] += 1
        signal.setitimer(signal.ITIMER_PROF, LONGEST_S)
        try:
            check(value)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)

    run = hypothesis_seed(seed)(
        settings(
            max_examples=examples,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate, Phase.shrink],
        )(given(inputs)(body))
    )
    try:
        run()
    except (Exception, TooSlow) as error:
        return f"{name}, seed {seed}: {''.join(traceback.format_exception(error))}"
    return None


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/gate fuzz", description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=5.0, help="how long in all (default 5)")
    parser.add_argument("--seed", type=int, default=None, help="of the first round (default: random)")
    parser.add_argument("--only", default=",".join(_targets()), help="targets, comma-separated (default: all)")
    options = parser.parse_args()
    signal.signal(signal.SIGPROF, _alarm)
    seed = random.randrange(1 << 30) if options.seed is None else options.seed
    counts: Counter[str] = Counter()
    findings: list[str] = []
    started = time.monotonic()
    print(f"first seed {seed}", flush=True)
    while time.monotonic() - started < options.minutes * 60:
        for name in options.only.split(","):
            found = _round(name, seed, 400, counts)
            if found is not None:
                findings.append(found)
                print(found, flush=True)
        seed += 1
    minutes = (time.monotonic() - started) / 60
    print(f"{minutes:.1f} minutes, inputs: " + ", ".join(f"{name} {number:,}" for name, number in counts.items()))
    print(f"findings: {len(findings)}")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
