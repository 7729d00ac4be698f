"""Rules for tests, and the worker's turns over them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.automation.models import ChangeReader
from backend.automation.readers import plan_readers, read_on
from backend.automation.rules.models import Rule, RuleRun
from backend.automation.rules.rules import create_rule
from backend.inbox.mentions import get_mention
from backend.inbox.models import Mention
from backend.infra.jobs import lease_due
from backend.infra.runtime import Runtime


def make_rule(
    session: Session,
    brand_id: int,
    *,
    now: datetime,
    event: str = "arrives",
    hours: int | None = None,
    condition: dict[str, Any] | None = None,
    then: list[dict[str, Any]] | None = None,
    otherwise: list[dict[str, Any]] | None = None,
    name: str = "a rule",
    enabled: bool = True,
) -> Rule:
    when = {"event": event} | ({"hours": hours} if hours else {})
    spec = {"when": when, "if": condition or {}, "then": then or [], "else": otherwise or []}
    return create_rule(session, brand_id, {"name": name, "spec": spec, "enabled": enabled}, now=now)


def begin(runtime: Runtime) -> None:
    """Readers begin with what comes from now on."""
    with runtime.db.write() as session:
        plan_readers(session, now=runtime.clock())


def work(runtime: Runtime) -> None:
    """One turn of every reader of changes."""
    with runtime.db.write() as session:
        for reader in session.scalars(select(ChangeReader)):
            reader.due_at, reader.lease_until = runtime.clock(), None
    with runtime.db.write() as session:
        leases = lease_due(session, ChangeReader, now=runtime.clock(), lease_s=60, limit=10, worker="tests")
    for lease in leases:
        read_on(runtime, lease.ref, lease.fence)


def mention_now(runtime: Runtime, mention_id: int) -> Mention:
    with runtime.db.read() as session:
        return get_mention(session, mention_id)


def runs(runtime: Runtime) -> list[RuleRun]:
    with runtime.db.read() as session:
        return list(session.scalars(select(RuleRun).order_by(RuleRun.id)))
