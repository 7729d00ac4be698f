"""When an alert speaks, on the brand's clock: the odd nights included."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from backend.automation.times import next_hour_of_day, next_hour_of_week, next_round, quiet_end

PARIS = "Europe/Paris"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "hour", "expected"),
    [
        ("2026-11-23T06:59", 8, "2026-11-23T07:00"),
        ("2026-11-23T07:00", 8, "2026-11-24T07:00"),
        ("2026-11-23T23:30", 0, "2026-11-24T23:00"),
        ("2027-03-27T09:00", 8, "2027-03-28T06:00"),  # clocks go forward in that night
        ("2027-03-27T09:00", 2, "2027-03-28T01:00"),  # 02:00 does not exist: 03:00 summer time
        ("2026-10-24T12:00", 2, "2026-10-25T00:00"),  # 02:00 comes twice: the first
        ("2026-10-25T00:30", 2, "2026-10-26T01:00"),  # and not the second
    ],
)
def test_daily_is_an_hour_on_the_brands_wall(now: str, hour: int, expected: str) -> None:
    assert next_hour_of_day(hour, PARIS, now=utc(now)) == utc(expected)


def test_weekly_is_a_day_and_an_hour_and_never_now() -> None:
    monday = utc("2026-11-23T07:00")  # 08:00 in Paris
    assert next_hour_of_week(0, 8, PARIS, now=monday - timedelta(seconds=1)) == monday
    assert next_hour_of_week(0, 8, PARIS, now=monday) == monday + timedelta(days=7)
    assert next_hour_of_week(6, 8, PARIS, now=monday) == monday + timedelta(days=6)


def test_at_once_has_no_round_of_its_own_and_hourly_comes_at_the_full_hour() -> None:
    now = utc("2026-11-23T09:17")
    assert next_round("at_once", hour=8, weekday=0, zone=PARIS, now=now) is None
    assert next_round("hourly", hour=8, weekday=0, zone=PARIS, now=now) == utc("2026-11-23T10:00")


@pytest.mark.parametrize(
    ("now", "quiet", "expected"),
    [
        ("2026-11-23T20:59", ("22:00", "07:00"), None),  # 21:59 in Paris
        ("2026-11-23T21:00", ("22:00", "07:00"), "2026-11-24T06:00"),
        ("2026-11-24T05:59", ("22:00", "07:00"), "2026-11-24T06:00"),
        ("2026-11-24T06:00", ("22:00", "07:00"), None),
        ("2026-11-23T11:30", ("12:00", "14:00"), "2026-11-23T13:00"),
        ("2026-11-23T11:30", ("", ""), None),
        ("2026-11-23T11:30", ("12:00", "12:00"), None),
        ("2027-03-27T23:00", ("22:00", "07:00"), "2027-03-28T05:00"),  # the short night
        ("2026-10-24T22:00", ("22:00", "07:00"), "2026-10-25T06:00"),  # the long one
        ("2026-10-25T01:10", ("01:00", "02:30"), None),  # 02:10 for the second time
    ],
)
def test_quiet_hours_end_on_the_brands_wall(now: str, quiet: tuple[str, str], expected: str | None) -> None:
    assert quiet_end(*quiet, PARIS, now=utc(now)) == (utc(expected) if expected else None)


@given(
    minutes=some.integers(0, 400 * 24 * 60),
    hour=some.integers(0, 23),
    weekday=some.integers(0, 6),
    zone=some.sampled_from([PARIS, "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]),
)
def test_the_next_round_is_always_ahead_and_never_far(minutes: int, hour: int, weekday: int, zone: str) -> None:
    now = utc("2026-01-01T00:00") + timedelta(minutes=minutes)
    for rhythm, most in (("hourly", timedelta(hours=1)), ("daily", timedelta(hours=26)), ("weekly", timedelta(days=8))):
        at = next_round(rhythm, hour=hour, weekday=weekday, zone=zone, now=now)
        assert at is not None
        assert now < at <= now + most
    ends = quiet_end(f"{hour:02}:00", f"{weekday:02}:30", zone, now=now)
    assert ends is None or now < ends <= now + timedelta(hours=26)
