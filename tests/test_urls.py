from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.urls import (
    MAX_URL_LENGTH,
    absolute,
    canonical_url,
    is_http,
    masked,
    redact,
    same_site,
    site,
    untracked,
    unwrapped,
)

SAME = [
    ("http://example.com/a", "https://example.com/a"),
    ("https://WWW.Example.COM/a", "https://example.com/a"),
    ("https://m.example.com/a", "https://www.example.com/a"),
    ("https://mobile.example.co.uk/a", "https://example.co.uk/a"),
    ("https://amp.example.com/a", "https://example.com/a"),
    ("http://example.com:80/a", "https://example.com:443/a"),
    ("https://example.com./a", "https://example.com/a"),
    ("https://example.com", "https://example.com/"),
    ("https://example.com/a/", "https://example.com/a"),
    ("https://example.com//a///b", "https://example.com/a/b"),
    ("https://example.com/x/../a/./b", "https://example.com/a/b"),
    ("https://example.com/%7Ejoe/%61", "https://example.com/~joe/a"),
    ("https://example.com/caf%c3%a9", "https://example.com/café"),
    ("https://example.com/a b", "https://example.com/a%20b"),
    ("https://example.com/a#comments", "https://example.com/a"),
    ("https://example.com/a?utm_source=rss&utm_medium=feed", "https://example.com/a"),
    ("https://example.com/a?fbclid=x&gclid=y&mc_cid=z", "https://example.com/a"),
    ("https://example.com/a?p=1&utm_id=77", "https://example.com/a?p=1"),
    ("https://example.com/a?b=2&a=1", "https://example.com/a?a=1&b=2"),
    ("https://example.com/a?", "https://example.com/a"),
    ("https://example.com/a?&&b=1&", "https://example.com/a?b=1"),
    ("https://example.com/a/amp", "https://example.com/a"),
    ("https://example.com/a/amp/", "https://example.com/a"),
    ("https://example.com/amp/a", "https://example.com/a"),
    ("https://example.com/a.amp.html", "https://example.com/a.html"),
    ("https://example.com/a.amp", "https://example.com/a"),
    ("https://example.com/a?amp=1", "https://example.com/a"),
    ("https://example.com/a?amp", "https://example.com/a"),
    ("https://example.com/a?outputType=amp", "https://example.com/a"),
    ("https://example.com/a/print/", "https://example.com/a"),
    ("https://example.com/a?print=true", "https://example.com/a"),
    ("https://www-example-com.cdn.ampproject.org/c/s/www.example.com/a/amp", "https://example.com/a"),
    ("https://www.google.com/amp/s/www.example.com/a", "https://example.com/a"),
    ("https://bücher.de/a", "https://xn--bcher-kva.de/a"),
    ("https://例え。jp/a", "https://例え.jp/a"),
    ("  https://example.com/\n a ", "https://example.com/ a"),
    ("https:\\\\example.com\\a", "https://example.com/a"),
    ("https://user:secret@example.com/a", "https://example.com/a"),
]

DIFFERENT = [
    ("https://example.com/?p=123", "https://example.com/?p=124"),
    ("https://example.com/?p=123", "https://example.com/"),
    ("https://example.com/a.php?id=3", "https://example.com/a.php?id=4"),
    ("https://example.com/a.php?cid=9", "https://example.com/a.php?cid=10"),
    ("https://example.com/a.php?eid=9", "https://example.com/a.php"),
    ("https://example.com/a.php?20250416", "https://example.com/a.php?20250417"),
    ("https://example.com/a?page=2", "https://example.com/a"),
    ("https://example.com/a?q=1&q=2", "https://example.com/a?q=2&q=1"),
    ("https://example.com/A", "https://example.com/a"),
    ("https://example.com/a%2Fb", "https://example.com/a/b"),
    ("https://example.com/amp", "https://example.com/"),
    ("https://example.com/a?amp=watts", "https://example.com/a"),
    ("https://example.com:8080/a", "https://example.com/a"),
    ("https://example.com:8080/a", "http://example.com:8080/a"),
    ("https://a.example.com/a", "https://b.example.com/a"),
    ("https://amp.co.nz/a", "https://m.co.nz/a"),  # no name of their own would be left
    ("https://amp.github.io/a", "https://m.github.io/a"),
    ("https://www.com/", "https://m.com/"),
]


@pytest.mark.parametrize(("a", "b"), SAME)
def test_one_page_has_one_identity(a: str, b: str) -> None:
    assert canonical_url(a) == canonical_url(b)


@pytest.mark.parametrize(("a", "b"), DIFFERENT)
def test_two_pages_stay_apart(a: str, b: str) -> None:
    assert canonical_url(a) != canonical_url(b)


def test_the_identity_is_readable() -> None:
    url = "http://www.Example.com:80/2025/04/Story/?utm_source=x&p=12#top"
    assert canonical_url(url) == "https://example.com/2025/04/Story?p=12"


@pytest.mark.parametrize(
    "text", ["javascript:alert(1)", "mailto:a@b", "tag:x.com,2020:1", "a b", "https://", "", "http://[::1"]
)
def test_what_is_no_url_comes_back(text: str) -> None:
    assert canonical_url(f" {text}\n") == text
    assert not is_http(text)
    assert site(text) == ""


