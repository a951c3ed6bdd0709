"""Fingerprints: what they promise of identical texts, of copies, of parts, and of strangers."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from datasketch import MinHash
from dedup_making import first_words, prose, reworded
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.dedup.fingerprint import BANDS, FEW, PERMUTATIONS, SCHEME, estimate, fingerprint, minhash, plausible
from pipeline.dedup.text import read

ERROR = 0.5 / PERMUTATIONS**0.5  # the largest standard error of a MinHash estimate (Broder 1997): .044


def jaccard(a: str, b: str) -> float:
    left, right = set(read(a).shingles.tolist()), set(read(b).shingles.tolist())
    return len(left & right) / len(left | right)


def samples(text: str) -> set[int]:
    return {key for key in fingerprint(text).bands if not key & 1}


def test_the_scheme_names_everything_that_a_fingerprint_depends_on() -> None:
    assert SCHEME == "w5c9l20-affine32x128-4x4-s16/1"
    assert fingerprint("Any text.").scheme == SCHEME


def test_a_fingerprint_of_this_scheme_never_changes() -> None:
    # A stored fingerprint is compared with new ones: when this fails, the scheme needs another name.
    made = fingerprint(
        "The ferry line between Havenport and the island will close after ninety years, the council said."
    )
    assert made.exact == "03a3572a4f581c8b97472230778dea74df41dc6ff792d6c44516bd1cd122934f"
    assert made.shingles == 12
    assert (made.bands[0], made.bands[1], made.bands[-1]) == (
        131074521274519109,
        8178456526301202927,
        9132319709371138128,
    )
    assert made.signature[:8].hex() == "511e0321ec82dd09"


def test_the_shape_of_a_fingerprint() -> None:
    made = fingerprint(prose("shape", 600))
    assert len(made.signature) == 4 * PERMUTATIONS
    assert re.fullmatch("[0-9a-f]{64}", made.exact)
    assert len(set(made.bands)) == len(made.bands)
    assert all(0 <= key < 1 << 63 for key in made.bands)  # a signed 64-bit column holds them
    assert sum(key & 1 for key in made.bands) == BANDS + 1
    # One shingle in 16: 596 give 37, with a standard deviation of 6.
    assert 37 - 24 <= len(samples(prose("shape", 600))) <= 37 + 24


def test_an_empty_text_has_no_key_and_is_like_nothing() -> None:
    empty = fingerprint("")
    assert (empty.bands, empty.shingles) == ((), 0)
    assert not plausible(empty, empty)
    assert estimate(empty, empty) == 0.0


def test_short_texts_sample_more_densely() -> None:
    for words in (24, 60, 120, 240):
        assert len(samples(prose(f"short{words}", words))) >= FEW / 3


@given(st.integers(0, 10**9), st.integers(5, 300))
@settings(max_examples=60, deadline=None)
def test_identical_texts_are_plausible_and_estimated_at_one(seed: int, words: int) -> None:
    a, b = fingerprint(prose(f"{seed}", words)), fingerprint(prose(f"{seed}", words))
    assert a == b
    assert plausible(a, b)
    assert estimate(a, b) == 1.0


def test_what_is_not_the_piece_does_not_change_its_fingerprint() -> None:
    text = prose("framed", 200) + " He said 'no' - twice."
    framed = f"By Jane Roe\n{text.replace(' - ', ' – ').replace(chr(39), '’')}\nRead the full story at The Ledger"
    assert fingerprint(framed.upper().replace("BY JANE ROE", "By Jane Roe")) == fingerprint(text)


def test_another_scheme_is_never_comparable() -> None:
    a = fingerprint(prose("scheme", 100))
    b = replace(a, scheme="other/1")
    assert not plausible(a, b)
    assert estimate(a, b) == 0.0


def test_the_signature_is_datasketchs_own() -> None:
    shingles = read(prose("peer", 150)).shingles
    peer = MinHash(num_perm=PERMUTATIONS, seed=1, scheme="affine32", hashfunc=lambda value: value)
    for shingle in shingles:
        peer.update(int(shingle >> np.uint64(32)))
    assert (minhash(shingles) == peer.hashvalues).all()


@pytest.mark.parametrize("share", [0.02, 0.05, 0.1, 0.2])
def test_estimates_are_within_four_standard_errors(share: float) -> None:
    for number in range(20):
        a = prose(f"estimate{number}", 400)
        b = reworded(a, share, f"{share}{number}")
        assert abs(estimate(fingerprint(a), fingerprint(b)) - jaccard(a, b)) <= 4 * ERROR


def test_copies_down_to_the_threshold_are_candidates() -> None:
    pairs = [
        (prose(f"copy{n}", 300), reworded(prose(f"copy{n}", 300), 0.01 * (1 + n % 16), f"c{n}")) for n in range(160)
    ]
    alike = [(a, b) for a, b in pairs if jaccard(a, b) >= 0.35]
    assert len(alike) >= 100
    missed = [jaccard(a, b) for a, b in alike if not plausible(fingerprint(a), fingerprint(b))]
    assert missed == []


@pytest.mark.parametrize("words", [60, 120, 300])
def test_excerpts_are_candidates_however_long_the_whole(words: int) -> None:
    found = 0
    for number in range(50):
        whole = prose(f"whole{number}", 1200)
        found += plausible(fingerprint(first_words(whole, words)), fingerprint(whole))
    # 56 shingles, one in 16 of them sampled on both sides: less than two in common has probability .13; 116: .005.
    assert found >= {60: 40, 120: 48, 300: 50}[words]


def test_a_denser_sample_holds_the_sparser_one() -> None:
    whole = prose("dense", 1500)
    part = first_words(whole, 100)
    inside = set(read(part).shingles.tolist())
    sampled = {key for key in samples(whole) if any(int(shingle) >> 2 == key >> 1 for shingle in inside)}
    assert sampled
    assert sampled <= samples(part)


def test_strangers_are_hardly_ever_candidates() -> None:
    made = [fingerprint(prose(f"stranger{number}", 300)) for number in range(80)]
    pairs = [(a, b) for n, a in enumerate(made) for b in made[n + 1 :]]
    assert sum(plausible(a, b) for a, b in pairs) == 0
    assert max(estimate(a, b) for a, b in pairs) <= 4 * ERROR
