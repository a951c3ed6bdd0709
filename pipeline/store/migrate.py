"""Bring a database to the schema of this onecopy, whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, inspect, text

from pipeline.errors import NewerStoreError, StoreError
from pipeline.store.engine import Database
from pipeline.store.schema import metadata

if TYPE_CHECKING:
    from alembic.config import Config

HEAD: Final = "0012"  # the newest file in migrations/versions; a test compares
VERSION_TABLE: Final = "onecopy_version"  # not Alembic's default name: a PostgreSQL database may be shared


def upgrade(database: Database) -> None:
    """Apply the missing migrations in one transaction.

    Raises NewerStoreError for a store that a newer onecopy made and StoreError for a database that holds tables of
    something else; nothing is changed then. A store that is up to date costs one query: Alembic is not even imported.
    """
    with database.read() as connection:
        if _revision(connection) == HEAD:
            return
    with database.write(lock="upgrade") as connection:
        revision = _revision(connection)  # again: another process may have been faster
        if revision == HEAD:
            return
        if revision is None:
            _refuse_foreign(database, connection)
        elif revision not in _known_revisions():
            raise NewerStoreError(
                f"{database.label}: made by a newer onecopy (store revision {revision}, this one knows {HEAD});"
                " nothing was changed"
            )
        _migrate(connection)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()  # noqa: S608  # a constant
    return None if found is None else str(found)


def _refuse_foreign(database: Database, connection: Connection) -> None:
    present = set(inspect(connection).get_table_names())
    foreign = present if database.sqlite else present & set(metadata.tables)
    if foreign:
        names = ", ".join(sorted(foreign)[:3])
        raise StoreError(f"{database.label}: holds tables of another program ({names}); nothing was changed")


def _known_revisions() -> set[str]:
    from alembic.script import ScriptDirectory

    return {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def _migrate(connection: Connection) -> None:
    from alembic import command

    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "pipeline.store:migrations")
    config.set_main_option("path_separator", "os")
    return config
