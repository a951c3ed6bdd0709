"""Feeds that say nothing of themselves, beside those that do: every page and interface answers."""

from __future__ import annotations

import pytest

from tests.serve.conftest import Served

PATHS = """/ /?folder= /?feed={id} /feeds /redundancy /elsewhere /feeds.opml /feed.atom?feed={id} /feed.rss?folder=
/feed.json?feed={id} /api/v1/feeds /api/v1/feeds/{id} /api/v1/stories?feed={id} /api/v1/redundancy /api/v1/statistics
/v1/categories /v1/feeds /v1/feeds/{id} /v1/feeds/counters /v1/feeds/{id}/entries /v1/entries /v1/export
/reader/api/0/tag/list?output=json /reader/api/0/subscription/list?output=json /reader/api/0/unread-count?output=json
/reader/api/0/stream/contents/feed/{id}?output=json /fever/?api&groups&feeds&items"""


@pytest.fixture
def served(served: Served) -> Served:
    """With feeds in no folder, one and a folder in it; the first has an address and nothing else."""
    for url, folder in (("http://bare.test/", None), ("http://a.test/", "News"), ("http://b.test/", "News/World")):
        served.pipeline.feeds.add(url, None, folder)
    return served


def test_everything_answers(served: Served) -> None:
    bare = served.pipeline.feeds.find("http://bare.test/")
    assert (bare.folder, bare.title) == (None, None)
    with served.client() as http:
        for path in PATHS.split():
            assert http.get(path.format(id=bare.id), headers={"Accept": "text/html"}).status_code == 200, path


def test_feeds_stand_under_their_folder(served: Served) -> None:
    with served.client() as http:
        page = http.get("/feeds").text
    assert page.index("No folder") < page.index("http://bare.test/") < page.index(">News</a>")
    assert page.index(">News</a>") < page.index("http://a.test/") < page.index(">News/World</a>")
