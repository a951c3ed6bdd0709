"""Names of authors, out of what feeds write into author elements."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.feeds.text import title_text

MAX_AUTHORS = 50
MAX_NAME_CHARS = 200
_EMAIL = re.compile(r"(?:mailto:)?[^\s<>()\[\],;:@\"]{1,64}@[^\s<>()\[\],;:@\"]{1,255}")
_EMPTY_BRACKETS = re.compile(r"\(\s{0,5}\)|<\s{0,5}>|\[\s{0,5}\]")
_ONLY_PARENTHESES = re.compile(r"\(([^()]*)\)")


def author_names(raw: Iterable[object]) -> tuple[str, ...]:
    """Each name once, in order, without e-mail addresses; what holds an address only gives no name.

    RSS 2.0 asks for "lawyer@boyer.net (Lawyer Boyer)"; most feeds write a name, some both.
    """
    names: dict[str, None] = {}
    for value in raw:
        if not isinstance(value, str):
            continue
        name = _without_email(title_text(value[: 5 * MAX_NAME_CHARS], markup=None) or "")
        if name:
            names.setdefault(name[:MAX_NAME_CHARS].strip())
        if len(names) == MAX_AUTHORS:
            break
    return tuple(names)


def _without_email(text: str) -> str:
    if "@" in text:
        text = _EMPTY_BRACKETS.sub(" ", _EMAIL.sub(" ", text))
        text = " ".join(text.split())
        inside = _ONLY_PARENTHESES.fullmatch(text)
        text = inside.group(1) if inside else text
    return text.strip(" ,;<>\"'\t")
