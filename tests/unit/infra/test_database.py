from __future__ import annotations

import threading
from datetime import datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, StatementError

from backend.infra.changes import last_change, read_changes, record_change, record_changes
from backend.infra.db import Database
from backend.infra.tables import Remembered, recall, remember


def test_a_read_cannot_write(db: Database) -> None:
    def write_while_reading() -> None:
        with db.read() as session:
            session.add(Remembered(name="a", value="b"))
            session.flush()

    with pytest.raises(DBAPIError):
        write_while_reading()


def test_an_error_leaves_nothing_behind(db: Database) -> None:
    def stumble() -> None:
        with db.write() as session:
            remember(session, "a", "b")
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        stumble()
    with db.read() as session:
        assert recall(session, "a") == ""


def test_a_naive_time_is_refused(sqlite_db: Database, at: datetime) -> None:
    def store(naive: datetime) -> None:
        with sqlite_db.write() as session:
            record_change(session, kind="x", ref=1, brand_id=None, now=naive)

    with pytest.raises(StatementError, match="naive"):
        store(at.replace(tzinfo=None))


def test_times_come_back_aware_and_the_same(db: Database, at: datetime) -> None:
    with db.write() as session:
        record_change(session, kind="x", ref=1, brand_id=None, now=at)
    with db.read() as session:
        rows, _last = read_changes(session, after=0)
        assert rows[0].at == at
        assert rows[0].at.tzinfo is not None


def test_writers_at_once_all_get_through(db: Database) -> None:
    """The reading-then-writing pattern that fails with plain BEGIN on SQLite."""
    with db.write() as session:
        remember(session, "count", "0")
    lock_free = threading.Barrier(6)

    def add() -> None:
        lock_free.wait()
        for _ in range(15):
            with db.write() as session:
                if db.dialect == "postgresql":
                    session.execute(text("SELECT value FROM remembered WHERE name = 'count' FOR UPDATE"))
                remember(session, "count", str(int(recall(session, "count")) + 1))

    threads = [threading.Thread(target=add) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with db.read() as session:
        assert recall(session, "count") == "90"


def test_a_reader_of_changes_never_steps_over_one_that_commits_late(postgres_url: str, at: datetime) -> None:
    from backend.models import metadata

    db = Database(postgres_url)
    metadata.create_all(db.engine)
    slow_has_written, fast_is_done = threading.Event(), threading.Event()

    def slow() -> None:
        with db.write() as session:
            record_change(session, kind="slow", ref=1, brand_id=None, now=at)
            session.flush()
            slow_has_written.set()
            fast_is_done.wait(10)

    thread = threading.Thread(target=slow)
    thread.start()
    assert slow_has_written.wait(10)
    with db.write() as session:
        record_change(session, kind="fast", ref=2, brand_id=None, now=at)
    with db.read() as session:
        seen, last = read_changes(session, after=0)
    fast_is_done.set()
    thread.join()
    with db.read() as session:
        rest, _ = read_changes(session, after=last)
    db.close()
    assert sorted(row.kind for row in [*seen, *rest]) == ["fast", "slow"]


def test_a_reader_of_changes_never_steps_over_a_smaller_id_of_a_later_transaction(
    postgres_url: str, at: datetime
) -> None:
    from backend.models import metadata

    db = Database(postgres_url)
    metadata.create_all(db.engine)
    number = text("SELECT txid_current()")
    with db.write() as first, db.write() as second:
        assert first.scalar(number) < second.scalar(number)
        record_change(second, kind="second", ref=1, brand_id=None, now=at)
        second.flush()
        record_change(first, kind="first", ref=2, brand_id=None, now=at)
        first.commit()
        with db.read() as session:
            seen, last = read_changes(session, after=0)
            assert last == last_change(session)
        assert [row.kind for row in seen] == ["first"]
    with db.read() as session:
        rest, end = read_changes(session, after=last)
        assert read_changes(session, after=end) == ([], end)
    db.close()
    assert [row.kind for row in rest] == ["second"]
    assert rest[0].id < seen[0].id


def test_the_changes_of_one_transaction_come_together(db: Database, at: datetime) -> None:
    with db.write() as session:
        record_changes(session, kind="many", refs=[(n, None) for n in range(7)], now=at)
    refs, last = [], 0
    with db.read() as session:
        for _ in range(7):
            rows, last = read_changes(session, after=last, limit=3)
            refs += [row.ref for row in rows]
    assert refs == [str(n) for n in range(7)]


def test_a_reader_sees_only_its_brands_and_what_belongs_to_none(db: Database, at: datetime) -> None:
    with db.write() as session:
        for brand in (1, 2, None):
            record_change(session, kind="x", ref=f"of {brand}", brand_id=brand, now=at)
    with db.read() as session:
        rows, last = read_changes(session, after=0, brand_ids={1})
        assert [row.ref for row in rows] == ["of 1", "of None"]
        assert last == last_change(session)
