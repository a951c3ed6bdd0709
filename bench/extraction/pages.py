"""Pages of our own making with all that they say known: eight layouts, in fifteen languages and nine scripts.

The layouts are those of the web's content systems (a semantic article, a blog theme, a portal made of nameless divs, a
page of tables, sections, an article with more comments than text, an endless scroll, a paywall), the words are those of
the grouping benchmark. What surrounds the article is prose of the same language too, so that no word list tells them
apart.
"""

from __future__ import annotations

import html
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bench.extraction.articles import Page
from bench.grouping import bank, prose

_SEED = 5
_HOST = "site{0}.example"


@dataclass(frozen=True, slots=True)
class Known(Page):
    """A page with its truth; ``layout`` and ``language`` are for reports."""

    layout: str
    language: str
    title: str
    byline: tuple[str, ...]
    published_at: datetime | None
    free: bool


@dataclass(frozen=True, slots=True)
class _Scene:
    """What a layout is filled with; ``more`` writes further prose of the language."""

    piece: prose.Piece
    language: str
    site: str
    url: str
    date: datetime
    more: Callable[[int], list[str]]
    headline: Callable[[], str]


def world() -> list[Known]:
    """All pages, the same in every run."""
    rng = random.Random(_SEED)
    return [_page(language, number, rng) for language in bank.LANGUAGES for number in range(len(LAYOUTS))]


def _page(language: str, number: int, rng: random.Random) -> Known:
    words = bank.load(language, "development")
    genre = ("wire", "blog", "local", "science", "press")[number % 5]
    piece = prose.write(words, rng, genre, rng.randint(150, 500))

    def more(count: int) -> list[str]:
        cast = prose.cast_for(words, rng)
        return [prose.paragraph(words, cast, rng, rng.randint(1, 3)) for _ in range(count)]

    def headline() -> str:
        return prose.headline(words, prose.cast_for(words, rng), rng)

    date = datetime(2025, 6, 1, 6, tzinfo=UTC) + timedelta(minutes=rng.randrange(40_000))
    host = _HOST.format(number)
    url = f"https://{host}/{language}/{date:%Y/%m}/story-{rng.randrange(10**6):06}"
    layout = LAYOUTS[number]
    scene = _Scene(piece, language, f"The {layout.__name__.strip('_').title()}", url, date, more, headline)
    source, shown = layout(scene)
    return Known(
        name=f"{layout.__name__.strip('_')}-{language}",
        url=url,
        html=source.encode(),
        text="\n".join(shown),
        layout=layout.__name__.strip("_"),
        language=language,
        title=piece.title,
        byline=(piece.author,),
        published_at=date,
        free=layout is not _paywall,
    )


def _p(paragraphs: list[str] | tuple[str, ...]) -> str:
    return "".join(f"<p>{html.escape(text)}</p>\n" for text in paragraphs)


def _cards(scene: _Scene, count: int) -> str:
    """Teasers of other stories, as lists beside and below articles show them."""
    return "".join(
        f'<li class="item"><div class="box"><h3><a href="/s/{n}">{html.escape(scene.headline())}</a></h3>'
        f'<div class="text"><p>{html.escape(scene.more(1)[0])}</p></div></div></li>'
        for n in range(count)
    )


def _menu(scene: _Scene) -> str:
    links = "".join(f'<li><a href="/t/{n}">{html.escape(scene.headline()[:18])}</a></li>' for n in range(12))
    return f"<nav><ul>{links}</ul></nav>"


def _document(scene: _Scene, head: str, body: str) -> str:
    title = html.escape(scene.piece.title)
    return (
        f'<!doctype html><html lang="{scene.language}"><head><meta charset="utf-8">'
        f'<title>{title} | {scene.site}</title><meta property="og:site_name" content="{scene.site}">{head}'
        '<script>window.state = {"a": "<p>no</p>"};</script>'
        f"<style>.x{{color:red}}</style></head><body>{body}</body></html>"
    )


def _ld(scene: _Scene, **more: object) -> str:
    node = {
        "@context": "https://schema.org", "@type": "NewsArticle", "headline": scene.piece.title,
        "author": [{"@type": "Person", "name": scene.piece.author}], "datePublished": scene.date.isoformat(),
        "mainEntityOfPage": scene.url, "publisher": {"@type": "Organization", "name": scene.site}, **more,
    }  # fmt: skip
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


def _semantic(scene: _Scene) -> tuple[str, tuple[str, ...]]:
    text = scene.piece.paragraphs
    figure = f"<figure><img src=a.jpg><figcaption>{html.escape(scene.more(1)[0])}</figcaption></figure>"
    body = (
        f"<header>{_menu(scene)}</header><main><article><h1>{html.escape(scene.piece.title)}</h1>"
        f"<p class=byline>{html.escape(scene.piece.author)}</p>{figure}{_p(text[:2])}"
        f"<aside><h4>{html.escape(scene.headline())}</h4><p>{html.escape(scene.more(1)[0])}</p></aside>{_p(text[2:])}"
        f"</article></main><aside><ul>{_cards(scene, 5)}</ul></aside><footer>{_p(scene.more(2))}</footer>"
    )
    return _document(scene, _ld(scene), body), text


