"""The one place that decides on stories: read what bears on an article, let the caller decide, write the decision."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import Final

from sqlalchemy import Connection, bindparam, insert, select, update

from pipeline.model import Article, Fingerprint, Neighbours, Placement, Saved
from pipeline.store import bands
from pipeline.store.around import around
from pipeline.store.columns import KEY_MASK, address_key, clean, url_key
from pipeline.store.entries import Arrival, settle_twins
from pipeline.store.heirs import settle_home, wake
from pipeline.store.membership import Membership, Upserts
from pipeline.store.replay import Replay
from pipeline.store.rows import (
    ARTICLE_COLUMNS,
    FINGERPRINT_COLUMNS,
    article_values,
    fingerprint_values,
    storable,
    to_article,
    to_fingerprint,
)
from pipeline.store.schema import READ, article, entry, fingerprint, revision
from pipeline.store.search import Document, SearchIndex
from pipeline.store.webhooks import COPY_JOINED, NEW_STORY, announce, is_listened
from pipeline.store.words import Spoken
from pipeline.versions import same_but_for_the_clock


class Placing:
    """One serialised write transaction, in which any number of articles is placed one after the other."""

    def __init__(
        self, connection: Connection, upserts: Upserts, index: SearchIndex, now: datetime, unread_again: float
    ) -> None:
        self._connection = connection
        self._upserts = upserts
        self._index = index
        self._now = now
        self._unread_again = unread_again
        self._arrivals: list[Arrival] = []
        self._searched: dict[int, Document] = {}  # by article: what the search index holds, and is to forget
        self._found: dict[int, Document] = {}  # and what it is to hold instead
        self._membership = Membership(connection, upserts)
        self.words = Spoken(connection)
        self.replay = Replay(connection)

    def merged(self, found: Article) -> Article:
        """``found`` with what the store knows of it already: what is to be placed and saved. As given when it is new.

        A missing value never replaces one that is there; the earliest sighting, the first address and all feeds stay.
        """
        url = clean(found.canonical_url)
        row = self._connection.execute(_BY_IDENTITY, {"key": url_key(url)}).one_or_none()
        self._membership.found(url, None if row is None else row.id)
        if row is None:
            return found
        before = to_article(row)
        return _merged(before, storable(found), _revised(before, storable(found)))

    def neighbours(self, found: Article, made: Fingerprint, limit: int) -> Neighbours:
        """All that the store knows that bears on ``found``.

        Its own stored revision (same canonical URL); as candidates at most ``limit`` articles that share keys with
        ``made`` within its scheme, most shared first, ties by canonical URL; as members both and everything that joins
        them, and what they quote or are quoted by, at most 2,000; the matches among members, and what people said.
        """
        me = clean(found.canonical_url)
        own = self._membership.id_of(me)
        candidates = bands.sharing(self._connection, made, limit, but=own, site=found.site)
        return self._around(candidates if own is None else [own, *candidates], [me], candidates)

    def around(self, canonical_urls: Collection[str]) -> Neighbours:
        """As :meth:`neighbours`, of stored articles and without looking for candidates."""
        ids = [found for url in canonical_urls if (found := self._membership.id_of(clean(url))) is not None]
        return self._around(ids, canonical_urls, ())

    def _around(self, ids: Sequence[int], urls: Collection[str], candidates: Sequence[int]) -> Neighbours:
        members, found = around(self._connection, self.words, ids, urls)
        self._membership.remember(members)
        names = {one.id: one.member.article.canonical_url for one in members}
        return replace(found, candidates=tuple(names[one] for one in candidates if one in names))

    def settle(self, placement: Placement, renewed: Collection[str] = ()) -> None:
        """Write a decision on stored articles; its matches replace all that is stored about ``renewed``.

        Raises ValueError for a placement that does not fit what is stored; the transaction is then to be given up.
        """
        self._membership.settle(placement, renewed)

    def save(
        self,
        found: Article,
        made: Fingerprint,
        placement: Placement,
        entry_id: int | None = None,
        feed: str | None = None,
        read_at: datetime | None = None,
    ) -> Saved:
        """Store an article and the decision on it.

        "new": stored with the revision, the feeds and the first-seen time that it brings. "revised": title or text
        read differently than before, in more than the time of day that a page prints; the old ones stay in its
        history. "unchanged" otherwise; other fields are brought up to date, a missing value never replaces one that is
        there. ``entry_id`` is the claimed entry that led here: it is marked as read, unless the feed has published it
        anew since, and webhooks are to be told. ``feed`` is a name to add to the feeds that carried the article.
        ``read_at`` is when its page was fetched: other feeds' entries that said before then that it has changed are
        read with it.

        Raises ValueError for a placement that does not fit what is stored; the transaction is then to be given up.
        """
        found = storable(found)
        if feed is not None:
            found = replace(found, feeds=(*found.feeds, clean(feed)))
        met_at = {found.url, found.canonical_url}
        article_id = self._membership.id_of(found.canonical_url)
        if article_id is None:
            found = replace(found, feeds=tuple(dict.fromkeys(found.feeds)))
            article_id = self._insert(found, made)
            status = "new"
        else:
            found, status = self._update(article_id, found, made)
        settled = self._membership.apply(placement, found, article_id, is_new=status == "new")
        keys = {address_key(url) for url in met_at}
        if entry_id is not None:
            keys.update(self._mark_read(entry_id, article_id))
            if settled.new_story:
                settle_home(self._connection, settled.story, entry_id)
            if (settled.new_story or status == "new") and self._listened:
                announce(self._connection, NEW_STORY if settled.new_story else COPY_JOINED, settled.story, article_id)
        if self._unread_again and status == "new" and not settled.new_story:
            wake(self._connection, settled.story, article_id, self._unread_again)
        self._arrivals.append(Arrival(article_id, found, frozenset(keys), entry_id, read_at))
        return Saved(article_id, settled.story, status, settled.new_story, settled.copies)

    def finish(self) -> None:
        """Write what no decision reads, of all articles at once: addresses, entries that led there, too, search index.

        The search index last: FTS5 gathers what it is given in memory, and writes it out as a segment of its own as
        soon as another statement of the transaction needs a savepoint (``xSavepoint``,
        https://www.sqlite.org/vtab.html): one for each article, which are then merged again and again.
        """
        addresses = {key: one.article_id for one in self._arrivals for key in one.keys}
        if addresses:
            rows = [{"url_key": key, "article_id": addresses[key]} for key in sorted(addresses)]
            self._connection.execute(self._upserts.address, rows)
            settle_twins(self._connection, self._arrivals)
        self._index.remove(self._connection, self._searched)
        self._index.add(self._connection, self._found)

    @cached_property
    def _listened(self) -> bool:
        """Whether anybody is to be told of anything: asked once for all articles, and nobody is as a rule."""
        return is_listened(self._connection)

    def _insert(self, found: Article, made: Fingerprint) -> int:
        values = {**article_values(found), "seen_at": found.first_seen_at}
        key = self._connection.execute(_INSERT_ARTICLE, values).inserted_primary_key
        assert key is not None
        article_id = int(key[0])
        self._membership.added(found.canonical_url, article_id)
        self._connection.execute(_INSERT_FINGERPRINT, fingerprint_values(article_id, made))
        bands.add(self._connection, article_id, made.bands)
        self._found[article_id] = _document(found)
        return article_id

    def _update(self, article_id: int, found: Article, made: Fingerprint) -> tuple[Article, str]:
        row = self._connection.execute(_STORED, {"id": article_id}).one()
        before = to_article(row)
        # Two feeds that carry one page may name other authors: that is no new version of it.
        revised = _revised(before, found)
        now = _merged(before, found, revised)
        if now != before:
            seen_at = self._now if revised else row.seen_at
            self._connection.execute(_UPDATE_ARTICLE, {**article_values(now), "seen_at": seen_at, "the_id": article_id})
        if revised:
            self._keep_revision(article_id, before, row.seen_at)
        if (before.title, before.text) != (now.title, now.text):
            if article_id not in self._found:
                self._searched[article_id] = _document(before)
            self._found[article_id] = _document(now)
        self._replace_fingerprint(article_id, to_fingerprint(row), made)
        return now, "revised" if revised else "unchanged"

    def _keep_revision(self, article_id: int, before: Article, seen_at: datetime) -> None:
        values = {
            "article_id": article_id,
            "revision": before.revision,
            "seen_at": seen_at,
            "title": before.title,
            "byline": before.byline,
            "text": before.text,
        }
        self._connection.execute(_INSERT_REVISION, values)

    def _replace_fingerprint(self, article_id: int, before: Fingerprint, made: Fingerprint) -> None:
        if before == replace(made, bands=tuple(key & KEY_MASK for key in made.bands)):
            return
        bands.remove(self._connection, article_id, before.bands)
        bands.add(self._connection, article_id, made.bands)
        values = fingerprint_values(article_id, made)
        self._connection.execute(_UPDATE_FINGERPRINT, {**values, "the_id": article_id})

    def _mark_read(self, entry_id: int, article_id: int) -> list[bytes]:
        row = self._connection.execute(_MARK_READ, {"the_id": entry_id, "the_article": article_id}).one_or_none()
        return [] if row is None or row.url_key is None else [bytes(row.url_key)]


def _revised(before: Article, found: Article) -> bool:
    if found.stub and not before.stub:
        return False
    # A headline that only one of the two readings found says nothing about the text.
    titles = (before.title or found.title or "", found.title or before.title or "")
    return not same_but_for_the_clock(f"{titles[0]}\n{before.text}", f"{titles[1]}\n{found.text}")


def _merged(before: Article, found: Article, revised: bool) -> Article:
    """The stored article after it was read again; what stands before a wall does not replace the article."""
    if found.stub and not before.stub:
        found = replace(found, title=before.title, text=before.text, stub=False)
    # The text that is there keeps what was known of it; a new text brings its own.
    first, second = (found, before) if revised else (before, found)
    return replace(
        found,
        url=before.url,
        title=found.title or before.title,
        first_seen_at=min(before.first_seen_at, found.first_seen_at),
        revision=max(before.revision + revised, found.revision),
        feeds=tuple(dict.fromkeys((*before.feeds, *found.feeds))),
        byline=first.byline or second.byline,
        published_at=first.published_at or second.published_at,
        language=first.language or second.language,
        site_name=first.site_name or second.site_name,
        declared_url=first.declared_url or second.declared_url,
        based_on=first.based_on or second.based_on,
        source_url=first.source_url or second.source_url,
        source_title=first.source_title or second.source_title,
        links=first.links or second.links,
        method=first.method,
        section=first.section or second.section,
        licence=first.licence or second.licence,
        image=first.image or second.image,
        place=first.place or second.place,
    )


def _document(found: Article) -> Document:
    return Document(found.title, found.byline, found.text)


_INSERT_ARTICLE: Final = insert(article)
_INSERT_FINGERPRINT: Final = insert(fingerprint)
_INSERT_REVISION: Final = insert(revision)
_STORED: Final = (
    select(*ARTICLE_COLUMNS, *FINGERPRINT_COLUMNS)
    .join(fingerprint, fingerprint.c.article_id == article.c.id)
    .where(article.c.id == bindparam("id"))
)
_BY_IDENTITY: Final = select(*ARTICLE_COLUMNS).where(article.c.canonical_key == bindparam("key"))
_UPDATE_ARTICLE: Final = update(article).where(article.c.id == bindparam("the_id"))
_UPDATE_FINGERPRINT: Final = update(fingerprint).where(fingerprint.c.article_id == bindparam("the_id"))
_MARK_READ: Final = (
    update(entry)
    .where(entry.c.id == bindparam("the_id"), entry.c.claimed_by.is_not(None))
    .values(
        state=READ,
        article_id=bindparam("the_article"),
        payload=None,
        claimed_by=None,
        next_try_at=None,
        last_error=None,
    )
    .returning(entry.c.url_key)
)
