"""What rules did, and how it is taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backend.automation.rules.models import RuleRun
from backend.inbox.mentions import Actor, undo_act
from backend.infra.changes import record_change
from backend.infra.errors import Conflict, NotFound
from backend.infra.runtime import Runtime

KEPT = timedelta(days=90)
MOST = 500


@dataclass(frozen=True)
class TakenBack:
    """Mentions that are as before, those that somebody changed since and that stay; `more`: ask again."""

    undone: int
    kept: int
    more: bool


def list_runs(session: Session, rule_id: int, *, before: int | None = None, limit: int = 50) -> list[RuleRun]:
    """Newest first, below the id `before`."""
    query = select(RuleRun).where(RuleRun.rule_id == rule_id)
    if before is not None:
        query = query.where(RuleRun.id < before)
    return list(session.scalars(query.order_by(RuleRun.id.desc()).limit(limit)))


def get_run(session: Session, rule_id: int, run_id: int) -> RuleRun:
    """Raises NotFound."""
    run = session.get(RuleRun, run_id)
    if run is None or run.rule_id != rule_id:
        raise NotFound("There is no such run.")
    return run


def undo_run(session: Session, run: RuleRun, *, by: Actor, now: datetime) -> TakenBack:
    """Raises Conflict where it was undone, or there is nothing to undo."""
    if run.undone_at is not None or run.changed == 0:
        raise Conflict("There is nothing to undo (any more).")
    return _undo(session, [run], by=by, now=now)


def undo_rule(session: Session, rule_id: int, *, by: Actor, now: datetime) -> TakenBack:
    """All that a rule ever did, newest first, some 500 mentions at a time. Raises Conflict where there is nothing."""
    query = select(RuleRun).where(RuleRun.rule_id == rule_id, RuleRun.undone_at.is_(None), RuleRun.changed > 0)
    runs = list(session.scalars(query.order_by(RuleRun.id.desc()).limit(MOST)))
    if not runs:
        raise Conflict("There is nothing to undo (any more).")
    return _undo(session, runs, by=by, now=now)


def _undo(session: Session, runs: Sequence[RuleRun], *, by: Actor, now: datetime) -> TakenBack:
    undone = kept = 0
    left, more = MOST, False
    for run in runs:
        if left <= 0:
            more = True
            break
        try:
            back = undo_act(session, [run.brand_id], run.act, by=by, now=now, limit=left)
        except NotFound:  # its mentions are gone
            back = None
        if back is not None:
            undone, kept = undone + len(back.mentions), kept + len(back.kept)
            left -= len(back.mentions) + len(back.kept)
            if back.more:
                more = True
                break
        run.undone_at, run.undone_by = now, by.name[:120]
    record_change(session, kind="rule.ran", ref=runs[0].rule_id, brand_id=runs[0].brand_id, now=now)
    return TakenBack(undone, kept, more)


def clear_runs(runtime: Runtime, now: datetime) -> None:
    """The log is for a season, as messages are."""
    while True:
        with runtime.db.write() as session:
            old = list(session.scalars(select(RuleRun.id).where(RuleRun.at < now - KEPT).limit(MOST)))
            session.execute(delete(RuleRun).where(RuleRun.id.in_(old)))
        if len(old) < MOST:
            break
