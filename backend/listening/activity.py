"""How much each feed gives, and since when it gives nothing: what the list of sources says beside each."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from backend.listening.models import Feed, FeedDay, Item

WEIGHED = timedelta(days=28)
LEAST = timedelta(days=1)  # of what a new feed gave: one day's posts are no week's
WEEK = timedelta(weeks=1)


def items_per_week(session: Session, feeds: Collection[Feed], *, now: datetime) -> dict[int, float]:
    """By the feed's id: posts a week over the last four, by when they were published. A feed that is younger, or whose
    first answer reaches less far back, is weighed over the time that is known of it. Feeds never read are left out."""
    since = now - WEIGHED
    at = func.coalesce(Item.published_at, Item.seen_at)
    rows = session.execute(
        select(Item.feed_id, func.count(case((at.between(since, now), 1))), func.min(at))
        .where(Item.feed_id.in_([feed.id for feed in feeds]), Item.seen_at >= since)
        .group_by(Item.feed_id)
    )
    given = {feed_id: (count, oldest) for feed_id, count, oldest in rows}
    found: dict[int, float] = {}
    for feed in feeds:
        if feed.last_polled_at is None:
            continue
        count, oldest = given.get(feed.id, (0, now))
        known_since = max(since, min(feed.created_at, oldest))
        found[feed.id] = round(count * WEEK / max(now - known_since, LEAST), 1)
    return found


def last_answers(session: Session, feed_ids: Collection[int]) -> dict[int, str]:
    """The UTC day (2026-11-23) on which each feed answered last; those that never did are left out."""
    rows = session.execute(
        select(FeedDay.feed_id, func.max(FeedDay.day))
        .where(FeedDay.feed_id.in_(feed_ids), FeedDay.asked > FeedDay.failed)
        .group_by(FeedDay.feed_id)
    )
    return {row[0]: row[1] for row in rows}
