"""A small world of invented news sites, served over real HTTP on loopback: onecopy's demo and its tests' ground truth.

>>> from pipeline.demo import load_world, serve, write_config
>>> world = load_world()
>>> with serve(world, upto=1) as server:            # the first step of the story
...     config = write_config(folder, server.address)
...     ...                                          # crawl
...     server.publish(2)                            # late arrivals, an updated article
...     ...                                          # crawl again, compare with world.truth

All outlets, persons, places and events in it are invented; host names end in ``.test`` (RFC 6761 §6.2), so that they
can never reach a real site.
"""

from pipeline.demo.nouns import Block, FeedPlan, Page, Site, Text, Truth, Version, World
from pipeline.demo.server import Seen, Server, serve
from pipeline.demo.setup import write_config
from pipeline.demo.world import WorldError, load_world

__all__ = [
    "Block",
    "FeedPlan",
    "Page",
    "Seen",
    "Server",
    "Site",
    "Text",
    "Truth",
    "Version",
    "World",
    "WorldError",
    "load_world",
    "serve",
    "write_config",
]
