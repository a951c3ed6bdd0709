"""What a page declares about itself: JSON-LD, OpenGraph and other meta tags, microdata, links and ``<html lang>``.

Read from the tree before anything is removed from it. Sources: schema.org/Article, ogp.me, RFC 6596 (canonical),
RFC 5646 (language tags).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from pipeline import urls
from pipeline.extraction import dates, headlines, jsonld, names
from pipeline.extraction.parts import next_part
from pipeline.extraction.text import field, letters

_MARKS = ("meta", "link", "script", "base", "title", "h1", "time")
_MAX_MARKS = 5_000
_META_NAMES = frozenset({"property", "name", "itemprop", "http-equiv"})
_MAX_BASED_ON = 20
_MAX_NEXT = 5
_MAX_HEADINGS = 10
_MAX_SIGNED = 100  # elements that may name an author; a page of fifty teasers has one each

# fmt: off
_TITLES = ("og:title", "twitter:title", "dc.title", "citation_title", "parsely-title", "sailthru.title")
_AUTHORS = (
    "author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "byl", "byline",
    "author.name", "citation_author",
)
_SITES = ("og:site_name", "application-name", "apple-mobile-web-app-title", "citation_journal_title", "dc.publisher")
_PUBLISHED = (
    "article:published_time", "og:published_time", "article:published", "datepublished", "parsely-pub-date",
    "sailthru.date", "dc.date.issued", "dcterms.created", "dcterms.issued", "dc.date", "dc.created", "pubdate",
    "publishdate", "publish-date", "publication_date", "citation_publication_date", "date",
)
_SECTIONS = ("article:section", "parsely-section", "sailthru.section")
_IMAGES = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")
_LICENCES = ("dcterms.license", "dc.rights.license", "dc.license")
_MODIFIED = ("article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "last-modified")
# fmt: on

_LANGUAGE = re.compile(r"([A-Za-z]{2})(?:[-_].*)?")
_BYLINE_TAGS = ("p", "span", "div", "address", "a", "li", "ul", "h3", "h4", "h5")
_BYLINE_CLASS = re.compile("author|byline|autor|avtor|auteur")
_APART = ("aside", "footer", "form", "nav")
_COMMENT = "comment"  # in class or id: who wrote one, and the field where a reader's name goes
_MAX_BYLINE_ELEMENTS = 5
_MAX_BYLINE = 100  # characters: longer elements of these classes are author biographies


@dataclass(frozen=True, slots=True)
class Declared:
    """A page's own account of itself; None or empty where it says nothing usable."""

    title: str | None = None
    byline: tuple[str, ...] = ()  # persons
    signed: tuple[str, ...] = ()  # persons that links or names of elements tell, where none are declared
    own_byline: tuple[str, ...] = ()  # the site itself, where it is what is declared
    published_at: datetime | None = None
    modified_at: datetime | None = None
    site_name: str | None = None
    url: str | None = None
    language: str | None = None
    based_on: tuple[str, ...] = ()
    free: bool | None = None  # schema.org isAccessibleForFree
    section: str | None = None
    licence: str | None = None
    image: str | None = None
    more: str | None = None  # the next part of the article
    body: str = ""  # schema.org articleBody: a witness of how much text there should be


