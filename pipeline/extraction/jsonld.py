"""JSON-LD as news pages embed it (schema.org): the node that describes the article, read within bounds.

Read without a JSON-LD processor: publishers use a handful of flat shapes (a node, a list, ``@graph``, references by
``@id``), and contexts are never fetched.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Node = Mapping[str, Any]

MAX_SCRIPT = 1_000_000  # characters; full articleBody texts are well below
MAX_SCRIPTS = 20
_MAX_NODES = 500
_MAX_LEVELS = 6

# schema.org/Article and its subtypes as publishers use them; a WebPage only when nothing better is there.
# fmt: off
_ARTICLES = frozenset({
    "NewsArticle", "Article", "BlogPosting", "ReportageNewsArticle", "AnalysisNewsArticle", "OpinionNewsArticle",
    "BackgroundNewsArticle", "ReviewNewsArticle", "AskPublicNewsArticle", "AdvertiserContentArticle",
    "LiveBlogPosting", "SocialMediaPosting", "DiscussionForumPosting", "ScholarlyArticle", "MedicalScholarlyArticle",
    "TechArticle", "Report", "SatiricalArticle",
})
# fmt: on
_PAGES = frozenset({"WebPage", "ItemPage", "AboutPage"})
_OPENING = re.compile(r"\s*(?:<!--|/[/*]\s*<!\[CDATA\[(?:\s*\*/)?|<!\[CDATA\[)")
_CLOSING = re.compile(r"(?:-->|(?://|/\*)?\s{0,9}\]\]>(?:\s{0,9}\*/)?)\s{0,9};?$")
_WRAPPING = 40  # characters at the end of a script in which a closing is looked for
_TRAILING_COMMA = re.compile(r",(?=\s{0,200}[}\]])")


class Graph:
    """All nodes of a page's JSON-LD scripts, in document order, with references by ``@id`` resolved on reading."""

    def __init__(self, scripts: Iterable[str]) -> None:
        self._nodes: list[Node] = []
        self._by_id: dict[str, Node] = {}
        for number, script in enumerate(scripts):
            if number >= MAX_SCRIPTS:
                break
            for node in _flatten(_load(script), 0):
                if len(self._nodes) >= _MAX_NODES:
                    break
                self._nodes.append(node)
                identifier = node.get("@id")
                if isinstance(identifier, str) and len(node) > 1:
                    self._by_id.setdefault(identifier, node)

    def article(self, urls: Iterable[str]) -> Node:
        """The node of the article that the page is about; {} when there is none.

        Among several (lists of related stories carry nodes too) the one that names one of ``urls`` as its own, else
        the first.
        """
        candidates = [node for node in self._nodes if _types(node) & _ARTICLES]
        if not candidates:
            return next((node for node in self._nodes if _types(node) & _PAGES), {})
        wanted = {_bare(url) for url in urls}
        return next(
            (node for node in candidates if wanted & {_bare(url) for url in self._own_urls(node)}), candidates[0]
        )

    def names(self, value: Any) -> list[str]:
        """The names in an author or publisher value: text, a node, a reference, or a list of these."""
        return [name for item in _items(value) if isinstance(name := self._resolved(item, "name"), str)]

    def urls(self, value: Any) -> list[str]:
        """The addresses in a value: text, a node with url or @id, or a list of these."""
        found = []
        for item in _items(value):
            url = item if isinstance(item, str) else self._resolved(item, "url") or self._resolved(item, "@id")
            if isinstance(url, str):
                found.append(url)
        return found

    def _own_urls(self, node: Node) -> list[str]:
        return [url for key in ("url", "mainEntityOfPage", "@id") for url in self.urls(node.get(key))]

    def _resolved(self, item: Any, key: str) -> Any:
        if isinstance(item, str):
            return item if key == "name" else None
        if not isinstance(item, Mapping):
            return None
        value = item.get(key)
        if value is None and isinstance(item.get("@id"), str):
            value = self._by_id.get(item["@id"], {}).get(key)
        return next((one for one in value if isinstance(one, str)), None) if isinstance(value, list) else value


def text(node: Node, key: str) -> str | None:
    """A textual property, the first when it is a list."""
    value = node.get(key)
    if isinstance(value, list):
        value = next((item for item in value if isinstance(item, str)), None)
    return value if isinstance(value, str) else None


def _load(script: str) -> Any:
    """The script's value; None when it is too large, too deep or not JSON even after the usual repairs."""
    if len(script) > MAX_SCRIPT:
        return None
    source = _unwrapped(script)
    for repair in (False, True):
        try:
            return json.loads(_TRAILING_COMMA.sub("", source) if repair else source, strict=False)
        except RecursionError:
            return None
        except ValueError:
            continue
    return None


def _unwrapped(script: str) -> str:
    """The script without the comment or CDATA marks around it."""
    source = script.strip()
    opening = _OPENING.match(source)
    if opening:
        source = source[opening.end() :]
    closing = _CLOSING.search(source, max(0, len(source) - _WRAPPING))
    return (source[: closing.start()] if closing else source).strip().rstrip(";")


def _flatten(value: Any, level: int) -> Iterator[Node]:
    if level > _MAX_LEVELS:
        return
    for item in _items(value):
        if isinstance(item, Mapping):
            yield item
            for key in ("@graph", "mainEntity", "mainEntityOfPage", "hasPart"):
                if isinstance(item.get(key), list | Mapping):
                    yield from _flatten(item[key], level + 1)


def _items(value: Any) -> list[Any]:
    if value is None:
        return []
    return value[:_MAX_NODES] if isinstance(value, list) else [value]


def _types(node: Node) -> frozenset[str]:
    return frozenset(kind.rsplit("/", 1)[-1] for kind in _items(node.get("@type")) if isinstance(kind, str))


def _bare(url: str) -> str:
    """An address without scheme, fragment, query and final slash, to compare by."""
    return re.sub(r"^https?://(?:www\.)?", "", url.strip()[:2_048].lower()).split("#")[0].split("?")[0].rstrip("/")
