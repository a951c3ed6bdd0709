"""regroup: told in words and JSON, written with --apply, and wrong use."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.cli_helpers import good, onecopy, records


def stories(folder: Path) -> dict[str, int]:
    return {one["url"]: one["story"] for one in records(good("export", cwd=folder))}


def test_what_stricter_settings_would_lose_is_told_then_written(copied: Path) -> None:
    (copied / "strict.yaml").write_text("dedup: {min_tokens: 100000}\n")
    before = stories(copied)
    told = json.loads(good("regroup", "--with", "strict.yaml", "--json", cwd=copied))
    assert (told["applied"], told["articles"], told["gained"]) == (False, len(before), [])
    assert [one["copies"] for one in told["lost"]] == sorted((one["copies"] for one in told["lost"]), reverse=True)
    assert stories(copied) == before
    lines = good("regroup", "--with", "strict.yaml", cwd=copied).splitlines()
    assert lines[0] == f"Lost: {len(told['lost'])} merges"
    assert lines[-1].endswith("Nothing was changed; --apply writes it.")

    assert "Written." in good("regroup", "--with", "strict.yaml", "--apply", cwd=copied)
    after = stories(copied)
    assert len(set(after.values())) == told["stories"] > len(set(before.values()))
    back = good("regroup", "--apply", cwd=copied)
    assert back.startswith("Gained: ")
    parts = [
        {frozenset(url for url in homes if homes[url] == one) for one in homes.values()}
        for homes in (before, stories(copied))
    ]
    assert parts[0] == parts[1]
    assert "no merge gained or lost." in good("regroup", cwd=copied)


def test_wrong_settings_are_named(crawled: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("dedup: {copy_jacard: 0.9}\n")
    done = onecopy("regroup", "--with", str(bad), cwd=crawled)
    assert done.returncode == 2
    assert "did you mean 'copy_jaccard'" in done.stderr.decode()
    done = onecopy("regroup", "--with", "nowhere.yaml", cwd=crawled)
    assert (done.returncode, done.stdout) == (2, b"")
    assert "nowhere.yaml: no such file" in done.stderr.decode()
