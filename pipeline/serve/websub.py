"""The callback at which hubs confirm subscriptions and deliver feeds (WebSub, https://www.w3.org/TR/websub/ §5, §7).

Open to everybody, like every callback: an address ends in a token of 192 random bits that only the hub was told, and a
delivery counts only with the signature of the secret that was agreed. What is delivered is stored, and read by the next
crawl as if it had been fetched.
"""

from __future__ import annotations

import hmac
from datetime import UTC, datetime
from typing import Final

from anyio.to_thread import run_sync
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from pipeline.model import Push
from pipeline.serve.guard import plain
from pipeline.serve.problems import Problem
from pipeline.serve.service import AService

router: Final = APIRouter()
METHODS: Final = ("sha1", "sha256", "sha384", "sha512")  # §7: those that a hub may sign with
SHORTEST_LEASE_S: Final = 300.0
LONGEST_LEASE_S: Final = 30 * 86_400.0


@router.get("/websub/{token}")
def verify(service: AService, token: str, request: Request) -> Response:
    """The hub asks whether we meant it (§5.3), or says that it will not deliver (§5.2)."""
    asked, now = request.query_params, datetime.now(UTC)
    push = _known(service.store.pushes.find(token), 404)
    if asked.get("hub.topic") != push.hub.topic:
        raise Problem(404, "this subscription is about another topic")
    if asked.get("hub.mode") == "denied":
        service.store.pushes.denied(push, now)
        return plain("")
    challenge = asked.get("hub.challenge", "")
    if asked.get("hub.mode") != push.mode or not challenge:
        raise Problem(404, "nobody here asked for that")
    if not service.store.pushes.verified(push, now, _lease(asked.get("hub.lease_seconds", ""))):
        raise Problem(404, "nobody here asked for that")
    return plain(challenge)


@router.post("/websub/{token}")
async def deliver(service: AService, token: str, request: Request) -> Response:
    """The hub delivers (§7). A wrong signature gets the same answer as a right one, and the body is dropped (§7.1)."""
    push = _known(await run_sync(service.store.pushes.find, token), 410)
    body = await request.body()
    if is_signed(push.secret, body, request.headers.get("x-hub-signature", "")):
        content_type = request.headers.get("content-type")
        await run_sync(service.store.pushes.deliver, push, content_type, body, datetime.now(UTC))
    return Response(status_code=202)


def is_signed(secret: str, body: bytes, signature: str) -> bool:
    """Whether ``signature``, "method=hexdigest", is the HMAC of ``body`` under ``secret``."""
    method, _, digest = signature.partition("=")
    if method.lower() not in METHODS:
        return False
    made = hmac.new(secret.encode(), body, method.lower()).hexdigest()
    return hmac.compare_digest(made.encode(), digest.strip().lower().encode())


def _known(push: Push | None, status: int) -> Push:
    if push is None:
        raise Problem(status, "there is no such subscription")
    return push


def _lease(value: str) -> float:
    """The lease that the hub gives; of none or nonsense, the shortest: then we ask again soon."""
    seconds = float(value) if value.isascii() and value.isdigit() and len(value) <= 12 else SHORTEST_LEASE_S
    return min(max(seconds, SHORTEST_LEASE_S), LONGEST_LEASE_S)
