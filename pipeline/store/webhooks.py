"""What is to be announced, and to whom: written with the article that it is about, deleted when it has arrived.

So a process that is killed loses nothing. The endpoint decides the pace: one that does not answer is held, with all
that waits for it, and one message that it refuses waits alone. What could not be sent within three days is given up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, String, bindparam, cast, delete, exists, func, insert, literal, or_, select, update

from pipeline.store.columns import clean, url_key
from pipeline.store.engine import Database
from pipeline.store.schema import delivery, webhook

NEW_STORY: Final = "story.new"
COPY_JOINED: Final = "copy.joined"
GIVE_UP: Final = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Webhook:
    """One endpoint and how it is doing."""

    id: int
    url: str
    events: tuple[str, ...]
    sent: int
    lost: int  # given up
    waiting: int
    failures: int  # in a row
    failing_since: datetime | None
    gone_at: datetime | None  # it answered 410: nothing is sent any more
    last_sent_at: datetime | None
    last_error: str | None


@dataclass(frozen=True, slots=True)
class Message:
    """Something to announce to one endpoint."""

    id: int
    event: str
    story: int
    article: int
    created_at: datetime
    attempts: int


class Webhooks:
    """Endpoints and what waits for them. All methods raise StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def sync(self, wanted: Sequence[tuple[str, Sequence[str]]]) -> None:
        """Make the endpoints those of the configuration, as (URL, events). What waits for others goes on waiting."""
        with self._database.read() as connection:
            there = {row.url: tuple(row.events) for row in connection.execute(_ENABLED)}
        settings = {clean(url): tuple(events) for url, events in wanted}
        if there == settings:  # as nearly always: no write
            return
        with self._database.write("webhook list") as connection:  # processes that start together take turns
            connection.execute(_DISABLE)
            for url, events in settings.items():
                values = {"key": url_key(url), "enabled": True, "events": events}
                if not connection.execute(_ENABLE, values).rowcount:
                    new = {"url_key": url_key(url), "url": url, "sent": 0, "lost": 0, "failures": 0}
                    connection.execute(insert(webhook), new | {"enabled": True, "events": events})

    def all(self) -> list[Webhook]:
        """The endpoints of the configuration, by URL."""
        with self._database.read() as connection:
            rows = connection.execute(_ALL).all()
        return [
            Webhook(
                row.id,
                row.url,
                tuple(row.events),
                row.sent,
                row.lost,
                row.waiting,
                row.failures,
                row.failing_since,
                row.gone_at,
                row.last_sent_at,
                row.last_error,
            )
            for row in rows
        ]

    def due(self, now: datetime) -> list[tuple[int, str]]:
        """(id, URL) of the endpoints to which something is to be sent now; what is too old is given up before."""
        bounds = {"now": now, "oldest": now - GIVE_UP}
        with self._database.read() as connection:
            old = connection.execute(_OLD, bounds).all()
        if old:
            with self._database.write() as connection:
                for row in connection.execute(_OLD, bounds).all():
                    connection.execute(_LOSE, {"the_id": row.webhook_id, "number": row.number})
                connection.execute(_FORGET_OLD, bounds)
        with self._database.read() as connection:
            return [(row.id, row.url) for row in connection.execute(_DUE, bounds)]

    def next(self, webhook_id: int, now: datetime) -> Message | None:
        """The oldest message that is to be sent to this endpoint now."""
        with self._database.read() as connection:
            row = connection.execute(_NEXT, {"webhook": webhook_id, "now": now}).one_or_none()
        if row is None:
            return None
        return Message(row.id, row.event, row.story_id, row.article_id, row.created_at, row.attempts)

    def delivered(self, webhook_id: int, message_id: int | None, now: datetime) -> None:
        """It arrived (a test, when there is no message): the endpoint is well."""
        with self._database.write() as connection:
            connection.execute(_FORGET, {"the_id": message_id or 0})
            connection.execute(_WELL, {"the_id": webhook_id, "now": now, "number": int(message_id is not None)})

    def refused(self, webhook_id: int, message_id: int, error: str, retry_at: datetime) -> None:
        """The endpoint did not want this message: it is tried again later, while others go on."""
        with self._database.write() as connection:
            connection.execute(_POSTPONE, {"the_id": message_id, "at": retry_at})
            connection.execute(_SAY, {"the_id": webhook_id, "error": error})

    def unreachable(self, webhook_id: int, error: str, now: datetime, retry_at: datetime) -> None:
        """The endpoint takes nothing at the moment: all that waits for it waits on."""
        with self._database.write() as connection:
            connection.execute(_HOLD, {"the_id": webhook_id, "error": error, "now": now, "at": retry_at})

    def gone(self, webhook_id: int, error: str, now: datetime) -> None:
        """The endpoint wants no more (410): what waits for it is dropped, until a test arrives again."""
        with self._database.write() as connection:
            connection.execute(_END, {"the_id": webhook_id, "error": error, "now": now})
            connection.execute(_FORGET_ALL, {"webhook": webhook_id})

    def find(self, url: str) -> int | None:
        """The id of the endpoint at ``url``."""
        with self._database.read() as connection:
            return connection.execute(_BY_URL, {"key": url_key(clean(url))}).scalar()


