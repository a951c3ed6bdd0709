"""The JSON API: what it answers, page by page, and schemathesis over the whole of its description."""

from __future__ import annotations

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import checks

from tests.serve.conftest import Served


def test_pages_by_key_and_filters(served: Served) -> None:
    stories = served.pipeline.stories(limit=1000)
    with served.client() as http:
        seen: list[int] = []
        after = None
        while True:
            page = http.get("/api/v1/stories", params={"limit": 9} | ({"after": after} if after else {})).json()
            seen += [one["id"] for one in page["stories"]]
            after = page["next"]
            if after is None:
                break
        assert seen == [one.id for one in stories]
        several = http.get("/api/v1/stories?copies=3").json()["stories"]
        assert {one["id"] for one in several} == {one.id for one in stories if one.copies >= 3}
        found = http.get("/api/v1/stories?text=the&limit=2").json()
        assert [one["id"] for one in found["stories"]] == [one.id for one in served.pipeline.search("the", 2)]
        following = http.get(f"/api/v1/stories?text=the&limit=2&after={found['next']}").json()["stories"]
        assert [one["id"] for one in following] == [one.id for one in served.pipeline.search("the", 4)][2:]
        site = http.get("/api/v1/stories?site=zerocontango.test").json()["stories"]
        assert site
        assert all(any(copy["site"] == "zerocontango.test" for copy in one["where"]) for one in site)


def test_one_story_diff_check_marks_and_statistics(served: Served) -> None:
    row = max(served.pipeline.stories(limit=1000), key=lambda one: one.copies)
    with served.client() as http:
        story = http.get(f"/api/v1/stories/{row.id}").json()
        first, second = story["members"][:2]
        assert (first["original"], second["copied_from"]) == (True, first["url"])
        assert second["evidence"]
        why = http.get(f"/api/v1/stories/{row.id}/why").json()
        assert why.keys() == {one["canonical_url"] for one in story["members"]}
        assert why[second["canonical_url"]]["joins"][0]["with"] == first["canonical_url"]
        diff = http.get("/api/v1/diff", params={"left": first["article"], "right": second["article"]}).json()
        assert {one["op"] for one in diff["rows"]} & {"removed", "added", "changed"}
        known = http.post("/api/v1/check", json={"text": first["text"]}).json()["known"]
        assert known[0]["story"] == row.id
        assert http.patch(f"/api/v1/stories/{row.id}", json={"read": True}).status_code == 204
        assert http.get("/api/v1/stories?status=read").json()["stories"][0]["id"] == row.id
        numbers = http.get("/api/v1/statistics").json()
        assert (numbers["stories"], numbers["unread"]) == (len(served.pipeline.stories(limit=1000)),) * 2 or (
            numbers["unread"] == numbers["stories"] - 1
        )
        etag = http.get(f"/api/v1/stories/{row.id}").headers["ETag"]
        assert http.get(f"/api/v1/stories/{row.id}", headers={"If-None-Match": etag}).status_code == 304
        by_url = http.get("/api/v1/articles", params={"url": first["url"] + "?utm_source=x"}).json()
        assert by_url["article"] == first["article"]


def test_what_a_person_said_is_shown_in_the_api_and_on_the_page(served: Served) -> None:
    one, other = (row.id for row in served.pipeline.stories(limit=2))
    kept = served.pipeline.words.merge(one, other).stories[0][1]
    with served.client() as http:
        members = http.get(f"/api/v1/stories/{kept}").json()["members"]
        assert sum(line.startswith("by hand: merged with ") for each in members for line in each["evidence"]) == 2
        assert "by hand: merged with " in http.get(f"/stories/{kept}").text
        why = http.get(f"/api/v1/stories/{kept}/why").json()
        assert sum(said["together"] for each in why.values() for said in each["by_hand"]) == 2


def test_problems_are_problem_details(served: Served) -> None:
    with served.client() as http:
        for path, status in (("/api/v1/stories/999999", 404), ("/api/v1/stories?limit=0", 422), ("/api/v1/none", 404)):
            answer = http.get(path)
            assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
            assert answer.json()["status"] == status
        assert "limit" in http.get("/api/v1/stories?limit=0").json()["errors"][0]["where"]


def test_redundancy_counts_who_was_first(served: Served) -> None:
    with served.client() as http:
        report = http.get("/api/v1/redundancy").json()
        feeds = {one["name"]: one for one in report["feeds"]}
        assert feeds["Newsfunnel"]["late"] == feeds["Newsfunnel"]["stories"] == 3
        assert feeds["Meridian Press"]["late"] == 0
        assert report["pairs"][0]["source"] == "zerocontango.test"
        assert all(one["late"] <= one["shared"] <= one["stories"] for one in report["feeds"])


def test_schemathesis_finds_nothing_unexpected(guarded: Served) -> None:
    """Every operation with generated good and bad values: no 5xx, nothing that the description does not allow."""
    token = guarded.pipeline.store.accounts.add_token("ann", "schemathesis")
    schema = schemathesis.openapi.from_url(f"{guarded.url}/api/openapi.json")
    wanted = [
        check
        for check in checks.CHECKS.get_all()
        if check.__name__
        in (
            "not_a_server_error",
            "status_code_conformance",
            "content_type_conformance",
            "response_headers_conformance",
            "response_schema_conformance",
        )
    ]
    assert len(wanted) == 5
    seen = 0
    anonymous = guarded.client()
    for operation in schema.get_all_operations():
        made = operation.ok()
        if (made.method.upper(), made.path) == ("POST", "/api/v1/crawl"):
            continue  # its own test: it would crawl between the others

        @settings(
            max_examples=12,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=made.as_strategy())
        def every(case: schemathesis.Case) -> None:
            case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=wanted)

        every()
        assert anonymous.request(made.method, made.path.format(story=1, article=1, feed=1, search=1)).status_code == 401
        seen += 1
    assert seen >= 15
