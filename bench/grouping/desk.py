"""Sites, addresses, clocks and the lines that sites put around a text; and the making of an Article from a draft."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bench.grouping.bank import Bank, load
from bench.grouping.prose import Cast, cast_for, fill, headline, person, place
from pipeline.model import Article, Link
from pipeline.urls import canonical_url, site

EPOCH = datetime(2025, 3, 1, tzinfo=UTC)
SPREAD = timedelta(days=90)  # all of a run is published within a quarter
SITES_PER_LANGUAGE = 36
AGGREGATORS = {
    "development": ("dailywhirl.example", "newsbarrow.example", "frontfeed.example", "topkettle.example"),
    "evaluation": ("presspond.example", "allbrief.example", "hourlysieve.example", "wirebasket.example"),
}
RELAYS = {  # sites that reprint under a house signature
    "development": (
        ("Cinder Hedge", "cinderhedge.example", "Ryder Dunn"),
        ("Iron Quill", "ironquill.example", "Vic Slate"),
    ),
    "evaluation": (
        ("Gilded Bear", "gildedbear.example", "Marla Stern"),
        ("Last Tally", "lasttally.example", "Nate Cord"),
    ),
}
AGENCIES = {"development": ("AWP", "Norpress"), "evaluation": ("UNP", "Sudpress")}


@dataclass(frozen=True, slots=True)
class Site:
    """A place of publication."""

    name: str
    host: str
    handle: str = ""  # the house signature of a relay


@dataclass(frozen=True, slots=True)
class Draft:
    """A text on its way from hop to hop: what stands above the body, the body, what stands below it.

    A hop that takes the whole page makes the marks of the page before part of its own.
    """

    title: str
    body: tuple[str, ...]
    head: tuple[str, ...] = ()
    tail: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()

    @property
    def text(self) -> str:
        """Paragraphs, one a line, as an extractor gives them."""
        return "\n".join((*self.head, *self.body, *self.tail))

    def changed(self, name: str, **parts: object) -> Draft:
        """The draft with other parts, and the change noted."""
        return replace(self, changes=(*self.changes, name), **parts)  # type: ignore[arg-type]  # fields checked by replace


@dataclass
class Desk:
    """One language's half: its bank, its sites, and the randomness of everything made at it."""

    bank: Bank
    rng: random.Random
    sites: tuple[Site, ...]
    counter: int = field(default=0)

    def number(self) -> int:
        """A number that no other article of this desk has."""
        self.counter += 1
        return self.counter

    def line(self, section: str, cast: Cast | None = None, **given: str) -> str:
        """A line of a section of the bank, its slots filled."""
        pattern = self.rng.choice(self.bank[section])
        return self.fill(pattern, cast, **given)

    def fill(self, pattern: str, cast: Cast | None = None, **given: str) -> str:
        """A pattern with its slots filled; names of people and places are invented unless given."""
        values = {
            "author": person(self.bank, self.rng),
            "n": str(self.rng.randint(2, 59)),
            "y": "2025",
            "date": self.date(EPOCH + self.rng.random() * SPREAD),
        } | given
        return fill(pattern, self.bank, cast or cast_for(self.bank, self.rng), self.rng, **values)

    def date(self, moment: datetime) -> str:
        """A date in one of the language's forms."""
        pattern = self.rng.choice(self.bank["date"])
        month = self.bank["months"][moment.month - 1]
        return pattern.format(d=moment.day, month=month, mm=f"{moment.month:02}", y=moment.year)

    def moment(self) -> datetime:
        """Some time in the quarter of the run, to the minute."""
        return EPOCH + timedelta(minutes=self.rng.randrange(int(SPREAD.total_seconds() // 60)))

    def pick(self, count: int) -> list[Site]:
        """Different sites."""
        return self.rng.sample(self.sites, count)

    def title(self) -> str:
        """A headline about something else."""
        return headline(self.bank, cast_for(self.bank, self.rng), self.rng)

    def article(
        self,
        draft: Draft,
        where: Site,
        published: datetime | None,
        *,
        byline: Sequence[str] = (),
        seen: datetime | None = None,
        **fields: object,
    ) -> Article:
        """The page on which a draft stands, at an address of its own."""
        url = f"https://{where.host}/{self.bank.language}/{_slug(draft.title, 40) or 'post'}-{self.number()}"
        first_seen = seen or (published or self.moment()) + timedelta(minutes=self.rng.randint(1, 4000))
        article = Article(
            url=url,
            canonical_url=canonical_url(url),
            site=site(url),
            title=draft.title,
            byline=tuple(byline),
            published_at=published,
            first_seen_at=first_seen,
            language=self.bank.language,
            text=draft.text,
            method="generated",
            site_name=where.name,
            links=draft.links,
        )
        return replace(article, **fields)  # type: ignore[arg-type]  # fields checked by replace


def open_desk(language: str, half: str, seed: int) -> Desk:
    """A desk with its sites; the same for the same arguments."""
    bank = load(language, half)
    rng = random.Random(f"{seed} {half} {language}")
    sites: dict[str, Site] = {}
    while len(sites) < SITES_PER_LANGUAGE:
        name = rng.choice(bank["outlet"]).format(l=place(bank, rng))
        host = _slug(name, 30) if name.isascii() or language in ("de", "fr", "es", "it", "pt", "pl", "tr") else ""
        sites.setdefault(name, Site(name, f"{host.replace('-', '') or _invented(rng)}.example"))
    unique = {one.host: one for one in sites.values()}
    return Desk(bank, rng, tuple(unique.values()))


def own_site(author: str, rng: random.Random) -> Site:
    """The letter that an author publishes alone."""
    host = _slug(author.rsplit(maxsplit=1)[-1], 20) or _invented(rng)
    return Site(f"{author}'s Letter" if author.isascii() else author, f"{host}.letters.example")


def aggregator(half: str, rng: random.Random) -> Site:
    """A site that lists others' pieces under its own clock."""
    host = rng.choice(AGGREGATORS[half])
    return Site(host.split(".")[0].capitalize(), host)


def relay(half: str, rng: random.Random) -> Site:
    """A site that reprints under a house signature."""
    name, host, handle = rng.choice(RELAYS[half])
    return Site(name, host, handle)


def _slug(text: str, longest: int) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("ı", "i").replace("ł", "l"))
    ascii_only = plain.encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:longest].strip("-")


def _invented(rng: random.Random) -> str:
    return "".join(rng.choice("bdgkmnprstvz") + rng.choice("aeiou") for _ in range(4))
