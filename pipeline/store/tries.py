"""Wrong passwords of late, counted for all processes that serve one store."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, case, delete, func, select

from pipeline.store.engine import Database
from pipeline.store.schema import wrong_try

FORGOTTEN: Final = timedelta(hours=1)
MOST: Final = 10_000  # rows; beyond them the oldest are forgotten


class WrongTries:
    """By a key of 32 bytes that says who tried. All methods raise StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, key: bytes) -> tuple[int, datetime] | None:
        """How many there were, and when the last one; None for none."""
        with self._database.read() as connection:
            row = connection.execute(_OF, {"the_key": key}).one_or_none()
        return None if row is None else (row.failures, row.last_at)

    def count(self, key: bytes, now: datetime) -> None:
        """One more at ``now``."""
        new = self._database.insert(wrong_try).values(key=key, failures=1, last_at=now)
        again = case((wrong_try.c.last_at < now - FORGOTTEN, 1), else_=wrong_try.c.failures + 1)
        with self._database.write() as connection:
            connection.execute(
                new.on_conflict_do_update(index_elements=["key"], set_={"failures": again, "last_at": now})
            )
            connection.execute(_FORGET, {"before": now - FORGOTTEN})
            if connection.execute(_HOW_MANY).scalar_one() > MOST:
                connection.execute(_SHORTEN)

    def forget(self, key: bytes) -> None:
        """The password was right."""
        if self.of(key) is not None:
            with self._database.write() as connection:
                connection.execute(_REMOVE, {"the_key": key})


_OF: Final = select(wrong_try).where(wrong_try.c.key == bindparam("the_key"))
_REMOVE: Final = delete(wrong_try).where(wrong_try.c.key == bindparam("the_key"))
_FORGET: Final = delete(wrong_try).where(wrong_try.c.last_at < bindparam("before", type_=wrong_try.c.last_at.type))
_HOW_MANY: Final = select(func.count()).select_from(wrong_try)
_NEWEST: Final = select(wrong_try.c.key).order_by(wrong_try.c.last_at.desc()).limit(MOST)
_SHORTEN: Final = delete(wrong_try).where(wrong_try.c.key.not_in(_NEWEST))
