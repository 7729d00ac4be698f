"""What was said is kept for a season: long enough to look back, and for no story to be told again."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select, tuple_

from backend.automation.models import AlertStory, Message, MessageSend
from backend.automation.rules.models import RuleRun
from backend.infra.runtime import Runtime

KEPT = timedelta(days=90)
_AT_ONCE = 500


def clear_messages(runtime: Runtime, now: datetime) -> None:
    """Old messages go, unless something of them still waits; old stories and what rules did go. In small steps."""
    old = now - KEPT
    waiting = select(MessageSend.message_id).where(MessageSend.state == "waiting")
    while True:
        with runtime.db.write() as session:
            query = select(Message.id).where(Message.created_at < old, Message.id.not_in(waiting)).limit(_AT_ONCE)
            ids = list(session.scalars(query))
            session.execute(delete(Message).where(Message.id.in_(ids)))
        if len(ids) < _AT_ONCE:
            break
    while True:
        with runtime.db.write() as session:
            ids = list(session.scalars(select(RuleRun.id).where(RuleRun.at < old).limit(_AT_ONCE)))
            session.execute(delete(RuleRun).where(RuleRun.id.in_(ids)))
        if len(ids) < _AT_ONCE:
            break
    while True:
        with runtime.db.write() as session:
            told = select(AlertStory.alert_id, AlertStory.story_id).where(AlertStory.heard_at < old).limit(_AT_ONCE)
            stories = [(row[0], row[1]) for row in session.execute(told)]
            if not stories:
                break
            these = tuple_(AlertStory.alert_id, AlertStory.story_id).in_(stories)
            session.execute(delete(AlertStory).where(these), execution_options={"synchronize_session": False})
        if len(stories) < _AT_ONCE:
            break
