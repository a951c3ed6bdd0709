"""The gate that sends its articles through a real store."""

from __future__ import annotations

from bench.grouping import shelved
from bench.grouping.world import Size, build


def test_a_store_has_the_stories_that_are_decided_in_memory() -> None:
    worlds = build("development", Size(stories=2, wires=1, spun=0, traps=0), languages=["en"])
    articles = [one.article for world in worlds for one in world]
    found = shelved.compare(articles)
    assert found.articles == len(articles)
    assert found.pairs > 5
    assert not found.only_in_memory
    assert not found.only_in_store


def test_pairs_of_one_story() -> None:
    assert shelved.pairs({"c": "1", "a": "1", "b": "2", "d": "1"}) == {("a", "c"), ("a", "d"), ("c", "d")}
