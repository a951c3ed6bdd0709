"""Where functions that read untrusted bytes run: in processes that can be killed."""

from __future__ import annotations

from pipeline.work.pool import ProcessWorkers

__all__ = ["ProcessWorkers"]
