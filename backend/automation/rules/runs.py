"""What rules did: looked at, taken back one by one or all since a time, and put away after a season."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.automation.rules.models import RuleRun
from backend.inbox.mentions import RULE, Actor, undo_act
from backend.infra.changes import record_change
from backend.infra.db import lock_row
from backend.infra.errors import NotFound

AT_ONCE = 100  # mentions of one transaction: each is changed and logged


@dataclass(frozen=True)
class TakenBack:
    """`kept`: something of it was changed since by others, and stays as they left it. `more`: call again."""

    undone: int
    kept: int
    more: bool


def list_runs(
    session: Session, brand_ids: Collection[int], *, rule_id: int | None = None, before: int | None = None, limit: int
) -> list[RuleRun]:
    """Newest first, below the id `before`."""
    query = select(RuleRun).where(RuleRun.brand_id.in_(brand_ids))
    if rule_id is not None:
        query = query.where(RuleRun.rule_id == rule_id)
    if before is not None:
        query = query.where(RuleRun.id < before)
    return list(session.scalars(query.order_by(RuleRun.id.desc()).limit(limit)))


def get_run(session: Session, run_id: int) -> RuleRun:
    """Raises NotFound."""
    run = session.get(RuleRun, run_id)
    if run is None:
        raise NotFound("There is no such run.")
    return run


def undo_run(session: Session, run_id: int, *, by: Actor, now: datetime) -> RuleRun:
    """Once undone it stays undone. What it said cannot be unsaid. Raises NotFound."""
    run = lock_row(session, RuleRun, run_id)
    if run is None:
        raise NotFound("There is no such run.")
    if run.undone_at is not None or not run.act:
        return run
    with suppress(NotFound):  # the mention is gone, or it was taken back in the inbox
        run.kept = bool(undo_act(session, [run.brand_id], run.act, by=by, now=now).kept)
    run.undone_at, run.undone_by = now, by.name[:120]
    record_change(session, kind="rule.ran", ref=run.rule_id, brand_id=run.brand_id, now=now, cause=RULE)
    return run


def undo_since(session: Session, rule_id: int, since: datetime, *, by: Actor, now: datetime) -> TakenBack:
    """All that a rule did since, the last first, so that each finds what it left."""
    query = (
        select(RuleRun.id)
        .where(RuleRun.rule_id == rule_id, RuleRun.at >= since, RuleRun.undone_at.is_(None), RuleRun.act != "")
        .order_by(RuleRun.id.desc())
        .limit(AT_ONCE + 1)
    )
    ids = list(session.scalars(query))
    runs = [undo_run(session, one, by=by, now=now) for one in ids[:AT_ONCE]]
    return TakenBack(len(runs), sum(run.kept for run in runs), more=len(ids) > AT_ONCE)
