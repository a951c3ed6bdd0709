"""Which of the titles that a page has is its headline, without the names that sites put around theirs. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pipeline.extraction.text import is_among, letters

# The tails that sites put after their headlines. A hyphen or colon counts only between spaces.
_TAIL = re.compile(
    r"^(?P<head>.+\S)\s*(?:\s[-–—:~]\s|\s?[|｜·•«»]\s?|\s?::\s?|\s?_\s?)(?P<tail>[^|｜·•«»]+)$", re.DOTALL
)
_FRONT = re.compile(r"^(?P<front>[^:|｜·•«»]{1,80}?)\s*(?:\s[-–—]\s|[:|｜·•»])\s*(?P<rest>.+)$", re.DOTALL)
_BEFORE = tuple(":：|｜-–—·•»_~")  # the same, and more, before a name that is known
_BEHIND = re.compile(r"\s*[-–—|｜:·•_]")
_LONGEST = 1_000  # characters that are looked at


def headline(
    declared: Sequence[str],
    tops: Sequence[str],
    headings: Iterable[str],
    document: str | None,
    site_names: tuple[str | None, ...],
) -> str | None:
    """The headline: JSON-LD, meta tags, the only <h1>, then <title>; an abbreviated one gives way to a full one.

    ``declared`` are the titles in JSON-LD and meta tags, ``tops`` the texts of the first <h1>, ``headings`` those of
    <h1> to <h3> in order, ``document`` the <title>; each one line. An <h1> is no headline when it names the site or,
    where <title> has another heading, the section.
    """
    site_names = (*site_names, *(text for text in tops if _is_behind(text, document)))
    own = _spellings(site_names)
    tops = [text for text in tops if not is_among(text, own)]
    heading = tops[0] if len(tops) == 1 else None
    candidates = [text for title in declared if not is_among(text := without_site(title, site_names), own)]
    if not candidates and document:
        of_document = _of_document(document, headings, site_names)
        if heading and of_document != document and letters(heading) not in letters(of_document):
            heading = None
        best: str | None = heading or of_document
    else:
        best = candidates[0] if candidates else heading
    candidates += [heading] if heading else []
    if best is None:
        return None
    if is_among(best, own) and tops:
        return tops[0]
    stem = best.rstrip(". …")
    fuller = next((text for text in candidates if len(text) > len(best) and text.startswith(stem)), None)
    if best.endswith(("...", "…")) and fuller:
        return fuller
    # A section that the site puts behind its headlines ("Headline | World") is not in the page's own heading.
    return heading if heading and _is_followed(heading, best) else best


def without_site(title: str, site_names: tuple[str | None, ...]) -> str:
    """``"Headline | World | Site"`` to ``"Headline | World"``: an end or beginning goes only when it names the site."""
    own = _spellings(site_names)
    for name in filter(None, site_names):  # whatever marks are in it
        head = title[: -len(name)].rstrip()
        if head.endswith(_BEFORE) and title.casefold().endswith(name.casefold()):
            return head.rstrip("".join(_BEFORE) + " ") or title
    match = _TAIL.match(title[:_LONGEST])
    if match and is_among(match["tail"], own):
        return match["head"].strip()
    match = _FRONT.match(title[:_LONGEST])
    if match and is_among(match["front"], own):
        return match["rest"].strip()
    return title


def _spellings(site_names: tuple[str | None, ...]) -> set[str]:
    """What the names are compared by; of a host also the part before its top-level domain."""
    own = set()
    for name in filter(None, site_names):
        own |= {letters(name), letters(name).removeprefix("the")}
        if "." in name and " " not in name:
            own.add(letters(name.rsplit(".", 1)[0]))
    return own - {""}


def _of_document(title: str, headings: Iterable[str], site_names: tuple[str | None, ...]) -> str:
    """<title> without the site's name, known or told by a heading of the page that has the same without it."""
    return next((text for text in headings if text and _is_followed(text, title)), without_site(title, site_names))


def _is_followed(heading: str, title: str) -> bool:
    """Whether the title is the heading with a separator and something else behind it."""
    return title.startswith(heading) and bool(_BEHIND.match(title[len(heading) :]))


def _is_behind(heading: str, title: str | None) -> bool:
    """Whether the title is a longer text with the heading behind it, which is then the site's name."""
    if title is None or not title.endswith(heading):
        return False
    before = title[: -len(heading)].rstrip()
    return before.endswith(_BEFORE) and len(before.rstrip("".join(_BEFORE) + " ")) > len(heading)
