"""What people said, in the store: kept through everything, found from any article, carried out at once."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from store_making import NOW, article, save

from pipeline import Pipeline
from pipeline.config import Config
from pipeline.dedup import group
from pipeline.errors import UnknownName, UsageError
from pipeline.exchange import export_lines, word_record
from pipeline.model import Bond, Verb, Word
from pipeline.store import Store

A, B, C, D, E = (f"https://{name}.test/1" for name in "abcde")
TEXT = "\n".join(
    f"In the {word} harbour they counted {number} boats, and nobody could say where the {other} one had gone."
    for number, (word, other) in enumerate(
        zip(
            "old new far near cold warm deep dark low high".split(),
            "red blue last first lost fast small grey tall dry".split(),
            strict=True,
        )
    )
)
OTHER = "\n".join(
    f"The {word} council voted on its budget for {number} schools and a {word} bridge."
    for number, word in enumerate("north south east west upper lower inner outer".split())
)


def line(url: str, text: str = TEXT, **more: object) -> str:
    seen = f"2026-03-04T12:0{'abcde'.index(url[8])}:00Z"
    return json.dumps({"url": url, "text": text, "title": "Boats", "first_seen_at": seen, "published_at": seen} | more)


@pytest.fixture
def pipeline(store_url: str) -> Iterator[Pipeline]:
    with Pipeline(Config(store={"url": store_url})) as opened:
        yield opened


def groups(pipeline: Pipeline) -> dict[int, str]:
    return {
        row.id: "".join(sorted(one.article.url[8] for one in pipeline.story(row.id).members))
        for row in pipeline.stories()
    }


def test_bonds_are_found_from_either_side_and_through_what_is_not_stored(store_url: str) -> None:
    with Store.open(store_url) as store:
        save(store, article(A))
        bonds = [Bond(A, B, True, NOW), Bond(B, C, True, NOW), Bond(C, D, False, NOW), Bond(D, E, True, NOW)]
        with store.articles.placing() as placing:
            assert placing.words.about([A]) == []
            placing.words.hold(bonds)
            assert placing.words.about([A]) == bonds[:3]  # D is kept apart, so what is with D is of no concern
            assert placing.words.about([E, A]) == bonds
            assert placing.around([A]).bonds == tuple(bonds[:3])
            placing.words.hold(bonds[:1])
            assert placing.words.bonds() == bonds[:1]
        assert store.words.bonds([B]) == bonds[:1]


def test_words_are_kept_as_they_were_said(store_url: str) -> None:
    said = [
        Word(Verb.SPLIT, (A, B), NOW + timedelta(microseconds=1), (C,), "review"),
        Word(Verb.MERGE, (A, "https://a.test/\ud800\x00"), NOW),
    ]
    with Store.open(store_url) as store:
        with store.articles.placing() as placing:
            kept = placing.words.add(said)
        first, second = store.words.all()
        assert (first.verb, first.said_at, first.urls[0]) == (Verb.MERGE, NOW, A)  # by time, not by id
        assert second == kept[0]
        with store.articles.placing() as placing:
            placing.words.remove([second.id])
        assert store.words.all() == [first]


def test_split_merge_and_never_merge_carried_out_and_taken_back(pipeline: Pipeline) -> None:
    pipeline.import_lines([line(A), line(B), line(C), line(D, OTHER), line(E, OTHER)])
    assert groups(pipeline) == {1: "abc", 2: "de"}
    split = pipeline.words.split(1, "http://www.b.test/1?utm_source=x")
    assert groups(pipeline) == {1: "ac", 2: "de", 3: "b"}
    assert dict(split.stories) == {B: 3, A: 1}
    merged = pipeline.words.merge(2, 3)
    assert groups(pipeline) == {1: "ac", 2: "bde"}
    assert pipeline.story(3).row.id == 2  # the id that went away resolves
    assert merged.replaced == ()
    never = pipeline.words.never_merge(B, D)
    assert never.replaced == (merged.word,)
    assert pipeline.words.overruled() == {merged.word.id: (never.word.id,)}
    assert sorted(groups(pipeline).values()) == ["ac", "b", "de"]
    assert pipeline.words.take_back(never.word.id) == [never.word]
    assert sorted(groups(pipeline).values()) == ["ac", "bde"]  # the earlier word holds again
    pipeline.words.take_back(split.word.id, merged.word.id)
    assert sorted(groups(pipeline).values()) == ["abc", "de"]
    assert pipeline.words.all() == []


def test_a_word_lasts_through_imports_revisions_and_new_copies(pipeline: Pipeline) -> None:
    pipeline.import_lines([line(A), line(B)])
    pipeline.words.split(1, B)
    pipeline.import_lines([line(A), line(B), line(C)])
    assert "ab" not in groups(pipeline).values()
    pipeline.import_lines([line(B, TEXT + "\nAnd one more line about the boats that nobody had counted before.")])
    assert pipeline.history(pipeline.store.stories.copy(2))
    parts = sorted(groups(pipeline).values())
    assert not any("a" in part and "b" in part for part in parts)
    copies = [one for row in pipeline.stories() for one in pipeline.story(row.id).members]
    told = {one.article.url: one.evidence for one in copies}
    assert f"by hand: kept apart from {A}" in told[B]
    assert f"by hand: kept apart from {B}" in told[A]


def test_a_word_about_articles_that_are_not_stored_yet_waits_for_them(pipeline: Pipeline) -> None:
    said = pipeline.words.merge(A, D)
    assert dict(said.stories) == {A: None, D: None}
    pipeline.words.never_merge(B, C)
    pipeline.import_lines([line(D, OTHER), line(C), line(B), line(A)])
    parts = list(groups(pipeline).values())
    assert any({"a", "d"} <= set(part) for part in parts)
    assert not any({"b", "c"} <= set(part) for part in parts)


def test_export_and_import_carry_words_in_any_order(pipeline: Pipeline, tmp_path: object) -> None:
    pipeline.import_lines([line(A), line(B), line(C), line(D, OTHER)])
    pipeline.words.split(1, B)
    pipeline.words.merge(C, D)
    pipeline.words.never_merge("https://x.test/1", "https://y.test/1")
    lines = [json.dumps(one) for one in export_lines(pipeline.export(), pipeline.words.all())]
    assert sum(len(json.loads(one)["words"]) for one in lines) == 2
    lines += [json.dumps(word_record(word)) for word in pipeline.words.all()]
    for number, given in enumerate((lines, lines[::-1])):
        with Pipeline(Config(store={"url": f"sqlite:///{tmp_path}/{number}.db"})) as other:
            result = other.import_lines(given, batch=2)
            assert (result.failures, result.words) == ((), 3)
            assert sorted(groups(other).values()) == sorted(groups(pipeline).values())
            assert [word_record(one) for one in other.words.all()] == [word_record(one) for one in pipeline.words.all()]
            assert other.import_lines(given).words == 0


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ({"verb": "marry", "urls": [A, B], "said_at": "2026-03-04T12:00:00Z"}, "verb:"),
        ({"verb": "merge", "urls": [], "said_at": "2026-03-04T12:00:00Z"}, "urls:"),
        ({"verb": "merge", "urls": [A, "ftp://b.test/1"], "said_at": "2026-03-04T12:00:00Z"}, "not an http"),
        ({"verb": "merge", "urls": [A, B]}, "said_at:"),
    ],
)
def test_a_word_that_cannot_be_used_costs_its_line(pipeline: Pipeline, said: dict[str, object], complaint: str) -> None:
    result = pipeline.import_lines([json.dumps(said), line(A, words=[said]), line(B)])
    assert [failure.url for failure in result.failures] == ["line 1", "line 2"]
    assert all(complaint in failure.message for failure in result.failures)
    assert result.new_articles == 1


def test_wrong_words_change_nothing(pipeline: Pipeline) -> None:
    pipeline.import_lines([line(A), line(B), line(D, OTHER)])
    book = pipeline.words
    with pytest.raises(UnknownName):
        book.merge(1, 77)
    with pytest.raises(UsageError, match="two different"):
        book.merge(A, "http://www.a.test/1")
    with pytest.raises(UsageError, match="neither the number"):
        book.never_merge(A, "b.test")
    with pytest.raises(UsageError, match="no copy in story 1"):
        book.split(1, D)
    with pytest.raises(UsageError, match="and not all"):
        book.split(A, A, B)
    with pytest.raises(UnknownName, match="not in the store"):
        book.split(E, A)
    with pytest.raises(UnknownName, match="no word 5"):
        book.take_back(5)
    assert book.all() == []
    assert groups(pipeline) == {1: "ab", 2: "d"}


def test_times_of_words_never_run_backwards(pipeline: Pipeline) -> None:
    future = datetime(2999, 1, 1, tzinfo=UTC)
    pipeline.import_lines([json.dumps(word_record(Word(Verb.MERGE, (A, B), future)))])
    assert pipeline.words.never_merge(A, B).word.said_at > future
    assert [bond.together for bond in pipeline.store.words.bonds([A])] == [False]


@pytest.mark.parametrize("seed", range(4))
def test_articles_and_words_in_any_order_are_decided_as_all_at_once(pipeline: Pipeline, seed: int) -> None:
    rng = random.Random(seed)
    lines = [line(A), line(B), line(C, TEXT[:400]), line(D, OTHER), line(E, f"{OTHER}\n{TEXT}")]
    words = [
        Word(Verb.SPLIT, (B,), NOW, (A, C)),
        Word(Verb.MERGE, (D, "https://never.test/1"), NOW + timedelta(hours=1)),
        Word(Verb.MERGE, ("https://never.test/1", A), NOW + timedelta(hours=2)),
        Word(Verb.NEVER_MERGE, (C, D), NOW + timedelta(hours=3)),
        Word(Verb.MERGE, (A, B), NOW + timedelta(hours=rng.choice((-1, 4)))),
    ]
    whole = group([json.loads(one) for one in lines], words=words)
    coming = [*lines, *(json.dumps(word_record(word)) for word in words)]
    rng.shuffle(coming)
    for one in coming:
        assert pipeline.import_lines([one]).failures == ()
    home = {copy.article.url: copy.story for copy in pipeline.export()}
    assert {(a, b) for a in home for b in home if home[a] == home[b]} == {
        (a, b) for a in whole for b in whole if whole[a] == whole[b]
    }
