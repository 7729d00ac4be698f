"""A year of posts about one keyword as it might be, from a seed: rhythm, season, growth, holidays, heaps, and spikes
that somebody planted and can look for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

START = datetime(2025, 1, 6, tzinfo=UTC)
DAYS = 365
ZONE = "Europe/Paris"
#: nothing is planted before: there has to be a past
FIRST_SPIKE_DAY = 28


@dataclass(frozen=True)
class Year:
    """`moments` of all posts, sorted; `planted`: when each spike begins."""

    moments: Sequence[datetime]
    planted: Sequence[datetime]


def make_year(a_week: float, *, seed: int, spikes: int = 12) -> Year:
    """A keyword with so many posts in an ordinary week."""
    rng = np.random.default_rng([seed, round(a_week * 10)])
    rates = _rates(a_week, rng)
    # Heaps of two kinds: hours that are livelier than others, which hangs on for a while, and posts that draw others.
    mood = np.exp(_wandering(len(rates), rng) - 0.5 * 0.3**2)
    leaders = rng.poisson(rates * mood * 0.75)
    seconds: list[float] = []
    for hour, count in enumerate(leaders):
        for at in rng.uniform(0, 3600, count):
            seconds.append(hour * 3600 + at)
            if rng.random() < 0.15:
                followers = rng.geometric(0.5)
                seconds.extend(hour * 3600 + at + rng.exponential(2 * 3600, followers))
    planted = _plant(rates, rng, spikes, seconds)
    ends = DAYS * 86400
    moments = [START + timedelta(seconds=float(at)) for at in sorted(seconds) if at < ends]
    return Year(moments, planted)


def _rates(a_week: float, rng: np.random.Generator) -> np.ndarray:
    """Posts an hour: people sleep, weekends are quieter, summer is slow, December is not, all of it grows."""
    holidays = set(rng.choice(DAYS, 12, replace=False).tolist())
    growth = rng.uniform(1.0, 1.8)
    rates = np.empty(DAYS * 24)
    for hour in range(DAYS * 24):
        there = (START + timedelta(hours=hour)).astimezone(ZoneInfo(ZONE))
        day = hour // 24
        by_hour = 0.08 + np.exp(-(((there.hour - 10.5) / 3) ** 2)) + 0.9 * np.exp(-(((there.hour - 19.5) / 3) ** 2))
        by_day = (1.15, 1.2, 1.15, 1.1, 1.0, 0.65, 0.55)[there.weekday()]
        season = 1 - 0.35 * np.exp(-(((day - 220) / 20) ** 2)) + 0.6 * np.exp(-(((day - 340) / 12) ** 2))
        rates[hour] = by_hour * by_day * season * growth ** (day / DAYS) * (0.35 if day in holidays else 1.0)
    rates *= a_week / 168 / rates.mean()
    return rates


def _wandering(length: int, rng: np.random.Generator) -> np.ndarray:
    steps = rng.normal(0, 0.3 * np.sqrt(1 - 0.8**2), length)
    found = np.empty(length)
    at = 0.0
    for index in range(length):
        at = 0.8 * at + steps[index]
        found[index] = at
    return found


def _plant(rates: np.ndarray, rng: np.random.Generator, spikes: int, seconds: list[float]) -> list[datetime]:
    """Spikes of 2 to 14 hours, 12 days apart at least: in their first hour 16 posts more than usual at least, 5 to 9
    times as many; then they fade."""
    slots = np.linspace(FIRST_SPIKE_DAY, DAYS - 8, spikes)
    planted = []
    for slot in slots:
        at = float((slot + rng.uniform(0, 5)) * 86400)
        lasts = rng.uniform(2, 14)
        more = max(16.0, rng.uniform(4.0, 8.0) * float(rates[int(at // 3600)]))
        for hour in range(int(lasts)):
            count = rng.poisson(more * (1 - hour / lasts))
            seconds.extend(at + hour * 3600 + rng.uniform(0, 3600, count))
        planted.append(START + timedelta(seconds=at))
    return planted
