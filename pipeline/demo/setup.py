"""A ready ``config.yaml`` for the demo world."""

from __future__ import annotations

from pathlib import Path

from pipeline.demo.nouns import World
from pipeline.demo.world import load_world

_HEAD = """\
# onecopy on its demo world: invented news sites that are served on this machine only.
# Everything that is not set here stays at its default.

store:
  # Where articles, stories and the schedule are kept: a file beside this one.
  url: sqlite:///onecopy.db

fetch:
  # All host names of the demo end in .test and lead to the demo server, as with curl's --connect-to.
  # Remove this section to crawl real sites.
  connect_to:
    "*.test": "{address}"
  # Seconds between two requests to one host. The default (1) is right for other people's servers; this one is ours.
  host_gap_s: 0

# What to read. A feed needs only its url; name and folder are for people.
feeds:
"""


def write_config(folder: Path, address: str, world: World | None = None) -> Path:
    """Write ``folder/config.yaml`` with all feeds of the world, reached at ``address`` ("127.0.0.1:PORT").

    The folder is made when it is missing; an existing file is replaced. Returns the file's path.
    """
    world = world or load_world()
    lines = [_HEAD.format(address=address)]
    for site in world.sites.values():
        for feed in site.feeds:
            lines.append(f"  - url: http://{site.host}{feed.path}\n")
            lines.append(f'    name: "{feed.name}"\n    folder: "{site.folder}"\n')
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "config.yaml"
    path.write_text("".join(lines), encoding="utf-8")
    return path
