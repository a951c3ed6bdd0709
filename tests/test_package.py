"""The public names: what a program imports, and what that costs."""

from __future__ import annotations

import subprocess
import sys

NAMES = ("Pipeline", "compare", "extract", "fingerprint", "group", "parse_feed")


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def test_public_names_are_callable_whatever_was_imported_before() -> None:
    """No room may bear the name of a public function: importing it would take the function's place."""
    code = (
        "import pipeline.app, pipeline.crawl, pipeline.exchange, pipeline.daemon\n"
        "import pipeline\n"
        f"print([callable(getattr(pipeline, name)) for name in {NAMES!r}])"
    )
    assert run(code).strip() == str([True] * len(NAMES))


def test_all_lists_the_public_names() -> None:
    import pipeline

    assert sorted(pipeline.__all__) == sorted(NAMES)
    assert set(NAMES) <= set(dir(pipeline))


def test_importing_the_package_imports_nothing_heavy() -> None:
    heavy = {"numpy", "datasketch", "trafilatura", "feedparser", "lxml", "aiohttp", "sqlalchemy", "apscheduler"}
    loaded = set(run("import pipeline, sys; print(*sys.modules)").split())
    assert not heavy & loaded
