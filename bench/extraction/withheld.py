"""Title, byline, date and paywall flag on real pages, of which one kind of declaration at a time is taken away.

What a page declares in JSON-LD, meta tags or microdata is the truth, read here by a plain reader that shares nothing
with the extraction room. Then one kind is removed; the others and all that a reader sees stay. A field counts where the
removed kind declared it. With *all* only what is shown remains.
"""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from lxml import etree

from bench.extraction.articles import Page
from pipeline.extraction import extract
from pipeline.extraction.charset import utf8
from pipeline.extraction.page import WALL

NOTHING, JSON_LD, META, MICRODATA, TIME, ALL = "nothing", "JSON-LD", "meta tags", "microdata", "<time>", "all"
FIELDS = ("title", "byline", "date")
KINDS = (NOTHING, JSON_LD, META, MICRODATA, TIME, ALL)
OUTCOMES = RIGHT, WRONG, NONE = "right", "wrong", "none"

_DATES = (
    "article:published_time",
    "og:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "pubdate",
)
_SAME_TITLE = 0.6  # of the longer one: what is missing is the site's name, or a second half behind a colon
_NOT_LETTERS = re.compile(r"[\W_]+")
_BETWEEN_NAMES = re.compile(r"\s*(?:[,;&|]|\band\b|\bund\b|\bet\b|\by\b|\be\b)\s*")


@dataclass(slots=True)
class Truth:
    """What one kind of declaration says."""

    title: str | None = None
    byline: frozenset[str] = frozenset()  # names, letters only
    date: frozenset[date] = frozenset()  # the day in the zone of its own and in UTC
    free: bool | None = None


@dataclass(slots=True)
class Tally:
    """Right, wrong and none by (removed kind, field), for one extractor."""

    counts: dict[tuple[str, str], Counter[str]] = field(default_factory=dict)

    def add(self, removed: str, name: str, outcome: str) -> None:
        """Count one."""
        self.counts.setdefault((removed, name), Counter())[outcome] += 1


def compare(pages: Sequence[Page]) -> tuple[dict[str, Tally], Counter[tuple[str, bool, bool]]]:
    """The tallies of both extractors, and how often (removed, declared free, marked as a stub) occurred."""
    tallies = {"onecopy": Tally(), "trafilatura": Tally()}
    walls: Counter[tuple[str, bool, bool]] = Counter()
    for page in pages:
        by_kind = declared(_tree(page))
        truth = {name: next((v for t in by_kind.values() if (v := getattr(t, name))), None) for name in FIELDS}
        for removed in KINDS:
            fields = [name for name in FIELDS if truth[name] and _concerns(removed, name, by_kind)]
            free = by_kind[JSON_LD].free
            if not fields and (removed != NOTHING or free is None):
                continue
            source = _without(_tree(page), removed)
            ours, stub = _ours(source, page.url)
            if removed in (NOTHING, JSON_LD) and free is not None:
                walls[removed, free, stub] += 1
            for name, found in (("onecopy", ours), ("trafilatura", _theirs(source, page.url))):
                for one in fields:
                    tallies[name].add(removed, one, _outcome(one, truth[one], getattr(found, one)))
    return tallies, walls


def order(row: tuple[str, str]) -> tuple[int, int]:
    """By which rows (removed, field) are sorted."""
    return KINDS.index(row[0]), FIELDS.index(row[1])


def declared(tree: Any) -> dict[str, Truth]:
    """What each kind says, in the order in which they are believed."""
    return {JSON_LD: _json_ld(tree), META: _meta(tree), MICRODATA: _microdata(tree)}


def _concerns(removed: str, name: str, by_kind: dict[str, Truth]) -> bool:
    if removed in (NOTHING, ALL):
        return True
    return name == "date" if removed == TIME else bool(getattr(by_kind[removed], name))


def _tree(page: Page) -> Any:
    source, _ = utf8(page.html, None)
    return etree.fromstring(source, parser=etree.HTMLParser(encoding="utf-8"))


def _without(tree: Any, removed: str) -> str:
    if removed in (JSON_LD, ALL):
        etree.strip_elements(tree, _is_json_ld(tree), with_tail=False)
    if removed in (META, ALL):
        for element in tree.xpath("//meta[@property or @name]"):
            element.getparent().remove(element)
    if removed in (MICRODATA, ALL):
        for element in tree.xpath("//*[@itemprop or @itemtype]"):
            for attribute in ("itemprop", "itemtype", "itemscope"):
                element.attrib.pop(attribute, None)
    if removed in (TIME, ALL):
        for element in tree.iter("time"):
            element.attrib.clear()
    return str(etree.tostring(tree, encoding="unicode", method="html"))


