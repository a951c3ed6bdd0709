"""A person's word: these are one story, these are not. Said, listed and taken back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pipeline.errors import UnknownName, UsageError
from pipeline.model import Verb, Word
from pipeline.regroup import say, take_back
from pipeline.urls import canonical_url, is_http, redact
from pipeline.words import after, overruled

if TYPE_CHECKING:
    from pipeline.store import Store


@dataclass(frozen=True, slots=True)
class Said:
    """What one word did: what it replaced, and in which story each article that it names is now (None: not stored)."""

    word: Word
    replaced: tuple[Word, ...]
    stories: tuple[tuple[str, int | None], ...]


class WordBook:
    """What people said about the articles of one store, and the way to say more.

    Articles are named by any address that they were met at, stories by their number; the original stands for its story.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def merge(self, *what: int | str, source: str = "command") -> Said:
        """These are one story, for good. Raises UsageError for fewer than two, UnknownName for an unknown story."""
        urls = self._distinct(what, "merge")
        return self._say(Verb.MERGE, urls, (), source)

    def never_merge(self, *what: int | str, source: str = "command") -> Said:
        """No two of these are one story, now or later. Raises UsageError for fewer than two, UnknownName."""
        urls = self._distinct(what, "keep apart")
        return self._say(Verb.NEVER_MERGE, urls, (), source)

    def split(self, story: int | str, *urls: str) -> Said:
        """These copies are not of one story with the others in it.

        Raises UsageError when none would be left, UnknownName when one of them is no copy in the story.
        """
        number = story if isinstance(story, int) else self._story_of(story)
        members = {copy.article.canonical_url for copy in self._store.stories.get(number).members}
        named = [self._identity(url) for url in urls]
        for url, found in zip(urls, named, strict=True):
            if found not in members:
                raise UnknownName(f"{redact(url)} is no copy in story {number}")
        rest = members - set(named)
        if not named or not rest:
            raise UsageError(f"story {number} has {len(members)} copies: name at least one to take out, and not all")
        return self._say(Verb.SPLIT, tuple(sorted(set(named))), tuple(sorted(rest)), "command")

    def all(self) -> list[Word]:
        """Every word, in the order in which they were said."""
        return self._store.words.all()

    def overruled(self) -> dict[int, tuple[int, ...]]:
        """Words of which something does not hold, by id: the ids of the later words that contradict them."""
        return {word.id: tuple(one.id for one in later) for word, later in overruled(self.all()).items()}

    def homes(self, word: Word) -> tuple[tuple[str, int | None], ...]:
        """The story of each article that a word names (of those that stayed in a split, one); None: not stored."""
        return tuple((url, self._story_or_none(url)) for url in (*word.urls, *word.others[:1]))

    def take_back(self, *ids: int) -> list[Word]:
        """Forget words; earlier ones that they overruled hold again. Raises UnknownName, and then forgets nothing."""
        with self._store.articles.placing() as placing:
            known = {word.id: word for word in placing.words.all()}
            for one in ids:
                if one not in known:
                    raise UnknownName(f"no word {one}; `onecopy words` lists them")
            take_back(placing, ids)
        return [known[one] for one in dict.fromkeys(ids)]

    def _identity(self, url: str) -> str:
        """The canonical URL of the article that was met at ``url``, else the one it will probably have."""
        if not is_http(url):
            raise UsageError(f"{redact(url)!r} is neither the number of a story nor an http(s) URL")
        return self._store.articles.identity(url) or canonical_url(url)

    def _story_of(self, url: str) -> int:
        """The story of the article that was met at ``url``. Raises UnknownName."""
        article_id = self._store.articles.by_address(url)
        found = None if article_id is None else self._store.stories.of_article(article_id)
        if found is None:
            raise UnknownName(f"{redact(url)} is not in the store")
        return found

    def _named(self, what: int | str) -> str:
        if isinstance(what, int):
            return self._store.stories.get(what).members[0].article.canonical_url
        return self._identity(what)

    def _distinct(self, what: Collection[int | str], verb: str) -> tuple[str, ...]:
        urls = tuple(dict.fromkeys(self._named(one) for one in what))
        if len(urls) < 2:
            raise UsageError(f"it takes two different stories or articles to {verb}")
        return urls

    def _say(self, verb: Verb, urls: tuple[str, ...], others: tuple[str, ...], source: str) -> Said:
        with self._store.articles.placing() as placing:
            before = placing.words.all()
            word = Word(verb, urls, after(before, datetime.now(UTC)), others, source)
            (kept,) = say(placing, [word])
        earlier, now = overruled(before), overruled([*before, kept])
        replaced = tuple(one for one in now if one not in earlier)
        return Said(kept, replaced, self.homes(kept))

    def _story_or_none(self, url: str) -> int | None:
        article_id = self._store.articles.by_address(url)
        return None if article_id is None else self._store.stories.of_article(article_id)
