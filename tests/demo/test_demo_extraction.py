"""The pages behave like real ones under a real extractor: the text comes out, and so do the lines about its origin."""

from __future__ import annotations

import re

import trafilatura

from pipeline.demo import World
from pipeline.demo.render import page_html


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", re.sub(r"\]\([^)]+\)", "", text))


def test_the_text_of_every_page_can_be_extracted(world: World) -> None:
    lost: list[str] = []
    lines = kept = 0
    for page in world.pages:
        html = page_html(world, page, world.moment(1))
        extracted = trafilatura.extract(html, url=page.url, fast=True, include_comments=False) or ""
        wanted = _words(page.text)
        found = set(_words(extracted))
        if sum(word in found for word in wanted) < 0.95 * len(wanted):
            lost.append(page.url)
        for line in page.lines:
            lines += 1
            kept += all(word in found for word in _words(line))
    assert lost == []
    assert kept / lines > 0.9  # a lone "Read Entire Article" link is lost on some layouts, as on real sites


def test_every_page_has_clutter_around_its_text(world: World) -> None:
    for page in world.pages:
        html = page_html(world, page, world.moment(1))
        everything = len(_words(re.sub(r"<[^>]+>", " ", html)))
        own = len(_words(page.text + "\n".join(page.lines)))
        assert everything > own, page.url
