"""Feeds in files, each beside the values that must come out of it (tests/data/feeds/NAME.feed and NAME.json)."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import pickle
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from pipeline import parse_feed
from pipeline.config import FetchSettings
from pipeline.errors import DocumentError
from pipeline.fetch import Client
from pipeline.model import Request, Response

CORPUS = Path(__file__).parents[1] / "data" / "feeds"
NAMES = sorted(path.stem for path in CORPUS.glob("*.feed"))
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_every_feed_has_its_expected_values() -> None:
    assert sorted(path.stem for path in CORPUS.glob("*.json")) == NAMES
    assert len(NAMES) >= 150


@pytest.mark.parametrize("name", NAMES)
def test_feed(name: str) -> None:
    expected = json.loads((CORPUS / f"{name}.json").read_text(encoding="utf-8"))
    compare((CORPUS / f"{name}.feed").read_bytes(), expected["url"], expected.get("content_type"), expected)


def test_the_same_over_http() -> None:
    """Every file as a server sends it, with and without compression, through the client."""
    assert asyncio.run(asyncio.wait_for(_over_http(), 60)) == len(NAMES)


async def _over_http() -> int:
    expectations = {name: json.loads((CORPUS / f"{name}.json").read_text(encoding="utf-8")) for name in NAMES}
    served = web.Application()

    async def answer(request: web.Request) -> web.Response:
        name = request.match_info["name"]
        response = web.Response(body=(CORPUS / f"{name}.feed").read_bytes())
        if "content_type" in expectations[name]:
            response.headers["Content-Type"] = expectations[name]["content_type"]
        if len(name) % 2:
            response.enable_compression(web.ContentCoding.gzip)
        return response

    served.router.add_get("/{name}", answer)
    runner = web.AppRunner(served)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    settings = FetchSettings(connect_to={"corpus.test": f"127.0.0.1:{port}"}, host_gap_s=0, host_parallel=8)
    compared = 0
    async with Client(settings) as client:
        for name, expected in expectations.items():
            outcome = await client.fetch(Request(f"http://corpus.test/{name}"))
            if isinstance(outcome, Response):
                # The client says what type aiohttp's server made up where the file has none.
                kind = outcome.content_type if "content_type" in expected else None
                compare(outcome.body, expected["url"], kind, expected)
            else:
                assert not (CORPUS / f"{name}.feed").read_bytes()
                assert expected["error"] == "Unreadable"
            compared += 1
    await runner.cleanup()
    return compared


def compare(body: bytes, url: str, content_type: str | None, expected: dict[str, Any]) -> None:
    """Parse ``body`` and hold what comes out against the values beside the file."""
    if "error" in expected:
        with pytest.raises(DocumentError) as caught:
            parse_feed(body, url, content_type, now=NOW)
        assert (type(caught.value).__name__, str(caught.value)) == (expected["error"], expected["message"])
        return
    parsed = parse_feed(body, url, content_type, now=NOW)
    feed, wanted = _fields(parsed, without=("entries",)), dict(expected["feed"])
    if "not well-formed" in str(wanted.get("problems")):
        # The position and wording are expat's, and differ between its versions.
        feed["problems"] = [problem.partition(":")[0] for problem in feed["problems"]]
        wanted["problems"] = [problem.partition(":")[0] for problem in wanted["problems"]]
    assert feed == wanted
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
