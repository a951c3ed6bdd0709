"""Pages as HTML: each site's own template, filled with an article and the site's clutter."""

from __future__ import annotations

import html
import json
import re
from datetime import datetime
from functools import cache
from importlib.resources import files
from string import Template

from pipeline.demo.nouns import Block, Page, Site, Version, World

RELATED = 4  # links to older pieces under an article, as many as most sites show
TEASER_WORDS = 22


def page_html(world: World, page: Page, upto: datetime) -> str:
    """The whole page as its site serves it at that moment."""
    site, version = world.sites[page.host], page.version(upto)
    older = _older(world, page)
    number = [other.url for other in world.pages if other.host == page.host].index(page.url)
    fields = {
        "lang": page.language,
        "title": html.escape(version.title),
        "site": html.escape(site.name),
        "host": site.host,
        "tagline": html.escape(site.tagline),
        "url": page.url,
        "path": page.path,
        "meta": _meta(site, page, version),
        "author": html.escape(page.author or site.name),
        "date": page.published_at.strftime(site.date_format),
        "iso": page.published_at.isoformat(),
        "updated": version.at.strftime(site.date_format),
        "body": body_html(version.blocks, site.paragraph, site.interrupt),
        "dek": html.escape(_opening(summary(version))),
        "related": "\n".join(f'<li><a href="{other.path}">{_title(other)}</a></li>' for other in older),
        "teasers": "\n".join(_teaser(other) for other in older),
        "comments": _comments(site, number),
        "number": str(4100 + 37 * number),  # ids, share counts and the like: any number that differs by page
        "feed": site.feeds[0].path,
    }
    return _template(site.host).substitute(fields)


def home_html(world: World, site: Site, upto: datetime) -> str:
    """The front page: the newest pieces with teasers, and where the feeds are."""
    pages = [page for page in reversed(world.visible(upto)) if page.host == site.host]
    types = {"json11": "application/feed+json", "atom10": "application/atom+xml"}
    links = "\n".join(
        f'<link rel="alternate" type="{types.get(feed.format, "application/rss+xml")}"'
        f' title="{html.escape(feed.name)}" href="{feed.path}">'
        for feed in site.feeds
    )
    teasers = "\n".join(_teaser(page) for page in pages)
    return (
        f'<!DOCTYPE html>\n<html lang="{site.language}"><head><meta charset="utf-8">\n'
        f"<title>{html.escape(site.name)} – {html.escape(site.tagline)}</title>\n{links}\n</head>\n"
        f"<body><h1>{html.escape(site.name)}</h1>\n<p>{html.escape(site.tagline)}</p>\n{teasers}\n</body></html>\n"
    )


def body_html(blocks: tuple[Block, ...], paragraph: str = "p", interrupt: str = "") -> str:
    """The article's own markup. ``interrupt`` goes behind the third paragraph of text."""
    parts: list[str] = []
    texts = 0
    for block in blocks:
        parts.append(_block(block, paragraph))
        texts += block.kind == "p"
        if interrupt and block.kind == "p" and texts == 3:
            parts.append(interrupt)
    return "\n".join(parts)


def inline(text: str) -> str:
    """Inline Markdown as HTML: links, emphasis, line breaks; everything else is escaped."""
    escaped = html.escape(text, quote=False)
    linked = re.sub(r"\[([^\]]+)\]\((http[^)\s]+)\)", r'<a href="\2">\1</a>', escaped)
    return re.sub(r"\*([^*\n]+)\*", r"<em>\1</em>", linked).replace("\n", "<br>\n")


def summary(version: Version) -> str:
    """What feeds and front pages say of an article: its first paragraph, still in inline Markdown."""
    texts = [block.text for block in version.blocks if block.kind in ("p", "quote")]
    return texts[0] if texts else version.title


def _plain(text: str) -> str:
    return re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", text).replace("*", "")


def _opening(text: str) -> str:
    """The first words of a paragraph, as in a teaser; characters where the script has no spaces between words."""
    plain = _plain(text)
    cut = " ".join(plain.split()[:TEASER_WORDS])[: TEASER_WORDS * 7]
    return plain if cut == plain else f"{cut} …"


def _block(block: Block, paragraph: str) -> str:
    content = inline(block.text)
    if block.kind == "heading":
        return f"<h2>{content}</h2>"
    if block.kind == "quote":
        return f"<blockquote><p>{content}</p></blockquote>"
    if block.kind == "figure":
        return f'<figure><img src="/images/lead.jpg" alt=""><figcaption>{content}</figcaption></figure>'
    if paragraph == "br":
        return f"{content}<br><br>"
    if paragraph == "div":
        return f'<div class="para">{content}</div>'
    return f"<p>{content}</p>"


@cache
def _template(host: str) -> Template:
    name = host.removesuffix(".test") + ".html"
    return Template((files("pipeline.demo") / "world" / "templates" / name).read_text(encoding="utf-8"))


def _older(world: World, page: Page) -> list[Page]:
    """Pieces that the site had already shown, newest first: the page stays the same when newer ones appear."""
    older = [other for other in world.pages if other.host == page.host and other.appears_at < page.appears_at]
    return older[: -RELATED - 1 : -1]


def _title(page: Page) -> str:
    return html.escape(page.versions[0].title)


def _teaser(page: Page) -> str:
    teaser = html.escape(_opening(summary(page.versions[0])))
    return f'<div class="teaser"><h3><a href="{page.path}">{_title(page)}</a></h3><p>{teaser}</p></div>'


def _comments(site: Site, number: int) -> str:
    chosen = [site.comments[(number + step) % len(site.comments)] for step in range(min(2, len(site.comments)))]
    return "\n".join(f'<li class="comment"><p>{html.escape(comment)}</p></li>' for comment in chosen)


def _meta(site: Site, page: Page, version: Version) -> str:
    parts = []
    title = html.escape(version.title)
    if "canonical" in site.meta:
        parts.append(f'<link rel="canonical" href="{page.canonical_url}">')
    if "og" in site.meta:
        parts += [
            f'<meta property="og:title" content="{title}">',
            '<meta property="og:type" content="article">',
            f'<meta property="og:url" content="{page.canonical_url}">',
            f'<meta property="og:site_name" content="{html.escape(site.name)}">',
            f'<meta property="article:published_time" content="{page.published_at.isoformat()}">',
        ]
    if "jsonld" in site.meta or "graph" in site.meta:
        parts.append(f'<script type="application/ld+json">{_json_ld(site, page, version)}</script>')
    return "\n".join(parts)


def _json_ld(site: Site, page: Page, version: Version) -> str:
    article: dict[str, object] = {
        "@type": "NewsArticle",
        "headline": version.title,
        "datePublished": page.published_at.isoformat(),
        "dateModified": version.at.isoformat(),
        "mainEntityOfPage": page.url,
        "publisher": {"@type": "Organization", "name": site.name},
    }
    if page.author:
        article["author"] = [{"@type": "Person", "name": page.author}]
    if "graph" in site.meta:
        website = {"@type": "WebSite", "name": site.name, "url": f"http://{site.host}/"}
        document: dict[str, object] = {"@context": "https://schema.org", "@graph": [website, article]}
    else:
        document = {"@context": "https://schema.org", **article}
    return json.dumps(document, ensure_ascii=False).replace("</", "<\\/")
