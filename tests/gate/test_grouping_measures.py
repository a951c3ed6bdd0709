"""The measures of the grouping benchmark on partitions whose figures are known."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bench.grouping import baselines
from bench.grouping.measures import homes, judge, measure
from bench.grouping.truth import Labelled
from pipeline.model import Article, Copy, Kind

MOMENT = datetime(2025, 3, 1, tzinfo=UTC)


def article(name: str, site: str = "a.example", text: str = "", title: str | None = None) -> Article:
    url = f"https://{site}/{name}"
    return Article(url, url, site, title or name, (), MOMENT, MOMENT, "en", text or name, "written")


def labelled(name: str, story: str, site: str = "a.example", **more: object) -> Labelled:
    return Labelled(article(name, site), story, **more)  # type: ignore[arg-type]  # fields by name


WORLD = [
    labelled("o", "1", kinds=frozenset({Kind.ORIGINAL}), original=True),
    labelled("c", "1", "b.example", kinds=frozenset({Kind.REPUBLICATION}), parents=frozenset({"https://a.example/o"})),
    labelled("e", "1", "c.example", kinds=frozenset({Kind.EXCERPT}), parents=frozenset({"https://a.example/o"})),
    labelled("x", "2", trap="form", instance="form 0"),
    labelled("y", "3", trap="form", instance="form 0"),
]


def home(*groups: str) -> dict[str, str]:
    """A partition from groups of one-letter names."""
    by_name = {one.article.title: one.url for one in WORLD}
    return {by_name[name]: group for group in groups for name in group}


def test_the_true_partition_has_full_marks() -> None:
    found = measure(WORLD, home("oce", "x", "y"))
    assert (found.precision.value, found.recall.value, found.excerpts.value, found.b_f) == (1, 1, 1, 1)
    assert found.traps["form"].hits == 0
    assert not found.missed


def test_single_articles_have_no_recall_and_full_precision() -> None:
    found = measure(WORLD, home("o", "c", "e", "x", "y"))
    assert found.recall.value == 0
    assert found.precision.value == 1
    assert found.b_precision == 1
    assert found.b_recall == pytest.approx((3 * 1 / 3 + 2) / 5)


def test_one_heap_has_full_recall() -> None:
    found = measure(WORLD, home("ocexy"))
    assert (found.precision.hits, found.precision.of) == (3, 10)
    assert found.recall.value == 1
    assert (found.traps["form"].hits, found.traps["form"].of) == (1, 1)
    assert found.b_precision == pytest.approx((3 * 3 / 5 + 2 / 5) / 5)


def test_a_merged_look_alike_is_counted_once_per_instance() -> None:
    found = measure(WORLD, home("oce", "xy"))
    assert found.merged_traps.hits == 1
    assert len(found.false_pairs) == 1


def test_excerpts_are_measured_apart() -> None:
    found = measure(WORLD, home("oc", "e", "x", "y"))
    assert found.recall.value == 1
    assert found.excerpts.value == 0
    assert found.missed == ("https://c.example/e",)


def test_recall_across_sites_leaves_pairs_of_one_site_out() -> None:
    world = [labelled("o", "1"), labelled("r", "1"), labelled("c", "1", "b.example")]
    grouped = {world[0].url: "g", world[1].url: "g", world[2].url: "h"}
    found = measure(world, grouped)
    assert (found.recall.hits, found.recall.of) == (1, 3)
    assert (found.across.hits, found.across.of) == (0, 2)


def test_spun_copies_are_outside_the_pairwise_measures() -> None:
    world = [*WORLD, labelled("s", "1", "d.example", kinds=frozenset({Kind.SPUN}), spun=20)]
    grouped = home("oce", "x", "y") | {"https://d.example/s": "elsewhere"}
    found = measure(world, grouped)
    assert found.recall.value == 1
    assert (found.spun[20].hits, found.spun[20].of) == (0, 1)


def copy(name: str, kind: Kind, source: str | None, site: str) -> Copy:
    url = f"https://{site}.example/{name}"
    return Copy(url, kind, f"https://a.example/{source}" if source else None, None, 1.0, ())


def test_decisions_are_judged() -> None:
    stories = [
        (
            "https://a.example/o",
            (
                copy("o", Kind.ORIGINAL, None, "a"),
                copy("c", Kind.SPUN, "o", "b"),
                copy("e", Kind.EXCERPT, None, "c"),
            ),
        ),
        ("https://a.example/x", (copy("x", Kind.ORIGINAL, None, "a"),)),
        ("https://a.example/y", (copy("y", Kind.ORIGINAL, None, "a"),)),
    ]
    decided = judge(WORLD, stories)
    assert homes(stories)["https://b.example/c"] == "https://a.example/o"
    assert (decided.originals.hits, decided.originals.of) == (1, 1)
    assert (decided.parents.hits, decided.parents.of) == (1, 2)
    assert (decided.kinds.hits, decided.kinds.of) == (2, 3)
    assert decided.confusion["republication", "spun"] == 1
    assert (decided.spun_precision.hits, decided.spun_precision.of) == (0, 1)


def test_every_baseline_finds_an_exact_copy_and_leaves_a_stranger_apart() -> None:
    text = " ".join(f"word{number} of{number % 7} the{number % 11}" for number in range(80))
    other = " ".join(f"thing{number} in{number % 5} some{number % 13}" for number in range(80))
    world = [
        article("1", text=text, title="A title of its own"),
        article("2", "b.example", text=text, title="A title of its own"),
        article("3", "c.example", text=other, title="Another"),
    ]
    ran = baselines.run([world])
    assert len(ran) == 6
    for name, grouped in ran.items():
        one, two, three = (grouped[each.canonical_url] for each in world)
        assert one == two != three, name