def read(tree: Any, url: str, now: datetime, *, microdata: bool = True, relations: bool = True) -> Declared:
    """All of it, from the lxml tree of the page at ``url``. Never raises on what a page can hold.

    ``microdata`` False says that the page has none, ``relations`` False that no link in it is one to the author, the
    licence or the next part: that saves the search for them.
    """
    marks = _Marks(tree, microdata, relations)
    metas = marks.metas
    base = (urls.absolute(url, marks.base) if marks.base else None) or url
    address = _address(marks, base)
    graph = jsonld.Graph(marks.scripts)
    node = graph.article([url, address] if address else [url])
    publisher = next(iter(graph.names(node.get("publisher"))), None)
    site_name = field(_first(metas, _SITES[:1]) or publisher or _first(metas, _SITES), 200)
    language = _language(tree, metas, node)
    own_names = (site_name, field(publisher, 200), urls.site(url))
    title = _title(tree, marks, node, own_names)
    return Declared(
        title=title,
        published_at=dates.first(_dates(marks, node, "datePublished", _PUBLISHED), now),
        modified_at=dates.first(_dates(marks, node, "dateModified", _MODIFIED), now),
        site_name=site_name,
        url=address,
        language=language,
        based_on=_based_on(graph, node, base),
        free=_free(node),
        section=field(jsonld.text(node, "articleSection") or _first(metas, _SECTIONS), 100),
        licence=_licence(marks, graph, node, base),
        image=_image(metas, graph, node, base),
        more=_more(marks, url, base),
        body=jsonld.text(node, "articleBody") or "",
        **_bylines(tree, marks, graph, node, own_names, language, title),
    )


class _Marks:
    """The elements that declare something, collected in one pass, since every pass over a large page costs."""

    def __init__(self, tree: Any, microdata: bool, relations: bool) -> None:
        self.metas: dict[str, list[str]] = {}  # contents by lower-case name, property, itemprop or http-equiv
        self.canonical: list[str] = []
        self.scripts: list[str] = []  # of JSON-LD
        self.base: str | None = None
        self.licence: str | None = None  # rel=license
        self.next: list[str] = []  # rel=next
        self.title: str | None = None
        self.headings: list[Any] = []  # h1
        self.times: list[Any] = []
        found = self.metas
        for element in islice(tree.iter(*_MARKS), _MAX_MARKS):
            tag = element.tag
            if tag == "meta":
                content = element.get("content")
                if content and content.strip():
                    for attribute, value in element.items():
                        if attribute in _META_NAMES and value:
                            found.setdefault(value.strip().lower(), []).append(content)
            elif tag == "link":
                self._link(element)
            elif tag == "script":
                kind = element.get("type") or ""
                if kind and kind.partition(";")[0].strip().lower() == "application/ld+json" and element.text:
                    self.scripts.append(element.text)
            elif tag == "base":
                self.base = self.base or element.get("href")
            elif tag == "title":
                self.title = _content(element) if self.title is None else self.title
            else:
                (self.headings if tag == "h1" else self.times).append(element)
        self._tree = tree
        self._items: list[Any] | None = None if microdata else []
        self._related: list[Any] | None = None if relations else []

    def _link(self, element: Any) -> None:
        relations = (element.get("rel") or "").lower().split()
        if "canonical" in relations:
            self.canonical.append(element.get("href") or "")
        elif "license" in relations:
            self.licence = self.licence or element.get("href")
        elif "next" in relations:
            self.next.append(element.get("href") or "")

    def items(self, name: str) -> list[Any]:
        """The elements with this itemprop. Looked for only when asked, as a search of the whole tree is dear."""
        if self._items is None:
            self._items = self._tree.xpath("descendant::*[@itemprop]")
        return [element for element in self._items if name in element.get("itemprop").split()]

    def related(self, name: str) -> Iterator[Any]:
        """The links in the page, its head aside, with this relation. Looked for only when asked, likewise."""
        if self._related is None:
            self._related = [one for one in self._tree.iter("a") if one.get("rel")]
        return (one for one in self._related if name in one.get("rel").lower().split())


def language_code(tag: str | None) -> str | None:
    """The two-letter primary subtag of a language tag or locale ("pt-BR", "zh_CN"), lower case; else None."""
    match = _LANGUAGE.fullmatch(tag.strip()) if tag else None
    return match[1].lower() if match else None


def _first(metas: dict[str, list[str]], keys: tuple[str, ...]) -> str | None:
    return next((metas[key][0] for key in keys if key in metas), None)


