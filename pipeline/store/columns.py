"""Column types and keys that mean the same on SQLite and PostgreSQL, whatever a hostile page puts into a field."""

from __future__ import annotations

import hashlib
import json
import re
import struct
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator

from pipeline.urls import canonical_url, site

KEY_MASK = (1 << 63) - 1  # both databases hold signed 64-bit integers; a masked key is never negative
KEY_BYTES = 8  # of one key in pack_keys

FIRST = datetime.min.replace(tzinfo=UTC)
LAST = datetime.max.replace(tzinfo=UTC)

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def clean(text: str) -> str:
    """Replace by U+FFFD what cannot be stored: NUL (PostgreSQL refuses it) and lone surrogates (not UTF-8)."""
    if text.isascii():  # known without looking at the characters
        return text.replace("\x00", "\ufffd") if "\x00" in text else text
    return _UNSTORABLE.sub("\ufffd", text) if _unstorable(text) else text


def _unstorable(text: str) -> bool:
    if "\x00" in text:
        return True
    try:
        text.encode()  # several times faster than the expression above on long texts
    except UnicodeEncodeError:
        return True
    return False


def url_key(url: str) -> bytes:
    """SHA-256 of a URL: what is indexed instead of the URL, whose length nobody bounds."""
    return hashlib.sha256(clean(url).encode()).digest()


def address_key(url: str) -> bytes:
    """The key under which every spelling of an address is found: that of its canonical form."""
    return url_key(canonical_url(clean(url)))


def site_named(text: str) -> str:
    """The site that a person means by its host (``www.`` or not, in any script) or by an address on it."""
    text = clean(text).strip()
    return site(text if "://" in text else f"https://{text}") or text.lower()


def pack_keys(keys: Sequence[int]) -> bytes:
    """63-bit keys as little-endian int64, 8 bytes each."""
    return struct.pack(f"<{len(keys)}q", *(key & KEY_MASK for key in keys))


def unpack_keys(packed: bytes) -> tuple[int, ...]:
    """Undo :func:`pack_keys`."""
    return struct.unpack(f"<{len(packed) // KEY_BYTES}q", packed)


def as_utc(moment: datetime) -> datetime:
    """The same moment in UTC. Raises ValueError for a naive one: its zone is anybody's guess."""
    if moment.tzinfo is None:
        raise ValueError(f"a time without a zone cannot be stored: {moment.isoformat()}")
    try:
        return moment.astimezone(UTC)
    except OverflowError:  # within a day of year 1 or 9999
        return LAST if moment.year > 5000 else FIRST


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime; SQLite holds it as text of fixed width, which sorts as time does."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  # fixed signature
        """Refuse naive times, turn the others to UTC."""
        return None if value is None else as_utc(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  # fixed signature
        """Give back what was stored, aware."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class CleanText(TypeDecorator[str]):
    """Text that passed :func:`clean`, in values and in conditions alike."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002  # fixed signature
        """Clean on the way in."""
        return None if value is None else clean(value)


class JsonText(TypeDecorator[Any]):
    """A value as JSON in a text column, the same bytes on both databases, every string cleaned."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002  # fixed signature
        """Encode; None is NULL."""
        if value is None:
            return None
        return json.dumps(_cleaned(value), ensure_ascii=False, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002  # fixed signature
        """Decode; NULL is None."""
        return None if value is None else json.loads(value)


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {key: _cleaned(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(part) for part in value]
    return value
