"""The demo server over real sockets."""

from __future__ import annotations

import gzip
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from demo_answer import Get

from pipeline.demo import Server, World, serve

FEED = ("ilmarivanth.substack.test", "/feed")


def test_every_feed_and_page_answers(world: World, get: Get) -> None:
    urls = [*(url for url, _ in world.feeds), *world.truth]
    for url in urls:
        parts = urlsplit(url)
        answer = get(parts.hostname, parts.path)
        assert answer.status == 200, url
        assert answer.headers["etag"].startswith('"')
        assert answer.headers["last-modified"].endswith("GMT")
        assert answer.body


def test_an_unchanged_resource_answers_304_to_either_validator(get: Get) -> None:
    first = get(*FEED)
    assert get(*FEED, If_None_Match=first.headers["etag"]).status == 304
    assert get(*FEED, If_Modified_Since=first.headers["last-modified"]).status == 304
    assert get(*FEED, If_None_Match='"other"').status == 200
    both = get(*FEED, If_None_Match='"other"', If_Modified_Since=first.headers["last-modified"])
    assert both.status == 200  # RFC 9110 §13.1.3: If-Modified-Since is ignored beside If-None-Match
    unchanged = get(*FEED, If_None_Match=first.headers["etag"])
    assert unchanged.body == b""
    assert unchanged.headers["etag"] == first.headers["etag"]


def test_gzip_is_used_only_where_it_is_accepted(get: Get) -> None:
    plain, packed = get(*FEED), get(*FEED, Accept_Encoding="gzip, deflate")
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert packed.headers["etag"] != plain.headers["etag"]
    assert get(*FEED, Accept_Encoding="gzip", If_None_Match=packed.headers["etag"]).status == 304


def test_publishing_adds_pages_and_changes_only_what_changed(world: World) -> None:
    with serve(world, upto=1) as server:
        connection = http.client.HTTPConnection(server.address)

        def fetch(host: str, path: str) -> tuple[int, str | None, bytes]:
            connection.request("GET", path, headers={"Host": host})
            response = connection.getresponse()
            return response.status, response.getheader("ETag"), response.read()

        late = world.by_url[world.stories["quiet-archive"][1]]
        bridge = world.by_url[world.stories["millbrook-bridge"][0]]
        before = {page.url: fetch(page.host, page.path) for page in world.visible(1)}
        feed = fetch("eastwindreview.test", "/index.rdf")
        assert fetch(late.host, late.path)[0] == 404
        server.publish(3)
        assert fetch(late.host, late.path)[0] == 200
        assert fetch("eastwindreview.test", "/index.rdf") != feed
        changed = [page.url for page in world.visible(1) if fetch(page.host, page.path) != before[page.url]]
        assert changed == [bridge.url]
        assert "hangers would arrive on July 18" in fetch(bridge.host, bridge.path)[2].decode()
        connection.close()


def test_json_feed_is_json(world: World, get: Get) -> None:
    answer = get("bereg.test", "/feed.json")
    assert answer.headers["content-type"] == "application/feed+json"
    feed = json.loads(answer.body)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert {item["url"] for item in feed["items"]} == {page.url for page in world.pages if page.host == "bereg.test"}


def test_front_page_names_the_feeds_and_robots_is_there(get: Get) -> None:
    front = get("harrowbaycourier.test", "/").body.decode()
    assert re.findall(r'rel="alternate"[^>]*href="([^"]+)"', front) == [
        "/search/rss/all.xml",
        "/search/rss/obituaries.xml",
    ]
    assert get("harrowbaycourier.test", "/robots.txt").body.startswith(b"User-agent: *")


def test_an_old_address_redirects(get: Get) -> None:
    answer = get("quarryvaleindependent.test", "/news/number-four")
    assert answer.status == 301
    assert answer.headers["location"] == "http://quarryvaleindependent.test/news/number-four-opens"


