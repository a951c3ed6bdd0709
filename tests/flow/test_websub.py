"""WebSub from end to end: a publisher, a hub and our server on loopback; subscribe, verify, deliver, renew, leave."""

from __future__ import annotations

import hmac
import sqlite3
import urllib.request
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from http_serving import Answer, Asked, serving

from pipeline import Pipeline
from pipeline.config import Config
from pipeline.model import Feed
from pipeline.serve.server import running

TEXT = "The council heard one argument after the other about the bridge, and decided nothing at all. " * 3


def item(number: int) -> str:
    return f"<item><title>Item {number}</title><guid>{number}</guid><description>{number}: {TEXT}</description></item>"


def rss(*numbers: int, links: str = "") -> bytes:
    head = '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>t</title>'
    return f"{head}{links}{''.join(map(item, numbers))}</channel></rss>".encode()


def call(url: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
    request = urllib.request.Request(url, body, {name.replace("_", "-"): value for name, value in headers.items()})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read()
    except HTTPError as error:
        return error.code, error.read()


class Site:
    """Publisher and hub in one server: it serves the feed, takes subscriptions, verifies and delivers."""

    def __init__(self) -> None:
        self.feed = b""
        self.headers: dict[str, str] = {}
        self.polls = 0
        self.asked: list[dict[str, str]] = []
        self.verified: list[tuple[int, bytes]] = []
        self.lease = "864000"
        self.status = 202
        self.answer = "verify"  # or "deny", or "silence"

    def subscribe(self, form: dict[str, str]) -> None:
        """What a hub does with a request (§5.2, §5.3), before it answers it: some do."""
        self.asked.append(form)
        if self.answer == "silence":
            return
        query = {"hub.mode": form["hub.mode"], "hub.topic": form["hub.topic"], "hub.challenge": "ch4llenge"}
        if form["hub.mode"] == "subscribe":
            query["hub.lease_seconds"] = self.lease
        if self.answer == "deny":
            query = {"hub.mode": "denied", "hub.topic": form["hub.topic"], "hub.reason": "no"}
        self.verified.append(call(f"{form['hub.callback']}?{urlencode(query)}"))

    def deliver(self, body: bytes, method: str = "sha256", secret: str | None = None) -> int:
        """§7, signed (§7.1)."""
        last = next(form for form in reversed(self.asked) if form["hub.mode"] == "subscribe")
        digest = hmac.new((secret or last["hub.secret"]).encode(), body, method).hexdigest()
        headers = {"X_Hub_Signature": f"{method}={digest}", "Content_Type": "application/rss+xml"}
        return call(last["hub.callback"], body, **headers)[0]


def listening(site: Site) -> AbstractContextManager[str]:
    """The feed, and the hub that it names; gives their address."""

    def answer(asked: Asked) -> Answer:
        if asked.method == "GET":
            site.polls += 1
            return Answer(site.feed, headers=site.headers)
        if asked.path == "/moved":
            return Answer(status=307, headers={"Location": "/hub"})
        site.subscribe({name: value for name, [value] in parse_qs(asked.body.decode()).items()})
        return Answer(status=site.status)

    return serving(answer)


class Scene:
    """The site, our server, and the pipeline that both are about."""

    def __init__(self, folder: Path, pipeline: Pipeline, site: Site) -> None:
        self.path = folder / "onecopy.db"
        self.pipeline = pipeline
        self.site = site

    @property
    def feed(self) -> Feed:
        (feed,) = self.pipeline.feeds.all()
        return feed

    def crawl(self) -> int:
        """Everything; the number of new articles."""
        result = self.pipeline.crawl(everything=True)
        assert result.failures == ()
        return result.new_articles

    def tick(self) -> int:
        """What is due, as the daemon does."""
        return self.pipeline.crawl().new_articles

    def sql(self, statement: str) -> list[Any]:
        with sqlite3.connect(self.path) as connection:
            return connection.execute(statement).fetchall()

    def hurry(self) -> None:
        """Whatever is to be asked of hubs later is due now."""
        self.sql("UPDATE push SET next_try_at = '2020-01-01 00:00:00.000000'")


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    site = Site()
    with listening(site) as address:
        settings: dict[str, Any] = {
            "store": {"url": f"sqlite:///{tmp_path / 'onecopy.db'}"},
            "fetch": {"connect_to": {"*.test": address}, "host_gap_s": 0},
            "work": {"processes": 1},
            "serve": {"port": 0},
        }
        with (
            Pipeline(Config.model_validate(settings)) as served,
            running(served, served.config.serve) as url,
            Pipeline(Config.model_validate({**settings, "websub": {"callback": f"{url}/websub/"}})) as pipeline,
        ):
            pipeline.feeds.add("http://news.test/feed")
            yield Scene(tmp_path, pipeline, site)


LINKS = '<atom:link rel="hub" href="http://hub.test/hub"/><atom:link rel="self" href="http://news.test/topic"/>'


def another(callback: str) -> str:
    """An address that nobody was told."""
    return callback[:-1] + ("y" if callback.endswith("x") else "x")


def test_a_feed_with_a_hub_is_subscribed_to_delivered_and_polled_rarely(scene: Scene) -> None:
    site = scene.site
    site.feed = rss(1, links=LINKS)
    assert scene.crawl() == 1
    (asked,) = site.asked
    assert (asked["hub.mode"], asked["hub.topic"]) == ("subscribe", "http://news.test/topic")
    assert len(asked["hub.callback"].rpartition("/")[2]) >= 32
    assert 32 <= len(asked["hub.secret"]) < 200
    assert site.verified == [(200, b"ch4llenge")]
    until = scene.feed.pushed_until
    assert until is not None
    assert abs(until - datetime.now(UTC) - timedelta(days=10)) < timedelta(minutes=1)

    polls = site.polls
    assert site.deliver(rss(2)) == 202  # a part of the feed, as hubs may send it
    assert site.deliver(rss(2, 3), "sha1") == 202
    assert scene.tick() == 2
    assert scene.tick() == 0
    assert site.polls == polls, "what is delivered need not be fetched"
    assert scene.feed.last_outcome == "delivered"
    assert scene.sql("SELECT count(*) FROM pushed") == [(0,)]

    before = datetime.now(UTC)
    assert scene.crawl() == 0
    longest = timedelta(seconds=scene.pipeline.config.schedule.max_interval_s)
    assert (scene.feed.next_fetch_at or before) - before >= longest
    site.feed = rss(4, 3, 2, 1, links=LINKS)  # and the hub says nothing of it
    assert scene.crawl() == 1
    assert (scene.feed.next_fetch_at or before) - before < longest / 2
    assert len(site.asked) == 1, "one subscription is enough"


def test_only_what_is_signed_counts(scene: Scene) -> None:
    site = scene.site
    site.feed = rss(1, links=LINKS)
    scene.crawl()
    callback = site.asked[0]["hub.callback"]
    assert site.deliver(rss(2), secret="another") == 202  # nobody learns that it was wrong
    assert call(callback, rss(2))[0] == 202
    assert call(callback, rss(2), X_Hub_Signature="md5=" + hmac.new(b"x", rss(2), "md5").hexdigest())[0] == 202
    assert call(callback, rss(2), X_Hub_Signature="sha256=\xe9")[0] == 202
    assert call(another(callback), rss(2))[0] == 410
    assert scene.sql("SELECT count(*) FROM pushed") == [(0,)]
    assert scene.tick() == 0


def test_nobody_else_can_subscribe_or_unsubscribe_us(scene: Scene) -> None:
    site = scene.site
    site.feed = rss(1, links=LINKS)
    scene.crawl()
    callback, topic = site.asked[0]["hub.callback"], site.asked[0]["hub.topic"]
    for query in (
        {"hub.mode": "unsubscribe", "hub.topic": topic, "hub.challenge": "x"},
        {"hub.mode": "subscribe", "hub.topic": "http://other.test/", "hub.challenge": "x", "hub.lease_seconds": "9"},
        {"hub.mode": "subscribe", "hub.topic": topic, "hub.lease_seconds": "9"},
        {"hub.mode": "publish", "hub.topic": topic, "hub.challenge": "x"},
        {},
    ):
        assert call(f"{callback}?{urlencode(query)}")[0] == 404, query
    assert call(another(callback))[0] == 404
    assert scene.feed.pushed_until is not None


def test_a_damaged_delivery_makes_the_feed_due(scene: Scene) -> None:
    site = scene.site
    site.feed = rss(1, links=LINKS)
    scene.crawl()
    polls = site.polls
    site.feed = rss(3, 2, 1, links=LINKS)
    assert site.deliver(b"<html>oops") == 202
    assert site.deliver(rss(2)) == 202
    assert scene.tick() == 1
    assert scene.sql("SELECT count(*) FROM pushed") == [(0,)]
    assert scene.tick() == 1
    assert site.polls == polls + 1


def test_a_hub_in_the_headers_that_has_moved(scene: Scene) -> None:
    scene.site.feed = rss(1)
    scene.site.headers = {"Link": '<http://hub.test/moved>; rel="hub", </self>; rel=self, <x>; rel="next,\\"hub"'}
    scene.crawl()
    assert [form["hub.topic"] for form in scene.site.asked] == ["http://news.test/self"]
    assert scene.feed.pushed_until is not None


def test_leases_are_renewed_and_end(scene: Scene) -> None:
    site = scene.site
    site.feed, site.lease = rss(1, links=LINKS), "86400"
    scene.crawl()
    ((due,),) = scene.sql("SELECT next_try_at FROM push")
    left = datetime.fromisoformat(due).replace(tzinfo=UTC) - datetime.now(UTC)
    assert timedelta(hours=18) < left < timedelta(hours=24), "renewed before the lease ends"
    first = scene.feed.pushed_until
    site.lease = "172800"
    scene.hurry()
    scene.tick()
    assert len(site.asked) == 2
    assert site.asked[0]["hub.callback"] == site.asked[1]["hub.callback"]
    assert first is not None
    assert (scene.feed.pushed_until or first) > first
    scene.sql("UPDATE push SET until = '2020-01-01 00:00:00.000000'")
    before = datetime.now(UTC)
    scene.crawl()
    assert (scene.feed.next_fetch_at or before) - before < timedelta(hours=6), "polled as if there were no hub"


@pytest.mark.parametrize("trouble", ["silence", "deny", "error"])
def test_a_hub_that_does_not_agree_is_asked_again_later(scene: Scene, trouble: str) -> None:
    site = scene.site
    site.feed = rss(1, links=LINKS)
    site.answer = "silence" if trouble == "error" else trouble
    site.status = 500 if trouble == "error" else 202
    scene.crawl()
    scene.crawl()
    assert len(site.asked) == 1
    assert scene.feed.pushed_until is None
    ((error,),) = scene.sql("SELECT last_error FROM push")
    said = {"silence": None, "deny": "denied by the hub", "error": "the server answered 500 Internal Server Error"}
    assert error == said[trouble]
    site.answer, site.status = "verify", 202
    scene.hurry()
    scene.tick()
    assert scene.feed.pushed_until is not None


def test_what_is_not_read_any_more_is_unsubscribed(scene: Scene) -> None:
    site = scene.site
    site.feed = rss(1, links=LINKS)
    scene.crawl()
    site.feed = rss(1, 2, links=LINKS.replace("hub.test", "otherhub.test"))
    scene.crawl()
    first, *then = site.asked
    left, begun = sorted(then, key=lambda form: form["hub.mode"], reverse=True)  # both are asked at once
    assert [form["hub.mode"] for form in (first, left, begun)] == ["subscribe", "unsubscribe", "subscribe"]
    assert first["hub.callback"] == left["hub.callback"] != begun["hub.callback"]
    assert site.deliver(rss(3)) == 202
    scene.pipeline.feeds.remove("http://news.test/feed")
    scene.tick()
    assert site.asked[-1]["hub.mode"] == "unsubscribe"
    assert site.verified == [(200, b"ch4llenge")] * 4
    assert scene.sql("SELECT count(*) FROM push") == scene.sql("SELECT count(*) FROM pushed") == [(0,)]
    assert site.deliver(rss(3)) == 410


def test_a_hub_that_does_not_let_go_is_left_alone(scene: Scene) -> None:
    site = scene.site
    site.feed = rss(1, links=LINKS)
    scene.crawl()
    site.answer = "silence"
    scene.pipeline.feeds.remove("http://news.test/feed")
    for _ in range(6):
        scene.tick()
        scene.hurry()
    assert [form["hub.mode"] for form in site.asked] == ["subscribe"] + ["unsubscribe"] * 3
    assert scene.sql("SELECT count(*) FROM push") == [(0,)]


def test_without_a_callback_nobody_is_asked(scene: Scene) -> None:
    site = scene.site
    site.feed = rss(1, links=LINKS)
    scene.crawl()
    assert scene.feed.pushed_until is not None
    config = scene.pipeline.config
    with Pipeline(config.model_copy(update={"websub": type(config.websub)()})) as alone:
        alone.crawl()
    assert scene.feed.pushed_until is None
    assert len(site.asked) == 1


def test_a_changed_callback_is_told_to_the_hub_at_once(scene: Scene) -> None:
    site = scene.site
    site.feed = rss(1, links=LINKS)
    scene.crawl()
    config = scene.pipeline.config
    old = config.websub.callback or ""
    new = old.replace("127.0.0.1", "localhost")
    with Pipeline(config.model_copy(update={"websub": type(config.websub)(callback=new)})) as moved:
        moved.crawl()
        told = [(form["hub.mode"], form["hub.callback"].rpartition("/")[0]) for form in site.asked]
        assert told[0] == ("subscribe", old)
        assert sorted(told[1:]) == [("subscribe", new), ("unsubscribe", old)]
        assert site.verified == [(200, b"ch4llenge")] * 3
        assert site.deliver(rss(2)) == 202
        assert moved.crawl().new_articles == 1
        assert len(site.asked) == 3


def test_a_hub_inside_our_network_is_never_asked(scene: Scene) -> None:
    with listening(inside := Site()) as address:
        scene.site.feed = rss(1, links=LINKS.replace("hub.test", address))
        scene.crawl()
    assert inside.asked == []
    ((error,),) = scene.sql("SELECT last_error FROM push")
    assert urlsplit(f"//{address}").hostname in error
