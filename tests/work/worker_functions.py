"""What the contract tests have workers do. A module of its own: a worker imports it, and nothing of pytest."""

from __future__ import annotations

import ctypes
import os
import re
import sys
import time
from pathlib import Path

from pipeline.errors import Refused, Unreadable


def add(a: int, b: int) -> int:
    return a + b


def own_pid() -> int:
    return os.getpid()


def refuse(message: str) -> None:
    raise Refused(message)


def unreadable(message: str) -> None:
    raise Unreadable(message)


class Awkward(Exception):
    """Can be pickled but not unpickled: its constructor wants more than its args hold."""

    def __init__(self, a: int, b: int) -> None:
        super().__init__(f"awkward {a} {b}")


def raise_awkward() -> None:
    raise Awkward(1, 2)


def key_error() -> None:
    raise KeyError("title")


def leave() -> None:
    sys.exit(7)


def not_picklable() -> object:
    return lambda: None


def sleep(seconds: float) -> str:
    time.sleep(seconds)
    return "slept"


def spin_in_c() -> None:
    """Catastrophic backtracking: one call into C that never gives up the interpreter lock."""
    re.match(r"(a+)+$", "a" * 64 + "b")


def deaf() -> None:
    """Hangs and ignores every signal that can be ignored."""
    import signal

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM):
        signal.signal(number, signal.SIG_IGN)
    while True:
        time.sleep(60)


def crash() -> None:
    ctypes.string_at(0)


def vanish(code: int) -> None:
    os._exit(code)


def eat_memory(megabytes: int) -> int:
    return len(bytearray(megabytes * 1024 * 1024))


def recurse(depth: int = 0) -> int:
    return recurse(depth + 1)


def chatter() -> str:
    print("to standard output", flush=True)
    os.write(1, b"to descriptor 1\n")
    return "said"


def big(size: int) -> bytes:
    return b"x" * size


def note_and_hang(path: str) -> None:
    Path(path).write_text(str(os.getpid()), encoding="ascii")
    spin_in_c()


def imported(name: str) -> bool:
    return name in sys.modules
