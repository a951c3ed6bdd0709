"""``python -m pipeline.demo``: serve the demo world until Ctrl-C."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from pipeline.demo.server import serve
from pipeline.demo.setup import write_config
from pipeline.demo.world import load_world


def main() -> int:
    """Serve; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m pipeline.demo", description="Serve onecopy's demo world.")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 (default: any free one)")
    parser.add_argument("--step", type=int, help="show the world only up to this step (default: everything)")
    parser.add_argument("--config", type=Path, metavar="FOLDER", help="also write FOLDER/config.yaml for it")
    options = parser.parse_args()
    world = load_world()
    try:
        with serve(world, port=options.port, upto=options.step) as server:
            say = f"{len(world.sites)} sites, {len(world.pages)} pages on {server.address}; Ctrl-C ends\n"
            say += f'fetch:\n  connect_to:\n    "*.test": "{server.address}"\n'
            if options.config:
                say += f"written: {write_config(options.config, server.address, world)}\n"
            sys.stdout.write(say)
            sys.stdout.flush()
            while True:  # a signal that reaches another thread wakes nobody
                time.sleep(1)
    except KeyboardInterrupt:
        return 0
    except (OSError, IndexError) as error:
        sys.stderr.write(f"python -m pipeline.demo: {error}\n")
        return 1


if __name__ == "__main__":
    raise SystemExit(main())
