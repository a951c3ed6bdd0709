"""Frames over the pipes between the program and a worker: an 8-byte big-endian length and that many bytes.

The worker's end blocks for as long as it takes. The parent's end never waits beyond a deadline, by poll(2): a thread
that watches the clock would be one more for every page.
"""

from __future__ import annotations

import fcntl
import os
import select
import time
from typing import BinaryIO

HEADER_BYTES = 8
# A pipe holds 64 KiB, less than most pages: each half would wait for the other to wake up. 1 MiB is the most that an
# unprivileged process may ask for (pipe(7), /proc/sys/fs/pipe-max-size).
_PIPE_BYTES = 1 << 20
_CHUNK = 1 << 20


def write_frame(stream: BinaryIO, data: bytes) -> None:
    """Write one frame. Raises OSError (BrokenPipeError) when nobody reads."""
    stream.write(len(data).to_bytes(HEADER_BYTES, "big"))
    stream.write(data)
    stream.flush()


def read_frame(stream: BinaryIO) -> bytes | None:
    """Read one frame; None when the other side has gone, in the middle of a frame too."""
    header = stream.read(HEADER_BYTES)
    if len(header) < HEADER_BYTES:
        return None
    length = int.from_bytes(header, "big")
    data = stream.read(length)
    return data if len(data) == length else None


class Line:
    """The parent's ends of a worker's two pipes, which become non-blocking and, where the system allows it, larger."""

    def __init__(self, requests: BinaryIO, answers: BinaryIO) -> None:
        self._to, self._from = requests.fileno(), answers.fileno()
        for end in (self._to, self._from):
            os.set_blocking(end, False)
            if hasattr(fcntl, "F_SETPIPE_SZ"):  # Linux
                try:
                    fcntl.fcntl(end, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
                except OSError:  # the user has too many large ones already: slower, not wrong
                    break

    def send(self, data: bytes, deadline: float) -> None:
        """Write all of ``data``, as it is. Raises TimeoutError at the ``deadline`` (monotonic seconds), OSError."""
        left = memoryview(data)
        while left:
            _wait(self._to, select.POLLOUT, deadline)
            left = left[os.write(self._to, left) :]

    def send_frame(self, data: bytes, deadline: float) -> None:
        """Write one frame. Raises as :meth:`send` does."""
        self.send(len(data).to_bytes(HEADER_BYTES, "big"), deadline)
        self.send(data, deadline)

    def receive(self, deadline: float) -> bytes | None:
        """Read one frame; None when the worker has gone. Raises TimeoutError at the ``deadline``, OSError."""
        header = self._read(HEADER_BYTES, deadline)
        return None if header is None else self._read(int.from_bytes(header, "big"), deadline)

    def _read(self, length: int, deadline: float) -> bytes | None:
        pieces: list[bytes] = []
        while length:
            _wait(self._from, select.POLLIN, deadline)
            piece = os.read(self._from, min(length, _CHUNK))
            if not piece:
                return None
            pieces.append(piece)
            length -= len(piece)
        return b"".join(pieces)


def _wait(end: int, event: int, deadline: float) -> None:
    """Until the end of a pipe is ready, or broken: then reading or writing tells."""
    poll = select.poll()
    poll.register(end, event)
    left_ms = (deadline - time.monotonic()) * 1000
    if left_ms <= 0 or not poll.poll(left_ms):
        raise TimeoutError
