"""What browsers, proxies and other programs try at any server."""

from __future__ import annotations

from pathlib import Path

from tests.serve.conftest import Served


def test_head_is_answered_wherever_get_is(served: Served) -> None:
    story = served.pipeline.stories(limit=1)[0].id
    with served.client() as http:
        for path in (
            "/",
            f"/stories/{story}",
            "/feeds",
            "/feed.atom",
            "/api/v1/stories",
            "/v1/feeds",
            "/static/style.css",
        ):
            head, get = http.head(path), http.get(path)
            assert (head.status_code, head.content) == (200, b"")
            for name in ("content-length", "content-type", "etag"):
                assert head.headers.get(name) == get.headers.get(name), (path, name)
            assert http.head(path, headers={"If-None-Match": get.headers["etag"]}).status_code == 304
        assert http.head("/nosuch").status_code == 404
        assert http.head("/logout").status_code == 405


def test_addresses_that_everybody_tries(served: Served) -> None:
    with served.client() as http:
        assert http.get("/stories?q=coal").headers["location"] == "/?q=coal"
        icon = http.get("/favicon.ico")
        assert (icon.status_code, icon.headers["content-type"]) == (200, "image/svg+xml")
        for path in ("/nosuch", "/stories/999999", "/stories/x", "/static/nosuch"):
            page = http.get(path, headers={"Accept": "text/html,*/*"})
            assert page.headers["content-type"].startswith("text/html"), path
            assert page.status_code in (404, 422)
            assert "Back to the stories" in page.text


def test_a_page_that_says_what_went_wrong_leads_on_for_who_is_logged_in_only(guarded: Served) -> None:
    accept = {"Accept": "text/html"}
    with guarded.client(auth=("ann", "correct horse"), headers=accept) as ann, guarded.client(headers=accept) as nobody:
        missing = ann.get("/stories/999999")
        assert missing.status_code == 404
        assert 'href="/feeds"' in missing.text
        assert 'role="search"' in missing.text
        assert 'href="/feeds"' not in nobody.get("/nosuch").text


def test_health_needs_no_login_and_looks_at_the_store(guarded: Served) -> None:
    with guarded.client() as http:
        well = http.get("/health")
        assert (well.status_code, well.text) == (200, "ok\n")
        assert http.head("/health").status_code == 200
        path = Path(guarded.pipeline.store.label)
        guarded.pipeline.store.close()
        path.write_bytes(b"x" * 8192)  # what is left is no database
        assert http.get("/health").status_code == 503
