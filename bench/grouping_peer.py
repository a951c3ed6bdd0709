"""The peer: datasketch's MinHashLSH on the same texts, in this process; the child of ``scripts/bench grouping``.

It gets the texts as we read them and one call for all shingles of a text; an article is looked up, then inserted. It
knows nothing of excerpts, verification, stories or durability: only "which of these signatures may be alike".
"""

from __future__ import annotations

import json
import os
import sys
import time

from datasketch import MinHash, MinHashLSH

from bench.main_job import resident
from pipeline.dedup.text import read

THRESHOLD = 0.5
PERMUTATIONS = 128


def main() -> None:
    index = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS)
    first = MinHash(num_perm=PERMUTATIONS)
    before = resident(os.getpid())
    reading = making = asking = 0.0
    found = count = 0
    for count, line in enumerate(sys.stdin, 1):
        started = time.process_time()
        record = json.loads(line)
        shingles = read.__wrapped__(record["text"], record["title"]).shingles
        read_at = time.process_time()
        sketch = MinHash(num_perm=PERMUTATIONS, permutations=first.permutations, scheme=first.scheme)
        sketch.update_batch([shingle.tobytes() for shingle in shingles])
        made_at = time.process_time()
        found += len(index.query(sketch))
        index.insert(count, sketch)
        ended = time.process_time()
        reading, making, asking = reading + read_at - started, making + made_at - read_at, asking + ended - made_at
    print(f"peer: datasketch MinHashLSH(threshold={THRESHOLD}), {count:,} articles, its index in memory")
    for what, seconds in (("read", reading), ("MinHash", making), ("query and insert", asking)):
        print(f"  {what:<28} {seconds / count * 1e3:>8.2f} ms of CPU an article")
    grown = resident(os.getpid()) - before
    print(f"  {'resident memory, grown by':<28} {grown / 2**20:>8.0f} MiB, {grown / count:,.0f} bytes an article")
    print(f"  {'found alike':<28} {found:>8,}")


if __name__ == "__main__":
    main()
