"""What a rule does, written: mentions changed under one act, messages queued, the run logged. Never commits."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from backend.automation.content import line_as_json
from backend.automation.digest import line_of
from backend.automation.notify import language_of, notify
from backend.automation.rules.decide import values_of, what_differs
from backend.automation.rules.judge import Judged
from backend.automation.rules.models import Rule, RuleRun
from backend.automation.rules.rules import switch_off
from backend.automation.rules.spec import Action, Alert, Spec, Webhook
from backend.inbox.mentions import Actor, change_mentions, read_facts
from backend.inbox.telling import is_tellable
from backend.infra.changes import record_change
from backend.infra.words import say

if TYPE_CHECKING:
    from backend.inbox.models import Mention

#: acts of rules begin so: what stands in the log under such an act never triggers a rule
ACT = "rule:"
#: what was said longer ago is in the inbox, and no news
NEWS = timedelta(hours=48)
_KEPT_IDS = 50


def run_rule(session: Session, rule: Rule, spec: Spec, judged: Judged, *, now: datetime) -> RuleRun | None:
    """Do it, or switch the rule off with a notice where it throws. None where there was nothing to do."""
    try:
        with session.begin_nested():
            return _run(session, rule, spec, judged, now=now)
    except OperationalError:
        raise  # the database, not the rule
    except Exception as problem:
        stop_rule(session, rule, problem, now=now)
        return None


def stop_rule(session: Session, rule: Rule, problem: Exception, *, now: datetime) -> None:
    """It threw: off with it, and say so."""
    why = getattr(problem, "message", "") or str(problem) or type(problem).__name__
    switch_off(session, rule, error=why, now=now)
    language = language_of(session, rule.brand_id)
    notify(
        session,
        brand_id=rule.brand_id,
        kind="trouble",
        title=say(language, "rule_stopped_title", name=rule.name),
        body=say(language, "rule_stopped_body", why=why),
        ref=f"rule {rule.id} stopped {rule.version}",
        now=now,
    )


def _run(session: Session, rule: Rule, spec: Spec, judged: Judged, *, now: datetime) -> RuleRun | None:
    act = ACT + secrets.token_hex(12)
    by = Actor(name=rule.name, person=False)
    changed: list[int] = []
    told = 0
    for actions, mentions in ((spec.then, judged.matched), (spec.otherwise, judged.otherwise)):
        changed += _change(session, actions, mentions, zone=judged.zone, by=by, act=act, now=now)
        told += _tell(session, rule, spec, actions, mentions, now=now)
    if not changed and not told:
        return None
    run = RuleRun(
        brand_id=rule.brand_id,
        rule_id=rule.id,
        at=now,
        act=act,
        matched=len(judged.matched),
        otherwise=len(judged.otherwise),
        changed=len(changed),
        told=told,
        mention_ids=[str(one) for one in changed[:_KEPT_IDS]],
    )
    session.add(run)
    session.flush()
    record_change(session, kind="rule.ran", ref=rule.id, brand_id=rule.brand_id, now=now)
    return run


def _change(
    session: Session,
    actions: Sequence[Action],
    mentions: Sequence[Mention],
    *,
    zone: str,
    by: Actor,
    act: str,
    now: datetime,
) -> list[int]:
    """Ids of those that are another way now. The same change to many is one call."""
    alike: dict[str, tuple[dict[str, object], list[int]]] = {}
    for mention in mentions:
        values = values_of(actions, tags=mention.tags, status=mention.status, zone=zone, now=now)
        present = {name: getattr(mention, name) for name in values}
        if what_differs(values, present):
            alike.setdefault(json.dumps(values, sort_keys=True, default=str), (values, []))[1].append(mention.id)
    for values, ids in alike.values():
        change_mentions(session, ids, values, by=by, now=now, act=act)
    return [mention_id for _values, ids in alike.values() for mention_id in ids]


def _tell(
    session: Session, rule: Rule, spec: Spec, actions: Sequence[Action], mentions: Sequence[Mention], *, now: datetime
) -> int:
    """One message a story; of a rule that counts, one an hour."""
    speaking = [action for action in actions if isinstance(action, Alert | Webhook)]
    news = [one for one in mentions if is_tellable(one, oldest=now - NEWS)]
    if not speaking or not news:
        return 0
    counts = spec.condition.at_least is not None
    facts = read_facts(session, news)
    told = 0
    for number, action in enumerate(speaking):
        named = [action.channel_id] if isinstance(action, Webhook) else action.channel_ids
        for mention in news[:1] if counts else news:
            story = mention.story_id or mention.id
            about = f"{now:%Y-%m-%dT%H}" if counts else f"story {story}"
            message = notify(
                session,
                brand_id=rule.brand_id,
                kind="rule",
                title=_title(session, rule, spec, mention),
                body="" if counts else mention.title,
                url="" if counts else mention.url,
                ref=f"rule {rule.id} {number} {about}",
                story_id=None if counts else story,
                mention_id=mention.id,
                lines=[line_as_json(line_of(one, facts[one.id])) for one in (news[:20] if counts else [mention])],
                channel_ids=[int(one) for one in named] or None,
                now=now,
            )
            told += message is not None
    return told


def _title(session: Session, rule: Rule, spec: Spec, mention: Mention) -> str:
    language = language_of(session, rule.brand_id)
    if spec.condition.at_least is not None:
        return say(language, "rule_told_many", name=rule.name, n=spec.condition.at_least)
    who = mention.author or mention.network
    return say(language, "rule_told_one", name=rule.name, who=who)
