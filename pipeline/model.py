"""Every noun that flows through onecopy, frozen, in the order in which it flows.

Three levels, never conflated: an **entry** (an item seen in a feed) belongs to an **article** (a page at a
canonical URL); an article belongs to a **story** (one text, however often it is published; *not* one event).

Conventions: ``_at`` is an aware UTC datetime; ``url`` is an address as it was met, ``canonical_url`` the one that
identifies the article (:func:`pipeline.urls.canonical_url`); ``site`` is the host key (:func:`pipeline.urls.site`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

# --- a feed and its retrieval -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Feed:
    """A subscription as the store knows it."""

    id: int
    url: str
    name: str
    folder: str | None = None
    enabled: bool = True
    etag: bytes | None = None  # opaque: returned exactly as received (RFC 9110 §8.8)
    last_modified: bytes | None = None  # opaque too: never parsed, never reformatted
    body_hash: bytes | None = None  # SHA-256 of the last body that was parsed
    failures: int = 0  # in a row; 0 after a success
    last_fetched_at: datetime | None = None
    next_fetch_at: datetime | None = None  # None: due now
    last_outcome: str | None = None  # "ok", "not modified" or the FetchError's reason
    last_error: str | None = None
    title: str | None = None  # as the feed calls itself
    site_url: str | None = None
    interval_s: float | None = None  # what the adaptive rule last chose
    ttl_s: float | None = None  # how long the feed itself asks to be left alone
    skip_hours: frozenset[int] = frozenset()  # GMT hours 0-23
    skip_days: frozenset[int] = frozenset()  # Monday = 0
    full_at: datetime | None = None  # when a whole body last came to a request without conditions
    failing_since: datetime | None = None  # the first of the failures in a row
    moved_to: str | None = None  # where permanent redirects (301, 308) have led, each time
    moves: int = 0  # how many times in a row
    moved_since: datetime | None = None
    pushed_until: datetime | None = None  # a hub delivers what is new until then


@dataclass(frozen=True, slots=True)
class Hub:
    """Where to subscribe to a feed (WebSub, https://www.w3.org/TR/websub/), and under which name it knows the feed."""

    url: str
    topic: str


class Retry(StrEnum):
    """When trying again makes sense."""

    SOON = "soon"
    LATER = "later"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Request:
    """One retrieval to make. ``max_bytes`` bounds the decoded body; None takes the client's setting."""

    url: str
    etag: bytes | None = None
    last_modified: bytes | None = None
    accept: str | None = None
    max_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """A complete 2xx answer. A body that ended early is a FetchError, never a Response."""

    url: str  # after redirects
    status: int
    content_type: str | None  # the header as sent, charset parameter included
    body: bytes  # decoded (gzip and the like undone), at most max_bytes
    etag: bytes | None
    last_modified: bytes | None
    fetched_at: datetime
    redirects: tuple[tuple[int, str], ...] = ()  # (status, address that was left) in order
    cache_max_age_s: float | None = None  # Cache-Control max-age or Expires, seconds from fetched_at
    conditional: bool = False  # whether the request carried a validator
    hubs: tuple[Hub, ...] = ()  # Link headers with rel=hub and rel=self


@dataclass(frozen=True, slots=True)
class NotModified:
    """A 304: nothing new since the validators we sent."""

    url: str
    fetched_at: datetime
    etag: bytes | None = None
    last_modified: bytes | None = None
    cache_max_age_s: float | None = None
    redirects: tuple[tuple[int, str], ...] = ()  # as in a Response


class Reason(StrEnum):
    """Why a retrieval failed, one word for counting; the message says the rest."""

    BAD_URL = "bad url"
    REFUSED_ADDRESS = "refused address"
    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    TOO_LARGE = "too large"
    TRUNCATED = "truncated"
    BAD_ENCODING = "bad encoding"
    PROTOCOL = "protocol"
    REDIRECTS = "redirects"
    ROBOTS = "robots"
    GONE = "gone"
    NOT_FOUND = "not found"
    FORBIDDEN = "forbidden"
    TOO_MANY = "too many requests"
    HELD = "held back"  # nothing was sent: the host asked to be left alone, or another process is at work with it
    CLIENT_ERROR = "client error"
    SERVER_ERROR = "server error"


@dataclass(frozen=True, slots=True)
class FetchError:
    """A retrieval that brought nothing, as a value."""

    url: str
    reason: Reason
    message: str
    retry: Retry
    fetched_at: datetime
    status: int | None = None
    retry_after_s: float | None = None


Outcome = Response | NotModified | FetchError


@dataclass(frozen=True, slots=True)
class HostState:
    """What processes tell each other about a host (:func:`pipeline.urls.site`)."""

    last_start_at: datetime | None = None  # of a request
    held_until: datetime | None = None  # the host asked to be left alone


@dataclass(frozen=True, slots=True)
class RobotsRecord:
    """The robots.txt of one origin as it was last read; ``text`` is "" where there is none."""

    text: str
    expires_at: datetime


# --- what a feed says ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entry:
    """An item as a feed publishes it. Text fields are plain text, ``*_html`` is markup as sent (hostile)."""

    key: str  # SHA-256 hex of the identity (guid, else link, else title and content)
    guid: str | None
    url: str | None  # absolute, http or https, or None
    title: str | None
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    updated_at: datetime | None = None
    summary_html: str | None = None
    content_html: str | None = None
    source_url: str | None = None  # RSS <source url>, Atom <source><link>: where the feed says it took the item
    source_title: str | None = None
    language: str | None = None
    content_hash: str = ""  # SHA-256 hex of what, when changed, makes the entry worth reading again


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed document after parsing."""

    format: str  # "rss20", "rss10", "atom10", "json11", ... ; "" when it was none
    title: str | None
    site_url: str | None
    language: str | None
    entries: tuple[Entry, ...]
    ttl_s: float | None = None  # RSS ttl, sy:updatePeriod/updateFrequency
    skip_hours: frozenset[int] = frozenset()  # GMT hours 0-23 (RSS 2.0)
    skip_days: frozenset[int] = frozenset()  # Monday = 0 (RSS 2.0)
    hubs: tuple[Hub, ...] = ()
    problems: tuple[str, ...] = ()  # what was odd, for people


@dataclass(frozen=True, slots=True)
class ReadError:
    """A document that was fetched but could not be read, as a value (see errors.DocumentError)."""

    url: str
    message: str
    retry: Retry


@dataclass(frozen=True, slots=True)
class Known:
    """What the store holds of a feed's entries: key -> content hash.

    When most keys are unknown, also where it holds the same under another key: content hash -> key, URL -> key.
    """

    entries: Mapping[str, str]
    texts: Mapping[str, str] = field(default_factory=dict)
    addresses: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which entries of a fetched feed are worth reading, and which are only noted as seen again."""

    fresh: tuple[Entry, ...]  # never seen
    changed: tuple[Entry, ...]  # seen, but published differently now
    sighted: tuple[str, ...]  # keys, unchanged


@dataclass(frozen=True, slots=True)
class FeedUpdate:
    """All that one fetch of one feed changes, written in one transaction."""

    feed_id: int
    fetched_at: datetime
    outcome: str
    error: str | None
    failures: int
    next_fetch_at: datetime
    interval_s: float | None
    selection: Selection = Selection((), (), ())
    validators: tuple[bytes | None, bytes | None, bytes | None] | None = (
        None  # etag, last_modified, body_hash; None keeps
    )
    title: str | None = None
    site_url: str | None = None
    enabled: bool = True
    ttl_s: float | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    full_at: datetime | None = None  # None keeps
    failing_since: datetime | None = None
    moved_to: str | None = None
    moves: int = 0
    moved_since: datetime | None = None
    hubs: tuple[Hub, ...] | None = None  # None keeps
    deliveries: tuple[int, ...] = ()  # that were read


@dataclass(frozen=True, slots=True)
class Push:
    """A subscription at a hub, which calls ``callback``/``token``; ``mode`` is "subscribe" or "unsubscribe"."""

    id: int
    hub: Hub
    callback: str
    token: str
    secret: str
    mode: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """A feed's document, or a part of it, as a hub brought it."""

    id: int
    received_at: datetime
    content_type: str | None
    body: bytes


@dataclass(frozen=True, slots=True)
class PendingEntry:
    """An entry that the store holds and whose page is still to be read."""

    id: int
    feed_id: int
    entry: Entry
    attempts: int  # this one included: counted before the work, so that a crash counts too
    first_seen_at: datetime


# --- what a page says ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Link:
    """An absolute http(s) link in the body of an article."""

    url: str
    text: str


@dataclass(frozen=True, slots=True)
class Extraction:
    """What one extractor made of one document."""

    method: str  # name and version of what made it, "trafilatura-2.3.1/3 narrowed", "feed/1"
    title: str | None
    byline: tuple[str, ...]
    published_at: datetime | None
    language: str | None
    text: str  # paragraphs separated by one newline; "" when the document has none
    modified_at: datetime | None = None
    site_name: str | None = None
    declared_url: str | None = None  # rel=canonical, else og:url, absolute
    based_on: tuple[str, ...] = ()  # schema.org isBasedOn, absolute URLs
    links: tuple[Link, ...] = ()  # in the body, in order, at most 200
    problems: tuple[str, ...] = ()
    section: str | None = None
    licence: str | None = None  # an address, else the words that the page declares
    image: str | None = None  # the lead image, absolute
    place: str | None = None  # of the text among the elements of the page
    more: str | None = None  # where the next part of the article is


@dataclass(frozen=True, slots=True)
class Article:
    """A page with its text, as it goes into the store."""

    url: str
    canonical_url: str
    site: str
    title: str | None
    byline: tuple[str, ...]
    published_at: datetime | None
    first_seen_at: datetime
    language: str | None
    text: str
    method: str
    site_name: str | None = None
    declared_url: str | None = None  # where the page says the piece lives, when that is another site
    based_on: tuple[str, ...] = ()
    source_url: str | None = None  # the feed's <source>
    source_title: str | None = None
    links: tuple[Link, ...] = ()
    revision: int = 1
    feeds: tuple[str, ...] = ()  # names of the feeds that carried it
    section: str | None = None
    licence: str | None = None  # an address, else the words that the page declares
    image: str | None = None  # the lead image
    stub: bool = False  # only what stands before a wall is known: not the article, and compared with nothing
    place: str | None = None  # of the text among the elements of the page


@dataclass(frozen=True, slots=True)
class Repeated:
    """A line that a site puts into its articles, and on how many pages it was found when it was learned."""

    line: str
    pages: int


@dataclass(frozen=True, slots=True)
class Learned:
    """What the pages of one site have in common, for reading the next one."""

    site: str
    version: int  # grows with every change
    learned_at: datetime
    pages: int  # from how many it was learned
    furniture: tuple[Repeated, ...] = ()
    place: str | None = None  # where its articles stand; None while its pages do not agree


# --- which texts are the same --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is stored of a text to find its copies.

    ``signature`` is the MinHash signature (little-endian uint32), ``bands`` the 63-bit keys of its LSH bands and of its
    sampled shingles. Two articles are candidates when they share an odd key (a band) or two even ones (samples). All of
    it holds only within one ``scheme``.
    """

    scheme: str
    exact: str  # SHA-256 hex of the normalised text
    signature: bytes
    bands: tuple[int, ...]
    shingles: int  # how many distinct shingles the text has


class Kind(StrEnum):
    """What a copy is to its story."""

    ORIGINAL = "original"
    REPUBLICATION = "republication"
    EXCERPT = "excerpt"
    COMMENTARY = "commentary"
    DIGEST = "digest"
    SPUN = "spun"


class Route(StrEnum):
    """By which evidence two articles were joined."""

    SAME_TEXT = "same text"
    NEAR_DUPLICATE = "near-duplicate"
    CONTAINED = "contained"
    BY_HAND = "by hand"


@dataclass(frozen=True, slots=True)
class Match:
    """A verified relation between two articles' texts, named by canonical URL, ``a < b``.

    ``containment_a`` is the share of a's shingles that b has too; ``kind`` says what the decision made of it: "copy",
    "spun" (a copy whose words were replaced one by one), "excerpt" (the shorter is an excerpt of the longer),
    "contained" (the longer holds the shorter among other things: never joins), "quoted" (a passage in common: never
    joins), "" (similar, yet not a copy: kept for the guard of the clustering).
    """

    a: str
    b: str
    jaccard: float
    containment_a: float
    containment_b: float
    shared: int
    kind: str
    route: Route
    passage: str  # the longest run of words that both have, cut to 200 characters
    scheme: str
    reason: str = ""  # why it is not a copy, when it is not


@dataclass(frozen=True, slots=True)
class Credit:
    """Who had it first, according to a copy.

    ``basis`` names the evidence: "credit line", "canonical link", "link", "source", "byline" or "first seen".
    """

    author: str | None
    publisher: str | None
    basis: str
    line: str | None = None  # the words it was read from
    confidence: float = 0.5
    url: str | None = None  # of the article in which the words stand


class Verb(StrEnum):
    """What a person can say about articles."""

    MERGE = "merge"
    SPLIT = "split"
    NEVER_MERGE = "never-merge"


@dataclass(frozen=True, slots=True)
class Word:
    """A person's word about articles, named by canonical URL, stored or not.

    MERGE: all of ``urls`` are one story. NEVER_MERGE: no two of them are. SPLIT: none of ``urls`` is of one story with
    any of ``others``.
    """

    verb: Verb
    urls: tuple[str, ...]
    said_at: datetime
    others: tuple[str, ...] = ()
    source: str = "command"  # or "review": the answer to a question
    id: int = 0  # in the store


@dataclass(frozen=True, slots=True)
class Bond:
    """Two articles, ``a < b``, that a person's word puts together or keeps apart, while no later word overrules it."""

    a: str
    b: str
    together: bool
    said_at: datetime


@dataclass(frozen=True, slots=True)
class Member:
    """A stored article as grouping sees it; ``story`` is None for one that is not placed yet."""

    article: Article
    fingerprint: Fingerprint
    story: int | None = None


@dataclass(frozen=True, slots=True)
class Neighbours:
    """All that the store knows that bears on one article, from one read.

    ``candidates`` are the canonical URLs of articles that share a band with it; ``members`` those articles and
    everything that joins them (the connected components over ``matches``), the article's own earlier revision included,
    by canonical URL, and what is quoted by them or quotes them; ``matches`` the verified relations among members;
    ``bonds`` what people said about members, and about articles that are not stored yet where that leads to a member.
    """

    candidates: tuple[str, ...]
    members: Mapping[str, Member]
    matches: tuple[Match, ...]
    bonds: tuple[Bond, ...] = ()


@dataclass(frozen=True, slots=True)
class Copy:
    """One article's place in a story."""

    canonical_url: str
    kind: Kind
    copied_from: str | None  # canonical URL of another copy in this story
    credit: Credit | None
    similarity: float  # Jaccard with the original, 1.0 for the original itself
    evidence: tuple[str, ...]  # for people, strongest first


@dataclass(frozen=True, slots=True)
class StoryPlan:
    """One story as decided: ``story`` is the id it keeps, None for a new one."""

    story: int | None
    original: str
    copies: tuple[Copy, ...]


@dataclass(frozen=True, slots=True)
class Placement:
    """The decision on one article, and on every article whose place it changes.

    ``stories`` are all stories whose membership was decided anew; ``matches`` replace everything that the store holds
    about this article's relations; ``merged`` maps a story id that goes away to the one that it now resolves to.
    """

    stories: tuple[StoryPlan, ...]
    matches: tuple[Match, ...]
    merged: Mapping[int, int] = field(default_factory=dict)


# --- what people ask for -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StoryFilter:
    """Which stories to list. Times are inclusive, of the story's ``published_at``, else ``first_seen_at``."""

    copies: int = 1  # at least so many
    since: datetime | None = None
    until: datetime | None = None
    site: str | None = None  # any copy on this site
    author: str | None = None  # part of a name in any copy's byline or credit, case-insensitive
    limit: int = 50
    language: str | None = None  # of the original
    text: str | None = None  # words that a copy holds
    carried_by: tuple[int, ...] | None = None  # a copy was in one of these feeds, by id
    home: tuple[int | None, ...] | None = None  # the one feed that the story belongs to in reader apps; None: no feed
    read: bool | None = None  # by the account that asks
    starred: bool | None = None
    ids: tuple[int, ...] | None = None
    newer_than: tuple[datetime, int] | None = None  # (sort_at, id), exclusive: where a page begins or ends
    older_than: tuple[datetime, int] | None = None
    above: int | None = None  # ids above this one
    below: int | None = None
    changed_after: datetime | None = None  # first seen or marked by the account since
    oldest_first: bool = False


@dataclass(frozen=True, slots=True)
class StoryRow:
    """A story in a list; the keys of ``stories --json``."""

    id: int
    title: str | None
    byline: tuple[str, ...]
    site: str
    url: str
    published_at: datetime | None
    first_seen_at: datetime
    copies: int
    sites: int


@dataclass(frozen=True, slots=True)
class CopyRow:
    """A stored article with its place in its story; the keys of ``export``."""

    article: Article
    story: int
    original: bool
    kind: Kind
    copied_from: str | None  # url of another copy
    credit: Credit | None
    similarity: float
    evidence: tuple[str, ...]
    id: int = 0  # of the article


@dataclass(frozen=True, slots=True)
class StoryView:
    """One story whole: ``members`` holds the original first, then by time."""

    row: StoryRow
    credit: Credit | None
    members: tuple[CopyRow, ...]


@dataclass(frozen=True, slots=True)
class ShelfCopy:
    """One copy of a story, without its text."""

    article_id: int
    original: bool
    kind: Kind
    site: str
    site_name: str | None
    url: str
    title: str | None
    byline: tuple[str, ...]
    published_at: datetime | None
    first_seen_at: datetime
    language: str | None
    characters: int  # of its text; 0 where nobody asked


@dataclass(frozen=True, slots=True)
class ShelfStory:
    """A story as one account finds it: in a list, in a reader app, in a feed that we publish."""

    row: StoryRow
    sort_at: datetime  # the key of all lists, with the id
    language: str | None
    feed_id: int | None  # its one place in reader apps; None: no feed began it, or that feed is gone
    lead: str  # how the original's text begins
    read: bool
    starred: bool
    changed_at: datetime  # when it was marked last, else first_seen_at
    copies: tuple[ShelfCopy, ...]  # the original first, then by time; at most SHELF_COPIES


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who reads; without accounts a server has one that nobody can log in to."""

    id: int
    name: str
    created_at: datetime
    can_log_in: bool = True


@dataclass(frozen=True, slots=True)
class Token:
    """A token of an account, as it can be listed: the token itself is not stored."""

    id: int
    label: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Overlap:
    """How much of one feed is known from elsewhere, counted in stories with copies on several sites."""

    feed_id: int
    stories: int
    shared: int  # of those, told by another site too
    late: int  # of those, another site had it before
    median_lag_s: float | None  # behind the first site, over ``late``
    first: tuple[tuple[str, int], ...]  # (site that had it first, how often), most often first


@dataclass(frozen=True, slots=True)
class SitePair:
    """How often one site took a text from another."""

    source: str
    taker: str
    stories: int
    median_lag_s: float | None


@dataclass(frozen=True, slots=True)
class Revision:
    """How an article read before it changed; ``seen_at`` is when it was first seen to read so."""

    revision: int
    title: str | None
    byline: tuple[str, ...]
    text: str
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that a run could not do, for the summary."""

    what: str  # "feed", "page", "line"
    url: str
    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving one article changed."""

    article_id: int
    story: int
    status: str  # "new", "revised" or "unchanged"
    new_story: bool
    copies: int  # in its story now


@dataclass(frozen=True, slots=True)
class FeedResult:
    """What happened to one feed in one run."""

    url: str
    outcome: str
    entries: int = 0
    fresh: int = 0
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Crawl:
    """One run, summed. Every feed and every entry is counted once, under one outcome."""

    feeds: int = 0
    not_modified: int = 0
    entries: int = 0
    new_articles: int = 0
    revised_articles: int = 0
    unchanged_articles: int = 0
    new_stories: int = 0
    joined: int = 0
    failures: tuple[Failure, ...] = ()
    seconds: float = 0.0
