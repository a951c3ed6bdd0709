"""Opening a store: made, upgraded, or refused in one clear line."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect, text
from store_making import article, child, line, save

from pipeline.errors import NewerStoreError, StoreError
from pipeline.store import Store, migrate
from pipeline.store.engine import Database, parse_url
from pipeline.store.schema import metadata

POSTGRES_ONLY = pytest.mark.postgres


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "onecopy.db"


def url_of(path: Path) -> str:
    return f"sqlite:///{path}"


def one_line(error: BaseException) -> str:
    message = str(error)
    assert "\n" not in message
    assert "Traceback" not in message
    return message


# --- the schema ---


_OF_ONE_DATABASE = ("search", "ix_search", "band_", "pk_band_")  # what only one of the two has, made by migrations


def _of_ours(_object: object, name: str | None, kind: str, _reflected: bool, _compared: object) -> bool:
    return not (kind in ("table", "index") and name is not None and name.startswith(_OF_ONE_DATABASE))


def test_migrations_and_metadata_agree(empty_url: str) -> None:
    with Store.open(empty_url) as store, store._database.read() as connection:
        options = {
            "compare_type": True,
            "include_object": _of_ours,
            "version_table": migrate.VERSION_TABLE,
        }
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []


def _declared(connection: Connection) -> dict[str, str]:
    rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
    return {
        row.name: " ".join(row.sql.split()) for row in rows if not row.name.startswith(("onecopy", *_OF_ONE_DATABASE))
    }


def test_a_store_of_the_first_release_is_upgraded_and_keeps_what_it_holds(empty_url: str) -> None:
    database = Database(empty_url)
    with database.write() as connection:
        config = migrate._config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        values = {"key": "kept", "value": "since the first release"}
        connection.execute(text("INSERT INTO meta (key, value) VALUES (:key, :value)"), values)
    database.close()
    with Store.open(empty_url) as store:
        save(store, article("https://a.test/1"))
        with store._database.read() as connection:
            assert connection.execute(text("SELECT value FROM meta WHERE key = 'kept'")).scalar() == values["value"]
            assert migrate._revision(connection) == migrate.HEAD


def test_migrations_and_metadata_agree_to_the_letter_on_sqlite(path: Path) -> None:
    other = create_engine(url_of(path.with_name("other.db")))
    metadata.create_all(other)
    with Store.open(url_of(path)) as store, store._database.read() as migrated, other.connect() as created:
        left, right = _declared(migrated), _declared(created)
    other.dispose()
    assert {name: sorted(sql.split(", ")) for name, sql in left.items()} == {
        name: sorted(sql.split(", ")) for name, sql in right.items()
    }


def test_the_head_is_the_newest_migration() -> None:
    assert ScriptDirectory.from_config(migrate._config()).get_heads() == [migrate.HEAD]


def test_opening_again_changes_nothing_and_imports_no_alembic(store_url: str) -> None:
    code = (
        "import sys; from pipeline.store import Store; Store.open(sys.argv[1]).close(); print('alembic' in sys.modules)"
    )
    process = child(code, store_url)
    assert process.communicate(timeout=60)[0].strip() == "False"


def test_the_read_path_imports_nothing_heavy(store_url: str) -> None:
    code = (
        "import sys; from pipeline.store import Store; from pipeline.model import StoryFilter\n"
        "with Store.open(sys.argv[1]) as store: store.stories.list(StoryFilter()); store.stories.search('x')\n"
        "print({'numpy', 'datasketch', 'trafilatura', 'feedparser', 'aiohttp', 'lxml'} & sys.modules.keys() or 'none')"
    )
    assert child(code, store_url).communicate(timeout=60)[0].strip() == "none"


def test_processes_that_open_an_empty_database_at_once(empty_url: str) -> None:
    code = (
        "import sys; from pipeline.store import Store\n"
        "print('ready', flush=True); sys.stdin.readline()\n"
        "with Store.open(sys.argv[1]) as store: print(store.stories.counts()['articles'])"
    )
    children = [child(code, empty_url) for _ in range(3)]
    for one in children:
        assert line(one) == "ready"
    for one in children:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    assert [one.communicate(timeout=60)[0].strip() for one in children] == ["0"] * 3


# --- what is refused ---


def test_a_store_of_a_newer_version_is_refused_and_left_alone(store_url: str) -> None:
    with Store.open(store_url) as store:
        save(store, article("https://a.test/1"))
    database = Database(store_url)
    with database.write() as connection:
        connection.execute(text("UPDATE onecopy_version SET version_num = '9999'"))
        connection.execute(text("ALTER TABLE story ADD COLUMN of_tomorrow text"))
    database.close()
    with pytest.raises(NewerStoreError) as raised:
        Store.open(store_url)
    assert "9999" in one_line(raised.value)
    assert migrate.HEAD in str(raised.value)
    database = Database(store_url)
    with database.read() as connection:
        assert connection.execute(text("SELECT version_num FROM onecopy_version")).scalar() == "9999"
        assert "of_tomorrow" in {column["name"] for column in inspect(connection).get_columns("story")}
        assert connection.execute(text("SELECT count(*) FROM article")).scalar() == 1
    database.close()


def test_tables_of_another_program_are_left_alone(empty_url: str) -> None:
    database = Database(empty_url)
    with database.write() as connection:
        connection.execute(text("CREATE TABLE article (mine integer)"))
    database.close()
    with pytest.raises(StoreError, match="tables of another program") as raised:
        Store.open(empty_url)
    assert "article" in one_line(raised.value)


@POSTGRES_ONLY
def test_a_postgresql_database_may_be_shared(postgres_url: str) -> None:
    database = Database(postgres_url)
    with database.write() as connection:
        connection.execute(text("CREATE TABLE invoices (id integer)"))
        connection.execute(text("CREATE TABLE alembic_version (version_num varchar(32))"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('beef')"))
    database.close()
    with Store.open(postgres_url) as store:
        assert store.stories.counts()["stories"] == 0


def test_a_migration_that_fails_leaves_nothing(empty_url: str) -> None:
    """All of it is one transaction: the second half of it is made to fail by a real obstacle."""
    database = Database(empty_url)
    with database.write() as connection:
        obstacle = "CREATE VIEW search AS SELECT 1" if database.sqlite else "CREATE TABLE search (x integer)"
        connection.execute(text(obstacle))
    with pytest.raises(StoreError):
        Store.open(empty_url)
    with database.read() as connection:
        assert not set(inspect(connection).get_table_names()) & {"article", "run", migrate.VERSION_TABLE}
    with database.write() as connection:
        connection.execute(text("DROP VIEW search" if database.sqlite else "DROP TABLE search"))
    database.close()
    Store.open(empty_url).close()


def test_not_a_database(path: Path) -> None:
    path.write_text("These are my notes, not a database.\n" * 100)
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    with pytest.raises(StoreError, match="is not an SQLite database") as raised:
        Store.open(url_of(path))
    assert str(path) in one_line(raised.value)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before


def test_a_damaged_file_is_an_error_and_no_wrong_answer(path: Path) -> None:
    with Store.open(url_of(path)) as store:
        for number in range(50):
            save(store, article(f"https://a.test/{number}", f"text {number} " * 400), (number,))
    whole = path.read_bytes()
    noise = random.Random(7)
    damaged = whole[:4096] + noise.randbytes(len(whole) - 4096)
    path.write_bytes(damaged)
    with pytest.raises(StoreError) as raised, Store.open(url_of(path)) as store:
        list(store.stories.export())
    assert "damaged" in one_line(raised.value)


def test_a_file_cut_short(path: Path) -> None:
    with Store.open(url_of(path)) as store:
        save(store, article("https://a.test/1"))
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(StoreError) as raised:
        Store.open(url_of(path))
    assert str(path) in one_line(raised.value)


def test_an_empty_file_becomes_a_store(path: Path) -> None:
    path.touch()
    Store.open(url_of(path)).close()
    assert path.stat().st_size > 0


def test_a_missing_folder_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"the folder .* does not exist"):
        Store.open(url_of(tmp_path / "nowhere" / "onecopy.db"))
    with pytest.raises(StoreError, match="is a folder"):
        Store.open(url_of(tmp_path))


def _in_child_as_nobody(work: Callable[[], None]) -> str:
    """What ``work`` raises in a forked child without root's rights; root may read and write everything."""
    read_end, write_end = os.pipe()
    process = os.fork()
    if process == 0:
        message = "nothing was raised"
        try:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(65534)
                os.setuid(65534)
            work()
        except BaseException as error:
            message = f"{type(error).__name__}: {error}"
        os.write(write_end, message.encode())
        os._exit(0)
    os.close(write_end)
    with os.fdopen(read_end) as pipe:
        message = pipe.read()
    os.waitpid(process, 0)
    return message


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that everybody may enter; pytest's own are closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="onecopy-test-"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_a_file_without_permission(public: Path) -> None:
    path = public / "onecopy.db"
    Store.open(url_of(path)).close()
    public.chmod(0o777)
    for mode in (0o444, 0o000):
        path.chmod(mode)
        message = _in_child_as_nobody(lambda: Store.open(url_of(path)).close())
        assert message == f"StoreError: {path}: no permission to read and write {path}"
    path.chmod(stat.S_IRUSR | stat.S_IWUSR)


