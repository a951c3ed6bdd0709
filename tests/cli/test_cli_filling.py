"""Commands that change the store: crawl, import, feeds add/remove/import/export, demo."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
import yaml
from http_serving import Answer, serving

from pipeline.demo import Server, World
from tests.cli.cli_helpers import COMMAND, environment, good, onecopy, records


def grouped(folder: Path) -> set[frozenset[str]]:
    """Articles by story, whatever the story's number."""
    stories: dict[int, set[str]] = {}
    for one in records(good("export", cwd=folder)):
        stories.setdefault(one["story"], set()).add(one["url"])
    return {frozenset(urls) for urls in stories.values()}


def answering(table: dict[str, bytes]) -> AbstractContextManager[str]:
    """A server with these pages and 404 for all else; gives its address."""
    return serving(lambda asked: Answer(table[asked.path]) if asked.path in table else Answer(status=404))


def test_second_crawl_finds_nothing_new(copied: Path, served: Server, world: World) -> None:
    before = good("export", cwd=copied)
    served.forget()
    result = json.loads(good("crawl", "--all", "--json", cwd=copied))
    feeds = sum(len(site.feeds) for site in world.sites.values())
    assert (result["feeds"], result["not_modified"], result["new_articles"]) == (feeds, feeds, 0)
    asked = [seen for seen in served.requests() if seen.path != "/robots.txt"]
    assert len(asked) == feeds
    assert all(seen.status == 304 and "if-none-match" in seen.headers for seen in asked)
    assert good("export", cwd=copied) == before


def test_nothing_due_says_when(copied: Path) -> None:
    assert good("crawl", cwd=copied).startswith("No feed is due; the next one is in ")


def test_a_feed_that_is_off_says_so_and_how_to_turn_it_on(copied: Path) -> None:
    settings = yaml.safe_load((copied / "config.yaml").read_text())
    settings["feeds"] = [one for one in settings["feeds"] if "openlectern" not in one["url"]]
    (copied / "config.yaml").write_text(yaml.safe_dump(settings))
    done = onecopy("crawl", "--feed", "The Open Lectern", cwd=copied)
    url = "http://openlectern.test/articles.atom"
    assert (done.returncode, done.stdout) == (0, b"Nothing was fetched.\n")
    assert f"The Open Lectern is off; `onecopy feeds add {url}` turns it on again" in done.stderr.decode()
    added = good("feeds", "add", url, cwd=copied)
    assert added == f"There already, now turned on again: The Open Lectern <{url}>\n"
    assert json.loads(good("crawl", "--feed", "The Open Lectern", "--json", cwd=copied))["feeds"] == 1


def test_failures_are_listed_with_their_reasons(fresh: Path, served: Server) -> None:
    served.fail("zerocontango.test", 503)
    try:
        done = onecopy("crawl", "--feed", "Zero Contango", "--feed", "The Open Lectern", cwd=fresh)
        alone = onecopy("crawl", "--feed", "Zero Contango", "--json", cwd=fresh)
    finally:
        served.heal()
    text = done.stdout.decode()
    assert (done.returncode, done.stderr) == (0, b"")
    assert "1 changed, 1 failed" in text
    assert "http://zerocontango.test/fullrss2.xml" in text
    assert "server error: " in text
    assert alone.returncode == 1, "every feed of this run failed"
    (failure,) = json.loads(alone.stdout)["failures"]
    assert (failure["what"], failure["reason"]) == ("feed", "server error")
    state = {one["name"]: one for one in records(good("feeds", "--json", cwd=fresh))}
    assert state["Zero Contango"]["failures"] == 2
    assert "server error (2 times)" in good("feeds", cwd=fresh)


def test_ctrl_c_ends_quietly_and_gives_back_what_was_claimed(fresh: Path, served: Server) -> None:
    crawl = ["crawl", "--feed", "The Open Lectern"]
    served.forget()
    served.delay(0.3)
    try:
        process = subprocess.Popen(
            [*COMMAND, *crawl],
            cwd=fresh,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        while sum(seen.status == 200 and seen.path != "/robots.txt" for seen in served.requests()) < 3:
            assert process.poll() is None
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does it: to the workers, too
        output, errors = process.communicate(timeout=30)
    finally:
        served.heal()
    assert (process.returncode, output, errors) == (130, b"", b"")
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)  # no worker is left
    assert json.loads(good(*crawl, "--json", cwd=fresh))["feeds"] == 1
    (state,) = [one for one in records(good("feeds", "--json", cwd=fresh)) if one["name"] == "The Open Lectern"]
    assert state["articles"] == state["entries"] > 3


