"""docs/reference.md says what the program has, and the Python examples run.

What is missing is named together with the row that would fill it.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic_core import PydanticUndefined

from pipeline import Pipeline, exchange, importing
from pipeline.config import Config, DedupSettings, FeedSettings, WebhookSettings
from pipeline.dedup.attribution import CONFIDENCE
from pipeline.demo import load_world, serve, write_config
from pipeline.model import Bond, Crawl, Failure, Kind, Learned, Reason, Repeated, Verb, Word
from pipeline.review import Label
from pipeline.store.webhooks import Webhook
from tests.cli.cli_helpers import environment
from tests.docs_reading import COMMANDS, REFERENCE, ROOT, blocks, compare, names, sections, table

# --- commands ---------------------------------------------------------------------------------------------------------


def parameters(command: Any) -> dict[str, Any]:
    """Options and arguments by how the reference writes them: with their metavar, where that is chosen."""
    shown = {}
    for one in command.params:
        if getattr(one, "hidden", False):
            continue
        if one.param_type_name == "argument":
            shown[one.metavar or one.name.upper()] = one
            continue
        for option in [*one.opts, *one.secondary_opts]:
            shown[f"{option} {one.metavar}" if one.metavar and not one.is_flag else option] = one
    return shown


def test_every_command_has_its_section_and_no_other_has_one() -> None:
    documented = [heading for chapter, heading in sections() if chapter == "Commands" and heading]
    compare("## Commands", documented, {path: f"### `{path}`" for path in COMMANDS})


@pytest.mark.parametrize("path", COMMANDS)
def test_every_option_of_a_command_is_documented(path: str) -> None:
    real = parameters(COMMANDS[path])
    rows = {
        name: f"| `{name.replace('|', chr(92) + '|')}` | {_default(one)} | {getattr(one, 'help', '') or '...'} |"
        for name, one in real.items()
    }
    compare(f"### `{path}`", names("Commands", path), rows)
    stated = {name: row["default"] for name, row in zip(names("Commands", path), table("Commands", path), strict=True)}
    for name, one in real.items():
        if _default(one):
            assert stated[name] == _default(one), f"docs/reference.md, ### `{path}`: default of {name}"


def _default(parameter: Any) -> str:
    value = parameter.default
    return f"`{value}`" if isinstance(value, (int, float, str, Path)) and not isinstance(value, bool) else ""


# --- config.yaml ------------------------------------------------------------------------------------------------------

SECTIONS: dict[str, Any] = {
    name: {"feeds": FeedSettings, "webhooks": WebhookSettings}.get(name, field.annotation)
    for name, field in Config.model_fields.items()
}


def limits(field: Any) -> str:
    """The bounds of a number, in words."""
    bounds = {
        name: getattr(one, name) for one in field.metadata for name in ("ge", "gt", "le", "lt") if hasattr(one, name)
    }
    if "ge" in bounds and "le" in bounds:
        return f"{bounds['ge']} to {bounds['le']}"
    words = {"ge": "at least", "gt": "above", "le": "at most", "lt": "below"}
    return ", ".join(f"{words[name]} {value}" for name, value in bounds.items())


def default(field: Any) -> str:
    value = field.get_default(call_default_factory=True)
    if value is PydanticUndefined:
        return "required"
    return "`" + yaml.safe_dump(value, default_flow_style=True, width=1_000).removesuffix("\n...\n").strip() + "`"


def test_every_section_of_the_configuration_is_documented() -> None:
    documented = [heading for chapter, heading in sections() if chapter == "config.yaml" and heading]
    compare("## config.yaml", documented, {name: f"### `{name}`" for name in SECTIONS})


@pytest.mark.parametrize("section", SECTIONS)
def test_every_key_of_the_configuration_has_its_real_default_and_limits(section: str) -> None:
    fields = SECTIONS[section].model_fields
    rows = {name: f"| `{name}` | {default(field)} | {limits(field)} | ... |" for name, field in fields.items()}
    compare(f"### `{section}`", names("config.yaml", section), rows)
    for row in table("config.yaml", section):
        field = fields[row["key"].strip("`")]
        where = f"docs/reference.md, ### `{section}`: {row['key']}"
        if field.is_required():
            assert row["default"] == "required", where
        else:
            stated, real = (yaml.safe_load(text.strip("`")) for text in (row["default"], default(field)))
            assert stated == real, f"{where}: the default is {default(field)}"
        if limits(field):
            assert row["limits"] == limits(field), f"{where}: limits"


# --- JSON -------------------------------------------------------------------------------------------------------------

# Each function of exchange.py that makes a record: the sections that hold its keys.
RECORDS = {
    "story_record": ("stories",),
    "view_record": ("stories", "story"),
    "copy_record": ("export",),
    "check_record": ("export", "check"),
    "credit_record": ("credit",),
    "word_record": ("word",),
    "feed_record": ("feeds",),
    "crawl_record": ("crawl",),
    "import_record": ("import",),
    "regroup_record": ("regroup",),
    "why_record": ("why",),
    "pair_record": ("pair",),
    "question_record": ("pair", "review"),
    "label_record": ("label",),
    "failure_record": ("failure",),
    "webhook_record": ("webhooks",),
    "learned_record": ("learned",),
}

TYPES: dict[str, Any] = {
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: type(value) is int,
    "number": lambda value: type(value) in (int, float),
    "boolean": lambda value: type(value) is bool,
    "object": lambda value: isinstance(value, dict),
    "time": lambda value: isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None,
    "array of strings": lambda value: isinstance(value, list) and all(isinstance(one, str) for one in value),
    "array of objects": lambda value: isinstance(value, list) and all(isinstance(one, dict) for one in value),
    "array of pairs": lambda value: isinstance(value, list) and all(len(one) == 2 for one in value),
    "null": lambda value: value is None,
}


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with the configuration and store of one crawl of the demo world, whose sites are up."""
    folder = tmp_path_factory.mktemp("docs")
    with serve(load_world()) as server:
        with write_config(folder, server.address).open("a") as config:
            config.write("\nwork: {processes: 1}\n")
        with Pipeline(folder / "config.yaml") as one:
            one.crawl()
        yield folder


