"""The index of band keys: whatever moved where in it, look-ups find all of it, each row once."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest
from alembic import command
from sqlalchemy import Connection, insert, select, text
from store_making import NOW, article, made, match

from pipeline.dedup import SCHEME
from pipeline.store import Store, bands, migrate, schema
from pipeline.store.engine import Database
from pipeline.store.rows import (
    FINGERPRINT_COLUMNS,
    article_values,
    fingerprint_values,
    match_values,
    to_fingerprint,
)

KEYS = 40  # of an article, half of them shared with others


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    with Store.open(store_url) as opened:
        yield opened


def add(connection: Connection, article_id: int, keys: tuple[int, ...]) -> None:
    row = {**article_values(article(f"https://a.test/{article_id:09}")), "seen_at": NOW, "id": article_id}
    connection.execute(insert(schema.article), row)
    connection.execute(insert(schema.fingerprint), fingerprint_values(article_id, made(*keys)))
    bands.add(connection, article_id, keys)


def tables(connection: Connection) -> list[str]:
    return ["band", "band_recent", "band_new"] if connection.dialect.name == "sqlite" else ["band"]


def held(connection: Connection) -> dict[str, list[tuple[int, int]]]:
    rows = {name: connection.execute(text(f"SELECT key, article_id FROM {name}")).all() for name in tables(connection)}
    return {name: [(row.key, row.article_id) for row in found] for name, found in rows.items()}


def expected(keys: dict[int, tuple[int, ...]], asked: int) -> list[int]:
    shared: Counter[int] = Counter()
    for one, theirs in keys.items():
        shared[one] = sum(1 + (key & 1) for key in set(theirs) & set(keys[asked]))
    found = [one for one in keys if shared[one] >= 2 and one != asked]
    return sorted(found, key=lambda one: (-shared[one], one))


def world(chance: random.Random) -> dict[int, tuple[int, ...]]:
    """Articles at which rows move on: every slice of the newest table twice, some slices of the next."""
    common = [chance.randrange(1 << 63) for _ in range(300)]
    own = [[chance.randrange(1 << 63) for _ in range(KEYS // 2)] for _ in range(66)]
    return {bands.STEP * (7 + at): (*chance.sample(common, KEYS // 2), *own[at]) for at in range(66)}


def test_look_ups_find_what_moved(store: Store) -> None:
    keys = world(random.Random(1))
    with store._database.write() as connection:
        for one, its in keys.items():
            add(connection, one, its)
        for one, its in keys.items():
            assert bands.sharing(connection, made(*its), 100, but=one) == expected(keys, one)
        rows = held(connection)
        assert sorted(row for found in rows.values() for row in found) == sorted(
            (key, one) for one, its in keys.items() for key in its
        )
        if len(rows) > 1:
            assert all(rows.values()), "a part of the rows in each table"
            assert len(rows["band_new"]) < len(rows["band_recent"])


def test_what_is_removed_is_gone_wherever_it_went(store: Store) -> None:
    keys = world(random.Random(2))
    with store._database.write() as connection:
        for one, its in keys.items():
            add(connection, one, its)
        gone = list(keys)[::2]
        for one in gone:
            bands.remove(connection, one, keys[one])
        left = {row[1] for found in held(connection).values() for row in found}
        assert left == keys.keys() - set(gone)


def test_of_a_key_that_everybody_shares_the_first_count(store: Store) -> None:
    keys = {4 * at: (1, 2 * at) for at in range(1, bands.SHARED_BY + 10)}  # half of them have moved on
    with store._database.write() as connection:
        for one, its in keys.items():
            add(connection, one, its)
        found = bands.sharing(connection, made(1), 2 * bands.SHARED_BY)
        assert found == sorted(keys)[: bands.SHARED_BY]


@pytest.mark.parametrize("slices", [slices for _, _, slices in bands.MOVES])
def test_slices_hold_every_key(slices: int) -> None:
    width = (bands.KEY_MASK + 1) // slices
    assert width * slices == bands.KEY_MASK + 1


def test_a_store_of_the_revision_before_keeps_its_index(empty_url: str) -> None:
    database = Database(empty_url)
    with database.write() as connection:
        config = migrate._config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0007")
        row = {**article_values(article("https://a.test/old")), "seen_at": NOW, "id": 5}
        connection.execute(insert(schema.article), row)
        connection.execute(insert(schema.fingerprint), fingerprint_values(5, made(2, 4, 7)))
        connection.execute(insert(schema.band), [{"key": key, "article_id": 5} for key in (2, 4, 7)])
    database.close()
    with Store.open(empty_url) as store, store._database.write() as connection:
        add(connection, bands.STEP, (2, 4))
        assert bands.sharing(connection, made(2, 4), 10) == [bands.STEP, 5]
        bands.remove(connection, 5, (2, 4, 7))
        assert bands.sharing(connection, made(2, 4, 7), 10) == [bands.STEP]


def test_fingerprints_of_sixteen_bands_keep_four_and_are_found(empty_url: str) -> None:
    before = "w5c9l20-affine32x128-16x4-s16/1"
    exact, *sixteen = (2 * number + 1 for number in range(100, 117))
    keys = (exact, *sixteen, 2, 4, 6)
    database = Database(empty_url)
    with database.write() as connection:
        config = migrate._config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0011")
        for number in (5, 6, 7, bands.STEP):
            of = made(*keys, scheme=before if number != 7 else "other/1")
            row = {**article_values(article(f"https://a.test/{number:09}")), "seen_at": NOW, "id": number}
            connection.execute(insert(schema.article), row)
            connection.execute(insert(schema.fingerprint), fingerprint_values(number, of))
            bands.add(connection, number, keys if number != 7 else (8, 10))
        one, other = (article(f"https://a.test/{number:09}").canonical_url for number in (5, 6))
        found = replace(match(one, other), scheme=before)
        connection.execute(insert(schema.match), match_values(found, 5, 6))
    database.close()
    left = (exact, *sixteen[:4], 2, 4, 6)
    with Store.open(empty_url) as store, store._database.read() as connection:
        assert sorted(row for rows in held(connection).values() for row in rows) == sorted(
            [(key, one) for key in left for one in (5, 6, bands.STEP)] + [(8, 7), (10, 7)]
        )
        wanted = made(*left, scheme=SCHEME)
        assert bands.sharing(connection, wanted, 10) == [5, 6, bands.STEP]
        stored = connection.execute(select(*FINGERPRINT_COLUMNS).order_by(schema.fingerprint.c.article_id)).all()
        assert [to_fingerprint(row) for row in stored] == [wanted, wanted, made(*keys, scheme="other/1"), wanted]
        assert connection.execute(select(schema.match.c.scheme)).scalars().all() == [SCHEME]
