"""The Google Reader API, call by call as clients make them, and feeds out in four real readers."""

from __future__ import annotations

from tests.serve.conftest import Served

READ = "user/-/state/com.google/read"
STARRED = "user/-/state/com.google/starred"
LIST = "user/-/state/com.google/reading-list"


def test_login_subscriptions_items_and_marks(guarded: Served) -> None:
    with guarded.client() as http:
        for base in ("", "/api/greader.php"):
            wrong = http.post(f"{base}/accounts/ClientLogin", data={"Email": "ann", "Passwd": "no"})
            assert (wrong.status_code, wrong.text) == (401, "Error=BadAuthentication\n")
            login = http.post(f"{base}/accounts/ClientLogin", data={"Email": "ann", "Passwd": "correct horse"})
            lines = dict(line.split("=", 1) for line in login.text.splitlines())
            http.headers["Authorization"] = f"GoogleLogin auth={lines['Auth']}"
            api = f"{base}/reader/api/0"
            subscriptions = http.get(f"{api}/subscription/list?output=json").json()["subscriptions"]
            assert len(subscriptions) == len(guarded.pipeline.feeds.all())
            assert all(isinstance(one["categories"], list) for one in subscriptions)
            assert len(http.get(f"{api}/token").text) == 57
        assert http.get(f"{api}/user-info").json()["userName"] == "ann"

        stories = {one.id for one in guarded.pipeline.stories(limit=1000)}
        refs = http.get(f"{api}/stream/items/ids", params={"s": LIST, "n": 10000, "xt": READ}).json()["itemRefs"]
        assert {int(one["id"]) for one in refs} == stories
        short, other = sorted(stories)[:2]
        long = f"tag:google.com,2005:reader/item/{other:016x}"
        found = http.post(f"{api}/stream/items/contents", data={"i": [str(short), long]}).json()["items"]
        assert {one["id"] for one in found} == {f"tag:google.com,2005:reader/item/{short:016x}", long}

        for change, has in (({"a": READ}, True), ({"r": READ}, False), ({"a": READ}, True)):
            answer = http.post(f"{api}/edit-tag", data={"i": [str(short), long], **change})
            assert (answer.status_code, answer.text) == (200, "OK")
            items = http.get(f"{api}/stream/items/contents", params={"i": long}).json()["items"]
            assert (READ in items[0]["categories"]) is has
        assert http.post(f"{api}/edit-tag", data={"i": long, "a": STARRED}).text == "OK"
        starred = http.get(f"{api}/stream/contents/{STARRED}").json()["items"]
        assert [one["id"] for one in starred] == [long]
        unread = http.get(f"{api}/unread-count").json()["max"]
        assert unread == len(stories) - 2
        assert http.post(f"{api}/mark-all-as-read", data={"s": LIST}).text == "OK"
        assert http.get(f"{api}/unread-count").json()["max"] == 0


def test_pages_of_a_stream_hold_everything_once(served: Served) -> None:
    with served.client() as http:
        for order in ("", "o"):
            seen: list[str] = []
            following = ""
            while following is not None:
                params = {"n": 7, "r": order} | ({"c": following} if following else {})
                page = http.get("/reader/api/0/stream/contents/" + LIST, params=params).json()
                seen += [one["id"] for one in page["items"]]
                following = page.get("continuation")
            assert len(seen) == len(set(seen)) == len(served.pipeline.stories(limit=1000))


def test_unknown_streams_and_ids(served: Served) -> None:
    with served.client() as http:
        assert http.get("/reader/api/0/stream/contents/feed/999999").status_code == 404
        assert http.get("/reader/api/0/stream/items/contents?i=999999&i=x&i=-3").json()["items"] == []
        assert http.post("/reader/api/0/edit-tag", data={"i": "999999", "a": READ}).text == "OK"