def _is_json_ld(tree: Any) -> str:
    """The scripts under a name of their own, by which they can be removed together."""
    for script in tree.xpath("//script[contains(@type, 'ld+json')]"):
        script.tag = "json-ld"
    return "json-ld"


def _json_ld(tree: Any) -> Truth:
    found = Truth()
    for script in tree.xpath("//script[contains(@type, 'ld+json')]"):
        try:
            value = json.loads(script.text or "", strict=False)
        except ValueError:
            continue
        for node in _nodes(value):
            if "datePublished" in node and "headline" in node:
                found.title = found.title or _text(node["headline"])
                found.byline = found.byline or _people(_names(node.get("author")))
                found.date = found.date or _days(node["datePublished"])
            free = str(node.get("isAccessibleForFree", "")).lower()
            if free in ("true", "false") and found.free is None:
                found.free = free == "true"
    return found


def _meta(tree: Any) -> Truth:
    values: dict[str, str] = {}
    for element in tree.xpath("//meta[@content]"):
        for key in (element.get("property"), element.get("name")):
            if key and element.get("content").strip():
                values.setdefault(key.lower(), element.get("content").strip())
    when = next((days for key in _DATES if (days := _days(values.get(key)))), frozenset())
    return Truth(_text(values.get("og:title")), _people([values.get("author", "")]), when)


def _microdata(tree: Any) -> Truth:
    def first(name: str) -> str | None:
        for element in tree.xpath(f"//*[@itemprop='{name}']")[:1]:
            return element.get("content") or element.get("datetime") or " ".join(element.itertext())
        return None

    return Truth(None, frozenset(), _days(first("datePublished")))


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _nodes(inner)


def _text(value: Any) -> str | None:
    return html.unescape(value) if isinstance(value, str) else None


def _names(value: Any) -> list[str]:
    """The persons in an author value: organisations are no bylines."""
    if isinstance(value, list):
        return [name for one in value for name in _names(one)]
    if isinstance(value, dict):
        return [] if value.get("@type") == "Organization" else _names(value.get("name"))
    return [value] if isinstance(value, str) else []


def _people(values: list[str]) -> frozenset[str]:
    """The names, when all of them look like names of people: two to four words without digits or addresses."""
    names = [name for value in values for name in _BETWEEN_NAMES.split(value.removeprefix("By ").strip()) if name]
    if not all(2 <= len(name.split()) <= 4 and not re.search(r"[\d/@<]", name) for name in names):
        return frozenset()
    return frozenset(map(_letters, names))


def _days(value: Any) -> frozenset[date]:
    try:
        moment = datetime.fromisoformat(str(value).strip())
    except ValueError:
        return frozenset()
    return frozenset({moment.date(), (moment if moment.tzinfo is None else moment.astimezone(UTC)).date()})


def _same_day(truth: frozenset[date], found: frozenset[date]) -> bool:
    """Whether two days are at most one apart: a day is shown in the zone of its readers and declared in any."""
    return any(abs(one - other) <= timedelta(days=1) for one in truth for other in found)


def _letters(text: str) -> str:
    return _NOT_LETTERS.sub("", text).casefold()


def _ours(source: str, url: str) -> tuple[Truth, bool]:
    found = extract(source, url)
    days = frozenset({found.published_at.date()}) if found.published_at else frozenset()
    return Truth(found.title, frozenset(map(_letters, found.byline)), days), WALL in found.problems


def _theirs(source: str, url: str) -> Truth:
    from trafilatura import extract_metadata

    found = extract_metadata(source, default_url=url)
    if found is None:
        return Truth()
    names = frozenset(_letters(name) for name in (found.author or "").split(";") if name.strip())
    return Truth(found.title, names, _days(found.date) if found.date else frozenset())


def _outcome(name: str, truth: Any, found: Any) -> str:
    if not found:
        return NONE
    if name == "title":
        return RIGHT if _same_title(truth, found) else WRONG
    return RIGHT if (truth == found if name == "byline" else _same_day(truth, found)) else WRONG


def _same_title(truth: str, found: str) -> bool:
    short, long = sorted((_letters(truth), _letters(found)), key=len)
    return short in long and len(short) >= _SAME_TITLE * len(long)
