"""Rules of a brand: made, changed, put in order, switched on and off."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.accounts.members import assignable
from backend.automation.models import Channel
from backend.automation.rules.language import Do, RuleBody, read_body
from backend.automation.rules.models import Rule
from backend.inbox.searches import asks_for_mine
from backend.infra.changes import record_change
from backend.infra.db import lock_row
from backend.infra.errors import Conflict, Invalid, NotFound
from backend.infra.text import one_line
from backend.listening.keywords import get_keyword
from backend.query.grammar import parse_search

MAX_NAME = 120
MOST_RULES = 30  # of one brand: each looks at every mention


def list_rules(session: Session, brand_ids: Collection[int]) -> list[Rule]:
    """In the order they run in."""
    query = select(Rule).where(Rule.brand_id.in_(brand_ids), Rule.removed_at.is_(None))
    return list(session.scalars(query.order_by(Rule.brand_id, Rule.place, Rule.id)))


def get_rule(session: Session, rule_id: int, *, removed: bool = False, lock: bool = False) -> Rule:
    """Raises NotFound; `removed`: also one that was put away."""
    rule = lock_row(session, Rule, rule_id) if lock else session.get(Rule, rule_id)
    if rule is None or (rule.removed_at is not None and not removed):
        raise NotFound("There is no such rule.")
    return rule


def create_rule(
    session: Session, brand_id: int, *, name: str, body: RuleBody, enabled: bool, ready: str = "", now: datetime
) -> Rule:
    """It runs after all others. Raises Invalid."""
    _need_room(session, brand_id)
    check_body(session, brand_id, body)
    last = session.scalar(select(func.max(Rule.place)).where(Rule.brand_id == brand_id)) or 0
    rule = Rule(
        brand_id=brand_id,
        name=_name(name),
        body=body.as_json(),
        ready=ready[:40],
        place=last + 1,
        enabled=False,
        error="",
        waited_id=0,
        version=1,
        created_at=now,
    )
    session.add(rule)
    _switch(rule, enabled, now)
    return _touched(session, rule, now)


def change_rule(
    session: Session,
    rule_id: int,
    *,
    version: int,
    name: str | None = None,
    body: RuleBody | None = None,
    enabled: bool | None = None,
    now: datetime,
) -> Rule:
    """What is None stays. Raises NotFound, Invalid, Conflict (somebody changed it since `version`)."""
    rule = get_rule(session, rule_id, lock=True)
    if rule.version != version:
        raise Conflict("Somebody else changed this rule in the meantime.")
    if name is not None:
        rule.name = _name(name)
    if body is not None:
        check_body(session, rule.brand_id, body)
        if body.as_json() != rule.body:
            rule.body = body.as_json()
            if rule.enabled:
                _switch(rule, True, now)  # what it says now holds from now on
    if enabled is not None and enabled != rule.enabled:
        if enabled:
            check_body(session, rule.brand_id, read_body(rule.body))
        _switch(rule, enabled, now)
    rule.version += 1
    return _touched(session, rule, now)


def remove_rule(session: Session, rule_id: int, *, now: datetime) -> Rule:
    rule = get_rule(session, rule_id)
    rule.removed_at = now
    _switch(rule, False, now)
    rule.version += 1
    return _touched(session, rule, now)


def restore_rule(session: Session, rule_id: int, *, now: datetime) -> Rule:
    """It comes back switched off. Raises NotFound, Invalid (too many by now)."""
    rule = get_rule(session, rule_id, removed=True)
    if rule.removed_at is not None:
        _need_room(session, rule.brand_id)
        rule.removed_at = None
        rule.version += 1
    return _touched(session, rule, now)


def order_rules(session: Session, brand_id: int, rule_ids: Sequence[int], *, now: datetime) -> list[Rule]:
    """Those named run first, in this order; the others after them as before. Raises Invalid."""
    rules = list_rules(session, [brand_id])
    by_id = {rule.id: rule for rule in rules}
    if len(set(rule_ids)) != len(rule_ids) or not set(rule_ids) <= by_id.keys():
        raise Invalid("This is no order of these rules.", fields={"ids": "Rules of this brand, each once."})
    ordered = [by_id[one] for one in rule_ids] + [rule for rule in rules if rule.id not in rule_ids]
    for place, rule in enumerate(ordered, start=1):
        if rule.place != place:
            rule.place = place
            _touched(session, rule, now)
    return ordered


def check_body(session: Session, brand_id: int, body: RuleBody) -> None:
    """Whoever and whatever it names must be there. Raises Invalid with the fields."""
    wrong: dict[str, str] = {}
    if not (body.then.does_something or body.else_.does_something):
        wrong["then"] = "Something must be done."
    if body.if_.query and asks_for_mine(parse_search(body.if_.query)):
        wrong["if.query"] = "A rule runs for nobody in particular: is:mine holds for no mention."
    if body.if_.keyword_id is not None:
        try:
            there = get_keyword(session, int(body.if_.keyword_id)).brand_id == brand_id
        except NotFound:
            there = False
        if not there:
            wrong["if.keyword_id"] = "A keyword of this brand."
    for branch, do in (("then", body.then), ("else", body.else_)):
        wrong |= {f"{branch}.{name}": words for name, words in _missing(session, brand_id, do).items()}
    if wrong:
        raise Invalid("This rule cannot be saved like this.", fields=wrong)


def _missing(session: Session, brand_id: int, do: Do) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if do.assign is not None:
        try:
            assignable(session, int(do.assign), brand_id)
        except NotFound:
            wrong["assign"] = "Somebody who may see this brand."
    if do.webhook is not None:
        channel = session.get(Channel, int(do.webhook))
        if channel is None or channel.brand_id != brand_id or channel.removed_at or channel.kind != "webhook":
            wrong["webhook"] = "A channel of this brand of the kind webhook."
    return wrong


def _name(text: str) -> str:
    name = one_line(text)
    if not name or len(name) > MAX_NAME:
        raise Invalid("A rule needs a name.", fields={"name": f"1 to {MAX_NAME} characters."})
    return name


def _need_room(session: Session, brand_id: int) -> None:
    if len(list_rules(session, [brand_id])) >= MOST_RULES:
        raise Invalid(f"At most {MOST_RULES} rules.", code="too_many_rules")


def _switch(rule: Rule, on: bool, now: datetime) -> None:
    """On: what comes from now on is its business, and what will have waited long enough from now on."""
    rule.enabled = on
    rule.due_at = None
    if not on:
        return
    rule.enabled_at, rule.error, rule.error_at = now, "", None
    hours = rule.body.get("when", {}).get("hours")
    if hours:
        rule.waited_to, rule.waited_id, rule.due_at = now - timedelta(hours=hours), 0, now


def _touched(session: Session, rule: Rule, now: datetime) -> Rule:
    session.flush()
    record_change(session, kind="rule.changed", ref=rule.id, brand_id=rule.brand_id, now=now)
    return rule
