"""What many articles share: a text that everybody printed stays one story, a site's standing paragraph makes none."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from pipeline import Pipeline
from pipeline.config import Config, StoreSettings
from pipeline.dedup import fingerprint
from pipeline.store.bands import COMMON, COMMON_ON_ONE_SITE
from tests.flow.helpers import export, groups

MANY = 2 * COMMON


def words(chance: random.Random, count: int) -> str:
    return " ".join("".join(chance.choices("abcdefghijklmnoprstuvw", k=chance.randint(3, 9))) for _ in range(count))


def record(site: int, number: int, paragraphs: list[str]) -> dict[str, Any]:
    title = paragraphs[0][:60]
    return {"url": f"https://site{site}.test/{number}", "title": title, "text": "\n".join(paragraphs)}


def opened(folder: Path) -> Pipeline:
    return Pipeline(Config(store=StoreSettings(url=f"sqlite:///{folder / 'onecopy.db'}")))


def test_a_text_that_everybody_printed_and_its_excerpts(tmp_path: Path) -> None:
    chance = random.Random(5)
    piece = [words(chance, 60) for _ in range(8)]
    copies = [
        record(site, 1, piece[:4] + [part for part in piece[4:] if chance.random() < 0.9]) for site in range(MANY)
    ]
    excerpts = [record(MANY + site, 1, [*piece[:2], words(chance, 25)]) for site in range(8)]
    with opened(tmp_path) as pipeline:
        pipeline.import_lines(json.dumps(one) for one in [*copies, *excerpts])
        assert groups(export(pipeline)) == {frozenset(one["url"] for one in [*copies, *excerpts])}


def test_a_standing_paragraph_makes_no_candidates(tmp_path: Path) -> None:
    chance = random.Random(6)
    standing = words(chance, 60)
    items = [record(1, number, [*(words(chance, 60) for _ in range(8)), standing]) for number in range(MANY)]
    with opened(tmp_path) as pipeline:
        pipeline.import_lines(json.dumps(one) for one in items)
        assert len(groups(export(pipeline))) == MANY
        text, title = "\n".join([*(words(chance, 60) for _ in range(8)), standing]), "Another piece"
        everywhere = pipeline.store.articles.candidates(fingerprint(text, title), 60)
        assert len(everywhere) <= COMMON
        with pipeline.store._database.read() as connection:
            pairs = connection.exec_driver_sql("SELECT count(*) FROM match").scalar_one()
        assert pairs <= COMMON_ON_ONE_SITE * (COMMON_ON_ONE_SITE + 1)


def test_a_replay_has_the_candidates_that_a_crawl_has(tmp_path: Path) -> None:
    chance = random.Random(7)
    standing = words(chance, 60)
    items = [record(1, number, [*(words(chance, 60) for _ in range(3)), standing]) for number in range(COMMON - 4)]
    elsewhere = record(2, 1, [words(chance, 60), standing])
    with opened(tmp_path) as pipeline:
        pipeline.import_lines(json.dumps(one) for one in [*items, elsewhere])
        with pipeline.store.articles.placing() as placing:
            replay = placing.replay
            members = replay.members(replay.ids(0, MANY))
            found = {}
            for one, member in members.items():
                placed = placing.neighbours(member.article, member.fingerprint, MANY).candidates
                found[member.article.url] = [
                    members[at].article.url for at in replay.sharing(one, member.fingerprint, MANY, member.article.site)
                ]
                assert found[member.article.url] == list(placed)
        # Four of a site's fifteen pages are too many to share a paragraph, for another site's page they are few.
        assert len(found[elsewhere["url"]]) == len(items)
        assert found[items[-1]["url"]] == [elsewhere["url"]]
