"""Searches that an account keeps under a name."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import bindparam, delete, func, insert, select, update

from pipeline.errors import UnknownName, UsageError
from pipeline.store.columns import clean
from pipeline.store.engine import Database
from pipeline.store.schema import saved_search

MOST: Final = 200  # of one account
NAME_CHARACTERS: Final = 100
QUERY_CHARACTERS: Final = 2_000


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search by name; ``query`` is a query string of the stream."""

    id: int
    name: str
    query: str


class SavedSearches:
    """By account. All methods raise StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, account: int) -> list[SavedSearch]:
        """In the order of their names."""
        with self._database.read() as connection:
            rows = connection.execute(_OF, {"account": account})
            return [SavedSearch(row.id, row.name, row.query) for row in rows]

    def get(self, account: int, search_id: int) -> SavedSearch:
        """One of them. Raises UnknownName."""
        with self._database.read() as connection:
            row = connection.execute(_ONE, {"account": account, "the_id": search_id}).one_or_none()
        if row is None:
            raise UnknownName(f"no saved search {search_id}")
        return SavedSearch(row.id, row.name, row.query)

    def save(self, account: int, name: str, query: str) -> SavedSearch:
        """Keep a search; one of that name is replaced and stays the same feed. Raises UsageError."""
        name = clean(" ".join(name.split()))
        if not 0 < len(name) <= NAME_CHARACTERS or len(query) > QUERY_CHARACTERS:
            raise UsageError(f"a saved search has a name of 1 to {NAME_CHARACTERS} characters")
        values = {"account": account, "key": unicodedata.normalize("NFKC", name).casefold()[:255]}
        with self._database.write(lock="searches") as connection:
            changed = connection.execute(_CHANGE, values | {"new_name": name, "new_query": clean(query)}).rowcount
            if not changed:
                if connection.execute(_HOW_MANY, {"account": account}).scalar_one() >= MOST:
                    raise UsageError(f"at most {MOST} searches can be saved")
                new = {"account_id": account, "name_key": values["key"], "name": name, "query": clean(query)}
                connection.execute(insert(saved_search), new | {"created_at": datetime.now(UTC)})
            row = connection.execute(_NAMED, values).one()
        return SavedSearch(row.id, row.name, row.query)

    def remove(self, account: int, search_id: int) -> None:
        """Forget one. Raises UnknownName."""
        with self._database.write() as connection:
            if not connection.execute(_REMOVE, {"account": account, "the_id": search_id}).rowcount:
                raise UnknownName(f"no saved search {search_id}")


_MINE: Final = saved_search.c.account_id == bindparam("account")
_OF: Final = select(saved_search).where(_MINE).order_by(saved_search.c.name_key)
_ONE: Final = select(saved_search).where(_MINE, saved_search.c.id == bindparam("the_id"))
_NAMED: Final = select(saved_search).where(_MINE, saved_search.c.name_key == bindparam("key"))
_HOW_MANY: Final = select(func.count()).select_from(saved_search).where(_MINE)
_CHANGE: Final = (
    update(saved_search)
    .where(_MINE, saved_search.c.name_key == bindparam("key"))
    .values(name=bindparam("new_name"), query=bindparam("new_query"))
)
_REMOVE: Final = delete(saved_search).where(_MINE, saved_search.c.id == bindparam("the_id"))
