"""Who belongs to which story: carrying out one placement after the other inside one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Table, bindparam, delete, func, insert, or_, select, update

from pipeline.model import Article, Copy, Match, Placement, StoryPlan
from pipeline.store.columns import FIRST, clean
from pipeline.store.engine import Database, Insert
from pipeline.store.heirs import hand_over, inherit
from pipeline.store.neighbours import Place, Stored, article_id, article_ids
from pipeline.store.rows import chunks, folded, match_values, to_credit
from pipeline.store.schema import address, article, copy, match, redirect, story


@dataclass(frozen=True, slots=True)
class Settled:
    """Where an article ended up."""

    story: int
    new_story: bool
    copies: int


class Upserts:
    """The statements that write over what is there, for all transactions: to compose one takes as long as to run it."""

    def __init__(self, database: Database) -> None:
        self.copy = _upsert(database, copy, "article_id")
        self.match = _upsert(database, match, "a_id", "b_id")
        written = database.insert(address)
        article_id = written.excluded.article_id
        self.address = written.on_conflict_do_update(
            index_elements=["url_key"], set_={"article_id": article_id}, where=address.c.article_id != article_id
        )


def _upsert(database: Database, table: Table, *keys: str) -> Insert:
    """Insert a row, or give the row with its ``keys`` its other values."""
    written = database.insert(table)
    others = [column.name for column in table.c if column.name not in keys]
    return written.on_conflict_do_update(index_elements=keys, set_={name: written.excluded[name] for name in others})


class Membership:
    """The stories as this transaction read and changed them; nobody else changes them meanwhile."""

    def __init__(self, connection: Connection, upserts: Upserts) -> None:
        self._connection = connection
        self._upserts = upserts
        self._ids: dict[str, int | None] = {}
        self._places: dict[int, Place | None] = {}
        self._copies: dict[int, int] = {}  # story -> how many
        self._parted: dict[int, int] = {}  # story begun with copies of another one -> that one

    def id_of(self, canonical_url: str) -> int | None:
        """The stored article at ``canonical_url``, None when there is none."""
        if canonical_url not in self._ids:
            self._ids[canonical_url] = article_id(self._connection, canonical_url)
        return self._ids[canonical_url]

    def found(self, canonical_url: str, found_id: int | None) -> None:
        """Take note of the article that is stored at ``canonical_url``, or that none is."""
        self._ids[canonical_url] = found_id

    def remember(self, members: Iterable[Stored]) -> None:
        """Take note of what was read."""
        for one in members:
            self._ids[one.member.article.canonical_url] = one.id
            self._places[one.id] = one.place

    def added(self, canonical_url: str, new_id: int) -> None:
        """Take note of an article that was stored just now."""
        self._ids[canonical_url] = new_id
        self._places[new_id] = None

    def apply(self, placement: Placement, saved: Article, saved_id: int, is_new: bool) -> Settled:
        """Carry out ``placement`` of the stored article ``saved``.

        Raises ValueError when it names articles that are not stored or leaves ``saved`` without a story.
        """
        self._resolve(placement)
        self._relate(placement.matches, [] if is_new else [saved_id])
        settled = self._carry_out(placement, saved, saved_id)
        place = self._places.get(saved_id)
        if place is None:
            raise ValueError(f"the placement leaves {saved.canonical_url} without a story")
        if place.story not in self._copies:
            self._recount(place.story, None)
        new = place.story in settled and settled[place.story].story is None
        return Settled(place.story, new, self._copies[place.story])

    def settle(self, placement: Placement, renewed: Collection[str] = ()) -> None:
        """Carry out a placement of stored articles; its matches replace all that is stored about ``renewed``.

        Raises ValueError when it names articles that are not stored.
        """
        self._resolve(placement)
        self._relate(placement.matches, [self._known(url) for url in renewed])
        self._carry_out(placement, None, None)

    def _carry_out(self, placement: Placement, saved: Article | None, saved_id: int | None) -> dict[int, StoryPlan]:
        """Move all copies to where they belong; returns the stories that were decided, by id."""
        heirs: dict[int, int] = {}  # story that lost copies -> story that got the first of them
        settled = {self._settle(plan, saved, saved_id, heirs): plan for plan in placement.stories}
        for begun, left in self._parted.items():
            inherit(self._connection, left, begun)
        self._parted.clear()
        self._merge(placement.merged)
        for target, plan in settled.items():  # after all have moved
            if plan.story is not None or len(plan.copies) > 1 or target not in self._copies:
                self._recount(target, self._known(plan.original))
        for left in heirs.keys() - settled.keys() - placement.merged.keys():
            self._tidy(left, heirs[left])
        return settled

    def _resolve(self, placement: Placement) -> None:
        """Learn the ids and places of all articles that the placement names."""
        named = {clean(one.canonical_url) for plan in placement.stories for one in plan.copies}
        named.update(clean(plan.original) for plan in placement.stories)
        named.update(clean(url) for found in placement.matches for url in (found.a, found.b))
        hints = {clean(one.copied_from) for plan in placement.stories for one in plan.copies if one.copied_from}
        missing = [url for url in named | hints if self._ids.get(url) is None]
        if missing:
            self._ids.update(article_ids(self._connection, missing))
        unknown = sorted(url for url in named if self._ids.get(url) is None)
        if unknown:
            raise ValueError(f"the placement names an article that is not stored: {unknown[0]}")
        unread = [found for url in named if (found := self._ids[url]) is not None and found not in self._places]
        self._places.update(dict.fromkeys(unread))
        for part in chunks(unread):
            for row in self._connection.execute(_PLACES, {"ids": part}):
                self._places[row.article_id] = Place(
                    row.story_id,
                    row.kind,
                    row.copied_from_id,
                    to_credit(row.credit),
                    row.similarity,
                    tuple(row.evidence),
                )

    def _known(self, url: str) -> int:
        found = self._ids[clean(url)]
        assert found is not None  # _resolve raised otherwise
        return found

    def _relate(self, matches: tuple[Match, ...], renewed: Sequence[int]) -> None:
        for one_id in renewed:
            self._connection.execute(_FORGET_MATCHES, {"id": one_id})
        if matches:
            rows = [match_values(found, self._known(found.a), self._known(found.b)) for found in matches]
            self._connection.execute(self._upserts.match, rows)

    def _settle(self, plan: StoryPlan, saved: Article | None, saved_id: int | None, heirs: dict[int, int]) -> int:
        """Write one story's copies; returns its id."""
        ids = [self._known(one.canonical_url) for one in plan.copies]
        target = plan.story
        if target is None:
            target = self._begin(self._known(plan.original), saved)
            if ids == [saved_id]:  # most stories have one copy: nothing to count
                self._copies[target] = 1
        changed = []
        for one_id, one in zip(ids, plan.copies, strict=True):
            before = self._places[one_id]
            place = self._place(one, target)
            if before is not None and before.story != target:
                heirs.setdefault(before.story, target)
                if plan.story is None:
                    self._parted.setdefault(target, before.story)
            if before != place:
                changed.append(_copy_values(one_id, one, place))
                self._places[one_id] = place
        if changed:
            self._connection.execute(self._upserts.copy, changed)
        return target

    def _begin(self, original: int, saved: Article | None) -> int:
        first_seen_at = saved.first_seen_at if saved else FIRST  # without ``saved``, _recount sets it
        row = {
            "original_id": original,
            "copies": 1,
            "sites": 1,
            "first_seen_at": first_seen_at,
            "sort_at": _sort_at(saved.published_at if saved else None, first_seen_at),
        }
        key = self._connection.execute(_BEGIN, row).inserted_primary_key
        assert key is not None
        return int(key[0])

    def _place(self, one: Copy, target: int) -> Place:
        source = self._ids.get(clean(one.copied_from)) if one.copied_from else None
        return Place(target, one.kind.value, source, one.credit, one.similarity, one.evidence)

    def _merge(self, merged: Mapping[int, int]) -> None:
        """Let the ids of stories that went away resolve to the stories that took their copies."""
        for old, new in merged.items():
            heir = new
            while heir in merged:
                heir = merged[heir]
            values = {"old": old, "new": heir}
            if self._connection.execute(_MOVE_REST, values).rowcount:
                # Copies beyond what the decision saw: they stay with the others.
                for one_id, place in self._places.items():
                    if place is not None and place.story == old:
                        self._places[one_id] = Place(
                            heir, place.kind, place.copied_from, place.credit, place.similarity, place.evidence
                        )
                self._recount(heir, None)
            hand_over(self._connection, old, heir)
            self._connection.execute(_COLLAPSE, values)
            self._connection.execute(insert(redirect), {"old_id": old, "story_id": heir})
            self._connection.execute(_END, {"old": old})

    def _tidy(self, left: int, heir: int) -> None:
        """Look after a story that lost copies without being part of the decision."""
        remaining = self._connection.execute(_REMAINING, {"story": left}).all()
        if not remaining:
            self._merge({left: heir})
            return
        original = self._connection.execute(_ORIGINAL, {"story": left}).scalar_one()
        ids = [row.article_id for row in remaining]
        self._recount(left, original if original in ids else ids[0])

    def _recount(self, story_id: int, original: int | None) -> None:
        """Set what a story's row says about its copies; ``original`` None keeps it."""
        if original is None:
            original = self._connection.execute(_ORIGINAL, {"story": story_id}).scalar_one()
        row = self._connection.execute(_COUNT, {"story": story_id, "original": original}).one()
        self._copies[story_id] = row.copies
        values = {
            "story": story_id,
            "original_id": original,
            "copies": row.copies,
            "sites": row.sites,
            "first_seen_at": row.first_seen_at,
            "sort_at": _sort_at(row.published_at, row.first_seen_at),
        }
        self._connection.execute(_SET, values)


