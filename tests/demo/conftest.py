from __future__ import annotations

import http.client
from collections.abc import Iterator

import pytest
from demo_answer import Answer, Get

from pipeline.demo import Server, World, load_world, serve


@pytest.fixture(scope="session")
def world() -> World:
    return load_world()


@pytest.fixture
def server(world: World) -> Iterator[Server]:
    with serve(world) as running:
        yield running


@pytest.fixture
def get(server: Server) -> Get:
    """One GET (or other method) over a connection of its own, without any client's conveniences."""

    def request(host: str, path: str, *, method: str = "GET", timeout: float = 10.0, **headers: str) -> Answer:
        connection = http.client.HTTPConnection(server.address, timeout=timeout)
        try:
            names = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, headers={"Host": host, **names})
            response = connection.getresponse()
            return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        finally:
            connection.close()

    return request
