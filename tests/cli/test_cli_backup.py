"""``onecopy backup``: what it writes, what it refuses, and that a file is replaced by a whole one only."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.store import Store
from tests.cli.cli_helpers import good, onecopy


def said(folder: Path, target: str, code: int) -> str:
    done = onecopy("backup", target, cwd=folder)
    assert (done.returncode, done.stdout) == (code, b"")
    [line] = done.stderr.decode().splitlines()
    return line


def test_a_backup_is_a_store(crawled: Path, tmp_path: Path) -> None:
    stories = good("stories", "--json", cwd=crawled)
    shutil.copy(crawled / "config.yaml", tmp_path)
    (tmp_path / "onecopy.db").write_bytes(b"an older file")
    (tmp_path / "onecopy.db").chmod(0o600)
    assert said(crawled, str(tmp_path / "onecopy.db"), 0).endswith(" MB")
    assert (tmp_path / "onecopy.db").stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["config.yaml", "onecopy.db"]
    assert good("stories", "--json", cwd=tmp_path) == stories


def test_what_is_no_place_for_a_backup(copied: Path) -> None:
    (copied / "link.db").symlink_to("onecopy.db")
    assert "is the store itself" in said(copied, "onecopy.db", 2)
    assert "is the store itself" in said(copied, "link.db", 2)
    assert "is a folder" in said(copied, ".", 2)
    assert "cannot be written" in said(copied, "nowhere/x.db", 2)
    with Store.open(f"sqlite:///{copied / 'other.db'}") as other:
        other.feeds.add("https://a.test/feed")
        assert "is in use" in said(copied, "other.db", 2)
        assert len(other.feeds.all()) == 1
    assert not list(copied.glob(".*.part"))


def test_a_damaged_store_replaces_no_backup(copied: Path) -> None:
    said(copied, "kept.db", 0)
    kept = (copied / "kept.db").read_bytes()
    with closing(sqlite3.connect(copied / "onecopy.db")) as connection:
        ((page,),) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'address'")
        ((size,),) = connection.execute("PRAGMA page_size")
    with (copied / "onecopy.db").open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * 64)
    assert "is damaged" in said(copied, "kept.db", 1)
    assert (copied / "kept.db").read_bytes() == kept
    assert not list(copied.glob(".*.part"))


def test_no_store_no_backup(fresh: Path) -> None:
    assert "no store here yet" in said(fresh, "x.db", 1)
    assert not (fresh / "onecopy.db").exists()


@pytest.mark.postgres
def test_postgresql_has_its_own(postgres_url: str, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(f"store: {{url: '{postgres_url}'}}\n")
    assert "pg_dump" in said(tmp_path, "x.db", 2)
    assert not (tmp_path / "x.db").exists()
