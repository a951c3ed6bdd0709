from __future__ import annotations

import asyncio

import pytest
from fetch_server import Seen, Server, answers, in_a_loop, pages, reply, settings

from pipeline.fetch import Client
from pipeline.model import FetchError, NotModified, Reason, Request, Response, Retry


def to(location: str | bytes, status: str = "302 Found") -> bytes:
    value = location if isinstance(location, bytes) else location.encode()
    return reply(b"<a>moved</a>", status, b"Location: " + value)


@in_a_loop
async def test_redirects_are_followed_and_recorded() -> None:
    table = {
        "/1": to("/2", "301 Moved Permanently"),
        "/2": to("http://b.test/3", "302 Found"),
        "/3": to("4?x=ü#there", "303 See Other"),
        "/4": to("//c.test/5", "307 Temporary Redirect"),
        "/5": to("http://a.test/end", "308 Permanent Redirect"),
        "/end": reply(b"end"),
    }
    async with Server(pages(table)) as server, Client(settings(server)) as client:
        outcome = await client.fetch(Request("http://a.test/1"))
    assert isinstance(outcome, Response)
    assert (outcome.url, outcome.body) == ("http://a.test/end", b"end")
    assert outcome.redirects == (
        (301, "http://a.test/1"),
        (302, "http://a.test/2"),
        (303, "http://b.test/3"),
        (307, "http://b.test/4?x=%C3%BC"),
        (308, "http://c.test/5"),
    )
    assert {seen.method for seen in server.seen} == {"GET"}
    assert not [seen for seen in server.seen if seen.header(b"referer")]


@in_a_loop
async def test_a_location_in_latin_1_keeps_its_bytes() -> None:
    async with (
        Server(pages({"/1": to(b"/caf\xe9"), "/caf%E9": reply(b"end")})) as server,
        Client(settings(server)) as client,
    ):
        outcome = await client.fetch(Request("http://a.test/1"))
    assert isinstance(outcome, Response)


@in_a_loop
async def test_conditions_travel_along() -> None:
    async def handler(seen: Seen, writer: asyncio.StreamWriter) -> None:
        writer.write(to("http://b.test/new") if seen.path == "/old" else b"HTTP/1.1 304 Not Modified\r\n\r\n")

    async with Server(handler) as server, Client(settings(server)) as client:
        outcome = await client.fetch(Request("http://a.test/old", etag=b'"1"'))
    assert isinstance(outcome, NotModified)
    assert outcome.url == "http://b.test/new"
    assert server.seen[1].header(b"if-none-match") == b'"1"'


@pytest.mark.parametrize("status", ["301 M", "302 F", "303 S", "307 T", "308 P"])
@in_a_loop
async def test_loops_end(status: str) -> None:
    table = {"/self": to("/self", status), "/ping": to("/pong", status), "/pong": to("/ping", status)}
    async with Server(pages(table)) as server, Client(settings(server, max_redirects=3)) as client:
        for path in ("self", "ping"):
            outcome = await client.fetch(Request(f"http://a.test/{path}"))
            assert isinstance(outcome, FetchError)
            assert (outcome.reason, outcome.retry) == (Reason.REDIRECTS, Retry.LATER)
        assert len(server.seen) == 8


@in_a_loop
async def test_growing_addresses_end() -> None:
    async def grow(seen: Seen, writer: asyncio.StreamWriter) -> None:
        writer.write(to(seen.path + "x" * 500))

    async with Server(grow) as server, Client(settings(server, max_redirects=20)) as client:
        outcome = await client.fetch(Request("http://a.test/"))
    assert isinstance(outcome, FetchError)
    assert outcome.reason is Reason.REDIRECTS
    assert len(server.seen) == 5


@in_a_loop
async def test_no_redirect_reaches_a_private_address() -> None:
    async with Server(answers(reply())) as listener:
        port = listener.port
        targets = [
            f"http://127.0.0.1:{port}/",
            f"http://127.1:{port}/",
            f"//0x7f000001:{port}/",
            f"http://localhost:{port}/",
            f"http://[::ffff:127.0.0.1]:{port}/",
            f"\\\\127.0.0.1:{port}\\",
            f"http://a.test@127.0.0.1:{port}/",
            f"http://①②⑦.0.0.1:{port}/",
            f"https://127.0.0.1:{port}/",
            f"http:///127.0.0.1:{port}/",
            f"http:127.0.0.1:{port}/",
            "http://169.254.169.254/latest/meta-data/",
            "http://10.0.0.1/",
            "http://0.0.0.0/",
            "http://127.0.0.1:22/",
            "file:///etc/hostname",
            f"ftp://127.0.0.1:{port}/",
            f"gopher://127.0.0.1:{port}/",
            "javascript:alert(1)",
            "data:,x",
            "",
            "http://",
        ]
        for status in ("302 Found", "307 Temporary Redirect"):
            for target in targets:
                async with Server(answers(to(target, status))) as server, Client(settings(server)) as client:
                    outcome = await client.fetch(Request("http://a.test/"))
                assert isinstance(outcome, FetchError), target
                assert outcome.reason in (Reason.REFUSED_ADDRESS, Reason.REDIRECTS), (target, outcome)
                assert outcome.retry is Retry.LATER  # its owner may mend it
        assert listener.connections == 0


@in_a_loop
async def test_a_form_follows_within_its_origin_alone() -> None:
    moves = {
        "/hub": to("/new-hub", "308 Permanent Redirect"),
        "/new-hub": reply(),
        "/away": to("http://b.test/new-hub", "307 Temporary Redirect"),
    }
    async with Server(pages(moves)) as server, Client(settings(server)) as client:
        assert await client.post("http://a.test/hub", {"hub.secret": "s"}) is None
        error = await client.post("http://a.test/away", {"hub.secret": "s"})
    assert error is not None
    assert (error.reason, error.status) == (Reason.REDIRECTS, 307)
    asked = [(seen.path, seen.header(b"host")) for seen in server.seen]
    assert asked == [("/hub", b"a.test"), ("/new-hub", b"a.test"), ("/away", b"a.test")]


@in_a_loop
async def test_a_page_that_refreshes_elsewhere_is_not_followed() -> None:
    async with Server(answers(reply())) as listener:
        address = f"http://127.0.0.1:{listener.port}/"
        body = f'<meta http-equiv="refresh" content="0; url={address}">'.encode()
        async with (
            Server(
                answers(reply(body, "200 OK", f"Refresh: 0; url={address}", f"Link: <{address}>; rel=preload"))
            ) as server,
            Client(settings(server)) as client,
        ):
            outcome = await client.fetch(Request("http://a.test/"))
        assert isinstance(outcome, Response)
        assert outcome.body == body
        assert listener.connections == 0


@in_a_loop
async def test_a_redirect_without_a_location() -> None:
    async with Server(answers(reply(b"", "302 Found"))) as server, Client(settings(server)) as client:
        outcome = await client.fetch(Request("http://a.test/"))
    assert isinstance(outcome, FetchError)
    assert (outcome.reason, outcome.status) == (Reason.REDIRECTS, 302)


@in_a_loop
async def test_the_deadline_covers_all_hops() -> None:
    async def slow(seen: Seen, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.15)
        writer.write(to(f"/{len(seen.path)}{seen.path[1:]}"))

    async with Server(slow) as server, Client(settings(server, timeout_s=0.4, max_redirects=20)) as client:
        outcome = await client.fetch(Request("http://a.test/"))
    assert isinstance(outcome, FetchError)
    assert outcome.reason is Reason.TIMEOUT
    assert len(server.seen) <= 3
