"""From what a page and its feed say to one :class:`~pipeline.model.Article`: who is believed on what. Pure."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from pipeline import urls
from pipeline.extraction.page import SHOWN, WALL
from pipeline.extraction.text import letters, word_count
from pipeline.model import Article, Entry, Extraction

# The feed's text is taken instead of the page's when it is a full text (100 words: no summary is that long by
# accident) and the page gave less than half of it.
_FULL_TEXT_WORDS = 100
_MUCH_LESS = 0.5
_SAME_DAY = timedelta(hours=36)  # a date without a time, in whatever zone, against the feed's moment

_TOKEN = re.compile(r"[A-Za-z0-9]+")
_DATE = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:\d{2})?")  # 20250630, 202506: shared by all of a day
_WORDS = re.compile(r"[^\W_]+")
_EXTENSION = re.compile(r"\.(?:s?html?|php|aspx?|jsp|cms|ece)$", re.IGNORECASE)
_MIN_SLUG_WORDS = 3  # fewer occur in section names ("world-news")
_HOME = ("", "/", "/index.html", "/index.php", "/home")


def is_home(url: str) -> bool:
    """Whether an address is that of a site's front page."""
    parts = urlsplit(url)
    return parts.path.rstrip("/").lower() in _HOME and not parts.query


def make_article(
    entry: Entry | None,
    response_url: str,
    page: Extraction | None,
    feed_text: Extraction | None,
    first_seen_at: datetime,
    feed_name: str | None,
) -> Article:
    """The article at ``response_url`` (after redirects; the entry's address when the page was not read).

    Title, byline, date and language are the page's, else the feed's; the text is the better of the two. The identity
    is the final address or, when it is plausible, the one that the page declares on its own site. An address declared
    on another site is kept as evidence of a copy and never becomes the identity.
    """
    site = urls.site(response_url)
    declared = page.declared_url if page else None
    at_home = declared is not None and urls.site(declared) == site
    identity = declared if declared and at_home and plausible(declared, response_url) else response_url
    chosen = better_text(page, feed_text)
    sources = [source for source in (page, feed_text) if source]
    return Article(
        url=urls.untracked(response_url),
        canonical_url=urls.canonical_url(identity),
        site=site,
        title=_title(page, entry),
        byline=_byline(sources, site),
        published_at=_published(page, entry),
        first_seen_at=first_seen_at,
        language=next((s.language for s in sources if s.language), None),
        text=chosen.text if chosen else "",
        method=chosen.method if chosen else "none",
        site_name=page.site_name if page else None,
        declared_url=None if at_home else declared,
        based_on=page.based_on if page else (),
        source_url=entry.source_url if entry else None,
        source_title=entry.source_title if entry else None,
        links=chosen.links if chosen else (),
        feeds=(feed_name,) if feed_name else (),
        section=page.section if page else None,
        licence=page.licence if page else None,
        image=page.image if page else None,
        stub=_stub(page, chosen),
        place=page.place if page and chosen is page else None,
    )


def _stub(page: Extraction | None, chosen: Extraction | None) -> bool:
    """Whether the text is what stands before a wall; a full text in the feed makes up for it."""
    if page is None or chosen is None or WALL not in page.problems:
        return False
    return chosen is page or word_count(chosen.text) < _FULL_TEXT_WORDS


def better_text(page: Extraction | None, feed_text: Extraction | None) -> Extraction | None:
    """The page's text unless it is empty, a wall, or much less than a full text in the feed."""
    if feed_text is None or not feed_text.text:
        return page
    if page is None or not page.text:
        return feed_text
    feed_words, page_words = word_count(feed_text.text), word_count(page.text)
    if WALL in page.problems:
        return feed_text if feed_words >= page_words else page
    return feed_text if feed_words >= _FULL_TEXT_WORDS and page_words < _MUCH_LESS * feed_words else page


def plausible(declared: str, url: str) -> bool:
    """Whether the address that the page at ``url`` declares can be its own, as far as one page can tell.

    Content systems declare the home page, a section or one fixed story on all their pages; believing it would make
    all of them one article. Required is therefore that both name the same page (AMP, print, mobile and tracking
    variants do), or share a slug of three words or an article number.
    """
    if urls.canonical_url(declared) == urls.canonical_url(url):
        return True
    ours, theirs = urlsplit(url), urlsplit(declared)
    if is_home(declared):
        return False
    if _identifiers(f"{ours.path} {ours.query}") & _identifiers(f"{theirs.path} {theirs.query}"):
        return True
    slug, other = _slug(ours.path), _slug(theirs.path)
    return slug == other and len(slug) >= _MIN_SLUG_WORDS


def _identifiers(text: str) -> set[str]:
    """Article numbers ("5042821", "idUSKBN1XT00W"): five digits, or eight characters with three digits among them."""
    found = set()
    for token in _TOKEN.findall(text):
        digits = sum(character.isdigit() for character in token)
        if (digits == len(token) >= 5 and not _DATE.fullmatch(token)) or (len(token) >= 8 and 3 <= digits < len(token)):
            found.add(token)
    return found


def _slug(path: str) -> list[str]:
    """The words of the longest path segment, without its extension."""
    segments = [_EXTENSION.sub("", segment) for segment in path.split("/")]
    longest = max((_WORDS.findall(segment.lower()) for segment in segments), key=len, default=[])
    return [word for word in longest if word not in ("amp", "print")]


def _title(page: Extraction | None, entry: Entry | None) -> str | None:
    """The page's headline; the feed's when the page's is the same with a site's or section's name behind it."""
    ours = page.title if page else None
    theirs = entry.title if entry else None
    if not ours or not theirs:
        return ours or theirs
    stem = letters(theirs)
    abbreviated = theirs.rstrip().endswith(("…", "..."))
    return theirs if stem and letters(ours).startswith(stem) and not abbreviated else ours


def _byline(sources: list[Extraction], site: str) -> tuple[str, ...]:
    """The page's authors, unless it names only its own site and the feed names somebody."""
    bylines = [source.byline for source in sources if source.byline]
    own = {letters(name) for source in sources if (name := source.site_name)} | {letters(site)}
    persons = [names for names in bylines if not {letters(name) for name in names} <= own]
    return next(iter(persons + bylines), ())


def _published(page: Extraction | None, entry: Entry | None) -> datetime | None:
    """The page's date; the feed's when the page declares none, or only the day and the feed the moment."""
    ours = page.published_at if page else None
    theirs = entry.published_at if entry else None
    if page is None or ours is None or theirs is None:
        return ours or theirs
    if SHOWN in page.problems:
        return theirs
    day_only = (ours.hour, ours.minute, ours.second) == (0, 0, 0)
    return theirs if day_only and abs(theirs - ours) <= _SAME_DAY else ours
