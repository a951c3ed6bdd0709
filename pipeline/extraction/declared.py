"""What a page declares about itself: JSON-LD, OpenGraph and other meta tags, microdata, links and ``<html lang>``.

Read from the tree before anything is removed from it. Sources: schema.org/Article, ogp.me, RFC 6596 (canonical),
RFC 5646 (language tags).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from pipeline import urls
from pipeline.extraction import dates, jsonld, names
from pipeline.extraction.text import field, letters

_MAX_METAS = 500
_MAX_BASED_ON = 20

# fmt: off
_TITLES = ("og:title", "twitter:title", "dc.title", "citation_title", "parsely-title", "sailthru.title")
_AUTHORS = (
    "author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "byl",
    "citation_author",
)
_SITES = ("og:site_name", "application-name", "apple-mobile-web-app-title", "citation_journal_title", "dc.publisher")
_PUBLISHED = (
    "article:published_time", "og:published_time", "article:published", "datepublished", "parsely-pub-date",
    "sailthru.date", "dc.date.issued", "dcterms.created", "dcterms.issued", "dc.date", "dc.created", "pubdate",
    "publishdate", "publish-date", "publication_date", "citation_publication_date", "date",
)
_MODIFIED = ("article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "last-modified")
# fmt: on

# The tails that sites put after their headlines. A hyphen or colon counts only between spaces.
_TITLE_TAIL = re.compile(
    r"^(?P<head>.+\S)\s*(?:\s[-–—:~]\s|\s?[|｜·•«»]\s?|\s?::\s?|\s?_\s?)(?P<tail>[^|｜·•«»]+)$", re.DOTALL
)
_TITLE_FRONT = re.compile(r"^(?P<front>[^:|｜·•«»]{1,80}?)\s*(?:\s[-–—]\s|[:|｜·•»])\s*(?P<rest>.+)$", re.DOTALL)
_SEPARATOR = re.compile(r"\s*[-–—|｜:·•_]")
_LANGUAGE = re.compile(r"([A-Za-z]{2})(?:[-_].*)?")
_BYLINE_XPATH = (
    "//a[@rel='author']",
    "//*[self::p or self::span or self::div or self::address or self::a or self::li or self::ul]"
    "[contains(@class, 'author') or contains(@class, 'byline') or contains(@class, 'autor')"
    " or contains(@class, 'avtor') or contains(@class, 'auteur')]"
    "[not(ancestor::aside or ancestor::footer or ancestor::nav)]",
)
_MAX_BYLINE_ELEMENTS = 5
_MAX_BYLINE = 100  # characters: longer elements of these classes are author biographies


@dataclass(frozen=True, slots=True)
class Declared:
    """A page's own account of itself; None or empty where it says nothing usable."""

    title: str | None = None
    byline: tuple[str, ...] = ()
    published_at: datetime | None = None
    modified_at: datetime | None = None
    site_name: str | None = None
    url: str | None = None
    language: str | None = None
    based_on: tuple[str, ...] = ()
    free: bool | None = None  # schema.org isAccessibleForFree
    body: str = ""  # schema.org articleBody: a witness of how much text there should be


def read(tree: Any, url: str, now: datetime) -> Declared:
    """All of it, from the lxml tree of the page at ``url``. Never raises on what a page can hold."""
    metas = _metas(tree)
    base = (
        urls.absolute(url, next(iter(tree.xpath("string(//base/@href)") and [tree.xpath("string(//base/@href)")]), ""))
        or url
    )
    address = _address(tree, metas, base)
    graph = jsonld.Graph(_scripts(tree))
    node = graph.article([url, address] if address else [url])
    publisher = next(iter(graph.names(node.get("publisher"))), None)
    site_name = field(_first(metas, _SITES[:1]) or publisher or _first(metas, _SITES), 200)
    language = _language(tree, metas, node)
    own_names = (site_name, field(publisher, 200), urls.site(url))
    return Declared(
        title=_title(tree, metas, node, own_names),
        byline=_byline(tree, metas, graph, node, own_names, language),
        published_at=dates.first(_dates(tree, metas, node, "datePublished", _PUBLISHED), now),
        modified_at=dates.first(_dates(tree, metas, node, "dateModified", _MODIFIED), now),
        site_name=site_name,
        url=address,
        language=language,
        based_on=_based_on(graph, node, base),
        free=_free(node),
        body=jsonld.text(node, "articleBody") or "",
    )


