"""onecopy with a mistake made on purpose: a fetch's validators are written before its entries.

    python -m bench.kills.etag_first --config FILE crawl --all

What judges kills has to find it out.
"""

from __future__ import annotations

import sys

from sqlalchemy import update

from pipeline.cli.program import run
from pipeline.model import FeedUpdate
from pipeline.store.feeds import Feeds
from pipeline.store.schema import feed

whole = Feeds.record


def etag_first(feeds: Feeds, changes: FeedUpdate, run_id: int) -> bool:
    """Two transactions where there has to be one."""
    if changes.validators is not None:
        values = dict(zip(("etag", "last_modified", "body_hash"), changes.validators, strict=True))
        with feeds._database.write() as connection:
            connection.execute(update(feed).where(feed.c.id == changes.feed_id).values(values))
    return whole(feeds, changes, run_id)


if __name__ == "__main__":
    Feeds.record = etag_first  # type: ignore[method-assign]
    sys.exit(run())
