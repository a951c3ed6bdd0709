"""URLs as identities and as addresses, without I/O.

Two different questions, two different functions: :func:`canonical_url` answers "is this the same page?" and its result
is a key, not always a working address; :func:`absolute` answers "where does this link lead?" and its result is what
may be fetched.

Sources: RFC 3986 §5 and §6 (resolution, normalisation), the URL Standard (https://url.spec.whatwg.org/) for what
browsers tolerate, UTS #46 for host names, the Public Suffix List (through ``tld``), and courlan for what a tracking
parameter is.
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import parse_qsl, quote, urljoin, urlsplit

MAX_URL_LENGTH = 2_048
"""Characters. Longer addresses are refused; the sitemap protocol sets the same limit (https://www.sitemaps.org/)."""

_MAX_HREF_LENGTH = 4 * MAX_URL_LENGTH  # before white space is removed and the link is resolved; data: links end here
_DEFAULT_PORT = {"http": 80, "https": 443}
_C0_AND_SPACE = "".join(map(chr, range(0x21)))
_TAB_OR_NEWLINE = re.compile(r"[\t\r\n]")
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f]")
_HOST = re.compile(r"(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PATH_SAFE = "%/:@!$&'()*+,;=~"
_QUERY_SAFE = _PATH_SAFE + "?[]"

# Addresses that are in the form already that _split gives them, as nearly all are: that takes a tenth of the time.
_PLAIN = re.compile(
    r"(https?)://((?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63})(/(?:[\w./:@!$&'()*+,=~-]++|%[0-9A-Fa-f]{2})*+)"
    r"(?:\?((?:[\w./:@!$&'()*+,;=~?\[\]-]++|%[0-9A-Fa-f]{2})++))?(?:#([\w./-]++))?",
    re.ASCII,
)
_MAX_HOST = 253  # RFC 1035 §2.3.4, less the dots that end it

# Host labels under which publishers serve the same paths a second time, for other screens.
_TWIN_LABELS = frozenset({"www", "m", "mobile", "amp"})

# Parameters that choose another view of the same text, with the values that choose it.
_VIEWS = {
    "amp": frozenset({"", "1", "true"}),
    "outputtype": frozenset({"amp"}),
    "output": frozenset({"amp", "print"}),
    "print": frozenset({"", "1", "true", "yes"}),
    "view": frozenset({"print"}),
}
_VIEW_SEGMENTS = frozenset({"amp", "print"})
# https://developers.google.com/amp/cache/overview: /c/ or /v/ content and viewer, s/ when the origin is https.
_AMP_CACHE_PATH = re.compile(r"/[cv]/(?:s/)?([^/]+)(/.*)?")
_AMP_VIEWER_PATH = re.compile(r"/amp/(?:s/)?([^/]+\.[^/]+)(/.*)?")

# (host, path) -> the parameters that may hold the address behind it.
_REDIRECTORS = {
    ("google.com", "/url"): ("url", "q"),
    ("bing.com", "/news/apiclick.aspx"): ("url",),
    ("duckduckgo.com", "/l/"): ("uddg",),
    ("facebook.com", "/l.php"): ("u",),
    ("l.facebook.com", "/l.php"): ("u",),
    ("l.instagram.com", "/"): ("u",),
    ("youtube.com", "/redirect"): ("q",),
    ("vk.com", "/away.php"): ("to",),
}

_USERINFO = re.compile(r"^([^/\\?#]*[/\\]{2,})[^/\\?#]*@")
_SECRET = re.compile(
    r"(?i)([?&#;](?:[^=&#;]*(?:token|secret|passw|pwd|auth|apikey|api[-_]key|signature|session|credential)[^=&#;]*"
    r"|(?:[^=&#;]*[-_])?(?:key|sig|pass))=)[^&#;]+"
)


@dataclass(frozen=True, slots=True)
class _Parts:
    scheme: str
    host: str  # lower-case ASCII; an IPv6 address without its brackets
    port: int | None  # None when it is the scheme's own
    path: str
    query: str
    fragment: str

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port is None else f":{self.port}"
        query = f"?{self.query}" if self.query else ""
        fragment = f"#{self.fragment}" if self.fragment else ""
        return f"{self.scheme}://{host}{port}{self.path or '/'}{query}{fragment}"


def canonical_url(url: str) -> str:
    """The identity of the page at ``url``: two addresses of one page give one result.

    What is made equal: http and https, upper and lower case in scheme and host, IDNA forms, hosts with and without
    ``www.``, ``m.``, ``mobile.`` or ``amp.``, default ports, fragments, tracking parameters, the order of the others,
    spellings of the path (escapes, dot segments, doubled and trailing slashes), AMP and print views, AMP caches. What
    is kept: every other parameter, and the case of the path.

    In doubt two addresses stay apart: a page met twice is found again by its text, whereas two pages made one would
    lose one of them. The result is idempotent and meant as a key; fetch the URL itself. A text that is no http(s) URL
    comes back trimmed, otherwise unchanged. Never raises.
    """
    parts = _split(url)
    if parts is None:
        return _trim(url)
    parts = _without_amp_cache(parts)
    segments = _segments(parts.path)
    if not _is_amp_host(parts.host):  # there, "amp" is not a view of the page
        segments = _without_views(segments)
    return str(
        _Parts(
            scheme="https" if parts.port is None else parts.scheme,
            host=_without_twin_labels(parts.host),
            port=parts.port,
            path="/" + "/".join(segments),
            query=_canonical_query(parts.query),
            fragment="",
        )
    )


def site(url: str) -> str:
    """The host key of ``url``: lower-case ASCII, no port, no ``www.`` and no other twin label; "" when it has none.

    ``site(canonical_url(u)) == site(u)``, except for pages in an AMP cache, whose canonical URL is at their publisher.
    """
    parts = _split(url)
    return "" if parts is None else _without_twin_labels(parts.host)


def same_site(a: str, b: str) -> bool:
    """Whether two URLs belong to one registrable domain by the Public Suffix List, its private part included.

    Hosts below a suffix that the list does not know (``.test``, addresses) are compared whole. Platforms that are not
    on the list (substack.com, for one) count as one site; use :func:`site` where publications must be told apart.
    """
    first, second = site(a), site(b)
    return bool(first) and (first == second or _registrable(first) == _registrable(second))


def is_http(url: str) -> bool:
    """Whether ``url`` is an absolute http or https URL with a host."""
    return _split(url) is not None


def absolute(base: str, href: str) -> str | None:
    """Where ``href``, met in the document at ``base``, leads; None when that is no http(s) URL of at most 2,048.

    Resolved after RFC 3986 §5; like browsers, white space and control characters around the link and line breaks
    inside it are dropped, and a backslash counts as a slash. The result has an ASCII host, no credentials and no
    default port; characters that a URL cannot hold are percent-encoded, what is already encoded stays as it is.
    """
    if len(href) > _MAX_HREF_LENGTH or not _trim(href):
        return None
    if len(href) <= MAX_URL_LENGTH and _plain(href):
        return href
    try:
        joined = urljoin(_trim(base), _slashes(_trim(href)))
    except ValueError:
        return None
    parts = _split(joined)
    if parts is None:
        return None
    result = str(parts)
    return result if len(result) <= MAX_URL_LENGTH else None


def unwrapped(url: str) -> str:
    """Where a known redirector's address leads, by its own parameter; any other URL unchanged.

    Search engines' alerts and news feeds link through these, and answer programs with a page instead of a redirect.
    """
    for _ in range(3):  # one inside another
        parts = _split(url)
        names = () if parts is None else _REDIRECTORS.get((_without_twin_labels(parts.host), parts.path.lower()), ())
        values = dict(parse_qsl(parts.query)) if parts is not None and names else {}
        inner = next((found for name in names if (found := absolute(url, values.get(name, ""))) is not None), None)
        if inner is None:
            return url
        url = inner
    return url


def untracked(url: str) -> str:
    """``url`` without fragment and tracking parameters, otherwise as it is: still an address to fetch and to show."""
    parts = _split(url)
    if parts is None:
        return _trim(url)
    pairs = [pair for pair in parts.query.split("&") if pair and not _is_tracker(*pair.partition("=")[::2])]
    return str(replace(parts, query="&".join(pairs), fragment=""))


def redact(url: str) -> str:
    """``url`` fit for logs and messages: user name, password and secret-looking query values give way to ``***``.

    Control characters are percent-encoded, so that a URL cannot break a log line or a terminal. Works on any text.
    """
    text = _USERINFO.sub(r"\1***@", _trim(url))
    text = _SECRET.sub(r"\1***", text)
    return _FORBIDDEN.sub(lambda match: f"%{ord(match[0]):02X}", text)


def masked(url: str) -> str:
    """Where a URL leads whose path is a secret, as those of chats' webhooks are: scheme, host, a digest to tell it by.

    The digest is 8 hexadecimal digits of SHA-256. Works on any text: of what is no http(s) URL it alone is left.
    """
    parts = _split(url)
    digest = hashlib.sha256(url.encode(errors="replace")).hexdigest()[:8]
    return f"{replace(parts, path='/', query='', fragment='')}...{digest}" if parts else f"...{digest}"


def _trim(text: str) -> str:
    return _TAB_OR_NEWLINE.sub("", text).strip(_C0_AND_SPACE)


def _slashes(url: str) -> str:
    """Backslashes before the query as slashes (URL Standard, special schemes)."""
    end = min((at for at in (url.find("?"), url.find("#")) if at >= 0), default=len(url))
    return url[:end].replace("\\", "/") + url[end:]


def _plain(url: str) -> re.Match[str] | None:
    match = _PLAIN.fullmatch(url)
    return match if match and match.end(2) - match.start(2) <= _MAX_HOST else None


def _split(url: str) -> _Parts | None:
    plain = _plain(url)
    if plain:
        return _Parts(plain[1], plain[2], None, plain[3], plain[4] or "", plain[5] or "")
    text = _slashes(_trim(url))
    if _FORBIDDEN.search(text):
        return None
    try:
        raw = urlsplit(text)
        name = raw.hostname or ""
        bracketed = raw.netloc.rpartition("@")[2].startswith("[")
        host = _ascii_host(name) if bracketed == (":" in name) else None
        port = raw.port
    except ValueError:
        return None
    if raw.scheme not in _DEFAULT_PORT or host is None:
        return None
    return _Parts(
        scheme=raw.scheme,
        host=host,
        port=None if port == _DEFAULT_PORT[raw.scheme] else port,
        path=_encode(raw.path, _PATH_SAFE),
        query=_encode(raw.query, _QUERY_SAFE),
        fragment=_encode(raw.fragment, _QUERY_SAFE),
    )


def _ascii_host(host: str) -> str | None:
    """A host name in lower-case ASCII, or the shortest form of an IPv6 address; None when it can be neither."""
    if ":" in host:
        try:
            return None if "%" in host else ipaddress.IPv6Address(host).compressed
        except ValueError:
            return None
    if len(host) > _MAX_HOST:
        return None
    if not host.isascii():
        import idna

        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except UnicodeError:
            return None
    host = host.lower().removesuffix(".")
    return host if _HOST.fullmatch(host) else None


def _encode(part: str, safe: str) -> str:
    return quote(_STRAY_PERCENT.sub("%25", part), safe=safe, errors="surrogatepass")


def _plain_escapes(part: str) -> str:
    """Escapes of unreserved characters undone, the others in upper case (RFC 3986 §6.2.2)."""

    def plain(match: re.Match[str]) -> str:
        character = chr(int(match[1], 16))
        return character if character in _UNRESERVED else match[0].upper()

    return _ESCAPE.sub(plain, part)


def _segments(path: str) -> list[str]:
    """The segments of a path in one spelling, without dot and empty ones, and so without a trailing slash."""
    segments: list[str] = []
    for segment in _plain_escapes(path).split("/"):
        if segment == "..":
            del segments[-1:]
        elif segment not in ("", "."):
            segments.append(segment)
    return segments


def _without_views(segments: list[str]) -> list[str]:
    """The path of the page itself, given that of its AMP or print view."""
    start, end = 0, len(segments)
    while end - start > 1 and segments[end - 1].lower() in _VIEW_SEGMENTS:
        end -= 1
    while end - start > 1 and segments[start].lower() == "amp":
        start += 1
    kept = segments[start:end]
    return [*kept[:-1], _without_amp_suffix(kept[-1])] if kept else kept


def _without_amp_suffix(name: str) -> str:
    while True:
        stem, dot, suffix = name.rpartition(".")
        inner, inner_dot, inner_suffix = stem.rpartition(".")
        if inner and inner_dot and inner_suffix.lower() == "amp" and suffix.lower() in ("html", "htm"):
            name = f"{inner}.{suffix}"
        elif stem.strip(".") and dot and suffix.lower() == "amp" and stem.lower() not in _VIEW_SEGMENTS:
            name = stem
        else:
            return name


def _canonical_query(query: str) -> str:
    """The parameters that choose the page, by name.

    Sorted, because share buttons and content systems permute them and servers read them by name; values of one name
    keep their order, which may mean something.
    """
    kept = []
    for pair in _plain_escapes(query).split("&"):
        name, _, value = pair.partition("=")
        if pair and not _is_view(name, value) and not _is_tracker(name, value):
            kept.append((name, pair))
    return "&".join(pair for _, pair in sorted(kept, key=lambda item: item[0]))


def _is_view(name: str, value: str) -> bool:
    return value.lower() in _VIEWS.get(name.lower(), ())


def _is_tracker(name: str, value: str) -> bool:
    """Whether courlan drops the parameter; but a bare number under a one-word name may be the page's own number.

    courlan goes by parts of names and so also drops ``cid=9``, ``game=3`` and ``eid=77``, which are article numbers on
    some sites. ``utm_id=7`` and its like, of more than one word, go all the same.
    """
    if value.isdigit() and "_" not in name and "-" not in name:
        return False
    from courlan.clean import clean_query

    return bool(name) and clean_query(f"{name}=1") == ""


def _is_amp_host(host: str) -> bool:
    return host.endswith(".cdn.ampproject.org") or _without_twin_labels(host) == "google.com"


def _without_amp_cache(parts: _Parts) -> _Parts:
    """The publisher's own address of a page that an AMP cache or viewer shows; anything else unchanged."""
    if not _is_amp_host(parts.host):
        return parts
    pattern = _AMP_CACHE_PATH if parts.host.endswith(".org") else _AMP_VIEWER_PATH
    match = pattern.fullmatch("/" + "/".join(_segments(parts.path)))
    inner = _split(f"https://{match[1]}{match[2] or '/'}") if match else None
    if inner is None or _is_amp_host(inner.host):
        return parts
    return _Parts(inner.scheme, inner.host, inner.port, inner.path, parts.query, "")


@lru_cache(maxsize=4096)
def _without_twin_labels(host: str) -> str:
    """``host`` without leading www, m, mobile and amp, as long as what is left can be a site of its own."""
    label, _, rest = host.partition(".")
    while label in _TWIN_LABELS and "." in rest and _public_suffix(rest) != rest:
        host = rest
        label, _, rest = host.partition(".")
    return host


def _public_suffix(host: str) -> str | None:
    import tld

    found = tld.get_tld(f"https://{host}/", fail_silently=True, search_private=True)
    return None if found is None else str(found)


def _registrable(host: str) -> str:
    import tld

    return tld.get_fld(f"https://{host}/", fail_silently=True, search_private=True) or host