def test_a_folder_without_permission(public: Path) -> None:
    for mode in (0o555, 0o000):
        public.chmod(mode)
        message = _in_child_as_nobody(lambda: Store.open(url_of(public / "onecopy.db")).close())
        assert message.startswith(f"StoreError: {public / 'onecopy.db'}: ")
        assert "\n" not in message
    assert not (public / "onecopy.db").exists()


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("", "expected sqlite"),
        ("onecopy.db", "expected sqlite"),
        ("mysql://root:hunter2@h/d", "no 'mysql' here"),
        ("sqlite://", "plain file"),
        ("sqlite:///:memory:", "plain file"),
        ("sqlite:///file:x?mode=memory&uri=true", "plain file"),
        ("postgresql://u:hunter2@h:port/d", "expected sqlite"),
    ],
)
def test_urls_that_are_no_store(url: str, message: str) -> None:
    with pytest.raises(StoreError, match=message) as raised:
        Store.open(url)
    assert "hunter2" not in one_line(raised.value)


def test_common_spellings_of_a_postgresql_url() -> None:
    for url in ("postgres://u@h/d", "postgresql://u@h/d", "postgresql+psycopg2://u@h/d"):
        assert parse_url(url).drivername == "postgresql+psycopg"


@POSTGRES_ONLY
def test_a_server_that_is_not_there() -> None:
    with pytest.raises(StoreError) as raised:
        Store.open("postgresql://someone:hunter2@127.0.0.1:1/news?password=hunter2")
    assert "hunter2" not in one_line(raised.value)
    assert "127.0.0.1" in str(raised.value)


