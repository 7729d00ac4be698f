"""Clicks added up, so that statistics do not read millions of rows: hours by kind, days by referrer and visitors.

The watermark is the id of the last click that is in the sums; it moves in the transaction that adds, so a click is
counted once whatever happens, and two workers at once count nothing twice. Statistics read the sums below it and the
rows above it: they are right at any moment, however late this runs.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from backend.infra.runtime import Runtime
from backend.infra.tables import insert_or_ignore
from backend.links.clicks import DAY_MS, EPOCH, LOCK, MS
from backend.links.models import Click, ClickDay, ClickVisitor, RolledUp

CHUNK = 2000  # rows in one transaction: under 50 ms
CLICKS_KEPT = timedelta(days=90)
# A day can still get clicks for a moment after it is over, from a buffer that could not be written.
VISITORS_KEPT = timedelta(days=3)

HOURS = f"""
INSERT INTO click_hours (link_id, hour, kind, n)
SELECT link_id, at_ms / {DAY_MS // 24}, kind, count(*) FROM clicks WHERE id > :low AND id <= :high GROUP BY 1, 2, 3
ON CONFLICT (link_id, hour, kind) DO UPDATE SET n = click_hours.n + excluded.n
"""  # noqa: S608  # constants
DAYS = f"""
INSERT INTO click_days (link_id, day, dim, key, n)
SELECT link_id, at_ms / {DAY_MS}, 'referrer', coalesce(CAST(referrer_id AS VARCHAR(20)), ''), count(*)
FROM clicks WHERE id > :low AND id <= :high AND kind = 0 GROUP BY 1, 2, 4
ON CONFLICT (link_id, day, dim, key) DO UPDATE SET n = click_days.n + excluded.n
"""  # noqa: S608
VISITORS = f"""
INSERT INTO click_visitors (link_id, day, visitor)
SELECT DISTINCT link_id, at_ms / {DAY_MS}, visitor FROM clicks WHERE id > :low AND id <= :high AND kind = 0
ON CONFLICT DO NOTHING RETURNING link_id, day
"""  # noqa: S608
DAY_VISITORS = """
INSERT INTO click_days (link_id, day, dim, key, n) VALUES (:link_id, :day, 'visitors', '', :n)
ON CONFLICT (link_id, day, dim, key) DO UPDATE SET n = click_days.n + excluded.n
"""


def roll_up_clicks(runtime: Runtime, now: datetime) -> int:  # noqa: ARG001  # a chore's shape
    """The chore: add up all that came since. Returns the number of clicks. Commits each chunk."""
    total = 0
    while True:
        with runtime.db.write() as session:
            done = roll_up_some(session)
        total += done
        if done < CHUNK:
            return total


def roll_up_some(session: Session, limit: int = CHUNK) -> int:
    """The next `limit` clicks, in the caller's transaction."""
    if session.get_bind().dialect.name == "postgresql":
        # Ids are given before they are committed: wait for those who store right now, so that none is stepped over.
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
    insert_or_ignore(session, RolledUp, id=1, click_id=0)
    mark = session.get_one(RolledUp, 1, populate_existing=True, with_for_update=True)
    some = select(Click.id).where(Click.id > mark.click_id).order_by(Click.id).limit(limit).subquery()
    count, high = session.execute(select(func.count(), func.max(some.c.id)).select_from(some)).one()
    if not count:
        return 0
    span = {"low": mark.click_id, "high": high}
    session.execute(text(HOURS), span)
    session.execute(text(DAYS), span)
    new = Counter(tuple(row) for row in session.execute(text(VISITORS), span))
    if new:
        rows = [{"link_id": link_id, "day": day, "n": n} for (link_id, day), n in new.items()]
        session.execute(text(DAY_VISITORS), rows)
    mark.click_id = high
    session.flush()
    return int(count)


def clear_clicks(runtime: Runtime, now: datetime) -> None:
    """The chore: rows that are in the sums and old enough go, 500 at a time; and who was seen on days long over."""
    oldest = (now - CLICKS_KEPT - EPOCH) // MS
    day = (now - VISITORS_KEPT - EPOCH) // timedelta(days=1)
    with runtime.db.write() as session:
        session.execute(delete(ClickVisitor).where(ClickVisitor.day < day))
    while True:
        with runtime.db.write() as session:
            mark = session.get(RolledUp, 1)
            ids = select(Click.id).where(Click.at_ms < oldest, Click.id <= (mark.click_id if mark else 0)).limit(500)
            done = session.execute(delete(Click).where(Click.id.in_(ids.scalar_subquery())))
            if done.rowcount < 500:  # type: ignore[attr-defined]  # a DELETE always gives a CursorResult
                return


__all__ = ["ClickDay", "clear_clicks", "roll_up_clicks", "roll_up_some"]
