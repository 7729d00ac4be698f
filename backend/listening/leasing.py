"""Which feeds are asked next: those that cannot wait, then who waited longest, as far as services have patience.

A token of the service's budget is taken with the lease, in one transaction: no lease is spent on a feed that may not be
asked. A feed whose service has no token left is due when there will be one. Of a service that answers slowly no more is
leased than its lane (`asking.py`) can ask within a lease: tokens come on while answers do not. Hosts that an
administrator named are not rationed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, bindparam, or_, select, update
from sqlalchemy.orm import Session

from backend.config import Settings
from backend.infra.jobs import Lease
from backend.infra.runtime import Runtime
from backend.listening.budgets import Buckets, is_local, service_of
from backend.listening.kinds import asked_host
from backend.listening.models import Feed

#: leased and not yet done, by all workers together: what waits longer than a lease for its turn is leased in vain
MOST_HELD = 300
#: of them of one service: four threads ask it, and may wait twenty seconds for each answer
MOST_HELD_OF_ONE = 12
_FULL_LANE_S = 5  # until it is looked whether there is room in its lane
_LOOKED_AT = 500  # rows a transaction


def lease_feeds(session: Session, runtime: Runtime, *, now: datetime, limit: int, worker: str) -> list[Lease]:
    """Lease up to `limit` feeds that are due, that nobody holds, and whose services may be asked now."""
    held = session.execute(select(Feed.kind, Feed.params).where(Feed.lease_until > now)).all()
    room = min(limit, MOST_HELD - len(held))
    if room <= 0:
        return []
    due = _due(session, now, _LOOKED_AT)
    in_lanes = Counter(_rationed_service(kind, params, runtime.settings) for kind, params in held)
    chosen, refused = _with_tokens(session, runtime.settings, due, room, in_lanes, now=now)
    if refused:
        later = update(_TABLE).where(_TABLE.c.id == bindparam("ref"))
        later = later.values(due_at=bindparam("at"), in_line=bindparam("line"))
        session.connection().execute(later, [{"ref": ref, "at": at, "line": line} for ref, at, line in refused])
    if not chosen:
        return []
    # Two who sweep at once chose the same feeds: who comes second leases none of them, and has taken tokens in vain.
    mine = select(Feed.id).where(Feed.id.in_(chosen), _free(now)).order_by(Feed.id)
    mine = mine.with_for_update(skip_locked=True)
    rows = session.execute(
        update(Feed)
        .where(Feed.id.in_(list(session.scalars(mine))))
        .values(lease_until=now + timedelta(seconds=runtime.settings.lease_s), fence=Feed.fence + 1, worker=worker)
        .returning(Feed.id, Feed.fence)
        .execution_options(synchronize_session=False)
    )
    order = {ref: place for place, ref in enumerate(chosen)}
    return sorted((Lease(ref, fence) for ref, fence in rows), key=lambda lease: order[lease.ref])


def _free(now: datetime) -> ColumnElement[bool]:
    return or_(Feed.lease_until.is_(None), Feed.lease_until <= now)


_TABLE = Feed.metadata.tables[Feed.__tablename__]


@dataclass(frozen=True)
class _Due:
    ref: int
    kind: str
    params: dict[str, str]
    in_line: bool
    first: bool  # a person waits for it: those in line come after it


def _due(session: Session, now: datetime, limit: int) -> list[_Due]:
    """Due and held by nobody: urgent ones first."""
    free = (Feed.due_at <= now, _free(now))
    found: list[_Due] = []
    for urgent in (True, False):
        rows = (
            select(Feed.id, Feed.kind, Feed.params, Feed.in_line)
            .where(Feed.urgent.is_(urgent), *free)
            .order_by(Feed.due_at)
        )
        rows = rows.limit(limit - len(found))
        found += [_Due(ref, kind, params, in_line, urgent) for ref, kind, params, in_line in session.execute(rows)]
    return found


def _with_tokens(
    session: Session, settings: Settings, due: Sequence[_Due], room: int, in_lanes: Counter[str], *, now: datetime
) -> tuple[list[int], list[tuple[int, datetime, bool]]]:
    """The feeds to lease, in order; those to put off, until when, and whether they stand in line then. `in_lanes`: how
    many of each service are leased already."""
    services = {one.ref: _rationed_service(one.kind, one.params, settings) for one in due}
    buckets = Buckets(session, {service for service in services.values() if service}, now=now)
    chosen: list[int] = []
    refused: list[tuple[int, datetime, bool]] = []
    for one in due:
        if len(chosen) == room:
            break
        ref, service = one.ref, services[one.ref]
        if service and in_lanes[service] >= MOST_HELD_OF_ONE:
            refused.append((ref, now + timedelta(seconds=_FULL_LANE_S), one.in_line))
            continue
        wait_s = buckets.take(service, in_line=one.first or one.in_line) if service else 0.0
        if wait_s > 0 and one.first and not one.in_line:
            wait_s = buckets.take(service, in_line=False)  # its place in line
        if wait_s > 0:
            refused.append((ref, now + timedelta(seconds=wait_s), True))
        else:
            chosen.append(ref)
            in_lanes[service] += 1
    buckets.save()
    return chosen, refused


def _rationed_service(kind: str, params: dict[str, str], settings: Settings) -> str:
    """The empty string for a host that an administrator named."""
    host = asked_host(kind, params, settings)
    return "" if is_local(host, settings.allow_private_hosts) else service_of(kind, host, settings.keys)
