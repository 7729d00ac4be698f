"""Work that must not be lost: leased rows in the domains' own tables.

A row that carries work has a due time, a lease and a fence. One sweep leases what is due and hands out one message
per lease; whoever gets the message acts only while its fence is current. So a lost message costs one lease and never
work, and two messages (or a worker that slept through its lease) never act twice: every later write names the fence.
This module knows no domain and no queue.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from sqlalchemy import ColumnElement, String, false, or_, select, update
from sqlalchemy.orm import Mapped, Session, declared_attr, mapped_column

from backend.infra.runtime import Runtime


class Work:
    """Mixin for a model that carries work. `due_at` NULL: nothing to do. The domain keeps its own state beside it."""

    @declared_attr
    def due_at(cls) -> Mapped[datetime | None]:
        return mapped_column(index=True)

    lease_until: Mapped[datetime | None]
    fence: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str] = mapped_column(String(80), default="")

    id: Mapped[int] = mapped_column(primary_key=True)


Row = TypeVar("Row", bound=Work)


@dataclass(frozen=True)
class Lease:
    """The right to act on one row until the lease ends."""

    ref: int
    fence: int


class Chooser(Protocol):
    def __call__(
        self, session: Session, runtime: Runtime, *, now: datetime, limit: int, worker: str
    ) -> list[Lease]: ...


@dataclass(frozen=True)
class Kind:
    """One kind of work: where its rows are and what to do with one. `turn` opens its own transactions."""

    name: str
    model: type[Work]
    turn: Callable[[Runtime, int, int], None]  # (runtime, ref, fence)
    #: the same with several leases, where that costs less than one after the other; at most `together` of them
    turns: Callable[[Runtime, Sequence[Lease]], None] | None = None
    together: int = 1
    #: chooses and leases rows, where more than the due time says which (`lease_due`): for LEASE_S of the settings
    lease: Chooser | None = None
    batch: int = 100
    lease_s: float | None = None  # None: the setting
    prompt: bool = False  # leased at its very moment, not at the next round of the sweep
    #: what else holds moments that a wrong clock wrote: (session, how much it was ahead, now)
    set_back_too: Callable[[Session, timedelta, datetime], None] | None = None
    planned_by_us: ColumnElement[bool] = field(default_factory=false)  # rows whose due time is no person's choice


def lease_due(
    session: Session, model: type[Work], *, now: datetime, lease_s: float, limit: int, worker: str
) -> list[Lease]:
    """Lease up to `limit` rows that are due and that nobody holds, oldest due first."""
    due = (
        select(model.id)
        .where(model.due_at <= now, or_(model.lease_until.is_(None), model.lease_until <= now))
        .order_by(model.due_at)
        .limit(limit)
    )
    if session.get_bind().dialect.name == "postgresql":
        due = due.with_for_update(skip_locked=True)
    ids = list(session.scalars(due))
    if not ids:
        return []
    rows = session.execute(
        update(model)
        .where(model.id.in_(ids), or_(model.lease_until.is_(None), model.lease_until <= now))
        .values(lease_until=now + timedelta(seconds=lease_s), fence=model.fence + 1, worker=worker)
        .returning(model.id, model.fence)
        .execution_options(synchronize_session=False)
    )
    return [Lease(ref, fence) for ref, fence in rows]


def claim(session: Session, model: type[Row], ref: int, fence: int, *, now: datetime) -> Row | None:
    """The row, if `fence` is still current and the lease has not ended; else None, and the caller must do nothing."""
    row = session.get(model, ref, populate_existing=True, with_for_update=True)
    if row is None or row.fence != fence or row.lease_until is None or row.lease_until <= now:
        return None
    return row


def still_ours(session: Session, model: type[Row], leases: Sequence[Lease], *, now: datetime) -> list[Row]:
    """As `claim`, of several: the rows whose fence is still current and whose lease has not ended. With all the others
    the caller must do nothing."""
    fences = {lease.ref: lease.fence for lease in leases}
    # In one order, so that two who want the same rows never wait for each other in a circle.
    rows = select(model).where(model.id.in_(fences), model.lease_until > now).order_by(model.id).with_for_update()
    found = session.scalars(rows.execution_options(populate_existing=True))
    return [row for row in found if row.fence == fences[row.id]]


def keep(session: Session, model: type[Work], lease: Lease, *, until: datetime, now: datetime) -> bool:
    """Whether the row is still ours, and if so, for longer."""
    kept = session.execute(
        update(model)
        .where(model.id == lease.ref, model.fence == lease.fence, model.lease_until > now)
        .values(lease_until=until)
        .returning(model.id)
        .execution_options(synchronize_session=False)
    )
    return kept.first() is not None


def extend_lease(session: Session, model: type[Work], ref: int, fence: int, *, until: datetime) -> bool:
    """Keep the row longer. False when it is no longer ours."""
    kept = session.execute(
        update(model)
        .where(model.id == ref, model.fence == fence)
        .values(lease_until=until)
        .returning(model.id)
        .execution_options(synchronize_session=False)
    )
    return kept.first() is not None


def set_back(session: Session, kind: Kind, *, by: timedelta, now: datetime) -> None:
    """The clock was that much ahead until now: leases end that much earlier, and what we planned ourselves is due so.

    Else a computer whose clock was a month ahead for an hour would do nothing for a month.
    """
    model = kind.model
    for row in session.scalars(select(model).where(model.lease_until > now)):
        row.lease_until = (row.lease_until or now) - by
    for row in session.scalars(select(model).where(model.due_at > now, kind.planned_by_us)):
        row.due_at = (row.due_at or now) - by
    if kind.set_back_too is not None:
        kind.set_back_too(session, by, now)
    session.flush()


def give_back(session: Session, model: type[Work], lease: Lease, *, due_at: datetime | None) -> None:
    """As `release`, of a row that nobody has read; nothing where it is no longer ours."""
    session.execute(
        update(model)
        .where(model.id == lease.ref, model.fence == lease.fence)
        .values(lease_until=None, due_at=due_at)
        .execution_options(synchronize_session=False)
    )


def release(row: Work, *, due_at: datetime | None) -> None:
    """Give the row back: due again at `due_at`, or never."""
    row.lease_until = None
    row.due_at = due_at
