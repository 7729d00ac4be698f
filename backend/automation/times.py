"""When an alert speaks: pure. Hours are those of the brand's wall; moments are UTC.

The two odd nights are decided as for posts (publishing/wall_time.py): an hour that does not exist comes as much later
as the clocks jump, one that comes twice is meant the first time.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from backend.publishing.wall_time import resolve_wall_time

#: at once means: at the first, and then at most so often, with what came in between
GATHER = timedelta(seconds=60)


def next_round(rhythm: str, *, hour: int, weekday: int, zone: str, now: datetime) -> datetime | None:
    """The next time that a rhythm speaks after `now`; None for `at_once`, which speaks when there is something."""
    if rhythm == "hourly":
        return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    if rhythm == "daily":
        return next_hour_of_day(hour, zone, now=now)
    if rhythm == "weekly":
        return next_hour_of_week(weekday, hour, zone, now=now)
    return None


def next_hour_of_day(hour: int, zone: str, *, now: datetime) -> datetime:
    return next(at for days in range(3) if (at := _on_wall(now, days, f"{hour:02}:00", zone)) > now)


def next_hour_of_week(weekday: int, hour: int, zone: str, *, now: datetime) -> datetime:
    """`weekday` 0 is Monday."""
    days = (weekday - now.astimezone(ZoneInfo(zone)).weekday()) % 7
    at = _on_wall(now, days, f"{hour:02}:00", zone)
    return at if at > now else _on_wall(now, days + 7, f"{hour:02}:00", zone)


def quiet_end(quiet_from: str, quiet_until: str, zone: str, *, now: datetime) -> datetime | None:
    """When the quiet hours that `now` lies in end; None outside of them. "22:00" to "07:00" goes over midnight."""
    if not quiet_from or not quiet_until or quiet_from == quiet_until:
        return None
    wall = f"{now.astimezone(ZoneInfo(zone)):%H:%M}"
    over_midnight = quiet_from > quiet_until
    inside = wall >= quiet_from or wall < quiet_until if over_midnight else quiet_from <= wall < quiet_until
    if not inside:
        return None
    days = 1 if over_midnight and wall >= quiet_from else 0
    end = _on_wall(now, days, quiet_until, zone)
    # In the night that has an hour twice, quiet ends with the first of the two.
    return end if end > now else None


def _on_wall(now: datetime, days: int, at: str, zone: str) -> datetime:
    day = (now.astimezone(ZoneInfo(zone)) + timedelta(days=days)).date()
    return resolve_wall_time(f"{day.isoformat()}T{at}", zone).utc
