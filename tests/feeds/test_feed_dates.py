"""Dates as feeds write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.feeds.dates import EARLIEST, LATEST_AHEAD, parse_date

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

RIGHT = {
    "Tue, 14 Nov 2023 22:13:20 GMT": "2023-11-14T22:13:20",
    "Tue, 14 Nov 2023 22:13:20 +0100": "2023-11-14T21:13:20",
    "Tue, 14 Nov 2023 22:13:20 GMT+0200": "2023-11-14T20:13:20",
    "Tue, 14 Nov 2023 22:13:20 -0000": "2023-11-14T22:13:20",
    "Tue,14 Nov 2023 10:00:00 +0000": "2023-11-14T10:00:00",
    "14 Nov 23 22:13 EST": "2023-11-15T03:13:00",
    "Tue, 14 Nov 2023 22:13:20 PDT": "2023-11-15T05:13:20",
    "Tue, 14 Nov 2023 22:13:20 CEST": "2023-11-14T20:13:20",
    "Tue, 14 Nov 2023 22:13:20 IST": "2023-11-14T16:43:20",
    "Tue, 14 Nov 2023 22:13:20 Etc/GMT": "2023-11-14T22:13:20",
    "Tue, 14 Nov 2023 22:13:20": "2023-11-14T22:13:20",
    "Tue, 14 Nov 2023 22:13:20 XYZ": "2023-11-14T22:13:20",
    "Tue, 14 Nov 2023 22:13:20 +9999": "2023-11-14T22:13:20",
    "Tue, 14-Nov-2023 22:13:20 GMT": "2023-11-14T22:13:20",
    "Tue, 14 Nov 2023 24:00:00 GMT": "2023-11-15T00:00:00",
    "Tue, 14 Nov 2023 22:13:60 GMT": "2023-11-14T22:13:59",
    "Tue, 14 Nov 2023 10:13 PM": "2023-11-14T22:13:00",
    "Tue, 14 Nov 2023 12:13 am": "2023-11-14T00:13:00",
    "Wed, 11 Sept 2024 08:00:00 GMT": "2024-09-11T08:00:00",
    "Tuesday, November 14, 2023 - 10:13am": "2023-11-14T10:13:00",
    "November 14, 2023 10:13 pm EST": "2023-11-15T03:13:00",
    "Nov 14, 2023": "2023-11-14T00:00:00",
    "Tue Nov 14 22:13:20 2023": "2023-11-14T22:13:20",
    "Tue Nov 14 22:13:20 EST 2023": "2023-11-15T03:13:20",
    "2023-11-14T22:13:20Z": "2023-11-14T22:13:20",
    "2023-11-14T22:13:20.123+01:00": "2023-11-14T21:13:20",
    "2023-11-14T22:13:20,5+0100": "2023-11-14T21:13:20",
    "2023-11-14 22:13": "2023-11-14T22:13:00",
    "2023-11-14T22:13-05:00": "2023-11-15T03:13:00",
    "2023-11-14T24:00:00Z": "2023-11-15T00:00:00",
    "2023-11-14": "2023-11-14T00:00:00",
    "2023/11/14 10:00:00 JST": "2023-11-14T01:00:00",
    "20231114": "2023-11-14T00:00:00",
    "20231114T221320Z": "2023-11-14T22:13:20",
    "1700000000": "2023-11-14T22:13:20",
    "1700000000.25": "2023-11-14T22:13:20",
    "1700000000000": "2023-11-14T22:13:20",
    "14.11.2023 22:13": "2023-11-14T22:13:00",
    "14/11/2023": "2023-11-14T00:00:00",
    "11/14/2023": "2023-11-14T00:00:00",
    "Di, 14 März 2023 10:00:00 +0100": "2023-03-14T09:00:00",
    "14 août 2023 10:00": "2023-08-14T10:00:00",
    "4 juillet 2024": "2024-07-04T00:00:00",
    "4 juin 2024": "2024-06-04T00:00:00",
    "14 de noviembre de 2023": "2023-11-14T00:00:00",
    "do, 03 okt 2024 08:00:00 +0200": "2024-10-03T06:00:00",
    "  Tue,  14 Nov 2023\n 22:13:20  GMT ": "2023-11-14T22:13:20",
}
WRONG = [
    "",
    "   ",
    "yesterday",
    "0",
    "-1",
    "2023",
    "2023-11",
    "2023-W46-2",
    "03/04/2023",  # March or April
    "Thu, 30 Feb 2023 00:00:00 GMT",
    "Tue, 14 Nov 2023 25:00:00 GMT",
    "2023-13-01T00:00:00Z",
    "0000-00-00T00:00:00",
    "Mon, 00 Jan 0000 00:00:00",
    "10000-01-01T00:00:00Z",
    "9999-12-31T23:59:59-14:00",
    "0001-01-01T00:00:00+14:00",
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "1989-12-31T23:59:59Z",
    "99999999999999999999",
    "Tue, 14 Nov 99999 22:13:20 GMT",
    "x" * 10_000,
]


@pytest.mark.parametrize(("text", "expected"), RIGHT.items())
def test_read(text: str, expected: str) -> None:
    assert parse_date(text, NOW) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize("text", WRONG)
def test_not_read(text: str) -> None:
    assert parse_date(text, NOW) is None


def test_the_future_ends_in_a_day() -> None:
    assert parse_date((NOW + timedelta(hours=23)).isoformat(), NOW) == NOW + timedelta(hours=23)
    assert parse_date((NOW + timedelta(hours=25)).isoformat(), NOW) is None


@given(st.text(max_size=60) | st.from_regex(r"[0-9:TZ+\-/., A-Za-z]{0,40}", fullmatch=True))
def test_never_raises_and_stays_in_range(text: str) -> None:
    moment = parse_date(text, NOW)
    assert moment is None or (moment.tzinfo is UTC and EARLIEST <= moment <= NOW + LATEST_AHEAD)


@given(st.integers(0, int((NOW - EARLIEST).total_seconds())), st.integers(-14 * 4, 14 * 4))
def test_reads_back_what_the_standards_write(second: int, quarters: int) -> None:
    moment = EARLIEST + timedelta(seconds=second)
    hours, minutes = divmod(abs(quarters) * 15, 60)
    offset = f"{'-' if quarters < 0 else '+'}{hours:02}{minutes:02}"
    local = moment + timedelta(minutes=quarters * 15)
    assert parse_date(f"{local:%a, %d %b %Y %H:%M:%S} {offset}", NOW) == moment
    assert parse_date(f"{local:%Y-%m-%dT%H:%M:%S}{offset[:3]}:{offset[3:]}", NOW) == moment
