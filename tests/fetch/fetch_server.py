"""A raw HTTP server on loopback: handlers write bytes, so that they can be as wrong as the internet is."""

from __future__ import annotations

import asyncio
import functools
import ssl
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from pipeline.config import FetchSettings


@dataclass(frozen=True)
class Seen:
    at: float
    method: str
    path: str
    headers: tuple[tuple[bytes, bytes], ...]

    def header(self, name: bytes) -> bytes | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


Handler = Callable[[Seen, asyncio.StreamWriter], Awaitable[None]]


class Server:
    def __init__(
        self, handler: Handler, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None, port: int = 0
    ) -> None:
        self.port = port
        self._handler = handler
        self._host = host
        self._tls = tls
        self.seen: list[Seen] = []
        self.connections = 0
        self.active = 0
        self.most_active = 0

    async def __aenter__(self) -> Server:
        self._server = await asyncio.start_server(self._serve, self._host, self.port, ssl=self._tls, limit=1 << 20)
        self.port = self._server.sockets[0].getsockname()[1]
        self.address = f"[{self._host}]:{self.port}" if ":" in self._host else f"{self._host}:{self.port}"
        self._tasks: set[asyncio.Task[None]] = set()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def left_alone(self) -> None:
        """Wait until every client has closed its connections."""
        await asyncio.gather(*self._tasks)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self.connections += 1
        try:
            while not writer.is_closing():
                head = await reader.readuntil(b"\r\n\r\n")
                line, *rest = head[:-4].split(b"\r\n")
                method, path, _ = line.decode().split(" ")
                pairs = tuple((name, value.strip()) for name, _, value in (part.partition(b":") for part in rest))
                seen = Seen(time.monotonic(), method, path, pairs)
                self.seen.append(seen)
                self.active += 1
                self.most_active = max(self.most_active, self.active)
                try:
                    await self._handler(seen, writer)
                    await writer.drain()
                finally:
                    self.active -= 1
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    @property
    def paths(self) -> list[str]:
        return [seen.path for seen in self.seen]


def reply(body: bytes = b"hello", status: str = "200 OK", *headers: str | bytes) -> bytes:
    lines = [f"HTTP/1.1 {status}".encode(), *(h.encode() if isinstance(h, str) else h for h in headers)]
    if not any(line.lower().startswith((b"content-length", b"transfer-encoding")) for line in lines):
        lines.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def answers(*data: bytes, then_close: bool = False) -> Handler:
    """Each request is answered by the same bytes."""

    async def handler(_: Seen, writer: asyncio.StreamWriter) -> None:
        writer.writelines(data)
        if then_close:
            await writer.drain()
            writer.close()

    return handler


def pages(table: dict[str, bytes]) -> Handler:
    """Requests are answered by path."""

    async def handler(seen: Seen, writer: asyncio.StreamWriter) -> None:
        writer.write(table.get(seen.path.partition("?")[0], reply(b"no", "404 Not Found")))

    return handler


def settings(server: Server | None = None, **changes: Any) -> FetchSettings:
    """Every ``*.test`` name at the server, through the real guard; no gap, short limits."""
    connect_to = changes.pop("connect_to", {"*.test": server.address} if server else {})
    values = {"host_gap_s": 0.0, "timeout_s": 5.0, "connect_timeout_s": 2.0, "host_parallel": 16}
    return FetchSettings(connect_to=connect_to, **(values | changes))


def in_a_loop(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """The coroutine as a plain test; whatever hangs fails after 30 s."""

    @functools.wraps(test)
    def run(*args: Any, **kwargs: Any) -> None:
        asyncio.run(asyncio.wait_for(test(*args, **kwargs), 30))

    return run
