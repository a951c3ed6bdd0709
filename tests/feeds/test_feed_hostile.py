"""Documents built to hurt: each ends in a ParsedFeed or a DocumentError, in a worker as the program runs them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.config import WorkSettings
from pipeline.errors import DocumentError, Refused, Unreadable
from pipeline.feeds import parse_feed
from pipeline.model import ParsedFeed
from pipeline.work import ProcessWorkers

URL = "https://example.org/feed"
NS = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'


def rss(inside: str) -> str:
    return f'<?xml version="1.0"?><rss version="2.0" {NS}><channel><title>t</title>{inside}</channel></rss>'


def item(inside: str) -> str:
    return rss(f"<item><title>x</title>{inside}</item>")


# name -> a document of about n characters. None of these may even need the worker's deadline.
LINEAR: dict[str, Callable[[int], str]] = {
    "blank lines": lambda n: "\n" * n + rss(""),
    "declaration that does not end": lambda n: "<?xml " + " " * n + rss(""),
    "less-than signs": lambda n: rss("<" * n),
    "only less-than signs": lambda n: "<" * n,
    "ampersands": lambda n: rss("<title>" + "&" * n),
    "half references": lambda n: rss("<title>" + "&#" * (n // 2)),
    "long names after ampersands": lambda n: rss("<title>&" + "a" * n),
    "open CDATA": lambda n: rss("<![CDATA[" * (n // 9)),
    "open comments": lambda n: rss("<!--" * (n // 4)),
    "comments before the root": lambda n: "<!--" * (n // 4) + rss(""),
    "open brackets in the DOCTYPE": lambda n: "<!DOCTYPE a [" + "[" * n,
    "half entity declarations": lambda n: "<!DOCTYPE a [" + "<!ENTITY a " * (n // 11) + "]>" + rss(""),
    "blanks in an entity declaration": lambda n: "<!DOCTYPE a [<!ENTITY" + " " * n + "]>" + rss(""),
    "scripts in a title": lambda n: rss("<item><title><![CDATA[" + "<script>" * (n // 8) + "]]></title></item>"),
    "scripts in a text": lambda n: item("<description><![CDATA[" + "<script>" * (n // 8) + "]]></description>"),
    "open comments in a text": lambda n: item("<description><![CDATA[" + "<!--" * (n // 4) + "]]></description>"),
    "open tags in a text": lambda n: item("<description><![CDATA[" + "<a " * (n // 3) + "]]></description>"),
    "one long name": lambda n: rss("<" + "a" * n),
    "names up to a colon": lambda n: rss("<" + "a:" * (n // 2)),
    "one long attribute": lambda n: rss("<a b" + "c'd'" * (n // 4)),
    "open quotes": lambda n: rss('<a b="' * (n // 6)),
    "author without an end": lambda n: item("<author>" + "a" * n + "</author>"),
    "author of dots": lambda n: item("<dc:creator>a@" + "a." * (n // 2) + "</dc:creator>"),
    "attributes": lambda n: rss("<item " + " ".join(f"a{i}='1'" for i in range(n // 8)) + "/>"),
    "depth": lambda n: rss("<a>" * (n // 3)),
    "items": lambda n: rss("<item/>" * (n // 7)),
    "JSON depth": lambda n: '{"items":' + "[" * n,
    "JSON digits": lambda n: '{"title":"t","items":[],"n":' + "1" * n + "}",
    "one long line": lambda n: item("<description>" + "word " * (n // 5) + "</description>"),
}


@pytest.fixture(scope="module")
def pool() -> ProcessWorkers:  # type: ignore[misc]  # a generator fixture
    made = ProcessWorkers(WorkSettings(processes=1, memory_mb=512), preload=("feedparser",))
    yield made
    made.close()


def outcome(pool: ProcessWorkers, body: bytes) -> ParsedFeed | DocumentError:
    try:
        return asyncio.run(pool.run(parse_feed, body, URL, timeout_s=20.0))
    except DocumentError as error:
        return error


@pytest.mark.parametrize("name", LINEAR)
def test_pathological_documents_need_no_deadline(pool: ProcessWorkers, name: str) -> None:
    result = outcome(pool, LINEAR[name](400_000).encode())
    ours = re.search(r"longer than (1000|100,000) char", str(result))
    assert ours or not re.search(r"longer than|memory|ended|exit code", str(result))


def test_a_name_without_end_is_refused_and_a_long_one_is_not() -> None:
    with pytest.raises(Refused, match="name of an element is longer"):
        parse_feed(rss("<" + "a" * 3_000_000).encode(), URL)
    shown = f"<item><title>x</title><description><![CDATA[<img src='data:{'a' * 300_000}'>]]></description></item>"
    assert len(parse_feed(rss(shown).encode(), URL).entries) == 1


BOMBS = {
    "nested entities": '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>' + rss("<title>&b;</title>"),
    "quadratic entities": f'<!DOCTYPE a [<!ENTITY a "{"x" * 1_900}">]>' + rss("<title>" + "&a;" * 50_000 + "</title>"),
    "large entity": f'<!DOCTYPE a [<!ENTITY a "{"x" * 3_000}">]>' + rss("&a;"),
    "markup in an entity": '<!DOCTYPE a [<!ENTITY a "<b>">]>' + rss("&a;"),
    "external entity": '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/hostname">]>' + rss("<title>&a;</title>"),
    "public entity": '<!DOCTYPE a [<!ENTITY a PUBLIC "x" "http://127.0.0.1/x">]>' + rss("<title>&a;</title>"),
    "redefined html name": f'<!DOCTYPE a [<!ENTITY nbsp "{"y" * 1_900}">]>' + rss("<title>" + "&nbsp;" * 50_000),
}


@pytest.mark.parametrize("name", BOMBS)
def test_entity_tricks_are_refused(pool: ProcessWorkers, name: str) -> None:
    assert isinstance(outcome(pool, BOMBS[name].encode()), Refused)
    assert isinstance(outcome(pool, BOMBS[name].encode("utf-16")), Refused)


def test_parameter_entities_are_never_expanded(pool: ProcessWorkers) -> None:
    body = '<!DOCTYPE a [<!ENTITY % p SYSTEM "file:///etc/hostname"> %p;]>' + rss("")
    result = outcome(pool, body.encode())
    assert isinstance(result, ParsedFeed)
    assert result.title == "t"


@pytest.mark.parametrize("body", [b"/etc/hostname", b"/dev/zero", b"file:///etc/hostname", b"http://127.0.0.1:9/x"])
def test_a_body_that_names_a_file_or_an_address_is_only_text(pool: ProcessWorkers, body: bytes) -> None:
    assert isinstance(outcome(pool, body), Unreadable)


def test_feedparser_is_called_once_and_with_a_stream_only() -> None:
    package = Path(__file__).parents[2] / "pipeline"
    calls = [
        (path.name, match)
        for path in package.rglob("*.py")
        for match in re.findall(r"feedparser\.parse\(\s*([^,]*),", path.read_text(encoding="utf-8"))
    ]
    assert calls == [("xmlfeed.py", "io.BytesIO(data)")]
    imports = [
        path.name
        for path in package.rglob("*.py")
        if re.search(r"^\s*(import|from) feedparser", path.read_text("utf-8"), re.M)
    ]
    assert imports == ["xmlfeed.py"]


def test_a_feed_of_too_many_entries_is_cut_not_lost() -> None:
    body = rss("".join(f"<item><title>{n}</title><guid>{n}</guid></item>" for n in range(50)))
    parsed = parse_feed(body.encode(), URL, max_entries=20)
    assert [entry.title for entry in parsed.entries] == [str(n) for n in range(20)]
    assert parsed.problems == ("only the first 20 entries were read",)


def test_too_large_is_refused_before_anything_looks_at_it() -> None:
    with pytest.raises(Refused, match="larger"):
        parse_feed(b" " * 32_000_001, URL)


@pytest.mark.parametrize("character", [*map(chr, range(32)), "\x7f", "\ufffe", "\u202e"])
def test_forbidden_characters_reach_no_field(character: str) -> None:
    text = f"a{character}b"
    body = rss(
        f"<item><title>{text}</title><link>https://example.org/{text}</link><guid isPermaLink='false'>{text}</guid>"
        f"<author>{text}</author><description>{text}</description><source url='https://w.example/{text}'>{text}"
        f"</source><content:encoded><![CDATA[{text}]]></content:encoded></item>"
    )
    (entry,) = parse_feed(body.encode("utf-8", "surrogatepass"), URL).entries
    allowed = "\t\n\r\u202e"
    for name in ("title", "url", "guid", "summary_html", "content_html", "source_url", "source_title"):
        value = getattr(entry, name)
        assert value is None or not any((c < " " and c not in allowed) or c in "\x7f\ufffe" for c in value), name
    assert "\u202e" not in (entry.title or "")


TAGS = st.sampled_from(
    "<rss> <rss version='2.0'> </rss> <channel> </channel> <item> </item> <entry> </entry> <title> </title> <link/>"
    " <link> </link> <feed xmlns='http://www.w3.org/2005/Atom'> </feed> <id> </id> <content type='xhtml'> </content>"
    " <content type='html'> <![CDATA[ ]]> <!-- --> <?xml version='1.0'?> <!DOCTYPE a [ ]> <author> </author> <source>"
    " </source> <pubDate> </pubDate> <updated> </updated> <guid> </guid> &amp; &#0; &#x110000; &lt; &x; & < > ' \" é"
    " <a:b> </a:b> <div> </div> <svg> </svg> <math> <body> <br> <ttl>60</ttl> <image> </image> <textInput> <language>"
    " </language> <category/> <media:content/> <itunes:owner> <dc:creator> </dc:creator> <cloud/> <rdf:RDF> <p>".split()
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(TAGS, max_size=60), st.sampled_from(["", "<rss><channel>", "<feed><entry>", "<rdf:RDF><item>"]))
def test_any_soup_of_tags_is_a_feed_or_a_document_error(tags: list[str], start: str) -> None:
    _readable_or_document_error((start + "".join(tags)).encode())


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400) | st.binary(max_size=200).map(lambda noise: b"<rss><channel><item>" + noise))
def test_any_bytes_are_a_feed_or_a_document_error(body: bytes) -> None:
    _readable_or_document_error(body)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["id", "url", "title", "content_html", "content_text", "summary", "authors", "author", "name"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@settings(max_examples=200, deadline=None)
@given(st.fixed_dictionaries({"version": JSON, "title": JSON, "items": st.lists(JSON, max_size=4) | JSON}))
def test_any_json_is_a_feed_or_a_document_error(feed: object) -> None:
    import json

    _readable_or_document_error(json.dumps(feed).encode("utf-8", "surrogatepass"))


CORPUS = sorted((Path(__file__).parents[1] / "data" / "feeds").glob("*.feed"))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(CORPUS), st.data())
def test_damaged_feeds_are_feeds_or_document_errors(path: Path, data: st.DataObject) -> None:
    body = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        if not body:
            break
        start = data.draw(st.integers(0, len(body) - 1))
        end = min(len(body), start + data.draw(st.integers(0, 12)))
        body[start:end] = data.draw(st.binary(max_size=6))
    _readable_or_document_error(bytes(body))


def _readable_or_document_error(body: bytes) -> None:
    try:
        parsed = parse_feed(body, URL)
    except DocumentError:
        return
    assert isinstance(parsed, ParsedFeed)
    for entry in parsed.entries:
        assert entry.url is None or entry.url.startswith(("http://", "https://"))
        for text in (entry.title, entry.guid, entry.summary_html, entry.content_html, *entry.authors):
            assert text is None or (text.encode("utf-8") and "\0" not in text)
