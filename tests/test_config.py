"""What config.yaml may not say: found when it is read, by every command, with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config import load
from pipeline.errors import ConfigError

WRONG = [
    # a file, the line that is wrong, what is said of it
    ("fetch:\n  contact: Jörg\n", 2, "fetch.contact: must be printable ASCII and not empty"),
    ('fetch:\n  user_agent: "a\\r\\nX: y"\n', 2, "fetch.user_agent: must be printable ASCII"),
    ('fetch:\n  user_agent: ""\n', 2, "fetch.user_agent: must be printable ASCII and not empty"),
    ('fetch:\n  user_agent: "bad {"\n', 2, "fetch.user_agent: only {version} and {contact} may stand in braces"),
    ('fetch:\n  user_agent: "a/{version} ({mail})"\n', 2, "fetch.user_agent: only {version} and {contact}"),
    ('fetch:\n  parallel: 2\n  connect_to: {"*.test": "localhost:89"}\n', 3, "'localhost:89' is not an IP address"),
    ('fetch: {connect_to: {a.test: ""}}', 1, "fetch.connect_to: a.test: '' is not an IP address"),
    ('fetch: {connect_to: {a.test: "127.0.0.1:x"}}', 1, "'127.0.0.1:x' is not an IP address"),
    ('fetch: {connect_to: {a.test: "127.0.0.1:70000"}}', 1, "'127.0.0.1:70000' is not an IP address"),
    ('fetch: {connect_to: {8.8.8.8: "127.0.0.1"}}', 1, "8.8.8.8: an address can only be reached at itself"),
    ('fetch: {connect_to: {"8.8.8.8:80": "8.8.8.8:81"}}', 1, "an address can only be reached at itself"),
    ('fetch: {connect_to: {"http://a.test/": "127.0.0.1"}}', 1, "'http://a.test/' is not a host"),
    ("schedule:\n  max_interval_s: 100\n  min_interval_s: 5000\n", 2, "must not be less than min_interval_s (5000)"),
    ("schedule:\n  min_interval_s: 1e5\n", 1, "schedule.max_interval_s: must not be less than min_interval_s (100000)"),
    ("schedule:\n  max_interval_s: .inf\n", 2, "schedule.max_interval_s: input should be a finite number"),
    ("dedup:\n  candidates: yes\n", 2, "dedup.candidates: expected a number, not yes or no"),
    ("fetch:\n  timeout_s: off\n", 2, "fetch.timeout_s: expected a number, not yes or no"),
]


@pytest.mark.parametrize(("text", "line", "said"), WRONG)
def test_what_cannot_work_is_named_with_its_line(text: str, line: int, said: str, tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as raised:
        load(path)
    assert str(raised.value).startswith(f"{path}:{line}: ")
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


def test_what_works_is_taken_as_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(
        'fetch: {user_agent: "reader ({contact})", contact: me@example.org, robots: no, '
        'connect_to: {"*.test": "127.0.0.1:80", "b.test:8080": "[::1]:81", "::1": "::1"}}\n'
        "schedule: {min_interval_s: 60, max_interval_s: 60}\n"
    )
    loaded = load(path)
    assert loaded.fetch.user_agent == "reader ({contact})"
    assert not loaded.fetch.robots
    assert list(loaded.fetch.connect_to) == ["*.test", "b.test:8080", "::1"]
    assert loaded.schedule.max_interval_s == 60
