"""Rules at work on some mentions, in one transaction with whatever woke them.

No loops: what a rule changes is marked with its cause and wakes nothing (`changes.cause`). Rules for changes do hear of
what rules before them did, here and now, in rounds; but in all rounds a rule acts on a mention once, and at most
`MOST_ACTS` rules do. A rule that throws is taken back whole, switched off, and people hear of it.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from backend.accounts.brands import get_brand
from backend.automation.notify import language_of, notify
from backend.automation.rules.conditions import counter, those_that_match
from backend.automation.rules.effects import RuleBroken, check_reach, tell, values_for
from backend.automation.rules.language import Do, RuleBody, read_body
from backend.automation.rules.models import Rule, RuleRun
from backend.inbox.mentions import RULE, Actor, change_mention
from backend.inbox.models import Mention, MentionEvent
from backend.infra.changes import record_change
from backend.infra.words import say

log = logging.getLogger("entregent.rules")

MOST_ACTS = 8
MOST_ROUNDS = 4
ERRORS = ("assignee_gone", "channel_gone", "unreadable", "failed")


@dataclass
class Turn:
    """What happened so far to the mentions of one event."""

    session: Session
    brand_id: int
    zone: str
    now: datetime
    mentions: Mapping[int, Mention]
    ran: set[tuple[int, int]] = field(default_factory=set)  # (rule, mention)
    acts: dict[int, int] = field(default_factory=dict)


def enabled_rules(session: Session, brand_ids: Iterable[int]) -> list[Rule]:
    """In their order."""
    query = select(Rule).where(Rule.brand_id.in_(brand_ids), Rule.enabled, Rule.removed_at.is_(None))
    return list(session.scalars(query.order_by(Rule.place, Rule.id)))


def run_rules(
    session: Session,
    brand_id: int,
    event: str,
    woken: Mapping[int, datetime],
    *,
    now: datetime,
    only: Rule | None = None,
) -> None:
    """`woken`: mention id → when it happened; what was before a rule was switched on does not concern it. `only`: the
    rule that waited."""
    # Locked in the order of ids, as bulk changes are, so that two of these wait for each other instead of dying.
    query = select(Mention).where(Mention.id.in_(woken), Mention.brand_id == brand_id).order_by(Mention.id)
    mentions = {
        one.id: one for one in session.scalars(query.with_for_update().execution_options(populate_existing=True))
    }
    turn = Turn(session, brand_id, get_brand(session, brand_id).time_zone, now, mentions)
    rules = enabled_rules(session, [brand_id])
    todo = set(mentions)
    for number in range(MOST_ROUNDS):
        changed: set[int] = set()
        for rule in [only] if only is not None and number == 0 else rules:
            since = rule.enabled_at or now
            about = [mentions[one] for one in sorted(todo) if number or only or woken[one] >= since]
            changed |= _run_rule(turn, rule, event, about)
        todo, event = changed, "changes"
        if not todo:
            return


def _run_rule(turn: Turn, rule: Rule, event: str, mentions: Sequence[Mention]) -> set[int]:
    """The mentions that it changed."""
    acted: dict[int, bool] = {}  # mention → whether it was changed
    if not rule.enabled or not mentions:
        return set()
    try:
        body = read_body(rule.body)
    except ValidationError:
        switch_off(turn.session, rule, "unreadable", now=turn.now)
        return set()
    mine = [
        mention
        for mention in mentions
        if (rule.id, mention.id) not in turn.ran and turn.acts.get(mention.id, 0) < MOST_ACTS
    ]
    if body.when.event != event or not mine:
        return set()
    try:
        with turn.session.begin_nested():
            count = counter(turn.session, turn.brand_id, body.if_)
            hits = those_that_match(turn.session, mine, body.if_, zone=turn.zone, count=count, now=turn.now)
            for mention in mine:
                if mention.status == "spam":
                    continue
                branch, do = ("then", body.then) if mention.id in hits else ("else", body.else_)
                run = _act(turn, rule, body, branch, do, mention) if do.does_something else None
                if run is not None:
                    acted[mention.id] = bool(run.act)
    except DBAPIError:
        raise  # the database's trouble is not the rule's: all is tried again
    except Exception as problem:
        if not isinstance(problem, RuleBroken):
            log.exception("rule %s threw", rule.id)
        switch_off(turn.session, rule, getattr(problem, "code", "failed"), now=turn.now)
        return set()
    turn.ran |= {(rule.id, one) for one in acted}
    for one in acted:
        turn.acts[one] = turn.acts.get(one, 0) + 1
    return {one for one, changed in acted.items() if changed}


def _act(turn: Turn, rule: Rule, body: RuleBody, branch: str, do: Do, mention: Mention) -> RuleRun | None:
    """Do it and log it. What changes nothing and says nothing is not logged."""
    check_reach(turn.session, turn.brand_id, do)
    values = values_for(mention, do, zone=turn.zone, now=turn.now)
    act = f"{RULE}:{secrets.token_hex(12)}" if values else ""
    event = None
    if values:
        by = Actor(name=rule.name, cause=RULE)
        change_mention(turn.session, mention.id, values, version=mention.version, by=by, now=turn.now, act=act)
        event = turn.session.scalar(select(MentionEvent).where(MentionEvent.act == act))
    said = tell(turn.session, rule, body, do, mention, now=turn.now)
    if event is None and not said:
        return None
    run = RuleRun(
        brand_id=turn.brand_id,
        rule_id=rule.id,
        rule_version=rule.version,
        mention_id=mention.id,
        at=turn.now,
        event=body.when.event,
        branch=branch,
        act=act if event is not None else "",
        before=event.before if event is not None else {},
        after=event.after if event is not None else {},
        said=said,
    )
    turn.session.add(run)
    return run


def switch_off(session: Session, rule: Rule, code: str, *, now: datetime) -> None:
    """It threw: nothing more of it until a person has looked."""
    rule.enabled, rule.due_at = False, None
    rule.error, rule.error_at = code if code in ERRORS else "failed", now
    rule.version += 1
    session.flush()
    language = language_of(session, rule.brand_id)
    notify(
        session,
        brand_id=rule.brand_id,
        kind="trouble",
        title=say(language, "rule_off_title", rule=rule.name),
        body=say(language, f"rule_off_{rule.error}"),
        ref=f"rule {rule.id} off {rule.version}",
        now=now,
    )
    record_change(session, kind="rule.changed", ref=rule.id, brand_id=rule.brand_id, now=now)
