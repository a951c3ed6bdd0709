"""Where functions that read untrusted bytes run: killable processes, or this one for input that is trusted."""

from __future__ import annotations

from pipeline.work.inline import InlineWorkers
from pipeline.work.pool import ProcessWorkers

__all__ = ["InlineWorkers", "ProcessWorkers"]
