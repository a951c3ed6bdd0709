"""Where a feed is asked for: conditions, redirects that are kept, and moves that are taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from feeds_making import FEED, NEW_URL, NOW, SETTINGS, failure, moved, new, response

from pipeline.feeds import after_failure, after_not_modified, after_success
from pipeline.feeds.decide import request
from pipeline.model import Feed, NotModified, Reason, Retry

# --- conditions ---------------------------------------------------------------------------------------------------

KNOWN_FEED = replace(FEED, etag=b'"e1"', last_modified=b"monday", body_hash=b"h", full_at=NOW)


@pytest.mark.parametrize(
    ("days", "conditional"), [(0, True), (7.99, True), (8, False), (400, False), (-0.1, True), (-2, False)]
)
def test_a_whole_body_is_asked_for_once_in_eight_days(days: float, conditional: bool) -> None:
    asked = request(KNOWN_FEED, NOW + timedelta(days=days), "x", 9)
    assert ((asked.etag, asked.last_modified) == (b'"e1"', b"monday")) is conditional


def test_one_unconditional_request_starts_the_eight_days_anew_whatever_came_of_it() -> None:
    due = replace(KNOWN_FEED, full_at=NOW - timedelta(days=9))
    whole = response(b"new", conditional=False)
    assert after_success(due, whole, *new(1, of=5), SETTINGS, NOW, 0.0).full_at == NOW
    assert after_not_modified(due, whole, SETTINGS, NOW, 0.0).full_at == NOW
    assert after_failure(due, failure(Reason.TIMEOUT, Retry.SOON), SETTINGS, NOW, 0.0).full_at == NOW
    for update in (
        after_success(KNOWN_FEED, response(b"new", conditional=True), *new(1, of=5), SETTINGS, NOW, 0.0),
        after_not_modified(KNOWN_FEED, NotModified(FEED.url, NOW), SETTINGS, NOW, 0.0),
        after_failure(KNOWN_FEED, failure(Reason.TIMEOUT, Retry.SOON), SETTINGS, NOW, 0.0),
    ):
        assert update.full_at is None  # keeps


# --- moves --------------------------------------------------------------------------------------------------------


def poll(feed: Feed, statuses: list[int], at: datetime, *, same: bool = False) -> Feed:
    """The feed after one answer that came over these redirects to NEW_URL, as the store would keep it."""
    hops = tuple((status, feed.url if n == 0 else f"https://hop{n}.example/") for n, status in enumerate(statuses))
    final = NEW_URL if hops else feed.url
    if same:
        update = after_not_modified(feed, NotModified(final, at, redirects=hops), SETTINGS, at, 0.0)
    else:
        update = after_success(
            feed,
            response(b"%r" % at.isoformat(), url=final, redirects=hops, fetched_at=at),
            *new(0, of=1),
            SETTINGS,
            at,
            0.0,
        )
    return replace(
        feed, moved_to=update.moved_to, moves=update.moves, moved_since=update.moved_since, last_fetched_at=at
    )


def asked_at(feed: Feed) -> str:
    return request(feed, NOW, "x", 9).url


@pytest.mark.parametrize("statuses", [[301], [308], [301, 308], [308, 302]])
@pytest.mark.parametrize("same", [True, False])
def test_a_permanent_redirect_is_followed_for_good_after_ten_times_and_a_week(statuses: list[int], same: bool) -> None:
    feed = FEED
    for times in range(1, 12):
        feed = poll(feed, statuses, NOW + timedelta(hours=17 * (times - 1)), same=same)
        settled = "https://hop1.example/" if statuses[-1] == 302 else NEW_URL
        assert asked_at(feed) == (FEED.url if times < 11 else settled)


def test_ten_times_within_an_hour_are_not_enough() -> None:
    feed = FEED
    for minute in range(30):
        feed = poll(feed, [301], NOW + timedelta(minutes=minute))
    assert asked_at(feed) == FEED.url


@pytest.mark.parametrize("statuses", [[302], [307], [303], [302, 301], []])
def test_temporary_redirects_and_a_straight_answer_start_anew(statuses: list[int]) -> None:
    feed = FEED
    for day in range(9):
        feed = poll(feed, [301], NOW + timedelta(days=day))
    feed = poll(feed, statuses, NOW + timedelta(days=10))
    assert (feed.moved_to, feed.moves, feed.moved_since) == (None, 0, None)


def test_a_new_address_that_stops_answering_is_given_up() -> None:
    assert asked_at(moved()) == NEW_URL
    for failures, kept in ((0, True), (1, True), (2, False)):
        update = after_failure(
            replace(moved(), failures=failures), failure(Reason.NOT_FOUND, Retry.LATER), SETTINGS, NOW, 0.0
        )
        assert (update.moved_to is not None) is kept


def test_a_410_at_the_new_address_sends_us_back_and_one_at_the_old_address_ends_it() -> None:
    update = after_failure(moved(), failure(Reason.GONE, Retry.NEVER), SETTINGS, NOW, 0.0)
    assert (update.enabled, update.moved_to) == (True, None)


def test_a_move_that_stands_is_not_counted_on_and_a_second_one_not_kept() -> None:
    feed = poll(moved(), [], NOW)
    assert (feed.moved_to, feed.moves) == (NEW_URL, 10)
    feed = poll(moved(), [301], NOW)
    assert asked_at(feed) == NEW_URL
