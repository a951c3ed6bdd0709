"""Feeds out in five real consumers, run twice with a regrouping between: nothing comes twice, 304 is honoured."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from mailbox import Maildir
from pathlib import Path

import feedparser
import pytest
from reader import make_reader

from pipeline import Pipeline
from pipeline.model import StoryRow
from tests.serve.conftest import Served

FORMATS = ("atom", "rss", "json")


def regroup(pipeline: Pipeline) -> StoryRow:
    """A copy of a story that had none arrives late, with an earlier date."""
    alone = [one for one in pipeline.stories(limit=1000) if one.copies == 1]
    story = max(alone, key=lambda one: len(pipeline.story(one.id).members[0].article.text))
    article = pipeline.story(story.id).members[0].article
    import json

    line = {
        "url": "http://early.test/first",
        "title": article.title,
        "text": article.text,
        "published_at": (datetime(2025, 1, 1, tzinfo=UTC) - timedelta(days=9)).isoformat(),
    }
    result = pipeline.import_lines([json.dumps(line)])
    assert result.joined == 1
    assert pipeline.story(story.id).row.copies == 2
    return story


@pytest.mark.parametrize("kind", FORMATS)
def test_feedparser_and_validators(kind: str, served: Served) -> None:
    url = f"{served.url}/feed.{kind}"
    with served.client() as http:
        first = http.get(url)
        assert http.get(url, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
        assert http.get(url, headers={"If-Modified-Since": first.headers["Last-Modified"]}).status_code == 304
        before = parsed(kind, first.content)
        regroup(served.pipeline)
        second = http.get(url, headers={"If-None-Match": first.headers["ETag"]})
        assert second.status_code == 200
        assert parsed(kind, second.content) == before


def parsed(kind: str, body: bytes) -> set[str]:
    if kind == "json":
        import json

        ids = [one["id"] for one in json.loads(body)["items"]]
    else:
        feed = feedparser.parse(body)
        assert not feed.bozo, feed.bozo_exception
        ids = [one.id for one in feed.entries]
    assert len(ids) == len(set(ids)) > 20
    return set(ids)


def test_lemon24_reader(served: Served) -> None:
    reader = make_reader(":memory:")
    urls = [f"{served.url}/feed.{kind}?limit=500" for kind in FORMATS]
    for url in urls:
        reader.add_feed(url)
    reader.update_feeds()
    counts = {url: reader.get_entry_counts(feed=url).total for url in urls}
    assert set(counts.values()) == {len(served.pipeline.stories(limit=1000))}
    regroup(served.pipeline)
    reader.update_feeds()
    assert {url: reader.get_entry_counts(feed=url).total for url in urls} == counts


@pytest.mark.skipif(not shutil.which("sfeed") and not os.environ.get("CI"), reason="sfeed is not installed")
@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_sfeed(kind: str, served: Served) -> None:
    def ids() -> set[str]:
        with served.client() as http:
            body = http.get(f"/feed.{kind}?limit=500").content
        out = subprocess.run(["sfeed"], input=body, capture_output=True, check=True).stdout.decode()  # found above
        return {line.split("\t")[5] for line in out.splitlines()}

    before = ids()
    assert len(before) == len(served.pipeline.stories(limit=1000))
    regroup(served.pipeline)
    assert ids() == before


@pytest.mark.skipif(not shutil.which("newsboat") and not os.environ.get("CI"), reason="newsboat is not installed")
@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_newsboat_as_a_plain_reader(kind: str, served: Served, tmp_path: Path) -> None:
    import sqlite3

    (tmp_path / "config").write_text("")
    (tmp_path / "urls").write_text(f"{served.url}/feed.{kind}?limit=500\n")

    def reload() -> list[str]:
        command = ["newsboat", "-C", "config", "-c", "cache.db", "-u", "urls", "-x", "reload"]
        subprocess.run(command, cwd=tmp_path, check=True, env={**os.environ, "HOME": str(tmp_path)}, timeout=60)
        connection = sqlite3.connect(tmp_path / "cache.db")
        rows = connection.execute("SELECT guid FROM rss_item").fetchall()
        connection.close()
        return sorted(row[0] for row in rows)

    before = reload()
    assert len(before) == len(served.pipeline.stories(limit=1000))
    regroup(served.pipeline)
    assert reload() == before


@pytest.mark.skipif(not shutil.which("r2e") and not os.environ.get("CI"), reason="rss2email is not installed")
@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_rss2email(kind: str, served: Served, tmp_path: Path) -> None:
    mail = tmp_path / "mail"
    (tmp_path / "config.cfg").write_text(
        "[DEFAULT]\nfrom = a@example.org\nto = b@example.org\nemail-protocol = maildir\n"
        f"maildir-path = {tmp_path}\nmaildir-mailbox = mail\n"
    )

    def r2e(*arguments: str) -> None:
        command = ["r2e", "-c", "config.cfg", "-d", "data.json", *arguments]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr

    def subjects() -> list[str]:
        return [str(message["Subject"]) for message in Maildir(mail, create=False)]

    r2e("add", "onecopy", f"{served.url}/feed.{kind}?limit=500")
    r2e("run")
    before = subjects()
    assert len(before) == len(served.pipeline.stories(limit=1000))
    regroup(served.pipeline)
    r2e("run")
    assert subjects() == before  # one message a story, and none for what was regrouped


def test_views_are_feeds_and_say_what_they_hold(served: Served) -> None:
    with served.client() as http:
        several = http.get("/feed.json?copies=3").json()["items"]
        assert several
        for one in several:
            assert one["_onecopy"]["copies"] >= 3
            assert len(one["_onecopy"]["also_published_at"]) == one["_onecopy"]["copies"] - 1
            assert "external_url" not in one, "that would be the page which the article is about"
            assert http.get(one["_onecopy"]["story"]).status_code == 200
        atom = feedparser.parse(http.get("/feed.atom?copies=3").content)
        assert len(atom.entries) == len(several)
        assert all(any(link.rel == "via" for link in one.links) and one.source.title for one in atom.entries)
        assert http.get("/feed.json?q=nosuchwordanywhere").json()["items"] == []


def test_which_copy_is_shown_is_a_setting_that_changes_no_ids(start: Callable[..., Served]) -> None:
    served = start()
    story = max(served.pipeline.stories(limit=1000), key=lambda one: one.copies)
    members = served.pipeline.story(story.id).members
    earliest = min(members, key=lambda one: one.article.published_at or one.article.first_seen_at)
    fullest = max(members, key=lambda one: len(one.article.text))
    preferred = members[-1]
    wanted = {
        "original": ({}, members[0]),
        "earliest": ({"show": "earliest"}, earliest),
        "fullest": ({"show": "fullest"}, fullest),
        "preferred": ({"prefer_sites": ["nowhere.test", preferred.article.site]}, preferred),
    }
    ids = set()
    for name, (settings, copy) in wanted.items():
        served.stop()
        served = start(**settings)
        with served.client() as http:
            (item,) = http.get(f"/feed.json?copies={story.copies}").json()["items"]
            assert item["url"] == copy.article.url, name
            assert item["title"] == copy.article.title
            assert len(item["_onecopy"]["also_published_at"]) == len(members) - 1
            assert http.get(f"/v1/entries/{story.id}", auth=("x", "x")).json()["url"] == copy.article.url
            ids.add(item["id"])
    assert len(ids) == 1
