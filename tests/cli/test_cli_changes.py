"""What changed: versions of an article, and feeds that have died."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline.cli.feeds import state
from pipeline.model import Feed
from tests.cli.cli_helpers import good

FIRST = (
    "The bridge opens on Monday, the council said on Friday at 10:05.\n\nThree people spoke against it in the debate."
)
SECOND = FIRST.replace("Monday", "Tuesday\x1b[2J").replace("Three", "Five")


def put(folder: Path, text: str, title: str = "Bridge to open") -> None:
    line = json.dumps({"url": "https://post.example/bridge", "title": title, "text": text})
    good("import", "-", cwd=folder, stdin=line.encode())


def test_story_shows_what_changed(tmp_path: Path) -> None:
    put(tmp_path, FIRST)
    put(tmp_path, SECOND, title="Bridge to open later")
    put(tmp_path, SECOND.replace("10:05", "11:10"), title="Bridge to open later")  # a clock is no version
    shown = good("story", "1", "--changes", cwd=tmp_path)
    assert "version 1, seen" in shown and "became 2" in shown
    assert "became 3" not in shown
    lines = shown.splitlines()
    assert "- Bridge to open" in lines and "+ Bridge to open later" in lines
    assert "- Three people spoke against it in the debate." in lines
    assert "+ Five people spoke against it in the debate." in lines
    assert "\x1b" not in shown
    assert "became" not in good("story", "1", cwd=tmp_path)
    (member,) = json.loads(good("story", "1", "--changes", "--json", cwd=tmp_path))["members"]
    assert [(one["revision"], one["title"]) for one in member["before"]] == [(1, "Bridge to open")]


def test_a_stub_is_marked_as_one(tmp_path: Path) -> None:
    line = {"url": "https://post.example/bridge", "title": "Bridge", "text": FIRST, "stub": True}
    copied = {**line, "url": "https://copy.example/bridge", "stub": False}
    good("import", "-", cwd=tmp_path, stdin=f"{json.dumps(line)}\n{json.dumps(copied)}".encode())
    assert "original, a stub: only what stands before a wall" in good("story", "1", cwd=tmp_path)
    assert "stub" not in good("story", "2", cwd=tmp_path)


def test_a_feed_that_fails_for_a_month_is_called_dead() -> None:
    now = datetime.now(UTC)
    feed = Feed(1, "https://a.example/f", "A", failures=40, last_outcome="dns", failing_since=now - timedelta(days=31))
    assert state(feed) == f"dead since {(now - timedelta(days=31)).date()} (dns)"
    assert state(Feed(1, "u", "A", failures=4, last_outcome="dns", failing_since=now)) == "dns (4 times)"


def test_times_of_two_kinds_are_no_lag(tmp_path: Path) -> None:
    """A copy with a date of its own is neither later nor earlier than an original that has none."""
    text = " ".join(FIRST.replace("Monday", day) for day in ("Monday", "Tuesday", "Friday"))
    seen = datetime(2026, 11, 23, 12, tzinfo=UTC)
    original = {"url": "https://post.example/bridge", "title": "Bridge", "text": text, "byline": ["Ann Bo"]}
    own = {"title": "Bridge", "text": text, "declared_url": original["url"]}
    lines = [
        {**original, "first_seen_at": seen.isoformat()},
        {**own, "url": "https://dated.example/b", "published_at": "2025-07-05", "first_seen_at": seen.isoformat()},
        {**own, "url": "https://late.example/b", "first_seen_at": (seen + timedelta(hours=2)).isoformat()},
        {**own, "url": "https://soon.example/b", "first_seen_at": (seen + timedelta(seconds=0.4)).isoformat()},
    ]
    good("import", "-", cwd=tmp_path, stdin="\n".join(map(json.dumps, lines)).encode())
    times = [line.strip("│├└─ ") for line in good("story", "1", cwd=tmp_path).splitlines() if " UTC" in line]
    assert sorted(times) == [
        "2025-07-05 00:00 UTC",
        "first seen 2026-11-23 12:00 UTC",
        "first seen 2026-11-23 12:00 UTC, at the same time",
        "first seen 2026-11-23 14:00 UTC, 2 h later",
    ]
