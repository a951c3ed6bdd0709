"""Subscription lists in and out."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import DocumentError, Refused, Unreadable
from pipeline.feeds import opml
from pipeline.feeds.text import one_line
from pipeline.model import Feed


def read(body: str, head: str = "") -> tuple[list[tuple[str, str | None, str | None]], list[str]]:
    document = f'{head}<opml version="2.0">\n<body>\n{body}\n</body>\n</opml>'
    feeds, reports = opml.read(document.encode())
    return [(feed.url, feed.name, feed.folder) for feed in feeds], reports


def test_a_list_with_folders() -> None:
    feeds, reports = read(
        '<outline text="News"><outline text="World">'
        '<outline type="rss" text="One &eacute; &amp; two" xmlUrl="https://a.example/feed?a=1&amp;b=2"/></outline>\n'
        '<outline type="rss" title="Two" xmlUrl="https://b.example/"/></outline>'
        '<outline type="rss" xmlUrl="https://c.example/"/>'
    )
    assert feeds == [
        ("https://a.example/feed?a=1&b=2", "One é & two", "News/World"),
        ("https://b.example/", "Two", "News"),
        ("https://c.example/", None, None),
    ]
    assert reports == []


@pytest.mark.parametrize(
    ("outline", "feed"),
    [
        ('<OUTLINE TEXT="N" XMLURL="https://a.example/"/>', ("https://a.example/", "N", None)),
        ('<outline text="N" xmlurl=" https://a.example/ "/>', ("https://a.example/", "N", None)),
        ('<outline text="N" xmlUrl="feed://a.example/f"/>', ("http://a.example/f", "N", None)),
        ('<outline text="N" xmlUrl="feed:https://a.example/f"/>', ("https://a.example/f", "N", None)),
        ('<outline text="N" xmlUrl="https://a.example/?a=1&b=2"/>', ("https://a.example/?a=1&b=2", "N", None)),
        ('<outline text="N" category="/A/B,/C" xmlUrl="https://a.example/"/>', ("https://a.example/", "N", "A/B")),
        ('<outline text="" title="N" xmlUrl="https://a.example/"/>', ("https://a.example/", "N", None)),
        ('<outline text="N\u202e" xmlUrl="https://a.example/"/>', ("https://a.example/", "N", None)),
        ('<outline text="N" xmlUrl="https://u:p@a.example/"/>', ("https://u:p@a.example/", "N", None)),
    ],
)
def test_outlines_as_programs_write_them(outline: str, feed: tuple[str, str, str | None]) -> None:
    assert read(outline) == ([feed], [])


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "javascript:alert(1)",
        "ftp://a.example/",
        "/relative",
        "https://",
        "https://a b.example/",
        "data:text/xml,x",
        "https://[bad/",
        "x" * 3_000,
        "https://a.example/" + "x" * 3_000,
    ],
)
def test_a_bad_address_is_reported_with_its_line_and_costs_itself_only(url: str) -> None:
    good = '<outline text="Good" xmlUrl="https://good.example/"/>'
    feeds, reports = read(f'{good}\n<outline text="Bad" xmlUrl="{url}"/>\n{good.replace("good.", "better.")}')
    assert [feed[0] for feed in feeds] == ["https://good.example/", "https://better.example/"]
    (report,) = reports
    assert report.startswith("line 4: ")
    assert url[:20] in report
    assert len(report) < 300


def test_other_things_that_are_reported() -> None:
    one = '<outline text="One" xmlUrl="https://a.example/"/>'
    none = '<outline text="None" xmlUrl=""/>\n<outline type="rss" text="No address"/>\n<outline text="A folder"/>'
    feeds, reports = read(f'{one}\n{one}\n{none}\n<outline text="cut')
    assert feeds == [("https://a.example/", "One", None)]
    assert reports[0] == "line 4: https://a.example/ is on line 3 already"
    assert reports[1] == "line 5: None has an empty xmlUrl"
    assert reports[2] == "line 6: No address has no xmlUrl"
    assert "nothing after this line was read" in reports[3]


def test_passwords_are_not_in_reports() -> None:
    outline = '<outline text="x" xmlUrl="https://user:hunter2@a.example/?token=hunter2"/>'
    _, reports = read(f"{outline}\n{outline}")
    assert len(reports) == 1
    assert "hunter2" not in reports[0]


def test_line_numbers_count_what_stands_before_the_root() -> None:
    _, reports = read('<outline xmlUrl="x"/>', head='<?xml version="1.0"?>\n<!DOCTYPE opml>\n\n')
    assert reports[0].startswith("line 6: ")


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", Unreadable),
        (b"<html><body>x</body></html>", Unreadable),
        (b"<rss/>", Unreadable),
        (b"just text", Unreadable),
        (b"<opml>" + b"<outline text='a'>" * 300, Refused),
        (b'<!DOCTYPE o [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><opml><body/></opml>', Refused),
        (b'<!DOCTYPE o [<!ENTITY a SYSTEM "file:///etc/hostname">]><opml><body/></opml>', Refused),
        (b" " * 5_000_001, Refused),
    ],
)
def test_what_is_no_list(body: bytes, error: type[DocumentError]) -> None:
    with pytest.raises(error):
        opml.read(body)


def test_too_many_feeds_are_cut_and_that_is_said_once() -> None:
    feeds, reports = read("\n".join(f'<outline xmlUrl="https://a.example/{n}"/>' for n in range(opml.MAX_FEEDS + 50)))
    assert len(feeds) == opml.MAX_FEEDS
    assert reports == [f"line {opml.MAX_FEEDS + 3}: only the first {opml.MAX_FEEDS} feeds were read"]


def test_credentials_are_never_exported() -> None:
    text = opml.write(
        [Feed(1, "https://user:hunter2@a.example/f", "N", site_url="https://user:hunter2@a.example/")], "T"
    )
    assert "hunter2" not in text
    assert 'xmlUrl="https://a.example/f"' in text


LINE = st.text(max_size=12).map(lambda text: one_line(text) or "")
NAMES = LINE.filter(bool)
FOLDERS = st.lists(NAMES.map(lambda n: n.replace("/", "").strip()).filter(bool), max_size=3).map("/".join)


@given(st.lists(st.tuples(NAMES, FOLDERS), max_size=8), LINE)
def test_what_is_written_is_read_back(wanted: list[tuple[str, str]], title: str) -> None:
    feeds = [
        Feed(n, f"https://example.org/{n}?a=1&b=%22", name, folder or None) for n, (name, folder) in enumerate(wanted)
    ]
    text = opml.write(feeds, title)
    ElementTree.fromstring(text)  # well-formed to a parser that is not ours
    back, reports = opml.read(text.encode())
    assert reports == []
    key = {feed.url: (feed.name, feed.folder) for feed in feeds}
    assert {feed.url: (feed.name, feed.folder) for feed in back} == key


@given(st.binary(max_size=200) | st.text(alphabet="<>/='\"&; outlinexmlUrtp:\n", max_size=200).map(str.encode))
def test_any_bytes_are_a_list_or_a_document_error(noise: bytes) -> None:
    for body in (noise, b"<opml><body>" + noise, b"<opml><body><outline text='" + noise):
        try:
            opml.read(body)
        except DocumentError:
            continue
