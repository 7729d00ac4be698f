"""Wall time and zone → moment, the two odd nights of the year included."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from backend.infra.errors import Invalid
from backend.publishing.wall_time import resolve_wall_time


@pytest.mark.parametrize(
    ("at", "zone", "utc", "odd"),
    [
        ("2026-12-01T09:00", "Europe/Paris", "2026-12-01T08:00", ""),
        ("2027-07-14T09:00", "Europe/Paris", "2027-07-14T07:00", ""),
        ("2027-03-28T01:59", "Europe/Paris", "2027-03-28T00:59", ""),
        ("2027-03-28T02:00", "Europe/Paris", "2027-03-28T01:00", "gap"),  # the clock shows 03:00
        ("2027-03-28T02:30", "Europe/Paris", "2027-03-28T01:30", "gap"),  # 03:30
        ("2027-03-28T03:00", "Europe/Paris", "2027-03-28T01:00", ""),
        ("2027-10-31T01:59", "Europe/Paris", "2027-10-30T23:59", ""),
        ("2027-10-31T02:00", "Europe/Paris", "2027-10-31T00:00", "fold"),  # the first of the two
        ("2027-10-31T02:30", "Europe/Paris", "2027-10-31T00:30", "fold"),
        ("2027-10-31T03:00", "Europe/Paris", "2027-10-31T02:00", ""),
        ("2026-12-01T09:00:30", "Asia/Kolkata", "2026-12-01T03:30:30", ""),
        ("2026-12-01T09:00", "UTC", "2026-12-01T09:00", ""),
    ],
)
def test_a_wall_time_is_one_moment(at: str, zone: str, utc: str, odd: str) -> None:
    moment = resolve_wall_time(at, zone)
    assert moment.utc == datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert moment.odd == odd


@pytest.mark.parametrize("zone", ["", "Paris", "Europe/Nowhere", "../../etc/passwd", "/etc/localtime", "CET+1", "\x00"])
def test_a_zone_that_is_none_is_refused(zone: str) -> None:
    with pytest.raises(Invalid) as refused:
        resolve_wall_time("2026-12-01T09:00", zone)
    assert set(refused.value.fields) == {"schedule.zone"}


@pytest.mark.parametrize(
    "at", ["", "tomorrow", "2026-12-01", "2026-13-01T09:00", "2026-12-01T09:00Z", "2026-12-01T09:00+01:00", "09:00"]
)
def test_a_time_that_is_no_wall_time_is_refused(at: str) -> None:
    with pytest.raises(Invalid) as refused:
        resolve_wall_time(at, "Europe/Paris")
    assert set(refused.value.fields) == {"schedule.at"}
