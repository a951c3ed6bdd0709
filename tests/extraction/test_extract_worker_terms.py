"""What the worker processes and the read-only commands rely on."""

from __future__ import annotations

import pickle
import subprocess
import sys

from pipeline.extraction import extract

PAGE = (
    "<html lang=en><title>T</title><article><p>"
    + "A sentence of some length stands here. " * 20
    + "</p></article></html>"
)


def test_results_can_be_pickled() -> None:
    found = extract(PAGE, "https://site.example/a")
    assert pickle.loads(pickle.dumps(found)) == found
    assert pickle.loads(pickle.dumps(extract)) is extract


def test_extraction_is_repeatable() -> None:
    assert extract(PAGE, "https://site.example/a") == extract(PAGE.encode(), "https://site.example/a")


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def test_importing_the_room_does_not_import_trafilatura() -> None:
    code = "import sys, pipeline.extraction; sys.exit('trafilatura' in sys.modules)"
    assert run(code).returncode == 0


def test_refusals_and_imports_print_nothing() -> None:
    code = "from pipeline.extraction import extract; print(extract('<p>', 'https://a.example/').problems)"
    done = run(code)
    assert (done.returncode, done.stdout, done.stderr) == (0, "('no text',)\n", "")
