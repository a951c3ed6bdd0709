"""Every wrong use ends in one clear line on stderr and the right exit code; never in a traceback."""

from __future__ import annotations

import resource
import shlex
import sqlite3
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.cli.cli_helpers import COMMAND, environment, good, onecopy

BAD_CONFIG = "feeds: []\nfetch:\n  parallel: 4\n  host_gap: 2\n"

WRONG = [
    # arguments, exit code, what the line has to say
    (["stroies"], 2, "No such command 'stroies'. Did you mean 'stories'"),
    (["stories", "--nope"], 2, "No such option: --nope"),
    (["stories", "--copies", "many"], 2, "'--copies': Input should be a valid integer"),
    (["stories", "--copies", "0"], 2, "--copies"),
    (["stories", "--since", "yesterday"], 2, "--since: 'yesterday' is neither a date"),
    (["stories", "--until", "99999999w"], 2, "--until: "),
    (["story"], 2, "Missing argument"),
    (["story", "twelve"], 2, "'twelve' is not a story's number: `onecopy stories` shows them"),
    (["story", "999999"], 1, "no story 999999"),
    (["story", "99999999999999999999999"], 1, "no story"),
    (["search"], 2, "Missing argument"),
    (["crawl", "--feed", "Zero Contanga"], 1, "no feed 'Zero Contanga'; did you mean 'Zero Contango'?"),
    (["crawl", "--feed", "Zero Contango", "--all"], 2, "--feed and --all exclude each other"),
    (["feeds", "add", "ftp://example.org/feed"], 2, "'ftp://example.org/feed' is not an http(s) URL"),
    (["feeds", "add", "http://127.0.0.1:22/"], 2, "http://127.0.0.1:22/: port 22 is not 80, 443 or above 1023"),
    (["feeds", "add", "http://169.254.169.254/feed"], 2, "http://169.254.169.254/feed: "),
    (["users", "add", "ann"], 2, "no terminal to ask for the password at; --password-stdin"),
    (["check", "picture.png"], 2, "picture.png: not a text"),
    (["check", "random"], 2, "random: not a text"),
    (["feeds", "remove", "nothing like it"], 1, "no feed 'nothing like it'"),
    (["feeds", "remove", "Zero Contango"], 2, "is listed in the configuration file"),
    (["feeds", "import", "missing.opml"], 2, "missing.opml: cannot be read: No such file or directory"),
    (["feeds", "import", "config.yaml"], 1, "config.yaml: "),
    (["import", "missing.jsonl"], 2, "missing.jsonl: cannot be read: No such file or directory"),
    (["import", "."], 2, ".: cannot be read: Is a directory"),
    (
        ["export", "--out", "missing/folder/file"],
        2,
        "missing/folder/file: cannot be written: No such file or directory",
    ),
    (["--config", "missing.yaml", "stories"], 2, "missing.yaml: no such configuration file"),
    (["stories", "--config", "bad.yaml"], 2, "bad.yaml:4: fetch.host_gap: unknown key; did you mean 'host_gap_s'?"),
    (["stories", "--config", "torn.yaml"], 2, "torn.yaml:2: not valid YAML"),
    (["stories", "--config", "garbage.yaml"], 1, "is not an SQLite database"),
    (["stories", "--config", "newer.yaml"], 1, "made by a newer onecopy"),
    (["crawl", "--config", "nowhere.yaml"], 1, "does not exist"),
    (["stories", "--config", "oracle.yaml"], 2, "oracle.yaml:1: store.url: expected sqlite:///FILE or postgresql://"),
    (["stories", "--config", "port.yaml"], 2, "port.yaml:2: store.url: the port is not a number"),
    (["stories", "--config", "twice.yaml"], 2, "twice.yaml:3: parallel: stands on line 2 already"),
    (["stories", "--config", "shape.yaml"], 2, "shape.yaml:2: feeds[1]: expected a mapping"),
]


