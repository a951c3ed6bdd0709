"""Feeds in files, each beside the values that must come out of it (tests/data/feeds/NAME.feed and NAME.json)."""

from __future__ import annotations

import dataclasses
import json
import pickle
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline import parse_feed
from pipeline.errors import DocumentError

CORPUS = Path(__file__).parents[1] / "data" / "feeds"
NAMES = sorted(path.stem for path in CORPUS.glob("*.feed"))
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_every_feed_has_its_expected_values() -> None:
    assert sorted(path.stem for path in CORPUS.glob("*.json")) == NAMES
    assert len(NAMES) >= 60


@pytest.mark.parametrize("name", NAMES)
def test_feed(name: str) -> None:
    expected = json.loads((CORPUS / f"{name}.json").read_text(encoding="utf-8"))
    body = (CORPUS / f"{name}.feed").read_bytes()
    if "error" in expected:
        with pytest.raises(DocumentError) as caught:
            parse_feed(body, expected["url"], expected.get("content_type"), now=NOW)
        assert (type(caught.value).__name__, str(caught.value)) == (expected["error"], expected["message"])
        return
    parsed = parse_feed(body, expected["url"], expected.get("content_type"), now=NOW)
    feed = _fields(parsed, without=("entries",))
    if expected["feed"].get("problems") and "not well-formed" in str(expected["feed"]["problems"]):
        # The position and wording are expat's, and differ between its versions.
        feed["problems"] = [problem.partition(":")[0] for problem in feed["problems"]]
        expected["feed"]["problems"] = [problem.partition(":")[0] for problem in expected["feed"]["problems"]]
    assert feed == expected["feed"]
    assert [_fields(entry, without=("key", "content_hash")) for entry in parsed.entries] == expected["entries"]
    assert len({entry.key for entry in parsed.entries}) == len(parsed.entries)
    assert all(len(entry.key) == len(entry.content_hash) == 64 for entry in parsed.entries)
    assert pickle.loads(pickle.dumps(parsed)) == parsed


def _fields(noun: Any, without: tuple[str, ...]) -> dict[str, Any]:
    values = {field.name: getattr(noun, field.name) for field in dataclasses.fields(noun)}
    return {name: _plain(value) for name, value in values.items() if name not in without and value}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, frozenset):
        return sorted(value)
    return list(value) if isinstance(value, tuple) else value
