"""The server as a user starts it: several processes on one port, inside the daemon, and how all of them end."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psutil
import pytest

from pipeline.config import Config

Start = Callable[..., tuple["subprocess.Popen[str]", str]]


@pytest.fixture
def command(crawled: tuple[Config, Path], tmp_path: Path) -> Iterator[Start]:
    """Start ``onecopy`` with these arguments and lines of configuration; gives the process and its address."""
    config, store = crawled
    shutil.copy(store, tmp_path / "onecopy.db")
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str, serve: str) -> tuple[subprocess.Popen[str], str]:
        targets = ", ".join(f'"{host}": "{address}"' for host, address in config.fetch.connect_to.items())
        (tmp_path / "config.yaml").write_text(f"fetch: {{connect_to: {{{targets}}}}}\nserve: {{port: 0, {serve}}}\n")
        process = subprocess.Popen(
            [sys.executable, "-m", "pipeline", "--config", tmp_path / "config.yaml", *arguments],
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "NO_COLOR": "1"},
            start_new_session=True,  # a group of its own, to which a terminal would send Ctrl-C
        )
        started.append(process)
        assert process.stderr is not None
        for line in process.stderr:
            if found := re.search(r"[Ss]erved at (http://\S+?)/", line):
                return process, found[1]
        raise AssertionError("it ended without serving")

    yield start
    for one in started:
        with contextlib.suppress(psutil.NoSuchProcess):
            for child in psutil.Process(one.pid).children(recursive=True):
                child.kill()
        one.kill()
        one.wait(10)


def eventually(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def answered(url: str) -> bool:
    try:
        return httpx.get(f"{url}/api/v1/stories?limit=1", timeout=20).status_code == 200
    except httpx.TransportError:
        return False


def test_the_address_takes_connections_as_soon_as_it_is_said(command: Start) -> None:
    _, url = command("serve", serve="processes: 1")
    assert answered(url)  # at the first try: a request that comes too early waits, and is not refused


def test_several_processes_serve_one_port_and_end_together(command: Start) -> None:
    process, url = command("serve", serve="processes: 2")
    parent = psutil.Process(process.pid)
    eventually(lambda: answered(url))
    children = parent.children()
    assert len(children) == 2

    def answering() -> set[int]:
        with contextlib.ExitStack() as stack:  # every connection stays with one process
            where = (urlsplit(url).hostname, urlsplit(url).port)
            for _ in range(40):
                stack.enter_context(contextlib.closing(socket.create_connection(where)))
            time.sleep(0.2)
            return {one.pid for one in parent.children() if len(one.net_connections(kind="tcp")) > 4}

    eventually(lambda: len(answering()) == 2)

    children[0].kill()  # another one takes its place, and it goes on
    eventually(lambda: len([one for one in parent.children() if one.is_running()]) == 2 and answered(url))
    family = [parent, *parent.children()]
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    assert not psutil.wait_procs(family, timeout=10)[1]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("serve", ["processes: 1", "processes: 3"])
def test_a_signal_to_all_ends_all_of_them_in_order(command: Start, tmp_path: Path, number: int, serve: str) -> None:
    for wait_for_it in (False, True):  # also in the moment in which they start
        process, url = command("serve", serve=serve)
        if wait_for_it:
            eventually(lambda at=url: answered(at))  # type: ignore[misc]  # a default binds the loop's value
        family = psutil.Process(process.pid).children()
        os.killpg(process.pid, number)
        said = process.communicate(timeout=60)[1]
        assert "takes its place" not in said
        assert "Traceback" not in said
        assert not psutil.wait_procs(family, timeout=10)[1]
        assert process.returncode == 0
        if wait_for_it:
            assert not (tmp_path / "onecopy.db-wal").exists()  # it goes with the last connection that is closed


def test_a_process_that_somebody_ends_is_replaced_at_once(command: Start) -> None:
    process, url = command("serve", serve="processes: 2")
    parent = psutil.Process(process.pid)
    eventually(lambda: answered(url))
    first, second = parent.children()
    for one in (first, second):  # in its first seconds, and with 0
        one.terminate()
    eventually(lambda: len(parent.children()) == 2 and not {first, second} & set(parent.children()) and answered(url))
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0


def test_nothing_is_left_when_the_first_process_is_killed(command: Start) -> None:
    process, url = command("serve", serve="processes: 2")
    eventually(lambda: answered(url))
    children = psutil.Process(process.pid).children()
    process.kill()
    assert not psutil.wait_procs(children, timeout=15)[1]


def test_a_port_that_is_taken_is_an_error_with_several_processes_too(command: Start, tmp_path: Path) -> None:
    _, url = command("serve", serve="processes: 2")
    eventually(lambda: answered(url))
    arguments = ["--config", tmp_path / "config.yaml", "serve", "--port", str(urlsplit(url).port)]
    second = subprocess.run(
        [sys.executable, "-m", "pipeline", *arguments], capture_output=True, text=True, timeout=30, check=False
    )
    assert second.returncode == 1
    assert "cannot listen" in second.stderr


def test_a_crawl_is_known_to_every_process_and_one_at_a_time(command: Start) -> None:
    _, url = command("serve", serve="processes: 2")
    eventually(lambda: answered(url))
    feeds = [one["id"] for one in httpx.get(f"{url}/api/v1/feeds", timeout=10).json()]
    answers = {httpx.post(f"{url}/api/v1/crawl", json={"feeds": feeds}, timeout=20).status_code for _ in range(6)}
    assert 202 in answers
    assert answers <= {202, 409}

    def state() -> list[dict[str, object]]:
        return [httpx.get(f"{url}/api/v1/crawl", timeout=10).json() for _ in range(4)]  # each on a new connection

    eventually(lambda: not any(one["running"] for one in state()))
    first, *others = state()
    assert first["result"]
    assert all(one == first for one in others)


def test_the_daemon_serves_too_and_ends_with_it(command: Start) -> None:
    process, url = command("daemon", serve="with_daemon: true")
    eventually(lambda: answered(url))
    eventually(lambda: httpx.get(f"{url}/api/v1/crawl", timeout=10).json()["result"] is not None)
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    assert not answered(url)