def test_a_store_of_the_first_schema_keeps_its_articles_and_learns_words(empty_url: str) -> None:
    from alembic import command

    from pipeline.model import Bond

    database = Database(empty_url)
    with database.write() as connection:
        config = migrate._config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(text("INSERT INTO meta (key, value) VALUES ('kept', 'yes')"))
    database.close()
    with Store.open(empty_url) as store:
        with store._database.read() as connection:
            assert connection.execute(text("SELECT value FROM meta WHERE key = 'kept'")).scalar() == "yes"
        bond = Bond("a", "b", True, datetime(2026, 3, 4, tzinfo=UTC))
        with store.articles.placing() as placing:
            placing.words.hold([bond])
        assert store.words.bonds(["b"]) == [bond]


def test_articles_stored_before_stubs_were_told_are_no_stubs(empty_url: str) -> None:
    from alembic import command

    columns = "canonical_key, first_seen_at, seen_at, revision, site, byline, names, url, canonical_url, method, text"
    lists = "based_on, feeds, links"
    when = "'2026-03-04 12:00:00+00:00'" if "postgresql" in empty_url else "1772625600000000"
    database = Database(empty_url)
    with database.write() as connection:
        config = migrate._config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        key = "'\\x01'" if "postgresql" in empty_url else "x'01'"
        values = f"{key}, {when}, {when}, 1, 'a.test', '[]', '', 'https://a.test/1', 'https://a.test/1', 'old', 'Text.'"
        connection.execute(text(f"INSERT INTO article ({columns}, {lists}) VALUES ({values}, '[]', '[]', '[]')"))
    database.close()
    with Store.open(empty_url) as store, store._database.read() as connection:
        row = connection.execute(text("SELECT stub, section, licence, image, text FROM article")).one()
        assert (bool(row.stub), row.section, row.licence, row.image, row.text) == (False, None, None, None, "Text.")
