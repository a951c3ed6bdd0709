"""Backups beside a crawl: each is a whole store of one moment, and a crawl goes on from it."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from contextlib import closing
from itertools import pairwise
from pathlib import Path

from pipeline import Pipeline
from pipeline.demo import Server, World
from pipeline.store.migrate import HEAD, VERSION_TABLE
from tests.flow.helpers import Record, command, decided, environment, export, groups

BACKUPS = 20


def check(path: Path) -> int:
    """How many articles a backup holds; asserts that it is whole, of this version, and one file."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("PRAGMA journal_mode").fetchall() == [("delete",)]
        assert connection.execute(f"SELECT version_num FROM {VERSION_TABLE}").fetchall() == [(HEAD,)]
        ((articles,),) = connection.execute("SELECT count(*) FROM article")
        return int(articles)


def served(config: Path, backup: Path, folder: Path) -> set[str]:
    """The addresses that `stories` shows from a copy of the backup."""
    folder.mkdir()
    copied = shutil.copy(config, folder / "config.yaml")
    shutil.copy(backup, folder / "onecopy.db")
    with Pipeline(copied) as pipeline:
        assert sum(row.copies for row in pipeline.stories(limit=1_000)) == check(backup)
        return {record["url"] for record in export(pipeline)}


def test_twenty_backups_beside_a_crawl(
    config: Path, server: Server, world: World, undisturbed: list[Record], tmp_path: Path
) -> None:
    server.delay(0.05)
    # Pages that come together are stored together: these come one by one.
    config.write_text(
        config.read_text(encoding="utf-8").replace("fetch:\n", "fetch:\n  parallel: 1\n"), encoding="utf-8"
    )
    backups = [tmp_path / f"backup{number:02}.db" for number in range(BACKUPS)]
    with Pipeline(config) as pipeline:
        crawl = subprocess.Popen(command("--config", str(config), "crawl"), env=environment())
        running = 0
        try:
            for backup in backups:
                pipeline.backup(backup)
                running += crawl.poll() is None
                grown = len(export(pipeline))
                while crawl.poll() is None and len(export(pipeline)) < grown + len(world.pages) // BACKUPS:
                    pass
        finally:
            assert crawl.wait(timeout=60) == 0
    assert running > BACKUPS / 2, "most of them were made beside the crawl"
    counts = [check(backup) for backup in backups]
    assert counts == sorted(counts)
    assert len(set(counts)) > 5, "they are of many moments"
    seen = [served(config, backup, tmp_path / f"restored{number}") for number, backup in enumerate(backups)]
    assert all(earlier <= later for earlier, later in pairwise(seen))

    middle = next(number for number, count in enumerate(counts) if count >= len(world.pages) // 2)
    with Pipeline(tmp_path / f"restored{middle}" / "config.yaml") as restored:
        restored.crawl(everything=True)
        found = export(restored)
    assert sorted(record["url"] for record in found) == sorted(page.url for page in world.pages)
    assert groups(found) == groups(undisturbed)
    assert decided(found) == decided(undisturbed)
