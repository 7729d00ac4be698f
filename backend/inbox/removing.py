"""Taking back what was just added: mentions that nobody has touched go as if they had never come."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, exists, func, not_, or_, select
from sqlalchemy.orm import Session

from backend.inbox.mentions import RULE
from backend.inbox.models import Mention, MentionEvent, MentionKey, MentionPlace
from backend.infra.changes import record_change


def remove_untouched(session: Session, brand_id: int, mention_ids: Collection[int], *, now: datetime) -> set[int]:
    """Delete those of these mentions that nobody changed, answered or found elsewhere since they came; gives their ids.

    What rules did of themselves is no touch. Their keys go too, so that the same posts may come again by any way.
    """
    touched = exists().where(
        MentionEvent.mention_id == Mention.id,
        MentionEvent.what != "created",
        not_(MentionEvent.act.startswith(f"{RULE}:", autoescape=True)),
    )
    places = select(func.count()).where(MentionPlace.mention_id == Mention.id).scalar_subquery()
    query = select(Mention.id).where(
        Mention.brand_id == brand_id, Mention.id.in_(mention_ids), not_(or_(touched, places > 1))
    )
    ids = list(session.scalars(query.order_by(Mention.id).with_for_update(of=Mention)))
    session.execute(delete(MentionKey).where(MentionKey.brand_id == brand_id, MentionKey.mention_id.in_(ids)))
    session.execute(delete(Mention).where(Mention.id.in_(ids)))
    for mention_id in ids:
        record_change(session, kind="mention.removed", ref=mention_id, brand_id=brand_id, now=now)
    session.flush()
    return set(ids)