def without_site(title: str, site_names: tuple[str | None, ...]) -> str:
    """``"Headline | World | Site"`` to ``"Headline | World"``: an end or beginning goes only when it names the site."""
    own = _spellings(site_names)
    match = _TITLE_TAIL.match(title[:1_000])
    if match and _is_own(match["tail"], own):
        return match["head"].strip()
    match = _TITLE_FRONT.match(title[:1_000])
    if match and _is_own(match["front"], own):
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


def _is_own(name: str, own: set[str]) -> bool:
    return letters(name) in own or letters(name).removeprefix("the") in own


def language_code(tag: str | None) -> str | None:
    """The two-letter primary subtag of a language tag or locale ("pt-BR", "zh_CN"), lower case; else None."""
    match = _LANGUAGE.fullmatch(tag.strip()) if tag else None
    return match[1].lower() if match else None


def _metas(tree: Any) -> dict[str, list[str]]:
    """Contents of the meta tags by lower-case name, property, itemprop or http-equiv."""
    found: dict[str, list[str]] = {}
    for meta in islice(tree.iter("meta"), _MAX_METAS):
        content = meta.get("content")
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            name = meta.get(attribute)
            if name and content and content.strip():
                found.setdefault(name.strip().lower(), []).append(content)
    return found


def _first(metas: dict[str, list[str]], keys: tuple[str, ...]) -> str | None:
    return next((metas[key][0] for key in keys if key in metas), None)


def _scripts(tree: Any) -> Iterator[str]:
    for script in tree.iter("script"):
        kind = script.get("type") or ""
        if kind.split(";")[0].strip().lower() == "application/ld+json" and script.text:
            yield script.text


def _address(tree: Any, metas: dict[str, list[str]], base: str) -> str | None:
    """rel=canonical, else og:url, as an absolute http(s) address."""
    for link in tree.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split():
            address = urls.absolute(base, link.get("href") or "")
            if address:
                return address
    return next((a for content in metas.get("og:url", ()) if (a := urls.absolute(base, content))), None)


def _title(tree: Any, metas: dict[str, list[str]], node: jsonld.Node, own_names: tuple[str | None, ...]) -> str | None:
    """The headline: JSON-LD, meta tags, the only <h1>, then <title>; an abbreviated one gives way to a full one."""
    own = _spellings(own_names)
    headings = [
        text for h in islice(tree.iter("h1"), 3) if (text := field(h.text_content())) and not _is_own(text, own)
    ]
    heading = headings[0] if len(headings) == 1 else None
    declared = [jsonld.text(node, "headline"), *(metas[key][0] for key in _TITLES if key in metas)]
    candidates = [without_site(title, own_names) for text in declared if (title := field(text))]
    candidates += [heading] if heading else []
    best = candidates[0] if candidates else _document_title(tree, own_names)
    if best is None:
        return None
    stem = best.rstrip(". …")
    fuller = next((c for c in candidates if len(c) > len(best) and c.startswith(stem)), None)
    if best.endswith(("...", "…")) and fuller:
        return fuller
    # A section that the site puts behind its headlines ("Headline | World") is not in the page's own heading.
    return heading if heading and _is_followed(heading, best) else best


def _document_title(tree: Any, own_names: tuple[str | None, ...]) -> str | None:
    """<title> without the site's name, known or told by a heading of the page that has the same without it."""
    title = field(tree.xpath("string(//title)"))
    if title is None:
        return None
    headings = (field(heading.text_content()) for heading in islice(tree.iter("h1", "h2", "h3"), 10))
    return next((text for text in headings if text and _is_followed(text, title)), without_site(title, own_names))


