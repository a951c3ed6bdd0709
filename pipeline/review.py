"""Questions to a person about pairs that the rules decided narrowly; the answers are words, and a labelled set."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.config import DedupSettings
from pipeline.errors import UsageError
from pipeline.model import Bond, CopyRow, Match
from pipeline.words import bonds, in_force

if TYPE_CHECKING:
    from pipeline.dedup.why import Compared
    from pipeline.store import Store
    from pipeline.wordbook import Said, WordBook

MOST = 10_000  # questions at a time
PAIRS_PER_QUESTION = 5  # looked at for each question, since copies of one story are alike in their doubts, too

_PAIR = re.compile(r"(\d{1,10})-(\d{1,10})")


@dataclass(frozen=True, slots=True)
class Question:
    """Are these two one piece? ``pair`` names the question."""

    pair: str
    a: CopyRow
    b: CopyRow
    compared: Compared


@dataclass(frozen=True, slots=True)
class Label:
    """An answer that holds: two articles by canonical URL, are they one piece, and what their texts say now."""

    bond: Bond
    match: Match | None


class ReviewDesk:
    """The queue of questions about one store."""

    def __init__(self, store: Store, words: WordBook, settings: DedupSettings) -> None:
        self._store = store
        self._words = words
        self._settings = settings

    def queue(self, limit: int = 20) -> list[Question]:
        """The most informative questions: pairs near a threshold, on either side, about which nobody said anything.

        One for any two stories: an answer about two of their copies says as much about the others.
        """
        from pipeline.dedup.why import beside

        settings = self._settings
        found = self._store.doubts.next(
            settings.copy_jaccard, settings.excerpt_containment, min(limit, MOST) * PAIRS_PER_QUESTION
        )
        made: dict[frozenset[int], Question] = {}
        for a_id, b_id, match in found:
            if len(made) == limit:
                break
            a, b = self._store.stories.copy(a_id), self._store.stories.copy(b_id)
            question = Question(f"{a_id}-{b_id}", a, b, beside(a.article, b.article, match))
            made.setdefault(frozenset((a.story, b.story)), question)
        return list(made.values())

    def answer(self, pair: str, same: bool) -> Said:
        """The two are one piece, or not; a word like any other. Raises UsageError, UnknownName."""
        named = _PAIR.fullmatch(pair)
        if named is None:
            raise UsageError(f"{pair!r} is no pair: `onecopy review` shows them as 12-57")
        urls = [self._store.stories.copy(int(one)).article.canonical_url for one in named.groups()]
        return (self._words.merge if same else self._words.never_merge)(*urls, source="review")

    def labels(self) -> Iterator[Label]:
        """All answers that no later word overrules, in the order in which they were given."""
        words = self._words.all()
        holding = set(in_force(words))
        given = [bond for word in words if word.source == "review" for bond in bonds(word) if bond in holding]
        for bond in given:
            with self._store.articles.replaying() as replay:
                ids = replay.ids_of([bond.a, bond.b])
                found = replay.matches([ids[bond.a]]) if len(ids) == 2 else set()
            yield Label(bond, next((match for match in found if (match.a, match.b) == (bond.a, bond.b)), None))