@pytest.fixture(scope="session")
def emitted(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[exchange.Record]]:
    """Records as they are emitted, by the function that made them."""
    known = Learned("a.test", 1, datetime.now(UTC), 20, (Repeated("Read on", 7),), "div.text < article")
    word = Word(Verb.MERGE, ("https://a.example/1", "https://b.example/1"), datetime.now(UTC))
    failure = Failure("feed", "https://x.example/", "dns", "x.example has no address")
    hook = Webhook(1, "https://x.example/", ("story.new",), 1, 0, 0, 0, None, None, datetime.now(UTC), None)
    empty = Config(store={"url": f"sqlite:///{tmp_path_factory.mktemp('docs-empty') / 'x.db'}"})
    with Pipeline(demo / "config.yaml") as one, Pipeline(empty) as other:
        copies = list(one.export())
        counts = one.feeds.counts()
        views = [one.story(row.id) for row in one.stories(limit=1_000)]
        return {
            "story_record": [exchange.story_record(row) for row in one.stories(limit=1_000)],
            "view_record": [exchange.view_record(view) for view in views],
            "copy_record": [exchange.copy_record(copy) for copy in copies],
            "check_record": [exchange.check_record(answer) for answer in one.check(copies[0].article.text)],
            "credit_record": [record for copy in copies if (record := exchange.credit_record(copy.credit))],
            "word_record": [exchange.word_record(word)],
            "feed_record": [exchange.feed_record(feed, counts[feed.id]) for feed in one.feeds.all()],
            "crawl_record": [exchange.crawl_record(Crawl(feeds=1, failures=(failure,)))],
            "import_record": [exchange.import_record(other.import_lines(["no JSON"]))],
            "regroup_record": [exchange.regroup_record(one.regroup(DedupSettings(copy_jaccard=0.9)))],
            "why_record": [
                exchange.why_record(copy, why[copy.article.canonical_url], one.config.dedup)
                for view in views[:20]
                for why in (one.why(view),)
                for copy in view.members
            ],
            "pair_record": [exchange.pair_record(asked.compared, "", one.config.dedup) for asked in one.review.queue()],
            "question_record": [exchange.question_record(asked, one.config.dedup) for asked in one.review.queue()],
            "label_record": [
                exchange.label_record(Label(Bond("a", "b", True, word.said_at), match))
                for match in (None, one.review.queue(1)[0].compared.match)
            ],
            "failure_record": [exchange.failure_record(failure)],
            "webhook_record": [exchange.webhook_record(hook)],
            "learned_record": [exchange.learned_record(known)],
        }


