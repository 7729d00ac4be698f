"""The database: one declarative base, one way to read, one way to write.

`Database.write()` opens a transaction that may change things; on SQLite it is BEGIN IMMEDIATE, because a
transaction that starts as a read and then writes fails at once under load, whatever the busy timeout
(337 of 800 failed when measured; none with IMMEDIATE). `Database.read()` cannot write at all.
Neither may be held over network, hashing or other slow work.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from typing import Any, ClassVar, TypeVar

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Engine, Integer, MetaData, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

BUSY_TIMEOUT_MS = 5000
ROWS_ANALYSED = 1000  # of each index, by SQLite

# Alembic's batch mode can only drop constraints that have a name.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored in UTC. Naive values are refused; SQLite gives them back aware too."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a naive time cannot be stored: {value!r}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# SQLite only makes INTEGER (not BIGINT) primary keys an alias of the rowid.
BigId = BigInteger().with_variant(Integer(), "sqlite")


class Base(DeclarativeBase):
    """Base of all models. Columns follow their annotation: `datetime` → UtcDateTime, `dict`/`list` → JSON."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        int: BigId,
        dict[str, Any]: JSON,
        dict[str, str]: JSON,
        list[str]: JSON,
        list[int]: JSON,
        list[dict[str, Any]]: JSON,
    }


Row = TypeVar("Row", bound=Base)


def lock_row(session: Session, model: type[Row], row_id: int) -> Row | None:
    """The row as it is now, and nobody else's until this transaction ends: for whoever compares a version.

    What the session loaded before is read again: on PostgreSQL somebody may have written it meanwhile, and a lock alone
    leaves the old values. Rows that point at it may still be added (FOR NO KEY UPDATE).
    """
    return session.get(model, row_id, with_for_update={"key_share": True}, populate_existing=True)


class Database:
    """An engine for writing and one that can only read, with the settings that make each of them safe."""

    def __init__(self, url: str, *, pool_size: int = 5) -> None:
        self.url = url
        self.dialect = make_url(url).get_backend_name()
        self._writer = _make_engine(url, pool_size=pool_size, query_only=False)
        # SQLite has one writer, and lets those who wait for it sleep and try again: of many threads some would never
        # have their turn. Those of one process wait for each other here.
        self._turn: AbstractContextManager[Any] = threading.RLock() if self.dialect == "sqlite" else nullcontext()
        self._reader = _make_engine(url, pool_size=pool_size, query_only=True) if self.dialect == "sqlite" else None

    @property
    def engine(self) -> Engine:
        """The writing engine: for migrations, backups and `create_all`."""
        return self._writer

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session that commits at the end and rolls back on any error. Keep it short: 500 rows or 50 ms."""
        with self._turn, Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session over one consistent snapshot, in which a write is an error."""
        if self._reader is not None:
            with Session(self._reader, expire_on_commit=False) as session, session.begin():
                yield session
        else:
            engine = self._writer.execution_options(postgresql_readonly=True, isolation_level="REPEATABLE READ")
            with Session(engine, expire_on_commit=False) as session, session.begin():
                yield session

    def refresh_statistics(self) -> None:
        """What the database knows of its own tables, by which it chooses how to read; takes some seconds at most."""
        with self._writer.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if self.dialect == "sqlite":
                connection.execute(text(f"PRAGMA analysis_limit={ROWS_ANALYSED}"))
                connection.execute(text("ANALYZE"))
            else:
                connection.execute(text("VACUUM (ANALYZE)"))

    def close(self) -> None:
        self._writer.dispose()
        if self._reader is not None:
            self._reader.dispose()


def _make_engine(url: str, *, pool_size: int, query_only: bool) -> Engine:
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_size=pool_size, max_overflow=10, pool_pre_ping=True)
    engine = create_engine(url, pool_size=pool_size, max_overflow=10, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000})

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: Any) -> None:
        # The driver must not emit BEGIN by itself: the begin event below decides which one.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        if not query_only:
            cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        if query_only:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN" if query_only else "BEGIN IMMEDIATE")

    return engine
