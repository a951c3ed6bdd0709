"""What reaches the terminal, and what never does."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from pipeline.cli.daemon import line
from pipeline.cli.moments import local, parse_moment, span, until, when
from pipeline.cli.output import plain, to_json
from pipeline.errors import UsageError
from pipeline.model import Crawl, Failure
from tests.cli.cli_helpers import environment, good, on_terminal, onecopy, records

CONTROLS = [*map(chr, range(0x20)), "\x7f", *map(chr, range(0x80, 0xA0))]
BIDI = list("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
HOSTILE = "\x1b]0;owned\x07\x1b[31mRed\x1b[0m [bold]not markup[/bold] \u202egnp.exe\x9b2J\r\nover\tthere :smile: \x00"
TEXT = "The ferry left before dawn and the harbour was empty except for one woman with a lantern and a dog. " * 3
COLOUR = re.compile(r"\x1b\[[\d;]*m")


@given(st.text(st.one_of(st.sampled_from([*CONTROLS, *BIDI, "[", "]", "m", "\ud800"]), st.characters())))
def test_plain_is_one_harmless_line(text: str) -> None:
    made = plain(text)
    assert not set(made) & {*CONTROLS, *BIDI}
    assert len(made.splitlines()) <= 1
    made.encode()
    assert plain(made) == made


def test_plain_keeps_what_people_write() -> None:
    for text in ("Žižek’s “idea” – №5", "日本語の見出し", "می‌خواهم", "👩‍👩‍👧 family", "शिक्षा"):
        assert plain(text) == text
    assert plain(HOSTILE) == "Red [bold]not markup[/bold] gnp.exe over there :smile:"


@given(st.text(st.one_of(st.sampled_from([*CONTROLS, *BIDI, "\ud800", "\\", '"']), st.characters())))
def test_json_keeps_the_value_and_sends_no_control(text: str) -> None:
    line = to_json({"title": text})
    assert json.loads(line) == {"title": text}
    assert not set(line) & {*CONTROLS, *BIDI}
    line.encode()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with an article whose every text is hostile."""
    tmp_path = tmp_path_factory.mktemp("hostile")
    (tmp_path / "config.yaml").touch()
    line = {"url": "http://a.test/1", "title": HOSTILE, "byline": [HOSTILE], "text": TEXT, "published_at": "2025-06-30"}
    good("import", "-", cwd=tmp_path, stdin=json.dumps(line).encode())
    return tmp_path


@pytest.mark.parametrize("command", [["stories"], ["story", "1"], ["export"]])
def test_nothing_hostile_reaches_the_terminal(command: list[str], hostile: Path) -> None:
    code, screen = on_terminal(*command, cwd=hostile)
    assert code == 0
    assert not set(COLOUR.sub("", screen)) & ({*CONTROLS, *BIDI} - {"\n"})
    assert "[bold]not markup[/bold]" in screen
    assert ":smile:" in screen


@pytest.mark.parametrize(
    "command",
    [["stories"], ["feeds"], ["crawl", "--feed", "Zero Contango"]],
)
def test_readable_at_80_columns(command: list[str], copied: Path) -> None:
    code, screen = on_terminal(*command, cwd=copied, NO_COLOR="1")
    assert code == 0
    lines = re.split(r"[\r\n]", re.sub(r"\x1b\[[0-?]*[ -/]*[@-~]", "", screen))
    assert max(map(cell_len, lines)) <= 80


def test_colour_on_a_terminal_only(crawled: Path) -> None:
    assert "\x1b[1m" in on_terminal("stories", cwd=crawled)[1]
    assert not re.search(r"\x1b\[[\d;]*3\dm", on_terminal("feeds", cwd=crawled, NO_COLOR="1")[1])
    assert "\x1b" not in on_terminal("stories", cwd=crawled, TERM="dumb")[1]
    assert "\x1b" not in good("stories", cwd=crawled)


def test_progress_on_a_terminal_only(fresh: Path) -> None:
    quiet = onecopy("crawl", "--feed", "Zero Contango", cwd=fresh)
    assert quiet.stderr == b""
    assert "Feeds" in on_terminal("crawl", "--feed", "Zero Contango", cwd=fresh)[1]


def test_any_locale_can_be_written_to(crawled: Path) -> None:
    ascii_only = environment(PYTHONUTF8="0", LC_ALL="C", PYTHONCOERCECLOCALE="0", PYTHONIOENCODING="ascii")
    done = onecopy("stories", "--limit", "1000", cwd=crawled, env=ascii_only)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.isascii()
    lines = onecopy("stories", "--limit", "1000", "--json", cwd=crawled, env=ascii_only)
    assert records(lines.stdout.decode("ascii")) == records(good("stories", "--limit", "1000", "--json", cwd=crawled))


def test_times_in_json_are_utc(crawled: Path) -> None:
    moments = [one[name] for one in records(good("export", cwd=crawled)) for name in ("published_at", "first_seen_at")]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", moment) for moment in moments if moment)


def test_local_times_name_their_zone(crawled: Path) -> None:
    done = onecopy("stories", "--author", "Ilmari Vanth", cwd=crawled, env=environment(TZ="Asia/Kolkata"))
    assert "2025-06-30 00:00 IST" in done.stdout.decode()


def test_a_crawl_of_the_daemon_is_one_line() -> None:
    failures = tuple(Failure("page", f"http://a.test/{n}", "timeout", "no answer\n") for n in range(3))
    result = Crawl(feeds=1200, not_modified=1190, new_articles=5, new_stories=1, joined=4, failures=failures, seconds=2)
    assert line(result) == (
        "1,200 feeds, 1,190 not modified, 5 new articles, 1 new story, 4 copies joined, 3 failures (timeout 3), 2.0 s"
    )


NOW = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "says"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3_599, "59 min"),
        (27_000, "7 h 30 min"),
        (90_000, "1 day 1 h"),
        (-120, "2 min"),
    ],
)
def test_spans(seconds: int, says: str) -> None:
    assert span(timedelta(seconds=seconds)) == says


def test_ages() -> None:
    assert when(NOW - timedelta(hours=3, minutes=20), NOW) == "3 h ago"
    assert when(NOW - timedelta(days=8), NOW) == local(NOW - timedelta(days=8))
    assert when(NOW + timedelta(hours=1), NOW) == local(NOW + timedelta(hours=1))
    assert until(None) == until(NOW, NOW) == "now"
    assert until(NOW + timedelta(minutes=5, seconds=3), NOW) == "in 5 min"
    assert local(datetime.min.replace(tzinfo=UTC)).startswith(("0001-01-01", "1-01-01"))


def test_moments_as_people_write_them() -> None:
    day = parse_moment("2025-06-30", "--since")
    assert parse_moment("2025-06-30", "--until", end_of_day=True) - day == timedelta(days=1, microseconds=-1)
    assert parse_moment("2025-06-30T14:00+02:00", "--since") == datetime(2025, 6, 30, 12, tzinfo=UTC)
    assert abs(datetime.now(UTC) - parse_moment("24h", "--since") - timedelta(hours=24)) < timedelta(minutes=1)
    for wrong in ("", "soon", "2025-13-01", "7x", "-7d", "0001-01-01T00:00+23:59"):
        with pytest.raises(UsageError, match="--since"):
            parse_moment(wrong, "--since")
