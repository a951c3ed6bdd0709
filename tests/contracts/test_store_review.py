"""The queue of questions: narrow pairs first, each pair of stories once, none that somebody decided; answers last."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator

import pytest

from pipeline import Pipeline
from pipeline.config import Config
from pipeline.errors import UnknownName, UsageError
from pipeline.exchange import label_record

WORDS = "harbour ferry council winter bridge market teacher valley engine letter garden window island captain".split()


def prose(seed: str, words: int = 240) -> str:
    rng = random.Random(seed)
    lines = [" ".join(rng.choice(WORDS) + rng.choice("aeiou") for _ in range(12)) for _ in range(words // 12)]
    return "\n".join(f"{one.capitalize()}." for one in lines)


def part(told: str, share: float, seed: str) -> str:
    """``share`` of a text's lines, and others in place of the rest."""
    lines, others = told.split("\n"), prose(seed).split("\n")
    kept = round(share * len(lines))
    return "\n".join([*lines[:kept], *others[kept:]])


def line(name: str, told: str, hour: int = 0) -> str:
    at = f"2026-03-04T{hour:02}:00:00Z"
    return json.dumps(
        {"url": f"https://{name}.test/1", "text": told, "title": name, "first_seen_at": at, "published_at": at}
    )


@pytest.fixture
def pipeline(store_url: str) -> Iterator[Pipeline]:
    with Pipeline(Config(store={"url": store_url})) as opened:
        lines = [line("a", prose("1")), line("aa", prose("1"), 1), line("far", part(prose("1"), 0.25, "f"), 2)]
        lines += [line(f"near{n}", part(prose("1"), 0.5, f"n{n}"), 3 + n) for n in range(2)]
        opened.import_lines(lines)
        yield opened


def test_narrow_pairs_come_first_and_two_stories_are_asked_about_once(pipeline: Pipeline) -> None:
    questions = pipeline.review.queue()
    pairs = [frozenset((one.a.story, one.b.story)) for one in questions]
    assert len(pairs) == len(set(pairs))
    settings = pipeline.config.dedup

    def margin(number: int) -> float:
        match = questions[number].compared.match
        assert match is not None
        held = max(match.containment_a, match.containment_b)
        strength = max(match.jaccard / settings.copy_jaccard, held / settings.excerpt_containment)
        return 0.25 if strength >= 1 and match.kind not in ("copy", "spun", "excerpt") else abs(strength - 1)

    margins = [margin(number) for number in range(len(questions))]
    assert margins
    assert margins == sorted(margins)
    assert margins[-1] <= 0.5
    assert pipeline.review.queue(1) == questions[:1]
    assert not any("far" in one.a.article.url + one.b.article.url for one in questions)


def test_an_answer_takes_effect_lasts_and_is_not_asked_again(pipeline: Pipeline) -> None:
    question = pipeline.review.queue(1)[0]
    urls = {question.a.article.canonical_url, question.b.article.canonical_url}
    joined = question.a.story == question.b.story
    said = pipeline.review.answer(question.pair, not joined)
    assert said.word.source == "review"
    assert (len({story for _, story in said.stories}) == 1) is not joined
    assert question.pair not in [one.pair for one in pipeline.review.queue()]
    (label,) = pipeline.review.labels()
    assert {label.bond.a, label.bond.b} == urls
    record = label_record(label)
    assert record["answer"] == ("no" if joined else "yes")
    assert question.compared.match is not None
    assert record["jaccard"] == question.compared.match.jaccard

    pipeline.words.take_back(said.word.id)
    assert list(pipeline.review.labels()) == []
    assert pipeline.review.queue(1)[0].pair == question.pair


def test_answers_that_a_later_word_overrules_are_no_labels(pipeline: Pipeline) -> None:
    question = pipeline.review.queue(1)[0]
    pipeline.review.answer(question.pair, True)
    pipeline.words.never_merge(question.a.article.url, question.b.article.url)
    assert list(pipeline.review.labels()) == []


@pytest.mark.parametrize(("pair", "error"), [("12", UsageError), ("a-b", UsageError), ("1-99", UnknownName)])
def test_a_pair_that_is_none(pipeline: Pipeline, pair: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        pipeline.review.answer(pair, True)
    assert pipeline.words.all() == []
