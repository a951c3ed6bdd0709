"""Is this name that outlet's, or that person's? As credit lines, bylines and pages spell them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from pipeline.dedup.forms import read_marks
from pipeline.dedup.text import words
from pipeline.dedup.wording import outlet_of
from pipeline.model import Article

HEAD_LINES = 4  # in which a line in words that no form reads may name a source; credits stand in the first and last
TAIL_LINES = 6
LONGEST_MENTION = 200  # characters
SHORTEST_NAME = 6  # letters of an outlet's name that is found in any line; names of four signs in Chinese or Korean
SHORTEST_SIGNS = 4
_KINDS = (
    "newsagency",
    "news",
    "agency",
    "online",
    "通讯社",
    "通訊社",
    "社",
    "网",
    "網",
    "뉴스",
    "통신",
)  # longest first


def is_outlet(outlet: str, article: Article) -> bool:
    """Is ``outlet`` (a name or a host, as a credit line has it) the publisher of ``article``?"""
    return _publishes(outlet, article.site, article.site_name or "")


@lru_cache(maxsize=16384)  # in a large component everybody's outlets are compared with everybody's sites
def _publishes(outlet: str, site: str, site_name: str) -> bool:
    wanted = key_of(outlet)
    if len(wanted) < 2:
        return False
    labels = site.split(".")
    names = {key_of(site), key_of(site_name)}
    names |= {key_of("".join(labels[:-1])), *(key_of(label) for label in labels[:-1] if len(label) > 2)}
    if site_name:
        # "Korybko's Newsletter | Substack", "The Ledger - Home"
        names |= {key_of(part) for part in re.split(r" [|·–—-] ", site_name)}
        names.add(key_of(outlet_of(site_name)))  # "the newspaper Northquay", as credit lines are read
        if outlet.isupper():  # "AP" in a dateline, for the Associated Press
            names.add(initials(site_name))
    names |= {short for name in names if (short := _without_kind(name, outlet))}
    spellings = {wanted, _without_kind(wanted, outlet)} if wanted > "\u2e80" else {wanted}
    return any(name and (one == name or _inflected(one, name)) for one in spellings for name in names)


def _without_kind(name: str, outlet: str) -> str:
    """A name without what kind of outlet bears it, as in credits ("AP News", "Yonhap News Agency", 新华社, 新华网).

    Two or three Latin letters are a name in capitals alone. Empty where nothing of the kind is in the name.
    """
    short = next((name.removesuffix(kind) for kind in _KINDS if name.endswith(kind)), "")
    return short if len(short) >= SHORTEST_SIGNS or short > "\u2e80" or (outlet.isupper() and len(short) > 1) else ""


def _inflected(a: str, b: str) -> bool:
    """May two names be one in two cases, as «Береге» is «Берег»? All but the last two letters agree, four at least."""
    stem = max(len(a), len(b)) - 2
    return stem >= 4 and a[:stem] == b[:stem]


@lru_cache(maxsize=4096)  # the same few sites and outlets are compared with each other again and again
@lru_cache(maxsize=16384)
def key_of(name: str) -> str:
    """A name's letters and digits alone, without "The"."""
    folded = "".join(words(name))
    return folded[3:] if folded.startswith("the") and len(folded) > 5 else folded


def names_person(name: str, byline: Sequence[str]) -> bool:
    """Is one of ``byline`` the person ``name``? Same words, in any order, middle initials aside."""
    wanted = {word for word in words(name) if len(word) > 1}
    people = [{word for word in words(person) if len(word) > 1} for person in byline]
    return bool(wanted) and any(person and (wanted <= person or person <= wanted) for person in people)


def initials(name: str) -> str:
    """The first letters of a name's words, without "The"."""
    return "".join(word[0] for word in words(name) if word != "the")


def telling_names(articles: Mapping[str, Article]) -> dict[str, list[str]]:
    """Names and hosts of the articles' outlets that can't be met in a line by chance: which articles bear each."""
    found: dict[str, list[str]] = defaultdict(list)
    for url, article in articles.items():
        for name in dict.fromkeys((key_of(article.site_name or ""), key_of(article.site))):
            if _telling(name):
                found[name].append(url)
    return found


def mentions(
    article: Article, articles: Mapping[str, Article], outlets: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, str]]:
    """(canonical URL, line) for each of ``articles`` whose outlet a short line over or under the text names.

    So a credit is understood in words and languages that the table of forms doesn't have. Nobody takes a piece from
    who published it later. ``outlets`` are the :func:`telling_names` of ``articles``.
    """
    lines, keys = _edge_lines(article.text, article.title)
    for name, urls in outlets.items():
        at = next((number for number, key in enumerate(keys) if name in key), None)
        if at is None:
            continue
        for url in urls:
            if articles[url].site != article.site and not _later(articles[url], article):
                yield url, lines[at]


def _telling(name: str) -> bool:
    return len(name) >= (SHORTEST_NAME if name < "\u2e80" else SHORTEST_SIGNS)


def _later(one: Article, other: Article) -> bool:
    mine, theirs = one.published_at, other.published_at
    return mine is not None and theirs is not None and mine > theirs


@lru_cache(maxsize=4096)
def _edge_lines(text: str, title: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The short lines over and under a text that no form reads, and their letters."""
    body = [line for line in read_marks(text, title)[1] if line]
    edges = [*body[:HEAD_LINES], *body[HEAD_LINES:][-TAIL_LINES:]]
    lines = tuple(line for line in edges if len(line) <= LONGEST_MENTION)
    return lines, tuple(key_of(line) for line in lines)
