"""How bytes arrive: the one client through which everything is fetched."""

from pipeline.fetch.client import Client
from pipeline.fetch.guard import Lookup

__all__ = ["Client", "Lookup"]
