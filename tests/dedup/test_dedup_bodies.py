"""Two texts that share much, of which one has a body of its own: parts and wholes, columns, releases, notices."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from dedup_making import A, first_words, match, prose, reworded

from pipeline.dedup.align import in_order
from pipeline.dedup.text import read
from pipeline.dedup.thresholds import Thresholds
from pipeline.dedup.verdict import CONTAINED, COPY, EXCERPT
from pipeline.model import Link


def test_runs_in_order_are_found_whatever_stands_between_or_was_moved() -> None:
    one, two, three = (prose(name, count) for name, count in (("one", 24), ("two", 24), ("three", 36)))
    a, b = read(f"{one}\n{two}\n{three}"), read(f"{prose('before', 12)}\n{one}\n{three}\n{two}")
    assert in_order(a, b) == [(0, 12, 24), (48, 36, 36)]  # the longer of the two that changed places
    assert in_order(a, a) == [(0, 0, 84)]
    assert in_order(a, read(prose("strangers", 40))) == []
    assert in_order(a, read("")) == []


def test_a_part_joins_its_whole_on_a_word_only() -> None:
    page = f"{prose('piece', 130)}\n{prose('rest of the page', 700)}"
    piece, longer = prose("piece", 130), f"{prose('piece', 130)}\n{prose('its own', 60)}"
    other: dict[str, Any] = {"a_title": "Zebra quotas", "b_title": "Violins abolished"}
    found = match(page, piece, **other)
    assert (found.kind, found.reason) == (CONTAINED, "stands inside a longer text of another headline")
    assert match(page, first_words(piece, 100), **other).kind == EXCERPT
    assert match(page, piece, b_links=(Link(A, "here"),), **other).kind == EXCERPT
    assert match(page, f"{piece}\nOriginally published at a.example.", **other).kind == EXCERPT
    assert match(page, piece, **other | {"b_title": "Zebra quotas"}).kind == EXCERPT
    assert match(page, f"{longer} and", **other).reason == "a good part of it is its own"


def test_a_longer_page_around_a_piece_is_not_that_piece_by_half_of_its_headline() -> None:
    piece = prose("piece", 200)
    page = f"{piece}\n{prose('the next piece', 220)}"
    titles: dict[str, Any] = {"a_title": "Zebra quotas; Violins", "b_title": "Zebra quotas"}
    assert match(page, piece, **titles).kind == CONTAINED
    assert match(page, piece, **titles | {"a_title": None}).kind == CONTAINED
    assert match(page, piece, **titles | {"a_title": "Zebra quotas"}).kind == COPY


def test_two_texts_that_share_a_half_are_one_on_a_word_only() -> None:
    a, b = f"{prose('half', 200)}\n{prose('one end', 120)}", f"{prose('half', 200)}\n{prose('other end', 120)}"
    other: dict[str, Any] = {"a_title": "Zebra quotas", "b_title": "Violins abolished"}
    found = match(a, b, **other)
    assert found.jaccard >= 0.35
    assert (found.kind, found.reason) == (CONTAINED, "other words at the same place among the same ones")
    assert match(a, b, **other | {"b_title": "Zebra quotas"}).kind == CONTAINED
    assert match(a, b, **other, b_links=(Link(A, "here"),)).kind == COPY
    c = f"{prose('one head', 90)}\n{prose('half', 200)}"
    assert match(c, b, **other).reason == "a good part is not in the other"
    assert match(c, b, **other | {"a_byline": "Ann Roe", "b_byline": "Ann Roe"}).kind == COPY
    assert match(c, b, **other | {"b_title": "Zebra quotas"}).kind == COPY
    assert match(a, reworded(a, 0.06), **other).kind == COPY


def test_a_column_with_another_letter_every_week_is_not_one_piece() -> None:
    title: dict[str, Any] = {"a_title": "Ask Martha", "b_title": "Ask Martha"}
    for standing, letter in ((90, 130), (90, 30), (40, 20)):
        hello, bye = prose("hello", standing), prose("bye", standing)
        weeks = [f"{hello}\n{prose(week, letter)}\n{bye}" for week in ("one letter", "another letter")]
        found = match(*weeks, **title)
        assert found.jaccard >= 0.35
        assert (found.kind, found.reason) == (CONTAINED, "other words at the same place among the same ones")
    assert match(f"{hello}\n{bye}", weeks[1], **title).kind == COPY


def test_days_apart_fewer_other_words_make_two_issues() -> None:
    hello, bye = prose("hello", 110), prose("bye", 110)
    weeks = [f"{hello}\n{prose(week, 28)}\n{bye}" for week in ("one letter", "another letter")]
    dated: dict[str, Any] = {
        "a_title": "Ask Martha",
        "b_title": "Ask Martha",
        "a_published_at": datetime(2025, 5, 1, tzinfo=UTC),
    }
    assert match(*weeks, **dated, b_published_at=datetime(2025, 5, 2, tzinfo=UTC)).kind == COPY
    assert match(*weeks, **dated, b_published_at=None).kind == COPY
    found = match(*weeks, **dated, b_published_at=datetime(2025, 5, 8, tzinfo=UTC))
    assert (found.kind, found.reason) == (CONTAINED, "other words at the same place among the same ones")
    cut = f"{hello}\n{bye}"
    assert match(cut, weeks[1], **dated, b_published_at=datetime(2025, 5, 8, tzinfo=UTC)).kind == COPY


def test_releases_that_end_in_one_description_are_two() -> None:
    """Two thirds of the shorter stand in the longer, and less than a third of both together."""
    about = prose("about the company", 80)
    news = [f"{prose('a pump', 46)}\n{about}", f"{prose('a merger', 46)}\n{about}\n{prose('outlook', 62)}"]
    found = match(*news, a_title="A pump", b_title="A merger")
    assert found.jaccard < Thresholds().copy_jaccard
    assert (found.kind, found.reason) == (CONTAINED, "other words at the same place among the same ones")


def test_what_is_moved_is_not_exchanged() -> None:
    parts = [prose(name, 60) for name in ("one", "two", "three", "four")]
    moved = [parts[2], parts[0], parts[1], parts[3]]
    assert match("\n".join(parts), "\n".join(moved), a_title="Ferry line", b_title="Ferry line").kind == COPY


def test_a_phrase_in_common_by_chance_does_not_hide_what_is_exchanged() -> None:
    hello, bye, phrase = prose("hello", 90), prose("bye", 90), "as nobody had told us before"
    letters = [
        f"{prose(f'{week} begins', 40)} {phrase} {prose(f'{week} ends', 50)}"
        for week in ("one letter", "another letter")
    ]
    weeks = [f"{hello}\n{letter}\n{bye}" for letter in letters]
    found = match(*weeks, a_title="Ask Martha", b_title="Ask Martha")
    assert (found.kind, found.reason) == (CONTAINED, "other words at the same place among the same ones")


def test_of_a_long_text_more_may_be_rewritten_than_of_a_short_one() -> None:
    hello, bye = prose("hello", 300), prose("bye", 300)
    versions = [f"{hello}\n{prose(version, 90)}\n{bye}" for version in ("first", "second")]
    assert match(*versions, a_title="Ferry line", b_title="Ferry line").kind == COPY


def test_what_a_site_prints_day_by_day_is_not_one_piece() -> None:
    """One figure, or one sentence, is the day's; a page that is printed again may be corrected."""
    days: dict[str, Any] = {"b_url": "https://a.example/2", "a_title": "Levels", "b_title": "Levels"}
    days |= {"a_published_at": datetime(2025, 5, 1, tzinfo=UTC), "b_published_at": datetime(2025, 5, 9, tzinfo=UTC)}
    notice = prose("levels", 120)
    figures = [f"{notice}\nThe river stands at {level} centimetres.\n{prose('bye', 30)}" for level in (212, 198)]
    sentences = [f"{notice}\n{prose(day, 9)}\n{prose('bye', 30)}" for day in ("monday", "tuesday")]
    for pair in (figures, sentences):
        assert match(*pair, **days).reason == "a recurring item of another day"
    assert match(notice, reworded(notice, 0.02), **days).kind == COPY
    assert match(*figures, **days | {"b_published_at": days["a_published_at"]}).kind == COPY
    assert match(f"Out of our archive, 2015.\n{notice}", notice, **days).kind == COPY


