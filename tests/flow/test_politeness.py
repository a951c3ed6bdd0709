"""Two crawlers at once on scripted hosts: what each host saw (the scenario of ``scripts/gate politeness``)."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.politeness import HOSTS, PAGES, run


@pytest.mark.slow
def test_every_request_keeps_every_promise(tmp_path: Path) -> None:
    report, log = run(tmp_path)
    assert report.broken() == []
    pages = {(one.host, one.path) for one in log.seen if one.path.startswith("/open/") and one.status == 200}
    assert len(pages) == len(HOSTS) * 2 * (PAGES - 1)  # polite, and nothing was lost
