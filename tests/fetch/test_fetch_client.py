from __future__ import annotations

import asyncio
import json
import logging
import ssl
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import trustme
from fetch_server import Seen, Server, answers, in_a_loop, pages, reply, settings

from pipeline.errors import StoreError
from pipeline.fetch import Client
from pipeline.fetch.politeness import OwnLedger
from pipeline.model import FetchError, HostState, NotModified, Reason, Request, Response, Retry


async def fetch_one(
    data: bytes, request: Request | None = None, *, then_close: bool = False, **changes: object
) -> object:
    async with Server(answers(data, then_close=then_close)) as server, Client(settings(server, **changes)) as client:
        return await client.fetch(request or Request("http://a.test/"))


# --- what is sent -------------------------------------------------------------------------------------------------


@in_a_loop
async def test_a_plain_request() -> None:
    async with Server(answers(reply(b"x", "200 OK", "Set-Cookie: a=b; Path=/"))) as server:
        changes = {"user_agent": "onecopy/{version} (+{contact})", "contact": "mailto:news@example.org"}
        async with Client(settings(server, **changes)) as client:
            for _ in range(2):
                await client.fetch(Request("http://a.test/feed?x=1#part", accept="application/rss+xml"))
    for seen in server.seen:
        names = [name.lower() for name, _ in seen.headers]
        assert seen.method == "GET"
        assert seen.path == "/feed?x=1"
        assert (seen.header(b"user-agent") or b"").startswith(b"onecopy/")
        assert (seen.header(b"user-agent") or b"").endswith(b" (+mailto:news@example.org)")
        assert seen.header(b"accept") == b"application/rss+xml"
        assert seen.header(b"accept-encoding") == b"gzip, deflate, br, zstd"
        assert sorted(names) == [b"accept", b"accept-encoding", b"host", b"user-agent"]  # no cookie, no referrer


VALIDATORS = [b'"abc"', b'W/"abc"', b"abc", b'"caf\xc3\xa9"', b'"a b, c"', b'"' + b"x" * 1000 + b'"']


@pytest.mark.parametrize("etag", VALIDATORS)
@in_a_loop
async def test_validators_come_back_byte_for_byte(etag: bytes) -> None:
    modified = b"Sat, 1 Feb 2025 00:00:00 +0000 (odd)"

    async def handler(seen: Seen, writer: asyncio.StreamWriter) -> None:
        if seen.header(b"if-none-match") is not None:
            writer.write(b"HTTP/1.1 304 Not Modified\r\nETag: " + etag + b"2\r\nCache-Control: max-age=60\r\n\r\n")
        else:
            writer.write(reply(b"x", "200 OK", b"ETag: " + etag, b"Last-Modified: " + modified))

    async with Server(handler) as server, Client(settings(server)) as client:
        first = await client.fetch(Request("http://a.test/"))
        assert isinstance(first, Response)
        assert (first.etag, first.last_modified) == (etag, modified)
        second = await client.fetch(Request("http://a.test/", etag=first.etag, last_modified=first.last_modified))
    assert isinstance(second, NotModified)
    assert server.seen[1].header(b"if-none-match") == etag
    assert server.seen[1].header(b"if-modified-since") == modified
    assert (second.etag, second.last_modified, second.cache_max_age_s) == (etag + b"2", None, 60.0)


@pytest.mark.parametrize(
    "bad", [b"", b'"a\r\nX-Evil: 1"', b'"a\x00"', b'"\x1b[2J"', b'"\x7f"', b'"' + b"x" * 1024 + b'"', b'"caf\xe9"']
)
@in_a_loop
async def test_validators_that_cannot_be_sent_unchanged_are_left_out(bad: bytes) -> None:
    async with Server(answers(reply())) as server, Client(settings(server)) as client:
        outcome = await client.fetch(Request("http://a.test/", etag=bad, last_modified=bad))
    assert isinstance(outcome, Response)
    assert server.seen[0].header(b"if-none-match") is None
    assert server.seen[0].header(b"if-modified-since") is None
    assert server.seen[0].header(b"x-evil") is None


# --- what comes back ----------------------------------------------------------------------------------------------


