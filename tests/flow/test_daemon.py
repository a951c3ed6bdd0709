"""The daemon as a process: crawls what is due, stops cleanly, and is alone."""

from __future__ import annotations

import ctypes
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline import Pipeline
from pipeline.demo import Server, World
from tests.flow.helpers import command, environment, export, onecopy

# It promises 10 s; on a starved machine the interpreter's own end takes longer. To wait for servers would take 20 s.
STOPPED_S = 18


def start(config: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command("--config", str(config), "daemon"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )


def wait_for(condition, seconds: float = 60.0) -> None:  # type: ignore[no-untyped-def]
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.1)


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
def test_crawls_and_stops(config: Path, server: Server, world: World, name: signal.Signals) -> None:
    daemon = start(config)
    try:
        wait_for(lambda: len([seen for seen in server.log if seen.path.count("/") and seen.status == 200]) > 40)
        started = time.monotonic()
        daemon.send_signal(name)
        _, errors = daemon.communicate(timeout=60)
        assert time.monotonic() - started < STOPPED_S
    finally:
        daemon.kill()
    assert daemon.returncode == 0, errors
    with Pipeline(config) as pipeline:
        pipeline.crawl(everything=True)
        assert len(export(pipeline)) == len(world.pages)


def test_stops_while_a_server_hangs(config: Path, server: Server, world: World) -> None:
    first, *others = sorted({page.host for page in world.pages})
    for host in others:
        server.delay(60, host)
    daemon = start(config)
    try:
        wait_for(lambda: server.requests(first))  # it crawls, and the other hosts hang
        started = time.monotonic()
        daemon.send_signal(signal.SIGTERM)
        _, errors = daemon.communicate(timeout=60)
        assert time.monotonic() - started < STOPPED_S
    finally:
        daemon.kill()
    assert daemon.returncode == 0, errors


@pytest.mark.skipif(sys.platform != "linux", reason="tgkill(2) is Linux's")
def test_a_signal_that_reaches_another_thread_stops_it_too(config: Path, server: Server) -> None:
    daemon = start(config)
    try:
        assert daemon.stderr is not None
        while "new articles" not in daemon.stderr.readline():
            assert daemon.poll() is None
        thread = max(int(path.name) for path in Path(f"/proc/{daemon.pid}/task").iterdir())
        assert thread != daemon.pid
        assert ctypes.CDLL(None).tgkill(daemon.pid, thread, signal.SIGTERM) == 0
        daemon.communicate(timeout=60)
    finally:
        daemon.kill()
    assert daemon.returncode == 0


def test_a_second_daemon_says_so_and_ends(config: Path, server: Server) -> None:
    daemon = start(config)
    try:
        wait_for(lambda: len(server.log) > 0)
        second = onecopy("--config", str(config), "daemon", env=environment())
        assert second.returncode == 1
        assert "another onecopy daemon" in second.stderr
        assert second.stderr.count("\n") == 1
        third = onecopy("--config", str(config), "stories", env=environment())
        assert third.returncode == 0
    finally:
        daemon.terminate()
        daemon.communicate(timeout=60)


def test_a_killed_daemon_leaves_nothing_behind(config: Path, server: Server) -> None:
    daemon = start(config)
    wait_for(lambda: len(server.log) > 5)
    daemon.kill()
    daemon.communicate(timeout=60)
    successor = start(config)
    try:
        assert successor.stderr is not None
        assert "started with" in successor.stderr.readline()  # the server may still be at what the first one asked
        server.forget()
        wait_for(lambda: len(server.log) > 5)
    finally:
        successor.terminate()
        successor.communicate(timeout=60)
    assert successor.returncode == 0
