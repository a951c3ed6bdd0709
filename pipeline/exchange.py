"""The JSON that goes out and in: one record an article, a story, a feed; the same keys both ways.

What comes in is checked line by line, and then goes by the same steps as after a crawl.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from pipeline.config import Config
from pipeline.errors import DocumentError
from pipeline.model import Article, CopyRow, Crawl, Credit, Failure, Feed, Link, Member, StoryRow, StoryView
from pipeline.urls import canonical_url, is_http, redact, site

if TYPE_CHECKING:
    from pipeline.store import Store

Record = dict[str, Any]

_SURROGATE = re.compile("[\ud800-\udfff]")

KNOWN_AS = ("copy", "spun", "excerpt", "contained")  # a passage in common ("quoted") does not make a text known

LONGEST_LINE = 50_000_000  # characters: an article's text is at most 5 MB of page, escaped in JSON


def copy_record(copy: CopyRow) -> Record:
    """One stored article, with the keys of ``export``."""
    article = copy.article
    return {
        "url": article.url,
        "canonical_url": article.canonical_url,
        "story": copy.story,
        "original": copy.original,
        "kind": str(copy.kind),
        "copied_from": copy.copied_from,
        "credit": credit_record(copy.credit),
        "title": article.title,
        "byline": list(article.byline),
        "site": article.site,
        "published_at": moment(article.published_at),
        "first_seen_at": moment(article.first_seen_at),
        "language": article.language,
        "text": article.text,
        "revision": article.revision,
        "feeds": list(article.feeds),
        "site_name": article.site_name,
        "declared_url": article.declared_url,
        "based_on": list(article.based_on),
        "source_url": article.source_url,
        "source_title": article.source_title,
        "links": [[link.url, link.text] for link in article.links],
        "method": article.method,
    }


def credit_record(credit: Credit | None) -> Record | None:
    """Who had it first, with the words it was read from."""
    if credit is None:
        return None
    return {
        "author": credit.author,
        "publisher": credit.publisher,
        "basis": credit.basis,
        "line": credit.line,
        "confidence": credit.confidence,
    }


def story_record(row: StoryRow) -> Record:
    """One story, with the keys of ``stories --json``."""
    return {
        "id": row.id,
        "title": row.title,
        "byline": list(row.byline),
        "site": row.site,
        "url": row.url,
        "published_at": moment(row.published_at),
        "first_seen_at": moment(row.first_seen_at),
        "copies": row.copies,
        "sites": row.sites,
    }


def view_record(view: StoryView) -> Record:
    """One story whole, with the keys of ``story ID --json``."""
    members = [
        copy_record(copy) | {"similarity": copy.similarity, "evidence": list(copy.evidence)} for copy in view.members
    ]
    return story_record(view.row) | {"credit": credit_record(view.credit), "members": members}


def check_record(copy: CopyRow, known_as: str, similarity: float) -> Record:
    """One answer of ``check``: the stored article, and what the text asked about is to it."""
    return {"known_as": known_as, "similarity": similarity} | copy_record(copy)


def feed_record(feed: Feed, counts: Mapping[str, int]) -> Record:
    """One feed with its state, with the keys of ``feeds --json``; the URL without user name and password."""
    return {
        "name": feed.name,
        "url": redact(feed.url),
        "folder": feed.folder,
        "title": feed.title,
        "site_url": feed.site_url,
        "enabled": feed.enabled,
        "last_outcome": feed.last_outcome,
        "last_error": feed.last_error,
        "failures": feed.failures,
        "last_fetched_at": moment(feed.last_fetched_at),
        "next_fetch_at": moment(feed.next_fetch_at),
        "interval_s": feed.interval_s,
        **counts,
    }


def crawl_record(result: Crawl) -> Record:
    """One run, with the keys of ``crawl --json``."""
    return asdict(result) | {"failures": [failure_record(failure) for failure in result.failures]}


def import_record(result: ImportResult) -> Record:
    """One import, with the keys of ``import --json``."""
    return asdict(result) | {"failures": [failure_record(failure) for failure in result.failures]}


def failure_record(failure: Failure) -> Record:
    """Something that a run could not do."""
    return {
        "what": failure.what,
        "url": redact(failure.url),
        "reason": failure.reason,
        "message": redact(failure.message),
    }


def moment(value: datetime | None) -> str | None:
    """A moment in RFC 3339, UTC."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if value else None


def _utc(value: Any) -> Any:
    """A moment without a zone is taken as UTC, as in feeds and pages."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return value
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value


Moment = Annotated[AwareDatetime, BeforeValidator(_utc)]


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


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did; ``failures`` name the lines that could not be used."""

    lines: int = 0
    new_articles: int = 0
    revised_articles: int = 0
    unchanged_articles: int = 0
    new_stories: int = 0
    joined: int = 0
    failures: tuple[Failure, ...] = field(default=())


def import_lines(config: Config, store: Store, lines: Iterable[str], batch: int) -> ImportResult:
    """Import lines, ``batch`` articles a transaction. What was imported before an error stays."""
    from pipeline.dedup import Thresholds, fingerprint, place

    thresholds = Thresholds.of(config.dedup)
    result = ImportResult()
    for articles in _batches(_articles(lines), batch):
        with store.articles.placing() as placing:
            for article in articles:
                result = replace(result, lines=result.lines + 1)
                if isinstance(article, Failure):
                    result = replace(result, failures=(*result.failures, article))
                    continue
                made = fingerprint(article.text, article.title)
                known = placing.merged(article)
                neighbours = placing.neighbours(known, made, config.dedup.candidates)
                placement = place(known, made, neighbours, thresholds)
                saved = placing.save(known, made, placement)
                result = replace(
                    result,
                    new_articles=result.new_articles + (saved.status == "new"),
                    revised_articles=result.revised_articles + (saved.status == "revised"),
                    unchanged_articles=result.unchanged_articles + (saved.status == "unchanged"),
                    new_stories=result.new_stories + saved.new_story,
                    joined=result.joined + (saved.status == "new" and not saved.new_story),
                )
    return result


def _batches(articles: Iterator[Article | Failure], size: int) -> Iterator[list[Article | Failure]]:
    batch: list[Article | Failure] = []
    for article in articles:
        batch.append(article)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _articles(lines: Iterable[str]) -> Iterator[Article | Failure]:
    now = datetime.now(UTC)
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield _article(line, now)
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


def _article(line: str, now: datetime) -> Article:
    """The article of one line. Raises ValueError or DocumentError."""
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
    row = Line.model_validate({key: value for key, value in values.items() if value is not None})
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
    )


def known_as(
    text: str, title: str | None, candidates: Sequence[Member], copy_of: Callable[[Member], CopyRow]
) -> list[tuple[CopyRow, str, float]]:
    """Which of the candidates hold this text: (copy, one of ``KNOWN_AS``, Jaccard), best first."""
    from pipeline.dedup.match import verify

    asked = Article(
        url="check:",
        canonical_url="check:",
        site="",
        title=title,
        byline=(),
        published_at=None,
        first_seen_at=datetime.now(UTC),
        language=None,
        text=text,
        method="check",
    )
    found = [(verify(asked, member.article), member) for member in candidates]
    known = [(match, member) for match, member in found if match is not None and match.kind in KNOWN_AS]
    known.sort(key=lambda pair: (-pair[0].jaccard, pair[1].article.canonical_url))
    return [(copy_of(member), match.kind, match.jaccard) for match, member in known]
