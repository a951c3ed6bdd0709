"""What is wrong with a request, in plain words: of pydantic's errors, where and what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

Refusal = dict[str, str]
"""``where`` (as in query.since or body.url) and ``what``."""

UNKNOWN: Final = "is not known here"
NEITHER: Final = "cannot be used"
_WORDS: Final = {
    "missing": "is missing",
    "extra_forbidden": UNKNOWN,
    "json_invalid": "is not JSON",
    "int_parsing": "is not a whole number",
    "int_type": "is not a whole number",
    "int_from_float": "is not a whole number",
    "int_parsing_size": "is too large a number",
    "bool_parsing": "is neither true nor false",
    "bool_type": "is neither true nor false",
    "string_type": "is not a text",
    "string_unicode": "is not a text",
    "list_type": "is not a list",
    "dict_type": "is not an object",
    "model_type": "is not an object",
    "model_attributes_type": "is not an object",
    "greater_than_equal": "is less than {ge}",
    "less_than_equal": "is more than {le}",
    "string_too_short": "has fewer than {min_length} characters",
    "string_too_long": "has more than {max_length} characters",
    "too_long": "has more than {max_length} items",
    "literal_error": "is none of {expected}",
    "value_error": "{error}",
    # By the pattern: what stands there instead of what it asks for.
    "string_pattern_mismatch": "is not {pattern}",
}
PATTERNS: Final = {
    r"^-?[0-9]{1,18}(\.[0-9]{1,10})?$": "the next of a page",
    r"^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[!-~]*)?$": "an http(s) address in ASCII",
    r"\S": "a text with more than spaces",
}


def refusals(errors: Iterable[Mapping[str, Any]], room: str | None = None) -> list[Refusal]:
    """One for each error; ``room`` stands before places that do not say where they are."""
    return [_refusal(one, room) for one in errors]


def sentence(wrong: list[Refusal]) -> str:
    """The first three, for people."""
    return "; ".join(f"{one['where'].partition('.')[2] or one['where']}: {one['what']}" for one in wrong[:3])


def _refusal(error: Mapping[str, Any], room: str | None) -> Refusal:
    place = list(error["loc"])
    if error["type"] == "json_invalid":  # the place in it is a number of characters
        place = place[:1]
    context = dict(error.get("ctx") or {})
    if "pattern" in context:
        context["pattern"] = PATTERNS.get(context["pattern"], "of the form that is described")
    what = _WORDS.get(error["type"], NEITHER).format_map(context)
    return {"where": ".".join(map(str, [room, *place] if room else place)), "what": what}
