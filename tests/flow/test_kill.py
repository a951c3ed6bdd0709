"""kill -9 at random moments: nothing lost, nothing double, no repair by hand."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from pipeline import Pipeline
from pipeline.demo import Server, World
from tests.flow.helpers import Record, command, decided, environment, export, groups

KILLS = 30


@pytest.mark.slow
def test_thirty_kills_then_a_crawl_to_the_end(
    config: Path, server: Server, world: World, undisturbed: list[Record]
) -> None:
    chance = random.Random(20250630)
    server.delay(0.01)  # spreads a crawl over some seconds, so that kills hit every part of it
    stored = []
    for _ in range(KILLS):
        with subprocess.Popen(
            command("--config", str(config), "crawl", "--all"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment(),
            start_new_session=True,
        ) as process:
            # From the start of the interpreter into the middle of placing; a whole crawl takes about four seconds.
            time.sleep(chance.uniform(0.2, 3.0))
            os.killpg(process.pid, signal.SIGKILL)
        with Pipeline(config) as pipeline:
            stored.append(len(export(pipeline)))
    assert stored == sorted(stored), "what was stored stays stored"
    with Pipeline(config) as pipeline:
        result = pipeline.crawl(everything=True)
        # Pages whose worker or parent was killed may have used up their tries only if one try was lost in each kill.
        found = export(pipeline)
        assert not result.failures
    assert sorted(record["url"] for record in found) == sorted(page.url for page in world.pages)
    assert groups(found) == groups(undisturbed)
    assert decided(found) == decided(undisturbed)
