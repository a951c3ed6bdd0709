"""One small POST to an address that the user named, behind the same guard as everything else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Self

import aiohttp
from yarl import URL

from pipeline.config import FetchSettings
from pipeline.fetch.client import user_agent
from pipeline.fetch.failures import by_exception, by_status
from pipeline.fetch.guard import AddressRefused, Guard, GuardedResolver

TIMEOUT_S: Final = 15.0  # for all of it, as standardwebhooks.com asks: receivers answer before they work


@dataclass(frozen=True, slots=True)
class Posted:
    """What came of it: the status (0: there was no answer), and in our words what was wrong."""

    status: int
    error: str | None = None
    retry_after_s: float | None = None


class Poster:
    """Sends small bodies; use it as an async context manager. ``private`` opens private networks and loopback.

    Raises ConfigError for a setting that cannot work.
    """

    def __init__(self, settings: FetchSettings, *, private: bool = False) -> None:
        self._agent = user_agent(settings)
        self._guard = Guard(allow_private=private or settings.allow_private_networks, connect_to=settings.connect_to)

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                resolver=GuardedResolver(self._guard), socket_factory=self._guard.open_socket, use_dns_cache=False
            ),
            timeout=aiohttp.ClientTimeout(total=TIMEOUT_S),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
        )
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self._session.close()

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Posted:
        """Send it; a user name and password in the URL go with it. No redirect is followed, no answer's body read.

        Raises ValueError for what is no URL.
        """
        sent = {"User-Agent": self._agent, **headers}
        where = URL(url)
        try:
            self._guard.check_host(where.raw_host or "", where.port or 0)
            async with self._session.post(where, data=body, headers=sent, allow_redirects=False) as answer:
                if 200 <= answer.status <= 299:
                    return Posted(answer.status)
                failed = by_status(answer.status, answer.raw_headers, datetime.now(UTC))
                return Posted(answer.status, failed.message, failed.retry_after_s)
        except AddressRefused as refused:
            return Posted(0, str(refused))
        except TimeoutError:
            return Posted(0, f"no answer within {TIMEOUT_S:g} s")
        except Exception as error:
            known = by_exception(error, where.raw_host or "")
            if known is None:
                raise
            return Posted(0, known.message)