def _address(marks: _Marks, base: str) -> str | None:
    """rel=canonical, else og:url, as an absolute http(s) address."""
    candidates = (*marks.canonical, *marks.metas.get("og:url", ()))
    return next((address for href in candidates if (address := urls.absolute(base, href))), None)


def _title(tree: Any, marks: _Marks, node: jsonld.Node, own_names: tuple[str | None, ...]) -> str | None:
    found = [jsonld.text(node, "headline"), *(marks.metas[key][0] for key in _TITLES if key in marks.metas)]
    tops = (field(_content(heading)) for heading in marks.headings[:3])
    headings = (field(_content(heading)) or "" for heading in islice(tree.iter("h1", "h2", "h3"), _MAX_HEADINGS))
    titles = list(filter(None, map(field, found)))
    return headlines.headline(titles, list(filter(None, tops)), headings, field(marks.title), own_names)


def _bylines(
    tree: Any,
    marks: _Marks,
    graph: jsonld.Graph,
    node: jsonld.Node,
    own_names: tuple[str | None, ...],
    language: str | None,
    title: str | None,
) -> dict[str, tuple[str, ...]]:
    """Persons from the first source that names one; the site itself when none does."""
    own = {letters(name) for name in own_names if name}
    sources: dict[str, Callable[..., tuple[str, ...]]] = {"byline": names.split, "signed": names.likely}
    values = {"byline": _declared_bylines(marks, graph, node), "signed": _shown_bylines(tree, marks, title)}
    site: tuple[str, ...] = ()
    for source, read in sources.items():
        for texts in values[source]:
            found = read(texts, own_names, language)
            if found and letters(found[0]) not in own:
                return {source: found, "own_byline": site}
            site = site or found
    return {"own_byline": site}


def _declared_bylines(marks: _Marks, graph: jsonld.Graph, node: jsonld.Node) -> Iterator[list[str]]:
    yield graph.names(node.get("author")) or graph.names(node.get("creator"))
    for key in _AUTHORS:
        yield marks.metas.get(key, [])
    authors = [one for one in marks.items("author")[:_MAX_SIGNED] if not _comments(one)][:_MAX_BYLINE_ELEMENTS]
    yield _texts(next(author.iterfind(".//*[@itemprop='name']"), author) for author in authors)


def _shown_bylines(tree: Any, marks: _Marks, title: str | None) -> Iterator[list[str]]:
    shown = (one for one in tree.iter(*_BYLINE_TAGS) if _shows_byline(one))
    for found in (marks.related("author"), shown):
        yield _texts(_of_one_piece(tree, list(islice(found, _MAX_SIGNED)), title)[:_MAX_BYLINE_ELEMENTS])


def _of_one_piece(tree: Any, elements: list[Any], title: str | None) -> list[Any]:
    """Of elements in several articles those in that of the headline, else in none, else in the first: not teasers'."""
    around = [next(element.iterancestors("article"), None) for element in elements]
    if len(set(around)) < 2:
        return elements
    wanted = letters(title or "")
    headline = next((one for one in tree.iter("h1", "h2") if letters(_content(one)) == wanted), None)
    own = next(headline.iterancestors("article"), None) if headline is not None else None
    chosen = next(article for article in (own, None, around[0]) if article in around)
    return [element for element, article in zip(elements, around, strict=True) if article is chosen]


def _shows_byline(element: Any) -> bool:
    classes = element.get("class")
    if not classes or not _BYLINE_CLASS.search(classes) or _COMMENT in classes:
        return False
    return not _comments(element) and all(one.tag not in _APART for one in element.iterancestors())


def _comments(element: Any) -> bool:
    """Whether it stands among the comments."""
    around = (one for one in element.iterancestors() if one.tag not in ("body", "html"))
    return any(_COMMENT in f"{one.get('class')} {one.get('id')}" for one in around)


