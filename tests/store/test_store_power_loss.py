"""Power fails while SQLite writes: its log ends anywhere, or in rubbish. What was committed until then is left."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from store_making import NOW, entry, update

from pipeline.store import Store

FETCHES = 30
SECTOR = 512


def filled(path: Path) -> tuple[bytes, bytes]:
    """The file and its log after FETCHES fetches of one feed, each with one more entry and the next ETag."""
    with Store.open(f"sqlite:///{path}") as store:
        store.feeds.add("https://a.test/feed")
        run = store.runs.begin("crawl")
        for number in range(FETCHES):
            [feed] = store.feeds.claim(run, NOW, force=True)
            change = replace(update(feed.id, (entry(f"e{number}"),)), validators=(b"%d" % number, None, None))
            assert store.feeds.record(change, run)
        return path.read_bytes(), path.with_name(f"{path.name}-wal").read_bytes()


def left(folder: Path, database: bytes, log: bytes) -> int:
    """How many fetches survive; asserts that they are the first ones, each whole."""
    path = folder / "x.db"
    path.write_bytes(database)
    path.with_name("x.db-wal").write_bytes(log)
    path.with_name("x.db-shm").unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        if not {"feed", "entry"} <= tables:
            return -1
        entries = [key for (key,) in connection.execute("SELECT key FROM entry ORDER BY id")]
        etags = [etag for (etag,) in connection.execute("SELECT etag FROM feed")]
    assert entries == [f"e{number}" for number in range(len(entries))]
    if etags:
        assert etags == [b"%d" % (len(entries) - 1) if entries else None], (
            "validators are never ahead of what was stored"
        )
    return len(entries)


def test_a_log_that_ends_anywhere(tmp_path: Path) -> None:
    database, log = filled(tmp_path / "whole.db")
    folder = tmp_path / "cut"
    folder.mkdir()
    noise = random.Random(7)
    offsets = sorted(noise.randrange(len(log) + 1) for _ in range(120))
    survived = []
    for number, at in enumerate(offsets):
        torn = log[:at]
        if number % 3 == 0:  # the last sector was being written
            torn = torn[: -(at % SECTOR) or None] + noise.randbytes(at % SECTOR)
        survived.append(left(folder, database, torn))
    assert survived == sorted(survived), "the more of the log there is, the more is left"
    assert left(folder, database, log) == FETCHES
    assert len(set(survived)) > 10, "the cuts met many moments"


def test_a_store_goes_on_after_it(tmp_path: Path) -> None:
    database, log = filled(tmp_path / "whole.db")
    folder = tmp_path / "cut"
    folder.mkdir()
    before = left(folder, database, log[: len(log) * 3 // 4])
    assert 0 < before < FETCHES
    with Store.open(f"sqlite:///{folder / 'x.db'}") as store:
        assert store.runs.recover() == 1
        [feed] = store.feeds.claim(store.runs.begin("crawl"), NOW, force=True)
        assert feed.etag == b"%d" % (before - 1)
        assert store.feeds.counts()[feed.id]["pending"] == before
