"""Who had it first, and who took it from whom: read from what copies say, weighed by what each kind of word is worth.

Every article *claims* sources: by a canonical link to another site, schema.org isBasedOn, the feed's <source>, a credit
line, an aggregator's stamp, a link in the body, the sign-off of a site that it was taken from. A copy of a copy carries
the claims of both, so the nearest source is the claimed one that itself claims the most of the others.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from pipeline.dedup.forms import Mark, is_date_line, sources
from pipeline.dedup.naming import initials, is_outlet, key_of, mentions, names_person, telling_names
from pipeline.dedup.text import fold, read, words
from pipeline.model import Article, Credit, Member
from pipeline.urls import canonical_url, site

# Worth of a claim, in order of trust. A canonical link is made for search engines and seldom wrong; a scraper's stamp
# names its last source exactly; a link in the body may be one of many.
CONFIDENCE = {
    "canonical link": 0.95,
    "based on": 0.95,
    "source": 0.9,
    "stamp": 0.9,
    "credit line": 0.85,
    "agency line": 0.7,
    "link": 0.75,
    "sign-off": 0.7,
    "mention": 0.65,
    "shared sign-off": 0.6,
    "text": 0.55,
    "byline": 0.5,
    "first seen": 0.4,
}
# Stamps without a clock, read in another time zone, put a copy up to a day and a half before its original; stamps with
# one up to 14 hours (UTC+14 is the easternmost).
MUCH_LATER = timedelta(hours=36)
ZONES = timedelta(hours=14)
FIRST_HAND = frozenset(("canonical link", "based on", "credit line"))  # words that say where a piece was first


AGENCY_ROLES = ("dateline", "rights", "byline")  # that name who made the piece; "contributed to this report" does not


@dataclass(frozen=True, slots=True)
class Claim:
    """``target`` (canonical URL of a member) is named as a source, on this basis, in these words."""

    target: str
    basis: str
    line: str

    @property
    def confidence(self) -> float:
        """What the claim is worth, 0 to 1."""
        return CONFIDENCE[self.basis]


_MARKS_KEPT = 4096  # texts: a copy is compared with the same few neighbours again and again
_marks: OrderedDict[tuple[str, str | None], tuple[Mark, ...]] = OrderedDict()


def article_marks(article: Article) -> tuple[Mark, ...]:
    """The credit and furniture lines of an article; kept for the few thousand texts met last."""
    found = _marks.get((article.text, article.title))
    return keep_marks(article, read(article.text, article.title).marks) if found is None else found


def keep_marks(article: Article, marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
    """Take note of the marks of an article that another process has read, so that it is not read once more here."""
    _marks[article.text, article.title] = marks
    if len(_marks) > _MARKS_KEPT:
        _marks.popitem(last=False)
    return marks


def claims(members: Mapping[str, Member], urls: Collection[str]) -> dict[str, tuple[Claim, ...]]:
    """For each article of ``urls``, which of the others it names as its source, best first, one claim a target."""
    articles = {url: members[url].article for url in sorted(urls)}
    addresses = {other.canonical_url: url for url, other in articles.items()}
    addresses |= {_identity(other.url): url for url, other in articles.items()}
    outlets = telling_names(articles)
    found: dict[str, dict[str, Claim]] = {url: {} for url in articles}
    for url, article in articles.items():
        for claim in _claims_of(article, articles, addresses, outlets):
            best = found[url].get(claim.target)
            if claim.target != url and (best is None or claim.confidence > best.confidence):
                found[url][claim.target] = claim
    _drop_contradictions(found, articles)
    _add_shared_sign_offs(found, articles)
    return {
        url: tuple(sorted(by_target.values(), key=lambda claim: (-claim.confidence, claim.target)))
        for url, by_target in found.items()
    }


@lru_cache(maxsize=8192)  # each article's links are looked up anew whenever another one joins its component
def _identity(url: str) -> str:
    return canonical_url(url)


def _claims_of(
    article: Article,
    articles: Mapping[str, Article],
    addresses: Mapping[str, str],
    outlets: Mapping[str, Sequence[str]],
) -> Iterator[Claim]:
    declared = [("canonical link", article.declared_url), ("source", article.source_url)]
    declared += [("based on", based_on) for based_on in article.based_on]
    declared += [("link", link.url) for link in article.links]
    for basis, target in declared:
        if target and (url := addresses.get(_identity(target))):
            yield Claim(url, basis, target)
    if article.source_title or article.source_url:
        outlet = article.source_title or site(article.source_url or "")
        yield from _by_outlet("source", outlet, None, outlet, article, articles)
    for mark in article_marks(article):
        yield from _by_mark(mark, article, articles, addresses)
    for name in article.byline:
        yield from _by_outlet("agency line", name, None, name, article, articles)
    for url, line in mentions(article, articles, outlets):
        yield Claim(url, "mention", line)


def _by_mark(
    mark: Mark, article: Article, articles: Mapping[str, Article], addresses: Mapping[str, str]
) -> Iterator[Claim]:
    """Whom one line of an article names, by what kind of line it is."""
    if any(sources((mark,))):
        yield from _by_source(mark, article, articles, addresses)
    elif mark.role in AGENCY_ROLES and mark.outlet:
        yield from _by_outlet("agency line", mark.outlet, mark.author, mark.line, article, articles)
    elif mark.role == "agency":
        for url, other in articles.items():
            if other.site != article.site and other.site_name and key_of(other.site_name) in key_of(mark.line):
                yield Claim(url, "agency line", mark.line)
    elif mark.role == "sign-off" and mark.author:
        for url, other in articles.items():
            if names_person(mark.author, other.byline) and not names_person(mark.author, article.byline):
                yield Claim(url, "sign-off", mark.line)


def _by_source(
    mark: Mark, article: Article, articles: Mapping[str, Article], addresses: Mapping[str, str]
) -> Iterator[Claim]:
    basis = "stamp" if mark.role == "stamp" else "credit line"
    if mark.url and (url := addresses.get(_identity(mark.url))):
        yield Claim(url, basis, mark.line)
    elif mark.outlet:
        yield from _by_outlet(basis, mark.outlet, mark.author, mark.line, article, articles)
    elif mark.author and mark.role == "credit":
        for url, other in articles.items():
            if names_person(mark.author, other.byline) and not _has_source(other):
                yield Claim(url, basis, mark.line)


def _by_outlet(
    basis: str, outlet: str, author: str | None, line: str, article: Article, articles: Mapping[str, Article]
) -> Iterator[Claim]:
    """The members that are published by ``outlet``; among several, those by ``author``, else those without a source."""
    named = [url for url, other in articles.items() if other.site != article.site and is_outlet(outlet, other)]
    if author is not None and len(named) > 1:
        named = [url for url in named if names_person(author, articles[url].byline)] or named
    if len(named) > 1:
        named = [url for url in named if not _has_source(articles[url])] or named
    for url in named:
        yield Claim(url, basis, line)


def _has_source(article: Article) -> bool:
    """Does the article itself name another place that it comes from?"""
    return any(
        mark.role in ("credit", "stamp") and not (mark.outlet and is_outlet(mark.outlet, article))
        for mark in article_marks(article)
    )


def _drop_contradictions(found: Mapping[str, dict[str, Claim]], articles: Mapping[str, Article]) -> None:
    """Where two articles name each other, the weaker claim goes; where a source is much younger, so does the claim."""
    for url in sorted(found):
        for target in sorted(found[url]):
            mine, theirs = found[url].get(target), found[target].get(url)
            if mine is None or theirs is None:
                continue
            weaker = min(
                (mine.confidence, _age(articles[url]), url), (theirs.confidence, _age(articles[target]), target)
            )
            del found[weaker[2]][target if weaker[2] == url else url]
    for url, by_target in found.items():
        published = articles[url].published_at
        for target in list(by_target):
            source = articles[target].published_at
            weak = by_target[target].confidence < CONFIDENCE["credit line"]
            if weak and published and source and source > published + MUCH_LATER:
                del by_target[target]


def _age(article: Article) -> float:
    """Larger is older, for ties."""
    moment = trusted_time(article) or article.first_seen_at
    return -moment.timestamp()


def _add_shared_sign_offs(found: Mapping[str, dict[str, Claim]], articles: Mapping[str, Article]) -> None:
    """A copy that carries the stamp or sign-off of another hop, and all its other words, was taken there, named or not.

    Where both carry the same and no more, from the earlier one.
    """
    marks = {url: _hop_marks(article) for url, article in articles.items()}
    signs = {url: sorted(text for role, text in found if role in ("sign-off", "stamp")) for url, found in marks.items()}
    for url in found:
        for other, shared in signs.items():
            if not shared or other == url or other in found[url] or url in found[other]:
                continue
            if not marks[other] <= marks[url]:
                continue
            mine, theirs = articles[url].published_at, articles[other].published_at
            if marks[other] < marks[url] or (mine is not None and theirs is not None and theirs < mine):
                found[url][other] = Claim(other, "shared sign-off", shared[0])


def _hop_marks(article: Article) -> frozenset[tuple[str, str]]:
    return frozenset(
        (mark.role, " ".join(words(mark.line)))
        for mark in article_marks(article)
        if mark.role in ("sign-off", "stamp", "credit", "more") or (mark.role == "byline" and mark.outlet)
    )


def nearest(url: str, found: Mapping[str, Sequence[Claim]]) -> Claim | None:
    """Of the sources that ``url`` names, the one that names the most of the others: the last hop before it."""
    named = {claim.target for claim in found[url]}
    if not named:
        return None

    def depth(claim: Claim) -> tuple[int, float, str]:
        return (len(named & _upstream(claim.target, found)), claim.confidence, claim.target)

    return max(found[url], key=depth)


def _upstream(url: str, found: Mapping[str, Sequence[Claim]]) -> set[str]:
    """Everything that ``url`` names, directly or through what it names."""
    seen: set[str] = set()
    todo = [url]
    while todo:
        for claim in found[todo.pop()]:
            if claim.target not in seen and claim.target != url:
                seen.add(claim.target)
                todo.append(claim.target)
    return seen


def trusted_time(article: Article) -> datetime | None:
    """When it was published, unless it is an aggregator's copy, whose dates are its own."""
    if any(mark.role in ("stamp", "more") for mark in article_marks(article)):
        return None
    return article.published_at