@in_a_loop
async def test_a_response() -> None:
    data = reply(
        b"<rss/>", "200 OK", "Content-Type: text/xml; charset=utf-8", "Cache-Control: public, max-age=300", "Age: 20"
    )
    outcome = await fetch_one(data, Request("http://user:pw@a.test/feed?token=1#x"))
    assert isinstance(outcome, Response)
    assert outcome.url == "http://a.test/feed?token=1"
    assert (outcome.status, outcome.body, outcome.redirects) == (200, b"<rss/>", ())
    assert outcome.content_type == "text/xml; charset=utf-8"
    assert outcome.cache_max_age_s == 280.0
    assert outcome.fetched_at.tzinfo is not None


STATUSES = [
    ("304 Not Modified", Reason.PROTOCOL, Retry.LATER),  # to a request without conditions
    ("300 Multiple Choices", Reason.PROTOCOL, Retry.LATER),
    ("400 Bad Request", Reason.CLIENT_ERROR, Retry.LATER),
    ("401 Unauthorized", Reason.FORBIDDEN, Retry.LATER),
    ("402 Payment Required", Reason.CLIENT_ERROR, Retry.LATER),
    ("403 Forbidden", Reason.FORBIDDEN, Retry.LATER),
    ("404 Not Found", Reason.NOT_FOUND, Retry.LATER),
    ("408 Request Timeout", Reason.TIMEOUT, Retry.SOON),
    ("410 Gone", Reason.GONE, Retry.NEVER),
    ("425 Too Early", Reason.TOO_MANY, Retry.SOON),
    ("429 Too Many Requests", Reason.TOO_MANY, Retry.SOON),
    ("451 \x1b[2J", Reason.FORBIDDEN, Retry.LATER),
    ("500 Oops", Reason.SERVER_ERROR, Retry.SOON),
    ("503 Busy", Reason.SERVER_ERROR, Retry.SOON),
    ("599 Odd", Reason.SERVER_ERROR, Retry.SOON),
    ("999 Odd", Reason.PROTOCOL, Retry.LATER),
]


@pytest.mark.parametrize(("status", "reason", "retry"), STATUSES)
@in_a_loop
async def test_every_status_has_its_outcome(status: str, reason: Reason, retry: Retry) -> None:
    outcome = await fetch_one(reply(b"" if status.startswith("304") else b"<p>words</p>", status))
    assert isinstance(outcome, FetchError)
    assert (outcome.reason, outcome.retry, outcome.status) == (reason, retry, int(status[:3]))
    assert status[:3] in outcome.message
    assert outcome.message.isprintable()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (reply(b"", "204 No Content"), Reason.PROTOCOL),
        (reply(b""), Reason.PROTOCOL),
        (reply(b"", "200 OK", "Content-Encoding: gzip"), Reason.PROTOCOL),
        (reply(b"part", "206 Partial Content", "Content-Range: bytes 0-3/10"), Reason.TRUNCATED),
    ],
)
@in_a_loop
async def test_an_answer_without_its_document_is_no_success(data: bytes, reason: Reason) -> None:
    outcome = await fetch_one(data)
    assert isinstance(outcome, FetchError)
    assert outcome.reason is reason


@pytest.mark.parametrize(
    "data",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\x00" * 100,
        b"HTTP/1.1 twohundred OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 20_000 + b"\r\nContent-Length: 1\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\n" + b"X-N: y\r\n" * 2_000 + b"Content-Length: 1\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\n" + (b"X-N: " + b"y" * 12_000 + b"\r\n") * 6 + b"Content-Length: 1\r\n\r\nx",
        b"HTTP/1.1 200 " + b"O" * 1_000_000,
    ],
)
@in_a_loop
async def test_what_is_not_http_is_a_protocol_error(data: bytes) -> None:
    outcome = await fetch_one(data, then_close=True)
    assert isinstance(outcome, FetchError)
    assert (outcome.reason, outcome.retry) == (Reason.PROTOCOL, Retry.LATER)


