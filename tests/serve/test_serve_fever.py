"""The Fever API over HTTP, as its clients ask: one address, a key, and parameters that say what is wanted."""

from __future__ import annotations

import hashlib
from typing import Any

import httpx
import pytest

from tests.serve.conftest import Served


@pytest.fixture
def key(guarded: Served) -> str:
    token = guarded.pipeline.store.accounts.add_token("ann", "phone")
    return hashlib.md5(f"ann:{token}".encode()).hexdigest()


def ask(http: httpx.Client, key: str, what: str, **values: object) -> dict[str, Any]:
    answer = http.post(f"/fever/?api&{what}", data={"api_key": key, **values})
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def test_a_key_that_is_not_known_gets_nothing(guarded: Served, key: str) -> None:
    with guarded.client() as http:
        assert ask(http, "0" * 32, "items&feeds") == {"api_version": 3, "auth": 0}
        assert http.get("/fever?api").json() == {"api_version": 3, "auth": 0}
        assert ask(http, key.upper(), "")["auth"] == 1
        guarded.pipeline.store.accounts.remove_token("ann", guarded.pipeline.store.accounts.tokens("ann")[0].id)
        assert ask(http, key, "")["auth"] == 0


def test_groups_feeds_and_every_item_once(guarded: Served, key: str) -> None:
    stories = {one.id: one for one in guarded.pipeline.stories(limit=1000)}
    with guarded.client() as http:
        answer = ask(http, key, "groups&feeds&favicons&links")
        feeds = {one["id"] for one in answer["feeds"]}
        assert len(feeds) == len(guarded.pipeline.feeds.all())
        inside = [int(one) for group in answer["feeds_groups"] for one in group["feed_ids"].split(",")]
        assert sorted(inside) == sorted(feeds)
        assert {group["group_id"] for group in answer["feeds_groups"]} <= {group["id"] for group in answer["groups"]}
        assert answer["last_refreshed_on_time"] > 0

        seen: list[int] = []
        while page := ask(http, key, f"items&since_id={seen[-1] if seen else 0}")["items"]:
            assert len(page) <= 50
            seen += [one["id"] for one in page]
        assert seen == sorted(stories)
        back: list[int] = []
        while page := ask(http, key, f"items&max_id={back[-1] if back else 2**31 - 1}")["items"]:
            back += [one["id"] for one in page]
        assert back == seen[::-1]
        several = max(stories.values(), key=lambda one: one.copies)
        answer = ask(http, key, f"items&with_ids={several.id},999999,x")
        (item,) = answer["items"]
        assert answer["total_items"] == len(stories)
        assert (item["id"], item["title"], item["is_read"]) == (several.id, several.title, 0)
        assert item["feed_id"] in feeds
        assert "Also published at" in item["html"]


def test_a_get_changes_nothing(served: Served) -> None:
    """As an image on a page of another site would, while nobody has to log in."""
    with served.client() as http:
        unread = http.get("/v1/entries?status=unread").json()["total"]
        address = "/fever/?api&mark=group&as=read&id=0&before=8000000000"
        assert http.get(address).status_code == 405
        assert http.post(address, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
        assert http.get("/v1/entries?status=unread").json()["total"] == unread > 0


def test_marks(guarded: Served, key: str) -> None:
    stories = {one.id for one in guarded.pipeline.stories(limit=1000)}
    one = min(stories)

    def ids(http: httpx.Client, which: str) -> set[int]:
        given = ask(http, key, f"{which}_item_ids")[f"{which}_item_ids"]
        return {int(each) for each in given.split(",") if each}

    with guarded.client() as http:
        assert ids(http, "unread") == stories
        after = ask(http, key, "unread_item_ids", mark="item", **{"as": "read", "id": one})  # told in the same answer
        assert str(one) not in after["unread_item_ids"].split(",")
        ask(http, key, "", mark="item", **{"as": "saved", "id": one})
        assert ids(http, "saved") == {one}
        ask(http, key, "", mark="item", **{"as": "unread", "id": one})
        ask(http, key, "", mark="item", **{"as": "unsaved", "id": one})
        assert (ids(http, "unread"), ids(http, "saved")) == (stories, set())
        feed = ask(http, key, "items")["items"][0]["feed_id"]
        ask(http, key, "", mark="feed", **{"as": "read", "id": feed, "before": 1})
        assert ids(http, "unread") == stories  # nothing is so old
        ask(http, key, "", mark="feed", **{"as": "read", "id": feed, "before": 2**33})
        left = ids(http, "unread")
        assert 0 < len(left) < len(stories)
        ask(http, key, "", mark="group", **{"as": "read", "id": 0, "before": 2**33})
        assert ids(http, "unread") == set()
        # The same state in every other interface.
        assert http.get("/v1/entries?status=unread", auth=("ann", "correct horse")).json()["total"] == 0
