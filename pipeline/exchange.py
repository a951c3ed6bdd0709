"""The JSON that goes out: one record an article, a story, a feed; :mod:`pipeline.importing` reads the same keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.model import (
    Article,
    CopyRow,
    Crawl,
    Credit,
    Failure,
    Feed,
    Learned,
    Match,
    Member,
    StoryRow,
    StoryView,
    Word,
)
from pipeline.urls import canonical_url, masked, redact

if TYPE_CHECKING:
    from pipeline.config import DedupSettings
    from pipeline.dedup.why import Compared, Passage, Reasons
    from pipeline.importing import ImportResult
    from pipeline.replay import Change, Regrouping
    from pipeline.review import Label, Question
    from pipeline.store.webhooks import Webhook

Record = dict[str, Any]

KNOWN_AS = ("copy", "spun", "excerpt", "contained")  # a passage in common ("quoted") does not make a text known


class Known(NamedTuple):
    """A stored article that holds a text that was asked about. The figures are shares of shingles, 0 to 1."""

    copy: CopyRow
    known_as: str  # what the text is to it: one of ``KNOWN_AS``
    similarity: float  # Jaccard
    containment: float  # how much of the text asked about stands in the stored one
    coverage: float  # how much of the stored one stands in the text asked about


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
        "url": credit.url,
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


def check_record(known: Known) -> Record:
    """One answer of ``check``: the stored article, and what the text asked about is to it."""
    figures = {"similarity": known.similarity, "containment": known.containment, "coverage": known.coverage}
    return {"known_as": known.known_as, **figures} | copy_record(known.copy)


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
    """One webhook with its state, with the keys of ``webhooks --json``; the URL as :func:`~pipeline.urls.masked`."""
    return {
        "url": masked(one.url),
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


def why_record(copy: CopyRow, why: Reasons, settings: DedupSettings) -> Record:
    """Why one copy is where it is, with the keys of ``story ID --why --json``."""
    me = copy.article.canonical_url
    source = copy.copied_from and canonical_url(copy.copied_from)
    return {
        "joins": [pair_record(pair, me, settings) for pair in why.joins],
        "pairs": why.pairs,
        "cut": [{"role": mark.role, "line": mark.line} for mark in why.cut],
        "claims": [
            {
                "source": claim.target,
                "basis": claim.basis,
                "line": claim.line,
                "confidence": claim.confidence,
                "taken": claim.target == source,
            }
            for claim in why.claims
        ],
        "by_hand": [
            {
                "with": bond.b if bond.a == me else bond.a,
                "together": bond.together,
                "said_at": moment(bond.said_at),
            }
            for bond in why.bonds
        ],
    }


def pair_record(pair: Compared, here: str, settings: DedupSettings) -> Record:
    """Two articles beside each other, as seen from the one at ``here`` (canonical URL)."""
    match = pair.match
    turned = match is not None and match.b == here
    only_here, only_there = (pair.only_b, pair.only_a) if turned else (pair.only_a, pair.only_b)
    return {
        **(_match(match, turned) if match is not None else {}),
        "thresholds": {"copy_jaccard": settings.copy_jaccard, "excerpt_containment": settings.excerpt_containment},
        "passages": [_passage(one, turned) for one in pair.passages],
        "only_here": [{"words": one.words, "start": _start(one), "quote": one.quote} for one in only_here],
        "only_there": [{"words": one.words, "start": _start(one), "quote": one.quote} for one in only_there],
    }


def question_record(question: Question, settings: DedupSettings) -> Record:
    """A pair that was decided narrowly, with the keys of ``review --json``."""
    sides = {
        name: {
            "url": copy.article.url,
            "story": copy.story,
            "title": copy.article.title,
            "site": copy.article.site,
            "published_at": moment(copy.article.published_at),
        }
        for name, copy in (("a", question.a), ("b", question.b))
    }
    return {"pair": question.pair} | sides | pair_record(question.compared, question.a.article.canonical_url, settings)


def label_record(label: Label) -> Record:
    """An answer, with the keys of ``review --labels``."""
    match = label.match
    return {
        "a": label.bond.a,
        "b": label.bond.b,
        "answer": "yes" if label.bond.together else "no",
        "said_at": moment(label.bond.said_at),
        "kind": (match.kind or "similar") if match else None,
        "reason": match.reason if match else None,
        "jaccard": match.jaccard if match else None,
        "containment_a": match.containment_a if match else None,
        "containment_b": match.containment_b if match else None,
        "scheme": match.scheme if match else None,
    }


def _match(match: Match, turned: bool) -> Record:
    here, there = (match.containment_b, match.containment_a) if turned else (match.containment_a, match.containment_b)
    return {
        "with": match.a if turned else match.b,
        "kind": match.kind or "similar",
        "route": str(match.route),
        "reason": match.reason,
        "jaccard": match.jaccard,
        "of_this": here,
        "of_that": there,
        "shared": match.shared,
        "scheme": match.scheme,
    }


def _passage(one: Passage, turned: bool) -> Record:
    here, there = (one.start_b, one.start_a) if turned else (one.start_a, one.start_b)
    return {"words": one.words, "start": here, "start_there": there, "quote": one.quote}


def _start(one: Passage) -> int | None:
    return one.start_a if one.start_a is not None else one.start_b


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
) -> list[Known]:
    """Which of the candidates hold this text, best first."""
    from pipeline.dedup.match import holds, verify
    from pipeline.dedup.verdict import CONTAINED

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
    known = []
    for match, member in found:
        if match is None or not (match.kind in KNOWN_AS or holds(match)):
            continue
        # Headlines and sites, which an asked text does not have, count when two articles are to be one piece.
        kind = match.kind if match.kind in KNOWN_AS else CONTAINED
        known.append(_known(match, kind, asked.canonical_url, copy_of(member)))
    return sorted(known, key=lambda one: (-one.similarity, one.copy.article.canonical_url))


def _known(match: Match, kind: str, asked: str, copy: CopyRow) -> Known:
    shares = (match.containment_a, match.containment_b)
    here, there = shares if match.a == asked else shares[::-1]
    return Known(copy, kind, match.jaccard, here, there)
