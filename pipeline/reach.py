"""Is it them, or is it us? When nearly every site is silent at once, this machine's own connection is down. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, TypeGuard

from pipeline.model import FetchError, Outcome, PendingEntry, Reason, Retry

SILENT: Final = frozenset([Reason.DNS, Reason.CONNECT, Reason.TIMEOUT, Reason.TLS, Reason.REFUSED_ADDRESS])
"""What a dead line, a dead name server and a captive portal look like from here."""

SHARE: Final = 0.8  # of the sites fail: far above what is dead on one day in any list of feeds
LONGEST_OUTAGE: Final = timedelta(days=2)  # that costs a page none of its attempts
HELD_S: Final = 60.0  # at least, so that nothing is due again in the same run
LEAST: Final = 3  # sites, or feeds: fewer may well fall silent together, at one hoster


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


class Votes:
    """Who answered in one run, and who did not: sites, or feeds by what became of their pages; each has one vote."""

    def __init__(self) -> None:
        self._left: Counter[Hashable] = Counter()  # retrievals still to come, by voter
        self._answered: set[Hashable] = set()
        self._silent: set[Hashable] = set()
        self._counts: Counter[str] = Counter()  # of voters: "answered", "silent", and "open" ones that may be either

    def expect(self, voters: Iterable[Hashable]) -> None:
        """Announce retrievals: until they are noted nobody knows what their voters say."""
        for voter in voters:
            with self._counted(voter):
                self._left[voter] += 1

    def note(self, voter: Hashable, outcome: Outcome, *, sound: bool) -> None:
        """Take note of one retrieval. The silence of what failed before (not ``sound``) says nothing."""
        with self._counted(voter):
            self._left[voter] -= 1
            if not isinstance(outcome, FetchError) or outcome.status is not None:
                self._answered.add(voter)
            elif sound and is_silence(outcome):
                self._silent.add(voter)

    @contextmanager
    def _counted(self, voter: Hashable) -> Iterator[None]:
        self._counts[self._says(voter)] -= 1
        yield
        self._counts[self._says(voter)] += 1

    def _says(self, voter: Hashable) -> str:
        if voter in self._answered:
            return "answered"
        if self._left[voter] > 0:
            return "open"
        return "silent" if voter in self._silent else "nothing"

    @property
    def verdict(self) -> bool | None:
        """Whether this is an outage whatever is still to come; None while that may be either."""
        silent, answered, still = (self._counts[name] for name in ("silent", "answered", "open"))
        if _is_outage(silent, answered + still):
            return True
        return None if _is_outage(silent + still, answered) else False

    @property
    def is_outage(self) -> bool:
        """Whether what failed until now is likelier our own connection than all these voters."""
        return _is_outage(self._counts["silent"], self._counts["answered"])

    def __str__(self) -> str:
        silent = self._counts["silent"]
        return (
            f"{silent:,} of {silent + self._counts['answered']:,} sites could not be reached: "
            "this machine's own connection is taken to be down, and nothing counts against the feeds"
        )


def _is_outage(silent: int, answered: int) -> bool:
    return silent >= LEAST and silent > SHARE * (silent + answered)


class Reach:
    """Which sites of feeds answered in one run, and which feeds' pages.

    Pages vote by the feed that lists them: one feed of dead links is no outage.
    """

    def __init__(self) -> None:
        self.sites = Votes()
        self.feeds = Votes()

    @property
    def is_outage(self) -> bool:
        """Whether pages that are silent now are so because of us."""
        return bool(self.sites.verdict) or self.feeds.is_outage
