"""What a line of an import may be, and what is said of one that cannot be used."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline import Pipeline
from pipeline.config import Config, StoreSettings
from pipeline.importing import ONE_A_LINE, ImportResult

LINE = {"url": "http://a.test/1", "text": "A ferry crossed the narrow strait before noon."}
WORD = {"verb": "merge", "urls": ["http://a.test/1"], "said_at": "2025-06-30"}


def imported(folder: Path, *lines: Any) -> ImportResult:
    with Pipeline(Config(store=StoreSettings(url=f"sqlite:///{folder / 'onecopy.db'}"))) as pipeline:
        return pipeline.import_lines(lines)


WRONG = [
    ({"url": None}, "url: missing"),
    ({"url": "ftp://a.test/"}, "url: 'ftp://a.test/' is not an http(s) URL"),
    ({"text": ""}, "text: missing (text or html is required)"),
    ({"text": " \n\t\u00a0"}, "text: missing (text or html is required)"),
    ({"text": None, "html": " "}, "text: missing (text or html is required)"),
    ({"text": ["A ferry"]}, "text: expected a string"),
    ({"byline": "Ann Bo"}, "byline: expected an array, as in [...]"),
    ({"feeds": ["A", 1]}, "feeds[1]: expected a string"),
    ({"links": ["http://b.test/"]}, "links[0]: expected a pair, as in [url, words]"),
    ({"links": [["http://b.test/"]]}, "links[0][1]: missing"),
    ({"links": [["http://b.test/", "b", "c"]]}, "links[0]: more than 2 items"),
    *(
        ({"published_at": one}, "published_at: expected a time, such as 2025-06-30T14:00:00Z")
        for one in ("yesterday", "2025", 5, True, ["2025-06-30"])
    ),
    ({"revision": 0}, "revision: must be at least 1"),
    *(({"revision": one}, "revision: expected a whole number") for one in ("x", 1.5, [1])),
    *(({"stub": one}, "stub: expected true or false") for one in ("maybe", [])),
    ({"words": {}}, "words: expected an array, as in [...]"),
    ({"words": [5]}, "words[0]: expected an object, as in {...}"),
    ({"words": [{**WORD, "verb": "join"}]}, "words[0].verb: expected 'merge', 'split' or 'never-merge'"),
    ({"words": [{**WORD, "urls": []}]}, "words[0].urls: must not be empty"),
    ({"words": [{**WORD, "urls": ["b"]}]}, "words[0].urls[0]: 'b' is not an http(s) URL"),
    ({"words": [{**WORD, "source": "x" * 17}]}, "words[0].source: longer than 16 characters"),
    ({"words": [{**WORD, "said_at": "0001-01-01"}]}, "words[0].said_at: expected a time after the year 1"),
]


def test_what_is_wrong_with_a_line_is_said_in_plain_words(tmp_path: Path) -> None:
    result = imported(tmp_path, *(json.dumps(LINE | wrong) for wrong, _ in WRONG))
    messages = [failure.message for failure in result.failures]
    assert len(messages) == result.lines == len(WRONG)
    for message, (wrong, said) in zip(messages, WRONG, strict=True):
        assert message.startswith(said), (wrong, message)


@pytest.mark.parametrize("line", ["[", json.dumps([LINE]), json.dumps([LINE])[:-1], '"text"'])
def test_an_array_is_met_with_the_way_to_make_lines_of_it(line: str, tmp_path: Path) -> None:
    (failure,) = imported(tmp_path, line).failures
    assert failure.message.startswith("not ") and failure.message.endswith(ONE_A_LINE)


def test_lines_may_be_bytes(tmp_path: Path) -> None:
    one, other = ({**LINE, "url": f"http://a.test/{name}", "title": "Fähre"} for name in "12")
    written = ("\ufeff" + json.dumps(one, ensure_ascii=False) + "\n").encode()
    result = imported(tmp_path, written, b"\n", json.dumps(other).encode(), b'{"url": "http://a.test/\xff"}')
    assert (result.lines, result.new_articles) == (3, 2)
    assert [failure.message for failure in result.failures] == ["not valid UTF-8"]


def test_a_time_may_be_written_in_any_way_of_iso_8601(tmp_path: Path) -> None:
    written = ("2025-06-30T14:00:00Z", "2025-06-30t14:00:00z", "20250630", "2025-06-30 14:00", "2025-06-30T14:00+0200")
    lines = [json.dumps({**LINE, "url": f"http://a.test/{at}", "published_at": at}) for at in written]
    assert imported(tmp_path, *lines).failures == ()
