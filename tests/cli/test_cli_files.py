"""The files that the commands come with: config.yaml, the lock files, the scripts."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import get_args, get_origin

import pytest
import yaml
from pydantic import BaseModel

from pipeline import config as configuration
from pipeline.config import Config, FeedSettings
from tests.cli.cli_helpers import ROOT

SHIPPED = ROOT / "config.yaml"
SETTING = re.compile(r"^  #(\w+: .*)$", re.MULTILINE)
LISTS = ("feeds", "webhooks")
SHELL_SCRIPTS = ["onecopy", "setup", "test", "check", "fix", "lock"]


def shown() -> dict[str, dict[str, object]]:
    """Every section that is no list, with its commented settings taken in."""
    text = SETTING.sub(r"  \1", SHIPPED.read_text(encoding="utf-8"))
    values = yaml.safe_load(text)
    return {name: value for name, value in values.items() if name not in LISTS}


def test_config_yaml_shows_every_key_at_its_default() -> None:
    sections = {name: field.annotation for name, field in Config.model_fields.items() if name not in LISTS}
    defaults = {}
    for name, section in sections.items():
        assert isinstance(section, type) and issubclass(section, BaseModel)
        defaults[name] = section().model_dump(mode="json")
    assert shown() == defaults
    Config.model_validate(shown())


def test_config_yaml_changes_no_default() -> None:
    loaded = configuration.load(SHIPPED)
    assert loaded.model_copy(update={"feeds": (), "store": Config().store}) == Config()


def test_config_yaml_lists_feeds_with_every_key() -> None:
    feeds = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))["feeds"]
    assert len(feeds) >= 18
    assert set().union(*feeds) == set(FeedSettings.model_fields)
    assert len({feed["url"] for feed in feeds}) == len({feed["name"] for feed in feeds}) == len(feeds)
    assert get_args(Config.model_fields["feeds"].annotation)[0] is FeedSettings
    assert get_origin(Config.model_fields["feeds"].annotation) is tuple


@pytest.mark.parametrize("name", ["runtime", "dev"])
def test_lock_files_pin_every_dependency_by_hash_and_name_no_host(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    pinned = {line.split("==")[0] for line in text.splitlines() if line and not line.startswith(" ")}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    wanted += project["dependency-groups"]["dev"] if name == "dev" else []
    assert {re.split(r"[\[><=~!; ]", one)[0].lower() for one in wanted} <= pinned
    # Nothing but names with a version, each with its hashes: no address, no option.
    pin = r"[\w.-]+(\[[\w,.-]+\])?==[\w.+!]+( ; [^:@]+)? \\\n"
    digest = r" {4}--hash=sha256:[0-9a-f]{64}"
    assert re.fullmatch(rf"({pin}({digest} \\\n)*{digest}\n)+", text)


def test_the_tests_run_on_the_versions_that_users_get() -> None:
    runtime, dev = (
        {line for line in (ROOT / "requirements" / f"{name}.txt").read_text().splitlines() if "==" in line}
        for name in ("runtime", "dev")
    )
    assert runtime <= dev


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose .venv is up to date, with a "python" that only says how it was called."""
    root = tmp_path / "a check out"
    shutil.copytree(ROOT / "scripts", root / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "requirements", root / "requirements")
    shutil.copy(ROOT / "pyproject.toml", root)
    made = root / ".venv" / "onecopy"
    made.mkdir(parents=True)
    for file in (root / "requirements" / "runtime.txt", root / "requirements" / "dev.txt", root / "pyproject.toml"):
        shutil.copy(file, made)
    (made / "root").write_text(f"{root}\n")
    python = root / ".venv" / "bin" / "python"
    python.parent.mkdir()
    python.write_text('#!/bin/sh\nprintf "[%s]" "$ONECOPY_PROGRAM" "$PWD" "$@"\n')
    python.chmod(0o755)
    return root


def bare_path(folder: Path) -> str:
    """A PATH with the tools of a plain system and without Python."""
    folder.mkdir()
    for tool in ("sh", "dirname", "readlink", "cmp", "rm", "mkdir", "cp"):
        found = shutil.which(tool)
        assert found is not None
        (folder / tool).symlink_to(found)
    return str(folder)


def test_onecopy_runs_from_anywhere_through_links_with_its_arguments(checkout: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "else where"
    elsewhere.mkdir()
    (elsewhere / "oc").symlink_to("../a check out/scripts/onecopy")
    done = subprocess.run(
        ["./oc", "search", "two words", ""], cwd=elsewhere, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.stdout == f"[./oc][{elsewhere}][-P][-m][pipeline][search][two words][]"


@pytest.mark.parametrize(
    "change", ["requirements/runtime.txt", "pyproject.toml", ".venv/onecopy/root", ".venv/bin/python"]
)
def test_setup_begins_anew_when_anything_changed(change: str, checkout: Path, tmp_path: Path) -> None:
    path = bare_path(tmp_path / "bin")
    start = [str(checkout / "scripts" / "onecopy"), "--version"]
    assert subprocess.run(start, env={"PATH": path}, capture_output=True, check=False).returncode == 0
    (checkout / change).unlink() if change.endswith("python") else (checkout / change).write_text("# changed\n")
    done = subprocess.run(start, env={"PATH": path}, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("onecopy: needs Python 3.11 or newer")
    assert done.stderr.count("\n") == 1


def test_setup_names_a_python_without_venv(checkout: Path, tmp_path: Path) -> None:
    path = bare_path(tmp_path / "bin")
    python = tmp_path / "bin" / "python3.12"
    python.write_text("#!/bin/sh\ncase $2 in *ensurepip*) exit 1;; esac\n")
    python.chmod(0o755)
    shutil.rmtree(checkout / ".venv")
    done = subprocess.run(
        [str(checkout / "scripts" / "onecopy")], env={"PATH": path}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith("onecopy: python3.12 has no venv module")


@pytest.mark.parametrize("name", SHELL_SCRIPTS)
def test_scripts_are_posix_shell(name: str) -> None:
    script = ROOT / "scripts" / name
    assert os.access(script, os.X_OK)
    assert script.read_text().startswith("#!/bin/sh\n")
    subprocess.run([shutil.which("dash") or "sh", "-n", str(script)], check=True)


def test_ci_runs_tests_and_checks_without_input() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    text = script.read_text()
    assert text.index("CI=true") < text.index("</dev/null") < text.index("scripts/test") < text.index("scripts/check")
