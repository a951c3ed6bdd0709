"""The worker's side: a process that answers one request after the other until its pipe ends.

A request is a pickled ``(timeout_s, function, arguments)``, an answer a pickled ``(status, value)``, each in a frame
(:mod:`pipeline.work.frames`). Only our own processes hold the two ends.
"""

from __future__ import annotations

import ctypes
import importlib
import os
import pickle
import resource
import signal
import sys
from collections.abc import Callable, Sequence
from enum import IntEnum
from pathlib import Path
from typing import Any

from pipeline.errors import DocumentError, Unreadable
from pipeline.work.frames import read_frame, write_frame

_PR_SET_PDEATHSIG = 1  # prctl(2)
# A call's time is CPU time, so that a busy machine does not condemn a document. By the clock it may take so many times
# as long: what then is neither done nor out of CPU time waits for something that does not come.
CLOCK_FACTOR = 6.0
# Seconds beyond the parent's own deadline after which the kernel ends a call whose parent is no longer there to do it.
_ORPHAN_GRACE_S = 2.0


class Status(IntEnum):
    """How a call ended."""

    DONE = 0  # the value is what the function returned
    DOCUMENT_ERROR = 1  # the value is (class, message)
    OUT_OF_MEMORY = 2  # the value is a message; the worker has ended itself


def attempt(function: Callable[..., Any], arguments: Sequence[Any]) -> tuple[Status, Any]:
    """Call ``function(*arguments)`` and say how it ended; nothing that it raises gets out."""
    try:
        return Status.DONE, function(*arguments)
    except DocumentError as error:
        return Status.DOCUMENT_ERROR, (type(error), str(error))
    except MemoryError:
        return Status.OUT_OF_MEMORY, "needs more memory than a worker may take"
    except BaseException as error:  # SystemExit too: a parser that calls sys.exit() has failed on this document
        return Status.DOCUMENT_ERROR, (Unreadable, describe(error))


def describe(error: BaseException) -> str:
    """One line naming the exception's type and what it says, at most 300 characters."""
    said = " ".join(str(error).split())[:300]
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


def main(parent: int, memory_mb: int, preload: Sequence[str]) -> None:
    """Serve requests from standard input until it ends. ``parent`` is the process id to die with."""
    _die_with(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C belongs to the parent
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)  # ends the process: no parser can catch it
    requests = sys.stdin.buffer
    with os.fdopen(os.dup(1), "wb") as answers:
        for name in preload:
            importlib.import_module(name)
        _silence()
        _limit(memory_mb)
        write_frame(answers, b"")  # ready
        while (request := read_frame(requests)) is not None:
            status, answer = _answer(request)
            write_frame(answers, answer)
            if status is Status.OUT_OF_MEMORY:
                return  # what is left of the heap is in pieces; a new worker costs less than guessing


def _answer(request: bytes) -> tuple[Status, bytes]:
    try:
        timeout_s, function, arguments = pickle.loads(request)  # noqa: S301 - written by our parent
        signal.setitimer(signal.ITIMER_PROF, timeout_s)
        signal.setitimer(signal.ITIMER_REAL, timeout_s * CLOCK_FACTOR + _ORPHAN_GRACE_S)
        status, value = attempt(function, arguments)
        answer = pickle.dumps((status, value), pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        status = Status.OUT_OF_MEMORY
        answer = pickle.dumps((status, "its result needs more memory than a worker may take"))
    except Exception as error:  # a request or a result that cannot be pickled
        status = Status.DOCUMENT_ERROR
        answer = pickle.dumps((status, (Unreadable, describe(error))))
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.setitimer(signal.ITIMER_PROF, 0)
    return status, answer


def _die_with(parent: int) -> None:
    """Have the kernel kill this process when its parent ends, however it ends (prctl(2); Linux only).

    Elsewhere the end of the pipe stops an idle worker, and the interval timer one that is inside a call.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before we could ask
        os._exit(0)


def _silence() -> None:
    """Keep what parsers print away from the pipe and from the user's terminal."""
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)


def _limit(memory_mb: int) -> None:
    """Allow ``memory_mb`` of address space beyond what the interpreter and its libraries occupy already."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ceiling = _address_space() + memory_mb * 1024 * 1024
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    if hard != resource.RLIM_INFINITY:
        ceiling = min(ceiling, hard)
    resource.setrlimit(resource.RLIMIT_AS, (ceiling, ceiling))


def _address_space() -> int:
    """Bytes of address space in use (proc_pid_statm(5), first field: pages); 0 where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * resource.getpagesize()
