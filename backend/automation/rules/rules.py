"""Rules: made, changed, put in order, put away; switched on and off."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.accounts.members import get_member
from backend.automation.channels import get_channel
from backend.automation.rules.models import Rule
from backend.automation.rules.spec import Alert as AlertAction
from backend.automation.rules.spec import Assign, Spec, Webhook, read_spec
from backend.infra.changes import record_change
from backend.infra.errors import Conflict, Invalid, NotFound
from backend.infra.text import one_line

MOST_RULES = 100
MAX_NAME = 120


def list_rules(session: Session, brand_ids: Collection[int]) -> list[Rule]:
    query = select(Rule).where(Rule.brand_id.in_(brand_ids), Rule.removed_at.is_(None))
    return list(session.scalars(query.order_by(Rule.brand_id, Rule.position, Rule.id)))


def live_rules(session: Session, brand_ids: Collection[int]) -> list[Rule]:
    """Those that are switched on, in their order."""
    return [rule for rule in list_rules(session, brand_ids) if rule.enabled]


def get_rule(session: Session, rule_id: int) -> Rule:
    """Raises NotFound."""
    rule = session.get(Rule, rule_id)
    if rule is None or rule.removed_at is not None:
        raise NotFound("There is no such rule.")
    return rule


def create_rule(session: Session, brand_id: int, values: Mapping[str, Any], *, now: datetime) -> Rule:
    """`values`: name, spec (when, if, then, else), enabled, ready. Raises Invalid, QuerySyntax."""
    live = select(func.count(), func.max(Rule.position)).where(Rule.brand_id == brand_id, Rule.removed_at.is_(None))
    count, last = session.execute(live).one()
    if count >= MOST_RULES:
        raise Invalid(f"There are {MOST_RULES} rules already.", code="too_many_rules")
    rule = Rule(brand_id=brand_id, position=(last if last is not None else -1) + 1, enabled=False, created_at=now)
    _set(session, rule, {"name": "", "spec": {}, **values}, now)
    session.add(rule)
    return _touched(session, rule, now)


def change_rule(session: Session, rule_id: int, values: Mapping[str, Any], *, version: int, now: datetime) -> Rule:
    """Raises NotFound, Invalid, QuerySyntax, Conflict (somebody changed it since `version`)."""
    rule = get_rule(session, rule_id)
    if rule.version != version:
        raise Conflict("Somebody else changed this rule in the meantime.")
    _set(session, rule, values, now)
    rule.version += 1
    return _touched(session, rule, now)


def order_rules(session: Session, brand_id: int, rule_ids: Sequence[int], *, now: datetime) -> list[Rule]:
    """All of a brand's rules, in this order. Raises Invalid where one is missing or is not there."""
    rules = {rule.id: rule for rule in list_rules(session, [brand_id])}
    if set(rule_ids) != set(rules) or len(rule_ids) != len(rules):
        raise Invalid("These are not all of the rules, each once.", fields={"ids": "all rules of the brand, each once"})
    for position, rule_id in enumerate(rule_ids):
        rules[rule_id].position = position
    record_change(session, kind="rule.changed", ref=rule_ids[0] if rule_ids else 0, brand_id=brand_id, now=now)
    return [rules[rule_id] for rule_id in rule_ids]


def remove_rule(session: Session, rule_id: int, *, now: datetime) -> Rule:
    rule = get_rule(session, rule_id)
    rule.removed_at = now
    return _touched(session, rule, now)


def restore_rule(session: Session, rule_id: int, *, now: datetime) -> Rule:
    """Raises NotFound."""
    rule = session.get(Rule, rule_id)
    if rule is None:
        raise NotFound("There is no such rule.")
    if rule.removed_at is not None:
        rule.removed_at = None
        rule.waited_until = now  # what fell due meanwhile is past
        _touched(session, rule, now)
    return rule


def switch_off(session: Session, rule: Rule, *, error: str, now: datetime) -> None:
    """It failed: it stays off until a person switches it on again."""
    rule.enabled = False
    rule.error = error[:500]
    rule.failed_at = now
    rule.version += 1
    _touched(session, rule, now)


def check_spec(session: Session, brand_id: int, data: Any) -> Spec:
    """Read it, and look whether the people and channels it names are there. Raises Invalid, QuerySyntax."""
    spec = read_spec(data)
    for part, actions in (("then", spec.then), ("else", spec.otherwise)):
        for number, action in enumerate(actions):
            if isinstance(action, Assign):
                _there(lambda one=action: get_member(session, int(one.member_id)), f"{part}.{number}.member_id")
            channel_ids = action.channel_ids if isinstance(action, AlertAction) else []
            channel_ids = [action.channel_id] if isinstance(action, Webhook) else channel_ids
            for channel_id in channel_ids:
                channel = _there(lambda id=channel_id: get_channel(session, int(id)), f"{part}.{number}.{action.do}")
                if channel.brand_id != brand_id or (isinstance(action, Webhook) and channel.kind != "webhook"):
                    raise Invalid("There is no such channel.", fields={f"{part}.{number}": "a channel of this brand"})
    return spec


def _there(get: Any, field: str) -> Any:
    try:
        return get()
    except NotFound as missing:
        raise Invalid(missing.message, fields={field: missing.message}) from None


def _set(session: Session, rule: Rule, values: Mapping[str, Any], now: datetime) -> None:
    if "name" in values:
        name = one_line(str(values["name"]))
        if not name or len(name) > MAX_NAME:
            raise Invalid("A rule needs a name.", fields={"name": f"1 to {MAX_NAME} characters"})
        rule.name = name
    if "spec" in values:
        rule.spec = check_spec(session, rule.brand_id, values["spec"]).as_json()
    if "ready" in values:
        rule.ready = str(values["ready"])[:40]
    if "enabled" in values:
        if values["enabled"] and not rule.enabled:
            rule.error, rule.failed_at = "", None
            rule.waited_until = now  # nothing that fell due before it was switched on
        rule.enabled = bool(values["enabled"])


def _touched(session: Session, rule: Rule, now: datetime) -> Rule:
    session.flush()
    record_change(session, kind="rule.changed", ref=rule.id, brand_id=rule.brand_id, now=now)
    return rule
