"""Whatever stands in a parameter: nothing is changed, nothing breaks, nobody gets more than a page."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

TABLE = r"""'|''|';--|' OR '1'='1|1 OR 1=1|1; DROP TABLE story|'; DELETE FROM article;--|') UNION SELECT 1--|$$;|%|_|%27
1) UNION SELECT hash, 1 FROM token--|\'; DROP TABLE feed;--|a%' ESCAPE '|id DESC; DELETE FROM run|(SELECT 1)
CASE WHEN 1=1 THEN 1 END|x'41'|" OR ""="|NEAR(a b)|title:*|a OR|a AND NOT|"unbalanced|^a|-|*|{a b}:c|🂡|NULL"""
SHAPES = [*TABLE.replace("\n", "|").split("|"), "\x00'", "9" * 20, "9" * 400]
PARAMETERS = "q site author language since until copies feed folder status limit after".split()
PATHS = ("/api/v1/stories", "/", "/feed.atom")


def content(store: Path) -> str:
    """The whole database as one number."""
    with sqlite3.connect(store) as connection:
        return hashlib.sha256("\n".join(connection.iterdump()).encode("utf-8", "replace")).hexdigest()


@pytest.fixture
def served(start: Callable[..., Any]) -> Any:
    return start()


def test_strings_that_mean_something_to_a_database(served: Any, tmp_path: Path) -> None:
    codes = set()
    with served.client() as http:
        http.get("/")  # the first visit makes the account of who needs none
        before = content(tmp_path / "onecopy.db")
        for path in PATHS:
            for parameter in PARAMETERS:
                for shape in SHAPES[(PATHS.index(path) + PARAMETERS.index(parameter)) % 4 :: 4]:
                    answer = http.get(path, params={parameter: shape})
                    codes.add(answer.status_code)
                    assert answer.status_code < 500, (path, parameter, shape)
        for shape in SHAPES[::2]:
            for path in ("/api/v1/stories/{}", "/api/v1/articles/{}", "/stories/{}", "/websub/{}"):
                answer = http.get(path.format(shape.replace("/", "").replace("\x00", "")))
                assert answer.status_code < 500, (path, shape)
    assert codes <= {200, 303, 400, 404, 422}
    assert content(tmp_path / "onecopy.db") == before


def test_nobody_gets_more_than_a_page_or_sends_more_than_a_list(served: Any) -> None:
    with served.client() as http:
        for limit in ("201", "1000000000", "-1", "0", "1e9", "9" * 30):
            answer = http.get("/api/v1/stories", params={"limit": limit})
            assert 400 <= answer.status_code < 500, limit
        assert len(http.get("/api/v1/stories", params={"limit": "200"}).json()["stories"]) <= 200
        deep = http.post("/api/v1/check", content=b"[" * 100_000, headers={"Content-Type": "application/json"})
        assert 400 <= deep.status_code < 500
        assert http.post("/api/v1/feeds", content=b'"' + b"x" * 5_000_001).status_code == 413
        assert http.get("/api/v1/stories").status_code == 200
