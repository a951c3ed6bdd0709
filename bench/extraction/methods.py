"""The extractors that are compared: ours, trafilatura's settings, and others where they are installed."""

from __future__ import annotations

import logging
import re
from importlib.util import find_spec

from bench.extraction.measure import Method
from pipeline.errors import DocumentError
from pipeline.extraction import extract

OURS, BARE = "onecopy", "trafilatura"


def available(everything: bool) -> dict[str, Method]:
    """By name; the slow ones only when ``everything`` is asked for, the foreign ones only when installed."""
    found: dict[str, Method] = {OURS: ours, BARE: bare, "trafilatura fast": fast}
    if everything and find_spec("newspaper"):
        found["newspaper4k"] = newspaper
    if everything and find_spec("readability"):
        found["readability-lxml"] = readability
    return found


def ours(html: bytes, url: str) -> str:
    """What ``onecopy`` stores."""
    try:
        return extract(html, url).text
    except DocumentError:
        return ""


def bare(html: bytes, url: str) -> str:
    """``bare_extraction`` with its defaults."""
    from trafilatura import bare_extraction

    return getattr(bare_extraction(html, url=url), "text", None) or ""


def fast(html: bytes, url: str) -> str:
    """``bare_extraction`` without its fallbacks."""
    from trafilatura import bare_extraction

    return getattr(bare_extraction(html, url=url, fast=True), "text", None) or ""


def newspaper(html: bytes, url: str) -> str:
    """newspaper4k on the same bytes, without a request."""
    from newspaper import Article

    logging.getLogger("newspaper").setLevel(logging.CRITICAL)
    article = Article(url)
    article.download(input_html=html.decode("utf-8", "replace"))
    try:
        article.parse()
    except ImportError:  # a tokenizer of a language that is not installed
        return ""
    return str(article.text)


def readability(html: bytes, url: str) -> str:
    """readability-lxml, its HTML as text."""
    from lxml import html as lxml_html
    from readability import Document

    logging.getLogger("readability").setLevel(logging.CRITICAL)
    summary = Document(html.decode("utf-8", "replace"), url=url).summary()
    return re.sub(r"\s*\n\s*", "\n", "\n".join(lxml_html.fromstring(summary).itertext()))
