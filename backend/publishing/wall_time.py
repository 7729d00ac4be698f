"""From the time on somebody's wall to a moment: wall time + IANA zone → UTC, with the two odd nights defined.

Gap (clocks go forward, 02:30 does not exist): the post goes out as much later as the clocks jump: 03:30.
Fold (clocks go back, 02:30 comes twice): the first of the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from backend.infra.errors import Invalid


@dataclass(frozen=True)
class Moment:
    """`odd` says whether that wall time exists once (""), never ("gap") or twice ("fold")."""

    utc: datetime
    odd: Literal["", "gap", "fold"] = ""


def resolve_wall_time(at: str, zone: str) -> Moment:
    """`("2026-12-01T09:00", "Europe/Paris")` → 08:00 UTC. Raises Invalid with fields `schedule.at`, `schedule.zone`."""
    try:
        place = ZoneInfo(zone)
    except (ValueError, OSError, KeyError):
        raise Invalid("There is no such time zone.", fields={"schedule.zone": "A zone such as Europe/Paris."}) from None
    try:
        wall = datetime.fromisoformat(at)
    except ValueError:
        raise _bad_time() from None
    if wall.tzinfo is not None or "T" not in at.upper().replace(" ", "T"):
        raise _bad_time()
    first, second = (wall.replace(tzinfo=place, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first == second:
        return Moment(first)
    # In a gap the offset of before applies to fold 0, which lands later by the length of the gap.
    return Moment(first, "gap" if first > second else "fold")


def _bad_time() -> Invalid:
    return Invalid("This is not a wall time.", fields={"schedule.at": "2026-12-01T09:00, without a zone or an offset"})
