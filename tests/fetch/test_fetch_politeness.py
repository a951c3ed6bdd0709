from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from fetch_server import Handler, Seen, Server, answers, in_a_loop, pages, reply, settings

from pipeline.fetch import Client
from pipeline.fetch.politeness import DEFAULT_HOLD_S, HostHeld, Politeness
from pipeline.model import FetchError, Reason, Request, Response, Retry


def slow(pause_s: float) -> Handler:
    async def handler(_: Seen, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(pause_s)
        writer.write(reply())

    return handler


def assert_gaps(server: Server, begun: float, gap_s: float) -> None:
    """The nth request cannot arrive before n gaps have passed, however late the first one was."""
    early = [(n, seen.at - begun) for n, seen in enumerate(server.seen) if seen.at - begun < n * gap_s]
    assert not early


@in_a_loop
async def test_one_host_is_asked_one_at_a_time_with_a_gap() -> None:
    async with Server(slow(0.01)) as server, Client(settings(server, host_parallel=1, host_gap_s=0.1)) as client:
        names = ["a.test", "www.a.test", "A.test:80", "m.a.test"]  # one site under four names
        begun = time.monotonic()
        await asyncio.gather(*(client.fetch(Request(f"http://{name}/{n}")) for n, name in enumerate(names)))
    assert server.most_active == 1
    assert server.paths == ["/0", "/1", "/2", "/3"]  # in the order of asking
    assert_gaps(server, begun, 0.1)


@in_a_loop
async def test_the_gap_counts_from_start_to_start_also_within_host_parallel() -> None:
    async with Server(slow(0.35)) as server, Client(settings(server, host_parallel=2, host_gap_s=0.1)) as client:
        begun = time.monotonic()
        await asyncio.gather(*(client.fetch(Request(f"http://a.test/{n}")) for n in range(4)))
    assert server.most_active == 2
    assert_gaps(server, begun, 0.1)


@in_a_loop
async def test_redirects_take_their_turns() -> None:
    table = {
        "/1": reply(b"", "302 Found", "Location: /2"),
        "/2": reply(b"", "302 Found", "Location: /3"),
        "/3": reply(),
    }
    async with (
        Server(pages(table)) as server,
        Client(settings(server, host_parallel=1, host_gap_s=0.5, timeout_s=0.9)) as client,
    ):
        begun = time.monotonic()
        outcome = await client.fetch(Request("http://a.test/1"))
    assert isinstance(outcome, Response)  # waiting for a turn is not on the deadline's account
    assert_gaps(server, begun, 0.5)


@in_a_loop
async def test_thirty_two_slow_hosts_are_fetched_at_once_and_no_more() -> None:
    full = asyncio.Event()

    async def handler(_: Seen, writer: asyncio.StreamWriter) -> None:
        if server.active == 32:
            full.set()
        await full.wait()
        writer.write(reply())

    async with (
        Server(handler) as server,
        Client(settings(server, host_parallel=1, host_gap_s=1.0, parallel=32)) as client,
    ):
        outcomes = await asyncio.gather(*(client.fetch(Request(f"http://h{n}.test/")) for n in range(40)))
    assert all(isinstance(outcome, Response) for outcome in outcomes)
    assert server.most_active == 32


@in_a_loop
async def test_waiting_for_a_host_takes_no_place() -> None:
    async with (
        Server(slow(0.0)) as server,
        Client(settings(server, parallel=2, host_parallel=1, host_gap_s=1.0)) as client,
    ):
        crowd = [client.fetch(Request(f"http://busy.test/{n}")) for n in range(2)]
        others = [client.fetch(Request(f"http://h{n}.test/other")) for n in range(10)]
        await asyncio.gather(*crowd, *others)
    assert server.paths[-1] == "/1"  # all others went by while busy.test was waited for
    assert len(server.seen) == 12
    assert server.most_active <= 2


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
@pytest.mark.parametrize("form", ["seconds", "date"])
@in_a_loop
async def test_retry_after_holds_the_whole_host(status: str, form: str) -> None:
    at = datetime.now(UTC) + timedelta(seconds=1_000)
    value = "1000" if form == "seconds" else format_datetime(at, usegmt=True)
    table = {"/busy": reply(b"", status, f"Retry-After: {value}"), "/": reply()}
    async with Server(pages(table)) as server, Client(settings(server)) as client:
        first = await client.fetch(Request("http://a.test/busy"))
        second = await client.fetch(Request("http://www.a.test/"))
        other = await client.fetch(Request("http://b.test/"))
    assert isinstance(first, FetchError)
    assert isinstance(second, FetchError)
    assert isinstance(other, Response)
    assert first.retry is second.retry is Retry.SOON
    assert first.retry_after_s == pytest.approx(1_000, abs=30)
    assert second.retry_after_s == pytest.approx(1_000, abs=30)
    assert (second.reason, second.status) == (Reason.HELD, None)
    assert server.paths == ["/busy", "/"]


@in_a_loop
async def test_a_short_hold_is_waited_for_also_by_those_in_the_queue() -> None:
    asked = 0

    async def handler(_: Seen, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked += 1
        writer.write(reply(b"", "429 Too Many Requests", "Retry-After: 1") if asked == 1 else reply())

    async with Server(handler) as server, Client(settings(server, host_parallel=1)) as client:
        outcomes = await asyncio.gather(*(client.fetch(Request("http://a.test/")) for _ in range(3)))
    assert [isinstance(outcome, Response) for outcome in outcomes] == [False, True, True]
    assert server.seen[1].at - server.seen[0].at > 0.9


@in_a_loop
async def test_429_without_a_time_holds_for_a_while_and_503_does_not() -> None:
    for status, held in (("429 Too Many Requests", True), ("503 Service Unavailable", False)):
        async with Server(answers(reply(b"", status))) as server, Client(settings(server)) as client:
            first = await client.fetch(Request("http://a.test/"))
            second = await client.fetch(Request("http://a.test/"))
            assert isinstance(first, FetchError)
            assert isinstance(second, FetchError)
            assert first.retry_after_s is None
            assert len(server.seen) == (1 if held else 2)
            assert (second.retry_after_s or 0) <= DEFAULT_HOLD_S
            assert (second.retry_after_s is not None) == held


@in_a_loop
async def test_a_request_that_fails_or_is_cancelled_gives_its_turn_back() -> None:
    politeness = Politeness(parallel=1, host_parallel=1, host_gap_s=0.0)
    with pytest.raises(KeyError):
        async with politeness.turn("a"):
            raise KeyError
    async with politeness.turn("a"):
        waiting = [asyncio.create_task(_take(politeness, key)) for key in ("a", "b")]
        await asyncio.sleep(0.01)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
    await politeness.hold("a", 3600)
    with pytest.raises(HostHeld):
        await _take(politeness, "a")
    await asyncio.wait_for(_take(politeness, "b"), 1)


@in_a_loop
async def test_idle_hosts_are_forgotten() -> None:
    politeness = Politeness(parallel=4, host_parallel=1, host_gap_s=0.0)
    await politeness.hold("held", 3600)
    for number in range(3_000):
        await _take(politeness, f"h{number}")
    await politeness.release()
    assert len(politeness) == 0  # the ledger remembers what matters
    with pytest.raises(HostHeld):
        await _take(politeness, "held")


async def _take(politeness: Politeness, key: str) -> None:
    async with politeness.turn(key):
        pass


@in_a_loop
async def test_an_ending_client_finishes_what_is_under_way_and_begins_nothing() -> None:
    async with Server(slow(0.3)) as server, Client(settings(server, host_parallel=1, host_gap_s=5.0)) as client:
        fetches = [asyncio.create_task(client.fetch(Request(f"http://a.test/{n}"))) for n in range(50)]
        while not server.seen:
            await asyncio.sleep(0.01)
        client.end()
        outcomes = await asyncio.wait_for(asyncio.gather(*fetches), 4)  # not after a gap
    assert isinstance(outcomes[0], Response)
    assert {(one.reason, one.retry_after_s) for one in outcomes[1:] if isinstance(one, FetchError)} == {
        (Reason.HELD, 0.0)
    }
    assert len(server.seen) == 1
