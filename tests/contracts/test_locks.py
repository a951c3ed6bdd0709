"""The contract of pipeline.ports.Locks, on files and on PostgreSQL."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from store_making import child, line

from pipeline.errors import StoreError
from pipeline.ports import Locks
from pipeline.store import Store
from pipeline.store.engine import Database
from pipeline.store.locks import FileLocks, PostgresLocks

Make = Callable[[], Locks]


@pytest.fixture
def make(store_url: str, tmp_path: Path) -> Iterator[Make]:
    """Makes holders that know nothing of each other, as separate processes do."""
    databases: list[Database] = []
    holders: list[Locks] = []

    def one() -> Locks:
        if store_url.startswith("sqlite"):
            locks: Locks = FileLocks(tmp_path / "onecopy.db-locks")
        else:
            databases.append(Database(store_url))
            locks = PostgresLocks(databases[-1])
        holders.append(locks)
        return locks

    yield one
    for locks in holders:
        locks.close()
    for database in databases:
        database.close()


def test_one_holder_at_a_time(make: Make) -> None:
    first, second = make(), make()
    assert first.acquire("daemon")
    assert not second.acquire("daemon")
    first.release("daemon")
    assert second.acquire("daemon")
    assert not first.acquire("daemon")


def test_taking_it_twice_is_one_lock(make: Make) -> None:
    first, second = make(), make()
    assert first.acquire("daemon")
    assert first.acquire("daemon")
    first.release("daemon")
    assert second.acquire("daemon")


def test_names_are_apart(make: Make) -> None:
    first, second = make(), make()
    assert first.acquire("run-1")
    assert second.acquire("run-2")
    assert not second.acquire("run-1")
    assert not first.acquire("run-2")


def test_releasing_what_is_not_held_does_nothing(make: Make) -> None:
    first, second = make(), make()
    first.release("daemon")
    assert first.acquire("daemon")
    second.release("daemon")
    assert not second.acquire("daemon")


def test_close_gives_all_back_and_may_be_repeated(make: Make) -> None:
    first, second = make(), make()
    assert all(first.acquire(f"run-{number}") for number in range(3))
    first.close()
    first.close()
    assert all(second.acquire(f"run-{number}") for number in range(3))


@pytest.mark.parametrize("name", ["", "../x", "a/b", "A", "a b", "\x00", "x" * 64])
def test_a_name_that_could_be_a_path_is_refused(make: Make, name: str) -> None:
    with pytest.raises(ValueError, match="not a lock name"):
        make().acquire(name)


def test_threads_share_a_holder(make: Make) -> None:
    locks, other = make(), make()
    held: list[bool] = []
    threads = [threading.Thread(target=lambda: held.append(locks.acquire("daemon"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert held == [True] * 8
    assert not other.acquire("daemon")


def test_of_many_that_try_at_once_one_gets_it(make: Make) -> None:
    holders = [make() for _ in range(6)]
    for _ in range(10):
        barrier = threading.Barrier(len(holders))
        got: list[Locks] = []

        def attempt(locks: Locks, barrier: threading.Barrier = barrier, got: list[Locks] = got) -> None:
            barrier.wait()
            if locks.acquire("daemon"):
                got.append(locks)

        threads = [threading.Thread(target=attempt, args=(locks,)) for locks in holders]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(got) == 1
        got[0].release("daemon")


HOLD = """
import sys
from pipeline.store import Store
store = Store.open(sys.argv[1])
print(store.locks.acquire("daemon"), flush=True)
sys.stdin.readline()
"""


def killed(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate(timeout=30)


def test_a_killed_process_holds_nothing(store_url: str) -> None:
    with Store.open(store_url) as store:
        holder = child(HOLD, store_url)
        assert line(holder) == "True"
        assert not store.locks.acquire("daemon")
        killed(holder)
        deadline = time.monotonic() + 20  # a server needs a moment to notice
        while not store.locks.acquire("daemon"):
            assert time.monotonic() < deadline
            time.sleep(0.02)


FORK = """
import os, sys, time
from pipeline.store import Store
store = Store.open(sys.argv[1])
assert store.locks.acquire("daemon")
read_end, write_end = os.pipe()
child = os.fork()
if child == 0:
    os.write(write_end, b"x")
    time.sleep(60)
    os._exit(0)
os.read(read_end, 1)  # the child is past the fork
print(child, flush=True)
sys.stdin.readline()
"""


def test_a_forked_worker_does_not_keep_its_parents_file_locks(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'onecopy.db'}"
    with Store.open(url) as store:
        holder = child(FORK, url)
        worker = int(line(holder))
        try:
            assert not store.locks.acquire("daemon")
            holder.kill()
            holder.wait()
            assert store.locks.acquire("daemon")
        finally:
            os.kill(worker, 9)
            holder.communicate(timeout=30)


def test_lock_files_go_with_their_locks(tmp_path: Path) -> None:
    folder = tmp_path / "locks"
    locks = FileLocks(folder)
    assert locks.acquire("run-1")
    assert locks.acquire("daemon")
    locks.release("run-1")
    assert [one.name for one in folder.iterdir()] == ["daemon.lock"]
    locks.close()
    assert not folder.exists()
    assert locks.acquire("daemon")
    locks.close()


def test_a_folder_that_cannot_be_made_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be locked"):
        FileLocks(tmp_path / "file" / "locks").acquire("daemon")


@pytest.mark.postgres
def test_a_broken_connection_is_found_out_by_asking_again(postgres_url: str) -> None:
    one, two = Database(postgres_url), Database(postgres_url)
    first, second = PostgresLocks(one), PostgresLocks(two)
    try:
        assert first.acquire("daemon")
        assert first.acquire("run-1")
        with two.write() as connection:
            connection.execute(text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"))
        deadline = time.monotonic() + 20
        while not second.acquire("daemon"):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        assert not first.acquire("daemon")
        assert first.acquire("run-1")  # nobody took that one meanwhile
        assert not second.acquire("run-1")
    finally:
        first.close()
        second.close()
        one.close()
        two.close()
