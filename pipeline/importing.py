"""The JSON that comes in: checked line by line, and then it goes by the same steps as after a crawl."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from pipeline.config import Config
from pipeline.errors import DocumentError
from pipeline.model import Article, Failure, Link, Saved, Verb, Word
from pipeline.urls import canonical_url, is_http, redact, site

if TYPE_CHECKING:
    from pipeline.store import Store

_SURROGATE = re.compile("[\ud800-\udfff]")

LONGEST_LINE = 50_000_000  # characters: an article's text is at most 5 MB of page, escaped in JSON


def _utc(value: Any) -> Any:
    """A moment without a zone is taken as UTC, as in feeds and pages."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return value
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value


Moment = Annotated[AwareDatetime, BeforeValidator(_utc)]


def _address(value: str) -> str:
    if not is_http(value):
        raise ValueError(f"{redact(value)[:100]!r} is not an http(s) URL")
    return canonical_url(value)


Address = Annotated[str, AfterValidator(_address)]


class WordLine(BaseModel):
    """A word in an import file: in the line of an article, or a line of its own."""

    model_config = ConfigDict(extra="ignore")

    verb: Verb
    urls: list[Address] = Field(min_length=1)
    said_at: Moment
    others: list[Address] = Field(default_factory=list)
    source: str = Field("command", max_length=16)

    def word(self) -> Word:
        """As the store keeps it."""
        return Word(self.verb, tuple(self.urls), self.said_at, tuple(self.others), self.source)


