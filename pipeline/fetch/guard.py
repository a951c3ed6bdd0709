"""Which addresses may be connected to, decided on the address itself, never on how a URL spells it.

A feed or a page is free to name any host, and a host name is free to resolve to any address, to another one every
time. So each connection passes three gates: the URL's host and port (:meth:`Guard.check_host`), all answers of one
name lookup (:meth:`Guard.resolve`, whose addresses are the ones that are connected to), and the address on which the
socket is about to be opened (:meth:`Guard.open_socket`).

Sources: the IANA special-purpose address registries for IPv4 and IPv6 (RFC 6890), the IANA IPv6 global unicast
assignments (only 2000::/3 is in use), RFC 6052 for NAT64, the URL Standard for hosts that end in a number.
"""

from __future__ import annotations

import asyncio
import re
import socket
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

from pipeline.targets import Target, read_targets

Address = IPv4Address | IPv6Address
Lookup = Callable[[str], Awaitable[Sequence[str]]]
"""Turns a host name into the texts of its addresses. Raises OSError when there are none."""

_PRIVATE4 = {
    "10.0.0.0/8": "private",
    "100.64.0.0/10": "shared by a carrier (CGNAT)",
    "127.0.0.0/8": "loopback",
    "172.16.0.0/12": "private",
    "192.168.0.0/16": "private",
}
_NEVER4 = {
    "0.0.0.0/8": "this network",
    "169.254.0.0/16": "link-local",  # cloud metadata services live here, so no setting opens it
    "192.0.0.0/24": "protocol assignments",
    "192.0.2.0/24": "documentation",
    "192.88.99.0/24": "6to4 relay",
    "198.18.0.0/15": "benchmarking",
    "198.51.100.0/24": "documentation",
    "203.0.113.0/24": "documentation",
    "224.0.0.0/4": "multicast",
    "240.0.0.0/4": "reserved",
}
_PRIVATE6 = {"::1/128": "loopback", "fc00::/7": "private"}
_NEVER6 = {
    "2001::/23": "protocol assignments, Teredo",
    "2001:db8::/32": "documentation",
    "2002::/16": "6to4",
    "3fff::/20": "documentation",
}
_GLOBAL6 = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")

_PUBLIC_PORTS = frozenset({80, 443})
_FIRST_USER_PORT = 1024  # RFC 6335 §6: below it are the system ports, mail and the like, that a feed has no business at
_ENDS_IN_NUMBER = re.compile(r"(?:.*\.)?(?:[0-9]+|0[xX][0-9A-Fa-f]*)\.?")


def _networks4(names: Mapping[str, str]) -> tuple[tuple[IPv4Network, str], ...]:
    return tuple((IPv4Network(name), what) for name, what in names.items())


def _networks6(names: Mapping[str, str]) -> tuple[tuple[IPv6Network, str], ...]:
    return tuple((IPv6Network(name), what) for name, what in names.items())


_PRIVATE_NETWORKS4, _NEVER_NETWORKS4 = _networks4(_PRIVATE4), _networks4(_NEVER4)
_PRIVATE_NETWORKS6, _NEVER_NETWORKS6 = _networks6(_PRIVATE6), _networks6(_NEVER6)


class AddressRefused(Exception):
    """The address may not be connected to; the text says which and why. Not an OSError, so that it is not retried."""


def refusal(address: Address, *, allow_private: bool = False) -> str | None:
    """Why ``address`` may not be connected to, in a few words; None when it may.

    ``allow_private`` opens private, carrier-shared and loopback networks; link-local, multicast, reserved, translated
    and documentation addresses stay closed. A NAT64 address is judged by the IPv4 address that it carries, because
    that is all an IPv6-only network with DNS64 has for half the web.
    """
    if isinstance(address, IPv4Address):
        return _refusal4(address, allow_private)
    if address.scope_id is not None:
        return "scoped"
    if address in _NAT64:
        return _refusal4(IPv4Address(int(address) & 0xFFFF_FFFF), allow_private)
    for network, what in _PRIVATE_NETWORKS6:
        if address in network:
            return None if allow_private else what
    if address not in _GLOBAL6:
        return "not global unicast"
    return next((what for network, what in _NEVER_NETWORKS6 if address in network), None)


def _refusal4(address: IPv4Address, allow_private: bool) -> str | None:
    for network, what in _PRIVATE_NETWORKS4:
        if address in network:
            return None if allow_private else what
    return next((what for network, what in _NEVER_NETWORKS4 if address in network), None)


