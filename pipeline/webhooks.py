"""Announcing stories: what waits in the store is sent, signed, in order, until it has arrived or three days are over.

Signatures, headers and secrets are those of standardwebhooks.com, for which receivers have libraries. A message keeps
its ``webhook-id`` over all tries, so that a receiver can tell that it has it already: each arrives at least once.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import random
import secrets
import threading
import uuid
from base64 import b64decode, b64encode
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final

from pipeline.config import Config, WebhookSettings
from pipeline.errors import UnknownName
from pipeline.exchange import Record, copy_record, moment, story_record
from pipeline.fetch.post import Posted, Poster
from pipeline.model import CopyRow, Failure
from pipeline.store import Store
from pipeline.store.webhooks import COPY_JOINED, Message, Webhook
from pipeline.urls import masked

LOCK: Final = "webhooks"  # one process sends at a time, so that nothing is sent twice and the order stays
WAITS_S: Final = (
    5.0,
    300.0,
    1_800.0,
    7_200.0,
    18_000.0,
    36_000.0,
)  # the schedule of standardwebhooks.com; then the last
GONE: Final = 410
# What an endpoint says of one message, not of itself.
OF_THE_MESSAGE: Final = (400, 409, 411, 413, 415, 422)


def new_secret() -> str:
    """A secret for the configuration, and for the receiver."""
    return "whsec_" + b64encode(secrets.token_bytes(32)).decode()


def signed(secret: str, message_id: str, now: datetime, body: bytes) -> dict[str, str]:
    """The headers of a message: HMAC-SHA256 of "id.timestamp.body" under the secret's bytes."""
    seconds = str(int(now.timestamp()))
    key = b64decode(secret.removeprefix("whsec_"))
    signature = hmac.digest(key, f"{message_id}.{seconds}.".encode() + body, hashlib.sha256)
    return {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": seconds,
        "webhook-signature": "v1," + b64encode(signature).decode(),
    }


class Webhooks:
    """The webhooks of the configuration. Raises StoreError."""

    def __init__(self, config: Config, store: Store) -> None:
        self._config = config
        self._store = store
        self._sending = threading.Lock()  # of this process; the store's lock is of all
        self._settings = {one.url: one for one in config.webhooks}
        self._sync()

    def all(self) -> list[Webhook]:
        """Each with how it is doing, by URL."""
        return self._store.webhooks.all()

    def send(self, stop: threading.Event | None = None) -> list[Failure]:
        """Send what waits and is due; returns what could not be sent. Nothing, while another process sends.

        ``stop`` ends it at once; what was under way is sent again, under the same id.
        """
        if not self._settings or not self._sending.acquire(blocking=False):
            return []
        try:
            self._sync()
            due = self._store.webhooks.due(datetime.now(UTC))
            if not due or not self._store.locks.acquire(LOCK):
                return []
            try:
                work = [_Endpoint(self._config, self._store, one, self._settings[url]) for one, url in due]
                return asyncio.run(_all(work, stop or threading.Event()))
            finally:
                self._store.locks.release(LOCK)
        finally:
            self._sending.release()

    def _sync(self) -> None:
        self._store.webhooks.sync([(one.url, one.events) for one in self._config.webhooks])

    def test(self, url: str) -> str | None:
        """Send a message of type "test" now: what was wrong, or None. Raises UnknownName for a webhook that is none."""
        settings = next((one for one in self._settings.values() if url in (one.url, masked(one.url))), None)
        found = self._store.webhooks.find(settings.url) if settings else None
        if settings is None or found is None:
            raise UnknownName(f"no webhook {masked(url)!r} in the configuration")
        body = _body("test", datetime.now(UTC), {"text": "onecopy can reach this webhook."})

        async def send() -> Posted:
            async with Poster(self._config.fetch, private=settings.private) as poster:
                return await _send(poster, settings, f"msg_{uuid.uuid4().hex}", body)

        result = asyncio.run(send())
        if result.error is None:
            self._store.webhooks.delivered(found, None, datetime.now(UTC))
        return result.error


