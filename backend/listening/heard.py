"""The proof that somebody listened: how often which places were asked, day by day, and which did not answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from backend.infra.runtime import Runtime
from backend.listening.models import Feed, FeedDay, Keyword, Source

DAYS_KEPT = 60


@dataclass(frozen=True)
class Heard:
    """`silent`: the names of places that were asked and never answered."""

    places: int = 0
    asked: int = 0
    silent: Sequence[str] = ()


def count_polls(session: Session, failed: Mapping[int, bool], *, now: datetime) -> None:
    """One more question to each of these feeds and whether it failed, in the transaction that writes down what came."""
    if not failed:
        return
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(FeedDay.__table__)
    # Sorted, so that two transactions wait for each other in one order and never in a circle.
    rows = [{"feed_id": id, "day": day_of(now), "asked": 1, "failed": int(failed[id])} for id in sorted(failed)]
    session.connection().execute(
        statement.on_conflict_do_update(
            index_elements=["feed_id", "day"],
            set_={"asked": FeedDay.asked + 1, "failed": FeedDay.failed + statement.excluded.failed},
        ),
        rows,
    )


def heard_since(
    session: Session, brand_id: int, *, keyword_id: int | None = None, since: datetime, now: datetime
) -> Heard:
    """What was asked for a brand from the day of `since` to that of `now`, both whole (UTC).

    For one keyword: its own searches, and the brand's own places, where its words are looked for too.
    """
    mine = (
        select(Source.feed_id, func.min(Source.name).label("name"))
        .outerjoin(Keyword, Keyword.id == Source.keyword_id)
        .where(Source.brand_id == brand_id, Source.removed_at.is_(None))
        .where(or_(Source.keyword_id.is_(None), Keyword.removed_at.is_(None) & Keyword.paused.is_(False)))
        .group_by(Source.feed_id)
    )
    if keyword_id is not None:
        mine = mine.where(or_(Source.keyword_id.is_(None), Source.keyword_id == keyword_id))
    of_mine = mine.subquery()
    rows = session.execute(
        select(of_mine.c.name, Feed.title, Feed.address, func.sum(FeedDay.asked), func.sum(FeedDay.failed))
        .join(Feed, Feed.id == of_mine.c.feed_id)
        .join(FeedDay, FeedDay.feed_id == Feed.id)
        .where(FeedDay.day.between(day_of(since), day_of(now)))
        .group_by(of_mine.c.feed_id, of_mine.c.name, Feed.title, Feed.address)
        .order_by(of_mine.c.name, Feed.address)
    ).all()
    return Heard(
        places=len(rows),
        asked=sum(int(asked) for *_, asked, _failed in rows),
        silent=[name or title or address for name, title, address, asked, failed in rows if failed >= asked],
    )


def day_of(at: datetime) -> str:
    return at.date().isoformat()


def clear_heard(runtime: Runtime, now: datetime) -> None:
    """Counts are for weeks, not for ever."""
    with runtime.db.write() as session:
        session.execute(delete(FeedDay).where(FeedDay.day < day_of(now - timedelta(days=DAYS_KEPT))))
