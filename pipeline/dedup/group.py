"""Grouping without a store: the same decision over articles held in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from pipeline.dedup.fingerprint import of_reading
from pipeline.dedup.match import verify
from pipeline.dedup.place import compare_with, decide
from pipeline.dedup.text import read
from pipeline.dedup.thresholds import Thresholds
from pipeline.model import Article, Copy, Match, Member, Word
from pipeline.moments import known
from pipeline.urls import canonical_url, site
from pipeline.words import in_force

UNKNOWN_TIME = datetime(1970, 1, 1, tzinfo=UTC)


def compare(a: str, b: str) -> Match | None:
    """Compare two texts (paragraphs separated by newlines); None when they have nothing to do with each other.

    The result calls them "a:" and "b:"; its ``kind`` ("copy", "spun", "excerpt", "contained", "quoted" or "") is as in
    :class:`~pipeline.model.Match`, its ``jaccard`` and containments are exact, over word 5-grams. Raises TypeError for
    what is no text.

    >>> compare("One text.", "Another text.") is None
    True
    """
    return verify(as_article({"url": "a:", "text": a}), as_article({"url": "b:", "text": b}))


def group(
    articles: Iterable[Mapping[str, Any]], thresholds: Thresholds | None = None, words: Iterable[Word] = ()
) -> dict[str, int]:
    """Which articles are the same piece: url -> number of its story, from 1 in the order of the input.

    Each article is a mapping with ``url`` and ``text``; ``title``, ``byline``, ``published_at`` (aware datetime or ISO
    8601) and ``canonical_url`` help. The groups don't depend on the order of the input. ``words`` are what people said
    about articles, by canonical URL; of words that contradict each other the later one counts. Of several articles at
    one canonical URL the first counts. Raises KeyError for one without ``url`` or ``text``, TypeError for a ``text``
    that is none, ValueError for a time in another form.

    >>> group([{"url": "https://a.example/1", "text": "x"}, {"url": "https://b.example/2", "text": "y"}])
    {'https://a.example/1': 1, 'https://b.example/2': 2}
    """
    rows = [(str(row["url"]), as_article(row)) for row in articles]
    home: dict[str, str] = {}
    for first, copies in decide_all([article for _, article in rows], thresholds, words):
        home |= {copy.canonical_url: first for copy in copies}
    numbers: dict[str, int] = {}
    return {url: numbers.setdefault(home[article.canonical_url], len(numbers) + 1) for url, article in rows}


def decide_all(
    articles: Iterable[Article],
    thresholds: Thresholds | None = None,
    words: Iterable[Word] = (),
) -> Iterator[tuple[str, tuple[Copy, ...]]]:
    """All stories of a set of articles: (canonical URL of the original, copies), as a store would come to hold them."""
    members: dict[str, Member] = {}
    index: dict[int, list[str]] = defaultdict(list)
    matches: list[Match] = []
    for article in articles:
        if article.canonical_url in members:
            continue
        one = Member(article, of_reading(read(article.text, article.title)))
        candidates = {url for key in one.fingerprint.bands for url in index[key]}
        matches += compare_with(one, [members[url] for url in sorted(candidates)], thresholds)
        members[article.canonical_url] = one
        for key in one.fingerprint.bands:
            index[key].append(article.canonical_url)
    yield from decide(members, matches, bonds=in_force(words))


def as_article(row: Mapping[str, Any]) -> Article:
    """An article from a mapping with the keys of ``onecopy export``; only ``url`` and ``text`` are needed."""
    url, text = str(row["url"]), row["text"]
    if not isinstance(text, str):
        raise TypeError(f"the text of {url} is {type(text).__name__}, not str")
    byline = row.get("byline") or ()
    return Article(
        url=url,
        canonical_url=str(row.get("canonical_url") or canonical_url(url)),
        site=str(row.get("site") or site(url)),
        title=row.get("title"),
        byline=(byline,) if isinstance(byline, str) else tuple(byline),
        published_at=_moment(row.get("published_at")),
        first_seen_at=_moment(row.get("first_seen_at")) or UNKNOWN_TIME,
        language=row.get("language"),
        text=text,
        method=str(row.get("method") or "given"),
    )


def _moment(value: Any) -> datetime | None:
    if isinstance(value, str) and value:
        value = datetime.fromisoformat(value)
    return known(value) if isinstance(value, datetime) else None
