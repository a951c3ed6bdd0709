"""Out and in again: the groups are a function of the set of articles."""

from __future__ import annotations

import json
import random
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline import Pipeline
from pipeline.config import Config, StoreSettings
from tests.flow.helpers import Record, decided, export, groups


def imported(records: list[Record], folder: Path) -> list[Record]:
    config = Config(store=StoreSettings(url=f"sqlite:///{folder / 'imported.db'}"))
    with Pipeline(config) as pipeline:
        result = pipeline.import_lines(json.dumps(record) for record in records)
        assert result.new_articles == len(records)
        assert not result.failures
        return export(pipeline)


def test_export_then_import_gives_the_same(undisturbed: list[Record], tmp_path: Path) -> None:
    again = imported(undisturbed, tmp_path)
    assert groups(again) == groups(undisturbed)
    assert decided(again) == decided(undisturbed)


def test_shuffled_import_gives_the_same(undisturbed: list[Record], tmp_path: Path) -> None:
    shuffled = list(undisturbed)
    random.Random(7).shuffle(shuffled)
    again = imported(shuffled, tmp_path)
    assert decided(again) == decided(undisturbed)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_order_of_any_part(undisturbed: list[Record], tmp_path_factory, data: st.DataObject) -> None:  # type: ignore[no-untyped-def]
    """Some stories' copies, in any order, fall into the groups that they have in the whole."""
    stories = sorted({record["story"] for record in undisturbed})
    chosen = data.draw(st.lists(st.sampled_from(stories), min_size=1, max_size=8, unique=True))
    records = data.draw(st.permutations([record for record in undisturbed if record["story"] in chosen]))
    again = imported(list(records), tmp_path_factory.mktemp("order"))
    wanted = {group for group in groups(undisturbed) if group & {record["url"] for record in records}}
    assert groups(again) == wanted


def test_importing_twice_changes_nothing(undisturbed: list[Record], tmp_path: Path) -> None:
    config = Config(store=StoreSettings(url=f"sqlite:///{tmp_path / 'twice.db'}"))
    lines = [json.dumps(record) for record in undisturbed]
    with Pipeline(config) as pipeline:
        pipeline.import_lines(lines)
        before = export(pipeline)
        result = pipeline.import_lines(lines)
        assert (result.new_articles, result.unchanged_articles) == (0, len(lines))
        assert export(pipeline) == before


def test_a_bad_line_is_reported_and_the_others_go_in(tmp_path: Path) -> None:
    good = {"url": "https://a.example/1", "text": "One text of some words, enough to be stored."}
    lines = [
        json.dumps(good),
        "{not json",
        "[]",
        json.dumps({"url": "https://a.example/2"}),
        json.dumps({"text": "no address"}),
        json.dumps({"url": "javascript:alert(1)", "text": "x"}),
        json.dumps({"url": "https://a.example/3", "text": "x", "published_at": "yesterday"}),
        "[" * 100_000,
        "",
        json.dumps({"url": "https://a.example/4", "html": "<html><body><article><p>" + "Words of it. " * 60}),
        json.dumps({"url": "https://a.example/5", "html": "<html><body><img src=1></body></html>"}),
    ]
    config = Config(store=StoreSettings(url=f"sqlite:///{tmp_path / 'bad.db'}"))
    with Pipeline(config) as pipeline:
        result = pipeline.import_lines(lines)
        stored = {record["url"] for record in export(pipeline)}
    assert stored == {"https://a.example/1", "https://a.example/4"}
    assert [failure.url for failure in result.failures] == [f"line {number}" for number in (2, 3, 4, 5, 6, 7, 8, 11)]
    assert all("\n" not in failure.message for failure in result.failures)


def test_what_stands_in_the_store_word_for_word_is_known(tmp_path: Path) -> None:
    """Whatever the headline above it speaks of: who asks has none."""
    lines = (
        "The night boat had left the pier at ten with forty-one people and a piano on board, and nobody saw it again "
        "before the fog lifted over the sandbanks in the morning, an hour late and a mile off its course.",
        "Harbour pilots say that the new buoys were laid in the wrong order, and that they had written so in June; the "
        "office answers that the letter never came, and that buoys are laid by the province in any case.",
        "The piano, a wedding present, was carried ashore by six men on Thursday. It has lost its tuning, two strings "
        "and one leg, and the bride has asked for another one, which the line will not pay for.",
    )
    record = {
        "url": "https://ferry.example/1",
        "title": "Night boat lost with forty-one people",
        "text": "\n".join(lines),
    }
    with Pipeline(Config(store=StoreSettings(url=f"sqlite:///{tmp_path / 'known.db'}"))) as pipeline:
        pipeline.import_lines([json.dumps(record)])
        for asked in (*lines[1:], "\n".join(lines[1:])):
            (found,) = pipeline.check(asked)
            assert found.containment == 1.0


def test_a_text_is_known_whole_in_part_or_inside_another_not_by_a_passage(
    undisturbed: list[Record], tmp_path: Path
) -> None:
    """The weekly notes quote the piece on the Halmar talks: a passage in common, in another text."""
    piece, notes = ("https://zerocontango.test/geopolitical/why-halmar-talks", "https://marginalnotes.test/2025/eleven")
    text = next(record["text"] for record in undisturbed if record["canonical_url"].startswith(piece))
    assert any(record["canonical_url"].startswith(notes) for record in undisturbed)
    config = Config(store=StoreSettings(url=f"sqlite:///{tmp_path / 'known.db'}"))
    with Pipeline(config) as pipeline:
        pipeline.import_lines(json.dumps(record) for record in undisturbed)
        whole, head = pipeline.check(text), pipeline.check(text[: len(text) // 4])
    assert {one.known_as for one in whole} == {"copy"}
    assert {one.known_as for one in head} == {"excerpt"}
    assert not any(one.copy.article.canonical_url.startswith(notes) for one in [*whole, *head])
    own = next(one for one in head if one.copy.article.canonical_url.startswith(piece))
    assert own.containment > 0.97 and own.coverage < 0.4 and own.similarity < 0.4
