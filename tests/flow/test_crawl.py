"""The main job on the demo world: real HTTP, real worker processes, a real database."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline import Pipeline
from pipeline.config import load
from pipeline.demo import Server, World, serve, write_config
from tests.flow.helpers import Record, decided, export, groups

STORIES_APART = ("original", "digest")


def test_one_story_per_text_and_no_two_texts_in_one(world: World, undisturbed: list[Record]) -> None:
    """Every page is stored once, and the groups are those of the world's truth."""
    assert {record["url"] for record in undisturbed} == {page.url for page in world.pages}
    wanted: dict[str, set[str]] = {}
    for page in world.pages:
        wanted.setdefault(page.truth.story, set()).add(page.url)
    assert groups(undisturbed) == {frozenset(urls) for urls in wanted.values()}


def test_kind_source_and_credit(world: World, undisturbed: list[Record]) -> None:
    truth = world.truth
    wrong = []
    for record in undisturbed:
        expected = truth[record["url"]]
        if record["kind"] != expected.kind:
            wrong.append((record["url"], "kind", record["kind"], expected.kind))
        if expected.copied_from != record["copied_from"]:
            wrong.append((record["url"], "copied_from", record["copied_from"], expected.copied_from))
    assert not wrong


def test_credit_goes_to_the_author(world: World, undisturbed: list[Record]) -> None:
    """Wherever the world knows the author of a copied text, the story is credited to them."""
    sizes: dict[str, int] = {}
    for page in world.pages:
        sizes[page.truth.story] = sizes.get(page.truth.story, 0) + 1
    wrong = [
        (record["url"], record["credit"], world.truth[record["url"]].author)
        for record in undisturbed
        if record["original"]
        and sizes[world.truth[record["url"]].story] > 1
        and world.truth[record["url"]].author
        and (record["credit"] or {}).get("author") != world.truth[record["url"]].author
    ]
    assert not wrong


def test_second_crawl_is_conditional_and_changes_nothing(config: Path, server: Server, world: World) -> None:
    with Pipeline(config) as pipeline:
        first = pipeline.crawl()
        before = export(pipeline)
        server.forget()
        second = pipeline.crawl(everything=True)
        after = export(pipeline)
    assert first.new_articles == len(world.pages)
    assert not first.failures
    requests = server.log
    assert len(requests) == len(world.feeds)
    assert all("if-none-match" in seen.headers or "if-modified-since" in seen.headers for seen in requests)
    assert {seen.status for seen in requests} == {304}
    assert second.not_modified == len(world.feeds)
    assert (second.new_articles, second.revised_articles, second.entries) == (0, 0, 0)
    assert before == after


def test_nothing_is_due_right_after_a_crawl(config: Path, server: Server) -> None:
    with Pipeline(config) as pipeline:
        pipeline.crawl()
        server.forget()
        result = pipeline.crawl()
    assert result.feeds == 0
    assert server.log == ()


def test_crawling_step_by_step_gives_the_groups_of_one_crawl(
    tmp_path: Path, world: World, undisturbed: list[Record]
) -> None:
    """Late arrivals, the late original among them, end where they would have been from the start."""
    with serve(world, upto=1) as running, Pipeline(write_config(tmp_path, running.address)) as pipeline:
        for step in range(1, len(world.steps) + 1):
            running.publish(step)
            pipeline.crawl(everything=True)
        assert groups(export(pipeline)) == groups(undisturbed)
        revised = [record for record in export(pipeline) if record["revision"] > 1]
    assert revised, "the world updates an article in one of its steps"


def test_failing_sites_cost_only_themselves(config: Path, server: Server, world: World) -> None:
    """A dead feed and a broken page are counted, and come in when they are back."""
    page = world.pages[0]
    server.fail(page.host, 500, path=page.path)
    with Pipeline(config) as pipeline:
        first = pipeline.crawl()
        assert [failure.what for failure in first.failures] == ["page"]
        assert first.new_articles == len(world.pages) - 1
        server.heal()
        run = pipeline.store.runs.begin("test")
        waiting = pipeline.store.feeds.claim_entries(run, datetime(2100, 1, 1, tzinfo=UTC))
        assert [entry.entry.url for entry in waiting] == [page.url]


def test_one_feed_by_name(config: Path, server: Server, world: World) -> None:
    url, name = world.feeds[0]
    with Pipeline(config) as pipeline:
        assert pipeline.crawl([name]).feeds == 1
        assert pipeline.crawl([url]).not_modified == 1


@pytest.mark.postgres
def test_the_same_on_postgresql(tmp_path: Path, server: Server, postgres_url: str, undisturbed: list[Record]) -> None:
    config = load(write_config(tmp_path, server.address))
    config = config.model_copy(update={"store": config.store.model_copy(update={"url": postgres_url})})
    with Pipeline(config) as pipeline:
        pipeline.crawl()
        found = export(pipeline)
    assert groups(found) == groups(undisturbed)
    assert decided(found) == decided(undisturbed)


def test_a_crawl_learns_of_the_sites_that_brought_enough(config: Path, world: World) -> None:
    host = max(world.sites, key=lambda one: sum(page.host == one for page in world.pages))
    with Pipeline(config) as pipeline:
        pipeline.crawl()
        known = {one.site: one for one in pipeline.feeds.learned()}
        own = [copy.article for copy in pipeline.export() if copy.article.site == host]
    assert {host} <= known.keys()
    assert (known[host].pages, {known[host].place}) == (len(own), {article.place for article in own})


def test_a_page_that_cannot_be_stored_takes_none_along_that_came_before_it(config: Path, world: World) -> None:
    """Pages that come together are stored together; the next crawl finds those that were not."""
    with Pipeline(config) as pipeline:
        pipeline.feeds.all()
        with sqlite3.connect(pipeline.config.store.url.removeprefix("sqlite:///")) as database:
            database.execute(
                "CREATE TRIGGER refusing BEFORE INSERT ON article WHEN (SELECT count(*) FROM article) = 3"
                " BEGIN SELECT RAISE(ABORT, 'no room for a fourth'); END"
            )
        refused = [failure for failure in pipeline.crawl().failures if failure.reason == "store"]
        assert len(export(pipeline)) == 3
        assert refused
        assert all("no room for a fourth" in failure.message for failure in refused)
        with sqlite3.connect(pipeline.config.store.url.removeprefix("sqlite:///")) as database:
            database.execute("DROP TRIGGER refusing")
            database.execute("UPDATE entry SET next_try_at = NULL")  # half an hour later
        pipeline.crawl(everything=True)
        assert {record["url"] for record in export(pipeline)} == {page.url for page in world.pages}
