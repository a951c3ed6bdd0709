"""The database server crashes in the middle of crawls: the daemon goes on, nothing is lost, nothing double."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import psycopg
import pytest

from pipeline import Pipeline, daemon
from pipeline import config as configuration
from pipeline.demo import Server, World, write_config
from pipeline.errors import StoreError
from tests.flow.helpers import Record, decided, export, groups

CRASHES = 5
T = TypeVar("T")


def crash(url: str) -> None:
    """Kill one of the server's processes: all connections break, and the log is replayed, as after a power cut.

    Returns when the server has noticed: until then it answers as if nothing had happened.
    https://www.postgresql.org/docs/current/server-shutdown.html (as SIGQUIT does)
    """
    address = url.replace("+psycopg", "")
    with psycopg.connect(address, autocommit=True) as witness:
        with psycopg.connect(address) as victim:
            os.kill(victim.info.backend_pid, signal.SIGKILL)
        with pytest.raises(psycopg.OperationalError):
            while True:
                witness.execute("SELECT 1")


def patiently(ask: Callable[[], T]) -> T:
    """The server is not there for a moment."""
    for _ in range(300):
        try:
            return ask()
        except (StoreError, psycopg.Error):
            time.sleep(0.1)
    return ask()


@pytest.mark.postgres
@pytest.mark.slow
def test_a_daemon_outlives_its_database(
    postgres_url: str, tmp_path: Path, server: Server, world: World, undisturbed: list[Record]
) -> None:
    server.delay(0.05)
    settings = configuration.load(write_config(tmp_path, server.address))
    store = settings.store.model_copy(update={"url": postgres_url})
    often = settings.daemon.model_copy(update={"tick_s": 0.3})
    troubles: list[StoreError] = []
    stop = threading.Event()
    with Pipeline(settings.model_copy(update={"store": store, "daemon": often})) as pipeline:
        arguments = (pipeline, lambda _: None, troubles.append)
        thread = threading.Thread(target=daemon.run, args=arguments, kwargs={"stop": stop})
        thread.start()

        def wait_for(articles: int) -> None:
            while thread.is_alive() and patiently(pipeline.store.stories.counts)["articles"] < articles:
                time.sleep(0.05)

        try:
            for number in range(1, CRASHES + 1):
                wait_for(len(world.pages) * number // (CRASHES + 1))
                patiently(lambda: crash(postgres_url))
            wait_for(len(world.pages))
            assert thread.is_alive(), "it has not ended by itself"
        finally:
            stop.set()
            thread.join(60)
        assert troubles, "it has noticed"
        patiently(pipeline.store.stories.counts)  # the last crash may have been a moment ago
        pipeline.crawl(everything=True)
        found = export(pipeline)
    assert sorted(record["url"] for record in found) == sorted(page.url for page in world.pages)
    assert groups(found) == groups(undisturbed)
    assert decided(found) == decided(undisturbed)
