"""How a text is read: one spelling, tokens in every script, quotations, shingles."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest
from dedup_making import prose
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.dedup.fold import fold
from pipeline.dedup.text import (
    CHARACTERS_PER_SHINGLE,
    LETTERS_PER_SHINGLE,
    LONG_QUOTE,
    WORDS_PER_SHINGLE,
    covered,
    hash_shingles,
    mix,
    read,
    spelled,
    tokenize,
    words,
)

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200)


@pytest.mark.parametrize(
    ("raw", "folded"),
    [
        ("“Ferry”, «Fähre» „Fähre‟ 『船』「船」 ‹bac›", '"Ferry", "Fähre" "Fähre" "船""船" "bac"'),
        ("don’t don`t don´t don‘t", "don't don't don't don't"),
        ("don`t", "don't"),  # in ASCII too
        ("3–4 – 3—4 ‐ 3−4", "3-4 - 3-4 - 3-4"),
        ("co\u00adoperate zero\u200bwidth \ufeffmark", "cooperate zerowidth mark"),
        ("a\u00a0b ﬁn ①", "a b fin 1"),
        ("e\u0301té", "été"),
        ("ＡＢＣ，：（）", "ABC,:()"),
        ("نَشَرَت الصَّحِيفَة مقـــالًا", "نشرت الصحيفة مقالا"),
        ("שָׁלוֹם בֵּית־סֵפֶר", "שלום בית-ספר"),
        ("\u0e19\u0e49\u0e33", "\u0e19\u0e49\u0e4d\u0e32"),  # Thai sara am: NFKC takes it apart, everywhere alike
    ],
)
def test_variants_of_one_spelling_become_one(raw: str, folded: str) -> None:
    assert fold(raw) == folded


@given(ANY_TEXT)
def test_folding_is_idempotent_but_for_what_normalisation_makes(text: str) -> None:
    once = fold(text)
    assert fold(once) == once or unicodedata.normalize("NFKC", once) != once


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Don't stop, rock'n'roll: 3.5 co-op _x_ snake_case", "Don't stop rock'n'roll 3 5 co op x snake case".split()),
        ("L’été à Besançon…", ["L'été", "à", "Besançon"]),
        ("Портовый вестник — 3 июня", ["Портовый", "вестник", "3", "июня"]),
        ("نَشَرَت الصحيفة، أمس؟", ["نشرت", "الصحيفة", "أمس"]),
        ("किसान ने कहा। फ़सल अच्छी है", ["किसान", "ने", "कहा", "फ़सल", "अच्छी", "है"]),
        ("தமிழ்நாடு அரசு", ["தமிழ்நாடு", "அரசு"]),
        ("한국어 기사입니다.", ["한국어", "기사입니다"]),
        ("港の高さは333m、ABC。", ["港", "の", "高", "さ", "は", "333m", "ABC"]),
        ("アンドリュー・コリブコ", list("アンドリューコリブコ")),
        ("海港日报，2025年", ["海", "港", "日", "报", "2025", "年"]),
        ("เรือ 3 ลำ", ["เ", "ร", "ื", "อ", "3", "ล", "\u0e4d", "า"]),
        ("שָׁלוֹם עולם", ["שלום", "עולם"]),
        ("Ẹ́kọ̀ọ́ dára", ["Ẹ́kọ̀ọ́", "dára"]),
    ],
)
def test_tokens_in_every_script(text: str, tokens: list[str]) -> None:
    assert tokenize(fold(text)) == [fold(token) for token in tokens]


@given(ANY_TEXT)
def test_tokens_hold_every_letter_and_digit_and_no_white_space(text: str) -> None:
    folded = spelled(fold(text))
    tokens = "".join(tokenize(folded))
    assert not any(character.isspace() for character in tokens)
    dot = "\u30fb"  # which Python counts as a letter, and no Japanese reader does
    assert sorted(filter(str.isalnum, folded.replace(dot, ""))) == sorted(filter(str.isalnum, tokens.replace(dot, "")))


def test_words_are_folded_in_case_for_titles_and_names() -> None:
    assert words("Straße “Déjà-Vu” İzmir’de") == ["strasse", "déjà", "vu", "i̇zmir'de"]


# --- readings


def test_typography_does_not_change_a_reading() -> None:
    plain = 'He said "the water - all of it - won\'t rise before the winter is over in the valley".'
    printed = "He said “the water – all of it – won’t rise before the\u00a0winter is over in the val\u00adley”."
    assert read(plain).tokens == read(printed).tokens
    assert (read(plain).shingles == read(printed).shingles).all()


def test_case_matters_to_tokens_and_not_to_shingles() -> None:
    text = prose("case", 60)
    assert read(text).tokens != read(text.upper()).tokens
    assert (read(text).shingles == read(text.upper()).shingles).all()


def test_digits_and_letters_of_another_keyboard_do_not_change_a_reading() -> None:
    arabic = "بلغ سعر الجرام 5337 جنيها في 3 يونيو 2025"
    assert read(arabic.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))).tokens == read(arabic).tokens
    persian = "به گزارش خبرنگار ما ۴۶ گروه در شرکت آب"
    assert read(persian.translate(str.maketrans("یک۴۶", "يك46"))).tokens == read(persian).tokens
    assert words("३ जून") == words("3 जून")


def test_the_title_and_credit_lines_are_no_part_of_the_body() -> None:
    text = prose("framed", 120)
    framed = f"The Ferry Line\nBy Jane Roe\n{text}\nThis article was originally published in The Ledger."
    assert read(framed, "The ferry line").tokens == read(text).tokens
    assert [mark.role for mark in read(framed, "The ferry line").marks] == ["title", "byline", "credit"]


def quoted_tokens(text: str) -> list[str]:
    reading = read(text)
    return [token for token, inside in zip(reading.tokens, reading.quoted, strict=True) if inside]


@pytest.mark.parametrize(
    ("left", "right"), [('"', '"'), ("“", "”"), ("«", "»"), ("„", "“"), ("「", "」"), ("« ", " »")]
)
def test_long_quotations_are_marked_in_every_style(left: str, right: str) -> None:
    long = " ".join(f"word{number}" for number in range(LONG_QUOTE))
    assert quoted_tokens(f"He said {left}{long}{right} and left.") == long.split()


def test_short_quotations_are_the_writers_words() -> None:
    short = " ".join(f"word{number}" for number in range(LONG_QUOTE - 1))
    assert quoted_tokens(f"He called it “{short}” and left.") == []


def test_a_quotation_left_open_ends_with_its_paragraph() -> None:
    # As is the custom where a quotation runs over several paragraphs.
    first, second = (" ".join(f"{name}{number}" for number in range(15)) for name in ("one", "two"))
    assert quoted_tokens(f"“{first}\n“{second}”\nAnd he left the room, said nothing more, and closed the door.") == [
        *first.split(),
        *second.split(),
    ]


# --- shingles


@pytest.mark.parametrize(
    ("text", "size", "count"),
    [
        ("", WORDS_PER_SHINGLE, 0),
        ("one two three", WORDS_PER_SHINGLE, 1),
        ("one two three four five", WORDS_PER_SHINGLE, 1),
        ("one two three four five six seven", WORDS_PER_SHINGLE, 3),
        ("本文将讨论海港的未来与过去", CHARACTERS_PER_SHINGLE, 5),
        ("本文", CHARACTERS_PER_SHINGLE, 1),
        ("ท่าเรือเก่าของเมือง" * 2, LETTERS_PER_SHINGLE, 19),
        ("Ferry line 船 will close in winter", WORDS_PER_SHINGLE, 3),  # mostly words
    ],
)
def test_shingles_are_five_words_or_nine_characters(text: str, size: int, count: int) -> None:
    reading = read(text)
    assert (reading.size, len(reading.positions)) == (size, count)


def test_shingles_are_sorted_and_distinct() -> None:
    reading = read(" ".join(["all the same words again"] * 20))
    assert len(reading.positions) == 96
    assert len(reading.shingles) == 5
    assert (np.diff(reading.shingles.astype(object)) > 0).all()


TOKENS = st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=60)


@given(TOKENS, TOKENS, TOKENS, st.integers(1, 9))
@settings(max_examples=200)
def test_a_run_of_tokens_hashes_alike_wherever_it_stands(
    before: list[str], run: list[str], after: list[str], size: int
) -> None:
    whole = hash_shingles([*before, *run, *after], size)
    if len(run) >= size:
        assert list(whole[len(before) : len(before) + len(run) - size + 1]) == list(hash_shingles(run, size))


@given(st.lists(st.sampled_from("ab"), min_size=1, max_size=9), st.lists(st.sampled_from("ab"), min_size=1, max_size=9))
@settings(max_examples=200)
def test_different_runs_hash_differently(a: list[str], b: list[str]) -> None:
    assert (list(hash_shingles(a, len(a))) == list(hash_shingles(b, len(b)))) == (a == b)


def test_mixing_is_one_to_one_and_spreads_neighbours() -> None:
    mixed = mix(np.arange(1 << 16, dtype=np.uint64))
    assert len(np.unique(mixed)) == 1 << 16
    # Each of the 64 bits is set in about half: a standard deviation is 128 of 65,536.
    ones = [int(np.count_nonzero(mixed & np.uint64(1 << bit))) for bit in range(64)]
    assert all(abs(count - (1 << 15)) < 6 * 128 for count in ones)


def test_covered_says_which_tokens_stand_in_shared_shingles() -> None:
    a = read("one two three four five six seven eight nine ten")
    b = read("zero zero three four five six seven zero zero zero")
    shared = np.intersect1d(a.shingles, b.shingles)
    assert [token for token, hit in zip(a.tokens, covered(a, shared), strict=True) if hit] == (
        "three four five six seven".split()
    )
    assert not covered(a, np.empty(0, dtype=np.uint64)).any()
    assert covered(read(""), shared).shape == (0,)
