"""Snoozes that end: nothing is written in a mention then, but lists and badges must hear that it is there again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from backend.inbox.models import Mention
from backend.infra.changes import record_change
from backend.infra.tables import recall, remember

WOKEN = "snooze"  # the cause of such a change: nobody did anything, so it is none for rules
AT_ONCE = 200
_GOT_TO = "snoozes told"


def end_snoozes(session: Session, brand_ids: Collection[int], *, now: datetime) -> bool:
    """Tell of mentions whose time has come since the last call, at most `AT_ONCE`. True where there may be more."""
    got_to = recall(session, _GOT_TO)
    if not got_to:
        # What ended before anybody looked is in the lists that are opened from now on.
        remember(session, _GOT_TO, f"{now.isoformat()} 0")
        return False
    since_text, _, last = got_to.rpartition(" ")
    since, last_id = datetime.fromisoformat(since_text), int(last)
    ended = list(
        session.execute(
            select(Mention.id, Mention.brand_id, Mention.snoozed_until)
            .where(
                Mention.brand_id.in_(brand_ids),
                Mention.snoozed_until >= since,  # by its index, the same moment again
                Mention.snoozed_until <= now,
                or_(Mention.snoozed_until > since, and_(Mention.snoozed_until == since, Mention.id > last_id)),
                Mention.status.in_(("new", "open")),
            )
            .order_by(Mention.snoozed_until, Mention.id)
            .limit(AT_ONCE)
        )
    )
    for mention_id, brand_id, _until in ended:
        record_change(session, kind="mention.changed", ref=mention_id, brand_id=brand_id, now=now, cause=WOKEN)
    if ended:
        last_row = ended[-1]
        remember(session, _GOT_TO, f"{last_row.snoozed_until.isoformat()} {last_row.id}")
    return len(ended) == AT_ONCE
