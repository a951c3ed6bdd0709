"""The real command, as a process."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-P", "-m", "pipeline"]
Record = dict[str, Any]


def environment(**more: str) -> dict[str, str]:
    """A plain environment: this source, UTC, no terminal's width, no configuration from outside."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return kept | {"PYTHONPATH": str(ROOT), "TZ": "UTC", "PYTHONUTF8": "1"} | more


def onecopy(
    *arguments: str | Path, cwd: Path, stdin: bytes = b"", env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run a command to its end; its output is bytes, as it was written."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        cwd=cwd,
        input=stdin,
        env=env or environment(),
        capture_output=True,
        timeout=120,
        check=False,
    )


def good(*arguments: str | Path, cwd: Path, stdin: bytes = b"") -> str:
    """The stdout of a command that has to succeed without complaint."""
    done = onecopy(*arguments, cwd=cwd, stdin=stdin)
    assert (done.returncode, done.stderr) == (0, b""), done.stderr.decode()
    return done.stdout.decode()


def records(output: str) -> list[Record]:
    """JSON lines."""
    return [json.loads(line) for line in output.splitlines()]


def on_terminal(*arguments: str | Path, cwd: Path, columns: int = 80, **env: str) -> tuple[int, str]:
    """Run a command with a pseudo-terminal as its stdout and stderr: (exit code, what the terminal received)."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        env=environment(**{"TERM": "xterm-256color", "COLUMNS": str(columns), **env}),
    )
    os.close(theirs)
    received = b""
    while True:
        try:
            part = os.read(ours, 65_536)
        except OSError:  # Linux: the other end is closed
            break
        if not part:
            break
        received += part
    os.close(ours)
    return process.wait(timeout=60), received.decode().replace("\r\n", "\n")
