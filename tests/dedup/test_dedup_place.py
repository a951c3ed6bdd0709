"""Placing one article after another: stories are joined, merged and parted, and keep their ids."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise

import pytest
from dedup_making import Shelf, article, first_words, members, prose, reworded

from pipeline.dedup import decide_all, fingerprint, of_article
from pipeline.dedup.match import verify
from pipeline.dedup.place import decide
from pipeline.model import Article, Kind

TEXT = prose("story", 200)


def at(name: str) -> str:
    return f"https://{name}.example/1"


def piece(name: str, text: str, **more: float) -> Article:
    return article(at(name), text, **more)


def shelf_of(*articles: Article) -> Shelf:
    shelf = Shelf()
    for one in articles:
        shelf.add(one)
    return shelf


def test_a_first_article_starts_a_story() -> None:
    placement = Shelf().add(piece("a", TEXT))
    (plan,) = placement.stories
    assert (plan.story, plan.original, placement.matches, placement.merged) == (None, at("a"), (), {})
    (copy,) = plan.copies
    assert (copy.kind, copy.copied_from, copy.similarity) == (Kind.ORIGINAL, None, 1.0)
    assert (copy.credit is not None, copy.evidence) == (True, ())


def test_a_copy_joins_the_story_and_says_why() -> None:
    shelf = shelf_of(piece("a", TEXT))
    placement = shelf.add(piece("b", reworded(TEXT, 0.03), hours=2))
    (plan,) = placement.stories
    assert (plan.story, plan.original) == (1, at("a"))
    copy = next(copy for copy in plan.copies if copy.canonical_url == at("b"))
    assert (copy.kind, copy.copied_from) == (Kind.REPUBLICATION, at("a"))
    (match,) = placement.matches
    assert copy.similarity == match.jaccard
    assert copy.evidence[0].startswith(f"near-duplicate: Jaccard {match.jaccard:.2f} with {at('a')}")


def test_copies_that_were_never_compared_are_as_alike_as_their_texts() -> None:
    """Each is compared with a limited number of candidates only."""
    known = members([piece(name, TEXT, hours=n) for n, name in enumerate("abcdef")])
    matches = [verify(known[at(a)].article, known[at(b)].article) for a, b in pairwise("abcdef")]
    ((first, copies),) = decide(known, [match for match in matches if match])
    assert first == at("a")
    assert {(one.copied_from, one.similarity) for one in copies} == {(None, 1.0), (first, 1.0)}


@pytest.mark.parametrize(("revision", "source"), [(1, "m"), (2, "g")])
def test_a_source_that_changed_since_keeps_the_copies_that_name_it(revision: int, source: str) -> None:
    """All that took its first text are nearer to each other then: no copy changed what all of them still have."""
    corrected = piece("g", reworded(TEXT, 0.08), site_name="The Gazette", revision=revision)
    mirror = piece("m", f"This article was originally published by The Gazette.\n{TEXT}", hours=1)
    blog = piece("b", f"(Via The Gazette)\n{TEXT}", hours=2)
    ((first, copies),) = decide_all([corrected, mirror, blog])
    assert first == at("g")
    assert {one.canonical_url: one.copied_from for one in copies}[at("b")] == at(source)


def test_strangers_get_stories_of_their_own() -> None:
    shelf = shelf_of(piece("a", TEXT), piece("b", prose("other")))
    assert shelf.homes == {at("a"): 1, at("b"): 2}


def test_only_what_may_have_changed_is_decided_anew() -> None:
    shelf = shelf_of(piece("a", TEXT), piece("b", TEXT), piece("x", prose("x")), piece("y", prose("x")))
    placement = shelf.add(piece("c", TEXT, hours=3))
    assert [plan.story for plan in placement.stories] == [1]


def test_a_late_original_takes_the_lead_and_the_story_keeps_its_id() -> None:
    shelf = shelf_of(
        piece("b", f"{TEXT}\nOriginally published at a.example.", hours=5),
        piece("c", f"{TEXT}\nOriginally published at a.example.", hours=6),
    )
    shelf.add(piece("a", TEXT, hours=9))
    assert shelf.plans[1].original == at("a")
    assert {copy.copied_from for copy in shelf.plans[1].copies} == {None, at("a")}
    assert shelf.homes == dict.fromkeys(map(at, "abc"), 1)


def versions() -> tuple[str, str, str]:
    """Three versions of a running story: each keeps two thirds of the one before, so the first and the last are two."""
    parts = [prose(f"part{number}", 72) for number in range(5)]
    return "\n".join(parts[:3]), "\n".join(parts[1:4]), "\n".join(parts[2:])


def test_an_article_that_joins_two_stories_merges_them_into_the_larger() -> None:
    early, middle, late = versions()
    shelf = shelf_of(piece("e", early), piece("l1", late), piece("l2", late, hours=1))
    assert shelf.homes == {at("e"): 1, at("l1"): 2, at("l2"): 2}
    placement = shelf.add(piece("t", middle, hours=2))
    assert placement.merged in ({1: 2}, {2: 1})
    (gone,) = placement.merged
    assert set(shelf.homes.values()) == {placement.merged[gone]}
    assert shelf.groups == {frozenset(map(at, ("e", "l1", "l2", "t")))}


def test_a_revision_that_is_another_text_leaves_its_story() -> None:
    shelf = shelf_of(piece("a", TEXT), piece("b", TEXT, hours=1), piece("c", TEXT, hours=2))
    placement = shelf.add(piece("c", prose("quite another"), hours=2))
    assert sorted((plan.story is None, len(plan.copies)) for plan in placement.stories) == [(False, 2), (True, 1)]
    assert shelf.homes == {at("a"): 1, at("b"): 1, at("c"): 2}
    assert placement.matches == ()


def test_a_revision_of_the_bridge_parts_what_it_joined() -> None:
    early, middle, late = versions()
    shelf = shelf_of(piece("e", early), piece("l1", late), piece("l2", late, hours=1), piece("t", middle, hours=2))
    assert len(shelf.groups) == 1
    shelf.add(piece("t", prose("quite another"), hours=2))
    assert shelf.groups == {frozenset({at("e")}), frozenset(map(at, ("l1", "l2"))), frozenset({at("t")})}
    # The larger part keeps the id.
    assert shelf.homes[at("l1")] == shelf.homes[at("l2")] == min(shelf.homes.values())


def test_an_unchanged_article_placed_again_changes_nothing() -> None:
    shelf = shelf_of(piece("a", TEXT), piece("b", TEXT, hours=1))
    before = (dict(shelf.plans), dict(shelf.matches))
    placement = shelf.add(piece("b", TEXT, hours=1))
    assert (shelf.plans, shelf.matches, placement.merged) == (*before, {})


def world() -> list[Article]:
    """Copies, credits, excerpts, a digest and strangers, told apart by their texts only."""
    long = prose("long", 500)
    digest = "\n".join(prose(f"item{number}", 150) for number in (3, 4, 0, 1, 2))
    return [
        piece("a", TEXT),
        piece("b", reworded(TEXT, 0.04, "b") + "\nOriginally published at a.example.", hours=1),
        piece("c", f"b.example 3 hours ago\n{reworded(TEXT, 0.04, 'b')}\nRead Entire Article", hours=2),
        piece("l", long, hours=3),
        piece("m", first_words(long, 90) + " ...", hours=1),
        piece("n", reworded(long, 0.05), hours=4),
        piece("d", digest, hours=9),
        *(piece(f"i{number}", prose(f"item{number}", 150), hours=number) for number in range(3)),
        piece("s", prose("stranger")),
    ]


@pytest.mark.parametrize("seed", range(12))
def test_one_after_another_in_any_order_is_all_at_once(seed: int) -> None:
    articles = world()
    whole = {(first, copies) for first, copies in decide_all(world())}
    random.Random(seed).shuffle(articles)
    shelf = shelf_of(*articles)
    assert {(plan.original, plan.copies) for plan in shelf.plans.values()} == whole


def test_the_world_is_grouped_as_it_was_made() -> None:
    shelf = shelf_of(*world())
    expected = ["abc", "lmn", "d", *(["i0"], ["i1"], ["i2"]), "s"]
    assert shelf.groups == {frozenset(map(at, names)) for names in expected}
    kinds = {copy.canonical_url: copy.kind for plan in shelf.plans.values() for copy in plan.copies}
    assert kinds[at("m")] is Kind.EXCERPT
    assert kinds[at("d")] is Kind.DIGEST
    assert kinds[at("c")] is Kind.REPUBLICATION
    assert {copy.canonical_url: copy.copied_from for copy in shelf.plans[shelf.homes[at("a")]].copies} == {
        at("a"): None,
        at("b"): at("a"),
        at("c"): at("b"),
    }


def test_a_digest_is_one_wherever_the_pieces_that_are_known_stand_in_it() -> None:
    pieces = [piece(f"i{number}", prose(f"item{number}", 150), hours=number) for number in range(3)]
    digest = piece("d", "\n".join(prose(f"item{number}", 150) for number in range(5)), hours=9)
    shelf = shelf_of(*pieces, digest)
    (copy,) = shelf.plans[shelf.homes[at("d")]].copies
    assert copy.kind is Kind.DIGEST


def test_a_stub_is_nobodys_copy_and_bridges_nothing() -> None:
    shelf = shelf_of(piece("a", TEXT), replace(piece("b", TEXT, hours=1), stub=True), piece("c", TEXT, hours=2))
    assert sorted(map(sorted, shelf.groups)) == [[at("a"), at("c")], [at("b")]]


def test_a_stub_has_no_keys_to_be_found_by() -> None:
    whole = piece("a", TEXT)
    assert of_article(replace(whole, stub=True)).bands == ()
    assert of_article(whole) == fingerprint(whole.text, whole.title)
