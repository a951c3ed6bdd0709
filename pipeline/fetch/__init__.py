"""How bytes arrive: the one client through which everything is fetched."""

from typing import Final

from pipeline.fetch.client import Client
from pipeline.fetch.guard import Lookup

FEED_TYPES: Final = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/json;q=0.8, application/xml;q=0.8, text/xml;q=0.8, */*;q=0.1"
)
PAGE_TYPES: Final = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"

__all__ = ["FEED_TYPES", "PAGE_TYPES", "Client", "Lookup"]
