"""From changes of mentions to rules that apply: a reader of changes (readers.py).

1. What arrived, and what somebody changed, is gathered by brand; what a rule changed, or the undoing of that, is left
   out, so no rule ever triggers a rule.
2. Every rule that is switched on is judged by how things were found, with nothing open for writing.
3. In the transaction that notes how far was read, the rules act in their order. A mention that somebody changed between
   2 and 3 is judged anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from backend.accounts.brands import brand_ids, get_brand
from backend.automation.rules.act import ACT, run_rule, stop_rule
from backend.automation.rules.judge import Judged, judge_mentions
from backend.automation.rules.models import Rule
from backend.automation.rules.rules import live_rules
from backend.automation.rules.spec import Spec, read_spec
from backend.inbox.telling import last_acts, read_mentions
from backend.infra.changes import Change
from backend.infra.runtime import Runtime

CREATED, CHANGED = "mention.created", "mention.changed"


@dataclass(frozen=True)
class Decided:
    """What a rule found, at these versions of rule and mentions; or what it threw."""

    rule_id: int
    rule_version: int
    mention_ids: Sequence[int]
    versions: Mapping[int, int]
    matched: frozenset[int] = frozenset()
    problem: Exception | None = None


def follow_rules(runtime: Runtime, changes: Sequence[Change], now: datetime) -> Callable[[Session], None]:
    """Decide now; the function it gives acts."""
    with runtime.db.read() as session:
        decided = decide_rules(session, what_triggers(session, changes), now=now)
    return lambda session: act_on(session, decided, now=now)


def what_triggers(session: Session, changes: Sequence[Change]) -> dict[int, dict[str, list[int]]]:
    """brand → event → mentions. Nothing that a rule did."""
    about = [one for one in changes if one.kind in (CREATED, CHANGED) and one.ref.isdigit() and one.brand_id]
    acts = last_acts(session, {(int(one.ref), one.at) for one in about if one.kind == CHANGED})
    found: dict[int, dict[str, list[int]]] = {}
    for one in about:
        mention_id = int(one.ref)
        if one.kind == CHANGED and acts.get((mention_id, one.at), "").startswith(ACT):
            continue
        events = found.setdefault(one.brand_id or 0, {"arrives": [], "changes": []})
        mine = events["arrives" if one.kind == CREATED else "changes"]
        if mention_id not in mine:
            mine.append(mention_id)
    return found


def decide_rules(
    session: Session, triggers: Mapping[int, Mapping[str, Sequence[int]]], *, now: datetime
) -> list[Decided]:
    decided: list[Decided] = []
    for rule in live_rules(session, brand_ids(session) & triggers.keys()):
        mention_ids = triggers[rule.brand_id].get(rule.spec.get("when", {}).get("event", ""), ())
        if mention_ids:
            decided.append(decide_rule(session, rule, mention_ids, now=now))
    return decided


def decide_rule(session: Session, rule: Rule, mention_ids: Sequence[int], *, now: datetime) -> Decided:
    try:
        judged = judge_mentions(session, rule.brand_id, read_spec(rule.spec), mention_ids, now=now)
    except OperationalError:
        raise  # the database, not the rule
    except Exception as problem:  # whatever it is, it is this rule's: the others go on
        return Decided(rule.id, rule.version, mention_ids, {}, problem=problem)
    versions = {one.id: one.version for one in (*judged.matched, *judged.otherwise)}
    return Decided(rule.id, rule.version, mention_ids, versions, frozenset(one.id for one in judged.matched))


def act_on(session: Session, decided: Sequence[Decided], *, now: datetime) -> None:
    """In the rules' order. A rule that was changed or switched off meanwhile does nothing."""
    if not decided:
        return
    ours: dict[int, int] = {}  # versions that mentions have by the rules of this turn
    for one in decided:
        rule = session.get(Rule, one.rule_id, with_for_update=True, populate_existing=True)
        if rule is None or rule.removed_at is not None or not rule.enabled or rule.version != one.rule_version:
            continue
        if one.problem is not None:
            stop_rule(session, rule, one.problem, now=now)
            continue
        spec = read_spec(rule.spec)
        run_rule(session, rule, spec, _as_found(session, rule, spec, one, ours, now=now), now=now)
        ours |= {mention.id: mention.version for mention in read_mentions(session, one.mention_ids)}


def _as_found(
    session: Session, rule: Rule, spec: Spec, decided: Decided, ours: Mapping[int, int], *, now: datetime
) -> Judged:
    """The mentions as they are, divided as was decided; divided anew where somebody else changed one since."""
    mentions = [one for one in read_mentions(session, decided.mention_ids) if one.id in decided.versions]
    if any(one.version not in (decided.versions[one.id], ours.get(one.id)) for one in mentions):
        return judge_mentions(session, rule.brand_id, spec, decided.mention_ids, now=now)
    left = [one for one in mentions if one.status != "spam"]
    return Judged(
        [one for one in left if one.id in decided.matched],
        [one for one in left if one.id not in decided.matched],
        get_brand(session, rule.brand_id).time_zone,
    )