def original(urls: Collection[str], members: Mapping[str, Member], found: Mapping[str, Sequence[Claim]]) -> str:
    """The copy that had it first.

    Who names no source > who is not credited to a place outside > the author's own site > the earliest trusted date >
    the longest. To be named counts as a head start: as much as dates may be wrong for the words that say where a piece
    was first, an hour for those that say where it was taken from.
    """
    if len(urls) == 1:
        return next(iter(urls))
    named: dict[str, timedelta] = dict.fromkeys(urls, timedelta(0))
    wrong = ZONES if all(_has_clock(members[url].article) for url in urls) else MUCH_LATER
    for url in urls:
        for claim in found[url]:
            if claim.target in named:
                start = wrong if claim.basis in FIRST_HAND else timedelta(hours=1)
                named[claim.target] = max(named[claim.target], start)
    last = max(members[url].article.first_seen_at for url in urls)

    def rank(url: str) -> tuple[bool, bool, bool, datetime, int, str]:
        article = members[url].article
        moment = trusted_time(article) or last
        return (
            bool(found[url]),
            _has_source(article),
            not own_site(article),
            moment - named[url],
            -members[url].fingerprint.shingles,
            url,
        )

    return min(urls, key=rank)


def _has_clock(article: Article) -> bool:
    """Does its date bear a time? A full hour may be midnight of some time zone: a date alone."""
    moment = trusted_time(article)
    return moment is None or bool(moment.minute or moment.second)


