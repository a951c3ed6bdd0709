"""Several processes that serve one address, so that requests use all processors.

Each has a socket of its own on the same port (SO_REUSEPORT), among which the kernel spreads connections. They are
forked after everything is imported and before anything is opened, so that they share the memory of the program. The
parent holds the sockets, starts anew what died, passes on the wish to end, and takes the others along when killed.
"""

from __future__ import annotations

import gc
import importlib
import logging
import multiprocessing
import os
import signal
import socket
import time
from collections.abc import Callable
from multiprocessing.connection import wait
from typing import Any, Final, Self

from pipeline.errors import OnecopyError

LOG: Final = logging.getLogger("onecopy.serve")
SHARED: Final = (
    "pipeline.serve.application",
    "uvicorn.protocols.http.auto",
    "uvicorn.lifespan.on",
    "uvicorn.loops.auto",
)
SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)
BACKLOG: Final = 2_048  # connections that wait, as uvicorn has it
SHORT_S: Final = 5.0  # a process that gives up so early would do so the next time
END_S: Final = 15.0  # uvicorn finishes requests for five seconds, and a crawl gives up what it has claimed

Work = Callable[[socket.socket, int, "EndSignals"], None]
"""Serves a socket until SIGTERM, SIGINT or the end of the pipe with the given descriptor."""


def siblings(bound: socket.socket, count: int) -> list[socket.socket]:
    """So many sockets on the address of ``bound``, which is closed. Raises OnecopyError when it is taken meanwhile."""
    family, where = bound.family, bound.getsockname()
    bound.close()  # it made sure that nobody else listens there: SO_REUSEPORT would not
    made: list[socket.socket] = []
    try:
        for _ in range(count):
            one = socket.socket(family, socket.SOCK_STREAM)
            made.append(one)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            one.bind(where)
            one.listen(BACKLOG)
    except OSError as error:
        for one in made:
            one.close()
        raise OnecopyError(f"cannot listen on {where[0]}:{where[1]}: {error.strerror or error}") from error
    return made


def supervise(sockets: list[socket.socket], work: Work, signals: EndSignals) -> None:
    """Run ``work`` in a process for each socket until SIGTERM or SIGINT. Nothing may be open that a fork breaks.

    Raises OnecopyError when a process gives up as soon as it was started; one that was killed is started anew.
    """
    for name in SHARED:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # the collector writes into what it looks at, and a page that is written to is shared no more
    watched, kept = os.pipe()
    crew = _Crew(work, watched, kept)
    try:
        for one in sockets:
            crew.start(one)
        while not signals.came:
            crew.replace(signals)
    finally:
        os.close(kept)
        crew.end()
        os.close(watched)
        gc.unfreeze()


class EndSignals:
    """SIGTERM and SIGINT, noted from entering to leaving the block: what is under way is never torn by an exception.

    uvicorn takes both while it serves, and raises them again when it is done.
    """

    def __init__(self) -> None:
        self.came = False
        self._act: Callable[[], None] = lambda: None

    def __enter__(self) -> Self:
        self._before = {one: signal.signal(one, self._note) for one in SIGNALS}
        return self

    def __exit__(self, *exception: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def then(self, act: Callable[[], None]) -> None:
        """What to do when one comes; at once when one came."""
        self._act = act
        if self.came:
            act()

    def _note(self, *_: object) -> None:
        self.came = True
        self._act()


class _Crew:
    """The processes by the socket that they serve."""

    def __init__(self, work: Work, watched: int, kept: int) -> None:
        self._work = work
        self._watched, self._kept = watched, kept
        self._fork = multiprocessing.get_context("fork")
        self._processes: dict[socket.socket, tuple[Any, float]] = {}

    def start(self, bound: socket.socket) -> None:
        process = self._fork.Process(target=self._run, args=(bound,), name="onecopy serve")
        # Held back while the child still has its parent's handlers, which would swallow them.
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        try:
            process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        self._processes[bound] = process, time.monotonic()

    def _run(self, bound: socket.socket) -> None:
        """In the child."""
        os.close(self._kept)  # or the pipe would not end with the parent
        with EndSignals() as signals:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
            self._work(bound, self._watched, signals)

    def replace(self, signals: EndSignals) -> None:
        """Wait for a moment, and start anew what ended meanwhile, unless all are to end."""
        wait([process.sentinel for process, _ in self._processes.values()], timeout=0.5)
        for bound, (process, since) in list(self._processes.items()):
            if process.is_alive():
                continue
            short = time.monotonic() - since < SHORT_S
            time.sleep(1.0 if short else 0.1)  # a signal to all of us reaches us in any order
            if signals.came:
                return
            if short and process.exitcode > 0:
                raise OnecopyError(f"a process of the server gave up at once, with {process.exitcode}")
            LOG.error("a process of the server ended with %s; another one takes its place", process.exitcode)
            self.start(bound)

    def end(self) -> None:
        for process, _ in self._processes.values():
            process.terminate()
        deadline = time.monotonic() + END_S
        for process, _ in self._processes.values():
            process.join(max(0.1, deadline - time.monotonic()))
            if process.is_alive():
                process.kill()
                process.join()
