"""merge, split, never-merge, words: said, shown, replaced, taken back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.cli_helpers import Record, good, onecopy, records


@pytest.fixture
def copies(copied: Path) -> list[Record]:
    """The copies of the largest story."""
    rows = records(good("stories", "--copies", "2", "--json", cwd=copied))
    largest = max(rows, key=lambda row: row["copies"])
    return json.loads(good("story", str(largest["id"]), "--json", cwd=copied))["members"]


def homes(folder: Path) -> dict[str, int]:
    return {one["url"]: one["story"] for one in records(good("export", cwd=folder))}


def test_split_merge_and_take_back(copied: Path, copies: list[Record]) -> None:
    story, leaving = copies[0]["story"], copies[-1]["url"]
    before = homes(copied)
    said = good("split", str(story), leaving, cwd=copied).splitlines()
    assert said[0] == "Word 1: split"
    after = homes(copied)
    assert after[leaving] != story
    assert {url: home for url, home in after.items() if url != leaving} == {
        url: home for url, home in before.items() if url != leaving
    }
    assert said[1].startswith(f"story {after[leaving]}  https://")
    shown = good("story", str(after[leaving]), cwd=copied)
    assert "by hand: kept apart from" in shown
    (member,) = json.loads(good("story", str(after[leaving]), "--json", cwd=copied))["members"]
    assert member["evidence"][0].startswith("by hand: kept apart from ")

    merged = good("merge", str(story), str(after[leaving]), cwd=copied)
    assert "It replaces word 1: split" in merged
    assert homes(copied)[leaving] == homes(copied)[copies[0]["url"]]
    listed = good("words", cwd=copied)
    assert "overruled by 2" in listed
    assert [one["verb"] for one in records(good("words", "--json", cwd=copied))] == ["split", "merge"]

    gone = good("words", "remove", "1", "2", cwd=copied)
    assert gone.count("Taken back") == 2
    assert f"story {homes(copied)[leaving]}  {copies[-1]['canonical_url']}" in gone
    assert len({homes(copied)[one["url"]] for one in copies}) == 1
    assert good("words", cwd=copied).startswith("Nobody said anything yet")


def test_never_merge_in_json_and_through_export_and_import(copied: Path, copies: list[Record], tmp_path: Path) -> None:
    one, other = copies[0]["url"], copies[1]["url"]
    said = json.loads(good("never-merge", one, other, "--json", cwd=copied))
    assert said["verb"] == "never-merge"
    assert len(set(said["stories"].values())) == 2
    good("words", cwd=copied)
    lines = good("export", cwd=copied)
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    assert "Words" in good("import", "-", cwd=fresh, stdin=lines.encode())
    assert homes(fresh)[one] != homes(fresh)[other]
    (kept,) = records(good("words", "--json", cwd=fresh))
    assert kept["said_at"] == said["said_at"]
    again = json.loads(good("import", "-", "--json", cwd=copied, stdin=good("words", "--json", cwd=fresh).encode()))
    assert (again["words"], again["failures"]) == (0, [])


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        (["merge", "1"], 2, "two different stories"),
        (["merge", "1", "99999"], 1, "no story 99999"),
        (["never-merge", "1", "x"], 2, "neither the number of a story"),
        (["split", "1"], 2, "URL"),
        (["split", "1", "https://nobody.example/1"], 1, "no copy in story 1"),
        (["words", "remove", "4"], 1, "no word 4"),
    ],
)
def test_wrong_use_is_one_line(crawled: Path, arguments: list[str], code: int, complaint: str) -> None:
    done = onecopy(*arguments, cwd=crawled)
    assert (done.returncode, done.stdout) == (code, b"")
    (line,) = done.stderr.decode().splitlines()
    assert complaint in line
