"""review and story --why: listed in a pipe, asked at a terminal, answered by option, exported as labels."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from pathlib import Path

from tests.cli.cli_helpers import COMMAND, environment, good, onecopy, records


def test_a_pipe_gets_the_list_and_answers_by_option(copied: Path) -> None:
    listed = records(good("review", "--json", "--limit", "5", cwd=copied))
    assert 0 < len(listed) <= 5
    shown = good("review", "--limit", "5", cwd=copied)
    for one in listed:
        assert one["pair"] in shown
        assert one["passages"]
    first, second = listed[0], listed[1]
    assert good("review", "--answer", first["pair"], "yes", cwd=copied).startswith("Word 1: merge ")
    assert good("review", "--answer", second["pair"], "no", cwd=copied).startswith("Word 2: never-merge ")
    left = [one["pair"] for one in records(good("review", "--json", "--limit", "100", cwd=copied))]
    assert not {first["pair"], second["pair"]} & set(left)
    labels = records(good("review", "--labels", cwd=copied))
    assert [one["answer"] for one in labels] == ["yes", "no"]
    assert "in review" in good("words", cwd=copied)


def test_a_terminal_is_asked(copied: Path) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, "review", "--limit", "4"],
        cwd=copied,
        stdin=theirs,
        stdout=theirs,
        stderr=subprocess.PIPE,
        env=environment(TERM="dumb", COLUMNS="200"),
    )
    os.close(theirs)
    os.write(ours, b"perhaps\nn\ns\nq\n")
    received = b""
    while b"One piece?" not in received or received.count(b"One piece?") < 4:
        try:
            received += os.read(ours, 65_536)
        except OSError:
            break
    assert process.wait(timeout=60) == 0
    os.close(ours)
    (label,) = records(good("review", "--labels", cwd=copied))
    assert label["answer"] == "no"


def test_wrong_answers_are_one_line(crawled: Path) -> None:
    for arguments, complaint in ((["1-2", "perhaps"], "yes or no"), (["nonsense", "yes"], "no pair")):
        done = onecopy("review", "--answer", *arguments, cwd=crawled)
        assert (done.returncode, done.stdout) == (2, b"")
        assert complaint in done.stderr.decode()


def test_why_tells_figures_passages_cuts_and_claims(crawled: Path) -> None:
    rows = records(good("stories", "--copies", "3", "--json", cwd=crawled))
    told = [json.loads(good("story", str(row["id"]), "--why", "--json", cwd=crawled)) for row in rows[:2]]
    for story in told:
        urls = {one["canonical_url"] for one in story["members"]}
        for member in story["members"]:
            why = member["why"]
            assert why["pairs"] >= len(why["joins"]) > 0
            for pair in why["joins"]:
                assert pair["with"] in urls - {member["canonical_url"]}
                assert pair["thresholds"] == {"copy_jaccard": 0.35, "excerpt_containment": 0.6}
                assert all(one["words"] > 0 for one in pair["passages"])
            assert sum(one["taken"] for one in why["claims"]) <= 1
    people = good("story", str(rows[0]["id"]), "--why", cwd=crawled)
    assert "Joined to " in people
    assert "(a copy from 0.35)" in people
    assert "Compared by " in people
    assert "why" not in json.loads(good("story", str(rows[0]["id"]), "--json", cwd=crawled))["members"][0]
