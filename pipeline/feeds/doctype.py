"""The entities that a DOCTYPE defines, where they are harmless.

Some feeds define the handful of HTML names that they use; RSS 0.91 has a DTD. External subsets and parameter entities
are never loaded or expanded: what they would define is what :mod:`html.entities` knows already.
"""

from __future__ import annotations

import html
import re
from html.entities import html5

from pipeline.errors import Refused

MAX_ENTITY_TEXT = 2_000  # characters, all definitions together; the XHTML sets in use define single characters
# Every repetition is bounded, so that the search stays linear; a value is cut one character past what is refused.
_ENTITY = re.compile(
    r"<!ENTITY\s{1,20}([^\s<>%\"']{1,64})\s{1,20}([A-Z]{0,10})\s{0,20}(?:\"([^\"]{0,2001})|'([^']{0,2001}))"
)
_NESTED = re.compile(r"[<%]|&(?!#?\w{1,31};)")
_NAMED = re.compile(r"&(\w{1,31});")


def entities(prolog: str) -> dict[str, str]:
    """Name → replacement text of the general entities that ``prolog`` defines.

    Raises Refused when one is external, holds markup or another entity of the document, or when together they hold
    more than 2,000 characters: no feed needs that, attacks do.
    """
    if "<!ENTITY" not in prolog:
        return {}
    defined: dict[str, str] = {}
    total = 0
    for found in _ENTITY.finditer(prolog):
        name, external, *quoted = found.groups()
        value = next(text for text in quoted if text is not None)
        if external:
            raise Refused(f"defines the external entity {name!r}")
        total += len(value)
        if total > MAX_ENTITY_TEXT:
            raise Refused(f"defines entities of more than {MAX_ENTITY_TEXT} characters")
        if _NESTED.search(value) or any(f"{inner};" not in html5 for inner in _NAMED.findall(value)):
            raise Refused(f"the entity {name!r} holds markup or other entities")
        defined.setdefault(name, html.unescape(value))  # XML 1.0 §4.2: the first definition counts
    return defined