@in_a_loop
async def test_headers_without_end_are_ended() -> None:
    async def handler(_: Seen, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            writer.write(b"X-Filler: 0123456789\r\n" * 100)
            await writer.drain()

    async with Server(handler) as server, Client(settings(server)) as client:
        outcome = await client.fetch(Request("http://a.test/"))
    assert isinstance(outcome, FetchError)
    assert outcome.reason is Reason.PROTOCOL


# --- connections that fail ----------------------------------------------------------------------------------------


@in_a_loop
async def test_a_closed_port_a_reset_and_a_silent_close() -> None:
    async def reset(_: Seen, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    async def leave(_: Seen, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with Server(leave) as gone:
        pass
    async with Server(reset) as resetting, Server(leave) as leaving:
        for server in (gone, resetting, leaving):
            async with Client(settings(server)) as client:
                outcome = await client.fetch(Request("http://a.test/"))
            assert isinstance(outcome, FetchError)
            assert (outcome.reason, outcome.retry) == (Reason.CONNECT, Retry.SOON), outcome


@in_a_loop
async def test_a_server_that_drips_its_headers_meets_the_deadlines() -> None:
    async def drip(_: Seen, writer: asyncio.StreamWriter) -> None:
        for byte in b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 1000:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(0.02)

    async with Server(drip) as server:
        for limits, words in (({"header_timeout_s": 0.2}, "headers within 0.2 s"), ({"timeout_s": 0.2}, "after 0.2 s")):
            async with Client(settings(server, **limits)) as client:
                outcome = await client.fetch(Request("http://a.test/"))
            assert isinstance(outcome, FetchError)
            assert (outcome.reason, outcome.retry) == (Reason.TIMEOUT, Retry.SOON)
            assert words in outcome.message


@in_a_loop
async def test_a_connection_that_is_kept_and_then_dropped_is_opened_again() -> None:
    async with Server(answers(reply(), then_close=True)) as server, Client(settings(server)) as client:
        for _ in range(5):
            assert isinstance(await client.fetch(Request("http://a.test/")), Response)


@in_a_loop
async def test_cancelling_passes_through_and_leaves_the_client_usable() -> None:
    arrived = asyncio.Event()

    async def handler(seen: Seen, writer: asyncio.StreamWriter) -> None:
        if seen.path == "/slow":
            arrived.set()
            await asyncio.sleep(3600)
        writer.write(reply())

    async with Server(handler) as server, Client(settings(server, parallel=1, host_parallel=1)) as client:
        slow = asyncio.create_task(client.fetch(Request("http://a.test/slow")))
        await arrived.wait()
        slow.cancel()
        with pytest.raises(asyncio.CancelledError):
            await slow
        assert isinstance(await client.fetch(Request("http://a.test/")), Response)


@in_a_loop
async def test_outside_the_context_manager_is_a_programming_error() -> None:
    with pytest.raises(RuntimeError, match="async with"):
        await Client(settings(connect_to={"a.test": "127.0.0.1:9"})).fetch(Request("http://a.test/"))


# --- TLS and secrets ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def tls_of(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("secure.test", "other.secure.test").configure_cert(context)
    return context


@in_a_loop
async def test_a_certificate_that_nobody_trusts(authority: trustme.CA) -> None:
    async with Server(answers(reply()), tls=tls_of(authority)) as server, Client(settings(server)) as client:
        outcome = await client.fetch(Request("https://secure.test/"))
    assert isinstance(outcome, FetchError)
    assert (outcome.reason, outcome.retry) == (Reason.TLS, Retry.LATER)
    assert "certificate" in outcome.message
    assert server.seen == []


class Broken(OwnLedger):
    async def release(self, states: Mapping[str, HostState]) -> None:
        raise StoreError("the database is away")


@in_a_loop
async def test_a_ledger_that_cannot_be_written_leaves_no_connection_open() -> None:
    async with Server(answers(reply())) as server:
        client = Client(settings(server), ledger=Broken())  # held: else it is closed for being forgotten
        with pytest.raises(StoreError, match="away"):
            async with client:
                assert isinstance(await client.fetch(Request("http://a.test/")), Response)
        await asyncio.wait_for(server.left_alone(), 5)


@in_a_loop
async def test_a_server_that_speaks_no_tls() -> None:
    async def plain(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(reply(b"", "400 Bad Request"))
        writer.close()

    async with await asyncio.start_server(plain, "127.0.0.1", 0) as server:
        address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with Client(settings(connect_to={"plain.test": address})) as client:
            outcome = await client.fetch(Request("https://plain.test/"))
    assert isinstance(outcome, FetchError)
    assert (outcome.reason, outcome.retry) == (Reason.TLS, Retry.LATER)


# The certificate is trusted through the environment of a process of its own.
FETCH = """
import asyncio, json, sys
from pipeline.config import FetchSettings
from pipeline.fetch import Client
from pipeline.model import Request
async def main(urls, connect_to):
    async with Client(FetchSettings(connect_to=connect_to, host_gap_s=0)) as client:
        return [getattr(await client.fetch(Request(url)), "url", None) for url in urls]
print(json.dumps(asyncio.run(main(*json.loads(sys.argv[1])))))
"""


@in_a_loop
async def test_credentials_stay_with_their_origin(authority: trustme.CA, tmp_path: Path) -> None:
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    moves = {
        "/same": reply(b"", "302 Found", "Location: /end"),
        "/down": reply(b"", "302 Found", "Location: http://secure.test/end"),
        "/away": reply(b"", "302 Found", "Location: https://other.secure.test/end"),
        "/back": reply(b"", "307 Temporary Redirect", "Location: https://other.secure.test/return"),
        "/return": reply(b"", "308 Permanent Redirect", "Location: https://secure.test/end"),
        "/given": reply(b"", "302 Found", "Location: https://u:p@other.secure.test/end"),
        "/end": reply(b"end"),
    }
    async with (
        Server(pages(moves), tls=tls_of(authority)) as secure,
        Server(pages(moves)) as plain,
        Server(pages(moves), tls=tls_of(authority)) as other,
    ):
        connect_to = {
            "secure.test:443": secure.address,
            "secure.test:80": plain.address,
            "other.secure.test": other.address,
        }
        urls = [f"https://us%40er:p%3Aw@secure.test/{path}" for path in ("same", "down", "away", "back", "given")]
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            FETCH,
            json.dumps([urls, connect_to]),
            stdout=asyncio.subprocess.PIPE,
            env={"SSL_CERT_FILE": str(tmp_path / "authority.pem"), "PYTHONPATH": ":".join(sys.path)},
        )
        output, _ = await process.communicate()
    assert [url.rpartition("/")[2] for url in json.loads(output)] == ["end"] * 5
    sent = {(seen.path, seen.header(b"authorization")) for seen in secure.seen}
    basic = b"Basic dXNAZXI6cDp3"  # us@er:p:w
    assert sent == {(f"/{path}", basic) for path in ("same", "down", "away", "back", "given", "end")} | {("/end", None)}
    assert plain.paths == ["/end"]
    assert sorted(other.paths) == ["/end", "/end", "/return"]
    assert all(seen.header(b"authorization") is None for seen in (*plain.seen, *other.seen))


@in_a_loop
async def test_no_secret_appears_in_what_is_said(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    table = {
        "/loop": reply(b"", "302 Found", "Location: /loop?api_key=s3cret"),
        "/file": reply(b"", "302 Found", "Location: file:///s3cret"),
        "/private": reply(b"", "302 Found", "Location: http://s3cret:s3cret@127.0.0.1/?token=s3cret"),
        "/cut": b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx",
        "/junk": b"s3cret\r\n\r\n",
    }
    hosts = ["a.test", "127.0.0.1", "none.example", "bad host"]
    said = []

    async def nobody(host: str) -> list[str]:
        raise OSError("s3cret")

    async with Server(pages(table)) as server, Client(settings(server, timeout_s=0.3), resolver=nobody) as client:
        for host in hosts:
            for path in (*table, "/missing"):
                outcome = await client.fetch(Request(f"http://user:s3cret@{host}{path}?x=1&token=s3cret&sig=s3cret"))
                assert isinstance(outcome, FetchError)
                said.append(repr(outcome))
    assert len({outcome.split("reason=")[1].split(":")[0] for outcome in said}) >= 6
    assert not [text for text in (*said, caplog.text) if "s3cret" in text]
