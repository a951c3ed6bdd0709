"""Verified matches: each verdict and each veto with a small example, and exact figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from dedup_making import A, B, article, first_words, match, prose, reworded

from pipeline.config import DedupSettings
from pipeline.dedup import compare
from pipeline.dedup.match import verify
from pipeline.dedup.pair import title_agreement
from pipeline.dedup.text import read
from pipeline.dedup.thresholds import Thresholds
from pipeline.dedup.verdict import CONTAINED, COPY, EXCERPT, QUOTED, SIMILAR
from pipeline.model import Link, Route


def shingle_set(text: str) -> set[tuple[str, ...]]:
    tokens = [token.casefold() for token in read(text).tokens]
    return {tuple(tokens[start : start + 5]) for start in range(len(tokens) - 4)}


# --- figures


@pytest.mark.parametrize("share", [0.0, 0.03, 0.1])
@pytest.mark.parametrize("cut", [1.0, 0.8, 0.5])
def test_figures_are_exact(share: float, cut: float) -> None:
    whole = prose("exact", 300)
    part = reworded(first_words(whole, int(300 * cut)), share)
    left, right = shingle_set(whole), shingle_set(part)
    found = match(whole, part)
    assert found.shared == len(left & right)
    assert found.jaccard == pytest.approx(len(left & right) / len(left | right), abs=1e-4)
    assert found.containment_a == pytest.approx(len(left & right) / len(left), abs=1e-4)
    assert found.containment_b == pytest.approx(len(left & right) / len(right), abs=1e-4)


def test_the_order_of_the_two_does_not_matter() -> None:
    one, other = article(A, prose("order", 300)), article(B, first_words(prose("order", 300), 200), hours=3)
    assert verify(one, other) == verify(other, one)


def test_the_passage_is_the_longest_run_in_common_cut_for_display() -> None:
    short, long = prose("first in common", 24), prose("second in common", 36)
    found = match(
        "\n".join([prose("pa", 60), short, prose("pb", 60), long]),
        "\n".join([long, prose("pc", 60), short, prose("pd", 60)]),
    )
    assert found.passage == " ".join(read(long).tokens)[:197] + "..."


def test_strangers_have_nothing_to_do_with_each_other() -> None:
    assert verify(article(A, prose("one")), article(B, prose("two"))) is None
    assert verify(article(A, ""), article(B, "")) is None
    assert compare("One text.", "Another text.") is None


# --- verdicts


def test_the_same_text() -> None:
    text = prose("same")
    found = match(text, text.replace(".", " . "))
    assert (found.kind, found.route, found.jaccard) == (COPY, Route.SAME_TEXT, 1.0)


@pytest.mark.parametrize("script", ["本文讨论海港的未来与过去", "港の水位は上がっている", "ท่าเรือเก่าของเมืองจะปิด"])
def test_the_same_text_in_scripts_without_spaces(script: str) -> None:
    text = "".join(script[n:] + script[:n] for n in range(len(script)))
    found = match(text + "。", text)
    assert (found.kind, found.route) == (COPY, Route.SAME_TEXT)
    assert " " not in found.passage


def test_a_near_duplicate() -> None:
    text = prose("near", 300)
    found = match(text, reworded(text, 0.05))
    assert (found.kind, found.route, found.reason) == (COPY, Route.NEAR_DUPLICATE, "")
    assert 0.35 < found.jaccard < 1.0


def test_similar_below_the_threshold_is_no_copy() -> None:
    shared = prose("far", 132)
    a, b = f"{shared}\n{prose('fa', 144)}", f"{prose('fb', 144)}\n{shared}"
    found = match(a, b)
    assert 0.25 <= found.jaccard < 0.35
    assert found.kind not in (COPY, EXCERPT)
    assert found.reason == "too little in common"
    assert match(a, b, thresholds=Thresholds(copy_jaccard=0.25)).kind == COPY


def test_versions_of_nearly_one_length_are_copies_wherever_the_match_starts() -> None:
    shared = prose("kernel", 180)
    found = match(f"{prose('old end', 60)}\n{shared}", f"{shared}\n{prose('new', 170)}")
    assert found.jaccard >= 0.35 or found.kind == COPY
    strict = Thresholds(copy_jaccard=0.9)
    assert match(f"{prose('old end', 60)}\n{shared}", f"{shared}\n{prose('new', 170)}", thresholds=strict).kind == COPY


def test_a_teaser_from_the_head_is_an_excerpt() -> None:
    whole = prose("excerpt", 800)
    found = match(whole, first_words(whole, 90) + " ...")
    assert (found.kind, found.route) == (EXCERPT, Route.CONTAINED)
    assert found.containment_b > 0.95


def test_a_passage_from_the_middle_is_contained_and_joins_nothing() -> None:
    whole = prose("middle", 1000)
    part = " ".join(whole.split()[500:620])
    found = match(whole, part)
    assert (found.kind, found.reason) == (CONTAINED, "stands inside a longer text of another headline")


def test_a_passage_from_the_middle_under_the_same_title_is_an_excerpt() -> None:
    whole = prose("middle", 1000)
    part = " ".join(whole.split()[500:620])
    assert (
        match(whole, part, a_title="Nine grey ships in the bay", b_title="Nine grey ships in the bay!").kind == EXCERPT
    )


def test_a_long_passage_in_two_other_pieces_is_quoted() -> None:
    shared = prose("speech", 36)
    found = match(f"{prose('qa', 200)}\n{shared}", f"{prose('qb', 200)}\n{shared}")
    assert (found.kind, found.reason) == (QUOTED, "too little in common")


# --- vetoes


def test_too_short_to_tell() -> None:
    wall = "Members read on here. Do you have no account? Create one here now."
    found = match(wall, wall)
    assert (found.kind, found.reason) == (SIMILAR, "too short to tell")
    assert match(wall, wall, thresholds=Thresholds(min_tokens=5)).kind == COPY


def test_two_reports_that_quote_one_speech_are_not_one() -> None:
    speech = f"“{first_words(prose('speech'), 100).replace('.', '')}”"
    a = f"{prose('reporter', 24)}\n{speech}"
    b = f"{speech}\n{prose('other reporter', 300)}"
    found = match(a, b)
    assert (found.kind, found.reason) == (CONTAINED, "only a quotation in common")
    # Without the quotation marks the same words are the writer's own.
    mine, theirs = (text.translate({0x201C: None, 0x201D: None}) for text in (a, b))
    assert match(mine, theirs).reason == "stands inside a longer text of another headline"


BULLETIN = """
{name} reported its earnings of the third quarter on {day}, after the close of trading on the exchange in the capital.
Revenue rose to {a} million crowns, while net income for the quarter came in at {b} million crowns, which they call
a sound result in a difficult market. Earnings of each share were {c} crowns, where the analysts who follow the company
had expected {d} crowns on average. The board will propose a dividend of {e} crowns to the meeting of shareholders
in spring, and expects that revenue of the full year will come to {f} million crowns if prices stay where they are now.
"""
NORTHQUAY = {"name": "Northquay", "day": "Tuesday", "a": 340, "b": 41, "c": "1.12", "d": "1.05", "e": "0.50", "f": 1400}
HAVENER = {"name": "Havener", "day": "Friday", "a": 96, "b": 11, "c": "2.31", "d": "2.22", "e": "0.75", "f": 405}


def test_one_template_with_other_numbers_is_not_one_piece() -> None:
    found = match(BULLETIN.format(**NORTHQUAY), BULLETIN.format(**HAVENER))
    assert found.kind == SIMILAR
    assert found.reason == "one template with other numbers"
    assert match(BULLETIN.format(**NORTHQUAY), BULLETIN.format(**NORTHQUAY)).kind == COPY


def test_one_template_with_other_names_is_not_one_piece() -> None:
    obituary = (
        "{0} died peacefully at home in {1} after a short illness. {0} was born in {2} and worked for many years at "
        "the {3} shipyard, where friends knew a patient teacher and a gifted musician. {0} is survived by {4} and {5}. "
        "A memorial service will be held at {6} church, with a reception to follow in the parish hall next door."
    )
    found = match(
        obituary.format("Ragnhild", "Havenport", "Bergvik", "Northquay", "Tore", "Ingrid", "Sandnes"),
        obituary.format("Aurelio", "Puertonuevo", "Montefiore", "Meridian", "Lucia", "Pablo", "Valmont"),
    )
    assert (found.kind, found.reason) == (SIMILAR, "one template with other names and numbers")


CABLE = (
    "The Regent has sent a message of congratulations to {0} on the occasion of the Constitution Day, in which he "
    "wished the country further progress and prosperity, praised the friendship of the two peoples, and recalled the "
    "many visits of the past years, as did the Minister of the Court and the Keeper of the Seals in messages of theirs."
)


def test_one_template_about_what_each_headline_names_is_not_one_piece() -> None:
    texts = [CABLE.format(name) for name in ("Norhavn and its President Tove", "Carabel and its President Ondina")]
    titles = {"a_title": "Regent congratulates Norhavn on its Constitution", "b_title": "Regent congratulates Carabel"}
    found = match(*texts, **titles)
    assert (found.kind, found.reason) == (SIMILAR, "one template about other things")
    assert match(texts[0], texts[0], **titles).kind == COPY, "a headline alone tells nothing"
    assert match(*texts, a_title=titles["a_title"], b_title="The Regent sends his wishes to friends").kind == COPY


@pytest.mark.parametrize(("here", "there"), [("Kyivsk", "Kievsk"), ("Petersen", "Pedersen"), ("Carabel", "Norhavn")])
def test_one_word_that_stands_for_another_is_no_other_subject(here: str, there: str) -> None:
    """A house's spelling, a corrected name, a paper's own name in the place of another's."""
    texts = [CABLE.format(name) for name in (here, there)]
    found = match(*texts, a_title=f"Regent congratulates {here}", b_title=f"Regent sends wishes to {there}")
    assert found.kind == COPY


