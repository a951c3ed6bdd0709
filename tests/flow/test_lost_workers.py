"""Worker processes that something outside ends, as a busy or full machine does: their pages are read later."""

from __future__ import annotations

import threading
from pathlib import Path

import psutil

from pipeline import Pipeline
from pipeline.crawl import Progress
from pipeline.demo import Server
from tests.flow.helpers import Record, decided, export


def test_pages_whose_worker_was_ended_are_tried_again(config: Path, server: Server, undisturbed: list[Record]) -> None:
    schedule = "\nschedule: {page_attempts: 20, page_retry_s: 0}\n"
    config.write_text(config.read_text(encoding="utf-8") + schedule, encoding="utf-8")
    others = set(psutil.Process().children())
    server.delay(0.2)  # spreads the pages over some seconds
    fed, done = threading.Event(), threading.Event()

    def watch(progress: Progress) -> None:
        if progress.feeds and progress.feeds_done == progress.feeds:
            fed.set()

    def end_workers() -> None:
        fed.wait()
        for _ in range(10):  # fewer than a page has tries
            if done.wait(0.3):
                return
            for process in set(psutil.Process().children()) - others:
                process.kill()

    ending = threading.Thread(target=end_workers)
    with Pipeline(config) as pipeline:
        ending.start()
        try:
            result = pipeline.crawl(progress=watch)
        finally:
            fed.set()
            done.set()
            ending.join()
        assert {(failure.what, failure.reason) for failure in result.failures} == {("page", "unreadable")}
        assert decided(export(pipeline)) == decided(undisturbed)
