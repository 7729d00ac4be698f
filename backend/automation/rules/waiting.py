"""Rules of "has waited": every minute, what has waited so long by now. How far was looked stands on the rule, in the
transaction of what it did: nothing twice, nothing lost. What fell due before the rule was switched on is not touched.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from backend.accounts.brands import brand_ids
from backend.automation.rules.engine import act_on, decide_rule
from backend.automation.rules.models import Rule
from backend.automation.rules.rules import live_rules
from backend.inbox.telling import waiting_ids
from backend.infra.runtime import Runtime

MOST = 200
_MOST_ROUNDS = 50


def look_for_waiting(runtime: Runtime, now: datetime) -> None:
    with runtime.db.read() as session:
        rules = [rule.id for rule in live_rules(session, brand_ids(session)) if _hours(rule)]
    for rule_id in rules:
        for _ in range(_MOST_ROUNDS):
            if not look_once(runtime, rule_id, now):
                break


def look_once(runtime: Runtime, rule_id: int, now: datetime) -> bool:
    """One rule, some of what waits. True: there is more."""
    with runtime.db.read() as session:
        rule = session.get(Rule, rule_id)
        hours = _hours(rule) if rule is not None else 0
        if rule is None or not rule.enabled or not hours:
            return False
        waited = timedelta(hours=hours)
        place = min(rule.waited_until or now, now)
        ids, until = waiting_ids(session, rule.brand_id, since=place - waited, until=now - waited, now=now, limit=MOST)
        decided = decide_rule(session, rule, ids, now=now) if ids else None
        before = rule.waited_until
    if not ids and before is not None and now - before < timedelta(hours=1):
        return False  # an idle server writes nothing; the next look begins at the same place
    with runtime.db.write() as session:
        rule = session.get(Rule, rule_id, with_for_update=True)
        if rule is None or rule.waited_until != before:
            return False  # another worker was here
        if decided is not None:
            act_on(session, [decided], now=now)
        rule.waited_until = until + waited
    return until + waited < now


def _hours(rule: Rule) -> int:
    return int(rule.spec.get("when", {}).get("hours") or 0)