def test_unknown_hosts_paths_and_methods_are_refused(get: Get) -> None:
    assert get("nobody.test", "/").status == 404
    assert get("bereg.test", "/nothing").status == 404
    assert get("bereg.test", "/", method="POST").status == 405
    assert get("bereg.test", "/", method="HEAD").body == b""


def test_the_log_tells_who_asked_for_what(server: Server, get: Get) -> None:
    get("bereg.test", "/feed.json?x=1", User_Agent="tester/1")
    get("portovik.test", "/rss")
    (seen,) = server.requests("bereg.test")
    assert (seen.method, seen.path, seen.status) == ("GET", "/feed.json?x=1", 200)
    assert seen.headers["user-agent"] == "tester/1"
    assert [seen.host for seen in server.log] == ["bereg.test", "portovik.test"]
    server.forget()
    assert server.log == ()


def test_faults_last_until_they_are_healed(server: Server, get: Get) -> None:
    server.fail("bereg.test", 503, retry_after="120")
    answer = get("bereg.test", "/feed.json")
    assert (answer.status, answer.headers["retry-after"]) == (503, "120")
    assert get("portovik.test", "/rss").status == 200
    server.heal("bereg.test")
    server.fail("bereg.test", 410, "/feed.json")
    assert get("bereg.test", "/feed.json").status == 410
    assert get("bereg.test", "/").status == 200
    server.heal()
    assert get("bereg.test", "/feed.json").status == 200


def test_a_truncated_body_ends_before_its_length(server: Server, get: Get) -> None:
    server.fail("bereg.test", "truncate", "/feed.json")
    with pytest.raises(http.client.IncompleteRead):
        get("bereg.test", "/feed.json")


def test_a_dropped_connection_brings_no_answer(server: Server, get: Get) -> None:
    server.fail("bereg.test", "drop")
    with pytest.raises((http.client.HTTPException, ConnectionError)):
        get("bereg.test", "/feed.json")
    assert [seen.status for seen in server.log] == [0]


def test_a_hanging_host_keeps_neither_the_others_nor_the_shutdown_waiting(world: World) -> None:
    with serve(world) as server:
        server.fail("bereg.test", "hang")
        host, port = server.address.split(":")
        with socket.create_connection((host, int(port)), timeout=0.3) as waiting:
            waiting.sendall(b"GET / HTTP/1.1\r\nHost: bereg.test\r\n\r\n")
            with pytest.raises(TimeoutError):
                waiting.recv(1)
            other = http.client.HTTPConnection(server.address, timeout=10)
            other.request("GET", "/rss", headers={"Host": "portovik.test"})
            assert other.getresponse().status == 200
            other.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, int(port)), timeout=1)


def test_a_delay_is_kept(server: Server, get: Get) -> None:
    server.delay(30.0, "bereg.test")
    with pytest.raises(TimeoutError):
        get("bereg.test", "/feed.json", timeout=0.3)
    server.heal()
    assert get("bereg.test", "/feed.json").status == 200


def test_an_unknown_step_and_a_taken_port_are_errors(world: World, server: Server) -> None:
    with pytest.raises(IndexError, match="step 9: the demo world has steps 1 to 3"), serve(world, upto=9):
        pass
    with pytest.raises(OSError), serve(world, port=int(server.address.rpartition(":")[2])):
        pass


def test_python_m_serves_until_interrupted(tmp_path) -> None:
    command = [sys.executable, "-m", "pipeline.demo", "--config", str(tmp_path), "--step", "1"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    ) as process:
        assert process.stdout is not None
        said = "".join(process.stdout.readline() for _ in range(4))
        match = re.search(r'"\*\.test": "(127\.0\.0\.1:\d+)"', said)
        assert match, said
        assert match[1] in (tmp_path / "config.yaml").read_text(encoding="utf-8")
        connection = http.client.HTTPConnection(match[1], timeout=10)
        connection.request("GET", "/feed.json", headers={"Host": "bereg.test"})
        assert connection.getresponse().status == 200
        connection.close()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 0
