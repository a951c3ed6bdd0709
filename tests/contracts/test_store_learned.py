"""What is learned of sites, kept and learned anew, on every database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from store_making import HOUR, NOW, article, save

from pipeline.learning import learn_site
from pipeline.model import Learned, Repeated
from pipeline.store import Store

SITE = "a.test"
KNOWN = Learned(SITE, 3, NOW, 50, (Repeated("Read on – here", 7), Repeated("Ещё", 5)), "div.text < article")


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    with Store.open(store_url) as opened:
        yield opened


def bring(store: Store, first: int, count: int, *more: str, place: str = "div.text < article") -> None:
    for n in range(first, first + count):
        own = [f"In the {part} of piece {chr(97 + n)} something else was said than in any other." for part in "xyz"]
        save(store, article(f"https://{SITE}/{n}", "\n".join([*own, *more]), place=place), (n * 2 + 1,))


def test_what_is_known_comes_back_and_is_replaced(store: Store) -> None:
    assert (store.learned.of(SITE), store.learned.all()) == (None, [])
    store.learned.keep(KNOWN, 9)
    assert store.learned.of(SITE) == KNOWN
    later = replace(KNOWN, version=4, learned_at=NOW + HOUR, place=None, furniture=())
    store.learned.keep(later, 12)
    assert store.learned.all() == [later]


def test_a_site_is_learned_anew_with_every_ten_articles(store: Store) -> None:
    bring(store, 0, 9, "Our paper lives on its readers.")
    learn_site(store, SITE, NOW)
    learn_site(store, "never.test", NOW)
    assert store.learned.all() == []
    bring(store, 9, 1, "Our paper lives on its readers.")
    learn_site(store, SITE, NOW)
    first = store.learned.of(SITE)
    assert first == Learned(SITE, 1, NOW, 10, (Repeated("Our paper lives on its readers.", 10),), "div.text < article")
    learn_site(store, SITE, NOW + HOUR)
    assert store.learned.of(SITE) == first
    bring(store, 10, 10, place="main")
    learn_site(store, SITE, NOW + HOUR)
    again = store.learned.of(SITE)
    assert again is not None
    assert (again.version, again.place, again.furniture) == (2, None, first.furniture)


def test_of_endless_texts_the_beginning_is_enough(store: Store) -> None:
    for n in range(10):
        save(store, article(f"https://{SITE}/{n}", "x" * 40_000), ())
    seen = store.learned.pages(SITE, at_least=10)
    assert seen is not None
    assert {len(text) for text, _ in seen.pages} == {30_000}


def test_stubs_teach_nothing(store: Store) -> None:
    for n in range(12):
        save(store, article(f"https://{SITE}/{n}", "Log in to read on.", stub=True), ())
    learn_site(store, SITE, NOW)
    assert store.learned.all() == []
