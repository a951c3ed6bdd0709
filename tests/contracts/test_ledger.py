"""What processes tell each other about hosts: both ledgers, on both databases."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.config import FetchSettings
from pipeline.errors import StoreError
from pipeline.fetch import Client
from pipeline.fetch.politeness import OwnLedger
from pipeline.ledger import DatabaseThread, StoreLedger
from pipeline.model import HostState, Request, RobotsRecord
from pipeline.ports import Ledger
from pipeline.store import Store

NOW = datetime.now(UTC).replace(microsecond=0)
Opened = Callable[[], Any]


@pytest.fixture(params=["own", pytest.param("sqlite"), pytest.param("postgresql", marks=pytest.mark.postgres)])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Opened:
    if request.param == "own":

        @asynccontextmanager
        async def own() -> AsyncIterator[Ledger]:
            yield OwnLedger()

        return own
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'onecopy.db'}"
    else:
        url = request.getfixturevalue("postgres_url")

    @asynccontextmanager
    async def stored() -> AsyncIterator[Ledger]:
        with Store.open(url) as store:
            database = DatabaseThread()
            yield StoreLedger(store, store.runs.begin("test"), database)
            database.close()

    return stored


def run(test: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(test, 30))


def test_a_host_comes_back_as_it_was_given(opened: Opened) -> None:
    async def test() -> None:
        async with opened() as ledger:
            assert await ledger.claim(["a.test", "b.test"]) == {"a.test": HostState(), "b.test": HostState()}
            state = HostState(NOW, NOW + timedelta(hours=2))
            await ledger.release({"a.test": state, "b.test": HostState(NOW)})
            assert await ledger.claim(["a.test", "b.test", "c.test"]) == {
                "a.test": state,
                "b.test": HostState(NOW),
                "c.test": HostState(),
            }

    run(test())


def test_robots_come_back_and_are_replaced(opened: Opened) -> None:
    async def test() -> None:
        async with opened() as ledger:
            assert await ledger.robots("https://a.test:443") is None
            for text in ("User-agent: *\nDisallow: /\ud83d\x00", ""):
                await ledger.keep_robots("https://a.test:443", RobotsRecord(text, NOW))
                found = await ledger.robots("https://a.test:443")
                assert found is not None
                assert (found.expires_at, found.text[:10]) == (NOW, text[:10])

    run(test())


@pytest.fixture
def store(store_url: str) -> Any:
    with Store.open(store_url) as made:
        yield made


def test_a_host_has_one_run_at_a_time(store: Store) -> None:
    one, two = store.runs.begin("test"), store.runs.begin("test")
    assert set(store.hosts.claim(one, ["a", "b"])) == {"a", "b"}
    assert set(store.hosts.claim(two, ["a", "b", "c"])) == {"c"}
    assert set(store.hosts.claim(one, ["a"])) == {"a"}  # its own already
    store.hosts.release(two, {"a": HostState(NOW)})  # not its own: nothing happens
    assert set(store.hosts.claim(two, ["a"])) == set()
    store.hosts.release(one, {"a": HostState(NOW)})
    assert store.hosts.claim(two, ["a", "b"]) == {"a": HostState(NOW)}


def test_a_hold_is_there_at_once_and_for_hosts_that_nobody_has(store: Store) -> None:
    one, two = store.runs.begin("test"), store.runs.begin("test")
    store.hosts.claim(one, ["a"])
    store.hosts.hold("a", NOW + timedelta(hours=1))
    store.hosts.hold("b", NOW + timedelta(hours=2))
    store.runs.finish(one)
    found = store.hosts.claim(two, ["a", "b"])
    assert found["a"].held_until == NOW + timedelta(hours=1)
    assert found["b"].held_until == NOW + timedelta(hours=2)


def test_the_hosts_of_a_killed_run_are_free_and_were_asked_just_now(store: Store, store_url: str) -> None:
    code = (
        "import os, sys; from pipeline.store import Store; store = Store.open(sys.argv[1]);"
        "store.hosts.claim(store.runs.begin('test'), ['a']); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, store_url], check=False, timeout=60)
    run_id = store.runs.begin("test")
    assert store.hosts.claim(run_id, ["a"]) == {}
    before = datetime.now(UTC)
    assert store.runs.recover() == 1
    found = store.hosts.claim(run_id, ["a"])["a"]
    assert found.last_start_at is not None
    assert before <= found.last_start_at <= datetime.now(UTC)


def test_what_no_longer_matters_is_forgotten(store: Store) -> None:
    run_id = store.runs.begin("test")
    old = NOW - timedelta(days=2)
    store.hosts.claim(run_id, ["old", "recent", "held", "busy"])
    store.hosts.release(
        run_id, {"old": HostState(old), "recent": HostState(NOW), "held": HostState(old, NOW + timedelta(hours=1))}
    )
    store.hosts.keep_robots("http://a:80", RobotsRecord("", NOW - timedelta(days=31)))
    store.hosts.keep_robots("http://b:80", RobotsRecord("", NOW))
    store.hosts.forget(NOW)
    found = store.hosts.claim(run_id, ["old", "recent", "held"])
    assert found == {"old": HostState(), "recent": HostState(NOW), "held": HostState(old, NOW + timedelta(hours=1))}
    assert store.hosts.robots("http://a:80") is None
    assert store.hosts.robots("http://b:80") is not None


def test_a_store_that_refuses_a_claim_ends_the_fetch_and_not_the_program(store: Store) -> None:
    async def test() -> None:
        database = DatabaseThread()
        try:
            async with Client(FetchSettings(), ledger=StoreLedger(store, 999_999, database)) as client:
                with pytest.raises(StoreError):  # no such run
                    await client.fetch(Request("http://example.org/"))
        finally:
            database.close()

    run(test())
