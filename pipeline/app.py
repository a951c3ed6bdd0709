"""The facade, and the only file that names adapters: it puts store, workers and client together."""

from __future__ import annotations

import asyncio
import json
import os
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from pipeline import config as configuration
from pipeline.config import Config, DedupSettings
from pipeline.errors import LockedError
from pipeline.model import CopyRow, Crawl, Feed, Learned, Member, Revision, StoryFilter, StoryRow, StoryView

if TYPE_CHECKING:
    from pipeline.crawl import Progress
    from pipeline.dedup.why import Reasons
    from pipeline.exchange import Known
    from pipeline.importing import ImportResult
    from pipeline.replay import Regrouping
    from pipeline.review import ReviewDesk
    from pipeline.store import Store
    from pipeline.webhooks import Webhooks
    from pipeline.wordbook import WordBook
    from pipeline.work import ProcessWorkers

DAEMON_LOCK = "daemon"
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
GRACE_S = 5.0  # between a wish to stop and giving up what is under way; the daemon promises to end within 10 s


class Pipeline:
    """One store with its configuration: crawl into it, import into it, ask it.

    ``config`` is the path of a ``config.yaml``, a :class:`~pipeline.config.Config`, or None for ``$ONECOPY_CONFIG``,
    else ``./config.yaml``, else the defaults. Questions never wait for a writer: the feeds of the configuration are
    taken over into the store when feeds are first asked for or crawled.

    ::

        with Pipeline("config.yaml") as pipeline:
            result = pipeline.crawl()
            print(result.new_articles, "new,", len(result.failures), "failures")
            for story in pipeline.stories(copies=2):
                print(story.title, "by", ", ".join(story.byline), "on", story.sites, "sites")

    Raises ConfigError for a configuration, StoreError for a store that cannot be used.
    """

    def __init__(self, config: str | os.PathLike[str] | Config | None = None) -> None:
        from pipeline.store import Store

        self.config = config if isinstance(config, Config) else configuration.load(configuration.find(config))
        self.store: Store = Store.open(self.config.store.url)
        self._workers: ProcessWorkers | None = None
        self._webhooks: Webhooks | None = None
        self._mutex = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """End the worker processes, if there are any, and close the store."""
        if self._workers is not None:
            self._workers.close()
            self._workers = None
        self.store.close()

    @cached_property
    def feeds(self) -> FeedBook:
        """The subscriptions, those of the configuration among them. Raises StoreError."""
        self.store.feeds.sync(self.config.feeds)
        return FeedBook(self.store)

    @cached_property
    def words(self) -> WordBook:
        """What people said about articles: merge, split, never merge; for ever, or until it is taken back."""
        from pipeline.wordbook import WordBook

        return WordBook(self.store)

    @property
    def webhooks(self) -> Webhooks:
        """Where stories are announced: one object for all threads, because it sends once. Raises StoreError."""
        from pipeline.webhooks import Webhooks

        with self._mutex:
            if self._webhooks is None:
                self._webhooks = Webhooks(self.config, self.store)
            return self._webhooks

    @cached_property
    def review(self) -> ReviewDesk:
        """Questions about pairs that the rules decided narrowly, and their answers."""
        from pipeline.review import ReviewDesk

        return ReviewDesk(self.store, self.words, self.config.dedup)

    def _processes(self) -> ProcessWorkers:
        """The worker processes: started when first needed, kept until closed."""
        from pipeline.work import ProcessWorkers

        if self._workers is None:
            self._workers = ProcessWorkers(self.config.work, preload=("pipeline.reading", "pipeline.feeds"))
        return self._workers

    # --- filling it ---------------------------------------------------------------------------------------------------

    def crawl(
        self,
        feeds: Sequence[str] | None = None,
        *,
        everything: bool = False,
        progress: Callable[[Progress], None] | None = None,
        stop: threading.Event | None = None,
        announce: bool = True,
    ) -> Crawl:
        """Fetch the feeds that are due (those named by URL or name, due or not; all of them with ``everything``).

        With ``announce``, webhooks are told what waits for them, however long that takes. Raises UnknownName for a name
        that is no feed's. Failures of feeds, pages and webhooks are part of the result.
        """
        book = self.feeds
        names = [book.find(name).url for name in feeds] if feeds is not None else None
        webhooks = self.webhooks  # before: what is found is announced to those of now
        result = asyncio.run(self._crawl(names, everything or names is not None, progress, stop))
        return replace(result, failures=(*result.failures, *webhooks.send(stop))) if announce else result

    async def _crawl(
        self,
        names: Sequence[str] | None,
        force: bool,
        progress: Callable[[Progress], None] | None,
        stop: threading.Event | None,
    ) -> Crawl:
        from dataclasses import asdict

        from pipeline.crawl import Plan, crawl

        self.store.runs.recover()
        run_id = self.store.runs.begin("crawl")
        plan = Plan(run_id, names, force, progress=progress or (lambda _: None))
        result, stopped, idle = Crawl(), False, False
        try:
            task = asyncio.create_task(crawl(self.config, self.store, self._processes(), plan))
            watcher = asyncio.create_task(_watch(stop, plan.stop, task)) if stop is not None else None
            try:
                result = await task
                idle = replace(result, seconds=0.0) == Crawl()
            except asyncio.CancelledError:
                stopped = stop is not None and stop.is_set()
                if not stopped:
                    raise
            finally:
                if watcher is not None:
                    watcher.cancel()
        finally:
            counts = json.dumps(asdict(result) | {"failures": len(result.failures)})
            self.store.runs.finish(run_id, counts, stopped=stopped, idle=idle)
        return result

    def import_lines(self, lines: Iterable[str | bytes], *, batch: int = 200) -> ImportResult:
        """Store articles given one JSON object a line (the keys of :meth:`export`), by the same steps as after a crawl.

        Lines are text, or bytes in UTF-8, such as those of a file that was opened either way.
        A line that cannot be used is reported in the result by its number; the others go in.
        """
        from pipeline.importing import import_lines

        return import_lines(self.config, self.store, self._processes, lines, batch)

    def regroup(
        self,
        settings: DedupSettings | None = None,
        *,
        apply: bool = False,
        progress: Callable[[int], None] | None = None,
    ) -> Regrouping:
        """What the stories would be under other settings (else the configuration's), or after new rules.

        Nothing changes but fingerprints of an older scheme, unless ``apply``; a run that was killed then goes on when
        called again. ``progress`` is told how many articles have been replayed. Raises StoreError.
        """
        from pipeline.replay import regroup

        return regroup(self.store, settings or self.config.dedup, apply=apply, progress=progress or (lambda _: None))

    def backup(self, target: Path) -> None:
        """Copy the whole store to a file, at any time. Raises UsageError on PostgreSQL (pg_dump), StoreError."""
        self.store.back_up(target)

    # --- asking it ----------------------------------------------------------------------------------------------------

    def stories(
        self,
        *,
        copies: int = 1,
        since: datetime | None = None,
        until: datetime | None = None,
        site: str | None = None,
        author: str | None = None,
        limit: int = 50,
    ) -> list[StoryRow]:
        """Stories, newest first: with at least so many copies, of a time, with a copy on a site, by an author."""
        wanted = StoryFilter(copies=copies, since=since, until=until, site=site, author=author, limit=limit)
        return self.store.stories.list(wanted)

    def story(self, story_id: int) -> StoryView:
        """One story with all its copies; an id that was merged away resolves. Raises UnknownName."""
        return self.store.stories.get(story_id)

    def why(self, view: StoryView) -> dict[str, Reasons]:
        """Why the copies of a story are where they are, by canonical URL: what joins, names and was cut."""
        from pipeline.dedup.why import explain

        identity = {copy.article.url: copy.article.canonical_url for copy in view.members}
        first = view.members[0].article.canonical_url
        nearest = {
            copy.article.canonical_url: [identity[url] for url in (copy.copied_from,) if url in identity] + [first]
            for copy in view.members
        }
        with self.store.articles.replaying() as replay:
            known = replay.around([copy.id for copy in view.members])
        return explain(identity.values(), known, nearest)

    def history(self, copy: CopyRow) -> list[Revision]:
        """How a copy read before it was changed, oldest first; empty when it never was."""
        article_id = self.store.articles.by_address(copy.article.url)
        return [] if article_id is None else self.store.articles.revisions(article_id)

    def search(self, query: str, limit: int = 20) -> list[StoryRow]:
        """Stories whose text holds every word of ``query``, best first; any string is a query."""
        return self.store.stories.search(query, limit)

    def export(self) -> Iterator[CopyRow]:
        """Every stored article, in constant memory."""
        return self.store.stories.export()

    def check(self, text: str, title: str | None = None) -> list[Known]:
        """Do we have this text already? The copies that hold it, best first; none when not."""
        from pipeline.dedup import fingerprint
        from pipeline.exchange import known_as

        found = self.store.articles.candidates(fingerprint(text, title), self.config.dedup.candidates)
        return known_as(text, title, found, self._copy_of)

    def _copy_of(self, member: Member) -> CopyRow:
        story = self.store.stories.get(member.story or 0)
        return next(copy for copy in story.members if copy.article.canonical_url == member.article.canonical_url)

    def fetch_text(self, url: str) -> tuple[str, str | None]:
        """The text and title of the page at ``url``, fetched and extracted as in a crawl. Raises OnecopyError."""
        from pipeline.visit import text_at

        return asyncio.run(text_at(self.config, self.store, self._processes(), url))

    def find_feeds(self, url: str) -> list[tuple[str, str]]:
        """The feed at ``url``, or the feeds that the page there links to: (URL, title). Raises OnecopyError."""
        from pipeline.visit import feeds_from

        return asyncio.run(feeds_from(self.config, self.store, self._processes(), url))

    def read_text(self, body: bytes) -> tuple[str, str | None]:
        """The text and title of a document at hand; HTML is extracted as in a crawl, all else is plain text.

        Raises DocumentError; Unreadable for what is neither.
        """
        from pipeline.visit import plain_text, text_of

        text = plain_text(body)
        if not _HTML.search(text[:1024]):
            return text, None
        return asyncio.run(text_of(self.config, self._processes(), "http://localhost/", body, "text/html"))

    # --- being the one daemon -----------------------------------------------------------------------------------------

    def lock_daemon(self) -> None:
        """Become this store's daemon, until closed or dead. Raises LockedError when another one lives."""
        if not self.store.locks.acquire(DAEMON_LOCK):
            raise LockedError(f"another onecopy daemon already works on {self.store.label}")


