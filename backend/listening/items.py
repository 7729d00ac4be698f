"""Everything that was read is kept for a while, then cleared away in small steps."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from backend.infra.runtime import Runtime
from backend.listening.models import Item

CHUNK = 500


def clear_items(runtime: Runtime, now: datetime) -> int:
    """Delete items seen longer ago than `ENTREGENT_ITEMS_KEPT_DAYS`. Mentions made of them stay."""
    before = now - timedelta(days=runtime.settings.items_kept_days)
    cleared = 0
    while True:
        with runtime.db.write() as session:
            ids = list(session.scalars(select(Item.id).where(Item.seen_at < before).limit(CHUNK)))
            session.execute(delete(Item).where(Item.id.in_(ids)))
        cleared += len(ids)
        if len(ids) < CHUNK:
            return cleared
