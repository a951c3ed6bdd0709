"""Text, attributes and moments in XML documents that we write."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final
from xml.sax.saxutils import escape, quoteattr

# What XML 1.0 cannot hold (§2.2), not even escaped.
_NOT_XML: Final = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])


def xml(text: str) -> str:
    """``text`` as content."""
    return escape(text.translate(_NOT_XML))


def attribute(text: str) -> str:
    """``text`` as the value of an attribute, quotes included."""
    return quoteattr(text.translate(_NOT_XML))


def rfc3339(moment: datetime) -> str:
    """A moment in UTC, to the second."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
