"""Questions: stories, story, search, check, feeds, export."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.demo import World
from tests.cli.cli_helpers import Record, environment, good, onecopy, records

FLAGSHIP = "halmar-talks"
HEAVY = ("numpy", "datasketch", "trafilatura", "feedparser", "lxml", "aiohttp", "apscheduler")


@pytest.fixture(scope="module")
def flagship(world: World, crawled: Path) -> Record:
    """The story of the essay that went through four hands, as `story --json` gives it."""
    (first, *_) = [page.url for page in world.pages if page.truth.story == FLAGSHIP]
    (story,) = [one["story"] for one in records(good("export", cwd=crawled)) if one["url"] == first]
    return json.loads(good("story", str(story), "--json", cwd=crawled))


def test_story_shows_the_chain_in_order(flagship: Record, crawled: Path, world: World) -> None:
    urls = {page.url: page for page in world.pages if page.truth.story == FLAGSHIP}
    assert {one["url"] for one in flagship["members"]} == set(urls)
    lines = good("story", str(flagship["id"]), cwd=crawled).splitlines()
    indents = {line.strip("│├└─ "): len(line) - len(line.lstrip("│├└─ ")) for line in lines}
    for url, page in urls.items():
        if page.truth.copied_from:
            assert indents[url] > indents[page.truth.copied_from]
    text = "\n".join(lines)
    assert "Ilmari Vanth" in text
    assert "2025-06-29 18:30 UTC" in text
    assert "7 h 30 min later" in text
    assert "% like the original" in text


def test_stories_filters(crawled: Path) -> None:
    everything = records(good("stories", "--json", "--limit", "1000", cwd=crawled))
    times = [one["published_at"] or one["first_seen_at"] for one in everything]
    assert times == sorted(times, reverse=True)
    copied = records(good("stories", "--copies", "2", "--json", cwd=crawled))
    assert [one["id"] for one in copied] == [one["id"] for one in everything if one["copies"] >= 2]
    assert len(records(good("stories", "--limit", "3", "--json", cwd=crawled))) == 3
    by_author = records(good("stories", "--author", "ilmari vanth", "--json", cwd=crawled))
    assert by_author and len(by_author) < len(everything)
    on_site = records(good("stories", "--site", "zerocontango.test", "--json", cwd=crawled))
    assert on_site and len(on_site) < len(everything)
    june = records(good("stories", "--since", "2025-06-30", "--until", "2025-06-30", "--json", cwd=crawled))
    assert june
    assert june == [one for one in everything if one["published_at"].startswith("2025-06-30")]


def test_stories_for_people(crawled: Path) -> None:
    lines = good("stories", "--copies", "4", cwd=crawled).splitlines()
    assert any(line.endswith("4 copies on 4 sites") for line in lines)
    assert all(line == line.rstrip() for line in lines)
    assert good("stories", "--author", "nobody of that name", cwd=crawled) == "No story fits.\n"


def test_search(crawled: Path, flagship: Record) -> None:
    assert flagship["id"] in [one["id"] for one in records(good("search", "halmar", "blockade", "--json", cwd=crawled))]
    assert good("search", "zzyzx", cwd=crawled) == "No story holds all of these words.\n"
    for odd in ('" AND (', "-x title:* \N{PILE OF POO}", "a" * 10_000):
        assert onecopy("search", "--", odd, cwd=crawled).returncode == 0


def test_check_answers_by_its_exit_code(crawled: Path, tmp_path: Path, flagship: Record) -> None:
    first, second, *_ = flagship["members"]
    file = tmp_path / "page.html"
    file.write_text(f"<!doctype html><article><p>{first['text'].replace(chr(10), '</p><p>')}</p></article>")
    known = onecopy("check", file, "--json", cwd=crawled)
    best = records(known.stdout.decode())[0]
    assert known.returncode == 0
    assert (best["story"], best["known_as"], best["similarity"]) == (flagship["id"], "copy", 1.0)
    served = onecopy("check", second["url"], cwd=crawled)
    assert (served.returncode, served.stdout[:7]) == (0, b"Known:\n")
    other = "Nobody has ever written this sentence about a purple umbrella and seven quiet engineers. " * 3
    unknown = onecopy("check", "-", cwd=crawled, stdin=other.encode())
    assert (unknown.returncode, unknown.stdout) == (1, b"Not known.\n")


@pytest.mark.parametrize("what", ["no such file", "http://nowhere.test/", "."])
def test_check_that_gets_no_answer_is_trouble(what: str, crawled: Path) -> None:
    done = onecopy("check", what, cwd=crawled)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(b"onecopy: ") and done.stderr.count(b"\n") == 1


def test_feeds_for_people_and_programs(crawled: Path, world: World) -> None:
    wanted = [feed for site in world.sites.values() for feed in site.feeds]
    lines = good("feeds", cwd=crawled).splitlines()
    assert lines[0].split() == ["FEED", "STATE", "NEXT", "ENTRIES", "ARTICLES"]
    assert len(lines) == 1 + len(wanted)
    shown = records(good("feeds", "--json", cwd=crawled))
    assert {one["name"] for one in shown} == {feed.name for feed in wanted}
    assert all(one["last_outcome"] == "ok" and one["failures"] == 0 and one["articles"] > 0 for one in shown)


def test_config_before_or_after_the_command_or_by_environment(crawled: Path, tmp_path: Path) -> None:
    path = str(crawled / "config.yaml")
    wanted = good("stories", cwd=crawled)
    assert good("--config", path, "stories", cwd=tmp_path) == wanted
    assert good("stories", "--config", path, cwd=tmp_path) == wanted
    assert onecopy("stories", cwd=tmp_path, env=environment(ONECOPY_CONFIG=path)).stdout.decode() == wanted
    assert good("feeds", "--config", path, "export", cwd=tmp_path).startswith("<?xml")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "asked", ["stories", "search ferry", "feeds", "words", "review", "webhooks", "users", "export"]
)
def test_every_reading_command_takes_json(asked: str, crawled: Path) -> None:
    answer = good(*asked.split(), "--json", cwd=crawled)
    assert all(isinstance(json.loads(line), dict | list) for line in answer.splitlines())


def test_a_question_makes_no_store(tmp_path: Path) -> None:
    done = onecopy("stories", cwd=tmp_path)
    assert done.returncode == 1
    assert b"no store here yet" in done.stderr
    assert good("feeds", cwd=tmp_path) == "There are no feeds yet; `onecopy feeds add URL` adds one.\n"
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "config.yaml").write_text("feeds: [http://b.test/feed, {url: http://a.test/feed, name: A}]\n")
    assert [line.split()[:2] for line in good("feeds", cwd=tmp_path).splitlines()[1:]] == [
        ["A", "new"],
        ["b.test", "new"],
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["config.yaml"]


def test_check_reads_what_editors_write(crawled: Path, flagship: Record) -> None:
    """A text in UTF-16 or UTF-32 with its mark is a text; the head of a piece stands in it whole."""
    text = flagship["members"][0]["text"]
    for encoding in ("utf-16", "utf-32", "utf-8-sig"):
        assert onecopy("check", "-", cwd=crawled, stdin=text.encode(encoding)).returncode == 0
    whole_words = text[: len(text) // 4].rpartition(" ")[0].encode()
    head = onecopy("check", "-", cwd=crawled, stdin=whole_words).stdout.decode()
    assert head.count(f"story {flagship['id']} ") == 1
    assert "excerpt, 100% of your text stands there, " in head
    own = records(onecopy("check", "-", "--json", cwd=crawled, stdin=whole_words).stdout.decode())
    assert max(one["containment"] for one in own) == 1.0


def test_check_in_an_empty_store_says_so(tmp_path: Path) -> None:
    good("import", "-", cwd=tmp_path)
    done = onecopy("check", "-", cwd=tmp_path, stdin=b"Some words of it.")
    assert (done.returncode, done.stdout) == (1, b"Not known.\n")
    assert done.stderr == b"The store is empty: no article was stored yet.\n"


def test_changes_of_a_story_that_never_changed(crawled: Path, flagship: Record) -> None:
    assert "Nothing changed: no copy" in good("story", str(flagship["id"]), "--changes", cwd=crawled)


def test_questions_do_not_wait_for_a_writer(copied: Path) -> None:
    wanted = good("stories", "--json", cwd=copied)
    writer = sqlite3.connect(copied / "onecopy.db", isolation_level=None)
    try:
        writer.execute("BEGIN IMMEDIATE")
        assert good("stories", "--json", cwd=copied) == wanted
        assert good("search", "halmar", cwd=copied)
    finally:
        writer.rollback()
        writer.close()


def test_reading_imports_nothing_heavy(crawled: Path) -> None:
    code = (
        "import sys; from pipeline.cli import main; "
        "codes = [main(line.split()) for line in sys.argv[1:]]; "
        f"sys.stderr.write(' '.join(sorted(set({HEAVY!r}) & set(sys.modules)))); sys.exit(any(codes))"
    )
    questions = ["stories", "stories --json", "story 1", "search water", "feeds", "feeds --json"]
    done = subprocess.run(
        [sys.executable, "-c", code, *questions], cwd=crawled, env=environment(), capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_help_names_every_command(tmp_path: Path) -> None:
    text = good("--help", cwd=tmp_path)
    commands = ["demo", "crawl", "daemon", "stories", "story", "search", "check", "import", "export", "feeds"]
    listed = text[text.index("Commands:") :].splitlines()
    assert [words[0] for line in listed if (words := line.split()) and words[0] in commands] == commands
    assert not [line for line in listed if line.endswith("...")], "a summary is too long for 80 columns"


@pytest.mark.parametrize("command", ["stories", "feeds add"])
def test_help_of_a_command(command: str, tmp_path: Path) -> None:
    assert f"Usage: onecopy {command}" in good(*command.split(), "--help", cwd=tmp_path)


def test_version(tmp_path: Path) -> None:
    assert good("--version", cwd=tmp_path).startswith("onecopy ")


def test_what_was_learned_of_a_site(crawled: Path) -> None:
    (record,) = records(good("feeds", "learned", "--json", cwd=crawled))
    for named in (record["site"], f"http://www.{record['site']}/any/page"):
        assert records(good("feeds", named, "--learned", "--json", cwd=crawled)) == [record]
    assert record["place"] in good("feeds", record["site"], "--learned", cwd=crawled)
    unknown = onecopy("feeds", "unknown.test", "--learned", cwd=crawled)
    assert unknown.returncode == 1
    assert b"unknown.test" in unknown.stderr