class FeedBook:
    """The subscriptions of one store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self) -> list[Feed]:
        """Every feed, by name."""
        return self._store.feeds.all()

    def find(self, name: str) -> Feed:
        """The feed of a name, or its own title, or at a URL. Raises UnknownName."""
        return self._store.feeds.find(name)

    def add(self, url: str, name: str | None = None, folder: str | None = None) -> Feed:
        """Subscribe to a feed; one that is there already is returned as it is, turned on again if it was off.

        Raises UsageError for a bad URL.
        """
        from pipeline.errors import UsageError
        from pipeline.urls import is_http, redact

        if not is_http(url):
            raise UsageError(f"{redact(url)!r} is not an http(s) URL")
        return self._store.feeds.add(url, name, folder)

    def rename(self, feed: str, name: str | None = None, folder: str | None = None) -> Feed:
        """Call a feed otherwise, or keep it in another folder. Raises UnknownName, UsageError."""
        return self._store.feeds.rename(feed, name, folder)

    def remove(self, name: str) -> Feed:
        """Unsubscribe; its articles stay. Raises UnknownName."""
        feed = self.find(name)
        self._store.feeds.remove(feed.url)
        return feed

    def import_opml(self, path: Path) -> tuple[list[Feed], list[str]]:
        """Subscribe to the feeds of an OPML file: (feeds, problems by line). Raises DocumentError when it is none."""
        return self.read_opml(path.read_bytes())

    def read_opml(self, body: bytes) -> tuple[list[Feed], list[str]]:
        """As :meth:`import_opml`, from the file's content."""
        from pipeline.feeds import opml

        wanted, problems = opml.read(body)
        return [self._store.feeds.add(one.url, one.name, one.folder) for one in wanted], problems

    def export_opml(self) -> str:
        """All subscriptions as OPML 2.0."""
        from pipeline.feeds import opml

        return opml.write(self.all(), "onecopy")

    def learned(self, site: str | None = None) -> list[Learned]:
        """What was learned of a site (its host, or an address on it), or of all, by name.

        Raises UnknownName while nothing is known of the site.
        """
        if site is None:
            return self._store.learned.all()
        from pipeline.store.columns import site_named

        found = self._store.learned.of(site_named(site))
        if found is None:
            from pipeline.errors import UnknownName

            raise UnknownName(f"nothing was learned of {site!r} yet; that takes ten articles")
        return [found]

    def counts(self) -> Mapping[int, Mapping[str, int]]:
        """Entries, articles, pending and failed by feed id."""
        return self._store.feeds.counts()


async def _watch(wish: threading.Event, stop: asyncio.Event, task: asyncio.Task[Any]) -> None:
    """Turn a wish to stop into a stop of the crawl; after the grace time, cancel what is still under way."""
    while not wish.is_set():
        await asyncio.sleep(0.1)
    stop.set()
    await asyncio.sleep(GRACE_S)
    task.cancel()
