"""What wakes rules: changes of mentions, and time.

Effects stand in the transaction that notes how far was read (`readers.py`, and here for what waits), so that a kill
loses nothing and does nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, case, or_, select, true
from sqlalchemy.orm import Session

from backend.accounts.brands import brand_ids
from backend.automation.rules.engine import enabled_rules, run_rules
from backend.automation.rules.models import Rule
from backend.inbox.mentions import RULE
from backend.inbox.models import Mention
from backend.inbox.snoozing import WOKEN
from backend.infra.changes import Change
from backend.infra.jobs import Kind, claim, release
from backend.infra.runtime import Runtime

EVENTS = {"mention.created": "arrives", "mention.changed": "changes"}
LOOK_EVERY = timedelta(seconds=60)
LOOK_AGAIN = timedelta(hours=6)
AT_ONCE = 20


def wake_rules(runtime: Runtime, changes: Sequence[Change], now: datetime) -> Callable[[Session], None]:
    """A reader of changes. What rules did themselves is passed over."""
    woken: dict[tuple[int, str], dict[int, datetime]] = {}
    for change in changes:
        event = EVENTS.get(change.kind)
        if event and change.brand_id is not None and change.cause not in (RULE, WOKEN) and change.ref.isdigit():
            woken.setdefault((change.brand_id, event), {})[int(change.ref)] = change.at
    with runtime.db.read() as session:
        live = brand_ids(session)
        with_rules = {rule.brand_id for rule in enabled_rules(session, {brand_id for brand_id, _ in woken})} & live

    def write(session: Session) -> None:
        for (brand_id, event), mentions in sorted(woken.items()):
            if brand_id in with_rules:
                run_rules(session, brand_id, event, mentions, now=now)

    return write


def look_once(runtime: Runtime, ref: int, fence: int) -> None:
    """One turn of one rule that waits: at most `AT_ONCE` mentions whose time has come."""
    now = runtime.clock()
    with runtime.db.write() as session:
        rule = claim(session, Rule, ref, fence, now=now)
        if rule is None:
            return
        hours = rule.body.get("when", {}).get("hours")
        if not rule.enabled or rule.removed_at is not None or not hours:
            release(rule, due_at=None)
            return
        if rule.brand_id not in brand_ids(session):
            release(rule, due_at=now + LOOK_AGAIN)
            return
        waited = _have_waited(session, rule, now - timedelta(hours=hours))
        if waited:
            run_rules(session, rule.brand_id, "waited", dict(waited), now=now, only=rule)
            rule.waited_id, rule.waited_to = waited[-1]
        soon = now if len(waited) == AT_ONCE else now + LOOK_EVERY
        release(rule, due_at=soon if _is_on(rule) else None)  # it may have thrown


def _is_on(rule: Rule) -> bool:
    return rule.enabled


def _have_waited(session: Session, rule: Rule, until: datetime) -> list[tuple[int, datetime]]:
    """Mentions and since when they wait, beyond where the rule has got to, oldest first."""
    back = Mention.snoozed_until > Mention.seen_at
    since = case((back, Mention.snoozed_until), else_=Mention.seen_at)
    got_to = rule.waited_to or until
    query = (
        select(Mention.id, since)
        .where(
            Mention.brand_id == rule.brand_id,
            or_(Mention.seen_at >= got_to, Mention.snoozed_until >= got_to),  # by their indexes
            Mention.status.in_(("new", "open")),
            Mention.about_us == "yes",
            since <= until,
            or_(since > got_to, and_(since == got_to, Mention.id > rule.waited_id)),
        )
        .order_by(since, Mention.id)
        .limit(AT_ONCE)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


KIND = Kind(name="rule", model=Rule, turn=look_once, planned_by_us=true())