@pytest.fixture(scope="module")
def folder(crawled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A crawled store beside configurations that cannot be used."""
    folder = tmp_path_factory.mktemp("wrong")
    for name in ("config.yaml", "onecopy.db"):
        (folder / name).write_bytes((crawled / name).read_bytes())
    (folder / "bad.yaml").write_text(BAD_CONFIG)
    (folder / "torn.yaml").write_text("feeds: [\n")
    (folder / "garbage.yaml").write_text("store: {url: 'sqlite:///garbage.db'}\n")
    (folder / "garbage.db").write_bytes(b"This is not a database, however long it may be. " * 100)
    (folder / "newer.yaml").write_text("store: {url: 'sqlite:///newer.db'}\n")
    (folder / "nowhere.yaml").write_text("store: {url: 'sqlite:///missing/folder/onecopy.db'}\n")
    (folder / "oracle.yaml").write_text("store: {url: 'oracle://user:secret@host/db'}\n")
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(50))
    (folder / "random").write_bytes(bytes(range(1, 256)) * 3)  # without a NUL, and no UTF-8
    (folder / "port.yaml").write_text("store:\n  url: postgres://user:secret@host:door/db\n")
    (folder / "twice.yaml").write_text("fetch:\n  parallel: 4\n  parallel: 5\n")
    (folder / "shape.yaml").write_text("feeds: [http://a.test/feed,\n  [http://b.test/feed]]\n")
    with sqlite3.connect(folder / "onecopy.db") as here, sqlite3.connect(folder / "newer.db") as there:
        here.backup(there)
        there.execute("UPDATE onecopy_version SET version_num = '9999'")
    return folder


Done = subprocess.CompletedProcess[bytes]


@pytest.fixture(scope="module")
def ended(folder: Path) -> dict[str, Done]:
    """How every wrong call ended; two at a time, because starting a process is most of the work."""
    with ThreadPoolExecutor(2) as pool:
        done = pool.map(lambda row: onecopy(*row[0], cwd=folder), WRONG)
        return {" ".join(row[0]): one for row, one in zip(WRONG, done, strict=True)}


@pytest.mark.parametrize(("arguments", "code", "says"), WRONG, ids=[" ".join(row[0]) for row in WRONG])
def test_one_line_and_the_right_exit_code(arguments: list[str], code: int, says: str, ended: dict[str, Done]) -> None:
    done = ended[" ".join(arguments)]
    line = done.stderr.decode()
    assert says in line
    assert line.startswith("onecopy: ")
    assert line.count("\n") == 1
    assert "secret" not in line
    assert (done.returncode, done.stdout) == (code, b"")


def test_several_mistakes_in_a_configuration_are_a_line_each(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("fetch:\n  paralel: 4\nstores: {}\nwork:\n  processes: none\n")
    lines = onecopy("stories", cwd=tmp_path).stderr.decode().splitlines()
    assert sorted(line.split(": ")[1] for line in lines) == ["config.yaml:2", "config.yaml:3", "config.yaml:5"]
    assert all(line.startswith("onecopy: ") for line in lines)


def test_without_arguments_it_shows_help(tmp_path: Path) -> None:
    done = onecopy(cwd=tmp_path)
    assert done.returncode == 2
    assert b"Usage: onecopy" in done.stderr


def test_an_unexpected_error_is_one_line_and_says_how_to_see_more(crawled: Path) -> None:
    # An error that nothing in onecopy expects: a library that does not load.
    broken = environment(PYTHONPATH=f"{crawled}:{environment()['PYTHONPATH']}")
    (crawled / "rich").mkdir(exist_ok=True)
    (crawled / "rich" / "__init__.py").write_text("raise RuntimeError('rich is broken')\n")
    try:
        done = onecopy("stories", cwd=crawled, env=broken)
        shown = onecopy("stories", cwd=crawled, env=broken | {"ONECOPY_DEBUG": "1"})
    finally:
        (crawled / "rich" / "__init__.py").unlink()
    assert done.returncode == shown.returncode == 1
    assert done.stderr == b"onecopy: unexpected RuntimeError: rich is broken (set ONECOPY_DEBUG=1 to see where)\n"
    assert b"Traceback (most recent call last)" in shown.stderr


def test_a_reader_that_goes_away_is_no_error(crawled: Path) -> None:
    for command in ("export", "stories --limit 1000"):
        shell = f"{shlex.join(COMMAND)} {command} | head -n 1"
        done = subprocess.run(["sh", "-c", shell], cwd=crawled, env=environment(), capture_output=True, check=False)
        assert done.stdout.count(b"\n") == 1
        assert done.stderr == b""


def test_a_full_disk_is_one_line(crawled: Path) -> None:
    for command in (["export"], ["stories"], ["--version"], ["export", "--out", "/dev/full"]):
        with Path("/dev/full").open("wb") as full:
            done = subprocess.run(
                [*COMMAND, *command],
                cwd=crawled,
                env=environment(),
                stdout=full,
                stderr=subprocess.PIPE,
                check=False,
            )
        assert done.returncode == 1
        assert done.stderr.endswith(b"No space left on device\n")
        assert done.stderr.count(b"\n") == 1


def test_a_store_that_cannot_grow_is_one_line(copied: Path) -> None:
    """A file size limit stands in for a full disk: writing fails in the same place."""
    size = (copied / "onecopy.db").stat().st_size
    words = " ".join(f"word{number}" for number in range(20_000))
    line = f'{{"url": "http://a.test/large", "text": "{words}"}}\n'.encode() * 3
    done = subprocess.run(
        [*COMMAND, "import", "-"],
        cwd=copied,
        env=environment(),
        input=line,
        capture_output=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size // 8, size // 8)),
    )
    assert done.returncode == 1
    assert done.stderr.startswith(b"onecopy: ")
    assert done.stderr.count(b"\n") == 1
    assert good("stories", "--limit", "1", cwd=copied)


def test_closed_streams_are_no_error(crawled: Path) -> None:
    for redirect in (">&-", "2>&-", "<&-"):
        shell = f"{shlex.join(COMMAND)} stories --limit 1 {redirect}"
        done = subprocess.run(["sh", "-c", shell], cwd=crawled, env=environment(), capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (0, b"")
