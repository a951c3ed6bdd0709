"""What layouts of pages are filled with, and the parts that they have in common."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bench.grouping import prose


@dataclass(frozen=True, slots=True)
class Scene:
    """What a layout is filled with; ``more`` writes further prose of the language."""

    piece: prose.Piece
    language: str
    site: str
    url: str
    date: datetime
    more: Callable[[int], list[str]]
    headline: Callable[[], str]


def p(paragraphs: list[str] | tuple[str, ...]) -> str:
    """Paragraphs."""
    return "".join(f"<p>{html.escape(text)}</p>\n" for text in paragraphs)


def cards(scene: Scene, count: int) -> str:
    """Teasers of other stories, as lists beside and below articles show them."""
    return "".join(
        f'<li class="item"><div class="box"><h3><a href="/s/{n}">{html.escape(scene.headline())}</a></h3>'
        f'<div class="text"><p>{html.escape(scene.more(1)[0])}</p></div></div></li>'
        for n in range(count)
    )


def menu(scene: Scene) -> str:
    """A menu of links."""
    links = "".join(f'<li><a href="/t/{n}">{html.escape(scene.headline()[:18])}</a></li>' for n in range(12))
    return f"<nav><ul>{links}</ul></nav>"


def document(scene: Scene, head: str, body: str) -> str:
    """A whole page with this head and body, with a script and a style sheet."""
    title = html.escape(scene.piece.title)
    return (
        f'<!doctype html><html lang="{scene.language}"><head><meta charset="utf-8">'
        f'<title>{title} | {scene.site}</title><meta property="og:site_name" content="{scene.site}">{head}'
        '<script>window.state = {"a": "<p>no</p>"};</script>'
        f"<style>.x{{color:red}}</style></head><body>{body}</body></html>"
    )


def declared(scene: Scene, **more: object) -> str:
    """What it declares of itself in JSON-LD."""
    node = {
        "@context": "https://schema.org", "@type": "NewsArticle", "headline": scene.piece.title,
        "author": [{"@type": "Person", "name": scene.piece.author}], "datePublished": scene.date.isoformat(),
        "mainEntityOfPage": scene.url, "publisher": {"@type": "Organization", "name": scene.site}, **more,
    }  # fmt: skip
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'
