"""The pages in Debian's chromium: what a person does with them, by mouse and keyboard, wide and narrow; and axe."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.serve.conftest import Served

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(
    CHROMIUM is None and not os.environ.get("CI"), reason="chromium is not installed (Debian: apt install chromium)"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


def test_reading_searching_marking_by_keyboard(served: Served, browser: Any) -> None:
    context = browser.new_context(base_url=served.url)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto("/?copies=3")
    row = next(one for one in served.pipeline.stories(copies=3))
    assert page.locator(".card").count() == len(served.pipeline.stories(copies=3))
    page.keyboard.press("j")
    with page.expect_response("**/marks"):
        page.keyboard.press("s")
    assert page.locator(".card.here .star").inner_text() == "★ Starred"
    with page.expect_response("**/marks"):
        page.keyboard.press("o")  # opening marks it as read
    assert page.url.endswith(f"/stories/{row.id}")
    assert page.locator("svg.chain circle").count() == row.copies
    page.get_by_role("link", name="What it changed").or_(page.locator("a[href^='/diff']")).first.click()
    assert page.locator("table.diff ins, table.diff del").count() > 0
    page.goto("/?status=read")
    assert page.locator(".card").count() == 1
    page.goto("/?status=starred")
    assert page.locator(".card").count() == 1
    page.keyboard.press("/")
    page.keyboard.type("blockade")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=blockade")
    assert page.locator(".card").count() == len(served.pipeline.search("blockade"))
    page.get_by_text("Filters").click()
    page.get_by_label("Save this search as").fill("Sea")
    with page.expect_navigation():
        page.get_by_role("button", name="Save", exact=True).click()
    assert page.get_by_role("link", name="Sea", exact=True).get_attribute("aria-current") == "true"
    page.get_by_text("Filters").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Forget the saved search").click()
    assert page.get_by_role("link", name="Sea", exact=True).count() == 0
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    assert errors == []
    context.close()


def test_adding_a_feed_from_a_page_and_opml(served: Served, browser: Any, tmp_path: Path) -> None:
    context = browser.new_context(base_url=served.url, accept_downloads=True)
    page = context.new_page()
    feeds = served.pipeline.feeds.all()
    page.goto("/feeds")
    with page.expect_download() as download:
        page.get_by_text("Download all feeds as OPML").click()
    saved = tmp_path / "list.opml"
    download.value.save_as(saved)
    assert saved.read_text().count("xmlUrl") == len(feeds)
    saved.write_text(saved.read_text().replace(feeds[0].url, "http://another.test/feed"))
    page.set_input_files("input[type=file]", saved)
    with page.expect_navigation():
        page.get_by_role("button", name="Read it").click()
    assert len(served.pipeline.feeds.all()) == len(feeds) + 1
    page.fill("input[name=url]", "http://meridianpress.test/")
    with page.expect_navigation():
        page.get_by_role("button", name="Add", exact=True).click()
    assert "meridianpress" in page.inner_text("main").lower() or "Meridian" in page.inner_text("main")
    context.close()


def test_it_works_without_scripts(served: Served, browser: Any) -> None:
    context = browser.new_context(base_url=served.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    with page.expect_navigation():
        page.get_by_role("button", name="Mark read").first.click()
    page.goto("/?status=read")
    assert page.locator(".card").count() == 1
    context.close()


def test_a_picture_holds_its_labels_and_shows_times_as_the_list_does(served: Served, browser: Any) -> None:
    body = " ".join(f"The boat of day {day} left the harbour before the storm of night {day * 7}." for day in range(12))
    sites = ("quarryvaleindependent.test", "gemeinsame-wochenzeitung-am-mittwoch.test", "a.test")
    lines = [{"url": f"https://{site}/a", "title": "Boats", "text": body} for site in sites]
    lines[0]["published_at"] = "2025-06-30T23:30:00Z"
    served.pipeline.import_lines(map(json.dumps, lines))
    story = next(one for one in served.pipeline.stories(limit=1000) if one.title == "Boats")
    context = browser.new_context(base_url=served.url, timezone_id="Asia/Tokyo", locale="en-GB")
    page = context.new_page()
    page.goto(f"/stories/{story.id}")
    boxes = "all => all.map(one => one.getBBox()).map(box => box.x + box.width)"
    width = page.locator("svg.chain").evaluate("svg => svg.viewBox.baseVal.width")
    assert max(page.locator("svg.chain text").evaluate_all(boxes)) <= width
    times = page.locator("svg.chain .time").all_text_contents()
    listed = page.locator(".copies .meta").all_text_contents()
    assert any("1 Jul 2025, 08:30" in one and "first seen" not in one for one in times), times
    assert any("1 Jul 2025, 08:30" in one and "first seen" not in one for one in listed), listed
    assert sum("first seen" in one for one in times) == sum("first seen" in one for one in listed) == 2
    context.close()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_axe_finds_nothing_serious_and_nothing_is_wider_than_the_screen(
    scheme: str, width: int, served: Served, browser: Any
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    story = max(served.pipeline.stories(limit=1000), key=lambda one: one.copies)
    first, second = (one.id for one in served.pipeline.story(story.id).members[:2])
    context = browser.new_context(
        base_url=served.url, color_scheme=scheme, viewport={"width": width, "height": 844}, bypass_csp=True
    )
    page = context.new_page()
    paths = ["/", "/?q=the&copies=2", f"/stories/{story.id}", f"/diff?left={first}&right={second}", "/feeds"]
    for path in [*paths, f"/articles/{first}/history", "/redundancy", "/elsewhere", "/stories/999999"]:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        found = Axe().run(page).response["violations"]
        serious = [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")]
        assert serious == [], path
    context.close()
