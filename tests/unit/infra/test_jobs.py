"""Leased work: nothing twice, nothing lost, an old fence closes nothing."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

from backend.infra.db import Database
from backend.infra.jobs import claim, extend_lease, lease_due, release
from backend.infra.tables import Chore, last_seen, lead


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
