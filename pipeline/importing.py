"""The JSON that comes in: checked line by line, and then it goes by the same steps as after a crawl."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from pipeline.config import Config
from pipeline.errors import DocumentError
from pipeline.model import Article, Failure, Link, Saved, Verb, Word
from pipeline.moments import known
from pipeline.placing import place_article
from pipeline.reading import article_of_page
from pipeline.urls import canonical_url, is_http, redact, site

if TYPE_CHECKING:
    from pipeline.store import Store
    from pipeline.work import ProcessWorkers

_SURROGATE = re.compile("[\ud800-\udfff]")

LONGEST_LINE = 50_000_000  # characters: an article's text is at most 5 MB of page, escaped in JSON


ONE_A_LINE = "one object a line is expected: `jq -c '.[]'` makes such lines of an array"


def _utc(value: Any) -> datetime | None:
    """A moment without a zone is taken as UTC, as in feeds and pages; one that stands for none is none."""
    try:
        return known(datetime.fromisoformat(value.upper()))  # RFC 3339 allows "t" and "z"
    except (AttributeError, ValueError):
        raise ValueError("expected a time, such as 2025-06-30T14:00:00Z") from None


Moment = Annotated[AwareDatetime, BeforeValidator(_utc)]
Known = Annotated[AwareDatetime | None, BeforeValidator(_utc)]


def _address(value: str) -> str:
    if not is_http(value):
        raise ValueError(f"{redact(value)[:100]!r} is not an http(s) URL")
    return canonical_url(value)


def _said(value: str | None) -> str | None:
    """None for what holds nothing but blanks."""
    return value if value and not value.isspace() else None


Said = Annotated[str | None, AfterValidator(_said)]
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
    text: Said = None
    html: Said = None
    canonical_url: str | None = None
    title: str | None = None
    byline: list[str] = Field(default_factory=list)
    site: str | None = None
    published_at: Known = None
    first_seen_at: Known = None
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
    """What one line holds: an article, words about articles, or both.

    An article whose text is still to be taken from its page comes with the page; ``own_identity`` says that the line
    names its canonical URL.
    """

    number: int
    article: Article | None
    words: tuple[Word, ...] = ()
    page: str | None = None
    own_identity: bool = False


def import_lines(
    config: Config, store: Store, workers: Callable[[], ProcessWorkers], lines: Iterable[str | bytes], batch: int
) -> ImportResult:
    """Import lines (text, or UTF-8 bytes), ``batch`` articles a transaction. What was imported before an error stays.

    Pages are read by ``workers``, which are asked for when there is one.
    """
    from pipeline.dedup import of_article
    from pipeline.regroup import say

    result = ImportResult()
    for some in _batches(_parsed(lines), batch):
        batch_of = _with_texts(some, config, workers)
        made = {one.number: of_article(one.article) for one in batch_of if isinstance(one, Parsed) and one.article}
        with store.articles.placing(unread_again=config.serve.unread_again) as placing:
            words: list[Word] = []
            for one in batch_of:
                result = replace(result, lines=result.lines + 1)
                if isinstance(one, Failure):
                    result = replace(result, failures=(*result.failures, one))
                    continue
                words += one.words
                if one.article is not None:
                    saved = place_article(placing, one.article, made[one.number], config.dedup)
                    result = _counted(result, saved)
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


def _with_texts(
    batch: Sequence[Parsed | Failure], config: Config, workers: Callable[[], ProcessWorkers]
) -> list[Parsed | Failure]:
    """The batch with the texts of its pages in place of the pages, or with what is wrong with them."""
    if not any(isinstance(one, Parsed) and one.page is not None for one in batch):
        return list(batch)
    pool, timeout_s = workers(), config.work.page_timeout_s

    async def read(one: Parsed | Failure) -> Parsed | Failure:
        if isinstance(one, Failure) or one.page is None:
            return one
        try:
            article = await pool.run(article_of_page, one.article, one.page, one.own_identity, timeout_s=timeout_s)
        except DocumentError as error:
            return _failure(one.number, error)
        return replace(one, article=article, page=None)

    async def read_all() -> list[Parsed | Failure]:
        return await asyncio.gather(*map(read, batch))

    return asyncio.run(read_all())


def _parsed(lines: Iterable[str | bytes]) -> Iterator[Parsed | Failure]:
    now = datetime.now(UTC)
    for number, given in enumerate(lines, 1):
        line = given.decode("utf-8", "surrogateescape") if isinstance(given, bytes) else given
        line = line.removeprefix("\ufeff") if number == 1 else line
        if not line.strip():
            continue
        try:
            yield _line(number, line, now)
        except ValueError as error:
            yield _failure(number, error)


def _failure(number: int, error: Exception) -> Failure:
    return Failure("line", f"line {number}", "malformed", _clear(error))


def _clear(error: Exception) -> str:
    """One line that says what is wrong with an import line, without the line itself."""
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"]).lstrip(".")
        wrong = _WRONG[first["type"]].format(**first.get("ctx", {})) if first["type"] in _WRONG else first["msg"]
        return f"{where}: {wrong[:1].lower()}{wrong[1:]}"
    return str(error).splitlines()[0]


_WRONG = {  # by pydantic's name for it
    "missing": "missing",
    "string_type": "expected a string",
    "string_too_long": "longer than {max_length} characters",
    "list_type": "expected an array, as in [...]",
    "tuple_type": "expected a pair, as in [url, words]",
    "too_short": "must not be empty",
    "too_long": "more than {max_length} items",
    "model_type": "expected an object, as in {{...}}",
    "enum": "expected {expected}",
    "int_type": "expected a whole number",
    "int_parsing": "expected a whole number",
    "int_from_float": "expected a whole number",
    "greater_than_equal": "must be at least {ge}",
    "bool_type": "expected true or false",
    "bool_parsing": "expected true or false",
    "datetime_type": "expected a time after the year 1 and before 9999",
    "value_error": "{error}",
}


def _line(number: int, line: str, now: datetime) -> Parsed:
    """What one line says. Raises ValueError."""
    if len(line) > LONGEST_LINE:
        raise ValueError(f"longer than {LONGEST_LINE:,} characters")
    if _SURROGATE.search(line):  # what a reader with "surrogateescape" makes of bytes that are not UTF-8
        raise ValueError("not valid UTF-8")
    try:
        values = json.loads(line)
    except RecursionError as error:
        raise ValueError("not JSON: nested too deeply") from error
    except json.JSONDecodeError as error:
        hint = f"; {ONE_A_LINE}" if line.lstrip().startswith("[") else ""
        raise ValueError(f"not JSON: {error.msg} at column {error.colno}{hint}") from error
    if not isinstance(values, dict):
        raise ValueError(f"not a JSON object; {ONE_A_LINE}")
    given = {key: value for key, value in values.items() if value is not None}
    if "verb" in given and "url" not in given:  # a line of `onecopy words --json`
        return Parsed(number, None, (WordLine.model_validate(given).word(),))
    row = Line.model_validate(given)
    words = tuple(one.word() for one in row.words)
    page = None if row.text else row.html
    return Parsed(number, _article(row, now), words, page, own_identity=row.canonical_url is not None)


def _article(row: Line, now: datetime) -> Article:
    """The article of one line, as far as the line says it. Raises ValueError."""
    if not is_http(row.url):
        raise ValueError(f"url: {redact(row.url)[:100]!r} is not an http(s) URL")
    if not row.text and not row.html:
        raise ValueError("text: missing (text or html is required)")
    return Article(
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