def health(one: Webhook) -> str:
    """How an endpoint is doing, in words."""
    if one.gone_at is not None:
        return f"ended: it wanted no more on {one.gone_at:%Y-%m-%d %H:%M} UTC; a test that arrives begins anew"
    if one.failing_since is not None:
        return f"failing since {one.failing_since:%Y-%m-%d %H:%M} UTC ({one.failures} times): {one.last_error}"
    if one.last_error is not None:
        return f"refused a message: {one.last_error}"
    return "nothing sent yet" if one.last_sent_at is None else f"well, last sent {one.last_sent_at:%Y-%m-%d %H:%M} UTC"


async def _all(endpoints: list[_Endpoint], stop: threading.Event) -> list[Failure]:
    found: list[Failure] = []
    work = asyncio.gather(*(_one(one, found) for one in endpoints))
    while not work.done():
        await asyncio.wait([work], timeout=0.1)
        if stop.is_set():
            work.cancel()
    with suppress(asyncio.CancelledError):
        await work
    return found


async def _one(endpoint: _Endpoint, found: list[Failure]) -> None:
    """Send what waits for one endpoint, oldest first, as long as it takes it."""
    async with endpoint.poster:
        while (message := endpoint.next()) is not None:
            error, goes_on = await endpoint.send(message)
            if error is not None:
                found.append(Failure("webhook", masked(endpoint.settings.url), "webhook", error))
            if not goes_on:
                return


class _Endpoint:
    """One endpoint while it is sent to."""

    def __init__(self, config: Config, store: Store, webhook_id: int, settings: WebhookSettings) -> None:
        self.settings = settings
        self.poster = Poster(config.fetch, private=settings.private)
        self._store = store
        self._id = webhook_id
        self._base = config.serve.url
        self._store_id = store.accounts.store_id()
        self._failures = next((one.failures for one in store.webhooks.all() if one.id == webhook_id), 0)

    def next(self) -> Message | None:
        return self._store.webhooks.next(self._id, datetime.now(UTC))

    async def send(self, message: Message) -> tuple[str | None, bool]:
        """Send one message and note what came of it: (what was wrong, whether to go on)."""
        webhooks, now = self._store.webhooks, datetime.now(UTC)
        body = _body(message.event, message.created_at, self._said(message))
        name = f"msg_{uuid.uuid5(self._store_id, f'webhook/{message.id}').hex}"
        posted = await _send(self.poster, self.settings, name, body)
        if posted.error is None:
            webhooks.delivered(self._id, message.id, now)
            self._failures = 0
            return None, True
        if posted.status == GONE:
            webhooks.gone(self._id, posted.error, now)
        elif posted.status in OF_THE_MESSAGE:
            webhooks.refused(self._id, message.id, posted.error, now + _wait(message.attempts, posted))
            return posted.error, True
        else:
            webhooks.unreachable(self._id, posted.error, now, now + _wait(self._failures, posted))
        return posted.error, False

    def _said(self, message: Message) -> Record:
        """The story as it is now, and the copy that this is about."""
        view = self._store.stories.get(message.story)
        copy = next((one for one in view.members if one.id == message.article), None) or self._store.stories.copy(
            message.article
        )
        if copy.story != view.row.id:  # it went on to another story since
            view = self._store.stories.get(copy.story)
        page = {"page": f"{self._base}/stories/{view.row.id}"} if self._base else {}
        told: Record = {"story": story_record(view.row) | page}
        return told | {"copy": _brief(copy)} if message.event == COPY_JOINED else told


def _brief(copy: CopyRow) -> Record:
    """A copy without its text: messages stay below the 20 kB that standardwebhooks.com recommends."""
    whole = copy_record(copy)
    names = ("url", "site", "title", "byline", "published_at", "first_seen_at", "kind", "copied_from", "credit")
    return {name: whole[name] for name in names} | {"similarity": copy.similarity, "evidence": list(copy.evidence)}


def _body(event: str, at: datetime, said: Record) -> bytes:
    return json.dumps({"type": event, "timestamp": moment(at), "data": said}, ensure_ascii=False).encode()


async def _send(poster: Poster, settings: WebhookSettings, message_id: str, body: bytes) -> Posted:
    return await poster.post(settings.url, body, signed(settings.secret, message_id, datetime.now(UTC), body))


def _wait(failures: int, posted: Posted) -> timedelta:
    seconds = WAITS_S[min(failures, len(WAITS_S) - 1)] * random.uniform(0.9, 1.1)
    return timedelta(seconds=max(seconds, posted.retry_after_s or 0))
