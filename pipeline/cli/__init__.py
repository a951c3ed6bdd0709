"""The command line, one file per command.

Exit codes: 0 done, 1 failed, 2 wrong use, 130 interrupted, 141 the reader of the output went away. ``check`` answers by
its code, as grep does: 0 known, 1 not known, 2 trouble.
"""

from __future__ import annotations

from collections.abc import Sequence

INTERRUPTED = 130  # 128 + SIGINT, as shells report it


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command, ``sys.argv`` without ``arguments``; returns the exit code and never raises."""
    try:
        from pipeline.cli.program import run  # takes a moment: Ctrl-C in it must be as quiet as later

        return run(arguments)
    except KeyboardInterrupt:
        return INTERRUPTED
