"""Reading the documentation: blocks, sections and tables of Markdown, and telling what is missing in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from typer.main import get_command

from pipeline.cli.program import app

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "docs" / "reference.md"
MARKDOWN = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
Row = dict[str, str]


def blocks(path: Path, language: str) -> list[tuple[int, str]]:
    """The fenced blocks of a language: (line, text)."""
    text = path.read_text(encoding="utf-8")
    found = re.finditer(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [(text.count("\n", 0, one.start()) + 1, one[1]) for one in found]


def without_blocks(text: str) -> str:
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


@cache
def sections() -> Mapping[tuple[str, str], str]:
    """The reference by (chapter, heading), without code blocks; a chapter's own text under an empty heading."""
    found: dict[tuple[str, str], str] = {}
    chapter = heading = ""
    for line in without_blocks(REFERENCE.read_text(encoding="utf-8")).splitlines():
        if line.startswith("## "):
            chapter, heading = line[3:].strip(), ""
        elif line.startswith("### "):
            heading = line[4:].strip().strip("`")
        else:
            found[chapter, heading] = found.get((chapter, heading), "") + line + "\n"
    return found


def table(chapter: str, heading: str = "") -> list[Row]:
    """The rows of the first table of a section, by column; the words of the first cell without backticks."""
    assert (chapter, heading) in sections(), f"docs/reference.md: no section `### {heading}` under `## {chapter}`"
    lines = [line for line in sections()[chapter, heading].splitlines() if line.startswith("|")]
    if not lines:
        return []
    header, *rows = ([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines)
    for cells in rows:
        assert len(cells) == len(header), f"docs/reference.md: {heading}: a row with {len(cells)} cells: {cells}"
    return [dict(zip(header, cells, strict=True)) for cells in rows[1:]]


def names(chapter: str, heading: str = "") -> list[str]:
    """What stands between backticks in the first column."""
    rows = table(chapter, heading)
    return [word.replace(r"\|", "|") for row in rows for word in re.findall(r"`([^`]+)`", next(iter(row.values())))]


def compare(what: str, documented: Iterable[str], real: Mapping[str, str] | Iterable[str]) -> None:
    """Both hold the same names; ``real`` may give the row that a missing one needs."""
    documented = list(documented)
    suggested = real if isinstance(real, Mapping) else {name: f"| `{name}` | ... |" for name in real}
    missing = [row for name, row in suggested.items() if name not in documented]
    unknown = [name for name in documented if name not in suggested]
    twice = {name for name in documented if documented.count(name) > 1}
    complaint = [f"docs/reference.md, {what}:"]
    complaint += [f"  missing: {row}" for row in missing]
    complaint += [f"  unknown to the program: {name}" for name in unknown]
    complaint += [f"  stands there twice: {name}" for name in sorted(twice)]
    assert len(complaint) == 1, "\n".join(complaint)


def commands(command: Any = None, path: str = "onecopy") -> Iterator[tuple[str, Any]]:
    """Every command that --help shows, with its path."""
    command = command or get_command(app)
    yield path, command
    for name, below in getattr(command, "commands", {}).items():
        if not below.hidden:
            yield from commands(below, f"{path} {name}")


COMMANDS = dict(commands())
