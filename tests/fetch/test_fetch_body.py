from __future__ import annotations

import asyncio
import gzip
import os
import sys
import tracemalloc
import zlib
from collections.abc import Callable

import brotli
import pytest
from fetch_server import Handler, Seen, Server, answers, in_a_loop, reply, settings

from pipeline.fetch import Client
from pipeline.fetch.body import LARGE, Limits, read_body
from pipeline.fetch.codings import MAX_MEMBERS, RATIO_FROM
from pipeline.fetch.failures import Failed
from pipeline.model import FetchError, Outcome, Reason, Request, Response, Retry

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

TEXT = b"".join(b"line %d of a document\n" % number for number in range(4_000))


def bare(data: bytes) -> bytes:
    deflater = zlib.compressobj(wbits=-15)
    return deflater.compress(data) + deflater.flush()


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "bare deflate": bare,
    "br": lambda data: bytes(brotli.compress(data, quality=5)),
    "zstd": zstd.compress,
}


def chunked(data: bytes, size: int = 1_000) -> bytes:
    parts = [data[at : at + size] for at in range(0, len(data), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def encoded(body: bytes, coding: str) -> bytes:
    return reply(body, "200 OK", f"Content-Encoding: {coding}")


async def fetch(handler: Handler, **changes: object) -> Outcome:
    max_bytes = changes.pop("max_bytes", 1_000_000)
    assert isinstance(max_bytes, int)
    async with Server(handler) as server, Client(settings(server, **changes)) as client:
        return await client.fetch(Request("http://a.test/", max_bytes=max_bytes))


async def failure(handler: Handler, **changes: object) -> tuple[Reason, Retry]:
    outcome = await fetch(handler, **changes)
    assert isinstance(outcome, FetchError), outcome
    assert outcome.status == 200 or outcome.reason is Reason.TIMEOUT
    return outcome.reason, outcome.retry


GOOD = {
    "plain": reply(TEXT),
    "identity": encoded(TEXT, "identity"),
    "gzip": encoded(gzip.compress(TEXT), "gzip"),
    "x-gzip": encoded(gzip.compress(TEXT), "X-GZIP"),
    "deflate with its header": encoded(zlib.compress(TEXT), "deflate"),
    "bare deflate": encoded(bare(TEXT), "deflate"),
    "br": encoded(PACKERS["br"](TEXT), "br"),
    "zstd": encoded(zstd.compress(TEXT), "zstd"),
    "zstd frames": encoded(zstd.compress(TEXT[:100]) + zstd.compress(b"") + zstd.compress(TEXT[100:]), "zstd"),
    "zstd behind a frame to skip": encoded(b"\x50\x2a\x4d\x18\x02\x00\x00\x00ab" + zstd.compress(TEXT), "zstd"),
    "members": encoded(gzip.compress(TEXT[:100]) + gzip.compress(b"") + gzip.compress(TEXT[100:]), "gzip"),
    "padding": encoded(gzip.compress(TEXT) + b"\x00" * 512, "gzip"),
    "junk behind": encoded(gzip.compress(TEXT) + b"\njunk", "gzip"),
    "chunked": reply(chunked(TEXT), "200 OK", "Transfer-Encoding: chunked"),
    **{
        f"chunked {coding}": reply(
            chunked(PACKERS[coding](TEXT), 7), "200 OK", "Transfer-Encoding: chunked", f"Content-Encoding: {coding}"
        )
        for coding in ("gzip", "deflate", "br", "zstd")
    },
}


@pytest.mark.parametrize("name", GOOD)
@in_a_loop
async def test_complete_bodies_are_decoded(name: str) -> None:
    outcome = await fetch(answers(GOOD[name]))
    assert isinstance(outcome, Response)
    assert outcome.body == TEXT


@in_a_loop
async def test_a_body_that_ends_with_its_connection() -> None:
    outcome = await fetch(answers(b"HTTP/1.1 200 OK\r\n\r\n" + TEXT, then_close=True))
    assert isinstance(outcome, Response)
    assert outcome.body == TEXT


@pytest.mark.parametrize("coding", PACKERS)
@in_a_loop
async def test_no_cut_is_taken_for_an_end(coding: str) -> None:
    """Cut at offsets all over, and sent as if it were whole: each time an error, never a shorter document."""
    packed = PACKERS[coding](TEXT)
    cuts = sorted(
        {
            1,
            2,
            3,
            9,
            10,
            11,
            *range(12, len(packed), len(packed) // 40),
            len(packed) - 8,
            len(packed) - 4,
            len(packed) - 1,
        }
    )
    at = iter(cuts)

    async def handler(_: Seen, writer: asyncio.StreamWriter) -> None:
        writer.write(encoded(packed[: next(at)], coding.removeprefix("bare ")))

    async with Server(handler) as server, Client(settings(server)) as client:
        for cut in cuts:
            outcome = await client.fetch(Request("http://a.test/"))
            assert isinstance(outcome, FetchError), cut
            assert (outcome.reason, outcome.retry) == (Reason.TRUNCATED, Retry.SOON), cut


@pytest.mark.parametrize("name", ["plain", "gzip", "chunked", "chunked gzip"])
@in_a_loop
async def test_a_connection_that_breaks_in_the_body(name: str) -> None:
    data = GOOD[name]
    start = data.index(b"\r\n\r\n") + 4
    for cut in (start, start + 1, (start + len(data)) // 2, len(data) - 1):
        assert await failure(answers(data[:cut], then_close=True)) == (Reason.TRUNCATED, Retry.SOON), cut


@in_a_loop
async def test_a_reset_in_the_body() -> None:
    async def handler(_: Seen, writer: asyncio.StreamWriter) -> None:
        writer.write(reply(TEXT)[:-100])
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.transport.abort()

    assert await failure(handler) == (Reason.TRUNCATED, Retry.SOON)


DAMAGED = {
    "plain as gzip": encoded(TEXT, "gzip"),
    "plain as deflate": encoded(b"\xff" * 100, "deflate"),
    "noise": encoded(gzip.compress(TEXT)[:10] + b"\xff" * 500, "gzip"),
    "wrong checksum": encoded(gzip.compress(TEXT)[:-8] + b"\x00" * 8, "gzip"),
    "second member damaged": encoded(gzip.compress(TEXT) + b"\x1f\x8b" + b"\x00" * 50, "gzip"),
    "gzip in gzip": encoded(gzip.compress(gzip.compress(TEXT)), "gzip, gzip"),
    "noise as br": encoded(b"\xff" * 100, "br"),
    "plain as zstd": encoded(TEXT, "zstd"),
    "junk behind br": encoded(PACKERS["br"](TEXT) + b"junk", "br"),
    "second frame damaged": encoded(zstd.compress(TEXT) + b"(\xb5/\xfd" + b"\xff" * 50, "zstd"),
    "a window beyond 8 MB": encoded(b"(\xb5/\xfd\x00\x70" + b"\x00" * 50, "zstd"),
    "br in gzip": encoded(gzip.compress(PACKERS["br"](TEXT)), "br, gzip"),
    "not asked for": encoded(TEXT, "compress"),
}


@pytest.mark.parametrize("name", ["utf-8", "none", "binary", "ISO-8859-1", "identity, utf-8"])
@in_a_loop
async def test_what_is_no_coding_says_nothing(name: str) -> None:
    """Servers put charsets and other words into Content-Encoding; the body is as it is."""
    found = await fetch(answers(encoded(TEXT, name)))
    assert isinstance(found, Response)
    assert found.body == TEXT


@pytest.mark.parametrize("step", [1, 7, 10_000])
@pytest.mark.parametrize("coding", PACKERS)
@in_a_loop
async def test_it_makes_no_difference_where_chunks_end(coding: str, step: int) -> None:
    """For a whole body, for one with a byte or more behind it, and for an empty one."""
    name = coding.removeprefix("bare ")
    tolerant = name in ("gzip", "deflate")
    for content, behind in ((TEXT[:3_000], b""), (TEXT[:3_000], b"\x00"), (TEXT[:3_000], b"junk" * 9), (b"", b"")):
        data = PACKERS[coding](content) + behind
        pieces = [data[at : at + step] for at in range(0, len(data), step)] + [b""]

        async def read(pieces: list[bytes] = pieces) -> bytes:
            return pieces.pop(0)

        if behind and not tolerant:
            with pytest.raises(Failed, match=r"damaged|ends before its end"):
                await read_body(read, (name,), Limits(1_000_000))
        else:
            assert await read_body(read, (name,), Limits(1_000_000)) == content


@pytest.mark.parametrize("name", DAMAGED)
@in_a_loop
async def test_damaged_bodies_are_errors(name: str) -> None:
    assert await failure(answers(DAMAGED[name])) == (Reason.BAD_ENCODING, Retry.LATER)


@in_a_loop
async def test_sizes_are_capped_as_received_and_as_decoded() -> None:
    exact = await fetch(answers(reply(TEXT)), max_bytes=len(TEXT))
    assert isinstance(exact, Response)
    too_large = (Reason.TOO_LARGE, Retry.LATER)
    one_less = len(TEXT) - 1
    assert await failure(answers(reply(TEXT)), max_bytes=one_less) == too_large
    assert await failure(answers(b"HTTP/1.1 200 OK\r\n\r\n" + TEXT, then_close=True), max_bytes=one_less) == too_large
    assert await failure(answers(GOOD["chunked"]), max_bytes=one_less) == too_large
    assert await failure(answers(GOOD["gzip"]), max_bytes=one_less) == too_large
    assert await failure(answers(GOOD["deflate with its header"]), max_bytes=one_less) == too_large
    noise = gzip.compress(os.urandom(50_000))
    assert await failure(answers(encoded(noise, "gzip")), max_bytes=50_000) == too_large


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
@in_a_loop
async def test_bombs_are_stopped_by_ratio_and_by_size(coding: str) -> None:
    packed = PACKERS[coding](bytes(20_000_000))
    for max_bytes in (10_000_000, 1_000_000_000):
        assert await failure(answers(encoded(packed, coding)), max_bytes=max_bytes) == (Reason.TOO_LARGE, Retry.LATER)
    outcome = await fetch(answers(encoded(PACKERS[coding](bytes(RATIO_FROM)), coding)), max_bytes=10_000_000)
    assert isinstance(outcome, Response)  # up to a megabyte any ratio will do


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
@in_a_loop
async def test_a_bomb_is_never_decoded_far_beyond_its_limit(coding: str) -> None:
    """What is held when the limit is met is the limit and a little, not what one chunk decodes to."""
    packed = PACKERS[coding](bytes(50_000_000))
    chunks = [packed, b""]

    async def read() -> bytes:
        return chunks.pop(0)

    tracemalloc.start()
    try:
        with pytest.raises(Failed):
            await read_body(read, (coding,), Limits(max_bytes=2_000_000))
        assert tracemalloc.get_traced_memory()[1] < 6_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
@in_a_loop
async def test_members_are_counted(coding: str) -> None:
    member = PACKERS[coding](b"x")
    for count, fits in ((MAX_MEMBERS, True), (MAX_MEMBERS + 1, False)):
        outcome = await fetch(answers(encoded(member * count, coding)))
        assert isinstance(outcome, Response) == fits
        assert fits or (isinstance(outcome, FetchError) and outcome.reason is Reason.TOO_LARGE)


@in_a_loop
async def test_a_body_without_end_is_ended() -> None:
    async def endless(_: Seen, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"400\r\n" + b"x" * 1024 + b"\r\n")
            await writer.drain()

    assert await failure(endless) == (Reason.TOO_LARGE, Retry.LATER)


@in_a_loop
async def test_a_size_that_is_announced_is_believed_when_it_is_too_large() -> None:
    async def promise(_: Seen, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000001\r\n\r\n")
        await writer.drain()
        await asyncio.sleep(3600)

    assert await failure(promise) == (Reason.TOO_LARGE, Retry.LATER)


@in_a_loop
async def test_a_dripping_body_meets_the_deadline() -> None:
    async def drip(_: Seen, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)

    assert await failure(drip, timeout_s=0.3) == (Reason.TIMEOUT, Retry.SOON)


@pytest.mark.parametrize(("pause_s", "grace_s", "ends"), [(0.001, 5.0, True), (0.05, 0.3, False)])
@in_a_loop
async def test_the_minimum_rate_ends_a_drip_and_lets_a_stream_pass(pause_s: float, grace_s: float, ends: bool) -> None:
    async def drip(_: Seen, writer: asyncio.StreamWriter) -> None:
        for _ in range(50):
            writer.write(b"x" * 10)
            await writer.drain()
            await asyncio.sleep(pause_s)
        writer.close()

    async with Server(drip) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"GET / HTTP/1.1\r\n\r\n")
        limits = Limits(max_bytes=1_000, min_rate=1_000.0, grace_s=grace_s)
        try:
            if ends:
                assert len(await read_body(lambda: reader.read(100), (), limits)) == 500
            else:
                with pytest.raises(Failed, match="slower than 1000 bytes/s"):
                    await read_body(lambda: reader.read(100), (), limits)
        finally:
            writer.close()


@in_a_loop
async def test_few_large_bodies_are_read_on_at_once() -> None:
    """Of three bodies that grow beyond LARGE, one at a time is read to its end; a small one does not wait."""
    large = asyncio.Semaphore(1)
    reading: list[str] = []

    async def read(name: str, pieces: int) -> int:
        left = pieces

        async def more() -> bytes:
            nonlocal left
            await asyncio.sleep(0)
            left -= 1
            reading.append(name)
            return b"x" * (LARGE // 2) if left >= 0 else b""

        body = await read_body(more, (), Limits(100 * LARGE, large=large))
        return len(body)

    sizes = await asyncio.gather(*(read(name, 8) for name in "abc"), read("small", 1))
    assert sizes == [4 * LARGE, 4 * LARGE, 4 * LARGE, LARGE // 2]
    beyond = [name for name in reading if name != "small"][9:]
    assert beyond == sorted(beyond)  # one after the other
