"""Pages of our own making with all that they say known: twenty layouts in fifteen languages, nine scripts.

Eight layouts are those of the web's content systems (a semantic article, a blog theme, a portal made of nameless divs,
a page of tables, sections, an article with more comments than text, an endless scroll, a paywall), twelve are in
:mod:`bench.extraction.odd`. The words are those of the grouping benchmark; what surrounds the article is prose of the
same language too, so that no word list tells them apart.
"""

from __future__ import annotations

import html
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bench.extraction import odd
from bench.extraction.articles import Page
from bench.extraction.scene import Scene, cards, declared, document, menu, p
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


def world() -> list[Known]:
    """All pages, the same in every run."""
    rng = random.Random(_SEED)
    plain = [_page(language, number, rng) for language in bank.LANGUAGES for number in range(len(_PLAIN))]
    numbers = range(len(_PLAIN), len(LAYOUTS))
    return plain + [_page(language, number, rng) for language in bank.LANGUAGES for number in numbers]


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
    scene = Scene(piece, language, f"The {layout.__name__.strip('_').title()}", url, date, more, headline)
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
        published_at=date if number < len(_PLAIN) else date.replace(hour=0, minute=0),
        free=layout is not _paywall,
    )


def _semantic(scene: Scene) -> tuple[str, tuple[str, ...]]:
    text = scene.piece.paragraphs
    figure = f"<figure><img src=a.jpg><figcaption>{html.escape(scene.more(1)[0])}</figcaption></figure>"
    body = (
        f"<header>{menu(scene)}</header><main><article><h1>{html.escape(scene.piece.title)}</h1>"
        f"<p class=byline>{html.escape(scene.piece.author)}</p>{figure}{p(text[:2])}"
        f"<aside><h4>{html.escape(scene.headline())}</h4><p>{html.escape(scene.more(1)[0])}</p></aside>{p(text[2:])}"
        f"</article></main><aside><ul>{cards(scene, 5)}</ul></aside><footer>{p(scene.more(2))}</footer>"
    )
    return document(scene, declared(scene), body), text


def _blog(scene: Scene) -> tuple[str, tuple[str, ...]]:
    text = scene.piece.paragraphs
    head = (
        f'<meta name="author" content="{html.escape(scene.piece.author)}">'
        f'<meta property="og:title" content="{html.escape(scene.piece.title)}">'
        f'<meta property="article:published_time" content="{scene.date.isoformat()}">'
    )
    body = (
        f'<div id="page" class="has-sidebar"><div class="site-header">{menu(scene)}</div><div id="content">'
        f'<h1 class="entry-title">{html.escape(scene.piece.title)}</h1><div class="entry-content">{p(text[:3])}'
        f'<div class="newsletter-box">{p(scene.more(1))}</div>{p(text[3:])}'
        f'<div class="sharedaddy"><p>{html.escape(scene.more(1)[0])}</p></div></div>'
        f'<div id="comments" class="comments-area">{p(scene.more(3))}</div></div>'
        f'<div class="widget-area sidebar"><ul>{cards(scene, 4)}</ul></div></div>'
        f'<div class="site-footer">{p(scene.more(1))}</div>'
    )
    return document(scene, head, body), text


def _portal(scene: Scene) -> tuple[str, tuple[str, ...]]:
    """Nameless boxes, paragraphs parted by line breaks, microdata."""
    text = scene.piece.paragraphs
    lines = "<br><br>".join(html.escape(line) for line in text)
    body = (
        f'<div class="a1">{menu(scene)}</div><div class="b7"><div class="b8"><h1>{html.escape(scene.piece.title)}</h1>'
        f'<span itemprop="author">{html.escape(scene.piece.author)}</span> '
        f'<time itemprop="datePublished" datetime="{scene.date.isoformat()}">{scene.date:%d.%m.%Y}</time>'
        f'<div class="b9">{lines}</div></div><div class="c3"><ul>{cards(scene, 6)}</ul></div></div>'
        f'<div class="z2"><div>{html.escape(scene.more(1)[0])}</div></div>'
    )
    return document(scene, "", body), text


def _tables(scene: Scene) -> tuple[str, tuple[str, ...]]:
    """Laid out with tables, as before style sheets."""
    text = scene.piece.paragraphs
    links = "".join(f'<tr><td><a href="/{n}">{html.escape(scene.headline())}</a></td></tr>' for n in range(8))
    head = (
        f'<meta name="author" content="{html.escape(scene.piece.author)}">'
        f'<meta name="date" content="{scene.date:%Y-%m-%dT%H:%M:%SZ}">'
    )
    body = (
        f"<table><tr><td width=160><table>{links}</table></td><td><h1>{html.escape(scene.piece.title)}</h1>"
        f"{p(text)}</td><td width=200><table>{links}</table></td></tr>"
        f"<tr><td colspan=3>{html.escape(scene.more(1)[0])}</td></tr></table>"
    )
    return document(scene, head, body), text


def _sections(scene: Scene) -> tuple[str, tuple[str, ...]]:
    """The text in sections, with a promotion between each two of them."""
    text = scene.piece.paragraphs
    parts = [text[at : at + 2] for at in range(0, len(text), 2)]
    promotion = f'<div class="promo-unit"><p>{html.escape(scene.more(1)[0])}</p></div>'
    body = (
        f'<div class="top">{menu(scene)}</div>'
        f'<div class="wrap"><h1>{html.escape(scene.piece.title)}</h1><div class="x">'
        + promotion.join(f'<div class="row"><div class="story-section">{p(part)}</div></div>' for part in parts)
        + f'</div></div><div class="more-stories"><ul>{cards(scene, 5)}</ul></div>'
    )
    return document(scene, declared(scene), body), text


def _comments(scene: Scene) -> tuple[str, tuple[str, ...]]:
    """More comments than article."""
    text = scene.piece.paragraphs
    comments = "".join(
        f'<div class="comment"><div class="comment-body">{p(scene.more(2))}</div></div>' for _ in range(12)
    )
    body = (
        f'<div class="head">{menu(scene)}</div><div class="main-col"><h1>{html.escape(scene.piece.title)}</h1>'
        f'<div class="text-block">{p(text)}</div><section class="comments-list">{comments}</section></div>'
    )
    return document(scene, declared(scene), body), text


def _endless(scene: Scene) -> tuple[str, tuple[str, ...]]:
    """Two further articles below the one that the page is about."""
    text = scene.piece.paragraphs
    others = "".join(f"<article><h1>{html.escape(scene.headline())}</h1>{p(scene.more(6))}</article>" for _ in range(2))
    body = f"<div>{menu(scene)}</div><article><h1>{html.escape(scene.piece.title)}</h1>{p(text)}</article>{others}"
    return document(scene, declared(scene), body), text


def _paywall(scene: Scene) -> tuple[str, tuple[str, ...]]:
    """The beginning of an article that declares itself as not free."""
    text = scene.piece.paragraphs[:1]
    body = (
        f"<header>{menu(scene)}</header><article><h1>{html.escape(scene.piece.title)}</h1>{p(text)}"
        f'<div class="paywall-offer"><p>{html.escape(scene.more(1)[0])}</p></div></article>'
    )
    return document(scene, declared(scene, isAccessibleForFree="False"), body), text


_PLAIN = (_semantic, _blog, _portal, _tables, _sections, _comments, _endless, _paywall)
LAYOUTS = (*_PLAIN, *odd.LAYOUTS)
