"""Grouping a set of articles: the same groups, originals and chains in whatever order they come."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from dedup_making import NOON, article, prose, reworded
from dedup_worlds import worlds
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.dedup import decide_all, group
from pipeline.model import Article, Kind

SEED = Path(__file__).parents[3] / "shared" / "seed"


@given(worlds(), st.randoms(use_true_random=False))
@settings(max_examples=250, deadline=None)
def test_order_does_not_matter(world: list[Article], rng: random.Random) -> None:
    whole = set(decide_all(world))
    for _ in range(2):
        rng.shuffle(world)
        assert set(decide_all(world)) == whole


@given(worlds())
@settings(max_examples=100, deadline=None)
def test_every_article_has_one_place_and_every_chain_ends_at_one_that_was_copied_from_none(
    world: list[Article],
) -> None:
    placed: list[str] = []
    for first, copies in decide_all(world):
        parents = {copy.canonical_url: copy.copied_from for copy in copies}
        placed += parents
        assert parents[first] is None
        for start in parents:
            seen = [start]
            while (parent := parents[seen[-1]]) is not None:
                assert parent in parents
                assert parent not in seen
                seen.append(parent)
    assert sorted(placed) == sorted(one.canonical_url for one in world)


def test_group_numbers_stories_in_the_order_of_the_input() -> None:
    a, b, c = "https://a.example/1", "https://b.example/1", "https://c.example/1"
    text = prose("grouped")
    rows: list[dict[str, Any]] = [
        {"url": b, "text": prose("other")},
        {"url": a, "text": text, "title": "Tides", "byline": "Jane Roe", "published_at": "2025-06-03T12:00:00+02:00"},
        {"url": c, "text": reworded(text, 0.03), "published_at": NOON},
    ]
    assert group(rows) == {b: 1, a: 2, c: 2}
    assert group(reversed(rows)) == {c: 1, a: 1, b: 2}
    assert group([]) == {}


def test_one_page_under_two_addresses_is_one_article() -> None:
    text = prose("grouped")
    rows = [{"url": "https://www.a.example/1?utm_source=x", "text": text}, {"url": "https://a.example/1", "text": text}]
    assert set(group(rows).values()) == {1}
    assert len(list(decide_all([article(row["url"], row["text"]) for row in rows]))) == 1


def test_walls_are_no_copies_of_each_other() -> None:
    wall = "Log in to read on. Do you have no account? Create one here now."
    rows = [{"url": f"https://a.example/{number}", "text": wall} for number in range(5)]
    assert len(set(group(rows).values())) == 5


@pytest.mark.parametrize("language", ["ru", "ar", "hi", "zh", "ja", "th", "ko"])
def test_copies_are_found_in_every_script(language: str) -> None:
    letters = {
        "ru": "берег волна причал город ветер книга лодка зима утро песок хлеб камень",
        "ar": "ميناء بحر مدينة كتاب ريح شتاء صباح رمل خبز حجر قارب موج",
        "hi": "बंदरगाह समुद्र शहर किताब हवा सर्दी सुबह रेत रोटी पत्थर नाव लहर",
        "zh": "海港城市书风冬晨沙面石船浪桥塔门窗灯路河山",
        "ja": "港海町本風冬朝砂石船波橋塔門窓灯道川山のはを",
        "th": "ทะเลเรือเมืองหนังสือลมหนาวเช้าทรายหินคลื่น",
        "ko": "항구 바다 도시 책 바람 겨울 아침 모래 빵 돌 배 파도",
    }[language]
    spaced = " " in letters
    units = letters.split() if spaced else list(letters)

    def text(seed: str) -> str:
        rng = random.Random(seed)
        return ((" " if spaced else "").join(rng.choice(units) for _ in range(240))) + "."

    one, other = text("one"), text("other")
    cut = one[: len(one) * 3 // 4]
    rows = [
        {"url": f"https://{name}.example/1", "text": body}
        for name, body in (("a", one), ("b", other + one[:40]), ("c", cut), ("d", other))
    ]
    assert list(group(rows).values()) == [1, 2, 1, 2]


# --- a text from life, where it lies beside the checkout


@pytest.mark.skipif(not SEED.is_dir(), reason="the example text is not beside this checkout")
def test_the_example_is_one_story_with_its_chain_in_any_order() -> None:
    (path,) = SEED.glob("*.txt")
    lines = [line for line in path.read_text(encoding="utf-8").split("\n") if line]
    title, body = lines[0], "\n".join(lines[4:-3])
    sign_off = "\n".join(lines[-3:-1])
    credit = lines[3]
    assert credit.startswith("Authored by Andrew Korybko via Substack")
    first = article(
        "https://korybko.substack.com/p/1", body, title=title, byline="Andrew Korybko", site_name="Substack"
    )
    second = article(
        "https://zerohedge.example/1",
        f"{credit}\n{body}\n{sign_off}",
        title=title,
        byline="Tyler Durden",
        site_name="ZeroHedge",
        hours=12,
    )
    whole = path.read_text(encoding="utf-8")
    third = article("https://dailyblitz.de/1", whole, title=title, hours=17, site_name="Daily Blitz")
    for order in permuted([first, second, third]):
        ((original, copies),) = decide_all(order)
        made = {copy.canonical_url: copy for copy in copies}
        assert original == first.canonical_url
        given_to = made[original].credit
        assert given_to is not None
        assert (given_to.author, given_to.publisher) == ("Andrew Korybko", "Substack")
        assert made[second.canonical_url].copied_from == original
        assert made[third.canonical_url].copied_from == second.canonical_url
        assert {made[one.canonical_url].kind for one in (second, third)} == {Kind.REPUBLICATION}


def permuted(articles: Sequence[Article]) -> list[list[Article]]:
    if len(articles) < 2:
        return [list(articles)]
    return [
        [one, *rest]
        for number, one in enumerate(articles)
        for rest in permuted([*articles[:number], *articles[number + 1 :]])
    ]


def test_times_without_a_zone_are_utc() -> None:
    text = prose("zones")
    rows = [
        {"url": "https://a.example/1", "text": text, "published_at": "2025-06-03T12:00:00"},
        {"url": "https://b.example/1", "text": text, "published_at": (NOON + timedelta(hours=1)).isoformat()},
    ]
    assert set(group(rows).values()) == {1}


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00+05:00", "9999-12-31T23:00:00-05:00"])
def test_the_ends_of_the_calendar_stand_for_no_time(time: str) -> None:
    text = prose("one")
    rows = [{"url": f"https://{n}.example/1", "text": text, "title": f"Notes of day {n}"} for n in (1, 2)]
    assert len(set(group([{**rows[0], "published_at": time}, rows[1]]).values())) == 1


def test_what_is_no_text_is_refused() -> None:
    for text in (b"A text of bytes.", None):
        with pytest.raises(TypeError, match=r"https://a\.example/1 is"):
            group([{"url": "https://a.example/1", "text": text}])
