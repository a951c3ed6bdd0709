"""Saved searches: by name, on the page, in the API, and as feeds whose identity outlives a change of the search."""

from __future__ import annotations

import re

import feedparser

from tests.serve.conftest import Served


def test_saved_on_the_page_shown_there_and_a_feed(served: Served) -> None:
    with served.client(headers={"Accept": "text/html"}) as http:
        home = http.get("/?q=the&copies=2")
        assert 'action="/searches"' in home.text
        made = http.post("/searches", data={"name": "Often <printed>", "view": "q=the&copies=2&after=x"})
        assert (made.status_code, made.headers["location"]) == (303, "/?q=the&copies=2")
        page = http.get("/?copies=2&q=the").text
        assert "Often &lt;printed&gt;" in page
        number = re.search(r"/searches/(\d+)/remove", page)
        assert number
        assert f"/feed.atom?saved={number[1]}" in page
        assert "Often" in http.get("/").text
        feed = feedparser.parse(http.get(f"/feed.atom?saved={number[1]}").content)
        assert feed.feed.title == "Often <printed>"
        wanted = http.get("/api/v1/stories?text=the&copies=2&limit=200").json()["stories"]
        assert {one.title for one in feed.entries} == {one["title"] for one in wanted}
        assert http.post(f"/searches/{number[1]}/remove").status_code == 303
        assert http.get(f"/feed.atom?saved={number[1]}").status_code == 404
        assert http.post("/searches", data={"name": " ", "view": "q=x"}).status_code == 400


def test_each_account_has_its_own_and_a_change_keeps_the_feed(guarded: Served) -> None:
    with guarded.client(auth=("ann", "correct horse")) as ann, guarded.client(auth=("bob", "battery staple")) as bob:
        made = ann.post("/api/v1/searches", json={"name": "Wire", "query": "?copies=3"})
        assert made.status_code == 201
        number = made.json()["id"]
        assert bob.get("/api/v1/searches").json() == []
        assert bob.get(f"/feed.json?saved={number}").status_code == 404
        assert bob.delete(f"/api/v1/searches/{number}").status_code == 404
        first = feedparser.parse(ann.get(f"/feed.atom?saved={number}").content)
        changed = ann.post("/api/v1/searches", json={"name": "WIRE", "query": "copies=2"}).json()
        assert (changed["id"], changed["query"]) == (number, "copies=2")
        second = feedparser.parse(ann.get(f"/feed.atom?saved={number}").content)
        assert first.feed.id == second.feed.id
        assert {one.id for one in first.entries} < {one.id for one in second.entries}
        assert ann.get(changed["json_feed"].removeprefix(guarded.url)).json()["title"] == "WIRE"
        assert ann.delete(f"/api/v1/searches/{number}").status_code == 204
        assert ann.get("/api/v1/searches").json() == []
        guarded.pipeline.store.accounts.remove("ann")  # with all that it kept
