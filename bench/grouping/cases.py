"""Hand-written cases: a few articles each, in small files that read like pages, with what must come of them.

A file starts with ``#`` lines that say what it is about. Each article follows as ``@ URL``, then ``key: value`` lines,
an empty line, and its text, one paragraph a line::

    # A reprint with the credit at its foot
    @ https://ledger.example/ferry
    title: The last ferry
    story: 1
    kind: original

    The ferry left at noon ...

    @ https://mirror.example/the-last-ferry
    story: 1
    kind: republication
    from: 1

    << 1
    This article was originally published by The Ledger.

``story`` says which articles belong together, ``from`` the number of the article that it was taken from (in order of
the file). ``<< 1`` stands for all paragraphs of the first article, ``<< 1:2-4`` for its second to fourth, and
``<< ferry:2`` for the second paragraph of ``texts/ferry.txt``. What may be either of two is written with a slash.
``OPEN`` lists cases known to fail.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipeline.dedup import Thresholds, decide_all
from pipeline.model import Article, Copy, Link
from pipeline.urls import canonical_url, site

FOLDER = Path(__file__).parent / "cases"
OPEN = FOLDER / "OPEN"  # names of cases that fail today, one a line
KEYS = frozenset("title by date seen site lang story kind from declared based source source-title link".split())
_COPY = re.compile(r"<< *(\w+)(?::(\d+)(?:-(\d+))?)?")
_EARLY = datetime(2025, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Expected:
    """One article of a case, and what must be said of it; None where nothing is asked."""

    article: Article
    story: str
    kinds: frozenset[str]
    source: str | None  # canonical URL, "" for none, None when not asked


@dataclass(frozen=True, slots=True)
class Case:
    """One hand-written case."""

    name: str
    about: str
    articles: tuple[Expected, ...]


def load_all() -> list[Case]:
    """All cases, by name. Raises ValueError with file and line for one that can't be read."""
    return [load(path) for path in sorted(FOLDER.glob("*.txt"))]


def open_cases() -> frozenset[str]:
    """The names of the cases that are known to fail."""
    return frozenset(OPEN.read_text(encoding="utf-8").split()) if OPEN.exists() else frozenset()


def load(path: Path) -> Case:
    """One case. Raises ValueError with file and line when it can't be read."""
    lines = path.read_text(encoding="utf-8").splitlines()
    about = " ".join(line.lstrip("# ") for line in lines if line.startswith("#"))
    starts = [number for number, line in enumerate(lines) if line.startswith("@ ")]
    bodies: list[list[str]] = []
    heads: list[dict[str, list[str]]] = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        head: dict[str, list[str]] = defaultdict(list)
        head["url"].append(lines[start][2:].strip())
        at = start + 1
        while at < end and lines[at].strip():
            key, colon, value = lines[at].partition(":")
            if not colon or key not in KEYS:
                raise ValueError(f"{path.name}:{at + 1}: {lines[at]!r} is not one of {', '.join(sorted(KEYS))}")
            head[key].append(value.strip())
            at += 1
        heads.append(head)
        bodies.append(_body(lines[at + 1 : end], bodies))
    urls = [canonical_url(head["url"][0]) for head in heads]
    articles = [_expected(head, body, urls) for head, body in zip(heads, bodies, strict=True)]
    return Case(path.stem, about, tuple(articles))


def _body(lines: list[str], earlier: list[list[str]]) -> list[str]:
    out: list[str] = []
    for line in lines:
        found = _COPY.fullmatch(line.strip())
        if found is None:
            out.append(line.rstrip())
            continue
        name = found[1]
        whole = earlier[int(name) - 1] if name.isdigit() else _text(name)
        first = int(found[2] or 1)
        last = int(found[3] or found[2] or len(whole))
        out += whole[first - 1 : last]
    while out and not out[-1]:
        out.pop()
    return out


def _text(name: str) -> list[str]:
    return (FOLDER / "texts" / f"{name}.txt").read_text(encoding="utf-8").splitlines()


def _expected(head: Mapping[str, list[str]], body: list[str], urls: list[str]) -> Expected:
    def one(key: str) -> str | None:
        values = head.get(key)
        return values[0] if values else None

    url = head["url"][0]
    source = one("from")
    seen = _moment(one("seen")) or _moment(one("date")) or _EARLY
    article = Article(
        url=url,
        canonical_url=canonical_url(url),
        site=site(url),
        title=one("title"),
        byline=tuple(head.get("by", ())),
        published_at=_moment(one("date")),
        first_seen_at=seen,
        language=one("lang"),
        text="\n".join(body),
        method="written",
        site_name=one("site"),
        declared_url=one("declared"),
        based_on=tuple(head.get("based", ())),
        source_url=one("source"),
        source_title=one("source-title"),
        links=tuple(Link(target, "") for target in head.get("link", ())),
    )
    asked = None if source is None else "" if source == "none" else urls[int(source) - 1]
    kinds = frozenset((one("kind") or "").split("/")) - {""}
    return Expected(article, one("story") or url, kinds, asked)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None


def check(case: Case, thresholds: Thresholds = Thresholds()) -> list[str]:  # noqa: B008 - frozen
    """What came out otherwise than it must, one line each."""
    decided: dict[str, tuple[str, Copy]] = {}
    for first, copies in decide_all([one.article for one in case.articles], thresholds):
        decided |= {copy.canonical_url: (first, copy) for copy in copies}
    wrong = []
    unique = {one.article.canonical_url: one for one in reversed(case.articles)}
    for a in unique.values():
        for b in unique.values():
            together = decided[a.article.canonical_url][0] == decided[b.article.canonical_url][0]
            if a.article.canonical_url < b.article.canonical_url and together != (a.story == b.story):
                wrong.append(f"{a.article.url} and {b.article.url}: {'merged' if together else 'apart'}")
    for one in unique.values():
        copy = decided[one.article.canonical_url][1]
        if one.kinds and copy.kind.value not in one.kinds:
            wrong.append(f"{one.article.url}: {copy.kind.value}, not {'/'.join(sorted(one.kinds))}")
        if one.source is not None and (copy.copied_from or "") != one.source:
            wrong.append(f"{one.article.url}: copied from {copy.copied_from}, not {one.source or 'nobody'}")
    return sorted(wrong)
