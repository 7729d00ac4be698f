"""Small tables that belong to the house as a whole: who leads the sweep, chores that come round, values to remember."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import String, Text, or_, select, update
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


def lead(session: Session, name: str, holder: str, *, for_s: float, now: datetime) -> bool:
    """Become or stay the leader of `name` for some seconds. False while somebody else is."""
    insert_or_ignore(session, Elected, name=name, holder=holder, until=now, seen_at=now)
    won = session.execute(
        update(Elected)
        .where(Elected.name == name, or_(Elected.holder == holder, Elected.until <= now))
        .values(holder=holder, until=now + timedelta(seconds=for_s), seen_at=now)
        .returning(Elected.name)
    ).first()
    return won is not None


def last_seen(session: Session, name: str) -> datetime | None:
    """When a leader of `name` last gave a sign of life."""
    return session.scalar(select(Elected.seen_at).where(Elected.name == name))


def remember(session: Session, name: str, value: str) -> None:
    session.merge(Remembered(name=name, value=value))


def recall(session: Session, name: str) -> str:
    """The value, "" when there is none."""
    return session.scalar(select(Remembered.value).where(Remembered.name == name)) or ""