def test_every_record_of_the_exchange_is_under_test() -> None:
    made = {name for name in dir(exchange) if name.endswith("_record")}
    assert made == set(RECORDS), "tests/test_docs.py: RECORDS names the sections of docs/reference.md for each record"


@pytest.mark.parametrize("name", RECORDS)
def test_every_json_key_is_documented_with_its_type(name: str, emitted: dict[str, list[exchange.Record]]) -> None:
    assert emitted[name]
    for record in emitted[name]:
        _check_record(record, RECORDS[name])


def test_members_of_a_story_are_documented(emitted: dict[str, list[exchange.Record]]) -> None:
    for view in emitted["view_record"]:
        for member in view["members"]:
            _check_record(member, ("export", "member"))


def _check_record(record: exchange.Record, headings: tuple[str, ...]) -> None:
    rows = {row["key"].strip("`"): row for heading in headings for row in table("JSON", heading)}
    compare(
        f"### `{headings[-1]}`", rows, {key: f"| `{key}` | {_type(value)} | ... |" for key, value in record.items()}
    )
    for key, row in rows.items():
        types = row["type"].split(" or ")
        assert set(types) <= set(TYPES), f"docs/reference.md, {headings[-1]}.{key}: type {row['type']!r}"
        fits = any(TYPES[one](record[key]) for one in types)
        assert fits, f"docs/reference.md: {headings[-1]}.{key} is {record[key]!r:.80}, not {row['type']}"


def _type(value: Any) -> str:
    return next(name for name, fits in TYPES.items() if fits(value))


def test_every_key_of_an_import_line_is_documented() -> None:
    fields = importing.Line.model_fields
    rows = {name: f"| `{name}` | ... | {default(field)} | ... |" for name, field in fields.items()}
    compare("### import lines", names("JSON", "import lines"), rows)
    required = {row["key"].strip("`") for row in table("JSON", "import lines") if row["default"] == "required"}
    assert required == {name for name, field in fields.items() if field.is_required()}


# --- words in the answers ---------------------------------------------------------------------------------------------


def test_kinds_bases_and_reasons_are_all_explained() -> None:
    words = "Words in the answers"
    compare("### kind", names(words, "kind"), list(Kind))
    compare(
        "### basis",
        names(words, "basis"),
        {name: f"| `{name}` | {worth} | ... |" for name, worth in CONFIDENCE.items()},
    )
    stated = {row["basis"].strip("`"): float(row["confidence"]) for row in table(words, "basis")}
    assert stated == CONFIDENCE
    compare("### reason", names(words, "reason"), [*Reason, "unreadable", "outage", "malformed", "webhook"])


def test_answers_use_no_other_words(emitted: dict[str, list[exchange.Record]]) -> None:
    known_as = next(row for row in table("JSON", "check") if row["key"] == "`known_as`")["meaning"]
    for record in emitted["copy_record"]:
        assert record["kind"] in names("Words in the answers", "kind")
        assert record["credit"] is None or record["credit"]["basis"] in names("Words in the answers", "basis")
    for record in emitted["check_record"]:
        assert f"`{record['known_as']}`" in known_as


def test_every_environment_variable_is_documented() -> None:
    sources = [*ROOT.glob("pipeline/**/*.py")]
    used = {name for path in sources for name in re.findall(r"\bONECOPY_[A-Z_]+\b", path.read_text(encoding="utf-8"))}
    compare("## Environment variables", names("Environment variables"), sorted(used))


# --- examples ---------------------------------------------------------------------------------------------------------

EXAMPLES = [
    pytest.param(text, id=f"{path.name}:{line}")
    for path in (ROOT / "README.md", ROOT / "docs" / "guide.md", REFERENCE)
    for line, text in blocks(path, "python")
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_python_example_runs(example: str, demo: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(demo, tmp_path / "copied"))
    (folder / "example.py").write_text(example, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-P", "example.py"],
        cwd=folder,
        env=environment(),
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr.decode()) == (0, "")
