"""The server as a process or a thread: uvicorn around the application, until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pipeline.app import Pipeline
from pipeline.config import ServeSettings
from pipeline.errors import OnecopyError, UsageError
from pipeline.serve.processes import BACKLOG, EndSignals, siblings, supervise
from pipeline.serve.service import is_loopback


def listening(pipeline: Pipeline, settings: ServeSettings) -> socket.socket:
    """A bound socket, refused where nobody would have to log in but this machine's own users are not the only ones.

    Raises UsageError for that, OnecopyError when the address cannot be had.
    """
    if not is_loopback(settings.host) and not pipeline.store.accounts.all():
        raise UsageError(
            f"{settings.host} can be reached from elsewhere, and nobody has an account: onecopy users add NAME"
        )
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((settings.host.strip("[]"), settings.port))
        if settings.processes == 1:  # else each of them listens on a socket of its own
            bound.listen(BACKLOG)  # whoever comes as soon as the address is known waits, rather than being refused
    except OSError as error:
        bound.close()
        raise OnecopyError(f"cannot listen on {settings.host}:{settings.port}: {error.strerror or error}") from error
    return bound


def address(bound: socket.socket) -> str:
    """The URL of a bound socket."""
    host, port = bound.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def run(pipeline: Pipeline, settings: ServeSettings, bound: socket.socket, signals: EndSignals) -> None:
    """Serve from ``settings.processes`` processes until SIGTERM or SIGINT; with several, ``pipeline`` is closed."""
    if settings.processes == 1:
        _serve(pipeline, settings, bound, signals)
        return
    pipeline.close()
    config = pipeline.config

    def alone(own: socket.socket, parent: int, told: EndSignals) -> None:
        with Pipeline(config) as opened:
            _serve(opened, settings, own, told, parent)

    supervise(siblings(bound, settings.processes), alone, signals)


def _serve(
    pipeline: Pipeline, settings: ServeSettings, bound: socket.socket, signals: EndSignals, parent: int | None = None
) -> None:
    """Serve from this process; ``parent`` is a pipe that ends when the one that began it does."""
    if signals.came:
        return

    async def serve() -> None:
        server = _server(pipeline, settings, log=True)

        def stop() -> None:
            server.should_exit = True

        signals.then(stop)
        if parent is not None:
            asyncio.get_running_loop().add_reader(parent, stop)
        await server.serve(sockets=[bound])

    asyncio.run(serve())


@contextmanager
def running(pipeline: Pipeline, settings: ServeSettings) -> Iterator[str]:
    """Serve from a thread of this process for as long as the block lasts; gives the address."""
    bound = listening(pipeline, settings)
    server = _server(pipeline, settings, log=False)
    serve: Callable[[], None] = lambda: asyncio.run(server.serve(sockets=[bound]))  # noqa: E731  # a thread's work
    thread = threading.Thread(target=serve, name="serve", daemon=True)
    thread.start()
    try:
        while not server.started and thread.is_alive():
            thread.join(0.01)
        yield address(bound)
    finally:
        server.should_exit = True
        thread.join(20)
        bound.close()


def _server(pipeline: Pipeline, settings: ServeSettings, log: bool):  # type: ignore[no-untyped-def]  # uvicorn.Server, imported when needed
    import uvicorn

    from pipeline.serve.application import application

    logging.getLogger("onecopy.serve").setLevel(logging.INFO if log else logging.ERROR)
    config = uvicorn.Config(
        application(pipeline, settings),
        log_level="warning",
        access_log=False,  # an address may hold a token
        server_header=False,
        timeout_graceful_shutdown=5,
        limit_concurrency=512,
        proxy_headers=False,
    )
    return uvicorn.Server(config)
