"""``scripts/gate shuffles``: the same articles and words give the same stories in whatever order they arrive."""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from bench.grouping.arrival import Arrival, Known, Outcome
from bench.grouping.world import QUICK, build
from pipeline.dedup import decide_all
from pipeline.model import Article, Verb, Word

SAID = datetime(2026, 1, 1, tzinfo=UTC)
WORDS = 12  # said in each world: as many as somebody corrects who reads all of its stories


def parser() -> argparse.ArgumentParser:
    """All options."""
    out = argparse.ArgumentParser(prog="scripts/gate shuffles", description=__doc__)
    out.add_argument("--shuffles", type=int, default=10_000, help="orders to try, over all worlds (default: 10000)")
    out.add_argument("--worlds", type=int, default=20, help="worlds to make (default: 20)")
    out.add_argument("--articles", type=int, default=200, help="articles in each (default: 200)")
    out.add_argument("--seed", type=int, default=7, help="another seed makes other worlds and orders")
    out.add_argument("--json", action="store_true", help="for machines")
    return out


def main(arguments: Sequence[str] | None = None) -> int:
    """Try the orders; 0 when all gave the same stories, else 1 with the first difference of each world."""
    options = parser().parse_args(arguments)
    rng = random.Random(options.seed)
    started, spent = time.monotonic(), time.process_time()
    tried = placed = said = 0
    wrong: list[str] = []
    worlds = list(worlds_of(options.worlds, options.articles, options.seed))
    for number, world in enumerate(worlds):
        known = Known.of(world)
        words = spoken(world, rng)
        for round_words in ([], words):
            share = options.shuffles // (2 * len(worlds)) or 1
            expected = whole(world, round_words)
            for _ in range(share):
                found = arrive(known, world, round_words, rng)
                tried, placed, said = tried + 1, placed + len(world), said + len(round_words)
                if found != expected:
                    wrong.append(f"world {number}, {len(round_words)} words: {difference(expected, found)}")
                    break
        if not options.json:
            sys.stdout.write(
                f"world {number + 1:>3} of {len(worlds)}: {len(world)} articles, {tried:,} orders so far\n"
            )
            sys.stdout.flush()
    about = {
        "orders": tried,
        "worlds": len(worlds),
        "articles placed": placed,
        "words said": said,
        "worlds that differ": len(wrong),
        "CPU seconds": round(time.process_time() - spent, 1),
        "seconds": round(time.monotonic() - started, 1),
    }
    sys.stdout.write((json.dumps(about) if options.json else ", ".join(f"{k} {v:,}" for k, v in about.items())) + "\n")
    for line in wrong:
        sys.stderr.write(f"differs: {line}\n")
    return 1 if wrong else 0


def worlds_of(count: int, size: int, seed: int) -> Iterator[list[Article]]:
    """Generated worlds of ``size`` articles with stories, chains, excerpts, digests and look-alikes of all kinds."""
    waiting: list[Article] = []
    round_seed = seed
    while count:
        for world in build("development", QUICK, round_seed):
            waiting += [one.article for one in world]
            while len(waiting) >= size and count:
                yield waiting[:size]
                waiting = waiting[size:]
                count -= 1
        round_seed += 1


def spoken(world: Sequence[Article], rng: random.Random) -> list[Word]:
    """Words about a world as people say them: copies split off, stories merged, pairs kept apart."""
    stories = [sorted(copy.canonical_url for copy in copies) for _, copies in decide_all(world)]
    large = [story for story in stories if len(story) > 2]
    words = []
    for number in range(WORDS):
        said_at = SAID + timedelta(hours=number)
        story = rng.choice(large)
        if number % 3 == 0:
            url = rng.choice(story)
            words.append(Word(Verb.SPLIT, (url,), said_at, tuple(one for one in story if one != url)))
        elif number % 3 == 1:
            words.append(Word(Verb.MERGE, (rng.choice(story), rng.choice(rng.choice(stories))), said_at))
        else:
            words.append(Word(Verb.NEVER_MERGE, tuple(rng.sample(story, 2)), said_at))
    last = words[-1]  # two words that contradict each other: the later one wins, whichever comes first
    words.append(Word(Verb.MERGE, last.urls, last.said_at + timedelta(hours=1)))
    return words


def whole(world: Sequence[Article], words: Sequence[Word]) -> Outcome:
    """The stories of a world that is there at once."""
    return frozenset((first, frozenset(copies)) for first, copies in decide_all(world, words=words))


def arrive(known: Known, world: Sequence[Article], words: Sequence[Word], rng: random.Random) -> Outcome:
    """The stories of a world whose articles and words came in a random order."""
    coming: list[Article | Word] = [*world, *words]
    rng.shuffle(coming)
    store = Arrival(known)
    for one in coming:
        if isinstance(one, Word):
            store.word(one)
        else:
            store.article(one.canonical_url)
    return store.outcome


def difference(expected: Outcome, found: Outcome) -> str:
    """One story that is not as it should be."""
    first = min(expected - found, key=str, default=None)
    second = min(found - expected, key=str, default=None)
    return f"expected {first}, found {second}"


if __name__ == "__main__":
    sys.exit(main())
