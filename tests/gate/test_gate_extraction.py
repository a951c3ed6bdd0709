"""The extraction gate: scores on pages of our own making stay above the pinned floors."""

from __future__ import annotations

import json
from pathlib import Path

from bench.extraction import __main__ as gate
from bench.extraction import articles, measure, pages
from bench.grouping import floors

FLOORS = Path(gate.__file__).with_name("floors.json")


def test_no_score_below_its_floor() -> None:
    pinned = floors.load(FLOORS)["pages"]
    assert {"F1", "precision", "exact", "title right", "byline right", "date right", "paywall right"} <= set(pinned)
    assert floors.misses(pinned, gate.bundled()) == []


def test_learning_a_site_makes_its_pages_cleaner_and_a_new_template_costs_nothing() -> None:
    measured = gate.learned(1)
    assert floors.misses(floors.load(FLOORS)["learned"], measured) == []
    assert measured["precision after 20 pages"] > measured["precision before"]
    for score in ("precision", "recall", "exact"):
        assert measured[f"{score} new template, after"] >= measured[f"{score} new template, before"]


def test_the_pages_are_many_and_of_many_scripts() -> None:
    world = pages.world()
    assert len(world) >= 40
    assert len({page.language for page in world}) >= 8
    assert len({page.name for page in world}) == len(world)


def test_the_measure_counts_what_is_missing_and_what_is_too_much() -> None:
    page = articles.Page("a", "https://a.example/", b"", "one two three four five six seven eight")
    perfect = measure.score([page], [page.text])
    assert (perfect["F1"], perfect["exact"]) == (1.0, 1.0)
    half = measure.score([page], ["one two three four five"])
    assert (half["precision"], half["recall"], half["exact"]) == (1.0, 0.4, 0.0)
    more = measure.score([page], [page.text + " nine ten"])
    assert more["recall"] == 1.0
    assert more["precision"] < 1.0


def test_pinning_never_lowers_a_floor_unasked() -> None:
    pinned = floors.load(FLOORS)["pages"]
    worse = dict.fromkeys(pinned, 0.5)
    assert floors.pinned(pinned, worse, lower=False) == pinned
    assert floors.pinned(pinned, worse, lower=True)["F1"] < pinned["F1"]
    assert json.loads(FLOORS.read_text(encoding="utf-8"))["pages"] == pinned


def test_sites_stand_in_one_half_only() -> None:
    assert articles.development("https://www.a.example/1") == articles.development("https://a.example/2?x")
