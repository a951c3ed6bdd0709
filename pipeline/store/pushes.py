"""Hubs that deliver feeds (WebSub): what feeds offer, what was agreed with their hubs, what was delivered.

A row of ``push`` stands for one subscription at a hub. It begins as what a feed offers; without ``feed_id`` (the feed
has left, or has another hub) it is only there to be ended. ``until`` is set by a hub's verification alone.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, and_, bindparam, delete, func, insert, or_, select, update

from pipeline.model import Delivery, Hub, Push
from pipeline.store.columns import as_utc
from pipeline.store.engine import Database
from pipeline.store.rows import AnyRow
from pipeline.store.schema import feed, push, pushed

ASKING: Final = "push"  # one run at a time decides what hubs are asked

OFFERED: Final = "offered"
SUBSCRIBE: Final = "subscribe"
UNSUBSCRIBE: Final = "unsubscribe"

RETRY: Final = timedelta(hours=1)  # after which a hub that said nothing is asked again; then four times as long
LONGEST_RETRY: Final = timedelta(days=8)  # so long, too, after a hub said no
LATEST: Final = timedelta(days=31)  # no lease is longer; what is planned for later was planned by a wrong clock
LEAVE_ATTEMPTS: Final = 3  # to end a subscription; then its lease ends it
MOST_WAITING_BYTES: Final = 20_000_000  # they are read together
MOST_WAITING: Final = 50  # deliveries of one feed that nobody has read yet; what comes on top is found by polling


class Pushes:
    """Subscriptions at hubs. All methods raise StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def due(self, callback: str, now: datetime, limit: int) -> list[Push]:
        """What is to be asked of hubs now, each counted as asked: a crash asks later, never twice at once.

        Hubs are to reach us below ``callback``. One that was told otherwise is left there, and asked anew.
        """
        moment = as_utc(now)
        elsewhere = {"callback": callback}
        with self._database.read() as connection:
            unsettled = connection.execute(_ORPHANS.limit(1)).first() or connection.execute(_MOVED, elsewhere).first()
            if not unsettled and not _due(connection, moment, 1):
                return []
        with self._database.write(lock=ASKING) as connection:
            for row in connection.execute(_ORPHANS).all():
                _leave(connection, row, moment)
            for row in connection.execute(_MOVED, elsewhere).all():
                _leave(connection, row, moment)
                _begin(connection, row.feed_id, Hub(row.hub, row.topic), moment)
            asked = []
            for row in _due(connection, moment, limit):
                mode = UNSUBSCRIBE if row.mode == UNSUBSCRIBE else SUBSCRIBE
                if mode == UNSUBSCRIBE and row.asked >= LEAVE_ATTEMPTS:
                    connection.execute(_DELETE, {"the_id": row.id})
                    continue
                wait = min(RETRY * 4 ** min(row.asked, 8), LONGEST_RETRY)
                told = row.callback or callback
                values = {"mode": mode, "asked": row.asked + 1, "next_try_at": moment + wait, "callback": told}
                connection.execute(_SET, {"the_id": row.id, **values})
                asked.append(replace(_push(row), callback=told))
        return asked

    def stand_down(self) -> None:
        """Nobody can reach us any more: feeds are polled as if their hubs did not exist."""
        with self._database.read() as connection:
            if not connection.execute(_AGREED.limit(1)).first():
                return
        with self._database.write() as connection:
            connection.execute(_STAND_DOWN)

    def failed(self, push_id: int, message: str) -> None:
        """A hub did not take a request; it is asked again."""
        with self._database.write() as connection:
            connection.execute(_SET, {"the_id": push_id, "last_error": message})

    def find(self, token: str) -> Push | None:
        """The subscription whose callback ends in ``token``."""
        with self._database.read() as connection:
            row = connection.execute(_BY_TOKEN, {"token": token}).one_or_none()
        return None if row is None else _push(row)

    def verified(self, wanted: Push, now: datetime, lease_s: float) -> bool:
        """A hub confirmed what we asked for; False when we do not want that (any more)."""
        moment = as_utc(now)
        with self._database.write() as connection:
            row = connection.execute(_BY_TOKEN, {"token": wanted.token}).one_or_none()
            if row is None or row.mode != wanted.mode:
                return False
            if row.mode == UNSUBSCRIBE:
                connection.execute(_DELETE, {"the_id": row.id})
                return True
            values = {
                "until": moment + timedelta(seconds=lease_s),
                "next_try_at": moment + timedelta(seconds=lease_s * 0.8),  # of a lease of ten days: two before its end
                "asked": 0,
                "last_error": None,
            }
            connection.execute(_SET, {"the_id": row.id, **values})
            return True

    def denied(self, refused: Push, now: datetime) -> None:
        """A hub said no, at once or in the middle of a lease."""
        values = {"until": None, "next_try_at": as_utc(now) + LONGEST_RETRY, "last_error": "denied by the hub"}
        with self._database.write() as connection:
            connection.execute(_SET, {"the_id": refused.id, **values})

    def deliver(self, found: Push, content_type: str | None, body: bytes, now: datetime) -> bool:
        """Store what a hub delivered, to be read by the next crawl; False when too much waits, or nobody wants it."""
        with self._database.write() as connection:
            row = connection.execute(_BY_TOKEN, {"token": found.token}).one_or_none()
            if row is None or row.feed_id is None:
                return False
            waiting = connection.execute(_WAITING, {"feed": row.feed_id}).one()
            if waiting.number >= MOST_WAITING or waiting.size + len(body) > MOST_WAITING_BYTES:
                return False
            values = {"feed_id": row.feed_id, "received_at": as_utc(now), "content_type": content_type, "body": body}
            connection.execute(_DELIVER, values)
            return True

    def delivered(self, feed_id: int) -> list[Delivery]:
        """What waits to be read for a feed, oldest first."""
        with self._database.read() as connection:
            rows = connection.execute(_DELIVERED, {"feed": feed_id}).all()
        return [Delivery(row.id, row.received_at, row.content_type, bytes(row.body)) for row in rows]


