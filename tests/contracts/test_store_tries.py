"""Wrong passwords: counted by all, forgotten in time, never many rows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import create_engine, insert

from pipeline.store import Store
from pipeline.store.schema import wrong_try
from pipeline.store.tries import MOST

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def test_tries_are_counted_and_forgotten(store_url: str) -> None:
    with Store.open(store_url) as store, Store.open(store_url) as other:
        assert store.wrong_tries.of(b"ann") is None
        for number, one in enumerate((store, other, store)):
            one.wrong_tries.count(b"ann", NOW + timedelta(minutes=number))
        assert other.wrong_tries.of(b"ann") == (3, NOW + timedelta(minutes=2))
        store.wrong_tries.count(b"bob", NOW + timedelta(hours=1, minutes=2, seconds=1))
        assert store.wrong_tries.of(b"ann") is None  # an hour later
        other.wrong_tries.forget(b"bob")
        assert store.wrong_tries.of(b"bob") is None


def test_the_oldest_give_way(store_url: str) -> None:
    with Store.open(store_url) as store:
        engine = create_engine(store_url)
        rows = [
            {"key": b"%d" % one, "failures": 1, "last_at": NOW + timedelta(seconds=one / 10)} for one in range(MOST)
        ]
        with engine.begin() as connection:
            connection.execute(insert(wrong_try), rows)
        engine.dispose()
        assert store.wrong_tries.of(b"0") is not None
        store.wrong_tries.count(b"new", NOW + timedelta(hours=1))
        assert store.wrong_tries.of(b"0") is None
        assert store.wrong_tries.of(b"new") == (1, NOW + timedelta(hours=1))
        assert store.wrong_tries.of(b"1") is not None
