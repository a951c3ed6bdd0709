"""What is asked of hubs (WebSub, https://www.w3.org/TR/websub/ §5.1): subscriptions, their renewal, their end.

Hubs answer at the callback, which is the server's (``serve/websub.py``); what they deliver waits in the store until the
next crawl reads it.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from pipeline.fetch import Client
from pipeline.ledger import DatabaseThread
from pipeline.model import Push
from pipeline.store import Store

LEASE_S = 864_000  # ten days, what most hubs give; they may give another one
MOST_AT_ONCE = 50  # a crawl is not to wait for a thousand requests to one hub; the next one goes on


async def keep(callback: str | None, store: Store, client: Client, database: DatabaseThread) -> None:
    """Ask hubs for what is due. ``callback`` is the address below which they reach us; without one nobody delivers."""
    if callback is None:
        await database.call(store.pushes.stand_down)
        return
    due = await database.call(store.pushes.due, callback, datetime.now(UTC), MOST_AT_ONCE)
    async with asyncio.TaskGroup() as group:
        for one in due:
            group.create_task(_ask(one, store, client, database))


async def _ask(push: Push, store: Store, client: Client, database: DatabaseThread) -> None:
    form = {"hub.mode": push.mode, "hub.topic": push.hub.topic, "hub.callback": f"{push.callback}/{push.token}"}
    if push.mode == "subscribe":
        form |= {"hub.secret": push.secret, "hub.lease_seconds": str(LEASE_S)}
    error = await client.post(push.hub.url, form)
    if error is not None:
        await database.call(store.pushes.failed, push.id, error.message)
