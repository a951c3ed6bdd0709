"""A site's feeds: RSS 2.0 (rssboard.org/rss-specification), RSS 1.0 (web.resource.org/rss/1.0/spec), Atom 1.0
(RFC 4287) and JSON Feed 1.1 (jsonfeed.org/version/1.1), each as the site's plan says, newest entry first.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from email.utils import format_datetime
from xml.etree import ElementTree as ET

from pipeline.demo.nouns import FeedPlan, Page, Site, World
from pipeline.demo.render import body_html, inline, summary

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DC = "http://purl.org/dc/elements/1.1/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RSS1 = "http://purl.org/rss/1.0/"

CONTENT_TYPES: Mapping[str, str] = {
    "rss20": "application/rss+xml; charset=utf-8",
    "rss10": "application/rdf+xml; charset=utf-8",
    "atom10": "application/atom+xml; charset=utf-8",
    "json11": "application/feed+json",
}


def feed_pages(world: World, site: Site, plan: FeedPlan, upto: datetime) -> list[Page]:
    """What the feed lists at that moment, newest first."""
    pages = [page for page in world.visible(upto) if page.host == site.host]
    if plan.section:
        pages = [page for page in pages if page.section == plan.section]
    return sorted(pages, key=lambda page: (page.published_at, page.url), reverse=True)


def document(world: World, site: Site, plan: FeedPlan, upto: datetime) -> bytes:
    """The feed as its site serves it at that moment."""
    pages = feed_pages(world, site, plan, upto)
    write = _WRITERS[plan.format]
    return write(site, plan, pages, upto)


def _rss20(site: Site, plan: FeedPlan, pages: Iterable[Page], upto: datetime) -> bytes:
    root = ET.Element("rss", {"version": "2.0"})
    channel = ET.SubElement(root, "channel")
    for tag, text in (("title", plan.name), ("link", f"http://{site.host}/"), ("description", site.tagline)):
        _child(channel, tag, text)
    _child(channel, "language", site.language)
    for page in pages:
        item = ET.SubElement(channel, "item")
        _child(item, "title", page.version(upto).title)
        _child(item, "link", _link(page, plan))
        if plan.guid != "none":
            _child(item, "guid", _guid(page, plan), isPermaLink="true" if plan.guid == "permalink" else "false")
        _child(item, "pubDate", format_datetime(page.published_at, usegmt=True))
        if page.author and plan.authors == "creator":
            _child(item, f"{{{DC}}}creator", page.author)
        if page.author and plan.authors == "author":
            _child(item, "author", f"newsroom@{site.host} ({page.author})")
        if plan.source and page.source:
            _child(item, "source", page.source[1], url=page.source[0])
        if plan.body != "none":
            _child(item, "description", inline(summary(page.version(upto))))
        if plan.body == "full":
            _child(item, f"{{{CONTENT}}}encoded", body_html(page.version(upto).blocks))
    return _xml(root, {"content": CONTENT, "dc": DC})


def _rss10(site: Site, plan: FeedPlan, pages: Iterable[Page], upto: datetime) -> bytes:
    root = ET.Element(f"{{{RDF}}}RDF")
    channel = ET.SubElement(root, f"{{{RSS1}}}channel", {f"{{{RDF}}}about": f"http://{site.host}{plan.path}"})
    for tag, text in (("title", plan.name), ("link", f"http://{site.host}/"), ("description", site.tagline)):
        _child(channel, f"{{{RSS1}}}{tag}", text)
    contents = ET.SubElement(ET.SubElement(channel, f"{{{RSS1}}}items"), f"{{{RDF}}}Seq")
    for page in pages:
        link = _link(page, plan)
        ET.SubElement(contents, f"{{{RDF}}}li", {f"{{{RDF}}}resource": link})
        item = ET.SubElement(root, f"{{{RSS1}}}item", {f"{{{RDF}}}about": link})
        _child(item, f"{{{RSS1}}}title", page.version(upto).title)
        _child(item, f"{{{RSS1}}}link", link)
        _child(item, f"{{{DC}}}date", page.published_at.isoformat())
        if page.author and plan.authors != "none":
            _child(item, f"{{{DC}}}creator", page.author)
        if plan.body != "none":
            _child(item, f"{{{RSS1}}}description", inline(summary(page.version(upto))))
        if plan.body == "full":
            _child(item, f"{{{CONTENT}}}encoded", body_html(page.version(upto).blocks))
    return _xml(root, {"rdf": RDF, "dc": DC, "content": CONTENT, "": RSS1})


def _atom10(site: Site, plan: FeedPlan, pages: Iterable[Page], upto: datetime) -> bytes:
    pages = list(pages)
    root = ET.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": site.language})
    _child(root, f"{{{ATOM}}}title", plan.name)
    _child(root, f"{{{ATOM}}}subtitle", site.tagline)
    _child(root, f"{{{ATOM}}}id", f"http://{site.host}{plan.path}")
    ET.SubElement(root, f"{{{ATOM}}}link", {"rel": "self", "href": f"http://{site.host}{plan.path}"})
    ET.SubElement(root, f"{{{ATOM}}}link", {"rel": "alternate", "href": f"http://{site.host}/"})
    changed = [page.version(upto).at for page in pages]
    _child(root, f"{{{ATOM}}}updated", max(changed, default=upto).isoformat())
    for page in pages:
        version = page.version(upto)
        entry = ET.SubElement(root, f"{{{ATOM}}}entry")
        _child(entry, f"{{{ATOM}}}title", version.title)
        _child(entry, f"{{{ATOM}}}id", _guid(page, plan))
        ET.SubElement(entry, f"{{{ATOM}}}link", {"rel": "alternate", "href": _link(page, plan)})
        _child(entry, f"{{{ATOM}}}published", page.published_at.isoformat())
        _child(entry, f"{{{ATOM}}}updated", version.at.isoformat())
        _child(ET.SubElement(entry, f"{{{ATOM}}}author"), f"{{{ATOM}}}name", page.author or site.name)
        if plan.source and page.source:
            source = ET.SubElement(entry, f"{{{ATOM}}}source")
            _child(source, f"{{{ATOM}}}id", page.source[0])
            _child(source, f"{{{ATOM}}}title", page.source[1])
            ET.SubElement(source, f"{{{ATOM}}}link", {"rel": "alternate", "href": page.source[0]})
        if plan.body != "none":
            _child(entry, f"{{{ATOM}}}summary", inline(summary(version)), type="html")
        if plan.body == "full":
            _child(entry, f"{{{ATOM}}}content", body_html(version.blocks), type="html")
    return _xml(root, {"": ATOM})


def _json11(site: Site, plan: FeedPlan, pages: Iterable[Page], upto: datetime) -> bytes:
    items = []
    for page in pages:
        version = page.version(upto)
        item: dict[str, object] = {
            "id": _guid(page, plan),
            "url": _link(page, plan),
            "title": version.title,
            "date_published": page.published_at.isoformat(),
            "language": page.language,
            "content_html": body_html(version.blocks) if plan.body == "full" else inline(summary(version)),
        }
        if version.at > page.published_at:
            item["date_modified"] = version.at.isoformat()
        if page.author and plan.authors != "none":
            item["authors"] = [{"name": page.author}]
        items.append(item)
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": plan.name,
        "home_page_url": f"http://{site.host}/",
        "feed_url": f"http://{site.host}{plan.path}",
        "description": site.tagline,
        "language": site.language,
        "items": items,
    }
    return json.dumps(feed, ensure_ascii=False, indent=1).encode()


_WRITERS: Mapping[str, Callable[[Site, FeedPlan, Iterable[Page], datetime], bytes]] = {
    "rss20": _rss20,
    "rss10": _rss10,
    "atom10": _atom10,
    "json11": _json11,
}


def _child(parent: ET.Element, tag: str, text: str, **attributes: str) -> ET.Element:
    child = ET.SubElement(parent, tag, attributes)
    child.text = text
    return child


def _link(page: Page, plan: FeedPlan) -> str:
    return f"http://{page.host}{page.moved_from or page.path}{plan.link_suffix}"


def _guid(page: Page, plan: FeedPlan) -> str:
    if plan.guid == "opaque":
        return f"tag:{page.host},2025:{hashlib.sha256(page.url.encode()).hexdigest()[:12]}"
    return page.url


def _xml(root: ET.Element, prefixes: Mapping[str, str]) -> bytes:
    """Serialise with the prefixes that such feeds have in the wild, without ElementTree's global registry."""
    names = {uri: prefix for prefix, uri in prefixes.items()} | {"http://www.w3.org/XML/1998/namespace": "xml"}
    used = _rename(root, names)
    for uri in sorted(used - {"http://www.w3.org/XML/1998/namespace"}):
        prefix = names[uri]
        root.set(f"xmlns:{prefix}" if prefix else "xmlns", uri)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode").encode()


def _rename(element: ET.Element, names: Mapping[str, str]) -> set[str]:
    used: set[str] = set()
    for node in element.iter():
        node.tag = _prefixed(node.tag, names, used)
        for key in list(node.attrib):
            node.set(_prefixed(key, names, used), node.attrib.pop(key))
    return used


def _prefixed(name: str, names: Mapping[str, str], used: set[str]) -> str:
    if not name.startswith("{"):
        return name
    uri, _, local = name[1:].partition("}")
    used.add(uri)
    return f"{names[uri]}:{local}" if names[uri] else local
