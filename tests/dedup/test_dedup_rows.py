"""Long rows of tables are compared slot by slot, and hostile ones at a bounded cost."""

from __future__ import annotations

import time

import pytest

from pipeline.dedup.vetoes import ROW, _in_line


@pytest.mark.parametrize("length", [12, ROW, 7 * ROW + 3])
def test_a_number_that_changed_stands_out_wherever_it_is(length: int) -> None:
    row = [f"label{at}" if at % 3 else str(1000 + at) for at in range(length)]
    other = [token if at % 9 else str(5000 + at) for at, token in enumerate(row)]
    assert _in_line(row, other) == [bool(at % 9) for at in range(length)]


def test_a_number_that_stands_in_another_slot_there_is_not_the_same() -> None:
    row = "oats 4 rye 7 wheat 9 maize 3".split()
    assert _in_line(row, "oats 7 rye 8 wheat 9 maize 3".split()) == [True, False, True, False, True, True, True, True]


def test_twice_as_long_a_row_costs_a_bounded_multiple() -> None:
    def cost(length: int) -> float:
        row, other = ["1"] * length, ["1", "2"] * (length // 2)  # aligned as a whole, this takes cubic time
        least = float("inf")
        for _ in range(5):
            start = time.process_time()
            _in_line(row, other)
            least = min(least, time.process_time() - start)
        return least

    assert cost(1600) <= 6 * cost(800)  # linear is 2, cubic 8 and 13 s