def notice(*figures: str) -> str:
    filled = [f"{prose(f'line {at}', 11)} {figure}." for at, figure in enumerate(figures)]
    standing = f"{prose('bye', 60)} under article 5 of 596/2014, or call 20 7946 0000 or 0001 from 9 to 17, 365 days."
    return "\n".join([prose("head", 30), *filled, standing])


def test_a_form_with_other_figures_is_another_notice_however_much_always_stands_there() -> None:
    first, second = notice("12 May", "45,000", "312.40"), notice("13 May", "52,350", "315.80")
    titles = {"a_title": "Own shares", "b_title": "Own shares"}
    found = match(first, second, **titles)
    assert found.jaccard > 0.6
    assert found.reason == "one form with other figures"
    assert match(first, f"{second}\nShare this page.", **titles).reason == "one form with other figures"
    month: dict[str, Any] = {"a_published_at": datetime(2025, 5, 1, tzinfo=UTC)}
    month |= {"b_published_at": datetime(2025, 6, 1, tzinfo=UTC), **titles}
    few = notice("5 May", "oats", "rye"), notice("6 June", "oats", "rye")
    assert match(*few, **titles).kind == COPY
    assert match(*few, **month).kind == COPY
    more = notice("5 May", "4.1", "rye"), notice("6 June", "3.9", "rye")
    assert match(*more, **month).reason == "one form with other figures"


def test_a_report_whose_figures_were_updated_or_written_otherwise_is_one_piece() -> None:
    titles = {"a_title": "Own shares", "b_title": "Own shares"}
    first, second = notice("12 May", "45,000", "312.40"), notice("13 May", "52,350", "315.80")
    assert match(first, notice("12 May", "45000", "312,40"), **titles).kind == COPY
    assert match(f"{first}\n{prose('more', 300)}", f"{second}\n{prose('more', 300)}", **titles).kind == COPY
    added = second.replace("52,350", f"52,350, {prose('says the governor', 18)}")
    assert match(first, added, **titles).kind == COPY
