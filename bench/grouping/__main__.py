"""``python -m bench.grouping``: see ``scripts/gate grouping --help``."""

from __future__ import annotations

from bench.grouping.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
