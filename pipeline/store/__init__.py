"""What we remember: feeds and their entries, articles and their revisions, fingerprints, stories, runs.

One store is one database, an SQLite file or a PostgreSQL database, brought to the current schema when it is opened.
"""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from pipeline.ports import Locks
from pipeline.store.accounts import Accounts
from pipeline.store.articles import Articles
from pipeline.store.backup import back_up
from pipeline.store.doubts import Doubts
from pipeline.store.engine import Database
from pipeline.store.feeds import Feeds
from pipeline.store.hosts import Hosts
from pipeline.store.learned import LearnedSites
from pipeline.store.locks import FileLocks, PostgresLocks
from pipeline.store.migrate import upgrade
from pipeline.store.overlap import Overlaps
from pipeline.store.placing import Placing
from pipeline.store.pushes import Pushes
from pipeline.store.replay import Replay
from pipeline.store.runs import Runs
from pipeline.store.search import Fts5Index, TsvectorIndex, ensure_index
from pipeline.store.searches import SavedSearches
from pipeline.store.shelf import Shelf
from pipeline.store.stories import Stories
from pipeline.store.tries import WrongTries
from pipeline.store.webhooks import Webhooks
from pipeline.store.words import Words

__all__ = ["Placing", "Replay", "Store"]


class Store:
    """Everything that is kept, by what it is about. Threads may share it; a forked child has to open its own.

    ::

        with Store.open("sqlite:///onecopy.db") as store:
            for row in store.stories.list(StoryFilter(copies=2)):
                print(row.copies, row.title)
    """

    def __init__(self, database: Database, locks: Locks) -> None:
        index = Fts5Index() if database.sqlite else TsvectorIndex()
        self._database = database
        self.locks = locks
        self.feeds = Feeds(database)
        self.hosts = Hosts(database)
        self.pushes = Pushes(database)
        self.articles = Articles(database, index)
        self.learned = LearnedSites(database)
        self.stories = Stories(database, index)
        self.words = Words(database)
        self.doubts = Doubts(database)
        self.shelf = Shelf(database, index)
        self.overlaps = Overlaps(database)
        self.accounts = Accounts(database)
        self.wrong_tries = WrongTries(database)
        self.searches = SavedSearches(database)
        self.webhooks = Webhooks(database)
        self.runs = Runs(database, locks)
        upgrade(database)
        ensure_index(database, index)

    @classmethod
    def open(cls, url: str) -> Store:
        """Open the store at ``sqlite:///file`` or ``postgresql://user@host/database``; make or upgrade it as needed.

        Raises StoreError in one clear line when it cannot be opened, NewerStoreError when a newer onecopy made it.
        """
        database = Database(url)
        path = database.path
        locks: Locks = FileLocks(path.with_name(f"{path.name}-locks")) if path else PostgresLocks(database)
        try:
            return cls(database, locks)
        except BaseException:
            database.close()
            raise

    @property
    def label(self) -> str:
        """Where the store is, for people; without a password."""
        return self._database.label

    def limit_cache(self, kib: int) -> None:
        """Keep at most so much of an SQLite file in memory a connection: a server has several of them."""
        self._database.limit_cache(kib)

    def back_up(self, target: Path) -> None:
        """Copy an SQLite store, as it is at one moment, to a file. Raises UsageError on PostgreSQL, StoreError."""
        back_up(self._database, target)

    def close(self) -> None:
        """Give back all locks and close all connections."""
        self.locks.close()
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
