"""Articles in parts: the pages after the first are fetched as the first was, one after the other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from pipeline.extraction.parts import MAX_PARTS
from pipeline.model import Response
from pipeline.reading import Document, Part, Read

Reader = Callable[[Document], Awaitable[Read]]
Fetch = Callable[[str, int], Awaitable[Response | None]]  # (URL, most bytes)


async def read_whole(document: Document, read: Reader, fetch: Fetch, most_bytes: int) -> Read:
    """Read a document with the parts that follow it: at most ten, ``most_bytes`` together.

    A part that cannot be fetched ends the article. Raises DocumentError as ``read`` does on the first page; a part
    that cannot be read is left out.
    """
    found = await read(document)
    seen = {document.url}
    while found.more is not None and found.more not in seen and len(document.parts) < MAX_PARTS - 1:
        seen.add(found.more)
        page = await fetch(found.more, most_bytes - sum(len(part.body) for part in document.parts))
        if page is None:
            break
        parts = (*document.parts, Part(page.url, page.body, page.content_type))
        document = replace(document, parts=parts)
        found = await read(document)
    return found
