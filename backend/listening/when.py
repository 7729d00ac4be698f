"""When to poll next: every timing rule in one place, pure; the time and chance are parameters.

- What publishes often is asked often: half of the mean gap between its items, within the kind's bounds; what has been
  silent for a week, two, a month, ever more rarely (after CommaFeed's rule).
- A server's own wish (ttl, max-age) makes it rarer, never more than a day, never more frequent.
- After an error: doubled each time, up to half a day, and up to one hour where it may be our own network that failed;
  never less than Retry-After. Nothing is ever given up; what says "gone for good" is tried once a week.
- Chance of ±10 % keeps what began together from staying together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

MOST_WISH_S = 86_400
MOST_BACK_OFF_S = 12 * 3_600
MOST_BACK_OFF_OUR_SIDE_S = 3_600
GONE_S = 7 * 86_400
FIRST_BACK_OFF_S = 5 * 60
ASLEEP_AFTER = 3  # failures in a row
MAYBE_OURS = ("unreachable", "timeout")
_DAY_S = 86_400


@dataclass(frozen=True)
class Rhythm:
    """Bounds of one kind, in seconds."""

    least_s: int = 15 * 60
    most_s: int = 4 * 3600


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


def back_off_s(failures: int, code: str, *, retry_after_s: int | None) -> int:
    """Seconds until a feed that failed `failures` times in a row (this time included) is tried again."""
    if code == "gone":
        return GONE_S
    most = MOST_BACK_OFF_OUR_SIDE_S if code in MAYBE_OURS else MOST_BACK_OFF_S
    doubled = min(most, FIRST_BACK_OFF_S << min(max(failures - 1, 0), 20))
    return max(doubled, retry_after_s or 0)


def state_after(failures: int, code: str) -> str:
    """`ok`, `asleep` or `gone`: what the interface shows."""
    if code == "gone":
        return "gone"
    return "asleep" if failures >= ASLEEP_AFTER else "ok"


def due_after(seconds: float, *, now: datetime, chance: float) -> datetime:
    """`now` and `seconds`, ±10 % by `chance` (0 to 1)."""
    return now + timedelta(seconds=seconds * (0.9 + 0.2 * chance))


def not_before(seconds: float, *, now: datetime, chance: float) -> datetime:
    """As `due_after`, but never sooner than `seconds`: for what a server asked."""
    return now + timedelta(seconds=seconds * (1 + 0.1 * chance))