def offer(connection: Connection, feed_id: int, hubs: Sequence[Hub], moment: datetime) -> None:
    """Note which hub a feed offers, the first of several; a subscription at another one is to be ended."""
    row = connection.execute(_OF_FEED, {"feed": feed_id}).one_or_none()
    wanted = hubs[0] if hubs else None
    if row is not None and wanted is not None and (row.hub, row.topic) == (wanted.url, wanted.topic):
        return
    if row is not None:
        _leave(connection, row, moment)
    if wanted is not None:
        _begin(connection, feed_id, wanted, moment)


def abandon(connection: Connection, feed_id: int, moment: datetime) -> None:
    """A feed goes: its subscription is to be ended, what waits is of no interest."""
    connection.execute(_DROP_DELIVERIES, {"feed": feed_id})
    row = connection.execute(_OF_FEED, {"feed": feed_id}).one_or_none()
    if row is not None:
        _leave(connection, row, moment)


def read(connection: Connection, delivery_ids: Sequence[int]) -> None:
    """Deliveries whose entries are stored are done with."""
    connection.execute(_DROP_READ, [{"the_id": one} for one in delivery_ids])


def _begin(connection: Connection, feed_id: int, hub: Hub, moment: datetime) -> None:
    values = {"hub": hub.url, "topic": hub.topic, "token": secrets.token_urlsafe(24)}
    secret = secrets.token_urlsafe(32)  # under 200 bytes (WebSub §5.1)
    connection.execute(
        _OFFER, {"feed_id": feed_id, "mode": OFFERED, "asked": 0, "secret": secret, "next_try_at": moment, **values}
    )


def _leave(connection: Connection, row: AnyRow, moment: datetime) -> None:
    if row.mode == OFFERED:
        connection.execute(_DELETE, {"the_id": row.id})
        return
    values = {"feed_id": None, "mode": UNSUBSCRIBE, "asked": 0, "next_try_at": moment, "until": None}
    connection.execute(_SET, {"the_id": row.id, **values})


def _due(connection: Connection, moment: datetime, limit: int) -> Sequence[AnyRow]:
    return connection.execute(_DUE.limit(limit), {"now": moment, "latest": moment + LATEST}).all()


def _push(row: AnyRow) -> Push:
    mode = UNSUBSCRIBE if row.mode == UNSUBSCRIBE else SUBSCRIBE
    return Push(row.id, Hub(row.hub, row.topic), row.callback or "", row.token, row.secret, mode)


_SET: Final = update(push).where(push.c.id == bindparam("the_id"))
_DELETE: Final = delete(push).where(push.c.id == bindparam("the_id"))
_OFFER: Final = insert(push)
_OF_FEED: Final = select(push).where(push.c.feed_id == bindparam("feed"))
_BY_TOKEN: Final = select(push).where(push.c.token == bindparam("token"))
_DUE: Final = (
    select(push)
    .outerjoin(feed, feed.c.id == push.c.feed_id)
    .where(
        or_(push.c.next_try_at <= bindparam("now"), push.c.next_try_at > bindparam("latest")),
        or_(push.c.feed_id.is_(None), feed.c.enabled),
    )
    .order_by(push.c.next_try_at, push.c.id)
)
_ORPHANS: Final = (  # of feeds that are off: theirs is not read
    select(push).join(feed, and_(feed.c.id == push.c.feed_id, feed.c.enabled.is_(False))).where(push.c.mode != OFFERED)
)
_MOVED: Final = select(push).where(push.c.feed_id.is_not(None), push.c.callback != bindparam("callback"))
_AGREED: Final = select(push.c.id).where(push.c.until.is_not(None))
_STAND_DOWN: Final = update(push).where(push.c.until.is_not(None)).values(until=None, asked=0)
_WAITING: Final = select(
    func.count().label("number"), func.coalesce(func.sum(func.length(pushed.c.body)), 0).label("size")
).where(pushed.c.feed_id == bindparam("feed"))
_DELIVER: Final = insert(pushed)
_DELIVERED: Final = select(pushed).where(pushed.c.feed_id == bindparam("feed")).order_by(pushed.c.id)
_DROP_DELIVERIES: Final = delete(pushed).where(pushed.c.feed_id == bindparam("feed"))
_DROP_READ: Final = delete(pushed).where(pushed.c.id == bindparam("the_id"))
