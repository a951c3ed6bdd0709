"""What an account has read outlives every regrouping: merges join marks, parts keep them, homes stay."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from store_making import article, copy, save

from pipeline.model import Kind, Placement, StoryFilter, StoryPlan
from pipeline.store import Store

A, B = "https://a.test/1", "https://b.test/1"


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    with Store.open(store_url) as opened:
        yield opened


def test_marks_are_joined_by_a_merge_and_old_ids_go_on_to_work(store: Store) -> None:
    ann, bob = store.accounts.add("Ann", "x"), store.accounts.add("bob", "x")
    first, second = save(store, article(A)).story, save(store, article(B)).story
    store.shelf.set(ann.id, [second], read=True, starred=True)
    store.shelf.set(bob.id, [first], read=True)
    merged = StoryPlan(first, A, (copy(A), copy(B, Kind.REPUBLICATION, A)))
    save(store, article(B), (), Placement((merged,), (), {second: first}))
    mine = store.shelf.page(StoryFilter(), ann.id)
    assert [(one.row.id, one.read, one.starred, len(one.copies)) for one in mine] == [(first, True, True, 2)]
    assert store.shelf.page(StoryFilter(), bob.id)[0].read
    store.shelf.set(ann.id, [second], read=False)  # by the old id, as an app may still know it
    assert not store.shelf.page(StoryFilter(), ann.id)[0].read

    parted = (StoryPlan(first, A, (copy(A),)), StoryPlan(None, B, (copy(B),)))
    save(store, article(B), (), Placement(parted, ()))
    assert [one.starred for one in store.shelf.page(StoryFilter(), ann.id)] == [True, True]


def test_the_first_account_takes_over_what_was_read_without_one(store: Store) -> None:
    nobody = store.accounts.nobody()
    story = save(store, article(A)).story
    store.shelf.set(nobody.id, [story], starred=True)
    assert store.accounts.all() == []
    ann = store.accounts.add("Ann", "x")
    assert store.shelf.page(StoryFilter(starred=True), ann.id)
    assert store.accounts.credentials("ANN") is not None
    assert store.accounts.nobody().id != ann.id
    token = store.accounts.add_token("ann", "phone")
    assert store.accounts.by_token(token) == ann
    store.accounts.remove_token("ann", store.accounts.tokens("ann")[0].id)
    assert store.accounts.by_token(token) is None
    assert store.accounts.secret() == store.accounts.secret()
    store.accounts.remove("ann")
    assert store.accounts.all() == []