def _is_followed(heading: str, title: str) -> bool:
    """Whether the title is the heading with a separator and something else behind it."""
    return title.startswith(heading) and bool(_SEPARATOR.match(title[len(heading) :]))


def _byline(
    tree: Any,
    metas: dict[str, list[str]],
    graph: jsonld.Graph,
    node: jsonld.Node,
    own_names: tuple[str | None, ...],
    language: str | None,
) -> tuple[str, ...]:
    """Persons from the first source that names one; the site itself when none does."""
    fallback: tuple[str, ...] = ()
    own = {letters(name) for name in own_names if name}
    for values in _bylines(tree, metas, graph, node):
        found = names.split(values, own_names, language)
        if found and letters(found[0]) not in own:
            return found
        fallback = fallback or found
    return fallback


def _bylines(tree: Any, metas: dict[str, list[str]], graph: jsonld.Graph, node: jsonld.Node) -> Iterator[list[str]]:
    yield graph.names(node.get("author")) or graph.names(node.get("creator"))
    for key in _AUTHORS:
        yield metas.get(key, [])
    authors = tree.xpath("//*[@itemprop='author']")[:_MAX_BYLINE_ELEMENTS]
    yield _texts(next(author.iterfind(".//*[@itemprop='name']"), author) for author in authors)
    for path in _BYLINE_XPATH:
        yield _texts(tree.xpath(path)[:_MAX_BYLINE_ELEMENTS])


def _texts(elements: Iterable[Any]) -> list[str]:
    texts = (element.get("content") or " ".join(element.itertext()) for element in elements)
    return [text for text in texts if len(text) <= _MAX_BYLINE]


def _dates(
    tree: Any, metas: dict[str, list[str]], node: jsonld.Node, property_name: str, keys: tuple[str, ...]
) -> Iterator[object]:
    yield node.get(property_name)
    for key in keys:
        yield from metas.get(key, ())
    for element in tree.xpath(f"//*[@itemprop='{property_name}']")[:3]:
        yield element.get("datetime") or element.get("content")
    if property_name == "datePublished":
        times = tree.xpath("//time[@pubdate or contains(@class, 'publish') or contains(@class, 'entry-date')]")
        yield from (element.get("datetime") for element in times[:3])
        everywhere = tree.xpath("//time[@datetime]")
        inside = [element for element in everywhere if next(element.iterancestors("article", "main"), None) is not None]
        # One date on the page, or the first in its article, is that of the article; others belong to lists of links.
        yield from (element.get("datetime") for element in (inside or (everywhere if len(everywhere) == 1 else []))[:1])


def _language(tree: Any, metas: dict[str, list[str]], node: jsonld.Node) -> str | None:
    root = next(
        iter(tree.xpath("//html[@lang or @xml:lang][1]", namespaces={"xml": "http://www.w3.org/XML/1998/namespace"})),
        None,
    )
    tags = [
        root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") if root is not None else None,
        _first(metas, ("og:locale",)),
        jsonld.text(node, "inLanguage"),
        _first(metas, ("content-language", "language", "dc.language")),
    ]
    return next((code for tag in tags if (code := language_code(tag))), None)


def _based_on(graph: jsonld.Graph, node: jsonld.Node, base: str) -> tuple[str, ...]:
    found = graph.urls(node.get("isBasedOn")) + graph.urls(node.get("isBasedOnUrl"))
    absolute = (urls.absolute(base, url) for url in found if url.lower().startswith(("http:", "https:", "//")))
    return tuple(dict.fromkeys(filter(None, absolute)))[:_MAX_BASED_ON]


def _free(node: jsonld.Node) -> bool | None:
    value = node.get("isAccessibleForFree")
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower().rsplit("/", 1)[-1])
    return value if isinstance(value, bool) else None
