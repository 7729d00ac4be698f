"""Clicks, from the moment of the redirect to their row: remembered at once, written in batches.

One INSERT and COMMIT per click is what makes shorteners slow; a batch every half second costs a tenth. What is in
memory is written at a stop; a killed process loses at most that half second. If the writing thread is not there (not
started, or died), each click is written where it happens.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
import threading
from collections import Counter, deque
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from backend.infra.changes import record_changes
from backend.infra.db import Database
from backend.infra.tables import insert_or_ignore
from backend.links.models import Link, Referrer, VisitorSalt
from backend.links.visitors import PERSON, PREFETCH, kind_of_agent, referrer_host

log = logging.getLogger("entregent.clicks")

BATCH = 500
ROWS_PER_STATEMENT = 100
MOST_WAITING = 200_000
# A page of invented referrers must not fill the dictionary of hosts.
NEW_HOSTS_A_DAY = 100
OTHER_HOST = "(other)"
# More links than this in one batch are told of as one change of their brand.
TOLD_ONE_BY_ONE = 20
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MS = timedelta(milliseconds=1)
DAY_MS = 86_400_000
LOCK = 0x636C69636B73  # PostgreSQL: held shared by who stores clicks, alone by who rolls them up


class Seen(NamedTuple):
    """A click as the redirect saw it. Address and agent never leave memory."""

    link_id: int
    brand_id: int
    at: datetime
    address: str
    agent: str
    referrer: str
    machine: bool  # HEAD or prefetch, whatever the agent says


class ClickWriter:
    """The buffer of one process. `add` from any thread; `flush` by one thread at a time."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._waiting: deque[Seen] = deque()
        self._flushing = threading.Lock()
        self._salts: dict[int, bytes] = {}
        self._hosts: dict[str, int] = {}
        self._new_hosts: Counter[tuple[int, int]] = Counter()  # (link, day) → hosts it brought
        #: set when a batch is full, so that the writing thread need not wait
        self.full = threading.Event()
        #: whether somebody calls `flush` regularly
        self.alive = False
        #: clicks that could not be kept
        self.dropped = 0

    def add(self, seen: Seen) -> None:
        waiting = self._waiting
        if len(waiting) >= MOST_WAITING:
            self.dropped += 1
            return
        waiting.append(seen)
        if not self.alive:
            with suppress(SQLAlchemyError):
                self.flush()
        elif len(waiting) >= BATCH and not self.full.is_set():
            self.full.set()

    def flush(self) -> int:
        """Write all that waits, a transaction for each batch. What could not be written waits on; raises then."""
        written = 0
        with self._flushing:
            while batch := self._take():
                try:
                    written += self._write(batch)
                except BaseException:
                    self._waiting.extendleft(reversed(batch))
                    # They may hold what the rolled-back transaction had made.
                    self._salts.clear()
                    self._hosts.clear()
                    raise
        return written

    def _take(self) -> list[Seen]:
        batch: list[Seen] = []
        with suppress(IndexError):
            while len(batch) < BATCH:
                batch.append(self._waiting.popleft())
        return batch

    def _write(self, batch: Sequence[Seen]) -> int:
        try:
            with self._db.write() as session:
                self._store(session, batch)
        except IntegrityError:
            # Links that were deleted for good while their clicks waited.
            with self._db.write() as session:
                there = set(session.scalars(select(Link.id).where(Link.id.in_({seen.link_id for seen in batch}))))
                kept = [seen for seen in batch if seen.link_id in there]
                self._salts.clear()
                self._hosts.clear()
                self._store(session, kept)
            self.dropped += len(batch) - len(kept)
            return len(kept)
        return len(batch)

    def _store(self, session: Session, batch: Sequence[Seen]) -> None:
        if not batch:
            return
        now = batch[-1].at
        connection = session.connection()
        postgresql = connection.dialect.name == "postgresql"
        if postgresql:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock_shared({LOCK})")
        hashes: dict[tuple[int, str, str], bytes] = {}
        values: list[int | bytes | None] = []
        for link_id, _brand_id, at, address, agent, referrer, machine in batch:
            at_ms = (at - EPOCH) // MS
            day = at_ms // DAY_MS
            who = (day, address, agent)
            visitor = hashes.get(who)
            if visitor is None:
                salt = self._salts.get(day) or self._salt(session, day, now)
                visitor = hashes[who] = hash_visitor(salt, address, agent)
            kind = kind_of_agent(agent)
            if machine and kind == PERSON:
                kind = PREFETCH
            host = referrer_host(referrer) if referrer else ""
            host_id = (self._hosts.get(host) or self._host(session, host, link_id, day)) if host else None
            values += (link_id, at_ms, kind, visitor, host_id)
        # One statement for many rows: executemany gives the interpreter away at each row, and with busy threads
        # beside it that costs five times the insert.
        width = 5 * ROWS_PER_STATEMENT
        for start in range(0, len(values), width):
            some = tuple(values[start : start + width])
            connection.exec_driver_sql(insert_sql(len(some) // 5, postgresql), some)
        self._tell(session, batch, now)

    def _tell(self, session: Session, batch: Sequence[Seen], now: datetime) -> None:
        """At most one change per link and batch."""
        links = {seen.link_id: seen.brand_id for seen in batch}
        if len(links) <= TOLD_ONE_BY_ONE:
            record_changes(session, kind="clicks", refs=list(links.items()), now=now)
        else:
            record_changes(session, kind="clicks", refs=[("", brand_id) for brand_id in set(links.values())], now=now)

    def _salt(self, session: Session, day: int, now: datetime) -> bytes:
        """The day's salt, made by whichever process comes first; those of days that are over are destroyed."""
        over = (now - timedelta(minutes=1) - EPOCH) // timedelta(days=1)
        session.execute(delete(VisitorSalt).where(VisitorSalt.day < over))
        insert_or_ignore(session, VisitorSalt, day=day, salt=secrets.token_bytes(32))
        salt = session.scalars(select(VisitorSalt.salt).where(VisitorSalt.day == day)).one()
        self._salts = {known: kept for known, kept in self._salts.items() if known >= over} | {day: salt}
        return salt

    def _host(self, session: Session, host: str, link_id: int, day: int) -> int:
        """The id of a referring host. A link brings so many new ones a day, the rest are one."""
        found = session.scalar(select(Referrer.id).where(Referrer.host == host))
        if found is None and host != OTHER_HOST:
            if len(self._new_hosts) > 10_000:
                self._new_hosts.clear()
            self._new_hosts[link_id, day] += 1
            if self._new_hosts[link_id, day] > NEW_HOSTS_A_DAY:
                return self._hosts.get(OTHER_HOST) or self._host(session, OTHER_HOST, link_id, day)
        if found is None:
            insert_or_ignore(session, Referrer, host=host)
            found = session.scalars(select(Referrer.id).where(Referrer.host == host)).one()
        if len(self._hosts) > 10_000:
            self._hosts.clear()
        self._hosts[host] = found
        return found


@lru_cache(maxsize=2 * ROWS_PER_STATEMENT)
def insert_sql(rows: int, postgresql: bool) -> str:
    row = "(%s, %s, %s, %s, %s)" if postgresql else "(?, ?, ?, ?, ?)"
    return "INSERT INTO clicks (link_id, at_ms, kind, visitor, referrer_id) VALUES " + ", ".join([row] * rows)  # noqa: S608


def hash_visitor(salt: bytes, address: str, agent: str) -> bytes:
    """8 bytes that are the same for the same visitor on the same day, and lead nowhere without the day's salt."""
    text = f"{address}|{agent}".encode("utf-8", "replace")
    return hashlib.blake2b(text, digest_size=8, key=salt).digest()


def store_clicks(session: Session, seen: Sequence[Seen], db: Database) -> None:
    """Store clicks in the caller's transaction: for invented ones and for tests."""
    writer = ClickWriter(db)
    for start in range(0, len(seen), BATCH):
        writer._store(session, seen[start : start + BATCH])
