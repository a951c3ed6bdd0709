"""What the documents name exists: commands and options in examples, public Python names, links."""

from __future__ import annotations

import inspect
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

import pipeline
from pipeline import Pipeline
from pipeline.app import FeedBook
from pipeline.review import ReviewDesk
from pipeline.wordbook import WordBook
from tests.docs_reading import COMMANDS, MARKDOWN, ROOT, blocks, compare, names, without_blocks

# --- examples in shell ------------------------------------------------------------------------------------------------


def test_every_command_in_an_example_exists_with_its_options() -> None:
    for document in MARKDOWN:
        for start, block in blocks(document, "sh"):
            for number, line in enumerate(block.splitlines(), start + 1):
                for words in _calls(line):
                    _check_call(words, f"{document.name}:{number}: {line}")


def _calls(line: str) -> Iterator[list[str]]:
    """What onecopy is called with in a line of shell; in `sudo -u onecopy PATH/onecopy` the last one is it."""
    for part in re.split(r"\s[|>]\s", line):
        words = shlex.split(part, comments=True)
        at = max((at for at, word in enumerate(words) if Path(word).name == "onecopy"), default=None)
        if at is not None and words[0] not in ("git", "systemctl", "journalctl", "createdb"):
            yield words[at + 1 :]


def _check_call(words: list[str], where: str) -> None:
    path, command = "onecopy", COMMANDS["onecopy"]
    allowed = {"-h", "--help"}
    skip = False
    for word in words:
        options = {option: one for one in command.params for option in (*one.opts, *one.secondary_opts)}
        allowed |= set(options)
        if skip:
            skip = False
        elif word.startswith("--"):
            assert word in allowed, f"{where}: `{path}` has no {word}"
            skip = word in options and not options[word].is_flag
        elif f"{path} {word}" in COMMANDS:
            path = f"{path} {word}"
            command = COMMANDS[path]
        else:
            assert path != "onecopy", f"{where}: no command {word}"


# --- Python -----------------------------------------------------------------------------------------------------------


def test_the_public_names_are_documented() -> None:
    compare("## Python", [_name(word) for word in names("Python")], pipeline.__all__)


@pytest.mark.parametrize("kind", [Pipeline, FeedBook, WordBook, ReviewDesk])
def test_the_methods_of_the_facade_are_documented_with_their_parameters(kind: type) -> None:
    own = {name: value for name, value in vars(kind).items() if not name.startswith("_")}
    attributes = ["config", "store"] if kind is Pipeline else []
    heading = kind.__name__
    compare(f"### `{heading}`", [_name(word) for word in names("Python", heading)], [*attributes, *own])
    for word in names("Python", heading):
        method = own.get(_name(word))
        if inspect.isfunction(method):
            signature = [
                one.replace(annotation=inspect.Parameter.empty) for one in inspect.signature(method).parameters.values()
            ]
            real = str(inspect.Signature(signature[1:]))
            assert word == f"{method.__name__}{real}", f"docs/reference.md, ### `{heading}`"


def _name(word: str) -> str:
    return word.partition("(")[0]


# --- links ------------------------------------------------------------------------------------------------------------


def anchors(path: Path) -> set[str]:
    """The anchors of a document's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", without_blocks(path.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", MARKDOWN, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_the_documents_resolve(document: Path) -> None:
    text = re.sub(r"`[^`\n]*`", "", without_blocks(document.read_text(encoding="utf-8")))
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        place, _, anchor = target.partition("#")
        path = (document.parent / place).resolve() if place else document
        if not path.exists() or (anchor and anchor not in anchors(path)):
            broken.append(target)
    assert not broken, f"{document.name}: {broken}"
