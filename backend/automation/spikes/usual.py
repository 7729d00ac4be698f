"""How many posts are usual in a stretch of time that ends now, and how far that may swing: pure numbers.

Looked at are the same hours of the week in the past weeks, on the brand's own clock, so that a Monday morning is
compared with Monday mornings, before and after a change to summer time alike. Three things make it hold for small
numbers: what a few weeks say is mixed with the keyword's rate as a whole; one loud week counts no more than a few
times its neighbours; and how much posts come in heaps is measured, and never taken to be less than they usually do.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

WEEKS = 8
#: how far back times of posts must reach
REACH = timedelta(weeks=WEEKS, hours=6)
#: with less of a past than this nothing can be called unusual
LEAST_PAST = timedelta(hours=24)
#: the rate as a whole weighs as much as so many stretches of the past
_WEIGHT_OF_RATE = 4.0
#: posts come in heaps: a variance of at least so many times the mean, and a spread of the rate itself
_HEAPS = 1.6
_SWING = 0.25
#: a rhythm so sharp that the hours beside it do not know it (a newsletter on Mondays at nine) counts nearly in full
_SHARP = 0.9
#: how much what was said lately may lift what is usual (less lowers nothing), from how many hours before, and with how
#: few posts there is no telling
_MOST_LIVELY = 3.0
_BEFORE_H = 6
_FEW = 4.0
_HOUR_S, _DAY_S = 3600.0, 86400.0


@dataclass(frozen=True)
class Usual:
    """`mean` posts, with a `variance` that holds the swings of the posts and how little we know."""

    mean: float
    variance: float


class Times:
    """When posts were published: moments, in any order, reaching back `REACH` or further."""

    def __init__(self, moments: Sequence[datetime]) -> None:
        self._at = sorted(moment.timestamp() for moment in moments)

    def count(self, since_s: float, until_s: float) -> int:
        """Seconds of the epoch; `until_s` exclusive."""
        return bisect_left(self._at, until_s) - bisect_left(self._at, since_s)

    def first_s(self) -> float | None:
        return self._at[0] if self._at else None


class Past:
    """A keyword's posts as they look at `now`.

    `born_at`: since when it is listened for; what a look back found of the time before counts too.
    """

    def __init__(self, times: Times, *, born_at: datetime, zone: str, now: datetime) -> None:
        self._times = times
        self._now_s = now.timestamp()
        first_s = times.first_s()
        self._born_s = min(born_at.timestamp(), first_s) if first_s is not None else born_at.timestamp()
        # Wall time minus weeks: the same hour on the clock, whatever the clock did in between.
        there = now.astimezone(ZoneInfo(zone))
        weeks = range(1, WEEKS + 1)
        self._ends = [(there - timedelta(weeks=week)).astimezone(UTC).timestamp() for week in weeks]
        if self._born_s > self._ends[2]:
            # Few weeks: the same hour of the past days says something too.
            self._ends += [(there - timedelta(days=day)).astimezone(UTC).timestamp() for day in range(1, 7)]

    def count(self, hours: int) -> int:
        """In the stretch that ends now."""
        return self._times.count(self._now_s - hours * _HOUR_S, self._now_s)

    def usual(self, hours: int) -> Usual | None:
        """For a stretch of so many hours; None where there is too little of a past."""
        start_s = self._now_s - hours * _HOUR_S
        past_s = min(start_s - self._born_s, WEEKS * 7 * _DAY_S)
        if past_s < LEAST_PAST.total_seconds():
            return None
        whole = hours * (self._times.count(start_s - past_s, start_s) + 1) / (past_s / _HOUR_S)
        groups = [self._same_hours(hours, shift_s) for shift_s in (-_HOUR_S, 0.0, _HOUR_S)]
        tame = [_tame(group) for group in groups]
        looks = sum(map(len, tame))
        known = sum(map(sum, tame)) + _WEIGHT_OF_RATE * whole  # posts behind the mean: the fewer, the less is known
        mean = known / (looks + _WEIGHT_OF_RATE)
        if tame[1]:
            mean = max(mean, _SHARP * median(tame[1]))
        spread = sum(map(_squares, tame)) / max(1, looks - len(groups))
        return Usual(mean, max(spread, _HEAPS * mean + (_SWING * mean) ** 2) + mean**2 / (known + 0.5))

    def level(self, hours: int) -> float:
        """How much livelier it has been lately than the weeks before tell, 1 to 3: in the middle of the last days, and
        in the hours just before the stretch."""
        start_s = self._now_s - hours * _HOUR_S
        days = int(min(start_s - self._born_s, WEEKS * 7 * _DAY_S) / _DAY_S)
        growth = 1.0
        if days >= 14:
            counts = [self._times.count(start_s - (day + 1) * _DAY_S, start_s - day * _DAY_S) for day in range(days)]
            growth = (median(counts[:7]) + _FEW) / (median(counts) + _FEW)
        before = self._same_hours(_BEFORE_H, -hours * _HOUR_S)
        lately = 1.0
        if before:
            usual = sum(before) / len(before)
            lately = (self._times.count(start_s - _BEFORE_H * _HOUR_S, start_s) + _FEW) / (usual + _FEW)
        return min(max(growth, lately, 1.0), _MOST_LIVELY)

    def _same_hours(self, hours: int, shift_s: float) -> list[int]:
        """Counts of the same stretch in the past, moved by some seconds."""
        length_s = hours * _HOUR_S
        ends_s = [end_s + shift_s for end_s in self._ends]
        return [self._times.count(end_s - length_s, end_s) for end_s in ends_s if end_s - length_s >= self._born_s]


def _tame(counts: Sequence[int]) -> Sequence[float]:
    """What was far louder than the others was a spike of its own, and counts no more than a loud day."""
    limit = 3.0 * median(counts) + 3.0 if counts else 0.0
    return [min(count, limit) for count in counts]


def _squares(counts: Sequence[float]) -> float:
    mean = sum(counts) / len(counts) if counts else 0.0
    return sum((count - mean) ** 2 for count in counts)
