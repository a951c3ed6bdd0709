"""robots.txt: asked first, kept as long as it says, and hostile as everything else."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from fetch_server import Seen, Server, in_a_loop, pages, reply, settings
from hypothesis import given
from hypothesis import strategies as st

from pipeline.fetch import Client
from pipeline.fetch.politeness import OwnLedger
from pipeline.fetch.robots import agent_token, relevant
from pipeline.model import FetchError, NotModified, Outcome, Reason, Request, Response, Retry, RobotsRecord

RULES = b"User-agent: *\nDisallow: /private\nDisallow: /*.pdf$\nAllow: /private/open\n"


async def get(client: Client, path: str, host: str = "a.test") -> Outcome:
    return await client.fetch(Request(f"http://{host}{path}"), robots=True)


def site(robots: bytes) -> dict[str, bytes]:
    paths = ["/", "/private/x", "/private/open", "/a.pdf", "/a.pdf?x", "/busy"]
    return {"/robots.txt": robots} | {path: reply() for path in paths}


@in_a_loop
async def test_rules_are_read_once_and_kept() -> None:
    async with Server(pages(site(reply(RULES)))) as server, Client(settings(server)) as client:
        outcomes = {
            path: await get(client, path) for path in ("/", "/private/x", "/private/open", "/a.pdf", "/a.pdf?x")
        }
        elsewhere = await get(client, "/", "b.test")
    refused = {path for path, outcome in outcomes.items() if isinstance(outcome, FetchError)}
    assert refused == {"/private/x", "/a.pdf"}
    for path in refused:
        outcome = outcomes[path]
        assert isinstance(outcome, FetchError)
        assert (outcome.reason, outcome.retry) == (Reason.ROBOTS, Retry.NEVER)
    assert isinstance(elsewhere, Response)
    assert server.paths == ["/robots.txt", "/", "/private/open", "/a.pdf?x", "/robots.txt", "/"]


@in_a_loop
async def test_without_robots_nobody_asks() -> None:
    async with Server(pages(site(reply(RULES)))) as server, Client(settings(server)) as client:
        assert isinstance(await client.fetch(Request("http://a.test/private/x")), FetchError) is False
    assert server.paths == ["/private/x"]


@in_a_loop
async def test_pages_that_are_asked_for_at_once_wait_for_one_robots_txt() -> None:
    async with Server(pages(site(reply(RULES)))) as server, Client(settings(server)) as client:
        await asyncio.gather(*(get(client, "/") for _ in range(20)))
    assert server.paths.count("/robots.txt") == 1


@pytest.mark.parametrize("status", ["404 Not Found", "403 Forbidden", "401 Unauthorized", "410 Gone", "204 No Content"])
@in_a_loop
async def test_where_there_are_no_rules_everything_is_allowed(status: str) -> None:
    async with Server(pages(site(reply(b"", status)))) as server, Client(settings(server)) as client:
        assert isinstance(await get(client, "/private/x"), Response)
        assert isinstance(await get(client, "/"), Response)
    assert server.paths.count("/robots.txt") == 1


@pytest.mark.parametrize(
    "answer", [reply(b"", "500 X"), reply(b"", "503 X"), b"nonsense\r\n\r\n", reply(b"#" * 2_100_000)]
)
@in_a_loop
async def test_rules_that_cannot_be_read_forbid_everything_for_now(answer: bytes) -> None:
    async with Server(pages(site(answer))) as server, Client(settings(server)) as client:
        for _ in range(2):
            outcome = await get(client, "/")
            assert isinstance(outcome, FetchError)
            assert (outcome.reason, outcome.retry) == (Reason.ROBOTS, Retry.SOON)
    assert server.paths == ["/robots.txt"]


@in_a_loop
async def test_old_rules_stand_while_new_ones_cannot_be_read() -> None:
    ledger = OwnLedger()
    expired = datetime.now(UTC) - timedelta(days=2)
    async with Server(pages(site(reply(b"", "500 X")))) as server:
        await ledger.keep_robots("http://a.test:80", RobotsRecord(RULES.decode(), expired))
        async with Client(settings(server), ledger=ledger) as client:
            assert isinstance(await get(client, "/"), Response)
            assert isinstance(await get(client, "/private/x"), FetchError)
    assert server.paths.count("/robots.txt") == 1


@pytest.mark.parametrize(
    ("cache", "hours"), [("max-age=7200", 2), ("max-age=1", 1), ("no-store", 1), ("max-age=31536000", 24), ("x", 24)]
)
@in_a_loop
async def test_the_lifetime_is_the_servers_between_an_hour_and_a_day(cache: str, hours: float) -> None:
    ledger = OwnLedger()
    table = site(reply(RULES, "200 OK", f"Cache-Control: {cache}"))
    async with Server(pages(table)) as server, Client(settings(server), ledger=ledger) as client:
        await get(client, "/")
    record = await ledger.robots("http://a.test:80")
    assert record is not None
    assert (record.expires_at - datetime.now(UTC)).total_seconds() == pytest.approx(hours * 3600, abs=30)


@in_a_loop
async def test_a_redirect_asks_the_robots_txt_of_where_it_leads() -> None:
    table = {
        "/robots.txt": reply(RULES),
        "/1": reply(b"", "302 Found", "Location: http://b.test/private/x"),
        "/private/x": reply(),
    }
    async with Server(pages(table)) as server, Client(settings(server)) as client:
        outcome = await get(client, "/1")
    assert isinstance(outcome, FetchError)
    assert outcome.reason is Reason.ROBOTS
    assert server.paths == ["/robots.txt", "/1", "/robots.txt"]


@in_a_loop
async def test_a_robots_txt_that_redirects_is_followed_and_a_loop_ends() -> None:
    table = {"/robots.txt": reply(b"", "301 X", "Location: /r2"), "/r2": reply(RULES), "/private/x": reply()}
    async with Server(pages(table)) as server, Client(settings(server)) as client:
        assert isinstance(await get(client, "/private/x"), FetchError)
    table["/r2"] = reply(b"", "301 X", "Location: /robots.txt")
    async with Server(pages(table)) as server, Client(settings(server)) as client:
        assert isinstance(await get(client, "/private/x"), FetchError)
    assert len(server.paths) == 6


@pytest.mark.parametrize("line", ["Crawl-delay: 0.4", "Request-rate: 5/2s"])
@in_a_loop
async def test_a_crawl_delay_is_kept(line: str) -> None:
    async with (
        Server(pages(site(reply(f"User-agent: *\n{line}\n".encode())))) as server,
        Client(settings(server)) as client,
    ):
        begun = time.monotonic()
        await asyncio.gather(*(get(client, "/") for _ in range(3)))
        assert time.monotonic() - begun >= 1.2
    starts = [seen.at for seen in server.seen]
    # Kept between the moments of sending; a busy machine adds to the arrival of one or the other.
    assert all(later - earlier > 0.3 for earlier, later in pairwise(starts))


@in_a_loop
async def test_a_long_crawl_delay_postpones_instead_of_waiting() -> None:
    async with (
        Server(pages(site(reply(b"User-agent: onecopy\nCrawl-delay: 60\n")))) as server,
        Client(settings(server)) as client,
    ):
        outcomes = [await get(client, "/") for _ in range(3)]
    for outcome in outcomes:  # robots.txt itself was the first request
        assert isinstance(outcome, FetchError)
        assert outcome.reason is Reason.HELD
        assert 50 < (outcome.retry_after_s or 0) <= 60
    assert server.paths == ["/robots.txt"]


@in_a_loop
async def test_a_long_crawl_delay_is_kept_by_the_next_process_too() -> None:
    ledger = OwnLedger()
    robots = reply(b"User-agent: *\nCrawl-delay: 60\n")
    async with Server(pages(site(robots))) as server:
        async with Client(settings(server), ledger=ledger) as client:
            await get(client, "/")
        async with Client(settings(server), ledger=ledger) as client:
            later = await client.fetch(Request("http://a.test/"))
    assert isinstance(later, FetchError)
    assert later.reason is Reason.HELD


@in_a_loop
async def test_a_429_on_robots_txt_holds_the_host() -> None:
    async with (
        Server(pages(site(reply(b"", "429 X", "Retry-After: 100")))) as server,
        Client(settings(server)) as client,
    ):
        outcomes = [await get(client, "/") for _ in range(2)]
    assert not any(isinstance(outcome, (Response, NotModified)) for outcome in outcomes)
    assert server.paths == ["/robots.txt"]


@pytest.mark.parametrize(
    ("groups", "allowed"),
    [
        ("User-agent: onecopy\nDisallow: /\nUser-agent: *\nAllow: /", False),
        ("User-agent: OneCopy/2\nDisallow:\n\nUser-agent: *\nDisallow: /", False),  # a version is no token
        ("User-agent: ONECOPY\nDisallow:\n\nUser-agent: *\nDisallow: /", True),
        ("User-agent: other\nUser-agent: onecopy\nDisallow: /", False),
        ("User-agent: other\nUser-agent: onecopy\nUser-agent: third\nDisallow: /", False),
        ("User-agent: copy-cat\nDisallow: /", True),
        ("User-agent: other\nDisallow: /", True),
        ("User agent *\ndisallow /", False),
        ("\ufeffUser-agent: *\r\nDisallow: /", False),
        ("Disallow: /", True),
        ("<html>User-agent: *\nDisallow: /</html>", True),
    ],
)
@in_a_loop
async def test_whom_a_group_is_for(groups: str, allowed: bool) -> None:
    async with Server(pages(site(reply(groups.encode())))) as server, Client(settings(server)) as client:
        assert isinstance(await get(client, "/"), Response) is allowed


HOSTILE = {
    "many agents and many rules": "User-agent: a\n" * 20_000 + "User-agent: onecopy\n" + "Disallow: /x\n" * 20_000,
    "many names that are ours": "User-agent: onecopy\n" * 20_000 + "Disallow: /x\n" * 10_000,
    "many stars": "User-agent: *\n" + ("Disallow: /" + "*a" * 200 + "b\n") * 1_000,
    "one long line": "User-agent: *\nDisallow: /" + "a" * 1_900_000,
    "blanks": "User-agent" + " " * 1_000_000 + ": *\nDisallow: /x",
    "nulls": "\x00" * 1_000_000,
    "a rate of no float": f"User-agent: *\nRequest-rate: {'9' * 400}/1\n",
    "infinite delay": "User-agent: *\nCrawl-delay: 1e999\nCrawl-delay: nan\nRequest-rate: 1/0\nRequest-rate: 1/\n",
}


@pytest.mark.parametrize("name", HOSTILE)
@in_a_loop
async def test_hostile_files_cost_little(name: str) -> None:
    table = {"/robots.txt": reply(HOSTILE[name].encode()), "/" + "a" * 1_500: reply()}
    async with Server(pages(table)) as server, Client(settings(server)) as client:
        started = time.process_time()
        assert isinstance(await get(client, "/" + "a" * 1_500), Response)
        assert time.process_time() - started < 20  # not a measurement: without the filter it is minutes


@in_a_loop
async def test_a_rate_beyond_all_floats_is_the_longest_delay() -> None:
    text = f"User-agent: *\nRequest-rate: 1/{'9' * 400}\n".encode()
    async with Server(pages({"/robots.txt": reply(text), "/": reply()})) as server, Client(settings(server)) as client:
        await get(client, "/")
        held = await get(client, "/")
    assert isinstance(held, FetchError)
    assert held.reason is Reason.HELD


@given(st.text(alphabet="User-agent: *onecpy\nDislw/#\r\x00é", max_size=300))
def test_any_text_can_be_filtered(text: str) -> None:
    found = relevant(text, "onecopy")
    assert relevant(found, "onecopy") == found


def test_the_product_token() -> None:
    assert agent_token("onecopy/1.0 (+https://x.test)") == "onecopy"
    assert agent_token("My Bot") == "My"
    assert agent_token("(none)") == "onecopy"


@in_a_loop
async def test_two_clients_on_one_host_keep_one_gap() -> None:
    """Two ledgers' worth of claims is in tests/contracts; here two clients that follow one another."""
    ledger = OwnLedger()

    async def handler(_: Seen, writer: asyncio.StreamWriter) -> None:
        writer.write(reply())

    async with Server(handler) as server:
        for _ in range(3):
            async with Client(settings(server, host_gap_s=0.4), ledger=ledger) as client:
                await client.fetch(Request("http://a.test/"))
    starts = [seen.at for seen in server.seen]
    # Kept between the moments of sending; a busy machine adds to the arrival of one or the other.
    assert all(later - earlier > 0.3 for earlier, later in pairwise(starts))
