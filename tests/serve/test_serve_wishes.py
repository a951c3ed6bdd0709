"""What an address asks for is understood the same everywhere, or refused in plain words; never left out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from tests.serve.conftest import Served

WRONG = {
    "since=nonsense": "since: 'nonsense' is neither a date (2025-06-30), a time (2025-06-30T14:00Z) nor an age",
    "copies=abc": "copies: is not a whole number",
    "copies=0": "copies: is less than 1",
    "status=seen": "status: is none of 'read', 'unread' or 'starred'",
    "feed=x": "feed: is not a whole number",
    "language=" + "x" * 99: "language: has more than 35 characters",
}
PLACES = {"/feed.json": 400, "/feed.atom": 400, "/": 400, "/api/v1/stories": 422}
INTERNALS = ("String should", "pattern", "Input should", "validation", "regex", "datetime.", "Extra inputs", "^")


@pytest.mark.parametrize("place", PLACES)
def test_values_that_cannot_be_used_are_refused(place: str, served: Served) -> None:
    with served.client() as http:
        for query, said in WRONG.items():
            answer = http.get(f"{place}?{query}")
            assert (answer.status_code, answer.headers["content-type"]) == (PLACES[place], "application/problem+json")
            assert answer.json()["detail"].startswith(said)
            assert answer.json()["errors"][0]["where"] == "query." + query.partition("=")[0]
        assert http.get(f"{place}?q=%20&site=&since=&copies=&feed=&status=").status_code == 200  # a form's empty fields
        assert http.get(f"{place}?utm_source=x").status_code == 200


def test_names_that_mean_nothing_are_refused_by_programs(served: Served) -> None:
    with served.client() as http:
        for path, status in (
            ("/feed.json?sinc=7d", 400),
            ("/feed.atom?saved=x", 400),
            ("/feed.rss?limit=abc", 400),
            ("/api/v1/stories?sinc=7d", 422),
            ("/api/v1/feeds?folder=x", 422),
            ("/api/v1/stories/1?x=1", 422),
        ):
            answer = http.get(path)
            assert answer.status_code == status, path
            assert answer.json()["errors"][0]["where"].startswith("query.")
        assert http.get("/?fbclid=x").status_code == 200
        page = http.get("/?since=soon", headers={"Accept": "text/html"})
        assert page.status_code == 400
        assert "neither a date" in page.text
        assert http.post("/read-all?view=since%3Dsoon").status_code == 400  # and not: everything
        assert http.get("/v1/entries?status=read").json()["total"] == 0


def test_ages_and_both_names_of_a_search_are_understood_everywhere(served: Served) -> None:
    def listed(http: httpx.Client, query: str) -> list[list[str]]:
        feed = [one["title"] for one in http.get(f"/feed.json?limit=200&{query}").raise_for_status().json()["items"]]
        stories = http.get(f"/api/v1/stories?limit=200&{query}").raise_for_status().json()["stories"]
        return [feed, [one["title"] for one in stories]]

    word = max(str(served.pipeline.stories(limit=1)[0].title).split(), key=len)
    newest = max(one.published_at or one.first_seen_at for one in served.pipeline.stories(limit=1000))
    days = (datetime.now(UTC) - newest) // timedelta(days=1)
    with served.client() as http:
        for name in ("q", "text"):
            feed, stories = listed(http, f"{name}={word}")
            assert feed == stories
            assert 0 < len(feed) < len(served.pipeline.stories(limit=1000))
        assert [len(one) for one in listed(http, "since=1min")] == [0, 0]
        feed, stories = listed(http, f"since={days + 1}d")
        assert sorted(feed) == sorted(stories) != []
        assert http.get("/?since=1min").text.count("<article") == 0


def test_keys_that_mean_nothing_are_refused(served: Served) -> None:
    with served.client() as http:
        for method, path, body in (
            ("PATCH", "/api/v1/stories/2", {"red": True}),
            ("POST", "/api/v1/feeds", {"url": "http://a.test/", "foldr": "x"}),
            ("POST", "/api/v1/searches", {"name": "x", "queri": "q=x"}),
            ("POST", "/api/v1/crawl", {"feds": []}),
            ("POST", "/api/v1/check", {"text": "x", "titel": "x"}),
        ):
            answer = http.request(method, path, json=body)
            assert answer.status_code == 422, path
            assert answer.json()["errors"][0]["what"] == "is not known here"
        assert http.post("/api/v1/searches", json={"name": "x", "query": "since=soon"}).status_code == 400
        assert http.get("/api/v1/searches").json() == []


def test_refusals_are_in_plain_words(served: Served) -> None:
    with served.client() as http:
        answers = [
            http.get("/api/v1/stories?after=x"),
            http.get("/api/v1/stories?since=20"),
            http.get("/api/v1/stories?limit=999"),
            http.get("/api/v1/stories/x"),
            http.get("/api/v1/diff"),
            http.get("/api/v1/articles?url="),
            http.post("/api/v1/feeds", json={"url": "ftp://x"}),
            http.post("/api/v1/feeds", json=[]),
            http.post("/api/v1/feeds", content=b"{", headers={"Content-Type": "application/json"}),
            http.post("/api/v1/searches", json={"name": " "}),
            http.post("/api/v1/crawl", json={"feeds": ["x"]}),
            http.patch("/api/v1/stories/1", json={"read": "perhaps"}),
        ]
        said = [answer.json()["detail"] for answer in answers]
        assert [answer.status_code for answer in answers] == [422] * len(answers)
        assert not [one for one in said if any(word in one for word in INTERNALS)]
        assert said[0] == "after: is not the next of a page"
        assert said[6] == "url: is not an http(s) address in ASCII"
        assert said[8] == "body: is not JSON"
        assert "cannot be used" not in said
