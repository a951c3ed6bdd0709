"""The gate of arrival orders: it passes on what is right, and sees what is not."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bench.grouping import shuffles
from bench.grouping.arrival import Arrival, Known
from pipeline.model import Article


@pytest.fixture(scope="module")
def world() -> Iterator[list[Article]]:
    yield next(shuffles.worlds_of(1, 60, 3))


def test_a_small_run_finds_the_same_stories_in_every_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert shuffles.main(["--shuffles", "6", "--worlds", "1", "--articles", "60", "--json"]) == 0
    out, err = capsys.readouterr()
    assert '"orders": 6' in out
    assert err == ""


def test_words_change_stories_and_orders_of_words_do_not(world: list[Article]) -> None:
    words = shuffles.spoken(world, random.Random(1))
    assert len({word.verb for word in words}) == 3
    expected = shuffles.whole(world, words)
    assert expected != shuffles.whole(world, [])
    known = Known.of(world)
    rng = random.Random(2)
    assert {shuffles.arrive(known, world, words, rng) for _ in range(3)} == {expected}


def test_a_decision_that_depends_on_the_order_is_seen(world: list[Article]) -> None:
    known = Known.of(world)
    lonely = Known(known.members, {})  # who forgets all matches groups otherwise
    found = shuffles.arrive(lonely, world, [], random.Random(1))
    assert found != shuffles.whole(world, [])
    assert "expected" in shuffles.difference(shuffles.whole(world, []), found)


def test_an_arrival_of_one_article_is_one_story(world: list[Article]) -> None:
    store = Arrival(Known.of([replace(world[0])]))
    store.article(world[0].canonical_url)
    ((original, copies),) = store.outcome
    assert original == world[0].canonical_url
    assert len(copies) == 1
