"""When to poll next: every timing rule in one place, pure; the time and chance are parameters.

- What publishes often is asked often: half of the mean gap between its items, within the kind's bounds; what has been
  silent for a week, two, a month, ever more rarely (after CommaFeed's rule).
- A server's own wish (ttl, max-age, Expires) makes it rarer, never more than a day, never more frequent; in hours and
  on days when a feed says that it publishes nothing it is not asked.
- After an error: doubled each time, up to half a day, and up to one hour where it may be our own network that failed;
  never less than Retry-After. Nothing is ever given up, but for what says "gone for good" (410): that rests until a
  person asks again.
- While our own network is down nothing is blamed: it is tried again a minute later, and ever more rarely the longer
  nobody is reached, up to a quarter of an hour (should it not be our network after all, that is polite still).
- Chance of ±10 % keeps what began together from staying together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from backend.connectors.base import PollFailed, Wishes

MOST_WISH_S = 86_400
MOST_BACK_OFF_S = 12 * 3_600
MOST_BACK_OFF_OUR_SIDE_S = 3_600
FIRST_BACK_OFF_S = 5 * 60
FIRST_OUTAGE_S = 60
MOST_OUTAGE_S = 15 * 60
ASLEEP_AFTER = 3  # failures in a row
MAYBE_OURS = ("unreachable", "timeout")
_DAY_S = 86_400
_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Rhythm:
    """Bounds of one kind, in seconds."""

    least_s: int = 15 * 60
    most_s: int = 4 * 3600


@dataclass(frozen=True)
class Standing:
    """How a feed stands between two polls. `due_at` None: it rests until a person asks."""

    state: str  # ok | asleep | gone
    failures: int  # in a row
    interval_s: int
    due_at: datetime | None = None


def after_answer(
    published: Sequence[datetime], rhythm: Rhythm, wishes: Wishes, *, now: datetime, chance: float
) -> Standing:
    """After an answer. `published`: times of the feed's latest items, in any order; `chance` 0 to 1."""
    interval_s = interval_after(published, rhythm, wish_s=wishes.ttl_s, now=now)
    due_at = after_silence(due_after(interval_s, now=now, chance=chance), wishes)
    return Standing("ok", 0, interval_s, due_at)


def after_failure(
    before: Standing, failed: PollFailed, *, outage_s: float | None, now: datetime, chance: float
) -> Standing:
    """After an error. `outage_s`: our own network has been down for so many seconds; None: it is not."""
    if outage_s is not None:
        wait_s = min(max(outage_s / 4, FIRST_OUTAGE_S), MOST_OUTAGE_S)
        return replace(before, due_at=not_before(wait_s, now=now, chance=chance))
    failures = before.failures + 1
    if failed.code == "gone":
        return Standing("gone", failures, before.interval_s)
    seconds = back_off_s(failures, failed.code, retry_after_s=failed.retry_after_s)
    state = "asleep" if failures >= ASLEEP_AFTER else "ok"
    return Standing(state, failures, before.interval_s, not_before(seconds, now=now, chance=chance))


def interval_after(published: Sequence[datetime], rhythm: Rhythm, *, wish_s: int | None, now: datetime) -> int:
    """Seconds until the next poll of a feed that answered. `published`: times of its latest items, in any order."""
    times = sorted((at for at in published if at <= now), reverse=True)[:20]
    if not times:
        interval = float(rhythm.most_s)
    else:
        silent_s = (now - times[0]).total_seconds()
        if silent_s >= 30 * _DAY_S:
            interval = rhythm.most_s
        elif silent_s >= 14 * _DAY_S:
            interval = rhythm.most_s / 2
        elif silent_s >= 7 * _DAY_S:
            interval = rhythm.most_s / 4
        else:
            gaps = (times[0] - times[-1]).total_seconds() / max(1, len(times) - 1)
            interval = gaps / 2 if len(times) > 1 else rhythm.most_s / 4
    interval = min(max(interval, rhythm.least_s), rhythm.most_s)
    if wish_s is not None:
        interval = max(interval, min(wish_s, MOST_WISH_S))
    return int(interval)


def after_silence(at: datetime, wishes: Wishes) -> datetime:
    """`at`, or the first full hour after it in which the feed does not say that it publishes nothing."""
    if len(set(wishes.skip_hours)) >= 24 or len(set(wishes.skip_days)) >= 7:
        return at  # it would never be asked again
    there = at.astimezone(UTC)
    for _ in range(8 * 24):
        if there.hour not in wishes.skip_hours and there.weekday() not in wishes.skip_days:
            return there
        there = there.replace(minute=0, second=0, microsecond=0) + _HOUR
    return at


def back_off_s(failures: int, code: str, *, retry_after_s: int | None) -> int:
    """Seconds until a feed that failed `failures` times in a row (this time included) is tried again."""
    most = MOST_BACK_OFF_OUR_SIDE_S if code in MAYBE_OURS else MOST_BACK_OFF_S
    doubled = min(most, FIRST_BACK_OFF_S << min(max(failures - 1, 0), 20))
    return max(doubled, retry_after_s or 0)


def due_after(seconds: float, *, now: datetime, chance: float) -> datetime:
    """`now` and `seconds`, ±10 % by `chance` (0 to 1)."""
    return now + timedelta(seconds=seconds * (0.9 + 0.2 * chance))


def not_before(seconds: float, *, now: datetime, chance: float) -> datetime:
    """As `due_after`, but never sooner than `seconds`: for what a server asked."""
    return now + timedelta(seconds=seconds * (1 + 0.1 * chance))