def test_export_then_import_gives_the_same_groups(crawled: Path, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").touch()
    done = onecopy("export", "--out", tmp_path / "all.jsonl", cwd=crawled)
    assert done.returncode == 0
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    assert (tmp_path / "all.jsonl").read_text() == good("export", cwd=crawled)
    result = json.loads(good("import", "all.jsonl", "--json", cwd=tmp_path))
    assert result["failures"] == []
    assert grouped(tmp_path) == grouped(crawled)


def test_bad_lines_are_named_and_the_others_go_in(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").touch()
    words = "A ferry crossed the narrow strait before noon and nobody on the quay looked surprised by it. "
    lines = [
        b"\xef\xbb\xbf" + json.dumps({"url": "http://a.test/1", "text": words * 3}).encode(),
        b"{not json",
        b'{"url": "http://a.test/2", "text": "\xff\xfe is not UTF-8"}',
        b"",
        b'{"url": "ftp://a.test/3", "text": "x"}',
        b'{"url": "http://a.test/4"}',
        b"[" * 200_000,
        json.dumps({"url": "http://a.test/5", "text": "A second text of its own. " + words[::-1] * 3}).encode(),
    ]
    done = onecopy("import", "-", cwd=tmp_path, stdin=b"\n".join(lines))
    assert done.returncode == 1
    complaints = done.stderr.decode().splitlines()
    assert [line.split(": ")[1] for line in complaints] == ["stdin:2", "stdin:3", "stdin:5", "stdin:6", "stdin:7"]
    assert len(grouped(tmp_path)) == 2
    host = records(good("stories", "--json", "--site", "http://www.a.test/4", cwd=tmp_path))
    assert len(host) == 2
    folder = onecopy("export", "--out", ".", cwd=tmp_path)
    assert (folder.returncode, folder.stderr.decode()) == (2, "onecopy: .: cannot be written: Is a directory\n")


def test_feeds_added_and_removed(fresh: Path, served: Server) -> None:
    (fresh / "config.yaml").write_text(f'fetch: {{connect_to: {{"*.test": "{served.address}"}}, host_gap_s: 0}}\n')
    url = "http://openlectern.test/articles.atom"
    assert good("crawl", cwd=fresh) == "There are no feeds yet; `onecopy feeds add URL` adds one.\n"
    assert (
        good("feeds", "add", url, "--name", "Lectern", "--folder", "Science", cwd=fresh) == f"Added: Lectern <{url}>\n"
    )
    assert good("feeds", "add", url, cwd=fresh) == f"There already: Lectern <{url}>\n"
    renamed = good("feeds", "add", url, "--name", "The Lectern", "--folder", "Arts", cwd=fresh)
    assert renamed == f"There already, now called The Lectern, in Arts: The Lectern <{url}>\n"
    assert "Lectern, in Science" in good("feeds", "add", url, "--name", "Lectern", "--folder", "Science", cwd=fresh)
    assert good("feeds", "--urls", cwd=fresh).splitlines()[1].endswith(f"  {url}")
    (fresh / "list.opml").write_text(good("feeds", "export", cwd=fresh))
    assert good("feeds", "remove", "lectern", cwd=fresh) == f"Removed: Lectern <{url}>\n"
    assert records(good("feeds", "--json", cwd=fresh)) == []
    assert good("feeds", "import", "list.opml", cwd=fresh) == "1 feed added, 0 there already.\n"
    (feed,) = records(good("feeds", "--json", cwd=fresh))
    assert (feed["name"], feed["folder"], feed["url"]) == ("Lectern", "Science", url)
    listed = (fresh / "list.opml").read_bytes()
    assert good("feeds", "import", "-", cwd=fresh, stdin=listed) == "0 feeds added, 1 there already.\n"
    (fresh / "empty.opml").write_text('<opml version="2.0"><body><outline text="Folder"/></body></opml>')
    done = onecopy("feeds", "import", "empty.opml", cwd=fresh)
    assert (done.returncode, done.stderr) == (1, b"onecopy: empty.opml: it names no feed\n")
    good("feeds", "add", "http://other.test/feed", "--name", "Lectern", "--as-is", cwd=fresh)
    twice = onecopy("feeds", "remove", "Lectern", cwd=fresh)
    assert twice.returncode == 1
    assert f"2 feeds are called 'Lectern': name one by its URL: {url}, http://other.test/feed" in twice.stderr.decode()


def test_a_feed_that_nobody_named_goes_by_its_title(fresh: Path, served: Server) -> None:
    url = "http://openlectern.test/articles.atom"
    (fresh / "config.yaml").write_text(
        f'feeds: ["{url}"]\nwork: {{processes: 1}}\n'
        f'fetch: {{connect_to: {{"*.test": "{served.address}"}}, host_gap_s: 0}}\n'
    )
    assert good("feeds", cwd=fresh).splitlines()[1].startswith("openlectern.test  new")
    good("crawl", "--feed", "openlectern.test", cwd=fresh)
    (feed,) = records(good("feeds", "--json", cwd=fresh))
    assert feed["name"] == "openlectern.test"
    assert good("feeds", cwd=fresh).splitlines()[1].startswith(f"{feed['title']}  ok")
    (fresh / "config.yaml").write_text("")
    assert good("feeds", "remove", feed["title"].upper(), cwd=fresh) == f"Removed: {feed['title']} <{url}>\n"


def test_a_page_leads_to_its_feed(tmp_path: Path) -> None:
    """One feed is added; of several none, and they are named; a page without any is refused; silence is no answer."""
    links = '<link rel="alternate" type="application/atom+xml" href="/{}">'
    table = {
        "/": f"<html><head>{links.format('feed')}</head>",
        "/two": f"<html><head>{links.format('feed')}{links.format('comments')}</head>",
        "/none": "<html><head><title>x</title></head>",
        "/feed": '<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title></feed>',
    }
    with answering({path: body.encode() for path, body in table.items()}) as address:
        (tmp_path / "config.yaml").write_text(f'fetch: {{connect_to: {{"site.test": "{address}"}}, host_gap_s: 0}}\n')
        page = "http://site.test"
        # Without a scheme: https first, which nobody speaks there.
        assert good("feeds", "add", "site.test/", cwd=tmp_path) == f"Added: site.test <{page}/feed>\n"
        assert good("feeds", "add", f"{page}/", cwd=tmp_path) == f"There already: site.test <{page}/feed>\n"
        assert good("feeds", "add", f"{page}/feed", cwd=tmp_path) == f"There already: site.test <{page}/feed>\n"
        several = onecopy("feeds", "add", f"{page}/two", cwd=tmp_path)
        none = onecopy("feeds", "add", f"{page}/none", cwd=tmp_path)
        missing = onecopy("feeds", "add", "site.test/absent", cwd=tmp_path)
    assert (several.returncode, none.returncode) == (2, 2)
    assert all(f"{page}/{name}" in several.stderr.decode() for name in ("feed", "comments"))
    assert "is no feed, and names none" in none.stderr.decode()
    assert missing.returncode == 1  # http answers, and has none: https is not subscribed to in its place
    assert missing.stderr.decode().count("site.test/absent: ") == 2
    silent = onecopy("feeds", "add", "http://u:s3cret@site.test/later", cwd=tmp_path)
    assert silent.returncode == 0
    assert "taken as it is, no connection" in silent.stderr.decode()
    assert good("feeds", "add", f"{page}/unseen", "--as-is", cwd=tmp_path).startswith("Added: ")
    assert "s3cret" not in (silent.stdout + silent.stderr).decode()
    assert {one["url"] for one in records(good("feeds", "--json", cwd=tmp_path))} == {
        f"{page}/feed",
        f"{page}/unseen",
        "http://***@site.test/later",
    }


def test_a_page_that_robots_close_is_not_checked(tmp_path: Path) -> None:
    table = {"/robots.txt": b"User-agent: *\nDisallow: /closed", "/open": b"<html><body><p>Some words of it.</p>"}
    with answering(table | {"/closed": table["/open"]}) as address:
        (tmp_path / "config.yaml").write_text(f'fetch: {{connect_to: {{"site.test": "{address}"}}, host_gap_s: 0}}\n')
        good("import", "-", cwd=tmp_path, stdin=b'{"url": "http://a.test/1", "text": "Other words."}')
        opened, closed = (onecopy("check", f"http://site.test/{name}", cwd=tmp_path) for name in ("open", "closed"))
    assert (opened.returncode, opened.stdout) == (1, b"Not known.\n")
    assert (closed.returncode, closed.stderr) == (2, b"onecopy: robots.txt does not allow it\n")


def test_demo_twice(tmp_path: Path) -> None:
    first = good("demo", "--dir", "a demo", cwd=tmp_path)
    assert "New articles   116" in first
    chain = first[first.index("from hand to hand") :]
    sites = ["ilmarivanth.substack.test", "zerocontango.test", "blitzticker.test", "newsfunnel.test"]
    assert [chain.index(f"{site}  ") for site in sites] == sorted(chain.index(f"{site}  ") for site in sites)
    second = good("demo", "--dir", "a demo", cwd=tmp_path)
    assert "26 not modified" in second
    assert "New articles   0" in second
    proposed = [line for line in second.splitlines() if line.startswith("  onecopy --config")]
    assert len(proposed) == 3
    assert proposed[0] == "  onecopy --config 'a demo/config.yaml' stories --copies 2"


@pytest.mark.parametrize("name", ["config.yaml", "onecopy.db"])
def test_demo_leaves_a_folder_of_somebody_else_alone(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"")
    done = onecopy("demo", "--dir", ".", cwd=tmp_path)
    assert done.returncode == 2
    assert b"choose another folder with --dir" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == [name]
