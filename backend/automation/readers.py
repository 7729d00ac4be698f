"""Who in this package reacts to changes: each reader reads `changes` in order, once, by one worker at a time.

A reader is a function of the runtime, some changes and the time. It reads and decides with no transaction open for
writing, and gives a function that writes; that runs in the transaction which also notes how far was read. So a crash
loses nothing and does nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from backend.automation.hear import hear_mentions
from backend.automation.models import ChangeReader
from backend.automation.rules.wake import wake_rules
from backend.infra.changes import Change, last_change, read_changes
from backend.infra.jobs import Kind, claim, extend_lease, release
from backend.infra.runtime import Runtime
from backend.infra.tables import insert_or_ignore

Reader = Callable[[Runtime, Sequence[Change], datetime], Callable[[Session], None]]
READERS: Mapping[str, Reader] = {"alerts": hear_mentions, "rules": wake_rules}

EVERY = timedelta(seconds=5)
CHUNK = 100  # changes: each may become a row for every alert, and a transaction shall stay short
CHUNKS: Mapping[str, int] = {"rules": 5}  # each may be changed and logged by eight rules, 2 ms each
MOST_CHUNKS = 100  # of one turn


def plan_readers(session: Session, *, now: datetime) -> None:
    """A row for each reader that has none yet. A new one begins with what comes from now on."""
    known = set(session.scalars(select(ChangeReader.name)))
    for name in READERS.keys() - known:
        insert_or_ignore(
            session,
            ChangeReader,
            name=name,
            place=last_change(session),
            due_at=now,
            fence=0,
            attempts=0,
            worker="",
        )


def read_on(runtime: Runtime, ref: int, fence: int) -> None:
    """One turn of one reader: until there is nothing more, or enough."""
    with runtime.db.read() as session:
        row = session.get(ChangeReader, ref)
        reader = READERS.get(row.name) if row is not None else None
        chunk = CHUNKS.get(row.name, CHUNK) if row is not None else CHUNK
        place = row.place if row is not None else 0
        newest = last_change(session)
    if reader is None:
        return  # of another release: its lease ends by itself
    if newest < place:
        place = newest  # another database than the one that was read: a copy that was restored
    for _ in range(MOST_CHUNKS):
        with runtime.db.read() as session:
            changes, after = read_changes(session, after=place, limit=chunk)
            session.expunge_all()
        now = runtime.clock()
        write = reader(runtime, changes, now) if changes else None
        with runtime.db.write() as session:
            mine = claim(session, ChangeReader, ref, fence, now=now)
            if mine is None:
                return
            if write is not None:
                write(session)
            mine.place = place = after
            if len(changes) < chunk:
                release(mine, due_at=now + EVERY)
                return
            until = now + timedelta(seconds=runtime.settings.lease_s)
            extend_lease(session, ChangeReader, ref, fence, until=until)
    with runtime.db.write() as session:
        mine = claim(session, ChangeReader, ref, fence, now=runtime.clock())
        if mine is not None:
            release(mine, due_at=runtime.clock())


KIND = Kind(name="react", model=ChangeReader, turn=read_on, planned_by_us=true())
