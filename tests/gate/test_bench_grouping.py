"""The benchmark of placing measures functions by their names: they have to be there."""

from __future__ import annotations

import pytest

from bench.grouping_import import STEPS, found


@pytest.mark.parametrize("place", [place for places in STEPS.values() for place in places])
def test_every_measured_step_is_there(place: str) -> None:
    holder, name = found(place)
    assert callable(getattr(holder, name))
