"""One crawled demo store for all tests of the command line."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.demo import Server, World, load_world, serve, write_config
from tests.cli.cli_helpers import onecopy


@pytest.fixture(scope="session")
def world() -> World:
    return load_world()


@pytest.fixture(scope="session")
def served(world: World) -> Iterator[Server]:
    """The world on loopback; tests that make it fail heal it again."""
    with serve(world) as running:
        yield running


def configure(folder: Path, served: Server) -> None:
    """A config.yaml for the world; one worker process is started sooner than two."""
    with write_config(folder, served.address).open("a") as config:
        config.write("\nwork: {processes: 1}\n")


@pytest.fixture(scope="session")
def crawled(served: Server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a config.yaml and the store of one crawl, for reading only."""
    folder = tmp_path_factory.mktemp("crawled")
    configure(folder, served)
    done = onecopy("crawl", cwd=folder)
    assert done.returncode == 0, done.stderr.decode()
    return folder


@pytest.fixture
def copied(crawled: Path, tmp_path: Path) -> Path:
    """A copy of that folder, to change."""
    return Path(shutil.copytree(crawled, tmp_path / "copied"))


@pytest.fixture
def fresh(served: Server, tmp_path: Path) -> Path:
    """A folder with a config.yaml and no store yet."""
    configure(tmp_path, served)
    return tmp_path