def _texts(elements: Iterable[Any]) -> list[str]:
    texts = (element.get("content") or " ".join(element.itertext()) for element in elements)
    return [text for text in texts if len(text) <= _MAX_BYLINE]


def _dates(marks: _Marks, node: jsonld.Node, property_name: str, keys: tuple[str, ...]) -> Iterator[object]:
    yield node.get(property_name)
    for key in keys:
        yield from marks.metas.get(key, ())
    for element in marks.items(property_name)[:3]:
        yield element.get("datetime") or element.get("content") or element.get("title")  # <abbr>, as hAtom has it
    if property_name == "datePublished":
        times = [time for time in marks.times if time.get("pubdate") is not None or _is_publication(time.get("class"))]
        yield from (element.get("datetime") for element in times[:3])
        everywhere = [time for time in marks.times if time.get("datetime") is not None]
        inside = [element for element in everywhere if next(element.iterancestors("article", "main"), None) is not None]
        # One date on the page, or the first in its article, is that of the article; others belong to lists of links.
        yield from (element.get("datetime") for element in (inside or (everywhere if len(everywhere) == 1 else []))[:1])


def _is_publication(classes: str | None) -> bool:
    """Whether the class of a <time> says that it is the date of publication."""
    return classes is not None and ("publish" in classes or "entry-date" in classes)


def _content(element: Any) -> str:
    """The text of an element and all in it."""
    return "".join(element.itertext())


def _language(tree: Any, metas: dict[str, list[str]], node: jsonld.Node) -> str | None:
    tags = [
        tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or tree.get("xml:lang"),
        _first(metas, ("og:locale",)),
        jsonld.text(node, "inLanguage"),
        _first(metas, ("content-language", "language", "dc.language")),
    ]
    return next((code for tag in tags if (code := language_code(tag))), None)


def _based_on(graph: jsonld.Graph, node: jsonld.Node, base: str) -> tuple[str, ...]:
    found = graph.urls(node.get("isBasedOn")) + graph.urls(node.get("isBasedOnUrl"))
    absolute = (urls.absolute(base, url) for url in found if url.lower().startswith(("http:", "https:", "//")))
    return tuple(dict.fromkeys(filter(None, absolute)))[:_MAX_BASED_ON]


def _licence(marks: _Marks, graph: jsonld.Graph, node: jsonld.Node, base: str) -> str | None:
    """Under what the text may be used: schema.org license, rel=license (not that of a picture), Dublin Core."""
    declared = [*graph.urls(node.get("license")), marks.licence, _first(marks.metas, _LICENCES)]
    for value in filter(None, declared):
        return urls.absolute(base, value) if _is_address(value) else field(value, 300)
    pictures = ("figure", "aside")
    apart = (one for one in marks.related("license") if next(one.iterancestors(*pictures), None) is None)
    return next((address for one in apart if (address := urls.absolute(base, one.get("href") or ""))), None)


def _is_address(value: str) -> bool:
    return " " not in value.strip() and ("/" in value or ":" in value)


def _image(metas: dict[str, list[str]], graph: jsonld.Graph, node: jsonld.Node, base: str) -> str | None:
    """The lead image, as an absolute http(s) address: schema.org image, OpenGraph, Twitter."""
    found = [*graph.urls(node.get("image")), *(metas[key][0] for key in _IMAGES if key in metas)]
    return next((address for href in found if (address := urls.absolute(base, href))), None)


def _more(marks: _Marks, url: str, base: str) -> str | None:
    """The next part of the article, by rel=next of a link in the head or the text."""
    shown = (one.get("href") or "" for one in islice(marks.related("next"), _MAX_NEXT))
    found = (urls.absolute(base, href) for href in (*marks.next, *shown))
    return next_part(url, filter(None, found))


def _free(node: jsonld.Node) -> bool | None:
    value = node.get("isAccessibleForFree")
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower().rsplit("/", 1)[-1])
    return value if isinstance(value, bool) else None