def own_site(article: Article) -> bool:
    """Does the site bear its author's name (korybko.substack.com, "Jane Roe's Notes")?"""
    place = key_of(article.site) + key_of(article.site_name or "")
    return any(len(word) > 3 and word in place for person in article.byline for word in words(person)[-1:])


def credit(article: Article, claim: Claim | None, members: Mapping[str, Member]) -> Credit | None:
    """What an article itself says about who had it first; None when it says nothing."""
    first = next(
        (mark for mark in article_marks(article) if mark.role == "credit" and (mark.author or mark.outlet)), None
    )
    for mark in article_marks(article):
        # A credit with author and outlet says more than one with either.
        if mark.role in ("credit", "byline") and mark.author and mark.outlet and not is_outlet(mark.outlet, article):
            first = mark
            break
    if first is not None and not (first.outlet and is_outlet(first.outlet, article)):
        author = first.author or _joined(article.byline if claim is None else members[claim.target].article.byline)
        return Credit(author, first.outlet, "credit line", first.line, CONFIDENCE["credit line"], article.url)
    if claim is not None:
        source = members[claim.target].article
        return Credit(author_of(source), publisher(source), claim.basis, claim.line, claim.confidence, article.url)
    # A copyright line names the site's own owner as often as not; it only spells out what a dateline abbreviates.
    named = [mark for mark in article_marks(article) if mark.role in AGENCY_ROLES and mark.outlet]
    foreign = [m for m in named if m.role != "rights" and not is_outlet(m.outlet or "", article)]
    if not foreign:
        return None
    short = foreign[0].outlet or ""
    full = next(
        (m.outlet for m in named if m.outlet and short.isupper() and initials(m.outlet) == key_of(short)), short
    )
    author = next((mark.author for mark in foreign if mark.author), None) or _joined(article.byline)
    return Credit(author, full, "agency line", foreign[0].line, CONFIDENCE["agency line"], article.url)


