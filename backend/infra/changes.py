"""How processes and browsers hear of anything: an append-only table, written in the transaction that changes something.

`GET /changes?after=` is the truth; server-sent events only say that there is more. Readers (event streams, the
link cache, the automaton of keywords) keep the last place they saw.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import String, func, insert, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend.infra.db import Base


class Change(Base):
    __tablename__ = "changes"
    __table_args__ = ({"sqlite_autoincrement": True},)  # an id is never used twice, even after pruning

    id: Mapped[int] = mapped_column(primary_key=True)
    brand_id: Mapped[int | None] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(40))
    ref: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    cause: Mapped[str] = mapped_column(String(8), default="")  # "rule": a rule did it, and wakes no rule
    # PostgreSQL: the transaction that wrote the row, so that a reader can stay below the oldest running one.
    xid: Mapped[int | None] = mapped_column(index=True)


_OLDEST_RUNNING = text("txid_snapshot_xmin(txid_current_snapshot())")


def record_change(
    session: Session, *, kind: str, ref: int | str, brand_id: int | None, now: datetime, cause: str = ""
) -> None:
    """Say in this transaction that something changed: `mention.created`, `mention.changed`, `delivery.changed`,
    `source.changed`, `link.changed`, `clicks`, and the like; `ref` is the id of the thing."""
    change = Change(brand_id=brand_id, kind=kind, ref=str(ref), at=now, cause=cause)
    if session.get_bind().dialect.name == "postgresql":
        change.xid = session.execute(text("SELECT txid_current()")).scalar_one()
    session.add(change)


def record_changes(session: Session, *, kind: str, refs: Sequence[tuple[int | str, int | None]], now: datetime) -> None:
    """Many changes of one kind at once, as (ref, brand_id); for what is written so often that it must cost little."""
    xid = None
    if session.get_bind().dialect.name == "postgresql":
        xid = session.execute(text("SELECT txid_current()")).scalar_one()
    rows = [{"brand_id": brand_id, "kind": kind, "ref": str(ref), "at": now, "xid": xid} for ref, brand_id in refs]
    session.connection().execute(insert(Change.__table__), rows)  # type: ignore[arg-type]  # a FromClause to mypy


def read_changes(
    session: Session, *, after: int, brand_ids: Collection[int] | None = None, limit: int = 500
) -> tuple[list[Change], int]:
    """Changes above the place `after`, oldest first, and the place to ask from next time. `brand_ids` None means all.

    A place is an id on SQLite, where one transaction writes at a time. On PostgreSQL it is a transaction's number:
    ids are handed out in another order than transactions begin and commit in, but what is below the oldest one that
    still runs is decided for good. A transaction's rows come together, so there may be more than `limit`.
    """
    if session.get_bind().dialect.name != "postgresql":
        rows = list(session.scalars(select(Change).where(Change.id > after).order_by(Change.id).limit(limit)))
        last = rows[-1].id if rows else after
    else:
        decided = select(Change).where(Change.xid > after, Change.xid < _OLDEST_RUNNING)
        rows = list(session.scalars(decided.order_by(Change.xid, Change.id).limit(limit)))
        last = rows[-1].xid or after if rows else after
        if len(rows) == limit:
            rest = select(Change).where(Change.xid == last, Change.id > rows[-1].id).order_by(Change.id)
            rows += session.scalars(rest)
    if brand_ids is not None:
        rows = [row for row in rows if row.brand_id is None or row.brand_id in brand_ids]
    return rows, last


def last_change(session: Session) -> int:
    """The newest place that a reader may start from."""
    if session.get_bind().dialect.name != "postgresql":
        return newest_id(session)
    return session.scalar(select(func.max(Change.xid)).where(Change.xid < _OLDEST_RUNNING)) or 0


def newest_id(session: Session) -> int:
    """Of any change that is visible now; on PostgreSQL a smaller one may still come."""
    return session.scalar(select(func.max(Change.id))) or 0