class Guard:
    """The decision, with the user's exceptions to it.

    ``connect_to`` maps a host (``"news.test"``, ``"news.test:8080"``, ``"*.test"``) to an address (``"127.0.0.1"``,
    ``"127.0.0.1:8080"``, ``"[::1]:8080"``) at which it is reached whatever the name resolves to; without a port the
    host means its ports 80 and 443. Such an address is allowed for that host, and for no other.

    Raises ValueError for an entry that cannot be read, and for one that maps an address to another address.
    """

    def __init__(
        self, *, allow_private: bool = False, connect_to: Mapping[str, str] | None = None, lookup: Lookup | None = None
    ) -> None:
        self._allow_private = allow_private
        self._lookup = lookup or system_lookup
        self._targets = read_targets(connect_to or {})

    def check_host(self, host: str, port: int) -> None:
        """Refuse what the URL alone shows: the port, an address, a number that only some systems read as an address.

        ``host`` as it will be handed to the connector, an IPv6 address without brackets. Raises AddressRefused.
        """
        if self._target_for(host, port) is not None:
            return
        if port not in _PUBLIC_PORTS and not _FIRST_USER_PORT <= port <= 65_535:
            raise AddressRefused(f"port {port} is not 80, 443 or above 1023")
        if ":" in host or _ENDS_IN_NUMBER.fullmatch(host):
            try:
                address = ip_address(host)
            except ValueError:
                raise AddressRefused(f"{host} is an address in an unusual spelling") from None
            self._check(host, address)

    async def resolve(self, host: str, port: int) -> list[tuple[Address, int]]:
        """Where to connect for ``host``: one lookup, of which every answer has passed.

        Raises AddressRefused when any answer is refused; OSError when the name has no address.
        """
        target = self._target_for(host, port)
        if target is not None:
            return [(target.address, target.port or port)]
        answers = list(dict.fromkeys(await self._lookup(host)))
        if not answers:
            raise OSError(f"{host} has no address")
        addresses = [ip_address(answer) for answer in answers]
        for address in addresses:
            self._check(host, address)
        return [(address, port) for address in addresses]

    def open_socket(self, address_info: tuple[Any, ...]) -> socket.socket:
        """A socket for exactly this ``getaddrinfo`` tuple; the last gate. Raises AddressRefused."""
        family, kind, protocol, _, where = address_info
        address, port = ip_address(where[0]), where[1]
        named = any(target.address == address and target.port in (port, None) for target in self._targets.values())
        if not named:
            self._check(str(address), address)
        return socket.socket(family, kind, protocol)

    def _check(self, host: str, address: Address) -> None:
        why = refusal(address, allow_private=self._allow_private)
        if why is not None:
            at = "" if host == str(address) else f"{host} is at "
            raise AddressRefused(f"{at}{address}, an address that is not public ({why})")

    def _target_for(self, host: str, port: int) -> Target | None:
        exact = self._targets.get(f"{host}:{port}")
        if exact is not None:
            return exact
        suffixes = [host, *(f"*.{host[at + 1 :]}" for at, char in enumerate(host) if char == "." and at)]
        for name in suffixes:
            target = self._targets.get(f"{name}:{port}")
            if target is None and port in _PUBLIC_PORTS:
                target = self._targets.get(name)
            if target is not None:
                return target
        return None


class GuardedResolver(AbstractResolver):
    """The guard in aiohttp's resolver seam: the connector dials what :meth:`Guard.resolve` returned, nothing else."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_UNSPEC,  # noqa: ARG002 - the signature is aiohttp's; both are wanted
    ) -> list[ResolveResult]:
        """Checked addresses of ``host``, IPv4 and IPv6. Raises AddressRefused or OSError."""
        return [
            ResolveResult(
                hostname=host,
                host=str(address),
                port=port_there,
                family=socket.AF_INET if address.version == 4 else socket.AF_INET6,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for address, port_there in await self._guard.resolve(host, port)
        ]

    async def close(self) -> None:
        """Nothing is held."""


async def system_lookup(host: str) -> Sequence[str]:
    """The system's resolver, each call in a daemon thread of its own. Raises OSError (gaierror).

    Not in the event loop's executor: a handful of names whose servers never answer would fill it and hold up every
    other lookup, and an executor's threads are waited for at exit.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[list[str]] = loop.create_future()

    def finish(result: list[str] | None, error: Exception | None) -> None:
        if future.done():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result or [])

    def look_up() -> None:
        result: list[str] | None = None
        failure: Exception | None = None
        try:
            answers = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
            result = [str(answer[4][0]) for answer in answers]
        except UnicodeError:  # an IDNA rule that the name breaks
            failure = OSError(f"{host} is not a host name")
        except OSError as error:
            failure = error
        try:
            loop.call_soon_threadsafe(finish, result, failure)
        except RuntimeError:
            return  # the loop is closed: nobody waits any more

    threading.Thread(target=look_up, name="lookup", daemon=True).start()
    return await future
