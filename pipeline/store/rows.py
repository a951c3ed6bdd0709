"""Rows to nouns and back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields, replace
from datetime import datetime
from typing import Any, Final, TypeVar

from sqlalchemy import Row, select

from pipeline.model import Article, Credit, Entry, Feed, Fingerprint, Kind, Link, Match, Route
from pipeline.store.columns import as_utc, clean, pack_keys, unpack_keys, url_key
from pipeline.store.schema import article, feed, fingerprint, push

T = TypeVar("T")

AnyRow = Row[*tuple[Any, ...]]

SITE_CHARACTERS: Final = 255  # the column is indexed; a host name has at most 253 (RFC 1035 §2.3.4)
LANGUAGE_CHARACTERS: Final = 35  # indexed too; RFC 5646 §4.4.1
PARAMETERS: Final = 10_000  # in one IN (...): SQLite takes 32,766 in a statement, PostgreSQL 65,535

ARTICLE_COLUMNS: Final = tuple(column for column in article.c if column.name not in ("names", "canonical_key"))
FINGERPRINT_COLUMNS: Final = tuple(column for column in fingerprint.c if column.name != "article_id")
FEED_COLUMNS: Final = (
    *(column for column in feed.c if column.name not in ("url_key", "claimed_by", "dropped")),
    select(push.c.until).where(push.c.feed_id == feed.c.id).scalar_subquery().label("pushed_until"),
)


def chunks(values: Sequence[T], size: int = PARAMETERS) -> Iterator[Sequence[T]]:
    """``values`` in pieces that fit one statement."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def folded(names: Sequence[str | None]) -> str:
    """Names for finding parts of them whatever the case, one a line."""
    return "\n".join(name.casefold() for name in names if name)


# --- articles ------------------------------------------------------------------------------------------------------


def storable(found: Article) -> Article:
    """The article as it will read once stored, so that it can be compared with what is."""
    return replace(
        found,
        url=clean(found.url),
        canonical_url=clean(found.canonical_url),
        site=clean(found.site)[:SITE_CHARACTERS],
        title=None if found.title is None else clean(found.title),
        language=None if found.language is None else clean(found.language)[:LANGUAGE_CHARACTERS],
        byline=tuple(clean(name) for name in found.byline),
        text=clean(found.text),
    )


def article_values(found: Article) -> dict[str, Any]:
    """Column values of a :func:`storable` article, all but ``seen_at``."""
    return {
        "canonical_key": url_key(found.canonical_url),
        "first_seen_at": found.first_seen_at,
        "published_at": found.published_at,
        "revision": found.revision,
        "site": found.site,
        "title": found.title,
        "byline": found.byline,
        "names": folded(found.byline),
        "url": found.url,
        "canonical_url": found.canonical_url,
        "language": found.language,
        "method": found.method,
        "site_name": found.site_name,
        "declared_url": found.declared_url,
        "source_url": found.source_url,
        "source_title": found.source_title,
        "based_on": found.based_on,
        "feeds": found.feeds,
        "links": [(link.url, link.text) for link in found.links],
        "text": found.text,
        "section": found.section,
        "licence": found.licence,
        "image": found.image,
        "stub": found.stub,
        "place": found.place,
    }


def to_article(row: AnyRow) -> Article:
    """An article from a row with ARTICLE_COLUMNS."""
    return Article(
        url=row.url,
        canonical_url=row.canonical_url,
        site=row.site,
        title=row.title,
        byline=tuple(row.byline),
        published_at=row.published_at,
        first_seen_at=row.first_seen_at,
        language=row.language,
        text=row.text,
        method=row.method,
        site_name=row.site_name,
        declared_url=row.declared_url,
        based_on=tuple(row.based_on),
        source_url=row.source_url,
        source_title=row.source_title,
        links=tuple(Link(url, words) for url, words in row.links),
        revision=row.revision,
        feeds=tuple(row.feeds),
        section=row.section,
        licence=row.licence,
        image=row.image,
        stub=row.stub,
        place=row.place,
    )


def fingerprint_values(article_id: int, made: Fingerprint) -> dict[str, Any]:
    """Column values of a fingerprint."""
    return {
        "article_id": article_id,
        "scheme": made.scheme,
        "shingles": made.shingles,
        "exact": made.exact,
        "signature": made.signature,
        "bands": pack_keys(made.bands),
    }


