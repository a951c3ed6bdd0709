"""Worker processes that something outside ends, as a busy or full machine does: their pages are read later."""

from __future__ import annotations

import threading
from pathlib import Path

import psutil

from pipeline import Pipeline
from pipeline.demo import Server
from tests.flow.helpers import Record, decided, export


def test_pages_whose_worker_was_ended_are_tried_again(config: Path, server: Server, undisturbed: list[Record]) -> None:
    schedule = "\nschedule: {page_attempts: 20, page_retry_s: 0}\n"
    config.write_text(config.read_text(encoding="utf-8") + schedule, encoding="utf-8")
    others = set(psutil.Process().children())
    done = threading.Event()

    def end_workers() -> None:
        while len(server.log) < 26 + 5 and not done.wait(0.02):  # feeds, then pages
            pass
        for _ in range(10):  # fewer than a page has tries
            if done.wait(0.3):
                return
            for process in set(psutil.Process().children()) - others:
                process.kill()

    ending = threading.Thread(target=end_workers)
    with Pipeline(config) as pipeline:
        ending.start()
        try:
            result = pipeline.crawl()
        finally:
            done.set()
            ending.join()
        assert {(failure.what, failure.reason) for failure in result.failures} == {("page", "unreadable")}
        assert decided(export(pipeline)) == decided(undisturbed)
