"""From changes of mentions to stories that alerts are to tell: each story once an alert, however many say it.

What was said before its keyword or its alert was made, or long ago, is history: it stands in the inbox and raises
nothing. So a new keyword's back-fill is quiet.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from backend.automation.alerts import alerts_of_brand
from backend.automation.models import Alert, AlertStory
from backend.automation.subject import asked_for
from backend.automation.times import GATHER
from backend.inbox.mentions import read_facts
from backend.inbox.telling import is_tellable, read_mentions
from backend.infra.changes import Change
from backend.infra.runtime import Runtime
from backend.listening.keywords import keyword_ages

if TYPE_CHECKING:
    from backend.inbox.models import Mention

log = logging.getLogger("entregent.alerts")

#: what was said longer ago is no news for an alert at once, and none for a digest
NEWS = timedelta(hours=48)
DIGEST_NEWS = timedelta(days=14)
KINDS = frozenset({"mention.created", "mention.changed"})


@dataclass(frozen=True)
class Heard:
    """A story that an alert has not had yet."""

    alert_id: int
    story_id: int
    mention_id: int


def hear_mentions(runtime: Runtime, changes: Sequence[Change], now: datetime) -> Callable[[Session], None]:
    """A reader of changes (readers.py)."""
    by_brand: dict[int, set[int]] = {}
    for change in changes:
        if change.kind in KINDS and change.brand_id is not None and change.ref.isdigit():
            by_brand.setdefault(change.brand_id, set()).add(int(change.ref))
    heard: list[Heard] = []
    with runtime.db.read() as session:
        for brand_id, mention_ids in by_brand.items():
            if alerts := alerts_of_brand(session, brand_id):
                heard += what_is_news(session, alerts, read_mentions(session, mention_ids), now=now)
    return lambda session: write_heard(session, heard, now=now)


def what_is_news(
    session: Session, alerts: Sequence[Alert], mentions: Sequence[Mention], *, now: datetime
) -> list[Heard]:
    facts = read_facts(session, mentions)
    ages = keyword_ages(session, {alert.keyword_id for alert in alerts if alert.keyword_id is not None})
    found: dict[tuple[int, int], Heard] = {}
    for alert in alerts:
        oldest = max(oldest_news(alert, now), ages.get(alert.keyword_id or 0, alert.created_at))
        fresh = [mention for mention in mentions if is_tellable(mention, oldest=oldest)]
        try:
            asked = asked_for(session, alert, fresh, facts, now=now) if fresh else ()
        except DBAPIError:
            raise  # the transaction is lost: the whole chunk is read again
        except Exception:
            # One that cannot be asked must not silence all others, of every brand.
            log.exception("alert %s cannot be asked", alert.id)
            continue
        for mention in fresh:
            if mention.id in asked:
                story_id = mention.story_id or mention.id
                found.setdefault((alert.id, story_id), Heard(alert.id, story_id, mention.id))
    return list(found.values())


def oldest_news(alert: Alert, now: datetime) -> datetime:
    """What was said before this is nothing for this alert."""
    return max(alert.created_at, now - (NEWS if alert.rhythm == "at_once" else DIGEST_NEWS))


def write_heard(session: Session, heard: Sequence[Heard], *, now: datetime) -> None:
    """What is new to its alert waits to be told; an alert at once becomes due."""
    if not heard:
        return
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    waiting: set[int] = set()
    rows = [
        {"alert_id": one.alert_id, "story_id": one.story_id, "mention_id": one.mention_id, "heard_at": now}
        for one in sorted(heard, key=lambda one: (one.alert_id, one.story_id))
    ]
    for start in range(0, len(rows), 200):
        statement = dialect.insert(AlertStory).values(rows[start : start + 200])
        statement = statement.on_conflict_do_nothing(index_elements=["alert_id", "story_id"])
        waiting.update(session.scalars(statement.returning(AlertStory.alert_id)))
    for alert_id in sorted(waiting):
        alert = session.get(Alert, alert_id, with_for_update=True, populate_existing=True)
        if alert is None or alert.rhythm != "at_once" or alert.paused or alert.removed_at is not None:
            continue
        if alert.round_at is None:
            last = min(alert.told_at or now - GATHER, now)  # a clock that was ahead has told tomorrow
            alert.round_at = max(now, last + GATHER)
            alert.due_at = min(alert.round_at, alert.due_at or alert.round_at)
