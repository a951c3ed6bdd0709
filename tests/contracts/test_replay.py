"""Regrouping a store under other settings: told exactly, written as a fresh import has it, killed and resumed."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from store_making import child, line

from pipeline import Pipeline
from pipeline.config import Config, DedupSettings
from pipeline.exchange import copy_record
from pipeline.replay import TOGETHER, differences

STRICT = DedupSettings(copy_jaccard=0.9, excerpt_containment=0.95)
WORDS = "harbour ferry council winter bridge market teacher valley engine letter garden window island captain".split()


def prose(seed: str, words: int = 120) -> str:
    rng = random.Random(seed)
    lines = [" ".join(rng.choice(WORDS) + rng.choice("aeiou") for _ in range(12)) for _ in range(words // 12)]
    return "\n".join(f"{one.capitalize()}." for one in lines)


def reworded(told: str, share: float, seed: str) -> str:
    rng = random.Random(seed)
    return "\n".join(
        " ".join("otherwise" if rng.random() < share else word for word in one.split()) for one in told.split("\n")
    )


def article(number: int, told: str) -> str:
    at = f"2026-03-04T{number // 60 % 24:02}:{number % 60:02}:00Z"
    values = {"url": f"https://s{number}.test/1", "text": told, "title": f"T{number % 7}", "first_seen_at": at}
    return json.dumps(values | {"published_at": at})


def world(count: int) -> list[str]:
    """Of each piece two equal copies, and one with some words replaced."""
    made = []
    for number in range(count):
        told = prose(f"piece {number // 3}")
        made.append(article(number, reworded(told, (0.0, 0.0, 0.05)[number % 3], str(number))))
    return made


@pytest.fixture
def pipeline(store_url: str) -> Iterator[Pipeline]:
    with Pipeline(Config(store={"url": store_url})) as opened:
        yield opened


def places(pipeline: Pipeline) -> dict[str, tuple[object, ...]]:
    """All that is decided about each article, but the number of its story."""
    return {
        copy.article.url: (copy.original, copy.kind, copy.copied_from, copy.credit, copy.similarity, copy.evidence)
        for copy in pipeline.export()
    }


def stories(pipeline: Pipeline) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for copy in pipeline.export():
        found.setdefault(copy.story, []).append(copy.article.url)
    return found


def test_under_the_same_settings_nothing_changes(pipeline: Pipeline) -> None:
    pipeline.import_lines(world(12))
    before = [copy_record(copy) for copy in pipeline.export()]
    for apply in (False, True):
        result = pipeline.regroup(apply=apply)
        assert (result.articles, result.stories, result.renewed, result.changes) == (12, 4, 0, ())
        assert [copy_record(copy) for copy in pipeline.export()] == before


def test_other_settings_are_told_first_and_written_as_a_fresh_import_has_them(
    pipeline: Pipeline, tmp_path: object
) -> None:
    lines = world(30)
    pipeline.import_lines(lines)
    before = places(pipeline)
    told = pipeline.regroup(STRICT)
    assert places(pipeline) == before
    assert {(change.gained, len(change.parts)) for change in told.changes} == {(False, 2)}
    assert [change.copies for change in told.changes] == sorted((one.copies for one in told.changes), reverse=True)

    done = pipeline.regroup(STRICT, apply=True)
    assert done.applied
    assert done.changes == told.changes
    with Pipeline(Config(store={"url": f"sqlite:///{tmp_path}/fresh.db"}, dedup=STRICT)) as fresh:
        fresh.import_lines(lines)
        assert places(pipeline) == places(fresh)
        assert done.stories == len(stories(fresh))

    back = pipeline.regroup()
    assert {change.gained for change in back.changes} == {True}
    assert len(back.changes) == len(told.changes)
    pipeline.regroup(apply=True)
    assert places(pipeline) == before


def test_the_larger_part_keeps_the_number_and_a_merged_one_resolves(pipeline: Pipeline) -> None:
    pipeline.import_lines(world(3))
    assert stories(pipeline) == {1: [f"https://s{number}.test/1" for number in range(3)]}
    pipeline.regroup(STRICT, apply=True)
    assert stories(pipeline)[1] == ["https://s0.test/1", "https://s1.test/1"]
    (other,) = stories(pipeline).keys() - {1}
    pipeline.regroup(apply=True)
    assert list(stories(pipeline)) == [1]
    assert pipeline.story(other).row.id == 1


def test_what_people_said_holds_through_it(pipeline: Pipeline) -> None:
    pipeline.import_lines(world(6))
    pipeline.words.merge(1, 2)
    pipeline.words.split("https://s0.test/1", "https://s1.test/1")
    before = stories(pipeline)
    pipeline.regroup(apply=True)
    assert stories(pipeline) == before
    pipeline.regroup(STRICT, apply=True)
    home = {url: story for story, urls in stories(pipeline).items() for url in urls}
    assert home["https://s0.test/1"] == home["https://s3.test/1"] != home["https://s1.test/1"]


def test_fingerprints_of_an_older_scheme_are_renewed(pipeline: Pipeline) -> None:
    pipeline.import_lines(world(9))
    before = places(pipeline)
    with pipeline.store._database.write() as connection:
        connection.execute(text("DELETE FROM band"))
        connection.execute(text("UPDATE fingerprint SET scheme = 'older', signature = bands WHERE article_id > 2"))
    assert pipeline.check(json.loads(world(9)[8])["text"]) == []
    result = pipeline.regroup()
    assert (result.renewed, result.changes) == (7, ())
    assert places(pipeline) == before
    assert pipeline.check(json.loads(world(9)[8])["text"]) != []


def test_a_run_that_is_killed_goes_on_where_it_was(store_url: str) -> None:
    count = TOGETHER + 30
    with Pipeline(Config(store={"url": store_url})) as pipeline:
        pipeline.import_lines(world(count))
        told = pipeline.regroup(STRICT)
        running = child(
            "import sys\n"
            "from pipeline import Pipeline\n"
            "from pipeline.config import Config, DedupSettings\n"
            "settings = DedupSettings(copy_jaccard=0.9, excerpt_containment=0.95)\n"
            "with Pipeline(Config(store={'url': sys.argv[1]})) as one:\n"
            "    one.regroup(settings, apply=True, progress=lambda n: (print(n, flush=True), sys.stdin.readline()))\n",
            store_url,
        )
        first = int(line(running))
        running.kill()
        running.wait()
        rest = pipeline.regroup(STRICT, apply=True)
        assert count <= first + rest.articles <= count + 6  # a story at the seam is decided twice
        assert 0 < len(rest.changes) < len(told.changes)
        assert pipeline.regroup(STRICT).changes == ()
        again = pipeline.regroup(STRICT, apply=True)  # it came to its end: from the beginning
        assert (again.articles, again.changes) == (count, ())


def test_differences_name_what_comes_together_and_what_falls_apart(pipeline: Pipeline) -> None:
    from pipeline.dedup import Thresholds
    from pipeline.replay import gather

    pipeline.import_lines(world(3))
    with pipeline.store.articles.replaying() as replay:
        unit = gather(replay, 1, Thresholds.of(STRICT), 60)
        assert sorted(unit.members) == [1, 2, 3]
        (change,) = differences(unit)
        assert [(part.story, len(part.urls)) for part in change.parts] == [(1, 2), (1, 1)]
        assert not list(differences(gather(replay, 1, Thresholds(), 60)))
