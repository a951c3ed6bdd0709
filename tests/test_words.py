"""What people said, as pairs: the later word wins, directly and through others, in whatever order they are given."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Bond, Verb, Word
from pipeline.words import Blocs, after, bonds, in_force, overruled, touched

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


def said(verb: Verb, urls: str, hour: int = 0, others: str = "") -> Word:
    return Word(verb, tuple(urls), NOON + timedelta(hours=hour), tuple(others))


def pairs(found: list[Bond]) -> set[str]:
    """``ab``: together; ``a|b``: apart."""
    return {f"{bond.a}{'' if bond.together else '|'}{bond.b}" for bond in found}


def test_a_word_is_about_pairs() -> None:
    assert pairs(list(bonds(said(Verb.MERGE, "cab")))) == {"ab", "ac"}
    assert pairs(list(bonds(said(Verb.NEVER_MERGE, "cab")))) == {"a|b", "a|c", "b|c"}
    assert pairs(list(bonds(said(Verb.SPLIT, "cd", others="ab")))) == {"a|c", "a|d", "b|c", "b|d"}
    assert list(bonds(said(Verb.MERGE, "aa"))) == []


def test_the_later_word_wins_directly_and_through_others() -> None:
    chain = [said(Verb.MERGE, "ab"), said(Verb.MERGE, "bc", 1)]
    assert pairs(in_force(chain)) == {"ab", "bc"}
    assert pairs(in_force([*chain, said(Verb.NEVER_MERGE, "ac", 2)])) == {"bc", "a|c"}  # the oldest gives way
    assert pairs(in_force([said(Verb.NEVER_MERGE, "ac", -1), *chain])) == {"ab", "bc"}
    assert pairs(in_force([said(Verb.MERGE, "ab"), said(Verb.NEVER_MERGE, "ab")])) == {"a|b"}


@pytest.mark.parametrize(("out", "left"), [("a", "bc"), ("b", "ac"), ("c", "ab")])
def test_one_taken_out_of_a_merge_leaves_the_others_together(out: str, left: str) -> None:
    found = pairs(in_force([said(Verb.MERGE, "abc"), said(Verb.SPLIT, out, 1, left)]))
    assert {pair for pair in found if "|" not in pair} == {left}


def test_what_a_word_overrules_is_named() -> None:
    first, second, other = said(Verb.MERGE, "ab"), said(Verb.SPLIT, "b", 1, "a"), said(Verb.MERGE, "xy", 2)
    assert overruled([first, second, other]) == {first: [second]}
    assert overruled([first, other]) == {}


def test_touched_are_those_whose_pairs_changed() -> None:
    before = in_force([said(Verb.MERGE, "ab"), said(Verb.MERGE, "cd")])
    assert touched(before, before) == set()
    assert touched(before, in_force([said(Verb.NEVER_MERGE, "ab", 1), said(Verb.MERGE, "cd", 5)])) == {"a", "b"}


def test_a_new_word_is_later_than_all_whatever_the_clock_does() -> None:
    assert after([], NOON) == NOON
    assert after([said(Verb.MERGE, "ab", 5)], NOON) > NOON + timedelta(hours=5)


words = st.builds(
    said,
    st.sampled_from(Verb),
    st.text("abcde", min_size=1, max_size=4),
    st.integers(0, 5),
    st.text("abcde", max_size=3),
)


@given(st.lists(words, max_size=8), st.randoms(use_true_random=False))
def test_what_holds_never_contradicts_itself_and_does_not_depend_on_order(made: list[Word], rng: random.Random) -> None:
    found = in_force(made)
    rng.shuffle(made)
    assert in_force(made) == found
    blocs = Blocs(found)
    for bond in found:
        assert (blocs.of(bond.a) == blocs.of(bond.b)) is bond.together
        assert blocs.may_join(bond.a, bond.b) is bond.together


@given(st.lists(words, max_size=8))
def test_a_newest_word_holds_whole(made: list[Word]) -> None:
    last = said(Verb.NEVER_MERGE, "ab", 99)
    assert pairs(in_force([*made, last])) >= {"a|b"}


def test_who_is_put_together_with_one_that_stayed_is_back_with_all_of_them() -> None:
    out = said(Verb.SPLIT, "bx", others="acd")
    assert pairs(in_force([out, said(Verb.MERGE, "ab", 1)])) == {"ab", "a|x", "c|x", "d|x"}
    assert pairs(in_force([out, said(Verb.MERGE, "ab", 1), said(Verb.NEVER_MERGE, "bc", 2)])) == {
        "ab", "b|c", "a|x", "c|x", "d|x",
    }  # fmt: skip
