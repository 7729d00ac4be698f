"""Leased work: nothing twice, nothing lost, an old fence closes nothing."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, true

from backend import chores
from backend.infra.db import Database
from backend.infra.jobs import Kind, claim, extend_lease, lease_due, release, set_back
from backend.infra.runtime import Runtime
from backend.infra.tables import Chore, clock_was_ahead, last_seen, lead
from backend.worker import Worker
from tests.conftest import Clock
from tests.waiting import wait_for


def make_chores(db: Database, at: datetime, count: int) -> None:
    with db.write() as session:
        session.add_all(Chore(name=f"chore {n}", due_at=at, fence=0, attempts=0) for n in range(count))


def test_a_leased_row_is_not_handed_out_again_before_its_lease_ends(db: Database, at: datetime) -> None:
    make_chores(db, at, 1)
    with db.write() as session:
        first = lease_due(session, Chore, now=at, lease_s=10, limit=5, worker="a")
        assert len(first) == 1
        assert lease_due(session, Chore, now=at + timedelta(seconds=9), lease_s=10, limit=5, worker="b") == []
        again = lease_due(session, Chore, now=at + timedelta(seconds=10), lease_s=10, limit=5, worker="b")
        assert [lease.fence for lease in again] == [first[0].fence + 1]


def test_what_is_not_due_is_left_alone(db: Database, at: datetime) -> None:
    make_chores(db, at, 2)
    with db.write() as session:
        assert lease_due(session, Chore, now=at - timedelta(seconds=1), lease_s=10, limit=5, worker="a") == []


def test_an_old_fence_can_neither_claim_nor_extend(db: Database, at: datetime) -> None:
    make_chores(db, at, 1)
    later = at + timedelta(seconds=11)
    with db.write() as session:
        (old,) = lease_due(session, Chore, now=at, lease_s=10, limit=5, worker="a")
        (new,) = lease_due(session, Chore, now=later, lease_s=10, limit=5, worker="b")
        assert claim(session, Chore, old.ref, old.fence, now=later) is None
        assert not extend_lease(session, Chore, old.ref, old.fence, until=later)
        row = claim(session, Chore, new.ref, new.fence, now=later)
        assert row is not None
        release(row, due_at=None)
    with db.write() as session:
        assert lease_due(session, Chore, now=later + timedelta(days=1), lease_s=10, limit=5, worker="c") == []


def test_a_worker_that_slept_through_its_lease_may_not_act(db: Database, at: datetime) -> None:
    make_chores(db, at, 1)
    with db.write() as session:
        (lease,) = lease_due(session, Chore, now=at, lease_s=10, limit=5, worker="a")
        assert claim(session, Chore, lease.ref, lease.fence, now=at + timedelta(seconds=10)) is None


def test_sweeps_at_once_hand_out_each_row_once(db: Database, at: datetime) -> None:
    make_chores(db, at, 120)
    handed: list[int] = []
    together = threading.Barrier(4)

    def sweep(name: str) -> None:
        together.wait()
        for _ in range(8):
            with db.write() as session:
                leases = lease_due(session, Chore, now=at, lease_s=60, limit=10, worker=name)
            handed.extend(lease.ref for lease in leases)

    threads = [threading.Thread(target=sweep, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(handed) == len(set(handed)) == 120


def test_one_leads_until_it_falls_silent(db: Database, at: datetime) -> None:
    with db.write() as session:
        assert lead(session, "sweep", "a", for_s=5, now=at)
        assert not lead(session, "sweep", "b", for_s=5, now=at + timedelta(seconds=4))
        assert lead(session, "sweep", "a", for_s=5, now=at + timedelta(seconds=4))
        assert lead(session, "sweep", "b", for_s=5, now=at + timedelta(seconds=9))
        assert last_seen(session, "sweep") == at + timedelta(seconds=9)


def test_a_leader_whose_clock_was_ahead_counts_as_gone(db: Database, at: datetime) -> None:
    a_month = timedelta(days=30)
    with db.write() as session:
        assert lead(session, "sweep", "a", for_s=5, now=at + a_month)
        assert clock_was_ahead(session, "sweep", now=at + a_month) == timedelta()
        assert clock_was_ahead(session, "sweep", now=at + a_month - timedelta(seconds=59)) == timedelta()
        assert clock_was_ahead(session, "sweep", now=at) == a_month
        assert lead(session, "sweep", "b", for_s=5, now=at)
        assert clock_was_ahead(session, "sweep", now=at) == timedelta()


def test_after_a_clock_was_put_right_work_goes_on_as_it_was_planned(runtime: Runtime, clock: Clock) -> None:
    right = clock.at
    worker = Worker(runtime)
    clock.forward(days=30)  # wrong for a while
    assert worker.lead_or_follow()
    with runtime.db.write() as session:
        for chore in session.scalars(select(Chore)):
            chore.due_at = clock.at + timedelta(seconds=30)
            chore.lease_until = clock.at + timedelta(seconds=600)
    clock.at = right
    after_a_restart = Worker(runtime)
    assert after_a_restart.lead_or_follow()
    with runtime.db.read() as session:
        chores = session.scalars(select(Chore)).all()
        assert {(chore.due_at, chore.lease_until) for chore in chores} == {
            (right + timedelta(seconds=30), right + timedelta(seconds=600))
        }
    worker.close()
    after_a_restart.close()


def test_a_chore_longer_than_its_lease_is_done_once_and_its_end_is_noted(
    sqlite_runtime: Runtime, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[datetime] = []

    def lasts(runtime: Runtime, now: datetime) -> None:
        done.append(now)
        for _ in range(3):
            clock.forward(seconds=500)
            wait_for(lambda: lease_end() > clock() + timedelta(seconds=500), 20)

    def lease_end() -> datetime:
        with sqlite_runtime.db.read() as session:
            return session.scalars(select(Chore.lease_until)).one() or clock()

    monkeypatch.setattr(chores, "KEEP_EVERY_S", 0.01)
    monkeypatch.setattr(chores, "CHORES", {"long": chores.Recurring(lasts, chores.every(timedelta(hours=1)))})
    with sqlite_runtime.db.write() as session:
        chores.plan_chores(session, now=clock())
    clock.forward(hours=1)
    with sqlite_runtime.db.write() as session:
        (lease,) = lease_due(session, Chore, now=clock(), lease_s=chores.LEASE_S, limit=9, worker="a")
    chores.do_chore(sqlite_runtime, lease.ref, lease.fence)
    with sqlite_runtime.db.read() as session:
        row = session.scalars(select(Chore)).one()
        assert (len(done), row.last_done_at, row.lease_until) == (1, clock(), None)


def test_a_moment_that_a_person_chose_does_not_move_with_the_clock(runtime: Runtime, clock: Clock) -> None:
    make_chores(runtime.db, clock.at + timedelta(days=40), 1)
    chosen = Kind("chosen", Chore, lambda *_: None)
    ours = Kind("ours", Chore, lambda *_: None, planned_by_us=true())
    for kind, expected_days in ((chosen, 40), (ours, 10)):
        with runtime.db.write() as session:
            set_back(session, kind, by=timedelta(days=30), now=clock.at)
        with runtime.db.read() as session:
            assert session.scalars(select(Chore.due_at)).all() == [clock.at + timedelta(days=expected_days)]
