"""What a story hands on when it goes into another one or parts with copies: its place in reader apps, its marks.

Who read a text has read it, whatever the story is called now: a story that two others went into is read when one of
them was, and a story that was parted from another one begins with its marks.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, bindparam, delete, func, select, update

from pipeline.store.schema import article, copy, entry, mark, story


def settle_home(connection: Connection, story_id: int, entry_id: int) -> None:
    """A new story belongs to the feed whose entry began it."""
    connection.execute(_SETTLE, {"the_story": story_id, "the_entry": entry_id})


def inherit(connection: Connection, left: int, begun: int) -> None:
    """``begun`` starts with copies of the story ``left``, and so with its place and marks."""
    connection.execute(_TAKE_HOME, {"the_old": left, "the_new": begun})
    rows = [dict(row._mapping) | {"story_id": begun} for row in connection.execute(_MARKS, {"story": left})]
    if rows:
        connection.execute(mark.insert(), rows)


def hand_over(connection: Connection, old: int, heir: int) -> None:
    """``old`` goes into ``heir``: marks are joined, and an heir without a place takes the old one."""
    connection.execute(_TAKE_HOME, {"the_old": old, "the_new": heir})
    marks = connection.execute(_MARKS, {"story": old}).all()
    if not marks:
        return
    there = {row.account_id: row for row in connection.execute(_MARKS, {"story": heir})}
    for row in marks:
        other = there.get(row.account_id)
        if other is None:
            connection.execute(mark.insert(), dict(row._mapping) | {"story_id": heir})
            continue
        joined = {
            "the_account": row.account_id,
            "the_story": heir,
            "read": row.read or other.read,
            "starred": row.starred or other.starred,
            "changed_at": max(row.changed_at, other.changed_at),
        }
        connection.execute(_JOIN, joined)
    connection.execute(_FORGET, {"story": old})


def wake(connection: Connection, story_id: int, article_id: int, share: float) -> None:
    """The story is unread again for everybody when this copy is longer than all its others by ``share`` of them."""
    lengths = {row.id: row.characters for row in connection.execute(_LENGTHS, {"story": story_id})}
    own = lengths.pop(article_id, 0)
    if lengths and own > (1 + share) * max(lengths.values()):
        connection.execute(_WAKE, {"the_story": story_id, "now": datetime.now(UTC)})


_OLD: Final = story.alias("old")
_SETTLE: Final = (
    update(story)
    .where(story.c.id == bindparam("the_story"))
    .values(feed_id=select(entry.c.feed_id).where(entry.c.id == bindparam("the_entry")).scalar_subquery())
)
_TAKE_HOME: Final = (
    update(story)
    .where(story.c.id == bindparam("the_new"))
    .values(
        feed_id=func.coalesce(
            story.c.feed_id, select(_OLD.c.feed_id).where(_OLD.c.id == bindparam("the_old")).scalar_subquery()
        )
    )
)
_MARKS: Final = select(mark).where(mark.c.story_id == bindparam("story"))
_JOIN: Final = update(mark).where(
    mark.c.account_id == bindparam("the_account"), mark.c.story_id == bindparam("the_story")
)
_FORGET: Final = delete(mark).where(mark.c.story_id == bindparam("story"))
_LENGTHS: Final = (
    select(article.c.id, func.length(article.c.text).label("characters"))
    .join(copy, copy.c.article_id == article.c.id)
    .where(copy.c.story_id == bindparam("story"))
)
_WAKE: Final = (
    update(mark)
    .where(mark.c.story_id == bindparam("the_story"), mark.c.read)
    .values(read=False, changed_at=bindparam("now"))
)
