"""Runs: what a dead one had claimed is given back at once, what a living one has is left alone."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import select
from store_making import NOW, child, entry, line, update

from pipeline.store import Store, schema


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    with Store.open(store_url) as opened:
        yield opened


def runs(store: Store) -> list[tuple[str, str | None, str | None]]:
    with store._database.read() as connection:
        rows = connection.execute(select(schema.run).order_by(schema.run.c.id)).all()
    assert all((row.ended_at is None) == (row.outcome is None) for row in rows)
    return [(row.kind, row.outcome, row.counts) for row in rows]


def test_a_run_from_begin_to_finish(store: Store) -> None:
    first, second = store.runs.begin("crawl"), store.runs.begin("import")
    assert first != second
    store.runs.finish(first, json.dumps({"feeds": 3}))
    store.runs.finish(first, "again")  # has no effect
    assert runs(store) == [("crawl", "done", '{"feeds": 3}'), ("import", None, None)]


def test_a_run_that_found_nothing_to_do_is_begun_again(store: Store) -> None:
    """A daemon begins one every half minute, mostly for nothing."""
    working = store.runs.begin("crawl")
    store.runs.finish(working, "1")
    idle = [store.runs.begin("crawl")]
    for number in range(3):
        store.runs.finish(idle[-1], str(number), idle=True)
        idle.append(store.runs.begin("crawl"))
    assert set(idle) == {idle[0]} != {working}
    beside = store.runs.begin("crawl")
    latest = store.runs.latest("crawl")
    assert latest is not None
    assert latest.ended_at is None
    store.runs.finish(idle[0], "idle", idle=True)
    store.runs.finish(beside, "beside")
    again = store.runs.begin("crawl")
    assert again == idle[0]
    assert (store.runs.latest("crawl") or pytest.fail()).ended_at is None
    store.runs.finish(again, "last")
    assert (store.runs.latest("crawl") or pytest.fail()).counts == "last"
    assert store.runs.begin("import") not in (working, again, beside)
    assert [outcome for _, outcome, _ in runs(store)] == ["done", "done", "done", None]


def test_of_a_run_that_was_stopped_no_try_counts(store: Store) -> None:
    store.feeds.add("https://a.test/feed")
    run = store.runs.begin("crawl")
    [feed] = store.feeds.claim(run, NOW)
    assert store.feeds.record(update(feed.id, fresh=[entry("a")]), run)
    assert [one.attempts for one in store.feeds.claim_entries(run, NOW)] == [1]
    store.runs.finish(run, stopped=True)
    other = store.runs.begin("crawl")
    assert [one.attempts for one in store.feeds.claim_entries(other, NOW)] == [1]
    store.runs.finish(other)
    third = store.runs.begin("crawl")
    assert [one.attempts for one in store.feeds.claim_entries(third, NOW)] == [2]


def test_finish_gives_back_what_is_still_claimed(store: Store) -> None:
    store.feeds.add("https://a.test/feed")
    run = store.runs.begin("crawl")
    [feed] = store.feeds.claim(run, NOW)
    assert store.feeds.record(update(feed.id, fresh=[entry("a")]), run)
    store.feeds.claim(run, NOW, force=True)
    store.feeds.claim_entries(run, NOW)
    store.runs.finish(run)
    other = store.runs.begin("crawl")
    assert [one.id for one in store.feeds.claim(other, NOW, force=True)] == [feed.id]
    assert len(store.feeds.claim_entries(other, NOW)) == 1


def test_recover_leaves_its_own_runs_alone(store: Store) -> None:
    store.feeds.add("https://a.test/feed")
    run = store.runs.begin("crawl")
    [feed] = store.feeds.claim(run, NOW)
    assert store.runs.recover() == 0
    assert store.feeds.record(update(feed.id), run)


def test_recover_leaves_the_runs_of_others_that_live_alone(store: Store, store_url: str) -> None:
    with Store.open(store_url) as other:
        run = other.runs.begin("crawl")
        assert store.runs.recover() == 0
        assert runs(store) == [("crawl", None, None)]
        other.runs.finish(run)


def test_a_store_that_was_closed_without_finishing_counts_as_dead(store: Store, store_url: str) -> None:
    with Store.open(store_url) as other:
        other.runs.begin("crawl")
    assert store.runs.recover() == 1
    assert store.runs.recover() == 0
    assert runs(store) == [("crawl", "died", None)]


CLAIM_AND_WAIT = """
import sys
from store_making import NOW, entry, update
from pipeline.store import Store
store = Store.open(sys.argv[1])
run = store.runs.begin("crawl")
first, second = store.feeds.claim(run, NOW, limit=2)
assert store.feeds.record(update(first.id, fresh=[entry("a"), entry("b")]), run)
assert len(store.feeds.claim_entries(run, NOW, limit=1)) == 1
print(second.id, flush=True)
sys.stdin.readline()
"""


def test_a_killed_process_costs_no_waiting_and_no_work(store: Store, store_url: str) -> None:
    for name in "ab":
        store.feeds.add(f"https://{name}.test/feed")
    other = child(CLAIM_AND_WAIT, store_url)
    claimed = int(line(other))
    mine = store.runs.begin("crawl")
    assert store.runs.recover() == 0
    assert store.feeds.claim(mine, NOW) == []
    other.kill()
    other.communicate(timeout=30)
    deadline = time.monotonic() + 20  # a server needs a moment to notice
    while not store.runs.recover():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert [feed.id for feed in store.feeds.claim(mine, NOW)] == [claimed]
    attempts = {one.entry.key: one.attempts for one in store.feeds.claim_entries(mine, NOW)}
    assert attempts == {"a": 2, "b": 1}  # the attempt that the crash ended counts
    assert runs(store) == [("crawl", "died", None), ("crawl", None, None)]
