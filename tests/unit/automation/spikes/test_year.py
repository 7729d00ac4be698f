"""Acceptance: a synthetic year with planted spikes, from small keywords to large ones, as the worker would look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.automation.spikes.course import CALM, Course, step
from backend.automation.spikes.usual import Times
from backend.automation.spikes.verdict import judge
from tests.unit.automation.spikes.synthetic import DAYS, START, ZONE, make_year

EVERY = timedelta(minutes=5)
HOUR = timedelta(hours=1)
#: (posts a week, how many of such keywords)
KEYWORDS = ((2.0, 5), (10.0, 4), (50.0, 3), (250.0, 2), (1000.0, 1), (3500.0, 1))


@dataclass
class Result:
    planted: int = 0
    found: int = 0
    false: int = 0
    repeated: int = 0
    months: float = 0.0


def look_at_a_year(a_week: float, seed: int) -> Result:
    """As the worker: every five minutes, and not at all where nothing came in the last hour and nothing lasts."""
    year = make_year(a_week, seed=seed)
    times = Times(year.moments)
    told: list[tuple[datetime, str]] = []
    course: Course | None = None
    now = START + timedelta(days=1)
    while now < START + timedelta(days=DAYS):
        if course is not None or times.count((now - HOUR).timestamp(), now.timestamp()):
            verdict = judge(times, born_at=START, zone=ZONE, now=now)
            course, event = step(course, verdict, now=now)
            if event in ("began", "grew"):
                told.append((now, event))
        now += EVERY
    result = Result(planted=len(year.planted), months=DAYS / 30.4)
    for begun in year.planted:
        mine = [at for at, _ in told if begun <= at <= begun + timedelta(hours=14) + CALM]
        result.found += any(at <= begun + HOUR for at in mine)
        result.repeated += max(0, len(mine) - 2)
    result.false = sum(
        not any(begun <= at <= begun + timedelta(hours=14) + CALM for begun in year.planted) for at, _ in told
    )
    return result


def test_planted_spikes_are_found_within_an_hour_and_nearly_nothing_else_is() -> None:
    planted = found = 0
    for a_week, seeds in KEYWORDS:
        results = [look_at_a_year(a_week, seed) for seed in range(seeds)]
        mine, mine_found = sum(one.planted for one in results), sum(one.found for one in results)
        assert mine_found / mine >= 0.8, a_week
        assert max(one.false / one.months for one in results) < 1.0, a_week
        assert sum(one.repeated for one in results) == 0, a_week
        planted, found = planted + mine, found + mine_found
    assert found / planted >= 0.95