def test_words_replaced_all_over_are_no_other_subject() -> None:
    """In a spun copy the headline's words are replaced, too."""
    whole = prose("spun subject", 400)
    spun = reworded(whole, 0.2)
    only = [next(word for word in text.split() if word not in other) for text, other in ((whole, spun), (spun, whole))]
    found = match(whole, spun, a_title=f"About {only[0]} today", b_title=f"About {only[1]} today")
    assert found.reason != "one template about other things"


RATES = (
    "The best account pays {0} percent on this day, {1} less than a week ago, according to the figures of this desk. "
    "Compare at least three banks before you decide, and look at what the rate falls to once the bonus has ended. "
    "Ask how many withdrawals you may make in a year, and put aside for a longer term what you will not need before."
)


def test_issues_of_two_days_are_two_pieces_wherever_they_appear() -> None:
    texts = [RATES.format("3.41", "0.06"), RATES.format("3.36", "0.09")]
    at = [datetime(2025, 11, day, 12, tzinfo=UTC) for day in (4, 5)]
    one = article(A, texts[0], title="The best account today: November 4, 2025", published_at=at[0])
    other = article(B, texts[1], title="Best account a year, Nov. 5", published_at=at[1])
    found = verify(one, other)
    assert found is not None
    assert (found.kind, found.reason) == (SIMILAR, "a recurring item of another day")
    updated = verify(one, replace(other, title="Best account a year, in 7 steps"))
    assert updated is not None
    assert updated.kind == COPY, "an update may have other figures"
    late = verify(replace(one, published_at=at[1]), replace(other, published_at=at[1] + timedelta(days=1)))
    assert late is not None
    assert late.kind == SIMILAR, "results of a day appear on the next one"


