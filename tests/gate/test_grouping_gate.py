"""The command, its settings, its floors, and the hand-written cases."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench.grouping import cases, cli, floors, settings
from pipeline.dedup import Thresholds

ROOT = Path(__file__).resolve().parents[2]
TINY = ["--stories", "2", "--instances", "1", "--languages", "en", "--quick", "--no-baselines"]


def test_the_command_runs_and_speaks_json() -> None:
    done = subprocess.run(
        [ROOT / "scripts" / "gate", "grouping", *TINY, "--json"],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHON": sys.executable, "PATH": "/usr/bin:/bin"},
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["about"]["half"] == "development"
    assert set(report["summary"]) >= {
        "P",
        "R",
        "Rx",
        "Rexc",
        "B3 F",
        "original right",
        "parent right",
        "merged look-alikes",
    }
    assert all(of == 1 for _, of in report["look-alikes"].values())


def test_a_missed_floor_fails_the_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "floors.json"
    floors.save(path, {"development quick": {"R": 2.0}})
    assert cli.main([*TINY, "--floors", str(path)]) == 1
    assert "R: " in capsys.readouterr().err
    floors.save(path, {"development quick": {"R": 0.0}})
    assert cli.main([*TINY, "--floors", str(path)]) == 0
    floors.save(path, {})
    assert cli.main([*TINY, "--floors", str(path)]) == 2


def test_floors_rise_and_only_fall_when_asked() -> None:
    known = {"P": 0.95, "R": 0.9, "merged look-alikes": 3.0}
    measured = {"P": 0.99, "R": 0.8, "merged look-alikes": 5.0, "Rexc": 1.0}
    assert floors.pinned(known, measured, lower=False) == {"P": 0.988, "R": 0.9, "merged look-alikes": 3.0, "Rexc": 1.0}
    assert floors.pinned(known, measured, lower=True) == {
        "P": 0.988,
        "R": 0.798,
        "merged look-alikes": 5.0,
        "Rexc": 1.0,
    }


def test_what_counts_as_a_miss() -> None:
    known = {"P": 0.95, "merged look-alikes": 3.0, "gone": 0.5}
    assert floors.misses(known, {"P": 0.95, "merged look-alikes": 3.0, "gone": 0.6}) == []
    missed = floors.misses(known, {"P": 0.94, "merged look-alikes": 4.0})
    assert [line.split(":")[0] for line in missed] == ["P", "merged look-alikes", "gone"]


def test_settings_reach_the_room() -> None:
    assert settings.thresholds(["copy_jaccard=0.5"], []).copy_jaccard == 0.5
    assert settings.thresholds([], []) == Thresholds()
    for rule in settings.RULES:
        assert settings.thresholds([], [rule]) != Thresholds()
    steps = list(settings.sweep("copy_jaccard=.25:.5:.05"))
    assert [setting for setting, _ in steps] == [
        f"copy_jaccard={value:g}" for value in (0.25, 0.3, 0.35, 0.4, 0.45, 0.5)
    ]


@pytest.mark.parametrize("wrong", ["copy_jacard=0.5", "copy_jaccard", "copy_jaccard=much"])
def test_wrong_settings_are_refused(wrong: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([*TINY, "--set", wrong]) == 2
    assert "scripts/gate grouping: " in capsys.readouterr().err


def test_a_rule_switched_off_changes_the_outcome() -> None:
    worlds = cli._build(cli.parser().parse_args([*TINY, "--stories", "20"]))
    assert len(cli.decide(worlds, settings.thresholds([], ["excerpts"]))) > len(cli.decide(worlds, Thresholds()))


def test_hand_written_cases() -> None:
    every = {case.name: case for case in cases.load_all()}
    assert len(every) >= 50
    assert cases.open_cases() <= set(every)
    failed = {name: wrong for name, case in every.items() if (wrong := cases.check(case))}
    assert not {name: wrong for name, wrong in failed.items() if name not in cases.open_cases()}


def test_a_case_that_cannot_be_read_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "odd.txt"
    path.write_text("# odd\n@ https://a.example/1\ntitel: A\n\nText.\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"odd\.txt:3"):
        cases.load(path)


def test_a_case_that_is_wrong_is_told(tmp_path: Path) -> None:
    text = " ".join(f"word{number}" for number in range(60))
    path = tmp_path / "wrong.txt"
    path.write_text(
        f"# one text, said to be two stories\n@ https://a.example/1\nstory: 1\nkind: excerpt\n\n{text}\n\n"
        f"@ https://b.example/1\nstory: 2\nfrom: 1\n\n<< 1\n",
        encoding="utf-8",
    )
    wrong = cases.check(cases.load(path))
    assert any("merged" in line for line in wrong)
    assert any("original, not excerpt" in line for line in wrong)
