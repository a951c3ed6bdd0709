"""CPU time by step: functions wrapped where their callers look them up, each step without the steps inside it."""

from __future__ import annotations

import functools
import time
from collections import Counter
from typing import Any

CLOCK = time.process_time_ns


class Stopwatch:
    """Nanoseconds of this process's CPU by step, and how often each began."""

    def __init__(self) -> None:
        self.spent: Counter[str] = Counter()
        self.calls: Counter[str] = Counter()
        self._inside: list[str] = []
        self._since = CLOCK()

    def measure(self, holder: Any, name: str, step: str) -> None:
        """Count the time in ``holder.name``, a function, as ``step``."""
        called = getattr(holder, name)

        @functools.wraps(called)
        def measured(*arguments: Any, **options: Any) -> Any:
            self.begin(step)
            try:
                return called(*arguments, **options)
            finally:
                self.end()

        for extra in ("cache_info", "cache_clear"):
            if hasattr(called, extra):
                setattr(measured, extra, getattr(called, extra))
        setattr(holder, name, measured)

    def begin(self, step: str) -> None:
        """Count from now on as ``step``."""
        self.turn()
        self._inside.append(step)
        self.calls[step] += 1

    def end(self) -> None:
        """Count from now on as what was going on before."""
        self.turn()
        self._inside.pop()

    def turn(self) -> None:
        """Bring the counts up to now."""
        now = CLOCK()
        self.spent[self._inside[-1] if self._inside else "rest"] += now - self._since
        self._since = now