def story_credit(
    first: str, urls: Collection[str], members: Mapping[str, Member], found: Mapping[str, Sequence[Claim]]
) -> Credit:
    """Who the story is credited to: its original's author, and its publisher as the copies name it."""
    article = members[first].article
    own = credit(article, None, members)
    if own is not None:
        return own
    others = [members[url].article for url in sorted(urls) if url != first]
    outlets = [(m, one) for one in others for m in article_marks(one)]
    lines = [(m, one) for m, one in outlets if m.role == "credit" and m.outlet and is_outlet(m.outlet, article)]
    author = author_of(article) or next((m.author for m, _ in lines if m.author), None)
    if lines:
        mark, one = min(lines, key=lambda found: (trusted_time(found[1]) or found[1].first_seen_at, found[1].url))
        return Credit(author, mark.outlet, "credit line", mark.line, CONFIDENCE["credit line"], one.url)
    if named := [(claim, url) for url in sorted(urls) for claim in found[url] if claim.target == first]:
        claim, url = min(named, key=lambda one: (-one[0].confidence, one[0].line))
        return Credit(author, publisher(article), claim.basis, claim.line, claim.confidence, members[url].article.url)
    basis = "byline" if author else "first seen"
    return Credit(author, publisher(article), basis, None, CONFIDENCE[basis])


def author_of(article: Article) -> str | None:
    """Who wrote it: the byline that the page declares, else the one over its text, else who issued a press release."""
    marks = article_marks(article)
    lines = [mark.author for role in ("byline", "issuer") for mark in marks if mark.role == role and mark.author]
    return _joined(article.byline) or (lines[0] if lines else None)


def publisher(article: Article) -> str:
    """How the publisher calls itself, else its site."""
    return article.site_name or article.site


def _joined(byline: Sequence[str]) -> str | None:
    people = [person for person in byline if person and not is_date_line(fold(person))]
    return ", ".join(people) or None
