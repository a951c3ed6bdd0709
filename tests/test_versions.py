"""What counts as another version, and what is shown of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.versions import changes, same_but_for_the_clock


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("It is 10:05 now.", "It is 11:05 now."),
        ("Updated 10:05 am", "Updated 9:15 pm"),
        ("As of 2025-05-01 10:00:00.", "As of 2025-05-01T11:00."),
        ("Stand: 01.05.2025", "Stand: 02.05.2025"),
        ("5 minutes ago", "2 hours ago"),
        ("vor 5 Minuten", "vor 2 Stunden"),
    ],
)
def test_the_clock_makes_no_version(before: str, after: str) -> None:
    assert same_but_for_the_clock(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("3 people died.", "5 people died."),
        ("It cost 1.5 million.", "It cost 2.5 million."),
        ("At 10:05 he left.", "At 10:05 she left."),
        ("They won 3-1.", "They won 3-2."),
        ("The talks took 3 hours.", "The talks took 5 hours."),
        ("a", "a 10:05"),
    ],
)
def test_other_numbers_and_words_do(before: str, after: str) -> None:
    assert not same_but_for_the_clock(before, after)


def test_changes_are_paragraphs_in_the_order_of_the_text() -> None:
    found = [(one.sign, one.text) for one in changes("a\nb\nc\nd", "a\nB\nc\nd\ne")]
    assert found == [("-", "b"), ("+", "B"), ("+", "e")]
    assert list(changes("a\nb", "a\nb")) == []


@given(st.lists(st.sampled_from("abc")), st.lists(st.sampled_from("abc")))
def test_what_went_and_came_accounts_for_the_difference(before: list[str], after: list[str]) -> None:
    found = list(changes("\n".join(before), "\n".join(after)))
    for letter in "abc":
        went = sum(one.sign == "-" and one.text == letter for one in found)
        came = sum(one.sign == "+" and one.text == letter for one in found)
        assert after.count(letter) - before.count(letter) == came - went