def _sort_at(published_at: datetime | None, first_seen_at: datetime) -> datetime:
    """A date in the future would pin its story to the top: nothing was published after it was seen."""
    return first_seen_at if published_at is None else min(published_at, first_seen_at)


def _copy_values(one_id: int, one: Copy, place: Place) -> dict[str, Any]:
    credit = one.credit
    return {
        "article_id": one_id,
        "story_id": place.story,
        "kind": place.kind,
        "copied_from_id": place.copied_from,
        "similarity": place.similarity,
        "names": folded((credit.author, credit.publisher)) if credit else "",
        "credit": None if credit is None else asdict(credit),
        "evidence": place.evidence,
    }


_PLACES: Final = select(copy).where(copy.c.article_id.in_(bindparam("ids", expanding=True)))
_FORGET_MATCHES: Final = delete(match).where(or_(match.c.a_id == bindparam("id"), match.c.b_id == bindparam("id")))
_BEGIN: Final = insert(story)
_MOVE_REST: Final = update(copy).where(copy.c.story_id == bindparam("old")).values(story_id=bindparam("new"))
_COLLAPSE: Final = update(redirect).where(redirect.c.story_id == bindparam("old")).values(story_id=bindparam("new"))
_END: Final = delete(story).where(story.c.id == bindparam("old"))
_REMAINING: Final = (
    select(copy.c.article_id)
    .join(article, article.c.id == copy.c.article_id)
    .where(copy.c.story_id == bindparam("story"))
    .order_by(func.coalesce(article.c.published_at, article.c.first_seen_at), copy.c.article_id)
)
_ORIGINAL: Final = select(story.c.original_id).where(story.c.id == bindparam("story"))
_FIRST: Final = article.alias("first")
_COUNT: Final = (
    select(
        func.count().label("copies"),
        func.count(article.c.site.distinct()).label("sites"),
        func.min(article.c.first_seen_at).label("first_seen_at"),
        select(_FIRST.c.published_at)
        .where(_FIRST.c.id == bindparam("original"))
        .scalar_subquery()
        .label("published_at"),
    )
    .select_from(copy.join(article, article.c.id == copy.c.article_id))
    .where(copy.c.story_id == bindparam("story"))
)
_SET: Final = update(story).where(story.c.id == bindparam("story"))
