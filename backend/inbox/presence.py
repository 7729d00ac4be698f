"""Who has which mention open, so that two people do not answer the same post: windows say so and it fades by itself."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from backend.inbox.drafts import Actor
from backend.inbox.models import Mention, Presence
from backend.infra.changes import record_change

FADES_AFTER = timedelta(seconds=45)  # a window says it again every 20 s; one that was closed by force says nothing


def note_presence(session: Session, mention: Mention, *, window: str, doing: str, by: Actor, now: datetime) -> None:
    """A window shows this mention and no other any more; `doing` is "open", "answering" or "left"."""
    before = session.get(Presence, window, with_for_update=True)
    same = before is not None and (before.mention_id, before.doing) == (mention.id, doing)
    if before is not None and before.brand_id != mention.brand_id:
        record_change(session, kind="presence", ref=before.mention_id, brand_id=before.brand_id, now=now)
    if doing == "left":
        if before is None or before.mention_id != mention.id:
            return  # it went on to another already
        session.delete(before)
    else:
        values = {
            "brand_id": mention.brand_id,
            "mention_id": mention.id,
            "member_id": by.member_id,
            "who": by.name[:120],
            "doing": doing,
            "at": now,
        }
        dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
        insert = dialect.insert(Presence).values(window=window, **values)
        session.execute(
            insert.on_conflict_do_update(index_elements=["window"], set_=values),
            execution_options={"synchronize_session": False},
        )
        session.execute(delete(Presence).where(Presence.at < now - 2 * FADES_AFTER))
    if not same:
        record_change(session, kind="presence", ref=mention.id, brand_id=mention.brand_id, now=now)


def list_presences(session: Session, brand_ids: Collection[int], *, now: datetime) -> list[Presence]:
    """Who is where now, oldest first."""
    live = select(Presence).where(Presence.brand_id.in_(brand_ids), Presence.at > now - FADES_AFTER)
    return list(session.scalars(live.order_by(Presence.at, Presence.window)))
