"""A person's word in the decision: it joins and keeps apart, whatever came first, and nothing else changes."""

from __future__ import annotations

import random
from datetime import timedelta

from dedup_making import NOON, Shelf, article, first_words, prose, reworded
from dedup_worlds import words, worlds
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.dedup import decide_all, group
from pipeline.model import Article, Verb, Word
from pipeline.words import in_force

TEXT = prose("story", 200)


def at(name: str) -> str:
    return f"https://{name}.example/1"


def merge(*names: str, hour: int = 0) -> Word:
    return Word(Verb.MERGE, tuple(map(at, names)), NOON + timedelta(hours=hour))


def never(*names: str, hour: int = 0) -> Word:
    return Word(Verb.NEVER_MERGE, tuple(map(at, names)), NOON + timedelta(hours=hour))


def split(name: str, *others: str, hour: int = 0) -> Word:
    return Word(Verb.SPLIT, (at(name),), NOON + timedelta(hours=hour), tuple(map(at, others)))


def groups(articles: list[Article], *said: Word) -> set[str]:
    """Groups as words, one letter an article."""
    made = decide_all(articles, words=said)
    return {"".join(sorted(copy.canonical_url[8] for copy in copies)) for _, copies in made}


def copies_of(names: str) -> list[Article]:
    return [article(at(name), reworded(TEXT, 0.02 * n, name), hours=n) for n, name in enumerate(names)]


def evidence(articles: list[Article], *said: Word) -> dict[str, tuple[str, ...]]:
    return {copy.canonical_url[8]: copy.evidence for _, copies in decide_all(articles, words=said) for copy in copies}


def test_what_is_merged_is_one_story_with_all_its_copies() -> None:
    world = [*copies_of("abc"), article(at("x"), prose("x")), article(at("y"), prose("x"), hours=1)]
    assert groups(world) == {"abc", "xy"}
    assert groups(world, merge("a", "x")) == {"abcxy"}
    assert evidence(world, merge("a", "x"))["x"][0] == f"by hand: merged with {at('a')}"


def test_what_is_split_off_is_alone_and_the_rest_stays_together() -> None:
    world = copies_of("abcd")
    for name in "abcd":
        rest = "abcd".replace(name, "")
        assert groups(world, split(name, *rest)) == {name, rest}
    assert evidence(world, split("a", *"bcd"))["a"] == (
        f"by hand: kept apart from {at('b')}",
        f"by hand: kept apart from {at('c')}",
        f"by hand: kept apart from {at('d')}",
    )


def test_many_words_about_one_article_are_counted_in_its_evidence() -> None:
    said = evidence(copies_of("abcdef"), split("a", *"bcdef"))["a"]
    assert said[3:] == ("by hand: kept apart from 2 others",)


def test_a_copy_that_comes_after_the_split_brings_nobody_together() -> None:
    world = [*copies_of("abcd"), article(at("e"), TEXT, hours=9)]
    parts = groups(world, split("b", *"acd"))
    assert len(parts) == 2
    assert not any("b" in part and set(part) & set("acd") for part in parts)


def test_an_excerpt_attaches_elsewhere_or_nowhere_when_it_is_kept_from_its_source() -> None:
    world = [article(at("a"), TEXT), article(at("e"), first_words(TEXT, 60) + " ...", hours=1)]
    assert groups(world) == {"ae"}
    assert groups(world, never("a", "e")) == {"a", "e"}


def test_who_must_stay_apart_from_one_of_a_bloc_stays_apart_from_all_of_it() -> None:
    world = [*copies_of("ab"), article(at("x"), prose("x"))]
    assert groups(world, merge("a", "x"), never("b", "x", hour=1)) == {"ax", "b"}


def test_copies_of_two_that_are_merged_can_still_be_kept_apart() -> None:
    world = [*copies_of("ab"), article(at("x"), prose("x")), article(at("y"), prose("x"), hours=1)]
    parts = groups(world, merge("a", "x"), never("b", "y", hour=1))
    assert any({"a", "x"} <= set(part) for part in parts)
    assert not any({"b", "y"} <= set(part) for part in parts)


def test_words_reach_through_articles_that_are_not_there() -> None:
    world = [article(at("a"), prose("a")), article(at("b"), prose("b"))]
    assert groups(world, merge("a", "p"), merge("p", "q", hour=1), merge("q", "b", hour=2)) == {"ab"}


def test_the_later_word_wins() -> None:
    world = [article(at("a"), prose("a")), article(at("b"), prose("b"))]
    assert groups(world, merge("a", "b"), never("a", "b", hour=1)) == {"a", "b"}
    assert groups(world, never("a", "b"), merge("a", "b", hour=1)) == {"ab"}


def test_group_takes_words() -> None:
    rows = [{"url": at("a"), "text": prose("a")}, {"url": at("b"), "text": prose("b")}]
    assert group(rows, words=[merge("a", "b")]) == {at("a"): 1, at("b"): 1}


@given(st.data(), st.randoms(use_true_random=False))
@settings(max_examples=120, deadline=None)
def test_neither_the_order_of_articles_nor_that_of_words_matters(data: st.DataObject, rng: random.Random) -> None:
    world = data.draw(worlds())
    said = data.draw(words(world))
    whole = {(first, frozenset(copies)) for first, copies in decide_all(world, words=said)}
    rng.shuffle(world)
    assert {(first, frozenset(copies)) for first, copies in decide_all(world, words=said)} == whole
    coming: list[Article | Word] = [*world, *said]
    rng.shuffle(coming)
    shelf = Shelf()
    for one in coming:
        if isinstance(one, Word):
            shelf.say(one)
        else:
            shelf.add(one)
    assert {(plan.original, frozenset(plan.copies)) for plan in shelf.plans.values()} == whole


@given(st.data())
@settings(max_examples=120, deadline=None)
def test_every_bond_in_force_is_kept(data: st.DataObject) -> None:
    world = data.draw(worlds())
    said = data.draw(words(world))
    home = {copy.canonical_url: first for first, copies in decide_all(world, words=said) for copy in copies}
    for bond in in_force(said):
        if bond.a in home and bond.b in home:
            assert (home[bond.a] == home[bond.b]) is bond.together
