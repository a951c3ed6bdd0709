"""The Miniflux API with the official Python client and with newsboat."""

from __future__ import annotations

import contextlib
import os
import pty
import select
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import miniflux
import pytest

from pipeline.model import StoryFilter
from tests.serve.conftest import Served

NEWSBOAT = shutil.which("newsboat")
newsboat_only = pytest.mark.skipif(
    NEWSBOAT is None and not os.environ.get("CI"), reason="newsboat is not installed (Debian: apt install newsboat)"
)


def client(served: Served) -> miniflux.Client:
    return miniflux.Client(served.url, "ann", "correct horse")


def test_the_python_client_reads_marks_and_stars(guarded: Served) -> None:
    ann = client(guarded)
    assert ann.me()["username"] == "ann"
    feeds = ann.get_feeds()
    assert len(feeds) == len(guarded.pipeline.feeds.all())
    entries = ann.get_entries(limit=1000, direction="asc", order="published_at")
    stories = guarded.pipeline.stories(limit=1000)
    assert entries["total"] == len(entries["entries"]) == len(stories)
    assert {one["id"] for one in entries["entries"]} == {one.id for one in stories}
    assert all(0 < one["id"] < 2**31 and 0 < one["feed_id"] < 2**31 for one in entries["entries"])

    several = next(one for one in stories if one.copies > 2)
    entry = ann.get_entry(several.id)
    assert entry["status"] == "unread"
    assert "Also published at" in entry["content"]
    ann.update_entries([several.id], "read")
    ann.toggle_bookmark(several.id)
    again = ann.get_entry(several.id)
    assert (again["status"], again["starred"]) == ("read", True)
    assert ann.get_entries(starred=True)["total"] == 1
    assert ann.get_entries(status="unread")["total"] == len(stories) - 1
    # Another account has marks of its own.
    bob = miniflux.Client(guarded.url, "bob", "battery staple")
    assert bob.get_entry(several.id)["status"] == "unread"


def test_every_story_is_in_exactly_one_feed_and_one_category(guarded: Served) -> None:
    ann = client(guarded)
    by_feed = [one["id"] for feed in ann.get_feeds() for one in ann.get_feed_entries(feed["id"], limit=1000)["entries"]]
    everything = [one["id"] for one in ann.get_entries(limit=1000)["entries"]]
    assert sorted(by_feed) == sorted(everything)
    by_folder = [
        one["id"]
        for category in ann.get_categories()
        for one in ann.get_category_entries(category["id"], limit=1000)["entries"]
    ]
    assert sorted(by_folder) == sorted(everything)


def test_pages_by_offset_hold_everything_once(guarded: Served) -> None:
    ann = client(guarded)
    total = ann.get_entries(limit=1)["total"]
    for order in ("asc", "desc"):
        seen: list[int] = []
        while page := ann.get_entries(limit=7, offset=len(seen), direction=order)["entries"]:
            seen += [one["id"] for one in page]
        assert len(seen) == len(set(seen)) == total
    found = ann.get_entries(search="the", limit=1000)["entries"]
    assert [one["id"] for one in ann.get_entries(search="the", offset=2, limit=3)["entries"]] == [
        one["id"] for one in found[2:5]
    ]


def test_entries_come_in_the_order_that_is_asked_for(guarded: Served) -> None:
    ann = client(guarded)
    everything = ann.get_entries(limit=1000)["entries"]
    times = [one["published_at"] for one in everything]
    assert times == sorted(times), "oldest first where the client does not say, as Miniflux does"
    ids = sorted(one["id"] for one in everything)
    assert ids != [one["id"] for one in everything]
    assert [one["id"] for one in ann.get_entries(order="id", direction="desc", limit=1000)["entries"]] == ids[::-1]
    # How apps fetch what is new: by the highest id they have.
    seen: list[int] = []
    while page := ann.get_entries(order="id", direction="asc", limit=9, after_entry_id=max(seen, default=0))["entries"]:
        seen += [one["id"] for one in page]
    assert seen == ids


def test_entries_by_the_moment_of_their_last_change(guarded: Served) -> None:
    ann = client(guarded)
    total = ann.get_entries(limit=1)["total"]
    soon = int(time.time()) + 3_600
    assert ann.get_entries(changed_after=soon)["total"] == 0
    assert ann.get_entries(changed_before=soon, limit=1)["total"] == total
    assert ann.get_entries(changed_before=1)["total"] == 0
    assert ann.get_entries(changed_after=1, limit=1)["total"] == total


def test_what_cannot_be_meant_is_refused_and_what_is_nowhere_is_not_found(guarded: Served) -> None:
    ann = client(guarded)
    for wrong in ({"order": "tilte"}, {"direction": "down"}, {"status": "new"}):
        with pytest.raises(miniflux.BadRequest, match=next(iter(wrong))):
            ann.get_entries(**wrong)
    assert ann.get_entries(status="removed") == ann.get_entries(tags="coal") == {"total": 0, "entries": []}


