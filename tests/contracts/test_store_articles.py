"""Articles: what bears on one, saving new, revised and unchanged ones, carrying out placements."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import insert
from store_making import HOUR, NOW, alone, article, child, copy, line, made, match, plan, save

from pipeline.errors import UnknownName
from pipeline.model import Copy, Credit, Fingerprint, Kind, Link, Neighbours, Placement, Revision, StoryPlan
from pipeline.store import Store, schema
from pipeline.store.neighbours import MEMBERS
from pipeline.store.rows import article_values, fingerprint_values

A, B, C, D, E = (f"https://{name}.test/1" for name in "abcde")


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    with Store.open(store_url) as opened:
        yield opened


def neighbours(store: Store, url: str, *keys: int, limit: int = 60, scheme: str = "test-1") -> Neighbours:
    with store.articles.placing() as placing:
        return placing.neighbours(article(url), made(*keys, scheme=scheme), limit)


def dump(store: Store) -> list[Any]:
    return list(store.stories.export())


# --- what bears on an article ---


def test_nothing_bears_on_the_first_article(store: Store) -> None:
    assert neighbours(store, A, 1, 2, 3) == Neighbours((), {}, ())
    assert neighbours(store, A) == Neighbours((), {}, ())


def test_candidates_share_keys_most_shared_first_then_by_url(store: Store) -> None:
    for url, keys in ((D, (1, 2)), (B, (1, 9)), (A, (1, 8)), (C, (1, 2, 3)), (E, (7,))):
        save(store, article(url), keys)
    assert neighbours(store, "https://new.test/", 1, 2, 3).candidates == (C, D, A, B)
    assert neighbours(store, "https://new.test/", 1, 2, 3, limit=2).candidates == (C, D)
    assert [one.article.canonical_url for one in store.articles.candidates(made(1, 2, 3), 3)] == [C, D, A]


def test_keys_hold_within_one_scheme(store: Store) -> None:
    save(store, article(A), (1, 2))
    assert neighbours(store, B, 1, 2, scheme="test-2").candidates == ()
    assert store.articles.candidates(made(1, scheme="test-2"), 5) == []


def test_keys_of_64_bits_are_masked_alike_on_both_sides(store: Store) -> None:
    wide = (1 << 64) - 1
    save(store, article(A), (wide, 1 << 62))
    assert neighbours(store, B, wide).candidates == (A,)
    assert neighbours(store, B, (1 << 63) - 1, 1 << 62).candidates == (A,)


def test_an_articles_own_revision_is_a_member_and_no_candidate(store: Store) -> None:
    saved = save(store, article(A, links=(Link(B, "there"),), based_on=(C,), feeds=("F",)), (1, 2))
    found = neighbours(store, A, 1, 2)
    assert found.candidates == ()
    own = found.members[A]
    assert (own.story, own.fingerprint) == (saved.story, made(1, 2))
    assert own.article == article(A, links=(Link(B, "there"),), based_on=(C,), feeds=("F",))
    assert neighbours(store, A, 77).members.keys() == {A}  # whatever it reads like now


def test_members_are_everything_that_joins_the_candidates(store: Store) -> None:
    first = save(store, article(A), (1,))
    save(store, article(B), (2,), alone(B, match(A, B, "excerpt")))
    save(store, article(C), (3,), alone(C, match(B, C)))
    save(store, article(D), (4,), Placement((plan(first.story, A, D),), ()))  # a mate of A without any match
    save(store, article(E), (5,), alone(E, match(A, E, "contained")))
    found = neighbours(store, "https://new.test/", 1)
    assert found.candidates == (A,)
    # E joins nothing; it is there because A may make a digest of it.
    assert found.members.keys() == {A, B, C, D, E}
    assert set(found.matches) == {match(A, B, "excerpt"), match(B, C), match(A, E, "contained")}
    assert found.members[D].story == first.story


def test_a_text_published_at_thousands_of_addresses_is_bounded(store: Store) -> None:
    copies = MEMBERS + 50
    urls = [f"https://spam.test/{number}" for number in range(copies)]
    first = save(store, article(A), (1,))
    with store._database.write() as connection:
        rows = [{**article_values(article(url)), "seen_at": NOW, "id": 10 + at} for at, url in enumerate(urls)]
        connection.execute(insert(schema.article), rows)
        ids = [row["id"] for row in rows]
        connection.execute(insert(schema.fingerprint), [fingerprint_values(one, made(1)) for one in ids])
        connection.execute(insert(schema.band), [{"key": 1, "article_id": one} for one in ids])
        place = {"story_id": first.story, "kind": "republication", "similarity": 1.0, "names": "", "evidence": ()}
        connection.execute(insert(schema.copy), [{**place, "article_id": one} for one in ids])
    found = neighbours(store, A, 1, limit=60)
    assert len(found.candidates) == 60
    assert len(found.members) == MEMBERS
    assert {A, *found.candidates} <= found.members.keys()


def test_neighbours_see_what_the_same_section_saved(store: Store) -> None:
    with store.articles.placing() as placing:
        assert placing.neighbours(article(A), made(1), 60).candidates == ()
        saved = placing.save(article(A), made(1), alone(A))
        found = placing.neighbours(article(B), made(1), 60)
        assert (found.candidates, found.members[A].story) == ((A,), saved.story)
        placing.save(article(B), made(1), Placement((plan(saved.story, A, B),), (match(A, B),)))
        assert placing.neighbours(article(C), made(1), 60).matches == (match(A, B),)


# --- new, revised, unchanged ---


def test_a_new_article(store: Store) -> None:
    saved = save(store, article(A), (1,))
    assert (saved.status, saved.new_story, saved.copies) == ("new", True, 1)
    [row] = dump(store)
    assert (row.article, row.story, row.original, row.kind) == (article(A), saved.story, True, Kind.ORIGINAL)
    assert store.articles.revisions(saved.article_id) == []


def test_an_import_keeps_what_it_brings(store: Store) -> None:
    brought = article(
        A,
        first_seen_at=NOW - 900 * HOUR,
        revision=4,
        feeds=("One", "Two"),
        published_at=None,
        declared_url=B,
        site_name="A Site",
        source_url=C,
        source_title="C",
        links=(Link(D, "d – é"),),
    )
    save(store, brought)
    assert dump(store)[0].article == brought


def test_what_a_page_declares_comes_back(store: Store) -> None:
    brought = article(A, section="Transport", licence="https://cc.test/by", image="https://a.test/1.jpg", stub=True)
    save(store, brought)
    assert dump(store)[0].article == brought


def test_what_stands_before_a_wall_does_not_replace_the_article(store: Store) -> None:
    save(store, article(A), (1, 2))
    save(store, article(A, text="The council met.", title="A council", stub=True), (), Placement((plan(1, A),), ()))
    [row] = dump(store)
    assert (row.article, store.articles.revisions(1)) == (article(A), [])
    whole = article(A, text="The council met on Wednesday.")
    save(store, whole, (3,), Placement((plan(1, A),), ()))
    assert dump(store)[0].article == replace(whole, revision=2)


def test_a_stub_gives_way_to_the_article(store: Store) -> None:
    save(store, article(A, text="The council met.", stub=True), ())
    save(store, article(A), (1, 2), Placement((plan(1, A),), ()))
    assert dump(store)[0].article == article(A, revision=2)


def test_saving_it_again_changes_nothing(store: Store) -> None:
    save(store, article(A, feeds=("F",)), (1, 2))
    before = dump(store)
    again = save(store, article(A), (1, 2), Placement((plan(1, A),), ()))
    assert (again.status, again.new_story, again.copies) == ("unchanged", False, 1)
    assert dump(store) == before


def test_what_was_learned_later_is_added_and_nothing_known_is_lost(store: Store) -> None:
    save(store, article(A, feeds=("One",), language=None))
    later = article(
        A, url="http://a.test/1?from=x", feeds=("Two",), published_at=None, first_seen_at=NOW - HOUR, language="de"
    )
    assert save(store, later, (), Placement((plan(1, A),), ())).status == "unchanged"
    [row] = dump(store)
    assert row.article == article(A, feeds=("One", "Two"), first_seen_at=NOW - HOUR, language="de")
    assert store.stories.get(1).row.first_seen_at == NOW - HOUR
    assert store.articles.by_address("http://a.test/1?from=x") == store.articles.by_address(A) == 1


@pytest.mark.parametrize("change", [{"text": "Other words."}, {"title": "Other"}])
def test_a_revision_keeps_how_it_read_before(store: Store, change: dict[str, Any]) -> None:
    first = save(store, article(A), (1, 3))
    second = save(store, replace(article(A, first_seen_at=NOW + HOUR), **change), (3, 5), Placement((plan(1, A),), ()))
    assert (second.article_id, second.status, second.new_story) == (first.article_id, "revised", False)
    before = article(A)
    assert store.articles.revisions(first.article_id) == [Revision(1, before.title, before.byline, before.text, NOW)]
    assert dump(store)[0].article == replace(before, revision=2, **change)
    assert neighbours(store, B, 1).candidates == ()
    assert neighbours(store, B, 3).candidates == neighbours(store, B, 5).candidates == (A,)


@pytest.mark.parametrize(("first", "second"), [("Council meets", None), (None, "Council meets")])
def test_a_headline_that_one_reading_missed_is_kept_and_makes_no_revision(
    store: Store, first: str | None, second: str | None
) -> None:
    save(store, article(A, title=first), (1,))
    again = save(store, article(A, title=second), (1,), Placement((plan(1, A),), ()))
    assert again.status == "unchanged"
    assert (dump(store)[0].article.title, store.articles.revisions(1)) == ("Council meets", [])


def test_other_authors_alone_are_no_revision(store: Store) -> None:
    """Two feeds that carry one page may name other people."""
    save(store, article(A), (1,))
    again = save(store, article(A, byline=("Bo",)), (1,), Placement((plan(1, A),), ()))
    assert again.status == "unchanged"
    assert dump(store)[0].article.byline == article(A).byline


def test_an_odd_key_is_enough_and_even_ones_take_two(store: Store) -> None:
    save(store, article(A), (2, 4, 7))
    assert neighbours(store, B, 2, 6).candidates == ()
    assert neighbours(store, B, 2, 4).candidates == (A,)
    assert neighbours(store, B, 7).candidates == (A,)


def test_revisions_add_up_and_a_brought_number_is_kept(store: Store) -> None:
    save(store, article(A))
    for number, text in enumerate(("two", "three"), 2):
        save(store, article(A, text), (), Placement((plan(1, A),), ()))
        assert dump(store)[0].article.revision == number
    save(store, article(A, "nine", revision=9), (), Placement((plan(1, A),), ()))
    assert dump(store)[0].article.revision == 9
    assert [one.revision for one in store.articles.revisions(1)] == [1, 2, 3]


def test_a_revision_is_found_by_its_new_words_only(store: Store) -> None:
    save(store, article(A, "copper kettle"))
    save(store, article(A, "silver kettle"), (), Placement((plan(1, A),), ()))
    assert [len(store.stories.search(word)) for word in ("copper", "silver", "kettle")] == [0, 1, 1]


def test_another_scheme_replaces_the_fingerprint(store: Store) -> None:
    save(store, article(A), (1, 2))
    with store.articles.placing() as placing:
        placing.save(article(A), made(1, 5, scheme="test-2"), Placement((plan(1, A),), ()))
    assert store.articles.candidates(made(1), 5) == []
    [member] = store.articles.candidates(made(5, scheme="test-2"), 5)
    assert member.fingerprint == Fingerprint("test-2", "0" * 64, b"\x01\x02\x03\x04", (1, 5), 100)


def test_matches_of_the_saved_article_are_replaced_and_no_others(store: Store) -> None:
    save(store, article(A), (1,))
    save(store, article(B), (1,), alone(B, match(A, B)))
    save(store, article(C), (1,), alone(C, match(A, C), match(B, C)))
    placement = Placement((plan(2, B),), (match(B, C, "excerpt"),))
    save(store, article(B, "new words"), (1,), placement)
    assert set(neighbours(store, D, 1).matches) == {match(A, C), match(B, C, "excerpt")}


def test_an_address_in_any_spelling(store: Store) -> None:
    saved = save(store, article(A, url="https://a.test/1?utm_campaign=x"))
    for url in (A, "http://www.a.test/1", "https://A.TEST/1#comments", "https://a.test/1?utm_medium=y"):
        assert store.articles.by_address(url) == saved.article_id
    assert store.articles.by_address(B) is None
    assert store.articles.by_address("\x00 not a url \ud800") is None


# --- placements ---


def test_joining_a_story(store: Store) -> None:
    first = save(store, article(A, first_seen_at=NOW + HOUR), (1,))
    credit = Credit("Ann Lee", "A", "credit line", "By Ann Lee, A", 0.9)
    joined = Copy(B, Kind.REPUBLICATION, A, credit, 0.83, ("credit line", "near-duplicate"))
    second = save(store, article(B), (1,), Placement((StoryPlan(first.story, A, (copy(A), joined)),), (match(A, B),)))
    assert (second.story, second.new_story, second.copies) == (first.story, False, 2)
    view = store.stories.get(first.story)
    assert (view.row.copies, view.row.sites, view.row.url, view.row.first_seen_at) == (2, 2, A, NOW)
    assert [(one.article.url, one.original, one.copied_from) for one in view.members] == [
        (A, True, None),
        (B, False, A),
    ]
    assert view.members[1].credit == credit
    assert (view.members[1].similarity, view.members[1].evidence) == (0.83, ("credit line", "near-duplicate"))


def test_the_newcomer_may_be_the_original(store: Store) -> None:
    first = save(store, article(B), (1,))
    second = save(store, article(A), (1,), Placement((plan(first.story, A, B),), ()))
    assert second.story == first.story
    assert store.stories.get(first.story).row.url == A
    assert [one.original for one in dump(store)] == [False, True]


def test_an_unplaced_pair_starts_one_story(store: Store) -> None:
    with store.articles.placing() as placing:
        placing.save(article(A), made(), alone(A))
        saved = placing.save(article(B), made(), Placement((plan(None, A, B),), (), {1: 2}))
    assert (saved.new_story, saved.copies, saved.story) == (True, 2, 2)
    assert store.stories.get(1) == store.stories.get(2)


def test_merged_ids_keep_resolving_over_several_merges(store: Store) -> None:
    for url in (A, B, C):
        save(store, article(url))
    save(store, article(C), (), Placement((plan(2, B, C),), (), {3: 2}))
    last = save(store, article(B), (), Placement((plan(1, A, B, C),), (), {2: 1}))
    assert (last.story, last.copies) == (1, 3)
    assert [store.stories.get(one).row.id for one in (1, 2, 3)] == [1, 1, 1]
    assert store.stories.counts()["stories"] == 1
    assert save(store, article(D)).story == 4  # an id is never given out again


def test_a_merge_of_two_at_once_in_a_chain(store: Store) -> None:
    for url in (A, B, C):
        save(store, article(url))
    save(store, article(C), (), Placement((plan(1, A, B, C),), (), {3: 2, 2: 1}))
    assert [store.stories.get(one).row.copies for one in (1, 2, 3)] == [3, 3, 3]


def test_copies_that_the_decision_did_not_see_follow_the_merge(store: Store) -> None:
    save(store, article(A))
    save(store, article(B))
    save(store, article(C), (), Placement((plan(2, B, C),), ()))
    save(store, article(D), (), Placement((plan(1, A, B, D),), (), {2: 1}))  # C is in 2 and not named
    assert store.stories.get(2).row.copies == 4
    assert {one.story for one in dump(store)} == {1}


def test_a_copy_that_leaves_takes_nothing_along(store: Store) -> None:
    save(store, article(A))
    save(store, article(B), (), Placement((plan(1, A, B),), ()))
    split = save(store, article(B, "all new words"), (), Placement((plan(1, A), plan(None, B)), ()))
    assert (split.new_story, split.copies, split.story) == (True, 1, 2)
    assert [store.stories.get(one).row.copies for one in (1, 2)] == [1, 1]


def test_a_story_that_lost_its_original_unplanned_gets_another(store: Store) -> None:
    save(store, article(A))
    save(store, article(B), (), Placement((plan(1, A, B),), ()))
    save(store, article(A, "all new words"), (), alone(A))
    view = store.stories.get(1)
    assert (view.row.url, view.row.copies, view.members[0].article.url) == (B, 1, B)


def test_a_story_emptied_unplanned_resolves_to_where_its_copies_went(store: Store) -> None:
    save(store, article(A))
    save(store, article(B))
    save(store, article(B), (), Placement((plan(1, A, B),), ()))
    assert store.stories.get(2).row.id == 1


def test_a_placement_that_does_not_fit_is_refused_whole(store: Store) -> None:
    with pytest.raises(ValueError, match="not stored"):
        save(store, article(A), (), Placement((plan(None, A, B),), ()))
    with pytest.raises(ValueError, match="without a story"):
        save(store, article(A), (), Placement((), ()))
    assert store.stories.counts()["articles"] == 0
    with pytest.raises(UnknownName):
        store.stories.get(1)


SAVE_SLOWLY = """
import sys, time
from store_making import NOW, alone, article, made
from pipeline.store import Store
with Store.open(sys.argv[1]) as store, store.articles.placing() as placing:
    found = article("https://slow.test/1")
    placing.save(found, made(1), alone(found.canonical_url))
    print("inside", flush=True)
    sys.stdin.readline()
    time.sleep(0.5)
"""


def test_one_place_decides_at_a_time(store: Store, store_url: str) -> None:
    other = child(SAVE_SLOWLY, store_url)
    assert line(other) == "inside"
    assert store.stories.counts()["articles"] == 0
    assert other.stdin is not None
    other.stdin.write("go\n")
    other.stdin.flush()
    found = neighbours(store, A, 1)  # waits for the other's commit, then sees it
    other.communicate(timeout=30)
    assert found.candidates == ("https://slow.test/1",)


def test_a_process_killed_inside_leaves_nothing(store: Store, store_url: str) -> None:
    other = child(SAVE_SLOWLY, store_url)
    assert line(other) == "inside"
    other.kill()
    other.communicate(timeout=30)
    assert neighbours(store, A, 1) == Neighbours((), {}, ())
    assert store.stories.counts()["articles"] == 0
    assert save(store, article(A), (1,)).status == "new"
