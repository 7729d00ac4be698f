"""The course of a spike: it begins and is told, may be told once more when it grows much, and ends. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from backend.automation.spikes.verdict import Verdict

#: calm for so long, and it is over. Longer than a night, so that a crisis of three days is one.
CALM = timedelta(hours=12)
#: told again, an hour later at the soonest, when an hour holds so many times what was told, and so many posts more
GROWN_TIMES = 4.0
GROWN_BY = 25
GROWN_AFTER = timedelta(hours=1)
#: while a spike lasts, what would be so likely on an ordinary day is calm
_CALM_CHANCE = 0.01

Event = Literal["", "began", "grew", "ended"]


@dataclass(frozen=True)
class Course:
    """A spike that lasts. `peak`, `told`: posts an hour, at the most and when it was last told; `told_times`: how often
    it was."""

    began_at: datetime
    told_at: datetime
    loud_at: datetime
    peak: float
    told: float
    told_times: int


def step(course: Course | None, verdict: Verdict, *, now: datetime) -> tuple[Course | None, Event]:
    """What a look at `now` makes of it."""
    an_hour = verdict.count / verdict.hours
    if course is None:
        if not verdict.spike:
            return None, ""
        began_at = now - timedelta(hours=verdict.hours)
        return Course(began_at, now, now, peak=an_hour, told=an_hour, told_times=1), "began"
    if verdict.chance < _CALM_CHANCE:
        course = replace(course, loud_at=now, peak=max(course.peak, an_hour))
    if now - course.loud_at >= CALM:
        return None, "ended"
    grown = course.peak >= max(GROWN_TIMES * course.told, course.told + GROWN_BY)
    if verdict.spike and grown and course.told_times == 1 and now - course.told_at >= GROWN_AFTER:
        return replace(course, told_at=now, told=course.peak, told_times=2), "grew"
    return course, ""
