"""Learned furniture on the demo world's sites: 40 new pages of each, in its own template, of which 20 are learned from.

The words are those of the extraction bench. What the template puts into or around the text is no part of the truth. For
the change of templates the last 20 pages are made once more in the template of another site, and read with what was
learned of the first.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bench.extraction import measure
from bench.extraction.articles import Page as Truth
from bench.grouping import bank, prose
from pipeline.demo import World, load_world
from pipeline.demo.nouns import Block, Page, Site, Version
from pipeline.demo.render import page_html
from pipeline.extraction import extract, learn
from pipeline.model import Learned

PAGES, LEARNED_FROM = 40, 20
_SEED = 11
_START = datetime(2026, 1, 5, 8, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way of reading the last pages of all sites."""

    precision: float
    recall: float
    exact: float
    cpu_ms: float


def outcomes(rounds: int = 3) -> tuple[dict[str, Outcome], list[Learned]]:
    """Before and after learning, in the sites' own templates and in others; and what was learned."""
    world = load_world()
    languages = set(bank.LANGUAGES)
    sites = [site for site in world.sites.values() if site.language in languages]
    grown = {site.host: _grown(world, site) for site in sites}
    knowledge: dict[str, Learned] = {}
    for site in sites:
        first = [extract(page.html, page.url) for page in grown[site.host][:LEARNED_FROM]]
        seen = [(found.text, found.place) for found in reversed(first)]
        knowledge[site.host] = learn(site.host, seen, None, _START)
    own = {host: pages[LEARNED_FROM:] for host, pages in grown.items()}
    moved = {
        site.host: _grown(world, site, template=other.host)[LEARNED_FROM:]
        for site, other in zip(sites, [*sites[1:], sites[0]], strict=True)
    }
    found = {
        "before": _read(own, {}, rounds),
        "after 20 pages": _read(own, knowledge, rounds),
        "new template, before": _read(moved, {}, rounds),
        "new template, after": _read(moved, knowledge, rounds),
    }
    return found, list(knowledge.values())


def _read(pages: dict[str, Sequence[Truth]], known: dict[str, Learned], rounds: int) -> Outcome:
    truths = [page for part in pages.values() for page in part]
    hosts = [host for host, part in pages.items() for _ in part]
    texts: list[str] = []
    best: list[float] = []
    for _ in range(rounds):
        texts, times = [], []
        for host, page in zip(hosts, truths, strict=True):
            start = time.process_time()
            texts.append(extract(page.html, page.url, learned=known.get(host)).text)
            times.append(time.process_time() - start)
        best = [min(pair) for pair in zip(best or times, times, strict=True)]
    scores = measure.score(truths, texts, characters=True)
    return Outcome(scores["precision"], scores["recall"], scores["exact"], 1_000 * sum(best) / len(best))


def _grown(world: World, site: Site, template: str | None = None) -> list[Truth]:
    """New pages of a site; in the template of another host, if that is named."""
    rng = random.Random(f"{_SEED} {site.host}")
    words = bank.load(site.language, "development")
    genres = ("wire", "blog", "local", "science", "press")
    pieces = [prose.write(words, rng, genres[n % 5], rng.randint(150, 450)) for n in range(PAGES)]
    look = replace(world.sites[template or site.host], host=template or site.host)
    model = world.pages[0]
    pages = [_page(model, look, number, piece, site.language) for number, piece in enumerate(pieces)]
    scene = replace(world, pages=tuple(pages))
    return [Truth(page.path, page.url, page_html(scene, page, page.appears_at).encode(), page.text) for page in pages]


def _page(model: Page, site: Site, number: int, piece: prose.Piece, language: str) -> Page:
    at = _START + timedelta(hours=number)
    path = f"/{at:%Y/%m}/piece-{number:03}"
    return replace(
        model,
        url=f"http://{site.host}{path}",
        canonical_url=f"http://{site.host}{path}",
        host=site.host,
        path=path,
        language=language,
        author=piece.author,
        published_at=at,
        appears_at=at,
        versions=(Version(at, piece.title, tuple(Block("p", text) for text in piece.paragraphs)),),
        moved_from=None,
        source=None,
    )
