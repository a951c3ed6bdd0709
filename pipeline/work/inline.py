"""Workers that are no processes: for input that is trusted (``import``, the Python API, tests of other parts)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from pipeline.errors import Unreadable
from pipeline.work.worker import Status, attempt

T = TypeVar("T")


class InlineWorkers:
    """Runs calls in threads of this process.

    Nothing contains them: a call that hangs is reported at its deadline but keeps its thread, one that crashes the
    interpreter crashes the program, and memory is not limited. Never for documents that came from the network.
    """

    async def run(self, function: Callable[..., T], *arguments: Any, timeout_s: float) -> T:
        """Call ``function(*arguments)`` in a thread; see :meth:`pipeline.ports.Workers.run`."""
        try:
            status, value = await asyncio.wait_for(asyncio.to_thread(attempt, function, arguments), timeout_s)
        except TimeoutError:
            raise Unreadable(f"took longer than {timeout_s:g} s") from None
        if status is Status.DONE:
            result: T = value
            return result
        if status is Status.DOCUMENT_ERROR:
            kind, message = value
            raise kind(message)
        raise Unreadable(str(value))

    def close(self) -> None:
        """Nothing to end: a thread cannot be stopped from outside."""