URLISH = st.one_of(
    st.text(),
    st.text(alphabet="htps:/w.amp?&=#%2eE@[]\\ \t\n\x00éſ㋿１。0x", max_size=60).map(lambda tail: "http://" + tail),
    st.lists(
        st.sampled_from(
            [
                "/",
                "amp",
                "print",
                ".amp",
                ".html",
                "..",
                ".",
                "%2e",
                "%2F",
                "?",
                "&",
                "amp=1",
                "utm_x=1",
                "cid=9",
                "a",
                "Ü",
            ]
        )
    ).map(lambda parts: "https://www.m.example.co.uk/" + "".join(parts)),
    st.sampled_from(["https://x.cdn.ampproject.org/c/s/", "https://google.com/amp/"]).flatmap(
        lambda head: st.text(alphabet="ampgoogle.com/sc%2Fv:@x", max_size=40).map(lambda tail: head + tail)
    ),
)


@given(URLISH)
@example("https://x.cdn.ampproject.org/c/s/y.cdn.ampproject.org/c/s/z.com/a")
@example("http://0.cdn.ampproject.org//c/0")
@example("http://0/0/AMP.AMP")
@example("http://0/..AMP")
@example("http://0.cdn.ampproject.org/amp/c/0")
@example("http://google.com/x/../amp/s/google.com/amp/a.com/b")
@example("http://\ud800.com/\udcff?\ud800=1")
@example("http://a:99999/")
@example("http://" + "a." * 300)
def test_canonical_is_idempotent_and_total(text: str) -> None:
    once = canonical_url(text)
    assert canonical_url(once) == once
    assert is_http(once) == is_http(text)


@given(URLISH, URLISH)
@example("http://a.com/", "\ud800")
@example("http://[", "http://]")
def test_no_function_raises_on_any_text(a: str, b: str) -> None:
    site(a)
    same_site(a, b)
    redact(a)
    link = absolute(a, b)
    if link is not None:
        assert is_http(link)
        assert link.isascii()
        assert len(link) <= MAX_URL_LENGTH
        assert absolute(a, link) == link
        assert canonical_url(link) == canonical_url(absolute("", link) or "")


@given(URLISH.filter(lambda url: "ampproject" not in url and "google" not in url))
def test_site_is_the_host_of_the_identity(url: str) -> None:
    assert site(canonical_url(url)) == site(url)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.Example.com:8080/a", "example.com"),
        ("http://news.bbc.co.uk/", "news.bbc.co.uk"),
        ("https://www.gov.uk/", "www.gov.uk"),
        ("https://korybko.substack.com/p/x", "korybko.substack.com"),
        ("http://127.0.0.1:8080/", "127.0.0.1"),
        ("http://[::1]:8080/", "::1"),
    ],
)
def test_site(url: str, expected: str) -> None:
    assert site(url) == expected


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("https://www.example.com/", "http://news.example.com/x", True),
        ("https://a.bbc.co.uk/", "https://bbc.co.uk/", True),
        ("https://a.co.uk/", "https://b.co.uk/", False),
        ("https://a.blogspot.com/", "https://b.blogspot.com/", False),
        ("https://one.test/", "https://two.test/", False),
        ("https://one.test:1/", "https://www.one.test:2/", True),
        ("nonsense", "nonsense", False),
    ],
)
def test_same_site(a: str, b: str, expected: bool) -> None:
    assert same_site(a, b) is expected


BASE = "https://example.com/dir/page?x=1#here"


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("a", "https://example.com/dir/a"),
        ("/a", "https://example.com/a"),
        ("../a?b#c", "https://example.com/a?b#c"),
        ("?y=2", "https://example.com/dir/page?y=2"),
        ("//other.test/a", "https://other.test/a"),
        ("\\\\other.test\\a", "https://other.test/a"),
        ("HTTP://Other.Test:80/A", "http://other.test/A"),
        ("\x01 \t/a\r\nb \x1f", "https://example.com/ab"),
        ("/a b/é?q=ü", "https://example.com/a%20b/%C3%A9?q=%C3%BC"),
        ("/a%zz%2f", "https://example.com/a%25zz%2f"),
        ("https://user:pw@other.test/a", "https://other.test/a"),
        ("https://bücher.de/", "https://xn--bcher-kva.de/"),
        ("http://１２７.0.0.1/", "http://127.0.0.1/"),
        ("", None),
        (" \n", None),
        ("javascript:alert(1)", None),
        ("java\nscript:alert(1)", None),
        ("\x00javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("file:///etc/passwd", None),
        ("ftp://other.test/", None),
        ("mailto:a@b.test", None),
        ("http://", None),
        ("http:///a", None),
        ("http://a b/", None),
        ("http://a%20b/", None),
        ("http://a..b/", None),
        ("http://a:b/", None),
        ("http://a:70000/", None),
        ("http://[fe80::1%25eth0]/", None),
        ("http://[::1/", None),
        ("http://[v1.x]/", None),
        ("http://[127.0.0.1]/", None),
        ("http://x/\x00a", None),
        ("/" + "a" * MAX_URL_LENGTH, None),
        ("/" + " " * 10_000_000, None),
    ],
)
def test_absolute(href: str, expected: str | None) -> None:
    assert absolute(BASE, href) == expected


