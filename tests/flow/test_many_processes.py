"""Several processes on one store: each due feed is fetched by one of them, also when one is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections import Counter
from pathlib import Path

import pytest

from bench.kills.site import DOMAIN, Site, serving
from pipeline.store import Store
from tests.flow.helpers import command, environment

FEEDS = 40
PARALLEL = 4  # fetches at once, in each process
PROCESSES = 3


class Counting(Site):
    """Counts the requests for feeds; each takes a moment."""

    def __init__(self) -> None:
        super().__init__(FEEDS, window=1)
        self.fetched: Counter[str] = Counter()

    def answer(self, host: str, path: str, known: str | None) -> tuple[int, str, bytes]:
        if path == "/feed":
            self.fetched[host] += 1
            time.sleep(0.05)
        return super().answer(host, path, known)


def crawler(config: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command("--config", str(config), "crawl"), stdout=subprocess.DEVNULL, env=environment())


def make_due(store: Store) -> None:
    """As if a long time had passed."""
    with store._database.write() as connection:
        connection.exec_driver_sql("UPDATE feed SET next_fetch_at = NULL")


@pytest.mark.slow
def test_each_feed_is_fetched_by_one_of_several(store_url: str, tmp_path: Path) -> None:
    site = Counting()
    with serving(site) as address, Store.open(store_url) as store:
        config = tmp_path / "config.yaml"
        fetch = {"connect_to": {f"*.{DOMAIN}": address}, "host_gap_s": 0, "parallel": PARALLEL, "robots": False}
        settings = {"store": {"url": store_url}, "fetch": fetch, "work": {"processes": 1}}
        config.write_text(json.dumps(settings), encoding="utf-8")
        for url in site.feeds:
            store.feeds.add(url)
        assert [process.wait(120) for process in [crawler(config) for _ in range(PROCESSES)]] == [0] * PROCESSES
        assert site.fetched == {f"f{number}.{DOMAIN}": 1 for number in range(FEEDS)}

        make_due(store)
        site.fetched.clear()
        killed = crawler(config)
        while site.fetched.total() < FEEDS // 2:
            time.sleep(0.01)
        os.kill(killed.pid, signal.SIGKILL)
        killed.wait(60)
        assert [process.wait(120) for process in [crawler(config) for _ in range(PROCESSES)]] == [0] * PROCESSES
        assert len(site.fetched) == FEEDS
        again = [host for host, times in site.fetched.items() if times > 1]
        assert len(again) < FEEDS // 2, "what the dead one had recorded is not asked again"
        assert max(site.fetched.values()) <= 2
        assert len(list(store.stories.export())) == FEEDS
