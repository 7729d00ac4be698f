"""What became of a link: people, previews, robots, visitors, over time and by where they came from.

Sums below the watermark and rows above it, read in one snapshot: right at any moment, a click counted once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from backend.links.clicks import DAY_MS, EPOCH
from backend.links.models import Click, ClickDay, ClickHour, ClickVisitor, Referrer, RolledUp
from backend.links.visitors import PERSON, PREVIEW

DEFAULT_RANGE = timedelta(days=30)
HOUR_MS = DAY_MS // 24
KINDS = ("people", "previews", "robots", "prefetches")
By = Literal["hour", "day"]
Dimension = Literal["referrer", "kind"]
AnyQuery = TypeVar("AnyQuery", bound="Select[*tuple[Any, ...]]")


@dataclass
class Point:
    """Clicks of one hour or day, which begins at `at`."""

    at: datetime
    people: int = 0
    previews: int = 0
    robots: int = 0


@dataclass
class Stats:
    people: int = 0
    previews: int = 0
    robots: int = 0
    visitors: int = 0  # different people, day by day: one who comes on two days is two
    series: list[Point] = field(default_factory=list)  # oldest first, only where there was a click
    by: list[tuple[str, int]] = field(default_factory=list)  # most first


def count_clicks(
    session: Session,
    link_id: int,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    by: By = "day",
    dimension: Dimension | None = None,
    now: datetime,
) -> Stats:
    """Statistics of one link from `since` to `until` (30 days up to now), both widened to whole hours or days in UTC.

    HEAD requests and prefetches are robots, but a kind of their own where `dimension` is `kind`.
    """
    until = until or now
    since = since or until - DEFAULT_RANGE
    hours = 1 if by == "hour" else 24
    step = timedelta(hours=hours)
    low = (since - EPOCH) // step * hours
    high = -((EPOCH - until) // step) * hours  # rounded up, not included
    if high <= low:
        high = low + hours
    mark = _mark(session)

    stats, kinds = Stats(), Counter[int]()
    points: dict[datetime, Point] = {}
    for (hour, kind), n in _by_hour_and_kind(session, link_id, low, high, mark).items():
        at = EPOCH + hour // hours * step
        point = points.setdefault(at, Point(at))
        name = "people" if kind == PERSON else "previews" if kind == PREVIEW else "robots"
        for counted in (stats, point):
            setattr(counted, name, getattr(counted, name) + n)
        kinds[kind] += n
    stats.series = [points[at] for at in sorted(points)]
    first_day, last_day = low // 24, (high - 1) // 24
    stats.visitors = _visitors(session, link_id, first_day, last_day, mark)
    if dimension == "kind":
        stats.by = [(KINDS[kind], n) for kind, n in kinds.most_common()]
    elif dimension == "referrer":
        stats.by = _by_referrer(session, link_id, first_day, last_day, mark)
    return stats


def count_people(session: Session, link_ids: Collection[int]) -> dict[int, int]:
    """People of each link since it was made: for lists."""
    if not link_ids:
        return {}
    mark = _mark(session)
    people: Counter[int] = Counter()
    summed = select(ClickHour.link_id, func.sum(ClickHour.n)).where(
        ClickHour.link_id.in_(link_ids), ClickHour.kind == PERSON
    )
    above = select(Click.link_id, func.count()).where(
        Click.id > mark, Click.link_id.in_(link_ids), Click.kind == PERSON
    )
    for link_id, n in session.execute(summed.group_by(ClickHour.link_id)):
        people[link_id] += int(n)
    for link_id, n in session.execute(above.group_by(Click.link_id)):
        people[link_id] += n
    return dict(people)


def _mark(session: Session) -> int:
    return session.scalar(select(RolledUp.click_id).where(RolledUp.id == 1)) or 0


def _above(query: AnyQuery, link_id: int, mark: int) -> AnyQuery:
    """Rows of a link above the watermark. They are the last minute's: found by id, and not (that is what `+ 0` says)
    by the link's index, which SQLite would take and read all the rows of the link."""
    return query.where(Click.id > mark, Click.link_id + 0 == link_id)


def _by_hour_and_kind(session: Session, link_id: int, low: int, high: int, mark: int) -> Counter[tuple[int, int]]:
    """(hour, kind) → clicks, hours from `low` up to but without `high`."""
    counts: Counter[tuple[int, int]] = Counter()
    summed = select(ClickHour.hour, ClickHour.kind, ClickHour.n).where(
        ClickHour.link_id == link_id, ClickHour.hour >= low, ClickHour.hour < high
    )
    for hour, kind, n in session.execute(summed):
        counts[hour, kind] += n
    # Integer division means the same in both databases: times are positive.
    hour_of = Click.at_ms.op("/")(HOUR_MS)
    above = (
        _above(select(hour_of, Click.kind, func.count()), link_id, mark)
        .where(Click.at_ms >= low * HOUR_MS, Click.at_ms < high * HOUR_MS)
        .group_by(hour_of, Click.kind)
    )
    for hour, kind, n in session.execute(above):
        counts[hour, kind] += n
    return counts


def _visitors(session: Session, link_id: int, first_day: int, last_day: int, mark: int) -> int:
    summed = session.scalar(
        select(func.sum(ClickDay.n)).where(
            ClickDay.link_id == link_id, ClickDay.dim == "visitors", ClickDay.day.between(first_day, last_day)
        )
    )
    # Among the rows above the watermark only those who were not seen on that day before.
    day = Click.at_ms.op("/")(DAY_MS)
    seen = select(ClickVisitor.link_id).where(
        ClickVisitor.link_id == Click.link_id, ClickVisitor.day == day, ClickVisitor.visitor == Click.visitor
    )
    above = (
        _above(select(day, Click.visitor).distinct(), link_id, mark)
        .where(Click.kind == PERSON, ~seen.exists())
        .where(Click.at_ms >= first_day * DAY_MS, Click.at_ms < (last_day + 1) * DAY_MS)
    )
    new = session.scalar(select(func.count()).select_from(above.subquery()))
    return int(summed or 0) + (new or 0)


def _by_referrer(session: Session, link_id: int, first_day: int, last_day: int, mark: int) -> list[tuple[str, int]]:
    """People by the host they came from; "" where none was named."""
    counts: Counter[int | None] = Counter()
    summed = (
        select(ClickDay.key, func.sum(ClickDay.n))
        .where(ClickDay.link_id == link_id, ClickDay.dim == "referrer", ClickDay.day.between(first_day, last_day))
        .group_by(ClickDay.key)
    )
    for key, n in session.execute(summed):
        counts[int(key) if key else None] += int(n)
    above = (
        _above(select(Click.referrer_id, func.count()), link_id, mark)
        .where(Click.kind == PERSON)
        .where(Click.at_ms >= first_day * DAY_MS, Click.at_ms < (last_day + 1) * DAY_MS)
        .group_by(Click.referrer_id)
    )
    for referrer_id, n in session.execute(above):
        counts[referrer_id] += n
    ids = [one for one in counts if one is not None]
    named = session.execute(select(Referrer.id, Referrer.host).where(Referrer.id.in_(ids)))
    hosts = dict(iter(named))
    return sorted(((hosts.get(one or 0, ""), n) for one, n in counts.items()), key=lambda pair: (-pair[1], pair[0]))
