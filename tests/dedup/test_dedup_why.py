"""Why: figures, exact passages with their places, what was cut, whom a copy names."""

from __future__ import annotations

from collections.abc import Sequence

from dedup_making import Shelf, article, first_words, prose, reworded
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.dedup.text import read
from pipeline.dedup.verdict import JOINING
from pipeline.dedup.why import PAIRS, PASSAGES, Passage, Reasons, compared, explain
from pipeline.model import Article, Neighbours, Verb, Word
from pipeline.words import in_force

TEXT = prose("why", 200)


def at(name: str) -> str:
    return f"https://{name}.example/1"


def reasons(articles: Sequence[Article], words: Sequence[Word] = (), **nearest: str) -> dict[str, Reasons]:
    """Reasons by the first letter of each article's address."""
    shelf = Shelf()
    for one in articles:
        shelf.add(one)
    known = Neighbours((), shelf.members, tuple(shelf.matches.values()), tuple(in_force(words)))
    made = explain([one.canonical_url for one in articles], known, {at(a): [at(b)] for a, b in nearest.items()})
    return {url[8]: why for url, why in made.items()}


def stands_there(passage: Passage, text: str, start: int | None) -> bool:
    assert start is not None
    words = read(text).folded
    return " ".join(words[start : start + passage.words]).startswith(passage.quote.casefold().rstrip("…"))


@given(st.integers(0, 60), st.sampled_from([0.0, 0.02, 0.1]), st.integers(0, 99))
@settings(max_examples=40, deadline=None)
def test_passages_stand_in_both_texts_where_they_are_said_to(lead: int, share: float, seed: int) -> None:
    other = f"{first_words(prose(f'lead{seed}', 80), lead)}\n{reworded(TEXT, share, str(seed))}"
    found = compared(article(at("a"), TEXT), article(at("b"), other))
    assert found.match is not None
    assert 0 < len(found.passages) <= PASSAGES
    for passage in found.passages:
        assert passage.words >= 5
        assert stands_there(passage, TEXT, passage.start_a)
        assert stands_there(passage, other, passage.start_b)
    lengths = [passage.words for passage in found.passages]
    assert lengths == sorted(lengths, reverse=True)


def test_what_only_one_of_them_has_is_told() -> None:
    found = compared(article(at("a"), TEXT), article(at("b"), f"{TEXT}\n{prose('more', 60)}"))
    assert found.only_a == ()
    (more,) = found.only_b
    assert (more.start_a, more.start_b) == (None, len(read(TEXT).tokens))
    assert more.words == len(read(prose("more", 60)).tokens)


def test_texts_that_have_nothing_in_common_have_no_match() -> None:
    found = compared(article(at("a"), TEXT), article(at("b"), prose("other")))
    assert (found.match, found.passages) == (None, ())


def test_pairs_with_the_source_come_first_and_are_counted() -> None:
    world = [article(at(name), reworded(TEXT, 0.02 * n, name), hours=n) for n, name in enumerate("abcdef")]
    found = reasons(world, f="e")
    assert found["f"].pairs == 5
    assert len(found["f"].joins) == PAIRS
    first = found["f"].joins[0].match
    assert first is not None
    assert {first.a, first.b} == {at("e"), at("f")}
    strength = [pair.match.jaccard for pair in found["f"].joins[1:] if pair.match]
    assert strength == sorted(strength, reverse=True)
    assert all(pair.match and pair.match.kind in JOINING for pair in found["f"].joins)


def test_lines_that_were_cut_and_sources_that_are_named() -> None:
    world = [article(at("a"), TEXT), article(at("b"), f"{TEXT}\nOriginally published at a.example.", hours=3)]
    found = reasons(world)
    (cut,) = found["b"].cut
    assert (cut.role, cut.line) == ("credit", "Originally published at a.example.")
    (claim,) = found["b"].claims
    assert (claim.target, claim.basis, claim.line) == (at("a"), "credit line", cut.line)
    assert (found["a"].cut, found["a"].claims) == ((), ())


def test_what_people_said_stands_with_both() -> None:
    world = [article(at("a"), TEXT), article(at("x"), prose("x"))]
    merged = Word(Verb.MERGE, (at("a"), at("x")), world[0].first_seen_at)
    found = reasons(world, [merged])
    assert found["a"].bonds == found["x"].bonds
    assert found["a"].bonds[0].together
    assert found["a"].joins == ()


def test_scripts_without_spaces_are_quoted_without_spaces() -> None:
    text = "".join(chr(0x4E00 + (n * 7919) % 2000) for n in range(300)) + "。"
    found = compared(article(at("a"), text), article(at("b"), text + "然后船开走了。"))
    assert " " not in found.passages[0].quote
    assert found.passages[0].words == 300
