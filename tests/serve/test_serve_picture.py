"""The picture of a chain, with more copies than a picture can show."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pipeline.model import CopyRow
from pipeline.serve.picture import DEEPEST, LABEL, LANE, ROWS, chain_svg, moment_of
from tests.serve.conftest import Served


def chain(served: Served, length: int) -> list[CopyRow]:
    """An original, and copies that were taken each from the one before."""
    row = next(one for one in served.pipeline.stories(limit=1000) if one.copies > 1)
    original, copy = served.pipeline.store.stories.get(row.id).members[:2]
    made = [original]
    while len(made) < length:
        when = moment_of(made[-1]) + timedelta(hours=3)
        article = replace(copy.article, url=f"https://site{len(made)}.test/", site="s" * 200, published_at=when)
        made.append(replace(copy, article=article, copied_from=made[-1].article.url, original=False))
    return made


@pytest.mark.parametrize(("copies", "more"), [(30, 0), (ROWS, 0), (ROWS + 1, 1), (90, 10), (1_000, 1_000 - ROWS)])
def test_a_long_chain_stays_a_picture_and_says_what_it_leaves_out(served: Served, copies: int, more: int) -> None:
    picture = chain_svg(chain(served, copies))
    assert picture.count("<circle") == copies - more
    assert f"and {more:,} {'copy' if more == 1 else 'copies'} more</text>" in picture or not more
    assert (" more</text>" in picture) == bool(more)
    assert f"and {copies - 20:,} copies more" in picture  # its words
    width = int(picture.partition('viewBox="0 0 ')[2].partition(" ")[0])
    assert width <= 14 + LANE * (DEEPEST + 1) + LABEL
    assert "s" * 35 not in picture.partition(">")[2]


@pytest.mark.parametrize(("similarity", "said"), [(0.997, "99% alike"), (0.002, "&lt;1% alike"), (1.0, "100% alike")])
def test_likeness_is_never_rounded_to_all_or_nothing(served: Served, similarity: float, said: str) -> None:
    original, copy = chain(served, 2)
    assert said in str(chain_svg([original, replace(copy, similarity=similarity)]))


def test_moments_of_two_kinds_are_not_compared(served: Served) -> None:
    """An original without a date was seen a year after the day that its copy bears."""
    original, copy = chain(served, 2)
    seen = copy.article.published_at
    assert seen is not None
    undated = replace(original.article, published_at=None, first_seen_at=seen + timedelta(days=400))
    taken = replace(copy.article, first_seen_at=undated.first_seen_at + timedelta(seconds=32))
    picture = chain_svg([replace(original, article=undated), replace(copy, article=taken)])
    assert "later" not in picture and "earlier" not in picture
    assert 'first seen <tspan data-at="' in picture
    assert picture.index("node original") < picture.index("node republication")
    both = chain_svg([replace(original, article=undated), replace(copy, article=replace(taken, published_at=None))])
    assert "32 s later" in both


def test_a_label_names_the_site_on_a_line_of_its_own(served: Served) -> None:
    original, copy = chain(served, 2)
    copy = replace(copy, article=replace(copy.article, site="quarryvaleindependent.test"), similarity=0.72)
    site, kind = chain_svg([original, copy]).rpartition('<text class="site"')[2].split("</text>")[:2]
    assert site.endswith(">quarryvaleindependent.test")
    assert kind.endswith(">republication, 72% alike")
