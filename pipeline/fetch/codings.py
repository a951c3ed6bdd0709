"""Content codings (RFC 9110 §8.4.1): compressed bytes in as they come, decoded bytes out, bounded, the end proven.

gzip, deflate and their many ways (RFC 1950, 1951, 1952), br (RFC 7932), zstd (RFC 8878, its window as RFC 9659 limits
it). aiohttp would decode on its own, but takes a stream that was cut off for a whole one.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterator
from typing import Final, Protocol

import brotli

from pipeline.fetch.failures import Failed
from pipeline.model import Reason

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ACCEPT_ENCODING: Final = "gzip, deflate, br, zstd"

MAX_RATIO: Final = 200
"""Decoded bytes per received byte, past RATIO_FROM. Feeds and pages compress 3 to 20 times; deflate's ceiling is
1,032 (https://www.zlib.net/zlib_tech.html), those of br and zstd are beyond a million."""

RATIO_FROM: Final = 1_000_000
MAX_MEMBERS: Final = 1_024
"""Members of one gzip stream, frames of one zstd stream. Servers send one; some loggers flush one per record. Each
costs a decoder of its own."""

_STEP: Final = 65_536  # decoded at once: bounds what a small input can make us hold beyond the largest body
_WINDOW_LOG: Final = 23  # RFC 9659: at most 8 MB in the content coding
_GZIP_MAGIC: Final = b"\x1f\x8b"
# Registered, and not asked for (https://www.iana.org/assignments/http-parameters); and what servers send unregistered.
_OTHERS: Final = frozenset(
    "aes128gcm compress x-compress dcb dcz exi pack200-gzip bzip2 lzma xz lz4 snappy sdch".split()
)
_NAMES: Final = {"x-gzip": "gzip", "gzip": "gzip", "deflate": "deflate", "br": "br", "zstd": "zstd"}


def coding(named: tuple[str, ...]) -> str:
    """The one coding that a Content-Encoding header names, in lower case. Raises Failed for what was not asked for.

    What is no content coding at all ("utf-8", "none", "binary"), as some servers have it there, says nothing.
    """
    codings = [name for name in named if name in _NAMES or name in _OTHERS]
    if not codings:
        return "identity"
    if len(codings) == 1 and codings[0] in _NAMES:
        return _NAMES[codings[0]]
    raise Failed(Reason.BAD_ENCODING, "the body is encoded in a way that was not asked for")


class Decoder:
    """Bytes in, decoded bytes kept, until ``finish`` finds the stream complete."""

    def __init__(self, coding: str, max_bytes: int) -> None:
        self.received = 0
        self._coding = coding
        self._max_bytes = max_bytes
        self._output = bytearray()
        self._stream: _Stream | None = None
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
                data = self._decode(data)
        except (zlib.error, brotli.error, zstd.ZstdError):
            raise Failed(Reason.BAD_ENCODING, f"the {self._coding} data is damaged") from None

    def finish(self) -> bytes:
        """The whole decoded body. Raises Failed: TRUNCATED."""
        complete = self._ignore_rest or (self._stream is not None and self._stream.eof)
        if self._coding != "identity" and self.received and not complete:
            raise Failed(
                Reason.TRUNCATED, f"the {self._coding} data ends before its end, after {self.received:,} bytes"
            )
        return bytes(self._output)

    def _decode(self, data: bytes) -> bytes:
        """Decode what belongs to the current stream; what is left belongs to the next."""
        if self._stream is None or self._stream.eof:
            data = self._held + data
            if len(data) < 2 and self._coding in ("gzip", "deflate"):
                self._held = data
                return b""
            self._held = b""
            following = self._next_stream(data)
            if following is None:
                self._ignore_rest = True
                return b""
            self._stream = following
        for piece in self._stream.decode(data):
            self._keep(piece)
        return self._stream.unused_data

    def _next_stream(self, start: bytes) -> _Stream | None:
        """A decoder for the stream that begins with ``start``; None when none does.

        Bytes after a complete gzip or deflate stream that begin no other are padding or junk, which browsers ignore as
        well; the library for br takes them for damage, wherever a chunk ends.
        """
        if self._stream is not None and self._coding == "br":
            raise brotli.error("data behind the end")
        if self._stream is not None and not (self._coding == "zstd" or start.startswith(_GZIP_MAGIC)):
            return None
        self._members += 1
        if self._members > MAX_MEMBERS:
            raise Failed(Reason.TOO_LARGE, f"the {self._coding} data has more than {MAX_MEMBERS:,} members")
        if self._coding == "br":
            return _Brotli()
        if self._coding == "zstd":
            return _Zstd()
        if self._coding == "gzip":
            return _Zlib(16 + zlib.MAX_WBITS)
        # "deflate" is zlib by the standard and bare deflate by an old misreading; browsers take both.
        has_header = start[0] & 0x0F == 8 and int.from_bytes(start[:2], "big") % 31 == 0
        return _Zlib(zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS)

    def _keep(self, decoded: bytes) -> None:
        self._output += decoded
        size = len(self._output)
        if size > self._max_bytes:
            raise Failed(Reason.TOO_LARGE, f"the body is larger than {self._max_bytes:,} bytes")
        if size > RATIO_FROM and size > MAX_RATIO * self.received:
            raise Failed(Reason.TOO_LARGE, f"the body decodes to more than {MAX_RATIO} times its size")


class _Stream(Protocol):
    """One compressed stream."""

    @property
    def eof(self) -> bool:
        """Whether its end was met."""
        ...

    @property
    def unused_data(self) -> bytes:
        """What came behind its end."""
        ...

    def decode(self, data: bytes) -> Iterator[bytes]:
        """What ``data`` decodes to, in small pieces. Raises the library's error for what cannot be decoded."""
        ...


class _Zlib:
    def __init__(self, window_bits: int) -> None:
        self._inflater = zlib.decompressobj(window_bits)

    @property
    def eof(self) -> bool:
        return self._inflater.eof

    @property
    def unused_data(self) -> bytes:
        return self._inflater.unused_data

    def decode(self, data: bytes) -> Iterator[bytes]:
        decoded = self._inflater.decompress(data, _STEP)
        yield decoded
        while not self._inflater.eof and (self._inflater.unconsumed_tail or len(decoded) == _STEP):
            decoded = self._inflater.decompress(self._inflater.unconsumed_tail, _STEP)
            yield decoded


class _Brotli:
    unused_data = b""

    def __init__(self) -> None:
        self._decompressor = brotli.Decompressor()

    @property
    def eof(self) -> bool:
        return bool(self._decompressor.is_finished())

    def decode(self, data: bytes) -> Iterator[bytes]:
        decoded = self._decompressor.process(data, output_buffer_limit=_STEP)
        while decoded:
            yield decoded
            decoded = b"" if self.eof else self._decompressor.process(b"", output_buffer_limit=_STEP)


class _Zstd:
    def __init__(self) -> None:
        self._decompressor = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _WINDOW_LOG})

    @property
    def eof(self) -> bool:
        return self._decompressor.eof

    @property
    def unused_data(self) -> bytes:
        return self._decompressor.unused_data

    def decode(self, data: bytes) -> Iterator[bytes]:
        yield self._decompressor.decompress(data, _STEP)
        while not self._decompressor.eof and not self._decompressor.needs_input:
            yield self._decompressor.decompress(b"", _STEP)
