"""Worker processes: what a call gives, and that whatever happens costs this one call."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import psutil
import pytest
import worker_functions as work

from pipeline.config import WorkSettings
from pipeline.errors import DocumentError, Refused, Unreadable, WorkerLost
from pipeline.work import ProcessWorkers

T = TypeVar("T")

LONG = 60.0  # seconds: never reached by a call that is supposed to end


def settings(processes: int = 1, memory_mb: int = 256, recycle_after: int = 500) -> WorkSettings:
    return WorkSettings(processes=processes, memory_mb=memory_mb, recycle_after=recycle_after)


@pytest.fixture
def pool() -> Iterator[ProcessWorkers]:
    made = ProcessWorkers(settings())
    yield made
    made.close()


def call(pool: ProcessWorkers, function: Callable[..., T], *arguments: object, timeout_s: float = LONG) -> T:
    return asyncio.run(pool.run(function, *arguments, timeout_s=timeout_s))


def test_returns_the_result(pool: ProcessWorkers) -> None:
    assert call(pool, work.add, 2, 3) == 5


def test_runs_calls_from_one_event_loop_after_another(pool: ProcessWorkers) -> None:
    assert [call(pool, work.add, n, n) for n in range(3)] == [0, 2, 4]


def test_many_calls_at_once_each_get_their_own_result(pool: ProcessWorkers) -> None:
    async def all_of_them() -> list[int]:
        return await asyncio.gather(*(pool.run(work.add, n, 1, timeout_s=LONG) for n in range(50)))

    assert asyncio.run(all_of_them()) == list(range(1, 51))


def test_document_errors_pass_through(pool: ProcessWorkers) -> None:
    with pytest.raises(Refused, match=r"^deeper than 250$"):
        call(pool, work.refuse, "deeper than 250")
    with pytest.raises(Unreadable, match=r"^no feed$"):
        call(pool, work.unreadable, "no feed")


@pytest.mark.parametrize(
    ("function", "named"),
    [
        (work.key_error, "KeyError"),
        (work.raise_awkward, "Awkward"),
        (work.recurse, "RecursionError"),
        (work.leave, "SystemExit"),
    ],
)
def test_any_other_exception_is_unreadable_and_named(
    pool: ProcessWorkers, function: Callable[[], None], named: str
) -> None:
    with pytest.raises(Unreadable, match=named):
        call(pool, function)
    assert call(pool, work.add, 1, 1) == 2


def test_a_call_over_its_time_is_unreadable(pool: ProcessWorkers) -> None:
    with pytest.raises(Unreadable, match="longer than"):
        call(pool, work.sleep, 5.0, timeout_s=0.1)
    assert call(pool, work.add, 1, 1) == 2


def test_large_arguments_and_results(pool: ProcessWorkers) -> None:
    assert len(call(pool, work.big, 20_000_000)) == 20_000_000
    assert call(pool, len, b"y" * 20_000_000) == 20_000_000


def test_a_hang_inside_c_code_is_killed_and_costs_that_call_only(pool: ProcessWorkers) -> None:
    for hang, said in ((work.spin_in_c, r"longer than 0\.3 s of CPU$"), (work.deaf, r"longer than 1\.8 s$")):
        with pytest.raises(Unreadable, match=said):
            call(pool, hang, timeout_s=0.3)
        assert call(pool, work.add, 1, 1) == 2


def test_time_is_cpu_time_so_that_a_busy_machine_condemns_no_document(pool: ProcessWorkers) -> None:
    assert call(pool, work.sleep, 0.5, timeout_s=0.25) == "slept"
    with pytest.raises(WorkerLost, match=r"longer than 0\.6 s$"):
        call(pool, work.sleep, 30.0, timeout_s=0.1)


def test_a_worker_that_ended_by_no_limit_of_its_own_is_told_apart(pool: ProcessWorkers) -> None:
    for lost in (work.crash, work.deaf):
        with pytest.raises(WorkerLost):
            call(pool, lost, timeout_s=0.1)
    for function, arguments, timeout_s in ((work.eat_memory, (4096,), LONG), (work.spin_in_c, (), 0.1)):
        with pytest.raises(Unreadable) as raised:
            call(pool, function, *arguments, timeout_s=timeout_s)
        assert type(raised.value) is Unreadable


@pytest.mark.parametrize(
    ("function", "arguments", "said"),
    [
        (work.crash, (), "SIGSEGV"),
        (work.vanish, (0,), "exit code 0"),
        (work.vanish, (3,), "exit code 3"),
        (work.eat_memory, (4096,), "memory"),
        (work.not_picklable, (), "pickle"),
    ],
)
def test_a_dead_worker_costs_that_call_only(
    pool: ProcessWorkers, function: Callable[..., object], arguments: tuple[object, ...], said: str
) -> None:
    with pytest.raises(Unreadable, match=said):
        call(pool, function, *arguments)
    assert call(pool, work.add, 1, 1) == 2


def test_good_calls_beside_bad_ones_are_untouched() -> None:
    pool = ProcessWorkers(settings(processes=2))

    async def mixed() -> list[object]:
        calls = []
        for n in range(24):
            bad = (work.crash, work.vanish, work.spin_in_c, work.eat_memory)[n // 2 % 4]
            arguments = {work.vanish: (1,), work.eat_memory: (4096,)}.get(bad, ())
            if n % 6 == 1:
                calls.append(pool.run(bad, *arguments, timeout_s=0.5))
            else:
                calls.append(pool.run(work.add, n, 0, timeout_s=LONG))
        return await asyncio.gather(*calls, return_exceptions=True)

    results = asyncio.run(mixed())
    pool.close()
    assert [r for r in results if isinstance(r, int)] == [n for n in range(24) if n % 6 != 1]
    assert all(isinstance(r, Unreadable) for n, r in enumerate(results) if n % 6 == 1)


def test_a_worker_killed_while_idle_is_not_noticed(pool: ProcessWorkers) -> None:
    first = call(pool, work.own_pid)
    os.kill(first, signal.SIGKILL)
    _gone(first)
    assert call(pool, work.own_pid) != first


def test_memory_within_the_limit_is_given_and_beyond_it_refused(pool: ProcessWorkers) -> None:
    assert call(pool, work.eat_memory, 200) == 200 * 1024 * 1024
    with pytest.raises(Unreadable, match="memory"):
        call(pool, work.eat_memory, 300)


def test_time_starts_when_the_call_starts_to_run_not_when_it_is_queued(pool: ProcessWorkers) -> None:
    call(pool, work.add, 1, 1)

    async def queue() -> list[str]:
        return await asyncio.gather(*(pool.run(work.sleep, 0.25, timeout_s=1.0) for _ in range(6)))  # 1.5 s in all

    assert asyncio.run(queue()) == ["slept"] * 6


def test_a_worker_is_replaced_after_so_many_calls() -> None:
    pool = ProcessWorkers(settings(recycle_after=3))
    pids = [call(pool, work.own_pid) for _ in range(7)]
    pool.close()
    assert [pids.count(pid) for pid in dict.fromkeys(pids)] == [3, 3, 1]


def test_what_a_parser_prints_reaches_neither_the_pipe_nor_the_terminal(
    pool: ProcessWorkers, capfd: pytest.CaptureFixture[str]
) -> None:
    assert call(pool, work.chatter) == "said"
    assert capfd.readouterr() == ("", "")


def test_preloaded_modules_are_there_before_the_first_call() -> None:
    pool = ProcessWorkers(settings(), preload=("colorsys",))
    assert call(pool, work.imported, "colorsys")
    pool.close()


def test_nothing_leaks_over_many_workers() -> None:
    pool = ProcessWorkers(settings(processes=2, recycle_after=1))
    call(pool, work.add, 1, 1)
    me = psutil.Process()
    before = me.num_fds(), len(me.children(recursive=True))
    for n in range(12):
        if n % 3:
            call(pool, work.add, n, n)
        else:
            with pytest.raises(DocumentError):
                call(pool, work.vanish, 1)
    assert me.num_fds() <= before[0]
    assert len(me.children(recursive=True)) <= before[1] + 1
    assert threading.active_count() <= 4 + 2
    pool.close()


def test_closing_ends_everything_promptly_even_a_hung_call() -> None:
    before_fds = psutil.Process().num_fds()
    pool = ProcessWorkers(settings(processes=2))
    outcomes: list[object] = []

    async def hang() -> None:
        calls = [pool.run(work.spin_in_c, timeout_s=LONG) for _ in range(5)]  # three of them queued
        outcomes.extend(await asyncio.gather(*calls, return_exceptions=True))

    thread = threading.Thread(target=lambda: asyncio.run(hang()))
    children_before = set(psutil.Process().children())
    thread.start()
    deadline = time.monotonic() + 30
    while len(set(psutil.Process().children()) - children_before) < 2 and time.monotonic() < deadline:
        time.sleep(0.02)
    pool.close()
    thread.join(timeout=10)
    assert not thread.is_alive()
    assert [type(outcome) for outcome in outcomes] == [WorkerLost] * 5
    assert set(psutil.Process().children()) <= children_before
    assert psutil.Process().num_fds() <= before_fds
    pool.close()  # twice is once
    with pytest.raises(RuntimeError, match="closed"):
        call(pool, work.add, 1, 1)


def test_a_cancelled_caller_does_not_disturb_the_next(pool: ProcessWorkers) -> None:
    async def cancel() -> int:
        task = asyncio.create_task(pool.run(work.sleep, 0.3, timeout_s=LONG))
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return await pool.run(work.add, 4, 4, timeout_s=LONG)

    assert asyncio.run(cancel()) == 8


# No main guard: a program that uses onecopy needs none.
PARENT = """
import asyncio, sys, pathlib
sys.path[:0] = [{tests!r}]
import worker_functions as work
from pipeline.config import WorkSettings
from pipeline.work import ProcessWorkers
pool = ProcessWorkers(WorkSettings(processes=1))
if {idle!r}:
    pathlib.Path({note!r}).write_text(str(asyncio.run(pool.run(work.own_pid, timeout_s=60))))
    sys.stdin.read()