def test_marks_of_a_feed_a_folder_and_all(guarded: Served) -> None:
    ann = client(guarded)
    total = ann.get_entries(limit=1)["total"]
    feed = max(ann.get_feeds(), key=lambda one: ann.get_feed_entries(one["id"], limit=1)["total"])
    inside = ann.get_feed_entries(feed["id"], limit=1)["total"]
    ann.mark_feed_entries_as_read(feed["id"])
    assert ann.get_entries(status=["read"], limit=1)["total"] == inside
    assert ann.get_feed_counters()["reads"] == {str(feed["id"]): inside}
    ann.mark_user_entries_as_read(ann.me()["id"])
    assert ann.get_entries(status=["read"], limit=1)["total"] == total


def test_wrong_passwords_are_refused_and_then_slowed_down(guarded: Served) -> None:
    with pytest.raises(miniflux.AccessUnauthorized):
        miniflux.Client(guarded.url, "ann", "wrong").me()
    statuses = [guarded.client(auth=("ann", f"wrong {n}")).get("/v1/me").status_code for n in range(8)]
    assert statuses[0] == 401
    assert statuses[-1] == 429


def newsboat(folder: Path, *commands: str) -> str:
    assert NEWSBOAT, "newsboat is not installed"
    done = subprocess.run(
        [NEWSBOAT, "-C", folder / "config", "-c", folder / "cache.db", "-u", folder / "urls", *commands],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "HOME": str(folder), "TERM": "xterm", "LANG": "C.UTF-8"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def typed(folder: Path, keys: str, done: Callable[[], bool]) -> None:
    """Type into newsboat on a terminal, one key after each silence, and leave it with Q once ``done``."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [NEWSBOAT or "", "-C", folder / "config", "-c", folder / "cache.db", "-u", folder / "urls"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "HOME": str(folder), "TERM": "xterm", "LANG": "C.UTF-8", "LINES": "24", "COLUMNS": "80"},
    )
    os.close(theirs)
    waiting, shown, deadline = list(keys), b"", time.monotonic() + 60
    with contextlib.suppress(OSError):  # Linux: the other end is closed
        while process.poll() is None:
            assert time.monotonic() < deadline, f"newsboat did not do what was typed: {shown[-1500:]!r}"
            if select.select([ours], [], [], 1)[0]:
                shown += os.read(ours, 65_536)
            elif b"unread" not in shown:
                continue  # the list is not there yet: what is typed now would be lost
            elif waiting:
                os.write(ours, waiting.pop(0).encode())
            elif done():
                waiting.append("Q")
    assert process.wait(20) == 0
    os.close(ours)


def configure(folder: Path, source: str, served: Served) -> None:
    kind = "miniflux" if source == "miniflux" else "feedhq"
    (folder / "urls").write_text("")
    (folder / "config").write_text(
        f'urls-source "{source}"\n{kind}-url "{served.url}"\n{kind}-login "ann"\n{kind}-password "correct horse"\n'
    )


def cached(folder: Path) -> list[dict[str, Any]]:
    connection = sqlite3.connect(folder / "cache.db")
    connection.row_factory = sqlite3.Row
    with connection:
        rows = connection.execute("SELECT guid, title, url, feedurl, unread FROM rss_item WHERE deleted = 0").fetchall()
    connection.close()
    return [dict(row) for row in rows]


@newsboat_only
@pytest.mark.parametrize("source", ["miniflux", "feedhq"])
def test_newsboat_adds_nothing_twice_and_shares_what_is_read(
    source: str, guarded: Served, start: Callable[..., Served], tmp_path: Path
) -> None:
    folder = tmp_path / source
    folder.mkdir()
    configure(folder, source, guarded)
    newsboat(folder, "-x", "reload")
    first = cached(folder)
    stories = {one.id: one for one in guarded.pipeline.stories(limit=1000)}
    assert len(first) == len({one["guid"] for one in first}) == len(stories)
    assert all(one["unread"] for one in first)

    # Read on the web (another account's reading does not count), then reload: the same items, one of them read.
    chosen = next(iter(stories))
    store = guarded.pipeline.store
    ann, bob = (store.accounts.credentials(name) for name in ("ann", "bob"))
    assert ann is not None and bob is not None
    store.shelf.set(ann[0].id, [chosen], read=True)
    store.shelf.set(bob[0].id, list(stories)[1:3], read=True)
    newsboat(folder, "-x", "reload")
    second = cached(folder)
    assert {one["guid"] for one in second} == {one["guid"] for one in first}
    assert [one["title"] for one in second if not one["unread"]] == [stories[chosen].title]
    assert f"{len(stories) - 1} unread" in newsboat(folder, "-x", "print-unread")

    # After a restart of the server still the same.
    guarded.stop()
    again = start(port=int(guarded.url.rpartition(":")[2]))
    newsboat(folder, "-x", "reload")
    assert {one["guid"] for one in cached(folder)} == {one["guid"] for one in first}
    assert f"{len(stories) - 1} unread" in newsboat(folder, "-x", "print-unread")

    # What is read in newsboat is read everywhere: C marks all feeds (y: yes), Q leaves.
    shelf = again.pipeline.store.shelf
    typed(folder, "Cy", lambda: shelf.count(StoryFilter(read=True), ann[0].id) == len(stories))
