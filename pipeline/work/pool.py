"""Worker processes with a deadline and a memory limit.

Each worker has a pipe of its own: whatever one document does to its worker, no other call shares a lock, a queue or a
pipe with it. They are started as plain child processes (not through multiprocessing), so that a program that uses
onecopy needs no ``if __name__ == "__main__"`` guard.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import LifoQueue
from typing import Any, BinaryIO, TypeVar, cast

from pipeline.config import WorkSettings
from pipeline.errors import OnecopyError, Unreadable, WorkerLost
from pipeline.work.frames import Line
from pipeline.work.worker import CLOCK_FACTOR, Status

T = TypeVar("T")

# The module search path comes first through the pipe: the worker imports what its parent would.
_BOOT = (
    "import json, sys; path, *rest = json.loads(sys.stdin.buffer.readline()); sys.path[:] = path; "
    "from pipeline.work.worker import main; main(*rest)"
)
# Importing trafilatura takes 1-2 s of CPU; a busy machine may need many times that.
_START_TIMEOUT_S = 60.0


class ProcessWorkers:
    """``settings.processes`` worker processes, started when first needed, shared by all threads and event loops.

    ``preload`` names modules to import in a new worker before its first call, so that their import counts neither
    against a call's time nor against its memory.

    A call may take ``timeout_s`` seconds of CPU, and six times as many by the clock, from when a worker takes
    it up: neither a busy machine nor a wait for a free worker makes a call late.
    """

    def __init__(self, settings: WorkSettings, preload: Sequence[str] = ()) -> None:
        self._closed = threading.Event()
        self._slots: tuple[_Slot, ...] = tuple(
            _Slot(settings.memory_mb, settings.recycle_after, preload, self._closed) for _ in range(settings.processes)
        )
        self._free: LifoQueue[_Slot] = LifoQueue()  # the one used last first: a quiet program starts one worker only
        for slot in self._slots:
            self._free.put(slot)
        self._threads = ThreadPoolExecutor(settings.processes, thread_name_prefix="onecopy-worker")

    async def run(self, function: Callable[..., T], *arguments: Any, timeout_s: float) -> T:
        """Call ``function(*arguments)``, both picklable, in a worker and return its result.

        Raises DocumentError as the function raised it; Unreadable when the call ran out of its time or memory,
        WorkerLost when its worker ended otherwise: whatever happens costs this one call. Raises OnecopyError when no
        worker process can be started, RuntimeError after :meth:`close`.
        """
        if self._closed.is_set():
            raise RuntimeError("the workers are closed")
        request = pickle.dumps((timeout_s, function, arguments), pickle.HIGHEST_PROTOCOL)
        status, value = await asyncio.wrap_future(self._threads.submit(self._call, request, timeout_s))
        if status is Status.DONE:
            return cast(T, value)
        if status is Status.DOCUMENT_ERROR:
            kind, message = value
            raise kind(message)
        raise Unreadable(str(value))

    def close(self) -> None:
        """Kill the workers and return at once; calls still under way or queued raise WorkerLost."""
        self._closed.set()
        for slot in self._slots:
            slot.kill()
        self._threads.shutdown(wait=True)

    def _call(self, request: bytes, timeout_s: float) -> tuple[Status, Any]:
        slot = self._free.get()
        try:
            return slot.call(request, timeout_s)
        finally:
            self._free.put(slot)


class _Slot:
    """A place for one worker at a time. Used by one thread at a time; only :meth:`kill` may come from another."""

    def __init__(self, memory_mb: int, recycle_after: int, preload: Sequence[str], closed: threading.Event) -> None:
        self._memory_mb = memory_mb
        self._recycle_after = recycle_after
        self._preload = tuple(preload)
        self._closed = closed
        self._change = threading.Lock()  # held while the process is started or killed, never during a call
        self._worker: _Worker | None = None
        self._calls = 0

    def call(self, request: bytes, timeout_s: float) -> tuple[Status, Any]:
        """Send one request and return how it ended. Raises Unreadable when the worker did not survive it."""
        worker = self._ready()
        answer, late = worker.ask(request, timeout_s * CLOCK_FACTOR)
        if answer is None:
            code = worker.end()
            self._retire()
            raise self._epitaph(code, late, timeout_s)
        status, value = pickle.loads(answer)  # noqa: S301 - written by our own worker
        self._calls += 1
        if status is Status.OUT_OF_MEMORY or self._calls >= self._recycle_after:
            self._retire()
        return status, value

    def kill(self) -> None:
        """Kill the worker, if there is one; the thread inside :meth:`call` sees the end of its pipe."""
        with self._change:
            if self._worker is not None:
                self._worker.end()

    def _ready(self) -> _Worker:
        """The living worker of this slot, a new one where there is none or where it died while idle."""
        if self._worker is not None:
            if self._worker.lives():
                return self._worker
            self._retire()
        with self._change:
            if self._closed.is_set():
                raise WorkerLost("the workers were closed before it was read")
            self._worker = worker = _Worker()
        if not worker.greet([sys.path, os.getpid(), self._memory_mb, self._preload]):
            code = worker.end()
            self._retire()
            if self._closed.is_set():
                raise WorkerLost("the workers were closed before it was read")
            if code < 0:
                raise WorkerLost(f"its worker was ended by {signal.Signals(-code).name} while it started")
            raise OnecopyError(f"a worker process did not start (exit code {code})")
        return worker

    def _retire(self) -> None:
        """End the worker and give back its pipes."""
        with self._change:
            worker, self._worker, self._calls = self._worker, None, 0
        if worker is not None:
            worker.close()

    def _epitaph(self, code: int, late: bool, timeout_s: float) -> Unreadable:
        if self._closed.is_set():
            return WorkerLost("the workers were closed while it was read")
        if code == -signal.SIGPROF:
            return Unreadable(f"took longer than {timeout_s:g} s of CPU")
        if late:
            return WorkerLost(f"took longer than {timeout_s * CLOCK_FACTOR:g} s")
        if code < 0:
            return WorkerLost(f"its worker was ended by {signal.Signals(-code).name}")
        return WorkerLost(f"its worker ended with exit code {code}")


class _Worker:
    """One worker process and the line to it."""

    def __init__(self) -> None:
        """Start it. A process group of its own keeps the terminal's Ctrl-C away from it from the first moment on."""
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-c", _BOOT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, process_group=0
            )
        except OSError as error:
            raise OnecopyError(f"a worker process could not be started: {error}") from error
        self._line = Line(*self._pipes())

    def greet(self, hello: Sequence[Any]) -> bool:
        """Say what it has to know, and wait until it is ready; False when it did not come up in time."""
        deadline = time.monotonic() + _START_TIMEOUT_S
        try:
            self._line.send(json.dumps(hello).encode() + b"\n", deadline)
            return self._line.receive(deadline) is not None
        except OSError:
            return False

    def ask(self, request: bytes, timeout_s: float) -> tuple[bytes | None, bool]:
        """Send a request, wait for its answer: (the answer, or None when none came, whether the time ran out)."""
        deadline = time.monotonic() + timeout_s
        try:
            self._line.send_frame(request, deadline)
            return self._line.receive(deadline), False
        except TimeoutError:
            return None, True
        except OSError:  # the worker died, or was closed under us
            return None, False

    def lives(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def end(self) -> int:
        """Kill the process; its exit code."""
        self._process.kill()
        return self._process.wait()

    def close(self) -> None:
        """Kill the process and give back its pipes."""
        self.end()
        for pipe in self._pipes():
            with contextlib.suppress(OSError):
                pipe.close()

    def _pipes(self) -> tuple[BinaryIO, BinaryIO]:
        return cast(BinaryIO, self._process.stdin), cast(BinaryIO, self._process.stdout)
