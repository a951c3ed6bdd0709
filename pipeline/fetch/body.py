"""Reading a body: complete, decoded, within limits.

aiohttp would decode on its own, but takes a gzip stream that was cut off for a whole one, so decoding is done here
with the ends checked (RFC 1950, 1951, 1952; content codings RFC 9110 §8.4.1).
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

from pipeline.fetch.failures import Failed
from pipeline.model import Reason

ACCEPT_ENCODING = "gzip, deflate"

MAX_RATIO = 200
"""Decoded bytes per received byte, past RATIO_FROM. Feeds and pages compress 3 to 20 times; deflate's ceiling is
1,032 (https://www.zlib.net/zlib_tech.html)."""

RATIO_FROM = 1_000_000
MAX_MEMBERS = 1_024
"""Members of one gzip stream. Servers send one; some loggers flush one per record. Each costs a decoder of its own."""

LARGE = 1_000_000  # bytes; one feed or page in a hundred is larger
_STEP = 65_536  # decoded at once: bounds what a small input can make us hold beyond max_bytes
_GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Limits:
    """``max_bytes`` bounds the body as received and as decoded.

    After ``grace_s`` seconds the body must have come at ``min_rate`` bytes per second on average: 100 is 3 kB in the
    default 30 s, less than almost any feed, and ends the drip that a timeout of minutes would sit through. What grows
    beyond LARGE bytes waits for a place in ``large`` before it is read on.
    """

    max_bytes: int
    min_rate: float = 100.0
    grace_s: float = 10.0
    large: asyncio.Semaphore | None = None


async def read_body(read: Callable[[], Awaitable[bytes]], codings: tuple[str, ...], limits: Limits) -> bytes:
    """The decoded body, from ``read``, which gives the next bytes as they come and b"" at the end.

    ``codings`` are the content codings in the order of the header. At most ``2 * max_bytes`` plus a buffer is held.
    Raises Failed: TOO_LARGE, TRUNCATED, BAD_ENCODING, TIMEOUT. What ``read`` raises passes through.
    """
    decoder = _Decoder(_coding(codings), limits.max_bytes)
    clock = asyncio.get_running_loop().time
    started = clock()
    async with AsyncExitStack() as stack:
        large = limits.large
        while True:
            if large is not None and decoder.size > LARGE:
                waited = clock()
                await stack.enter_async_context(large)
                started += clock() - waited
                large = None
            slowest = started + max(limits.grace_s, decoder.received / limits.min_rate)
            try:
                async with asyncio.timeout_at(slowest):
                    chunk = await read()
            except TimeoutError:
                raise Failed(Reason.TIMEOUT, f"the body came slower than {limits.min_rate:g} bytes/s") from None
            if not chunk:
                return decoder.finish()
            decoder.feed(chunk)


def _coding(codings: tuple[str, ...]) -> str:
    named = [coding for coding in codings if coding != "identity"]
    if not named:
        return "identity"
    if named in (["gzip"], ["x-gzip"]):
        return "gzip"
    if named == ["deflate"]:
        return "deflate"
    raise Failed(Reason.BAD_ENCODING, "the body is encoded in a way that was not asked for")


class _Decoder:
    """Bytes in, decoded bytes kept, until ``finish`` finds the stream complete."""

    def __init__(self, coding: str, max_bytes: int) -> None:
        self.received = 0
        self._coding = coding
        self._max_bytes = max_bytes
        self._output = bytearray()
        self._inflater: zlib._Decompress | None = None
        self._held = b""  # the first byte of a header that takes two to recognise
        self._members = 0
        self._ignore_rest = False

    @property
    def size(self) -> int:
        """Bytes decoded so far."""
        return len(self._output)

    def feed(self, data: bytes) -> None:
        """Take the next bytes. Raises Failed: TOO_LARGE, BAD_ENCODING."""
        self.received += len(data)
        if self.received > self._max_bytes:
            raise Failed(Reason.TOO_LARGE, f"the body is larger than {self._max_bytes:,} bytes")
        if self._coding == "identity":
            self._output += data
            return
        try:
            while data and not self._ignore_rest:
                data = self._inflate(data)
        except zlib.error:
            raise Failed(Reason.BAD_ENCODING, f"the {self._coding} data is damaged") from None

    def finish(self) -> bytes:
        """The whole decoded body. Raises Failed: TRUNCATED."""
        complete = self._ignore_rest or (self._inflater is not None and self._inflater.eof)
        if self._coding != "identity" and self.received and not complete:
            raise Failed(
                Reason.TRUNCATED, f"the {self._coding} data ends before its end, after {self.received:,} bytes"
            )
        return bytes(self._output)

    def _inflate(self, data: bytes) -> bytes:
        """Decode what belongs to the current stream; what is left belongs to the next."""
        inflater = self._inflater
        if inflater is None or inflater.eof:
            data = self._held + data
            if len(data) < 2:
                self._held = data
                return b""
            self._held = b""
            inflater = self._next_stream(data)
            if inflater is None:
                self._ignore_rest = True
                return b""
            self._inflater = inflater
        decoded = inflater.decompress(data, _STEP)
        self._keep(decoded)
        while not inflater.eof and (inflater.unconsumed_tail or len(decoded) == _STEP):
            decoded = inflater.decompress(inflater.unconsumed_tail, _STEP)
            self._keep(decoded)
        return inflater.unused_data

    def _next_stream(self, start: bytes) -> zlib._Decompress | None:
        """A decoder for the stream that begins with ``start``; None when none does.

        Bytes after a complete stream that begin no other are padding or junk, which browsers ignore as well.
        """
        first = self._inflater is None
        if not first and (self._coding == "deflate" or not start.startswith(_GZIP_MAGIC)):
            return None
        self._members += 1
        if self._members > MAX_MEMBERS:
            raise Failed(Reason.TOO_LARGE, f"the gzip data has more than {MAX_MEMBERS:,} members")
        if self._coding == "gzip":
            return zlib.decompressobj(16 + zlib.MAX_WBITS)
        # "deflate" is zlib by the standard and bare deflate by an old misreading; browsers take both.
        has_header = start[0] & 0x0F == 8 and int.from_bytes(start[:2], "big") % 31 == 0
        return zlib.decompressobj(zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS)

    def _keep(self, decoded: bytes) -> None:
        self._output += decoded
        size = len(self._output)
        if size > self._max_bytes:
            raise Failed(Reason.TOO_LARGE, f"the body is larger than {self._max_bytes:,} bytes")
        if size > RATIO_FROM and size > MAX_RATIO * self.received:
            raise Failed(Reason.TOO_LARGE, f"the body decodes to more than {MAX_RATIO} times its size")
