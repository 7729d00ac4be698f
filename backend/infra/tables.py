"""Small tables that belong to the house as a whole: who leads the sweep, chores that come round, values to remember."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, Text, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend.infra.db import Base
from backend.infra.jobs import Work


class Elected(Base):
    """Who leads something (the sweep), until when. `seen_at` is the heartbeat that `/readyz` shows."""

    __tablename__ = "elected"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    holder: Mapped[str] = mapped_column(String(80))
    until: Mapped[datetime]
    seen_at: Mapped[datetime]


class Chore(Work, Base):
    """Work that comes round: nightly backup, roll-ups, clearing away. One row a name."""

    __tablename__ = "chores"

    name: Mapped[str] = mapped_column(String(40), unique=True)
    last_error: Mapped[str] = mapped_column(Text, default="")
    last_done_at: Mapped[datetime | None]


class Remembered(Base):
    """A value that outlives processes and belongs to no domain's table: the id of this installation and the like."""

    __tablename__ = "remembered"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


def insert_or_ignore(session: Session, model: type[Base], **values: object) -> None:
    """INSERT that does nothing where the row is there already, on both databases."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(postgresql.insert(model).values(**values).on_conflict_do_nothing())
    else:
        session.execute(sqlite.insert(model).values(**values).on_conflict_do_nothing())


def insert_new(
    session: Session,
    model: type[Base],
    rows: Sequence[Mapping[str, Any]],
    *,
    unique: Sequence[str],
    returning: Sequence[str],
) -> list[Any]:
    """INSERT many rows but those whose `unique` columns are there already; gives the columns `returning` of the others.

    All rows have the same columns. One statement for all, past the mapper: what is in the session does not learn of it.
    """
    if not rows:
        return []
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    columns = model.__table__.c
    statement = dialect.insert(model.__table__).on_conflict_do_nothing(index_elements=list(unique))
    return list(session.connection().execute(statement.returning(*(columns[name] for name in returning)), list(rows)))


def insert_all(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """INSERT many rows, past the mapper. All have the same columns."""
    if rows:
        session.connection().execute(insert(model.__table__), list(rows))  # type: ignore[arg-type]  # a FromClause to mypy


# Hosts of one installation may differ by less than this; a heartbeat further ahead was written by a wrong clock.
CLOCKS_DIFFER = timedelta(seconds=60)


def lead(session: Session, name: str, holder: str, *, for_s: float, now: datetime) -> bool:
    """Become or stay the leader of `name` for some seconds. False while somebody else is.

    A leader from the future counts as gone: the clock went back since.
    """
    insert_or_ignore(session, Elected, name=name, holder=holder, until=now, seen_at=now)
    won = session.execute(
        update(Elected)
        .where(Elected.name == name, or_(Elected.holder == holder, Elected.until <= now, _from_the_future(now)))
        .values(holder=holder, until=now + timedelta(seconds=for_s), seen_at=now)
        .returning(Elected.name)
    ).first()
    return won is not None


def clock_was_ahead(session: Session, name: str, *, now: datetime) -> timedelta:
    """By how much, judged by the last sign of life of `name`'s leader; 0 when it was not. To be asked before `lead`,
    in its transaction: of several who notice at once one acts."""
    query = select(Elected.seen_at).where(Elected.name == name, _from_the_future(now)).with_for_update()
    seen_at = session.scalar(query)
    return seen_at - now if seen_at is not None else timedelta()


def _from_the_future(now: datetime) -> ColumnElement[bool]:
    return Elected.seen_at > now + CLOCKS_DIFFER


def last_seen(session: Session, name: str) -> datetime | None:
    """When a leader of `name` last gave a sign of life."""
    return session.scalar(select(Elected.seen_at).where(Elected.name == name))


#: the public address of this server, where its proof (links/public_address.py) stands; else ""
PROVED_URL = "public address that was proved"


def remember(session: Session, name: str, value: str) -> None:
    session.merge(Remembered(name=name, value=value))


def recall(session: Session, name: str) -> str:
    """The value, "" when there is none."""
    return session.scalar(select(Remembered.value).where(Remembered.name == name)) or ""
