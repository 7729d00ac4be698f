"""Work that comes round: rows in `chores`, leased like any other work, so that two workers never do one twice."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, true
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from backend.accounts.brands import brand_ids
from backend.automation.clear import clear_messages
from backend.automation.spikes.watch import look_for_spikes
from backend.inbox.learning import clear_bands, learn, learn_everything
from backend.inbox.snoozing import end_snoozes
from backend.infra.backup import nightly_backup
from backend.infra.changes import Change
from backend.infra.jobs import Kind, Lease, claim, keep, release
from backend.infra.runtime import Runtime
from backend.infra.tables import Chore, insert_or_ignore
from backend.links.public_address import prove_when_due
from backend.links.rollups import clear_clicks, roll_up_clicks
from backend.listening.backfill import backfill_the_rest
from backend.listening.heard import clear_heard
from backend.listening.items import clear_items
from backend.listening.new_places import ask_new_places

log = logging.getLogger("entregent.chores")

CHANGES_KEPT = timedelta(days=7)
RETRY_AFTER = timedelta(minutes=10)
AT_ONCE = 500  # rows of one transaction
LEASE_S = 600
KEEP_EVERY_S = LEASE_S / 4
LONGEST = timedelta(hours=6)  # what takes longer is taken to be stuck: another worker may try


@dataclass(frozen=True)
class Recurring:
    """What to do and when it comes round again after `now`."""

    do: Callable[[Runtime, datetime], object]
    next_after: Callable[[datetime], datetime]


def every(period: timedelta) -> Callable[[datetime], datetime]:
    return lambda now: now + period


def nightly(hour: int, minute: int) -> Callable[[datetime], datetime]:
    """The next time it is that hour in UTC."""

    def next_after(now: datetime) -> datetime:
        today = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
        return today if today > now else today + timedelta(days=1)

    return next_after


def clear_changes(runtime: Runtime, now: datetime) -> None:
    """Old changes go; a browser that slept for longer reads everything anew."""
    while True:
        with runtime.db.write() as session:
            # The oldest have the lowest ids: the first of them are found at once.
            old = select(Change.id).where(Change.at < now - CHANGES_KEPT).order_by(Change.id).limit(AT_ONCE)
            ids = list(session.scalars(old))
            session.execute(delete(Change).where(Change.id.in_(ids)))
        if len(ids) < AT_ONCE:
            return


def tell_ended_snoozes(runtime: Runtime, now: datetime) -> None:
    """What is due again is there again, in lists and on badges, though nobody did anything."""
    more = True
    while more:
        with runtime.db.write() as session:
            more = end_snoozes(session, brand_ids(session), now=now)


def refresh_statistics(runtime: Runtime, _now: datetime) -> None:
    runtime.db.refresh_statistics()


CHORES: dict[str, Recurring] = {
    "backup": Recurring(lambda runtime, now: nightly_backup(runtime.settings, now=now), nightly(2, 30)),
    "clear changes": Recurring(clear_changes, nightly(3, 10)),
    "roll up clicks": Recurring(roll_up_clicks, every(timedelta(seconds=30))),
    "clear clicks": Recurring(clear_clicks, nightly(3, 20)),
    "clear items": Recurring(clear_items, nightly(3, 30)),
    "look for spikes": Recurring(look_for_spikes, every(timedelta(minutes=5))),
    "ask new places": Recurring(ask_new_places, every(timedelta(minutes=2))),
    "look back for keywords": Recurring(backfill_the_rest, every(timedelta(seconds=10))),
    "clear messages": Recurring(clear_messages, nightly(3, 50)),
    "clear counts of polls": Recurring(clear_heard, nightly(3, 40)),
    "tell of snoozes that ended": Recurring(tell_ended_snoozes, every(timedelta(seconds=10))),
    "learn from what people said": Recurring(learn, every(timedelta(seconds=20))),
    "learn how brands are spoken of": Recurring(learn_everything, nightly(3, 40)),
    "clear what texts are compared by": Recurring(clear_bands, nightly(3, 50)),
    "refresh statistics": Recurring(refresh_statistics, nightly(4, 0)),
    "prove public address": Recurring(prove_when_due, every(timedelta(seconds=30))),
}


def plan_chores(session: Session, *, now: datetime) -> None:
    """A row for each chore that has none yet."""
    known = set(session.scalars(select(Chore.name)))
    for name, chore in CHORES.items():
        if name not in known:
            insert_or_ignore(
                session, Chore, name=name, due_at=chore.next_after(now), fence=0, attempts=0, worker="", last_error=""
            )


@contextmanager
def _keeping(runtime: Runtime, lease: Lease) -> Iterator[None]:
    """While this lasts nobody else takes the chore up, however long it takes: a thread says again and again that we are
    there. Else a learning longer than the lease would be done twice, and its end never noted."""
    done, begun = threading.Event(), runtime.clock()

    def keep_on() -> None:
        while not done.wait(KEEP_EVERY_S):
            now = runtime.clock()
            try:
                with runtime.db.write() as session:
                    ours = keep(session, Chore, lease, until=now + timedelta(seconds=LEASE_S), now=now)
            except SQLAlchemyError as problem:
                log.warning("the lease of a chore could not be kept: %s", problem)
                continue
            if not ours or now - begun > LONGEST:
                return

    thread = threading.Thread(target=keep_on, name="chore", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def do_chore(runtime: Runtime, ref: int, fence: int) -> None:
    """One chore, one turn. An error is kept on the row and tried again in ten minutes."""
    with runtime.db.read() as session:
        row = session.get(Chore, ref)
        name = row.name if row is not None else ""
    chore = CHORES.get(name)
    error = ""
    if chore is not None:
        try:
            with _keeping(runtime, Lease(ref, fence)):
                chore.do(runtime, runtime.clock())
        except Exception as problem:
            log.exception("chore %s failed", name)
            error = str(problem)
    now = runtime.clock()
    with runtime.db.write() as session:
        mine = claim(session, Chore, ref, fence, now=now)
        if mine is None:
            return
        mine.last_error = error
        if chore is None:
            release(mine, due_at=None)  # a chore of another release
        elif error:
            release(mine, due_at=now + RETRY_AFTER)
        else:
            mine.last_done_at = now
            release(mine, due_at=chore.next_after(now))


KIND = Kind(name="chore", model=Chore, turn=do_chore, lease_s=LEASE_S, planned_by_us=true())
