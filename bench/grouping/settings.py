"""Other thresholds for the room: single values, rules switched off, sweeps."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pipeline.dedup import Thresholds

# A rule is off when its thresholds let everything pass.
RULES: Mapping[str, Mapping[str, float]] = {
    "templates": {"foreign_facts": 1.01, "foreign_numbers": 1.01},
    "same-site": {"same_site_words": 0},
    "quotes": {"unquoted": 0.0},
    "head": {"head_share": 1.0, "head_words": 1_000_000},
    "excerpts": {"excerpt_containment": 1.01},
    "bodies": {"own_share": 1.01},
    "told headlines": {"title_told": 1.01},
    "short": {"min_tokens": 1},
    "standing": {"standing_words": 0},
    "bulletins": {"bulletin_words": 0},
    "forms": {"form_words": 0},
    "spun": {"spun_tenths": 11},
}


class SettingsError(ValueError):
    """A threshold or rule that the room does not have, or a value that is none."""


def thresholds(given: Sequence[str], off: Sequence[str]) -> Thresholds:
    """Thresholds with ``name=value`` settings and rules switched off. Raises SettingsError."""
    values: dict[str, Any] = {}
    for rule in off:
        if rule not in RULES:
            raise SettingsError(f"no rule {rule!r}; there are {', '.join(RULES)}")
        for name, least in RULES[rule].items():
            values |= _one(name, f"{least:f}")
    for setting in given:
        name, equals, value = setting.partition("=")
        if not equals:
            raise SettingsError(f"{setting!r} is not name=value")
        values |= _one(name, value)
    return dataclasses.replace(Thresholds(), **values)


def sweep(text: str) -> Iterator[tuple[str, Thresholds]]:
    """(setting, thresholds) for each step of ``name=from:to:step``, both ends included. Raises SettingsError."""
    name, _, span = text.partition("=")
    try:
        start, end, step = (float(part) for part in span.split(":"))
    except ValueError as error:
        raise SettingsError(f"{text!r} is not name=from:to:step") from error
    if step <= 0:
        raise SettingsError("the step of a sweep must be positive")
    for number in range(round((end - start) / step) + 1):
        setting = f"{name}={round(start + number * step, 6):g}"
        yield setting, thresholds([setting], [])


def _one(name: str, value: str) -> dict[str, Any]:
    defaults = {field.name: field.default for field in dataclasses.fields(Thresholds)}
    if name not in defaults:
        raise SettingsError(f"no threshold {name!r}; there are {', '.join(defaults)}")
    try:
        number = float(value)
    except ValueError as error:
        raise SettingsError(f"{name}: {value!r} is not a number") from error
    return {name: int(number) if isinstance(defaults[name], int) else number}
