"""Stories that merge, part and grow while apps hold their ids: nothing comes twice, what is read and starred stays."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import miniflux
import pytest

from pipeline import Pipeline
from pipeline.config import ServeSettings
from tests.serve.conftest import Served
from tests.serve.test_serve_miniflux import cached, configure, newsboat, newsboat_only


@newsboat_only
@pytest.mark.parametrize("source", ["miniflux", "feedhq"])
def test_newsboat_over_a_merge_and_a_split(source: str, guarded: Served, tmp_path: Path) -> None:
    folder = tmp_path / source
    folder.mkdir()
    configure(folder, source, guarded)
    pipeline = guarded.pipeline
    one, other, *_ = [row for row in pipeline.stories(limit=1000) if row.copies == 1]
    ann = pipeline.store.accounts.credentials("ann")
    assert ann is not None
    pipeline.store.shelf.set(ann[0].id, [other.id], read=True)
    newsboat(folder, "-x", "reload")
    before = cached(folder)

    pipeline.words.merge(one.id, other.id)
    assert pipeline.story(one.id).row.id == pipeline.story(other.id).row.id
    newsboat(folder, "-x", "reload")
    after = cached(folder)
    assert {item["guid"] for item in after} <= {item["guid"] for item in before}  # nothing is new
    read = {item["title"] for item in after if not item["unread"]}
    assert read & {one.title, other.title}  # read in one of them: read

    pipeline.words.take_back(*(word.id for word in pipeline.words.all()))  # they part again, both read
    newsboat(folder, "-x", "reload")
    assert {item["title"] for item in cached(folder) if not item["unread"]} >= {one.title, other.title}


def test_old_ids_go_on_to_work_in_every_app(guarded: Served) -> None:
    pipeline = guarded.pipeline
    ann = miniflux.Client(guarded.url, "ann", "correct horse")
    one, other, *_ = [row for row in pipeline.stories(limit=1000) if row.copies == 1]
    ann.toggle_bookmark(other.id)
    ann.update_entries([one.id], "read")
    pipeline.words.merge(one.id, other.id)
    now = pipeline.story(one.id).row.id
    gone = other.id if now == one.id else one.id
    for asked in (one.id, other.id):
        entry = ann.get_entry(asked)
        assert (entry["id"], entry["status"], entry["starred"]) == (now, "read", True)
    ann.update_entries([gone], "unread")
    assert ann.get_entry(now)["status"] == "unread"
    assert ann.get_entries(starred=True)["total"] == 1
    with guarded.client() as http:
        login = http.post("/accounts/ClientLogin", data={"Email": "ann", "Passwd": "correct horse"}).text
        token = dict(line.split("=", 1) for line in login.splitlines())["Auth"]
        http.headers["Authorization"] = f"GoogleLogin auth={token}"
        long = f"tag:google.com,2005:reader/item/{gone:016x}"
        items = http.post("/reader/api/0/stream/items/contents", data={"i": long}).json()["items"]
        assert [item["id"] for item in items] == [f"tag:google.com,2005:reader/item/{now:016x}"]
        changed = http.post("/reader/api/0/edit-tag", data={"i": long, "a": "user/-/state/com.google/read"})
        assert changed.text == "OK"
    assert ann.get_entry(now)["status"] == "read"
    with guarded.client(auth=("ann", "correct horse")) as http:
        page = http.get(f"/stories/{now}", headers={"Accept": "text/html"}).text
    assert "by hand: merged with" in page  # the story says that a person decided


def copy_of(pipeline: Pipeline, story: int, site: str, more: str) -> None:
    article = pipeline.story(story).members[0].article
    line = {"url": f"http://{site}.test/x", "title": article.title, "text": article.text + more}
    assert pipeline.import_lines([json.dumps(line)]).joined == 1


@pytest.mark.parametrize(("share", "unread"), [(0.0, False), (0.2, True)])
def test_a_copy_that_adds_much_makes_it_unread_again_only_where_that_is_wanted(
    share: float, unread: bool, start: Callable[..., Served]
) -> None:
    served = start()
    changed = served.pipeline.config.model_copy(update={"serve": ServeSettings(unread_again=share)})
    with Pipeline(changed) as pipeline:
        story = max(
            (row for row in pipeline.stories(limit=1000) if row.copies == 1),
            key=lambda row: len(pipeline.story(row.id).members[0].article.text),
        )
        length = len(pipeline.story(story.id).members[0].article.text)
        nobody = pipeline.store.accounts.nobody()
        pipeline.store.shelf.set(nobody.id, [story.id], read=True, starred=True)

        def status() -> tuple[str, bool]:
            entry = miniflux.Client(served.url, "x", "x").get_entry(story.id)
            return entry["status"], entry["starred"]

        copy_of(pipeline, story.id, "same", "\nA line more.")
        assert status() == ("read", True)  # arrived later, and hardly longer
        words = " ".join(f"added{number}" for number in range(length // 30))
        copy_of(pipeline, story.id, "longer", f"\n{words}")
        assert status() == ("unread" if unread else "read", True)