def test_a_corrected_figure_does_not_make_another_piece() -> None:
    found = match(BULLETIN.format(**NORTHQUAY), BULLETIN.format(**{**NORTHQUAY, "a": 341}))
    assert found.kind == COPY


def test_furniture_of_one_site_under_other_titles() -> None:
    standing = prose("standing", 140)
    a, b = f"{prose('item one', 40)}\n{standing}", f"{prose('item two', 40)}\n{standing}"
    titles: dict[str, Any] = {"a_title": "Ferry line to close", "b_title": "Nine ships in the bay"}
    found = match(a, b, b_url="https://a.example/2", **titles)
    assert (found.kind, found.reason) == (SIMILAR, "same site, other title: furniture or a template")
    titles["b_title"] = "Ferry line to close"
    assert match(a, b, b_url="https://a.example/2", **titles).kind == CONTAINED
    assert match(a, f"{a}\n{prose('box', 40)}", b_url="https://a.example/2", **titles).kind == COPY


def test_a_long_text_of_one_site_may_have_two_titles() -> None:
    text = prose("long", 600)
    titles: dict[str, Any] = {"a_title": "Ferry market closes", "b_title": "Bridge winter station"}
    found = match(text, reworded(text, 0.05), b_url="https://a.example/2", **titles)
    assert found.kind == COPY


# --- thresholds


def test_thresholds_follow_the_configuration() -> None:
    set_so = DedupSettings(copy_jaccard=0.5, excerpt_containment=0.7, min_tokens=30)
    assert Thresholds.of(set_so) == Thresholds(copy_jaccard=0.5, excerpt_containment=0.7, min_tokens=30)
    assert Thresholds.of(DedupSettings()) == Thresholds()


def test_compare_works_on_two_texts_alone() -> None:
    text = prose("alone")
    found = compare(text, reworded(text, 0.01))
    assert found is not None
    assert (found.a, found.b, found.kind) == ("a:", "b:", COPY)


