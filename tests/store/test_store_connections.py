"""What holds on every connection to a store, whatever happens to the others."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import inspect, text
from store_making import article, child, line, save

from pipeline.errors import StoreError
from pipeline.model import StoryFilter
from pipeline.store import Store
from pipeline.store.engine import Database


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "onecopy.db"


def url_of(path: Path) -> str:
    return f"sqlite:///{path}"


def test_every_sqlite_connection_is_prepared_alike(path: Path) -> None:
    wanted = {"foreign_keys": 1, "synchronous": 2, "busy_timeout": 30_000, "journal_mode": "wal", "trusted_schema": 0}
    with Store.open(url_of(path)) as store, ExitStack() as stack:
        for _ in range(6):
            connection = stack.enter_context(store._database.read())
            found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted}
            assert found == wanted


def test_foreign_keys_hold_in_every_thread(store_url: str) -> None:
    refused: list[str] = []

    def insert() -> None:
        try:
            with store._database.write() as connection:
                connection.execute(text("INSERT INTO redirect (old_id, story_id) VALUES (1, 999)"))
        except StoreError as error:
            refused.append(str(error).lower())

    with Store.open(store_url) as store:
        threads = [threading.Thread(target=insert) for _ in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(refused) == 5
    assert all("foreign key" in message for message in refused)


HOLD = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
time.sleep(1.5)
connection.execute("CREATE TABLE proof (x)")
connection.execute("COMMIT")
"""


def test_a_write_waits_for_another_process(path: Path) -> None:
    with Store.open(url_of(path)) as store:
        holder = child(HOLD, str(path))
        assert line(holder) == "locked"
        assert store.stories.list(StoryFilter()) == []  # reading does not wait
        store.feeds.add("https://a.test/feed")
        with store._database.read() as connection:  # committed before ours, so ours has waited
            assert "proof" in inspect(connection).get_table_names()
        holder.communicate(timeout=30)


@pytest.mark.postgres
def test_the_store_recovers_from_lost_connections(postgres_url: str) -> None:
    with Store.open(postgres_url) as store:
        store.feeds.add("https://a.test/feed")
        other = Database(postgres_url)
        with other.write() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
        other.close()
        assert len(store.feeds.all()) == 1


def test_a_full_disk_is_one_clear_line_and_loses_nothing(path: Path) -> None:
    with Store.open(url_of(path)) as store:
        save(store, article("https://a.test/1"))
        with store._database.read() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    with Store.open(url_of(path)) as store:
        with store._database.read() as connection:  # the one pooled connection: a limit that the disk would set
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StoreError, match="the disk is full"):
            save(store, article("https://a.test/2", "words " * 100_000))
        assert [row.article.url for row in store.stories.export()] == ["https://a.test/1"]
    with sqlite3.connect(path) as check:
        assert check.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_closed_store_leaves_one_file(path: Path) -> None:
    with Store.open(url_of(path)) as store:
        run = store.runs.begin("crawl")
        save(store, article("https://a.test/1"))
        store.runs.finish(run)
    assert [one.name for one in path.parent.iterdir()] == ["onecopy.db"]
