from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Sequence

import pytest
from fetch_server import Server, answers, in_a_loop, reply, settings

from pipeline.fetch import Client
from pipeline.fetch.guard import Guard, refusal, system_lookup
from pipeline.model import FetchError, Reason, Request, Response, Retry

PUBLIC = [
    "8.8.8.8",
    "1.1.1.1",
    "93.184.216.34",
    "192.0.1.1",
    "172.32.0.1",
    "2606:4700::1111",
    "2a00:1450::1",
    "64:ff9b::808:808",
]

PRIVATE = [
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.0.1",
    "::1",
    "fc00::1",
    "fd12::1",
    "64:ff9b::7f00:1",
    "64:ff9b::a00:1",
]

NEVER = [
    "0.0.0.0",
    "0.1.2.3",
    "169.254.169.254",
    "192.0.0.1",
    "192.0.0.170",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b:1::1",
    "64:ff9b::e000:1",
    "100::1",
    "2001::1",
    "2001:0:7f00:1::",
    "2001:2::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:808:808::",
    "3fff::1",
    "5f00::1",
    "fe80::1",
    "fe80::1%lo",
    "fec0::1",
    "ff02::1",
    "4000::1",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_open(address: str) -> None:
    assert refusal(ipaddress.ip_address(address)) is None


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_closed_unless_allowed(address: str) -> None:
    assert refusal(ipaddress.ip_address(address)) is not None
    assert refusal(ipaddress.ip_address(address), allow_private=True) is None


@pytest.mark.parametrize("address", NEVER)
def test_some_addresses_stay_closed(address: str) -> None:
    assert refusal(ipaddress.ip_address(address)) is not None
    assert refusal(ipaddress.ip_address(address), allow_private=True) is not None


SPELLINGS = [
    "http://127.0.0.1:{port}/",
    "http://127.0.0.1.:{port}/",
    "http://127.1:{port}/",
    "http://127.0.1:{port}/",
    "http://127.000.000.001:{port}/",
    "http://2130706433:{port}/",
    "http://2130706433.:{port}/",
    "http://0x7f000001:{port}/",
    "http://0x7F.0.0.1:{port}/",
    "http://0x7f.1:{port}/",
    "http://0x7f.0x0.0x0.0x1:{port}/",
    "http://017700000001:{port}/",
    "http://0177.0.0.1:{port}/",
    "http://0177.1:{port}/",
    "http://127.0.0.0x1:{port}/",
    "http://0x:{port}/",
    "http://0:{port}/",
    "http://0.0.0.0:{port}/",
    "http://00000000000000000000177.0.0.1:{port}/",
    "http://127.0.0.1.0x:{port}/",
    "http://１２７.0.0.1:{port}/",
    "http://①②⑦.⓪.⓪.①:{port}/",
    "http://127。0。0。1:{port}/",
    "http://127．0．0．1:{port}/",
    "http://１２７。１:{port}/",
    "http://１２７．０．０．１:{port}/",
    "http://0ｘ7f.1:{port}/",
    "http://⑫⑦.1:{port}/",
    "http://𝟏𝟐𝟕.𝟎.𝟎.𝟏:{port}/",
    "http://8.8.8.8@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}@127.0.0.1:{port}/",
    "http://a:b@127.0.0.1:{port}/",
    "http://169.254.0.1\\@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}\\@8.8.8.8/",
    "http:\\\\127.0.0.1:{port}\\",
    "http:/\\127.0.0.1:{port}/",
    "http://127.0.0.1:{port}#@8.8.8.8/",
    "http://127.0.0.1:{port}?@8.8.8.8/",
    "http://%31%32%37.0.0.1:{port}/",
    "http://127.0.0.1%00.test:{port}/",
    "http://127.0.0.1%23.test:{port}/",
    "http://127.0.0.1\x00.test:{port}/",
    "http://127.0.0.1\t:{port}/",
    "http://127.0\n.0.1:{port}/",
    " \x00http://127.0.0.1:{port}/",
    "hTTp://127.0.0.1:{port}/",
    "http:127.0.0.1:{port}/",
    "http:///127.0.0.1:{port}/",
    "//127.0.0.1:{port}/",
    "http://localhost:{port}/",
    "http://LOCALHOST.:{port}/",
    "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:{port}/",
    "http://localhoſt:{port}/",
    "http://[::1]:{port}/",
    "http://[0:0:0:0:0:0:0:1]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://[::ffff:7f00:1]:{port}/",
    "http://[::127.0.0.1]:{port}/",
    "http://[64:ff9b::127.0.0.1]:{port}/",
    "http://[2002:7f00:1::]:{port}/",
    "http://[2001:0:7f00:1::]:{port}/",
    "http://[fe80::1%25lo]:{port}/",
    "http://[::1%25lo]:{port}/",
    "http://[::1%lo]:{port}/",
    "http://[fec0::1]:{port}/",
    "http://[::]:{port}/",
    "http://[v1.x]:{port}/",
    "http://[127.0.0.1]:{port}/",
    "http://127.0.0.2:{port}/",
    "http://127.127.127.127:{port}/",
    "http://0.0.0.1:{port}/",
    "http://169.254.169.254/latest/",
    "http://metadata.test@127.0.0.1:{port}/",
    "https://127.0.0.1:{port}/",
    "http://127.0.0.1:{port}/%2e%2e/x",
    "ftp://127.0.0.1:{port}/",
    "file:///etc/hostname",
    "file://127.0.0.1:{port}/",
    "gopher://127.0.0.1:{port}/_GET",
    "data:text/html,x",
    "javascript:x",
    "unix:///x",
    "http://127.0.0.1:22/",
    "http://127.0.0.1:0/",
    "http://127.0.0.1:99999/",
    "http://127.0.0.1:-1/",
    "",
    " ",
    "http://",
    "\ud800",
]


@in_a_loop
async def test_no_spelling_reaches_a_listener() -> None:
    assert len(SPELLINGS) > 60
    async with Server(answers(reply()), "0.0.0.0") as listener, Server(answers(reply()), "::1") as listener6:
        async with Client(settings(header_timeout_s=1.0)) as client:
            for spelling in SPELLINGS:
                for port in (listener.port, listener6.port):
                    outcome = await client.fetch(Request(spelling.format(port=port)))
                    assert isinstance(outcome, FetchError), spelling
                    assert outcome.reason in (Reason.BAD_URL, Reason.REFUSED_ADDRESS), (spelling, outcome)
        assert listener.connections == listener6.connections == 0


@in_a_loop
async def test_what_a_url_itself_shows_is_refused_for_good_and_what_a_name_leads_to_for_now() -> None:
    async def portal(_: str) -> Sequence[str]:
        return ["10.0.0.1"]

    async with Client(settings(), resolver=portal) as client:
        by_url = await client.fetch(Request("http://127.0.0.1/"))
        by_name = await client.fetch(Request("http://news.example/"))
    assert isinstance(by_url, FetchError)
    assert isinstance(by_name, FetchError)
    assert (by_url.reason, by_url.retry) == (Reason.REFUSED_ADDRESS, Retry.NEVER)
    assert (by_name.reason, by_name.retry) == (Reason.REFUSED_ADDRESS, Retry.LATER)
    assert "10.0.0.1" in by_name.message


@in_a_loop
async def test_one_private_answer_among_public_ones_refuses_the_name() -> None:
    async with Server(answers(reply())) as listener:
        for hidden in ("127.0.0.1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"):

            async def mixed(_: str, hidden: str = hidden) -> Sequence[str]:
                return ["8.8.8.8", "2606:4700::1111", hidden]

            async with Client(settings(), resolver=mixed) as client:
                outcome = await client.fetch(Request(f"http://news.example:{listener.port}/"))
            assert isinstance(outcome, FetchError)
            assert outcome.reason is Reason.REFUSED_ADDRESS
        assert listener.connections == 0


@in_a_loop
async def test_a_name_that_changes_its_address_between_lookups() -> None:
    async with (
        Server(answers(reply(b"", "200 OK", "Connection: close")), "127.0.0.1") as allowed,
        Server(answers(reply()), "127.0.0.2", port=allowed.port) as listener,
    ):
        calls = 0

        async def alternating(_: str) -> Sequence[str]:
            nonlocal calls
            calls += 1
            return ["127.0.0.1"] if calls % 2 else ["::ffff:127.0.0.2"]

        async with Client(settings(allow_private_networks=True), resolver=alternating) as client:
            for _ in range(40):
                outcome = await client.fetch(Request(f"http://rebind.example:{allowed.port}/"))
                assert isinstance(outcome, FetchError)
                assert (outcome.reason is Reason.REFUSED_ADDRESS) == (calls % 2 == 0)
        assert calls == 40  # one lookup per connection, and its answer used
        assert allowed.connections == 20
        assert listener.connections == 0


@in_a_loop
async def test_connect_to_opens_one_host_and_nothing_else() -> None:
    async def nothing(host: str) -> Sequence[str]:
        raise OSError(f"no {host}")

    async with Server(answers(reply(b"here"))) as server:
        names = {"news.test": server.address, "*.many.test": server.address, f"ported.test:{server.port}": "127.0.0.1"}
        async with Client(settings(connect_to=names), resolver=nothing) as client:

            async def reason(url: str) -> Reason | None:
                outcome = await client.fetch(Request(url))
                return outcome.reason if isinstance(outcome, FetchError) else None

            assert await reason("http://news.test/") is None
            assert await reason("http://NEWS.test.:80/") is None
            assert await reason("http://a.b.many.test/") is None
            assert await reason(f"http://ported.test:{server.port}/") is None
            assert await reason("http://ported.test/") is Reason.DNS
            assert await reason("http://many.test/") is Reason.DNS
            assert await reason("http://news.test:8080/") is Reason.DNS
            assert await reason(f"http://{server.address}/") is Reason.REFUSED_ADDRESS
            assert await reason("http://news.test.example/") is Reason.DNS
        assert len(server.seen) == 4
        assert server.seen[0].header(b"host") == b"news.test"


@in_a_loop
async def test_connect_to_takes_addresses_as_they_are() -> None:
    async with Server(answers(reply())) as server, Server(answers(reply()), "::1") as server6:
        names = {server.address: server.address, server6.address: server6.address}
        async with Client(settings(connect_to=names)) as client:
            assert isinstance(await client.fetch(Request(f"http://{server.address}/")), Response)
            assert isinstance(await client.fetch(Request(f"http://{server6.address}/")), Response)
            other = await client.fetch(Request(f"http://127.0.0.2:{server.port}/"))
            assert isinstance(other, FetchError)


@in_a_loop
async def test_allow_private_networks_opens_loopback_by_name_and_by_address() -> None:
    async def loopback(_: str) -> Sequence[str]:
        return ["127.0.0.1"]

    async with Server(answers(reply())) as server:
        async with Client(settings(allow_private_networks=True), resolver=loopback) as client:
            assert isinstance(await client.fetch(Request(f"http://{server.address}/")), Response)
            assert isinstance(await client.fetch(Request(f"http://intranet:{server.port}/")), Response)
            refused = await client.fetch(Request("http://169.254.169.254/"))
        assert isinstance(refused, FetchError)
        assert refused.reason is Reason.REFUSED_ADDRESS


@in_a_loop
async def test_system_ports_are_refused() -> None:
    async with Client(settings()) as client:
        for port in (1, 21, 22, 25, 81, 444, 1023):
            outcome = await client.fetch(Request(f"http://8.8.8.8:{port}/"))
            assert isinstance(outcome, FetchError)
            assert outcome.reason is Reason.REFUSED_ADDRESS


@in_a_loop
async def test_the_last_gate_stands_on_its_own() -> None:
    guard = Guard(connect_to={"a.test": "127.0.0.1:8080"})
    guard.open_socket((2, 1, 6, "", ("127.0.0.1", 8080))).close()
    guard.open_socket((2, 1, 6, "", ("8.8.8.8", 80))).close()
    for where in (("127.0.0.1", 8081), ("127.0.0.2", 8080), ("10.0.0.1", 80)):
        with pytest.raises(Exception, match="not public"):
            guard.open_socket((2, 1, 6, "", where))


@in_a_loop
async def test_a_name_without_an_address_is_a_dns_failure() -> None:
    async def empty(_: str) -> Sequence[str]:
        return []

    async def unknown(_: str) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "as the system says it")

    for resolver in (empty, unknown):
        async with Client(settings(), resolver=resolver) as client:
            outcome = await client.fetch(Request("http://no-such-name.invalid/"))
        assert isinstance(outcome, FetchError)
        assert (outcome.reason, outcome.retry) == (Reason.DNS, Retry.SOON)
        assert "no-such-name.invalid" in outcome.message


@in_a_loop
async def test_a_lookup_that_never_ends_is_a_timeout_and_holds_up_nobody() -> None:
    async def some_never(host: str) -> Sequence[str]:
        if host.startswith("silent"):
            await asyncio.sleep(3600)
        return []

    async with Server(answers(reply())) as server:
        names = settings(server, connect_timeout_s=0.3)
        async with Client(names, resolver=some_never) as client:
            silent = [client.fetch(Request(f"http://silent{n}.example/")) for n in range(20)]
            *slow, good = await asyncio.gather(*silent, client.fetch(Request("http://good.test/")))
    assert isinstance(good, Response)
    assert {outcome.reason for outcome in slow if isinstance(outcome, FetchError)} == {Reason.TIMEOUT}
    assert len(slow) == 20


@in_a_loop
async def test_the_system_lookup() -> None:
    assert "127.0.0.1" in await system_lookup("localhost")
    with pytest.raises(OSError):
        await system_lookup("a" * 64 + ".invalid")
    waiting = asyncio.create_task(system_lookup("localhost"))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