def to_fingerprint(row: AnyRow) -> Fingerprint:
    """A fingerprint from a row with FINGERPRINT_COLUMNS."""
    return Fingerprint(row.scheme, row.exact, bytes(row.signature), unpack_keys(bytes(row.bands)), row.shingles)


# --- how they belong together ---------------------------------------------------------------------------------------


def match_values(found: Match, a_id: int, b_id: int) -> dict[str, Any]:
    """Column values of a match."""
    return {
        "a_id": a_id,
        "b_id": b_id,
        "jaccard": found.jaccard,
        "containment_a": found.containment_a,
        "containment_b": found.containment_b,
        "shared": found.shared,
        "kind": found.kind,
        "route": found.route.value,
        "scheme": found.scheme,
        "passage": found.passage,
        "reason": found.reason,
    }


ROUTES: Final = {route.value: route for route in Route}  # a tenth of the cost of asking the class
MATCH_COLUMNS: Final = ("a_id", "b_id", *(one.name for one in fields(Match)[2:]))  # in the order of Match


def to_match(row: AnyRow, a: str, b: str) -> Match:
    """A match from a row of the table, between the articles at ``a`` and ``b``."""
    return Match(
        a=a,
        b=b,
        jaccard=row.jaccard,
        containment_a=row.containment_a,
        containment_b=row.containment_b,
        shared=row.shared,
        kind=row.kind,
        route=ROUTES[row.route],
        passage=row.passage,
        scheme=row.scheme,
        reason=row.reason,
    )


def to_credit(stored: dict[str, Any] | None) -> Credit | None:
    """A credit from its JSON."""
    return None if stored is None else Credit(**stored)


def to_kind(stored: str) -> Kind:
    """A kind of copy from its word."""
    return Kind(stored)


# --- feeds and entries ----------------------------------------------------------------------------------------------


def to_feed(row: AnyRow) -> Feed:
    """A feed from a row with FEED_COLUMNS."""
    return Feed(
        id=row.id,
        url=row.url,
        name=row.name,
        folder=row.folder,
        enabled=row.enabled,
        etag=_bytes(row.etag),
        last_modified=_bytes(row.last_modified),
        body_hash=_bytes(row.body_hash),
        failures=row.failures,
        last_fetched_at=row.last_fetched_at,
        next_fetch_at=row.next_fetch_at,
        last_outcome=row.last_outcome,
        last_error=row.last_error,
        title=row.title,
        site_url=row.site_url,
        interval_s=row.interval_s,
        ttl_s=row.ttl_s,
        skip_hours=_from_bits(row.skip_hours),
        skip_days=_from_bits(row.skip_days),
        full_at=row.full_at,
        failing_since=row.failing_since,
        moved_to=row.moved_to,
        moves=row.moves,
        moved_since=row.moved_since,
        pushed_until=row.pushed_until,
    )


def to_bits(numbers: frozenset[int]) -> int:
    """Small numbers as one: bit n is set when n is among them."""
    return sum(1 << number for number in numbers)


def _from_bits(bits: int) -> frozenset[int]:
    return frozenset(number for number in range(bits.bit_length()) if bits >> number & 1)


def _bytes(value: bytes | memoryview | None) -> bytes | None:
    return None if value is None else bytes(value)


def entry_payload(found: Entry) -> dict[str, Any]:
    """All of an entry, for JSON; what is at its default is left out."""
    values = {name: value for name, value in asdict(found).items() if value not in (None, (), "")}
    for name in _ENTRY_TIMES & values.keys():
        values[name] = as_utc(values[name]).isoformat()
    return values


def to_entry(payload: dict[str, Any]) -> Entry:
    """Undo :func:`entry_payload`."""
    values = {"key": "", "guid": None, "url": None, "title": None, **payload}
    values["authors"] = tuple(values.get("authors", ()))
    for name in _ENTRY_TIMES & values.keys():
        values[name] = datetime.fromisoformat(values[name])
    return Entry(**values)


_ENTRY_TIMES: Final = {"published_at", "updated_at"}
