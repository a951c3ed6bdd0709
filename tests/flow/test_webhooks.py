"""Webhooks to a real receiver: each story once, signed; nothing is lost by an endpoint that is down, or by a kill."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from standardwebhooks import Webhook as Verifier

from pipeline import Pipeline
from pipeline.config import Config, WebhookSettings, load
from pipeline.demo import Server, load_world, serve, write_config
from pipeline.errors import ConfigError, UnknownName
from pipeline.urls import masked
from pipeline.webhooks import new_secret
from tests.flow.helpers import onecopy

SECRET = new_secret()


class Receiver:
    """Takes messages, or answers what the test wants it to."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, Any]]] = []
        self.tried = 0
        self.answer: Callable[[dict[str, Any]], int] = lambda _: 200
        self.headers: dict[str, str] = {}
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                message = Verifier(SECRET).verify(body, dict(self.headers))
                receiver.tried += 1
                status = receiver.answer(message)
                if status == 200:
                    receiver.got.append((self.headers["webhook-id"], message))
                self.send_response(status)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"

    def kinds(self, kind: str) -> list[dict[str, Any]]:
        return [message["data"] for _, message in self.got if message["type"] == kind]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    thread = threading.Thread(target=made.server.serve_forever, daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture(scope="module")
def world() -> Iterator[Server]:
    with serve(load_world()) as server:
        yield server


@pytest.fixture
def config(world: Server, tmp_path: Path, receiver: Receiver) -> Config:
    path = write_config(tmp_path, world.address)
    hook = json.dumps([{"url": receiver.url, "secret": SECRET, "private": True}])  # JSON is YAML
    path.write_text(path.read_text() + f"webhooks: {hook}\n")
    return load(path)


def let_it_try(pipeline: Pipeline) -> None:
    with pipeline.store._database.write() as connection:
        connection.execute(text("UPDATE webhook SET held_until = NULL"))
        connection.execute(text("UPDATE delivery SET next_try_at = NULL"))


def test_each_story_once_and_each_copy_that_joins(config: Config, receiver: Receiver) -> None:
    with Pipeline(config) as pipeline:
        result = pipeline.crawl()
        assert result.failures == ()
        new, joined = receiver.kinds("story.new"), receiver.kinds("copy.joined")
        assert len(new) == result.new_stories > 20
        assert len(joined) == result.joined > 10
        stories = {one.id for one in pipeline.stories(limit=1000)}
        assert {pipeline.story(one["story"]["id"]).row.id for one in new} == stories
        assert len({name for name, _ in receiver.got}) == len(receiver.got)
        by_url = {copy.article.url: copy for copy in pipeline.export()}
        assert [one["copy"]["evidence"] for one in joined] == [
            list(by_url[one["copy"]["url"]].evidence) for one in joined
        ]
        assert all("text" not in one["copy"] for one in joined)
        pipeline.crawl(everything=True)
        pipeline.import_lines([json.dumps({"url": "http://old.test/1", "text": "An archive is no news. " * 20})])
        pipeline.webhooks.send()
        assert len(receiver.got) == len(new) + len(joined)
        state = pipeline.webhooks.all()[0]
        assert (state.sent, state.waiting, state.lost, state.failures) == (len(receiver.got), 0, 0, 0)


def test_an_endpoint_that_is_down_is_reported_and_left_alone_and_gets_everything_later(
    config: Config, receiver: Receiver
) -> None:
    receiver.answer = lambda _: 503
    with Pipeline(config) as pipeline:
        result = pipeline.crawl()
        assert receiver.tried == 1
        assert [(one.what, one.url, one.message) for one in result.failures] == [
            ("webhook", masked(receiver.url), "the server answered 503 Service Unavailable")
        ]
        assert pipeline.webhooks.send() == []  # it is not asked again at once
        assert receiver.tried == 1
        state = pipeline.webhooks.all()[0]
        assert (state.failures, state.sent, state.waiting) == (1, 0, result.new_articles)
        assert state.failing_since is not None
        receiver.answer = lambda _: 200
        let_it_try(pipeline)
        assert pipeline.webhooks.send() == []
        assert len(receiver.got) == result.new_articles
        told = [message["timestamp"] for _, message in receiver.got]
        assert told == sorted(told)
        assert pipeline.webhooks.all()[0].failing_since is None


def test_a_message_that_is_refused_waits_alone(config: Config, receiver: Receiver) -> None:
    receiver.answer = lambda message: 400 if message["type"] == "copy.joined" else 200
    with Pipeline(config) as pipeline:
        result = pipeline.crawl()
        assert len(receiver.got) == result.new_stories
        assert len(result.failures) == result.joined
        assert pipeline.webhooks.all()[0].waiting == result.joined
        with pipeline.store._database.write() as connection:
            connection.execute(text("UPDATE delivery SET created_at = 0"))  # microseconds: in 1970
        assert pipeline.webhooks.send() == []
        state = pipeline.webhooks.all()[0]
        assert (state.waiting, state.lost) == (0, result.joined)


def test_gone_means_no_more_until_a_test_arrives(config: Config, receiver: Receiver) -> None:
    receiver.answer = lambda _: 410
    with Pipeline(config) as pipeline:
        pipeline.crawl()
        state = pipeline.webhooks.all()[0]
        assert state.gone_at is not None
        assert (state.waiting, receiver.tried) == (0, 1)
        assert pipeline.webhooks.test(receiver.url) == "the server answered 410 Gone"
        receiver.answer = lambda _: 200
        assert pipeline.webhooks.test(receiver.url) is None
        assert pipeline.webhooks.all()[0].gone_at is None
        assert receiver.got[0][1]["type"] == "test"
        with pytest.raises(UnknownName):
            pipeline.webhooks.test("http://127.0.0.1:1/")


def test_private_networks_only_where_the_configuration_says_so(config: Config, receiver: Receiver) -> None:
    closed = config.webhooks[0].model_copy(update={"private": False})
    with Pipeline(config.model_copy(update={"webhooks": (closed,)})) as pipeline:
        assert "not public (loopback)" in (pipeline.webhooks.test(receiver.url) or "")
    receiver.answer, receiver.headers = lambda _: 302, {"Location": receiver.url}
    with Pipeline(config) as pipeline:
        assert pipeline.webhooks.test(receiver.url) == "the server answered 302 Found"  # and did not go there
    assert receiver.tried == 1


def test_only_the_events_that_it_asked_for_and_nothing_after_it_was_taken_out(
    config: Config, receiver: Receiver
) -> None:
    wanted = config.webhooks[0].model_copy(update={"events": ("copy.joined",)})
    with Pipeline(config.model_copy(update={"webhooks": (wanted,)})) as pipeline:
        joined = pipeline.crawl().joined
        assert len(receiver.got) == len(receiver.kinds("copy.joined")) == joined
    with Pipeline(config.model_copy(update={"webhooks": ()})) as pipeline:
        pipeline.crawl()
        assert pipeline.webhooks.all() == []


def test_there_is_one_sender_for_all_threads(config: Config) -> None:
    with Pipeline(config) as pipeline, ThreadPoolExecutor(4) as crowd:
        together = threading.Barrier(4)

        def ask(_: int) -> int:
            together.wait(20)
            return id(pipeline.webhooks)

        assert len(set(crowd.map(ask, range(4)))) == 1


def test_a_kill_loses_nothing(config: Config, receiver: Receiver, tmp_path: Path) -> None:
    hang = threading.Event()
    receiver.answer = lambda _: 200 if len(receiver.got) < 3 or hang.wait(60) else 500
    command = [sys.executable, "-m", "pipeline", "--config", tmp_path / "config.yaml", "crawl"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while receiver.tried < 4:  # the fourth message is under way
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    receiver.answer = lambda _: 200
    hang.set()
    with Pipeline(config) as pipeline:
        pipeline.crawl(everything=True)
        articles = sum(1 for _ in pipeline.export())
    names = [name for name, _ in receiver.got]
    assert len(set(names)) == articles  # each came; what came twice came under one id
    assert len(names) - len(set(names)) <= 1


def test_the_daemon_ends_at_once_while_an_endpoint_hangs(config: Config, receiver: Receiver) -> None:
    from pipeline.daemon import run

    hang, stop = threading.Event(), threading.Event()

    def answer(_: dict[str, Any]) -> int:
        stop.set()
        hang.wait(60)
        return 500

    receiver.answer = answer
    with Pipeline(config) as pipeline:
        began = time.monotonic()
        run(pipeline, lambda _: None, stop=stop)
        assert stop.is_set()
        assert time.monotonic() - began < 60  # it did not wait for the answer
        hang.set()
        assert pipeline.webhooks.all()[0].waiting > 0


def test_the_commands(config: Config, receiver: Receiver, tmp_path: Path) -> None:
    at = ("--config", str(tmp_path / "config.yaml"), "webhooks")
    shown = masked(receiver.url)  # the path may be the secret
    assert "/hook" not in shown
    assert onecopy(*at).stdout.splitlines() == [
        shown,
        "  story.new, copy.joined",
        "  0 sent, 0 waiting, 0 given up",
        "  nothing sent yet",
    ]
    assert onecopy(*at, "test", receiver.url).returncode == onecopy(*at, "test", shown).returncode == 0
    receiver.answer = lambda _: 500
    failed = onecopy(*at, "test", receiver.url)
    assert (failed.returncode, failed.stderr) == (
        1,
        f"onecopy: {shown}: the server answered 500 Internal Server Error\n",
    )
    assert onecopy(*at[:2], "crawl").returncode == 0  # feeds and pages were read
    (listed,) = (json.loads(line) for line in onecopy(*at, "--json").stdout.splitlines())
    assert (listed["url"], listed["failures"], listed["last_error"]) == (
        shown,
        1,
        "the server answered 500 Internal Server Error",
    )
    assert "failing since" in onecopy(*at).stdout
    assert Verifier(onecopy("webhooks", "secret").stdout.strip())


@pytest.mark.parametrize("secret", ["", "hunter2", "whsec_", "whsec_c2hvcnQ=", "whsec_%%%%"])
def test_a_secret_that_is_none_is_refused_and_not_repeated(secret: str, tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(f"webhooks:\n  - url: https://example.org/\n    secret: '{secret}'\n")
    with pytest.raises(ConfigError, match=r"config.yaml:3: webhooks\[0\].secret: .*onecopy webhooks secret") as raised:
        load(path)
    assert not secret or secret == "whsec_" or secret not in str(raised.value)
    assert SECRET not in repr(WebhookSettings(url="https://example.org/", secret=SECRET))


@pytest.mark.parametrize("url", ["https://hooks.example.com:99999/x", "http://[::1/x", "https://a..b/x", "https:///x"])
def test_a_webhook_that_is_no_url_is_refused(url: str, tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(f"webhooks:\n  - url: '{url}'\n    secret: {SECRET}\n")
    with pytest.raises(ConfigError, match=r"config.yaml:2: webhooks\[0\].url: .*host and port"):
        load(path)


def test_a_crawl_need_not_wait_for_its_webhooks(config: Config, receiver: Receiver) -> None:
    """So the daemon crawls: a slow endpoint must not hold up the feeds."""
    with Pipeline(config) as pipeline:
        result = pipeline.crawl(announce=False)
        assert receiver.tried == 0
        pipeline.webhooks.send()
        assert len(receiver.kinds("story.new")) == result.new_stories