def test_absolute_on_a_base_that_is_none() -> None:
    assert absolute("", "/a") is None
    assert absolute("http://[", "/a") is None
    assert absolute("not a url", "http://a.test/") == "http://a.test/"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://u:p@h.test/a", "https://***@h.test/a"),
        ("https://u:p@x@h.test/a", "https://***@h.test/a"),
        ("http:\\\\u:p@h.test/a", "http:\\\\***@h.test/a"),
        ("//u:p@h.test/", "//***@h.test/"),
        ("https://h.test/@user/a", "https://h.test/@user/a"),
        ("https://h.test/a?token=abc&x=1", "https://h.test/a?token=***&x=1"),
        ("https://h.test/a?x=1&API_KEY=abc", "https://h.test/a?x=1&API_KEY=***"),
        (
            "https://h.test/a?access_token=a&sig=b&X-Amz-Signature=c",
            "https://h.test/a?access_token=***&sig=***&X-Amz-Signature=***",
        ),
        ("https://h.test/a#access_token=abc", "https://h.test/a#access_token=***"),
        ("https://h.test/a?monkey=1", "https://h.test/a?monkey=1"),
        ("https://h.test/\x1b[2J\x00a\n", "https://h.test/%1B[2J%00a"),
    ],
)
def test_redact(url: str, expected: str) -> None:
    assert redact(url) == expected
    assert redact(expected) == expected


def test_importing_urls_loads_nothing_heavy() -> None:
    code = "import sys, pipeline.urls; print([m for m in ('courlan', 'tld', 'idna', 'aiohttp') if m in sys.modules])"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://www.a.example/p?utm_source=rss&id=7&utm_medium=feed#top", "http://www.a.example/p?id=7"),
        ("https://a.example/p?b=2&a=1", "https://a.example/p?b=2&a=1"),
        ("https://a.example/p?fbclid=x", "https://a.example/p"),
        ("no url", "no url"),
    ],
)
def test_untracked_is_the_same_address_without_tracking(url: str, expected: str) -> None:
    assert untracked(url) == expected


@pytest.mark.parametrize(
    ("url", "behind"),
    [
        (
            "https://www.google.com/url?rct=j&sa=t&url=https://post.example/a%3Fid%3D7&ct=ga",
            "https://post.example/a?id=7",
        ),
        ("http://www.bing.com/news/apiclick.aspx?ref=x&url=https%3a%2f%2fpost.example%2fa", "https://post.example/a"),
        ("https://l.facebook.com/l.php?u=https%3A%2F%2Fpost.example%2F", "https://post.example/"),
        (
            "https://www.google.com/url?q=https%3A%2F%2Fwww.youtube.com%2Fredirect%3Fq%3Dhttps%253A%252F%252Fa.example%252F",
            "https://a.example/",
        ),
    ],
)
def test_redirectors_are_unwrapped(url: str, behind: str) -> None:
    assert unwrapped(url) == behind


@pytest.mark.parametrize(
    "url",
    [
        "https://post.example/url?url=https://a.example/",
        "https://www.google.com/search?q=https://a.example/",
        "https://www.google.com/url?url=javascript:alert(1)",
        "https://www.google.com/url?url=file:///etc/passwd",
        "https://www.google.com/url",
        "not a url",
    ],
)
def test_other_addresses_are_left_as_they_are(url: str) -> None:
    assert unwrapped(url) == url


def test_masked() -> None:
    secret = "https://ann:pw@hooks.example.org:8443/services/T1/B2/kQ8vRz?token=t#f"
    assert masked(secret) == "https://hooks.example.org:8443/...fd927632"
    assert masked(secret + "x") != masked(secret)  # told apart by the digest
    assert masked("hooks.example.org/T1/kQ8vRz").startswith("...")
    assert len(masked("\ud800")) == 11


@given(
    st.builds(
        "{}://{}{}{}{}{}".format,
        st.sampled_from(["http", "https"]),
        st.sampled_from(["a.test", "b-c.example.com", "x_1.test", "127.0.0.1", "a.test.", "A.test", "a" * 64]),
        st.sampled_from(["", ":80", ":8080", ":"]),
        st.text("aB1/.;%2f~:@é \\", max_size=12).map(lambda text: f"/{text}"),
        st.text("?a=1&;%2F[]/.", max_size=8),
        st.sampled_from(["", "#", "#top", "#a/b", "#é"]),
    )
)
@example("https://a.test/a/../b;?x#")
def test_an_address_in_plain_form_is_read_as_any_other(url: str) -> None:
    dropped = " " + url  # white space around a link does not count, and keeps it from being taken as it is
    assert absolute("https://site.example/", url) == absolute("https://site.example/", dropped)
    assert canonical_url(url) == canonical_url(dropped)
    assert site(url) == site(dropped)
