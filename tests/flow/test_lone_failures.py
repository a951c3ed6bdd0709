"""What is wrong with one page, one host or one file costs that one, and no other its turn."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from pipeline import Pipeline
from pipeline.config import Config
from pipeline.errors import StoreError
from pipeline.model import Article
from tests.http_serving import Answer, Asked, serving

THINGS = (
    "The harbour was closed for three days after the storm took the northern mole with it, and no ship could leave.",
    "Farmers in the valley say that the late frost has cost them most of the apricots, while the vines did well.",
    "A court in the capital has ruled that the railway must publish the figures about delays that it had kept.",
    "Two chess players from the island drew their last game after nine hours, which was enough for both of them.",
)
COOKIES = "We use cookies to personalise content. Please accept or manage your choices to continue reading on our site."


def text(number: int) -> str:
    return "".join(f"<p>Part {part} of number {number}. {THINGS[number]}</p>" for part in range(6))


def page(title: str, body: str) -> Answer:
    html = f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{body}</article></body></html>"
    return Answer(html.encode(), headers={"Content-Type": "text/html; charset=utf-8"})


def feed(links: Sequence[str], *, texts: bool = True) -> Answer:
    """Items "Number 0", "Number 1" ... with these links."""
    items = "".join(
        f"<item><title>Number {number}</title><guid isPermaLink='false'>id-{number}</guid><link>{link}</link>"
        + (f"<description><![CDATA[{text(number)}]]></description>" if texts else "")
        + "</item>"
        for number, link in enumerate(links)
    )
    xml = f'<rss version="2.0"><channel><title>T</title><link>http://a.test/</link>{items}</channel></rss>'
    return Answer(xml.encode(), headers={"Content-Type": "application/rss+xml"})


@contextmanager
def following(tmp_path: Path, site: Callable[[Asked], Answer], **fetch: Any) -> Iterator[Pipeline]:
    """A pipeline that follows http://a.test/feed; ``site`` answers all that is asked."""
    with serving(site) as address:
        config = Config.model_validate(
            {
                "feeds": ["http://a.test/feed"],
                "store": {"url": f"sqlite:///{tmp_path / 'onecopy.db'}"},
                "fetch": {"connect_to": {"*.test": address}, "host_gap_s": 0, "robots": False, **fetch},
                "work": {"processes": 1},
            }
        )
        with Pipeline(config) as pipeline:
            yield pipeline


def articles(pipeline: Pipeline) -> dict[str | None, Article]:
    return {copy.article.title: copy.article for copy in pipeline.export()}


def asked_of(pipeline: Pipeline, question: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(pipeline.config.store.url.removeprefix("sqlite:///")) as database:
        return database.execute(question).fetchall()


def test_an_article_that_cannot_be_stored_fails_alone_and_in_the_end(tmp_path: Path) -> None:
    links = [f"http://a.test/{number}" for number in range(4)]

    def site(asked: Asked) -> Answer:
        return feed(links) if asked.path == "/feed" else page(f"Number {asked.path[1:]}", text(int(asked.path[1:])))

    with following(tmp_path, site) as pipeline:
        pipeline.feeds.all()
        asked_of(
            pipeline,
            "CREATE TRIGGER refusing BEFORE INSERT ON article WHEN new.title = 'Number 1'"
            " BEGIN SELECT RAISE(ABORT, 'not this one'); END",
        )
        for attempt in range(1, pipeline.config.schedule.page_attempts + 1):
            (failure,) = pipeline.crawl(everything=True).failures
            assert (failure.what, failure.url, failure.reason) == ("page", "http://a.test/1", "store")
            assert "not this one" in failure.message
            assert set(articles(pipeline)) == {"Number 0", "Number 2", "Number 3"}
            assert asked_of(pipeline, "SELECT max(attempts) FROM entry") == [(attempt,)]
            asked_of(pipeline, "UPDATE entry SET next_try_at = NULL")
        assert asked_of(pipeline, "SELECT state, count(*) FROM entry GROUP BY state ORDER BY 2") == [
            ("failed", 1),
            ("read", 3),
        ]


def test_a_store_that_takes_nothing_ends_the_crawl(tmp_path: Path) -> None:
    with following(
        tmp_path, lambda asked: feed(["http://a.test/0"]) if asked.path == "/feed" else page("Number 0", text(0))
    ) as pipeline:
        pipeline.feeds.all()
        for table, event in (("article", "INSERT"), ("entry", "UPDATE OF last_error")):
            asked_of(
                pipeline,
                f"CREATE TRIGGER full_{table} BEFORE {event} ON {table}"
                " BEGIN SELECT RAISE(ABORT, 'no room for anything'); END",
            )
        with pytest.raises(StoreError, match="no room for anything"):
            pipeline.crawl()


def test_pages_that_a_stop_left_unread_have_not_been_tried(tmp_path: Path) -> None:
    pages: list[str] = []
    hanging = threading.Event()

    def site(asked: Asked) -> Answer:
        if asked.path == "/feed":
            return feed([f"http://a.test/{number}" for number in range(4)], texts=False)
        pages.append(asked.path)
        hanging.wait(30)
        return Answer(b"", 503)

    try:
        with following(tmp_path, site, host_parallel=1) as pipeline:
            stop = threading.Event()
            threading.Thread(target=lambda: (_until(lambda: bool(pages)), stop.set())).start()
            pipeline.crawl(stop=stop)
            assert len(pages) == 1
            assert asked_of(pipeline, "SELECT state, attempts, count(*) FROM entry GROUP BY 1, 2") == [
                ("pending", 0, 4)
            ]
    finally:
        hanging.set()


def _until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)


