"""One crawled demo world, and servers over copies of its store."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from pipeline import Pipeline
from pipeline.config import Config, ServeSettings, StoreSettings, load
from pipeline.demo import Server, load_world, serve, write_config
from pipeline.serve.server import running


@dataclass(frozen=True)
class Served:
    """A running server over a store of its own."""

    url: str
    pipeline: Pipeline
    stop: Callable[[], object]

    def client(self, **options: object) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=30, **options)  # type: ignore[arg-type]  # passed on


@pytest.fixture(scope="session")
def world_server() -> Iterator[Server]:
    with serve(load_world()) as server:
        yield server


@pytest.fixture(scope="session")
def crawled(world_server: Server, tmp_path_factory: pytest.TempPathFactory) -> tuple[Config, Path]:
    """The configuration and the store of one crawl; the store is for copying."""
    folder = tmp_path_factory.mktemp("world")
    config = load(write_config(folder, world_server.address))
    with Pipeline(config) as pipeline:
        pipeline.crawl()
    return config, folder / "onecopy.db"


@pytest.fixture
def start(crawled: tuple[Config, Path], tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """Start a server over the copy of the crawled store in this test's folder; again means after a restart."""
    config, store = crawled
    copied = tmp_path / "onecopy.db"
    with ExitStack() as stack:

        def started(**settings: object) -> Served:
            if not copied.exists():
                shutil.copy(store, copied)
            chosen = config.model_copy(update={"store": StoreSettings(url=f"sqlite:///{copied}")})
            own = stack.enter_context(ExitStack())
            pipeline = own.enter_context(Pipeline(chosen))
            url = own.enter_context(running(pipeline, ServeSettings(**{"port": 0, **settings})))
            return Served(url, pipeline, own.close)

        yield started


@pytest.fixture
def served(start: Callable[..., Served]) -> Served:
    """A server that nobody has to log in to."""
    return start()


@pytest.fixture
def guarded(start: Callable[..., Served]) -> Served:
    """A server on which ann has an account."""
    from pipeline.serve.identity import hash_password

    found = start()
    found.pipeline.store.accounts.add("ann", hash_password("correct horse"))
    found.pipeline.store.accounts.add("bob", hash_password("battery staple"))
    with found.client() as client:  # what is known of accounts is two seconds old at most
        import time

        deadline = time.monotonic() + 5
        while client.get("/api/v1/feeds").status_code != 401:
            assert time.monotonic() < deadline
            time.sleep(0.1)
    return found
