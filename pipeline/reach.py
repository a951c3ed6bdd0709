"""Is it them, or is it us? When nearly every site is silent at once, this machine's own connection is down. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, TypeGuard

from pipeline.model import FetchError, Outcome, PendingEntry, Reason, Retry
from pipeline.urls import site

SILENT: Final = frozenset([Reason.DNS, Reason.CONNECT, Reason.TIMEOUT, Reason.TLS, Reason.REFUSED_ADDRESS])
"""What a dead line, a dead name server and a captive portal look like from here."""

SHARE: Final = 0.8  # of the sites fail: far above what is dead on one day in any list of feeds
LONGEST_OUTAGE: Final = timedelta(days=2)  # that costs a page none of its attempts
HELD_S: Final = 60.0  # at least, so that nothing is due again in the same run
LEAST: Final = 3  # sites: fewer may well fall silent together, at one hoster


def is_silence(outcome: Outcome) -> TypeGuard[FetchError]:
    """Whether a retrieval failed as all do when the line is dead."""
    # An address that is refused as it stands in the URL would be refused on any line.
    if not isinstance(outcome, FetchError) or outcome.status is not None:
        return False
    return outcome.reason in SILENT and outcome.retry is not Retry.NEVER


def is_young(pending: PendingEntry, now: datetime) -> bool:
    """What has waited longer is tried and given up, outage or not: pages that are all dead look like one."""
    return now - pending.first_seen_at < LONGEST_OUTAGE


def held(error: FetchError, wait_s: float) -> FetchError:
    """The same as if nobody had been asked: it costs no attempt."""
    return replace(error, reason=Reason.HELD, retry_after_s=max(wait_s, HELD_S))


class Reach:
    """Which sites answered in one run, and which did not."""

    def __init__(self) -> None:
        self._answered: set[str] = set()
        self._silent: set[str] = set()

    def note(self, url: str, outcome: Outcome, *, sound: bool) -> None:
        """Take note of one retrieval. The silence of what failed before (not ``sound``) says nothing."""
        if not isinstance(outcome, FetchError) or outcome.status is not None:
            self._answered.add(site(url))
        elif sound and is_silence(outcome):
            self._silent.add(site(url))

    @property
    def is_outage(self) -> bool:
        """Whether what failed is likelier our own connection than all these sites."""
        silent = len(self._silent - self._answered)
        return silent >= LEAST and silent > SHARE * len(self._silent | self._answered)

    def __str__(self) -> str:
        silent = self._silent - self._answered
        return (
            f"{len(silent):,} of {len(self._silent | self._answered):,} sites could not be reached: "
            "this machine's own connection is taken to be down, and nothing counts against the feeds"
        )
