"""The case that started it: an essay, ZeroHedge's copy, an aggregator's copy of that, and a copy of the aggregator's.

Its text is not ours to ship: this runs where ``../shared/seed`` is present, and says so where it is not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from html import escape
from itertools import permutations
from pathlib import Path

import pytest
from http_serving import Answer, Asked, serving

from pipeline import Pipeline
from pipeline.config import Config, FeedSettings, FetchSettings, ScheduleSettings, StoreSettings
from pipeline.exchange import view_record
from tests.flow.helpers import Record

SEED = Path(__file__).parents[3] / "shared" / "seed"
FILES = sorted(SEED.glob("*.txt"))
pytestmark = pytest.mark.skipif(not FILES, reason="needs ../shared/seed, which is not part of the project")

CREDIT = "Authored by Andrew Korybko via Substack,"
SIGN_OFF = ("Tyler Durden", "Mon, 06/30/2025 - 02:00")
ESSAY = "http://korybko.substack.com/p/continued-russian-us-talks"
HEDGE = "http://www.zerohedge.com/geopolitical/continued-russian-us-talks"
BLITZ = "http://dailyblitz.de/continued-russian-us-talks"
DISMOUNT = "http://dismount.eu/continued-russian-us-talks"
CHAIN = {ESSAY: None, HEDGE: ESSAY, BLITZ: HEDGE, DISMOUNT: BLITZ}


def pages() -> tuple[str, dict[str, list[str]]]:
    """The title, and the lines of each page: the file as given is the last one."""
    given = [line.strip() for line in FILES[0].read_text(encoding="utf-8").split("\n") if line.strip()]
    title = given[0]
    body = [line for line in given if len(line) > 100 and line != title]
    hedge = [CREDIT, *body, *SIGN_OFF]
    return title, {ESSAY: body, HEDGE: hedge, BLITZ: [title, *hedge, "Read Entire Article"], DISMOUNT: given}


BYLINES = {ESSAY: "Andrew Korybko", HEDGE: "Tyler Durden"}
DATES = {
    ESSAY: "2025-06-29T08:00:00Z",
    HEDGE: "2025-06-30T06:00:00Z",
    BLITZ: "2025-06-30T06:10:00Z",
    DISMOUNT: "2025-06-30T11:10:00Z",
}


def page_html(url: str, title: str, lines: Sequence[str]) -> str:
    author = f'<meta name="author" content="{BYLINES[url]}">' if url in BYLINES else ""
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return (
        f"<html lang=en><head><title>{escape(title)}</title>{author}"
        f'<meta property="article:published_time" content="{DATES[url]}"></head>'
        f"<body><nav><a href=/>Home</a> <a href=/about>About</a></nav><article><h1>{escape(title)}</h1>{paragraphs}"
        "</article><footer>Contact us</footer></body></html>"
    )


class Sites:
    """The four sites on one loopback server; each has a feed that lists its page once it is published."""

    def __init__(self) -> None:
        self.title, self.lines = pages()
        self.published: set[str] = set()

    def answer(self, host: str, path: str) -> tuple[str, str]:
        for url in self.published:
            if url == f"http://{host}{path}":
                return "text/html; charset=utf-8", page_html(url, self.title, self.lines[url])
        items = "".join(
            f"<item><title>{escape(self.title)}</title><link>{url}</link><guid>{url}</guid></item>"
            for url in sorted(self.published)
            if url.startswith(f"http://{host}/")
        )
        return "application/rss+xml", f'<rss version="2.0"><channel><title>{host}</title>{items}</channel></rss>'


@pytest.fixture
def sites() -> Iterator[tuple[Sites, str]]:
    world = Sites()

    def answer(asked: Asked) -> Answer:
        kind, text = world.answer(asked.headers["Host"], asked.path)
        return Answer(text.encode(), headers={"Content-Type": kind})

    with serving(answer) as address:
        yield world, address


def check(story: Record, urls: set[str]) -> None:
    assert {member["url"] for member in story["members"]} == urls
    assert story["url"] == ESSAY
    assert story["byline"] == ["Andrew Korybko"]
    assert story["credit"]["author"] == "Andrew Korybko"
    assert story["credit"]["publisher"] == "Substack"
    assert {member["url"]: member["copied_from"] for member in story["members"]} == {url: CHAIN[url] for url in urls}
    assert {member["kind"] for member in story["members"] if member["url"] != ESSAY} == {"republication"}


@pytest.mark.parametrize(
    "order", list(permutations([ESSAY, HEDGE, DISMOUNT])), ids=lambda order: "-".join(url[7:10] for url in order)
)
def test_crawled_in_every_order(order: Sequence[str], sites: tuple[Sites, str], tmp_path: Path) -> None:
    """Original, ZeroHedge's form and the file as given, each found by a crawl of its own."""
    world, address = sites
    hosts = [url.split("/")[2] for url in order]
    config = Config(
        feeds=tuple(FeedSettings(url=f"http://{host}/feed") for host in hosts),
        store=StoreSettings(url=f"sqlite:///{tmp_path / 'seed.db'}"),
        fetch=FetchSettings(connect_to=dict.fromkeys(hosts, address), host_gap_s=0),
        schedule=ScheduleSettings(min_interval_s=1),
    )
    with Pipeline(config) as pipeline:
        for url in order:
            world.published.add(url)
            pipeline.crawl(everything=True)
        stories = pipeline.stories()
        assert len(stories) == 1
        story = view_record(pipeline.story(stories[0].id))
    # The page between is not there: the aggregator's own words lead to the one it took the text from.
    assert {member["url"]: member["copied_from"] for member in story["members"]} == {
        ESSAY: None,
        HEDGE: ESSAY,
        DISMOUNT: HEDGE,
    }
    assert (story["credit"]["author"], story["credit"]["publisher"]) == ("Andrew Korybko", "Substack")


def test_all_four_in_every_order(tmp_path: Path) -> None:
    """The whole chain: 24 orders of arrival, one answer."""
    title, lines = pages()
    records = {
        url: json.dumps(
            {
                "url": url,
                "title": title,
                "text": "\n".join(lines[url]),
                "byline": [BYLINES[url]] if url in BYLINES else [],
                "published_at": DATES[url],
            }
        )
        for url in CHAIN
    }
    for number, order in enumerate(permutations(CHAIN)):
        config = Config(store=StoreSettings(url=f"sqlite:///{tmp_path / f'{number}.db'}"))
        with Pipeline(config) as pipeline:
            pipeline.import_lines(records[url] for url in order)
            stories = pipeline.stories()
            assert [story.copies for story in stories] == [4], order
            check(view_record(pipeline.story(stories[0].id)), set(CHAIN))
