"""Whole pages against what a person reads in them (tests/data/pages: one JSON of expectations beside each page)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.extraction import extract
from pipeline.model import Extraction

PAGES = Path(__file__).parents[1] / "data" / "pages"
NAMES = sorted(path.stem for path in PAGES.glob("*.html"))


def read(name: str) -> tuple[Extraction, dict[str, Any]]:
    expected = json.loads((PAGES / f"{name}.json").read_text(encoding="utf-8"))
    return extract((PAGES / f"{name}.html").read_bytes(), expected["url"]), expected


def test_there_are_enough_pages_and_languages() -> None:
    languages = {json.loads(path.read_text(encoding="utf-8"))["language"] for path in PAGES.glob("*.json")}
    assert len(NAMES) >= 24
    assert {"en", "de", "fr", "es", "zh", "ja", "ar", "ru", "hi"} <= languages


@pytest.mark.parametrize("name", NAMES)
def test_declarations(name: str) -> None:
    found, expected = read(name)
    published = found.published_at.isoformat() if found.published_at else None
    assert found.title == expected["title"]
    assert list(found.byline) == expected["byline"]
    assert published == expected["published_at"]
    assert found.language == expected["language"]
    assert found.declared_url == expected["declared_url"]
    assert list(found.based_on) == expected.get("based_on", [])
    if "modified_at" in expected:
        assert found.modified_at is not None
        assert found.modified_at.isoformat() == expected["modified_at"]
    if "site_name" in expected:
        assert found.site_name == expected["site_name"]


@pytest.mark.parametrize("name", NAMES)
def test_text(name: str) -> None:
    found, expected = read(name)
    for passage in expected["contains"]:
        assert passage in found.text
    for passage in expected["excludes"]:
        assert passage not in found.text
    lines = found.text.split("\n")
    assert lines[0] == expected.get("first_line", lines[0])
    assert lines[-1] == expected.get("last_line", lines[-1])
    assert found.text == "" or all(line.strip() == line != "" for line in lines)
    assert list(found.problems) == expected.get("problems", [])


@pytest.mark.parametrize("name", NAMES)
def test_links(name: str) -> None:
    found, expected = read(name)
    addresses = [link.url for link in found.links]
    for url in expected.get("links", []):
        assert url in addresses
    assert all(url.startswith(("http://", "https://")) for url in addresses)
