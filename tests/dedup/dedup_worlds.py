"""Small worlds of articles that were made of each other, and words about them, for properties."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from dedup_making import NOON, article, first_words, prose, reworded
from hypothesis import strategies as st

from pipeline.model import Article, Verb, Word

Change = Callable[[str, int], str]
CHANGES: dict[str, Change] = {
    "as it is": lambda text, at: text,
    "edited": lambda text, at: reworded(text, 0.02 * (1 + at % 4), f"{at}"),
    "credited": lambda text, at: f"{text}\nThis article was originally published at site{at % 8}.example.",
    "stamped": lambda text, at: f"site{at % 8}.example 5 hours ago\n{text}\nRead Entire Article",
    "signed": lambda text, at: f"{text}\nTyler Marsh\nMon, 06/30/2025 – 02:00",
    "cut": lambda text, at: first_words(text, 40 + at % 30) + " ...",
    "framed": lambda text, at: f"{prose(f'intro{at % 3}', 30)}\n{text}\n{prose(f'outro{at % 3}', 60 * (at % 4))}",
    "joined": lambda text, at: f"{text}\n{prose(f'piece{at % 3}', 100)}",
    "replaced": lambda text, at: prose(f"piece{at % 3}", 100),
}


@st.composite
def worlds(draw: st.DrawFn) -> list[Article]:
    """Up to eight articles that were made of each other in chains, as copies are."""
    texts = [prose(f"piece{number}", 100) for number in range(3)]
    made: list[Article] = []
    for number in range(draw(st.integers(2, 8))):
        text = draw(st.sampled_from([*texts, *(one.text for one in made)]))
        change = CHANGES[draw(st.sampled_from(sorted(CHANGES)))]
        one = article(
            f"https://site{draw(st.integers(0, 7))}.example/{number}",
            change(text, draw(st.integers(0, 23))),
            hours=draw(st.integers(0, 72)),
            title=draw(st.sampled_from([None, "Ferry line to close", "Nine ships in the bay"])),
            byline=draw(st.sampled_from([(), ("Jane Roe",), ("Tyler Marsh",)])),
        )
        declared = draw(st.sampled_from([None, *(other.url for other in made)]))
        one = replace(one, declared_url=declared)
        made.append(one)
    return made


@st.composite
def words(draw: st.DrawFn, world: Sequence[Article]) -> list[Word]:
    """Up to four words about the articles of a world, and about one that never arrives."""
    urls = [*(one.canonical_url for one in world), "https://never.example/1"]
    made = []
    for number in range(draw(st.integers(1, 4))):
        named = draw(st.lists(st.sampled_from(urls), min_size=2, max_size=4, unique=True))
        verb = draw(st.sampled_from(list(Verb)))
        at = NOON + timedelta(days=draw(st.integers(0, 9)), minutes=number)
        whom, others = (named[:1], named[1:]) if verb is Verb.SPLIT else (named, [])
        made.append(Word(verb, tuple(whom), at, tuple(others)))
    return made
