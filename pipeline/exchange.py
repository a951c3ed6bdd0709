"""The JSON that goes out: one record an article, a story, a feed; :mod:`pipeline.importing` reads the same keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pipeline.model import (
    Article,
    CopyRow,
    Crawl,
    Credit,
    Failure,
    Feed,
    Learned,
    Member,
    StoryRow,
    StoryView,
    Word,
)
from pipeline.urls import redact

if TYPE_CHECKING:
    from pipeline.importing import ImportResult
    from pipeline.replay import Change, Regrouping
    from pipeline.store.webhooks import Webhook

Record = dict[str, Any]

KNOWN_AS = ("copy", "spun", "excerpt", "contained")  # a passage in common ("quoted") does not make a text known


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
        "section": article.section,
        "licence": article.licence,
        "image": article.image,
        "stub": article.stub,
    }


def export_lines(copies: Iterable[CopyRow], words: Iterable[Word]) -> Iterator[Record]:
    """The lines of ``export``: each word stands once, with the first of the articles that it names."""
    said: dict[str, list[Word]] = defaultdict(list)
    for word in words:
        for url in dict.fromkeys((*word.urls, *word.others)):
            said[url].append(word)
    done: set[Word] = set()
    for copy in copies:
        fresh = [word for word in said.get(copy.article.canonical_url, ()) if word not in done]
        done.update(fresh)
        yield copy_record(copy) | {"words": [word_record(word) for word in fresh]}


def word_record(word: Word) -> Record:
    """What a person said, with the keys of ``words --json``."""
    return {
        "verb": str(word.verb),
        "urls": list(word.urls),
        "others": list(word.others),
        "said_at": moment(word.said_at),
        "source": word.source,
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
        "pushed_until": moment(feed.pushed_until),
        **counts,
    }


def learned_record(found: Learned) -> Record:
    """What was learned of one site, with the keys of ``feeds learned --json``."""
    return {
        "site": found.site,
        "version": found.version,
        "learned_at": moment(found.learned_at),
        "pages": found.pages,
        "place": found.place,
        "furniture": [[one.line, one.pages] for one in found.furniture],
    }


def webhook_record(one: Webhook) -> Record:
    """One webhook with its state, with the keys of ``webhooks --json``; the URL without user name and password."""
    return {
        "url": redact(one.url),
        "events": list(one.events),
        "sent": one.sent,
        "waiting": one.waiting,
        "lost": one.lost,
        "failures": one.failures,
        "failing_since": moment(one.failing_since),
        "gone_at": moment(one.gone_at),
        "last_sent_at": moment(one.last_sent_at),
        "last_error": one.last_error,
    }


def crawl_record(result: Crawl) -> Record:
    """One run, with the keys of ``crawl --json``."""
    return asdict(result) | {"failures": [failure_record(failure) for failure in result.failures]}


def import_record(result: ImportResult) -> Record:
    """One import, with the keys of ``import --json``."""
    return asdict(result) | {"failures": [failure_record(failure) for failure in result.failures]}


def regroup_record(result: Regrouping) -> Record:
    """A replay of the grouping, with the keys of ``regroup --json``."""
    return {
        "articles": result.articles,
        "stories": result.stories,
        "renewed": result.renewed,
        "applied": result.applied,
        "gained": [_changed(change) for change in result.changes if change.gained],
        "lost": [_changed(change) for change in result.changes if not change.gained],
    }


def _changed(change: Change) -> Record:
    parts = [{"story": part.story, "urls": list(part.urls)} for part in change.parts]
    return {"copies": change.copies, "title": change.title, "parts": parts}


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