SHARED = {
    "the home page": ["http://a.test/"] * 4,
    "sections of one page": [f"http://a.test/notes#v{number}" for number in range(4)],
    "one page": ["http://a.test/show"] * 4,
}


@pytest.mark.parametrize("links", SHARED.values(), ids=SHARED)
def test_items_that_link_to_one_page_are_read_from_the_feed(tmp_path: Path, links: list[str]) -> None:
    """As in podcasts and release notes: what is there is no item's own page."""
    shown = links[:3]

    def site(asked: Asked) -> Answer:
        return feed(shown) if asked.path == "/feed" else page("The show", "<p>Listen wherever you like.</p>" * 20)

    with following(tmp_path, site) as pipeline:
        assert pipeline.crawl().new_articles == 3
        shown.append(links[3])
        assert pipeline.crawl(everything=True).new_articles == 1
        found = articles(pipeline)
        assert set(found) == {f"Number {number}" for number in range(4)}
        assert all(THINGS[number] in found[f"Number {number}"].text for number in range(4))
        assert len({article.url for article in found.values()}) == 4


def test_an_item_that_comes_twice_under_one_link_is_one_article(tmp_path: Path) -> None:
    """Feeds exist that give a changed item a new guid."""
    links = ["http://a.test/piece"] * 2

    def site(asked: Asked) -> Answer:
        return feed(links) if asked.path == "/feed" else page("Number 0", text(0))

    with following(tmp_path, site) as pipeline:
        assert pipeline.crawl().new_articles == 1
        assert [article.url for article in articles(pipeline).values()] == ["http://a.test/piece"]


def test_pages_behind_a_consent_page_keep_their_addresses(tmp_path: Path) -> None:
    def site(asked: Asked) -> Answer:
        if asked.path == "/feed":
            return feed([f"http://a.test/story-{number}" for number in range(4)])
        if asked.path == "/consent":
            return page("Before you continue", f"<p>{COOKIES}</p>" * 3)
        return Answer(b"", 302, {"Location": "/consent"})

    with following(tmp_path, site) as pipeline:
        pipeline.crawl()
        found = articles(pipeline)
        assert {title: article.url for title, article in found.items()} == {
            f"Number {number}": f"http://a.test/story-{number}" for number in range(4)
        }
        assert all(article.revision == 1 for article in found.values())


def test_pages_that_are_gone_are_not_the_front_page(tmp_path: Path) -> None:
    def site(asked: Asked) -> Answer:
        if asked.path == "/feed":
            return feed([f"http://a.test/story-{number}" for number in range(3)], texts=False)
        if asked.path == "/story-1":
            return Answer(b"", 301, {"Location": "/"})
        return (
            page("Home", "".join(map(text, range(4))))
            if asked.path == "/"
            else page(f"Number {asked.path[-1]}", text(int(asked.path[-1])))
        )

    with following(tmp_path, site) as pipeline:
        (failure,) = pipeline.crawl().failures
        assert "http://a.test/story-1 leads there" in failure.message
        assert set(articles(pipeline)) == {"Number 0", "Number 2"}


def test_a_redirector_s_articles_are_known_by_their_own_addresses(tmp_path: Path) -> None:
    """Also one behind a paywall, whose page has the item's title, and a front page that is what the item is about."""

    def site(asked: Asked) -> Answer:
        if asked.path == "/feed":
            return feed([f"http://r.test/go/{number}" for number in range(3)])
        if asked.headers["Host"].startswith("r.test"):
            target = "http://b.test/" if asked.path == "/go/2" else f"http://a.test/story-{asked.path[-1]}"
            return Answer(b"", 302, {"Location": target})
        if asked.path == "/":
            return page("A tool for chess players", text(3))
        if asked.path == "/story-1":
            return page("Number 1", "<p>Already a subscriber? Log in to continue.</p>")
        return page("Number 0", text(0))

    with following(tmp_path, site) as pipeline:
        pipeline.crawl()
        assert {article.url for article in articles(pipeline).values()} == {
            "http://a.test/story-0",
            "http://a.test/story-1",
            "http://b.test/",
        }
