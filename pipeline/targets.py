"""Where hosts are to be reached instead of asking DNS: ``fetch.connect_to``, read (pure)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

_HOST: Final = re.compile(r"\[([^\]]*)\](?::([0-9]{1,5}))?|([^:]*)(?::([0-9]{1,5}))?")


@dataclass(frozen=True, slots=True)
class Target:
    """An address with the port to connect to; ``port`` None keeps the URL's."""

    address: IPv4Address | IPv6Address
    port: int | None


def read_targets(connect_to: Mapping[str, str]) -> dict[str, Target]:
    """Targets by host as hosts are compared (lower-case, an IPv6 address without brackets, the port if one is named).

    Raises ValueError for an entry that cannot be read, and for one that maps an address to another address.
    """
    return {_key(host): _target(host, value) for host, value in connect_to.items()}


def _key(host: str) -> str:
    name, port = _split_port(host)
    if not name or re.search(r"[\s/@]", name):
        raise ValueError(f"{host!r} is not a host with or without a port")
    return name.lower().removesuffix(".") + (f":{port}" if port is not None else "")


def _target(host: str, value: str) -> Target:
    name, port = _split_port(value)
    address = _address(name)
    if address is None or not (port is None or 0 < port < 65_536):
        raise ValueError(f"{host}: {value!r} is not an IP address with or without a port")
    own_name, own_port = _split_port(host)
    if _address(own_name) not in (None, address) or (_address(own_name) and port not in (own_port, None)):
        raise ValueError(f"{host}: an address can only be reached at itself, not at {value}")
    return Target(address, port)


def _split_port(text: str) -> tuple[str, int | None]:
    match = _HOST.fullmatch(text.strip())
    if match is None:
        return text.strip(), None
    port = match[2] or match[4]
    return match[1] or match[3] or "", int(port) if port else None


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None
