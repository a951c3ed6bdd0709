"""The generator of the grouping benchmark: what it says about itself is so."""

from __future__ import annotations

import random
from itertools import combinations

import pytest

from bench.grouping import chains, changes, trades
from bench.grouping.bank import FRAGMENTS, HALVES, LANGUAGES, SHARED, load
from bench.grouping.desk import Draft, open_desk
from bench.grouping.lookalikes import TRAPS, make
from bench.grouping.prose import GENRES, write
from bench.grouping.world import Size, build
from pipeline.model import Kind

SMALL = Size(stories=6, wires=1, spun=1, traps=1)


def words_of(text: str, language: str) -> list[str]:
    if language in ("zh", "ja", "th"):
        return [character for character in text if character.isalnum()]
    return text.casefold().split()


def shingles(text: str, language: str) -> set[tuple[str, ...]]:
    # A Thai word has 4.5 characters, so five words have some 22; Chinese and Japanese words have two.
    size = {"zh": 9, "ja": 9, "th": 22}.get(language, 5)
    tokens = words_of(text, language)
    return {tuple(tokens[at : at + size]) for at in range(len(tokens) - size + 1)}


@pytest.mark.parametrize("half", HALVES)
def test_the_same_arguments_give_the_same_articles(half: str) -> None:
    languages = ("en", "zh")
    first = build(half, SMALL, 5, languages)
    assert first == build(half, SMALL, 5, languages)
    assert first != build(half, SMALL, 6, languages)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_halves_of_a_bank_share_nothing(language: str) -> None:
    one, other = (load(language, half) for half in HALVES)
    assert one.sections.keys() == other.sections.keys()
    for section in one.sections:
        if section in SHARED:
            continue
        assert len(one[section]) >= (4 if section in FRAGMENTS else 1), section
        assert not set(one[section]) & set(other[section]), section
        assert len(set(one[section])) == len(one[section]), section


def test_the_halves_share_no_form_and_no_list() -> None:
    (forms_a, lists_a), (forms_b, lists_b) = (trades.forms(half) for half in HALVES)
    assert {(form.trade, form.language) for form in forms_a} == {(form.trade, form.language) for form in forms_b}
    assert not {line for form in forms_a for line in form.body} & {line for form in forms_b for line in form.body}
    assert not {form.title for form in forms_a} & {form.title for form in forms_b}
    assert {lists_a[name] for name in lists_a} & {lists_b[name] for name in lists_b} <= {lists_a["weekday"]}


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_two_pieces_of_one_genre_have_nothing_in_common(language: str, half: str) -> None:
    rng = random.Random(3)
    texts = [shingles("\n".join(write(load(language, half), rng, "wire", 500).paragraphs), language) for _ in range(4)]
    assert max(len(a & b) / len(a | b) for a, b in combinations(texts, 2)) < 0.05


@pytest.mark.parametrize("genre", GENRES)
def test_pieces_have_the_length_of_their_genre(genre: str) -> None:
    bank, rng = load("en", "development"), random.Random(4)
    low, high = GENRES[genre][1]
    for _ in range(10):
        length = bank.length("\n".join(write(bank, rng, genre).paragraphs))
        assert low <= length <= high * 1.3  # the last paragraph may run over


def test_stories_are_labelled_consistently() -> None:
    world = [one for part in build("development", SMALL, 9, ("en", "ru", "ja")) for one in part]
    urls = {one.url: one for one in world}
    assert len(urls) == len(world)
    for one in world:
        assert one.article.text.strip()
        for parent in one.parents:
            assert urls[parent].story == one.story
            assert parent != one.url
        if one.original:
            assert one.kinds == {Kind.ORIGINAL}
            assert not one.parents
    stories = {one.story for one in world if not one.trap and " wire " not in one.story}
    originals = [one.story for one in world if one.original]
    assert sorted(originals) == sorted(stories)


def test_all_changes_occur_and_chains_are_deep() -> None:
    desk = open_desk("en", "development", 2)
    seen: set[str] = set()
    deepest = 0
    for number in range(60):
        made = chains.story(desk, str(number), 8)
        parent = {one.url: next(iter(one.parents), "") for one in made}
        seen |= {change for one in made for change in one.changes}
        for one in made:
            depth, at = 0, one.url
            while parent[at]:
                depth, at = depth + 1, parent[at]
            deepest = max(deepest, depth)
    assert {
        "new headline", "credit at head", "credit at tail", "relay", "sign-off", "link back", "canonical", "based on",
        "feed source", "aggregated", "silent", "teaser", "link-blog quote", "commentary", "cut at end", "cut in middle",
        "intro added", "outro added", "captions", "boxes", "clutter", "hard wrap", "typography", "copy-edited",
        "house style", "paragraphs",
    } <= seen  # fmt: skip
    assert 4 <= deepest <= chains.DEEPEST + 1  # an excerpt may hang on the last hop


def test_marks_accumulate_along_a_chain() -> None:
    desk = open_desk("en", "development", 2)
    plain = {"new headline", "credit at head", "credit at tail", "relay", "sign-off", "link back", "aggregated"}
    checked = 0
    for number in range(60):
        by_url = {one.url: one for one in chains.story(desk, str(number), 8)}
        for one in by_url.values():
            parent = by_url.get(next(iter(one.parents), ""))
            if parent and parent.parents and set(one.changes) <= plain:
                assert parent.article.text in one.article.text
                checked += 1
    assert checked >= 5


def test_versions_drift_apart() -> None:
    desk = open_desk("en", "development", 2)
    first, _, last = chains.versions(desk, "v")
    a, b = (shingles(one.article.text, "en") for one in (first, last))
    assert len(a & b) / len(a | b) < 0.2


@pytest.mark.parametrize("percent", [10, 20, 30])
@pytest.mark.parametrize("language", ["en", "ru", "zh", "th"])
def test_a_spinner_replaces_as_many_words_as_asked_and_no_names(language: str, percent: int) -> None:
    desk = open_desk(language, "development", 2)
    piece = write(desk.bank, desk.rng, "local", 400)
    spun, share = changes.spin(desk, Draft(piece.title, piece.paragraphs), percent)
    assert abs(share - percent / 100) < 0.05
    before, after = "\n".join(piece.paragraphs), "\n".join(spun.body)
    assert before != after
    for name in (*piece.cast.people, *piece.cast.places):
        assert before.count(name) == after.count(name)


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("trap", TRAPS)
def test_each_look_alike_makes_instances_that_are_stories_of_their_own(trap: str, half: str) -> None:
    desks = {language: open_desk(language, half, 1) for language in LANGUAGES}
    instances = list(make(desks, trap, 5))
    assert len(instances) == 5
    for instance in instances:
        assert len(instance) >= 2
        assert {one.trap for one in instance} == {trap}
        assert len({one.instance for one in instance}) == 1
        assert len({one.story for one in instance}) == len(instance)


def test_there_are_enough_kinds_of_look_alike() -> None:
    assert len(TRAPS) >= 30
