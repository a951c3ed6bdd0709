"""The text that a feed itself carries, as an :class:`~pipeline.model.Extraction`."""

from __future__ import annotations

from dataclasses import replace

from pipeline.extraction import blocks, body, shape
from pipeline.extraction.declared import language_code
from pipeline.extraction.names import split
from pipeline.extraction.page import EMPTY, encoded, parse
from pipeline.extraction.text import field, lines_of, unescape
from pipeline.model import Entry, Extraction

METHOD = "feed/1"


def from_entry(entry: Entry) -> Extraction:
    """What the entry's content, else its summary, says; text "" and the problem "no text" when it has neither.

    A feed carries the body alone, so nothing is chosen: all lines stay but captions, widgets and share lines. Raises
    Unreadable when the HTML parser gives up.
    """
    language = language_code(entry.language)
    result = Extraction(
        method=METHOD,
        title=field(entry.title),
        byline=split(entry.authors, (entry.source_title,), language),
        published_at=entry.published_at,
        language=language,
        text="",
        modified_at=entry.updated_at,
    )
    for html in (entry.content_html, entry.summary_html):
        if html and html.strip():
            read = _read(result, html, entry.url or "")
            if read.text:
                return read
    return replace(result, problems=(EMPTY,))


def _read(result: Extraction, html: str, url: str) -> Extraction:
    if "<" not in html and "&lt;" in html:  # escaped twice, as some generators do
        html = unescape(html)
    if "<" not in html:
        return replace(result, text="\n".join(body.trim(lines_of(unescape(html)), result.title)))
    source = encoded(html)
    tree = shape.excess(source) or parse(source)
    if tree is None:
        return result
    if isinstance(tree, str):
        stripped = body.trim(shape.strip(html[: 2 * shape.MAX_CHARACTERS]), result.title)
        return replace(result, text="\n".join(stripped), problems=(tree,))
    page = blocks.of(tree)
    text = "\n".join(body.trim((block.text for block in page), result.title))
    return replace(result, text=text, links=body.links_of(page, url) if url else ())
