"""What is usual, what is not, and how often it is said: small numbers, young keywords, odd nights, long crises."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from backend.automation.spikes.course import CALM, Course, step
from backend.automation.spikes.usual import Past, Times, Usual
from backend.automation.spikes.verdict import Verdict, chance_of, judge

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def every(step_by: timedelta, *, until: datetime, days: int) -> list[datetime]:
    return [until - step_by * number for number in range(1, int(timedelta(days=days) / step_by))]


def burst(count: int, *, until: datetime = NOW) -> list[datetime]:
    return [until - timedelta(minutes=1 + number % 50) for number in range(count)]


def look(moments: list[datetime], *, born_days: int = 60, now: datetime = NOW) -> Verdict:
    return judge(Times(moments), born_at=now - timedelta(days=born_days), zone="Europe/Paris", now=now)


def test_a_dozen_in_an_hour_is_a_spike_where_two_a_week_are_usual() -> None:
    assert look(every(timedelta(days=3.5), until=NOW - HOUR, days=56) + burst(12)).spike


def test_three_in_an_hour_never_is() -> None:
    assert not look(every(timedelta(days=3.5), until=NOW - HOUR, days=56) + burst(3)).spike


def test_a_dozen_in_an_hour_is_nothing_where_ten_are_usual() -> None:
    verdict = look(every(timedelta(minutes=6), until=NOW - HOUR, days=56) + burst(12))
    assert not verdict.spike
    assert 8 < verdict.expected < 12


def test_what_is_loud_every_monday_at_nine_is_usual() -> None:
    mondays = [at for week in range(1, 9) for at in burst(30, until=NOW - timedelta(weeks=week))]
    assert not look(mondays + burst(30)).spike
    assert look(mondays + burst(30, until=NOW + timedelta(days=2)), now=NOW + timedelta(days=2)).spike


def test_the_hour_on_the_clock_stays_when_summer_time_ends() -> None:
    # In Paris nine on the clock is 7:00 in UTC until 25 October 2026, and 8:00 from then on.
    now = datetime(2026, 10, 26, 8, 0, tzinfo=UTC)
    mondays = [at for week in range(1, 9) for at in burst(30, until=now - HOUR - timedelta(weeks=week))]
    usual = Past(Times(mondays), born_at=now - timedelta(days=60), zone="Europe/Paris", now=now).usual(1)
    assert usual is not None
    by_utc = Past(Times(mondays), born_at=now - timedelta(days=60), zone="UTC", now=now)
    assert by_utc.count(1) == 0
    assert not look(mondays + burst(30, until=now), now=now).spike


def test_nothing_is_unusual_for_a_keyword_of_today_and_much_is_for_one_of_last_week() -> None:
    assert not look(burst(50), born_days=0).spike
    assert look(burst(50), born_days=7).spike


def test_what_a_look_back_found_is_a_past_too() -> None:
    assert look(every(timedelta(days=1), until=NOW - HOUR, days=40) + burst(50), born_days=0).spike


def test_a_loud_week_does_not_hide_the_next() -> None:
    last_week = burst(200, until=NOW - timedelta(weeks=1))
    assert look(every(timedelta(hours=8), until=NOW - HOUR, days=56) + last_week + burst(30)).spike


def test_the_chance_of_so_many_falls_with_every_one_more() -> None:
    chances = [chance_of(count, Usual(4.0, 9.0)) for count in range(60)]
    assert chances[0] == 1.0
    assert all(one >= more for one, more in pairwise(chances))
    assert chances[-1] < 1e-6


def verdict(count: int, *, spike: bool = True) -> Verdict:
    return Verdict(1, count, 1.0, 1e-6 if spike else 1.0, spike=spike)


def run(counts: list[int]) -> list[str]:
    """One look an hour; 6 or more is a spike."""
    course: Course | None = None
    events = []
    for hour, count in enumerate(counts):
        course, event = step(course, verdict(count, spike=count >= 6), now=NOW + HOUR * hour)
        events.append(event)
    return [event for event in events if event]


def test_a_spike_is_told_once_and_ends_when_it_was_calm_for_half_a_day() -> None:
    assert run([10, 12, 9, 4] + [0] * 13) == ["began", "ended"]


def test_a_crisis_of_three_days_with_quiet_nights_is_one_spike() -> None:
    day = [10] * 14 + [0] * 10
    assert run(day * 3) == ["began"]


def test_a_spike_that_grows_much_is_told_once_more_and_never_again() -> None:
    assert run([10, 20, 29, 39, 41, 90, 400, 4000]) == ["began", "grew"]


def test_after_a_calm_the_next_spike_is_another_one() -> None:
    calm = [0] * int(CALM / HOUR + 1)
    assert run([10, *calm, 10]) == ["began", "ended", "began"]
