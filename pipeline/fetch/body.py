"""Reading a body: complete, decoded (:mod:`pipeline.fetch.codings`), fast enough, within limits."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

from pipeline.fetch.codings import Decoder, coding
from pipeline.fetch.failures import Failed
from pipeline.model import Reason

LARGE = 1_000_000  # bytes; one feed or page in a hundred is larger


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
    decoder = Decoder(coding(codings), limits.max_bytes)
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
