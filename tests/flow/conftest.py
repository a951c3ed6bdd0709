"""The demo world, served, and what a store says of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import Pipeline
from pipeline.demo import Server, World, load_world, serve, write_config
from tests.flow.helpers import Record, export


@pytest.fixture(scope="session")
def world() -> World:
    return load_world()


@pytest.fixture
def server(world: World) -> Iterator[Server]:
    with serve(world) as running:
        yield running


@pytest.fixture
def config(tmp_path: Path, server: Server) -> Path:
    return write_config(tmp_path, server.address)


@pytest.fixture(scope="session")
def undisturbed(world: World, tmp_path_factory: pytest.TempPathFactory) -> list[Record]:
    """The export of one crawl of the whole world that nothing disturbed."""
    with serve(world) as running, Pipeline(write_config(tmp_path_factory.mktemp("calm"), running.address)) as pipeline:
        pipeline.crawl()
        return export(pipeline)