else:
    asyncio.run(pool.run(work.note_and_hang, {note!r}, timeout_s=60))
"""


@pytest.mark.parametrize("idle", [True, False])
def test_workers_die_with_their_parent_however_it_dies(tmp_path: Path, idle: bool) -> None:
    note = tmp_path / "pid"
    parent = _start(tmp_path, note, idle)
    worker = _wait_for_pid(note)
    parent.kill()
    parent.wait()
    _gone(worker)


def test_ctrl_c_reaches_the_parent_only(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    parent = _start(tmp_path, note, idle=True)
    worker = _wait_for_pid(note)
    os.kill(worker, signal.SIGINT)  # ignored
    assert os.getpgid(worker) != os.getpgid(parent.pid)  # and a terminal would not even send it
    time.sleep(0.2)
    assert psutil.pid_exists(worker)
    parent.send_signal(signal.SIGINT)
    parent.wait(timeout=20)
    _gone(worker)


def _start(folder: Path, note: Path, idle: bool) -> subprocess.Popen[bytes]:
    script = folder / "program.py"
    script.write_text(PARENT.format(tests=str(Path(__file__).parent), note=str(note), idle=idle), encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    return subprocess.Popen(
        [sys.executable, str(script)], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
    )


def _wait_for_pid(note: Path) -> int:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if note.exists() and (text := note.read_text(encoding="ascii")):
            return int(text)
        time.sleep(0.02)
    raise AssertionError("the worker never began")


def _gone(pid: int) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return
        except psutil.NoSuchProcess:
            return
        time.sleep(0.02)
    raise AssertionError(f"process {pid} is still there")