class Line(BaseModel):
    """One line of an import file. Keys that only the store decides (story, kind, ...) are allowed and ignored."""

    model_config = ConfigDict(extra="ignore")

    url: str
    text: str | None = None
    html: str | None = None
    canonical_url: str | None = None
    title: str | None = None
    byline: list[str] = Field(default_factory=list)
    site: str | None = None
    published_at: Moment | None = None
    first_seen_at: Moment | None = None
    language: str | None = None
    revision: int = Field(1, ge=1)
    feeds: list[str] = Field(default_factory=list)
    declared_url: str | None = None
    site_name: str | None = None
    based_on: list[str] = Field(default_factory=list)
    source_url: str | None = None
    source_title: str | None = None
    links: list[tuple[str, str]] = Field(default_factory=list)
    method: str = "import"
    section: str | None = None
    licence: str | None = None
    image: str | None = None
    stub: bool = False
    words: list[WordLine] = Field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did; ``failures`` name the lines that could not be used."""

    lines: int = 0
    new_articles: int = 0
    revised_articles: int = 0
    unchanged_articles: int = 0
    new_stories: int = 0
    joined: int = 0
    words: int = 0
    failures: tuple[Failure, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Parsed:
    """What one line holds: an article, words about articles, or both."""

    article: Article | None
    words: tuple[Word, ...] = ()


def import_lines(config: Config, store: Store, lines: Iterable[str], batch: int) -> ImportResult:
    """Import lines, ``batch`` articles a transaction. What was imported before an error stays."""
    from pipeline.dedup import Thresholds, of_article, place
    from pipeline.regroup import say

    thresholds = Thresholds.of(config.dedup)
    result = ImportResult()
    for batch_of in _batches(_parsed(lines), batch):
        with store.articles.placing(unread_again=config.serve.unread_again) as placing:
            words: list[Word] = []
            for one in batch_of:
                result = replace(result, lines=result.lines + 1)
                if isinstance(one, Failure):
                    result = replace(result, failures=(*result.failures, one))
                    continue
                words += one.words
                article = one.article
                if article is None:
                    continue
                known = placing.merged(article)
                made = of_article(known)
                neighbours = placing.neighbours(known, made, config.dedup.candidates)
                placement = place(known, made, neighbours, thresholds)
                result = _counted(result, placing.save(known, made, placement))
            if words:
                result = replace(result, words=result.words + len(say(placing, words)))
    return result


def _counted(result: ImportResult, saved: Saved) -> ImportResult:
    return replace(
        result,
        new_articles=result.new_articles + (saved.status == "new"),
        revised_articles=result.revised_articles + (saved.status == "revised"),
        unchanged_articles=result.unchanged_articles + (saved.status == "unchanged"),
        new_stories=result.new_stories + saved.new_story,
        joined=result.joined + (saved.status == "new" and not saved.new_story),
    )


def _batches(lines: Iterator[Parsed | Failure], size: int) -> Iterator[list[Parsed | Failure]]:
    batch: list[Parsed | Failure] = []
    for line in lines:
        batch.append(line)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _parsed(lines: Iterable[str]) -> Iterator[Parsed | Failure]:
    now = datetime.now(UTC)
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield _line(line, now)
        except (ValueError, DocumentError) as error:
            yield Failure("line", f"line {number}", "malformed", _clear(error))


def _clear(error: Exception) -> str:
    """One line that says what is wrong with an import line, without the line itself."""
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        return f"{where}: {first['msg'][:1].lower()}{first['msg'][1:]}" if where else first["msg"]
    if isinstance(error, json.JSONDecodeError):
        return f"not JSON: {error.msg} at column {error.colno}"
    return str(error).splitlines()[0]


def _line(line: str, now: datetime) -> Parsed:
    """What one line says. Raises ValueError or DocumentError."""
    if len(line) > LONGEST_LINE:
        raise ValueError(f"longer than {LONGEST_LINE:,} characters")
    if _SURROGATE.search(line):  # what a reader with "surrogateescape" makes of bytes that are not UTF-8
        raise ValueError("not valid UTF-8")
    try:
        values = json.loads(line)
    except RecursionError as error:
        raise ValueError("not JSON: nested too deeply") from error
    if not isinstance(values, dict):
        raise ValueError("not a JSON object")
    given = {key: value for key, value in values.items() if value is not None}
    if "verb" in given and "url" not in given:  # a line of `onecopy words --json`
        return Parsed(None, (WordLine.model_validate(given).word(),))
    row = Line.model_validate(given)
    return Parsed(_article(row, now), tuple(one.word() for one in row.words))


def _article(row: Line, now: datetime) -> Article:
    """The article of one line. Raises ValueError or DocumentError."""
    if not is_http(row.url):
        raise ValueError(f"url: {redact(row.url)[:100]!r} is not an http(s) URL")
    if not row.text and not row.html:
        raise ValueError("text: missing (text or html is required)")
    article = Article(
        url=row.url,
        canonical_url=row.canonical_url or canonical_url(row.url),
        site=row.site or site(row.url),
        title=row.title,
        byline=tuple(row.byline),
        published_at=row.published_at,
        first_seen_at=row.first_seen_at or now,
        language=row.language,
        text=row.text or "",
        method=row.method,
        based_on=tuple(row.based_on),
        links=tuple(Link(url, text) for url, text in row.links),
        site_name=row.site_name,
        declared_url=row.declared_url,
        source_url=row.source_url,
        source_title=row.source_title,
        revision=row.revision,
        feeds=tuple(row.feeds),
        section=row.section,
        licence=row.licence,
        image=row.image,
        stub=row.stub,
    )
    return article if row.text else _extracted(article, row.html or "", row)


def _extracted(article: Article, html: str, row: Line) -> Article:
    """The article whose text has still to be taken from the page; what the line says wins."""
    from pipeline.extraction import extract, make_article

    page = make_article(None, article.url, extract(html, article.url), None, article.first_seen_at, None)
    if not page.text:
        raise ValueError("html: holds no text")
    return replace(
        article,
        canonical_url=row.canonical_url or page.canonical_url,
        title=article.title or page.title,
        byline=article.byline or page.byline,
        published_at=article.published_at or page.published_at,
        language=article.language or page.language,
        text=page.text,
        method=page.method,
        site_name=article.site_name or page.site_name,
        declared_url=article.declared_url or page.declared_url,
        based_on=page.based_on,
        links=page.links,
        section=article.section or page.section,
        licence=article.licence or page.licence,
        image=article.image or page.image,
        stub=article.stub or page.stub,
    )