def is_listened(connection: Connection) -> bool:
    """Whether there is an endpoint to be told of anything."""
    return bool(connection.execute(_IS_LISTENED).scalar())


def announce(connection: Connection, event: str, story_id: int, article_id: int) -> None:
    """Note that every endpoint that asked for such events is to be told."""
    values = {"the_event": event, "the_story": story_id, "the_article": article_id, "now": datetime.now(UTC)}
    connection.execute(_ANNOUNCE, values | {"asked": f'%"{event}"%'})


_WANTED: Final = webhook.c.enabled & webhook.c.gone_at.is_(None)
_IS_LISTENED: Final = select(exists().where(_WANTED))
_TEXT: Final = cast(webhook.c.events, String)
_ANNOUNCE: Final = insert(delivery).from_select(
    ["webhook_id", "event", "story_id", "article_id", "created_at", "attempts"],
    select(
        webhook.c.id,
        bindparam("the_event", type_=delivery.c.event.type),
        bindparam("the_story", type_=delivery.c.story_id.type),
        bindparam("the_article", type_=delivery.c.article_id.type),
        bindparam("now", type_=delivery.c.created_at.type),
        literal(0),
    ).where(_WANTED, _TEXT.like(bindparam("asked", type_=String))),
)
_ENABLED: Final = select(webhook.c.url, webhook.c.events).where(webhook.c.enabled)
_DISABLE: Final = update(webhook).values(enabled=False)
_ENABLE: Final = (
    update(webhook)
    .where(webhook.c.url_key == bindparam("key"))
    .values(enabled=bindparam("enabled"), events=bindparam("events"))
)
_WAITING: Final = (
    select(func.count()).select_from(delivery).where(delivery.c.webhook_id == webhook.c.id).scalar_subquery()
)
_ALL: Final = select(webhook, _WAITING.label("waiting")).where(webhook.c.enabled).order_by(webhook.c.url)
_OLD: Final = (
    select(delivery.c.webhook_id, func.count().label("number"))
    .where(delivery.c.created_at < bindparam("oldest"))
    .group_by(delivery.c.webhook_id)
)
_FORGET_OLD: Final = delete(delivery).where(delivery.c.created_at < bindparam("oldest"))
_LOSE: Final = (
    update(webhook).where(webhook.c.id == bindparam("the_id")).values(lost=webhook.c.lost + bindparam("number"))
)
_NOW: Final = bindparam("now", type_=delivery.c.next_try_at.type)
_READY: Final = or_(delivery.c.next_try_at.is_(None), delivery.c.next_try_at <= _NOW)
_DUE: Final = select(webhook.c.id, webhook.c.url).where(
    _WANTED,
    or_(webhook.c.held_until.is_(None), webhook.c.held_until <= _NOW),
    webhook.c.id.in_(select(delivery.c.webhook_id).where(_READY)),
)
_NEXT: Final = (
    select(delivery).where(delivery.c.webhook_id == bindparam("webhook"), _READY).order_by(delivery.c.id).limit(1)
)
_FORGET: Final = delete(delivery).where(delivery.c.id == bindparam("the_id"))
_FORGET_ALL: Final = delete(delivery).where(delivery.c.webhook_id == bindparam("webhook"))
_THIS: Final = update(webhook).where(webhook.c.id == bindparam("the_id"))
_WELL: Final = _THIS.values(
    sent=webhook.c.sent + bindparam("number"),
    failures=0,
    failing_since=None,
    held_until=None,
    gone_at=None,
    last_error=None,
    last_sent_at=bindparam("now"),
)
_POSTPONE: Final = (
    update(delivery)
    .where(delivery.c.id == bindparam("the_id"))
    .values(attempts=delivery.c.attempts + 1, next_try_at=bindparam("at"))
)
_SAY: Final = _THIS.values(last_error=bindparam("error"))
_HOLD: Final = _THIS.values(
    failures=webhook.c.failures + 1,
    failing_since=func.coalesce(webhook.c.failing_since, bindparam("now", type_=webhook.c.failing_since.type)),
    held_until=bindparam("at"),
    last_error=bindparam("error"),
)
_END: Final = _THIS.values(gone_at=bindparam("now"), last_error=bindparam("error"))
_BY_URL: Final = select(webhook.c.id).where(webhook.c.url_key == bindparam("key"), webhook.c.enabled)
