from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.fetch.headers import (
    MAX_AGE_S,
    cache_max_age_s,
    content_codings,
    location,
    retry_after_s,
    sendable,
    text,
    validator,
)

NOW = datetime(2025, 4, 16, 12, 0, 0, tzinfo=UTC)
DAY = 86_400.0


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"120", 120.0),
        (b" 0 ", 0.0),
        (b"317100", DAY),
        (b"1000000000000000", DAY),
        (b"9" * 5_000, DAY),
        (b"-5", None),
        (b"1e12", None),
        (b"1.5", None),
        (b"\xb2", None),  # a superscript two: a digit to Python, none to HTTP
        (b"", None),
        (b"soon", None),
        (b"Wed, 16 Apr 2025 12:02:00 GMT", 120.0),
        (b"Wed, 16 Apr 2025 12:02:00", 120.0),
        (b"Wed, 16 Apr 2025 14:02:00 +0200", 120.0),
        (b"Wednesday, 16-Apr-25 12:02:00 GMT", 120.0),
        (b"Wed Apr 16 12:02:00 2025", 120.0),
        (b"Tue, 15 Apr 2025 12:00:00 GMT", 0.0),
        (b"Fri, 31 Dec 9999 23:59:59 GMT", DAY),
        (b"Fri, 31 Dec 9999 23:59:59 -2300", None),
        (b"Wed, 99 Apr 2025 12:02:00 GMT", None),
        (b"Wed, 16 Apr 2025 12:02:00 GMT" + b" " * 100 + b"x", None),
    ],
)
def test_retry_after(value: bytes, expected: float | None) -> None:
    assert retry_after_s(((b"Retry-After", value),), NOW) == expected


def test_a_date_is_relative_to_the_servers_own_clock() -> None:
    headers = ((b"Date", b"Wed, 16 Apr 2008 12:00:00 GMT"), (b"Retry-After", b"Wed, 16 Apr 2008 12:02:00 GMT"))
    assert retry_after_s(headers, NOW) == 120.0


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ((), None),
        (((b"Cache-Control", b"max-age=300"),), 300.0),
        (((b"Cache-Control", b'public, Max-Age="300"'),), 300.0),
        (((b"Cache-Control", b"s-maxage=900"),), None),
        (((b"Cache-Control", b"private"), (b"CACHE-CONTROL", b"max-age=300")), 300.0),
        (((b"Cache-Control", b"max-age=300"), (b"Age", b"100")), 200.0),
        (((b"Cache-Control", b"max-age=300"), (b"Age", b"1000")), 0.0),
        (((b"Cache-Control", b"max-age=300"), (b"Age", b"x")), 300.0),
        (((b"Cache-Control", b"max-age=300, no-cache"),), 0.0),
        (((b"Cache-Control", b"no-store"),), 0.0),
        (((b"Cache-Control", b"max-age=" + b"9" * 400),), MAX_AGE_S),
        (((b"Cache-Control", b"max-age=-1"),), None),
        (((b"Cache-Control", b"max-age=60"), (b"Expires", b"Wed, 16 Apr 2025 13:00:00 GMT")), 60.0),
        (((b"Expires", b"Wed, 16 Apr 2025 13:00:00 GMT"),), 3600.0),
        (((b"Expires", b"Wed, 16 Apr 2025 11:00:00 GMT"),), 0.0),
        (((b"Expires", b"0"),), 0.0),
        (((b"Expires", b"Fri, 31 Dec 9999 23:59:59 GMT"),), MAX_AGE_S),
    ],
)
def test_cache_max_age(headers: tuple[tuple[bytes, bytes], ...], expected: float | None) -> None:
    assert cache_max_age_s(headers, NOW) == expected


@given(
    st.lists(
        st.tuples(
            st.sampled_from([b"cache-control", b"expires", b"age", b"date", b"retry-after", b"content-encoding"]),
            st.binary(),
        )
    )
)
def test_no_header_raises(pairs: list[tuple[bytes, bytes]]) -> None:
    headers = tuple(pairs)
    age, wait = cache_max_age_s(headers, NOW), retry_after_s(headers, NOW)
    assert age is None or 0 <= age <= MAX_AGE_S
    assert wait is None or 0 <= wait <= DAY
    content_codings(headers)


@given(st.binary())
def test_a_validator_is_sent_as_it_is_or_not_at_all(value: bytes) -> None:
    sent = sendable(value)
    assert sent is None or sent.encode("utf-8") == value == validator(value)
    assert location(value).isascii()
    shown = text(value)
    assert shown is not None
    assert shown.isprintable()


def test_codings() -> None:
    assert content_codings(((b"Content-Encoding", b"GZIP"),)) == ("gzip",)
    assert content_codings(((b"Content-Encoding", b"gzip, "), (b"content-encoding", b"br"))) == ("gzip", "br")
    assert content_codings(()) == ()