def _blog(scene: _Scene) -> tuple[str, tuple[str, ...]]:
    text = scene.piece.paragraphs
    head = (
        f'<meta name="author" content="{html.escape(scene.piece.author)}">'
        f'<meta property="og:title" content="{html.escape(scene.piece.title)}">'
        f'<meta property="article:published_time" content="{scene.date.isoformat()}">'
    )
    body = (
        f'<div id="page" class="has-sidebar"><div class="site-header">{_menu(scene)}</div><div id="content">'
        f'<h1 class="entry-title">{html.escape(scene.piece.title)}</h1><div class="entry-content">{_p(text[:3])}'
        f'<div class="newsletter-box">{_p(scene.more(1))}</div>{_p(text[3:])}'
        f'<div class="sharedaddy"><p>{html.escape(scene.more(1)[0])}</p></div></div>'
        f'<div id="comments" class="comments-area">{_p(scene.more(3))}</div></div>'
        f'<div class="widget-area sidebar"><ul>{_cards(scene, 4)}</ul></div></div>'
        f'<div class="site-footer">{_p(scene.more(1))}</div>'
    )
    return _document(scene, head, body), text


def _portal(scene: _Scene) -> tuple[str, tuple[str, ...]]:
    """Nameless boxes, paragraphs parted by line breaks, microdata."""
    text = scene.piece.paragraphs
    lines = "<br><br>".join(html.escape(line) for line in text)
    body = (
        f'<div class="a1">{_menu(scene)}</div><div class="b7"><div class="b8"><h1>{html.escape(scene.piece.title)}</h1>'
        f'<span itemprop="author">{html.escape(scene.piece.author)}</span> '
        f'<time itemprop="datePublished" datetime="{scene.date.isoformat()}">{scene.date:%d.%m.%Y}</time>'
        f'<div class="b9">{lines}</div></div><div class="c3"><ul>{_cards(scene, 6)}</ul></div></div>'
        f'<div class="z2"><div>{html.escape(scene.more(1)[0])}</div></div>'
    )
    return _document(scene, "", body), text


def _tables(scene: _Scene) -> tuple[str, tuple[str, ...]]:
    """Laid out with tables, as before style sheets."""
    text = scene.piece.paragraphs
    links = "".join(f'<tr><td><a href="/{n}">{html.escape(scene.headline())}</a></td></tr>' for n in range(8))
    head = (
        f'<meta name="author" content="{html.escape(scene.piece.author)}">'
        f'<meta name="date" content="{scene.date:%Y-%m-%dT%H:%M:%SZ}">'
    )
    body = (
        f"<table><tr><td width=160><table>{links}</table></td><td><h1>{html.escape(scene.piece.title)}</h1>"
        f"{_p(text)}</td><td width=200><table>{links}</table></td></tr>"
        f"<tr><td colspan=3>{html.escape(scene.more(1)[0])}</td></tr></table>"
    )
    return _document(scene, head, body), text


def _sections(scene: _Scene) -> tuple[str, tuple[str, ...]]:
    """The text in sections, with a promotion between each two of them."""
    text = scene.piece.paragraphs
    parts = [text[at : at + 2] for at in range(0, len(text), 2)]
    promotion = f'<div class="promo-unit"><p>{html.escape(scene.more(1)[0])}</p></div>'
    body = (
        f'<div class="top">{_menu(scene)}</div>'
        f'<div class="wrap"><h1>{html.escape(scene.piece.title)}</h1><div class="x">'
        + promotion.join(f'<div class="row"><div class="story-section">{_p(part)}</div></div>' for part in parts)
        + f'</div></div><div class="more-stories"><ul>{_cards(scene, 5)}</ul></div>'
    )
    return _document(scene, _ld(scene), body), text


def _comments(scene: _Scene) -> tuple[str, tuple[str, ...]]:
    """More comments than article."""
    text = scene.piece.paragraphs
    comments = "".join(
        f'<div class="comment"><div class="comment-body">{_p(scene.more(2))}</div></div>' for _ in range(12)
    )
    body = (
        f'<div class="head">{_menu(scene)}</div><div class="main-col"><h1>{html.escape(scene.piece.title)}</h1>'
        f'<div class="text-block">{_p(text)}</div><section class="comments-list">{comments}</section></div>'
    )
    return _document(scene, _ld(scene), body), text


def _endless(scene: _Scene) -> tuple[str, tuple[str, ...]]:
    """Two further articles below the one that the page is about."""
    text = scene.piece.paragraphs
    others = "".join(
        f"<article><h1>{html.escape(scene.headline())}</h1>{_p(scene.more(6))}</article>" for _ in range(2)
    )
    body = f"<div>{_menu(scene)}</div><article><h1>{html.escape(scene.piece.title)}</h1>{_p(text)}</article>{others}"
    return _document(scene, _ld(scene), body), text


def _paywall(scene: _Scene) -> tuple[str, tuple[str, ...]]:
    """The beginning of an article that declares itself as not free."""
    text = scene.piece.paragraphs[:1]
    body = (
        f"<header>{_menu(scene)}</header><article><h1>{html.escape(scene.piece.title)}</h1>{_p(text)}"
        f'<div class="paywall-offer"><p>{html.escape(scene.more(1)[0])}</p></div></article>'
    )
    return _document(scene, _ld(scene, isAccessibleForFree="False"), body), text


LAYOUTS = (_semantic, _blog, _portal, _tables, _sections, _comments, _endless, _paywall)
