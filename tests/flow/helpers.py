"""What the flow tests ask of a store, and how they run the real command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline import Pipeline
from pipeline.exchange import copy_record

Record = dict[str, Any]


def export(pipeline: Pipeline) -> list[Record]:
    return [copy_record(copy) for copy in pipeline.export()]


def groups(records: list[Record]) -> set[frozenset[str]]:
    """The stories as sets of URLs: what they are called does not matter."""
    stories: dict[int, set[str]] = {}
    for record in records:
        stories.setdefault(record["story"], set()).add(record["url"])
    return {frozenset(urls) for urls in stories.values()}


def decided(records: list[Record]) -> Mapping[str, tuple[object, ...]]:
    """What was decided on each article, apart from the numbers of stories."""
    keys = ("original", "kind", "copied_from", "credit", "title", "text")
    return {record["url"]: tuple(json.dumps(record[key]) for key in keys) for record in records}


def onecopy(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run the real command."""
    return subprocess.run(command(*arguments), capture_output=True, text=True, timeout=120, check=False, **options)


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "pipeline", *arguments]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