def test_two_texts_alone_are_not_of_one_site() -> None:
    text = prose("alone")
    found = compare(text, reworded(text, 0.05))
    assert found is not None
    assert found.kind == COPY


# --- forms filled in anew, walls, scripts without spaces


def test_a_short_form_filled_in_with_other_words_is_another_piece() -> None:
    stars = (
        "your stars ask for patience, because the moon stands low and makes for a long afternoon. in love {0}, "
        "so {1} before the evening comes. at work {2}, and {3} will do the rest without being asked for it twice. "
        "your lucky colour is {4} and your lucky number stands on the door of the house in which you were born."
    )
    a = stars.format("a letter brings news", "rest early", "a promise is kept", "your patience", "blue")
    b = stars.format("an old debt is paid", "call a friend", "a delay turns out well", "a stranger", "amber")
    found = match(a, b, a_title="Your day", b_title="Your day")
    assert found.jaccard >= 0.35
    assert (found.kind, found.reason) == (SIMILAR, "one template with other words")
    assert match(a, b, thresholds=Thresholds(form_words=0)).kind == COPY


def test_one_short_text_under_two_headlines_of_a_site_is_a_wall() -> None:
    wall = prose("ferry wall", 80)
    there: dict[str, Any] = {
        "b_url": "https://a.example/2",
        "a_title": "Ferry line harbour",
        "b_title": "Bridge market",
    }
    assert match(wall, wall, **there).kind == SIMILAR
    assert match(wall, wall, **there | {"b_url": B}).kind in (COPY, SIMILAR)
    signed = match(wall, wall, a_byline=("Jane Roe",), b_byline=("Jane Roe",), **there)
    assert signed.reason != "same site, other title: furniture or a template"


def test_a_headline_with_something_before_it_is_the_same_headline() -> None:
    text = prose("receipts", 150)
    found = match(text, text, b_url="https://a.example/2", a_title="Receipts", b_title="From the archive: Receipts")
    assert found.kind == COPY


def test_an_item_of_a_site_that_stands_in_its_longer_page_of_another_day_is_no_recurring_item() -> None:
    item = prose("item", 200)
    page = f"{item}\n{prose('rest', 400)}"
    found = verify(article(A, item), article("https://a.example/2", page, hours=48, title="The week"))
    assert found is not None
    assert found.kind != SIMILAR


def test_a_passage_from_the_middle_with_a_link_to_where_it_stands_is_an_excerpt() -> None:
    whole = prose("middle", 1000)
    part = " ".join(whole.split()[500:620])
    assert match(whole, part, b_links=(Link(A, "here"),)).kind == EXCERPT
    assert match(whole, part, b_links=(Link("https://c.example/3", "here"),)).kind == CONTAINED


def test_a_quotation_makes_no_copy_however_short_the_rest() -> None:
    speech = f"“{first_words(prose('speech'), 100).replace('.', '')}”"
    a, b = f"{prose('reporter', 60)}\n{speech}", f"{speech}\n{prose('other reporter', 60)}"
    found = match(a, b)
    assert found.jaccard >= 0.35
    assert (found.kind, found.reason) == (CONTAINED, "only a quotation in common")


def test_lengths_are_in_words_whatever_the_script() -> None:
    assert read("ก" * 400).words == 100
    assert read("字" * 180).words == pytest.approx(100)
    assert read("word " * 100).words == 100


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("ทำไมช่างพิมพ์จึงขายเขื่อนดินรุ่นปู่ก่อนปีกลาย", "กำนันสองคนแรกช่วยกันลดสัญญาเช่าริมแม่น้ำได้อย่างไร"),
        ("港务局否决了冬季时刻表", "老磨坊主出售了两座木桥"),
    ],
)
def test_titles_without_spaces_agree_by_their_words_not_by_their_letters(a: str, b: str) -> None:
    assert title_agreement(a, b) < 0.2
    assert title_agreement(a, a) == 1.0


def test_long_pages_of_one_site_that_share_their_furniture_are_two() -> None:
    standing = prose("menus and boxes", 600)
    ferry = f"The ferry line will close in autumn, says the council.\n{prose('ferry', 200)}\n{standing}"
    ships = f"Nine grey ships were seen in the bay on Sunday.\n{prose('ships', 200)}\n{standing}"
    found = match(
        ferry, ships, b_url="https://a.example/2", a_title="Ferry line will close", b_title="Nine grey ships in the bay"
    )
    assert found.jaccard >= 0.35
    assert found.reason == "a standing text under other headlines"
