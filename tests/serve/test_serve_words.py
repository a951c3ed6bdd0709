"""Words of the pages: excerpts."""

from __future__ import annotations

import json

import pytest

from pipeline.serve.words import running
from tests.serve.conftest import Served


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("One line alone", "One line alone"),
        ("Decide for yourself.\nThe moose\nNobody saw it.", "Decide for yourself. The moose · Nobody saw it."),
        ("“He is gone.”\n\n  The town: \nquiet (again)\nand so on", "“He is gone.” The town: quiet (again) and so on"),
        ("他走了。\n小镇\n很安静。", "他走了。 小镇 · 很安静。"),
        ("هل رحل؟\nالمدينة", "هل رحل؟ المدينة"),
        ("It cost 5 $\nMore", "It cost 5 $ · More"),
    ],
)
def test_a_heading_in_an_excerpt_does_not_run_into_what_follows(text: str, shown: str) -> None:
    assert running(text) == shown


def test_lists_show_such_excerpts(served: Served) -> None:
    line = {"url": "http://a.test/moose", "title": "Moose", "text": "Decide for yourself.\nThe moose\nNobody saw it."}
    served.pipeline.import_lines([json.dumps(line)])
    with served.client() as http:
        assert "Decide for yourself. The moose · Nobody saw it." in http.get("/?site=a.test").text
