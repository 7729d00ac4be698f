"""A snooze that ends is told once to lists and badges, wakes no rule, and is found by an index."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from backend.accounts.brands import create_brand
from backend.inbox.adding import add_mention
from backend.inbox.drafts import Actor, NewMention
from backend.inbox.mentions import change_mention
from backend.inbox.snoozing import AT_ONCE, WOKEN, end_snoozes
from backend.infra.changes import Change
from backend.infra.db import Database

ADA = Actor(name="Ada", person=True)


def woken(database: Database) -> list[int]:
    with database.read() as session:
        told = sa.select(Change.ref).where(Change.cause == WOKEN, Change.kind == "mention.changed").order_by(Change.id)
        return [int(ref) for ref in session.scalars(told)]


def snoozed(database: Database, at: datetime, *minutes: int) -> tuple[int, list[int]]:
    with database.write() as session:
        brand = create_brand(session, {"name": "Café"}, now=at)
        end_snoozes(session, [brand.id], now=at)
        ids = []
        for n, wait in enumerate(minutes):
            mention, _ = add_mention(
                session, brand.id, NewMention(url=f"https://a.example/{n}", text=f"No {n}"), now=at
            )
            until = {"snoozed_until": at + timedelta(minutes=wait)}
            change_mention(session, mention.id, until, version=mention.version, by=ADA, now=at)
            ids.append(mention.id)
        return brand.id, ids


def end(database: Database, brand_id: int, now: datetime) -> bool:
    with database.write() as session:
        return end_snoozes(session, [brand_id], now=now)


def test_each_snooze_that_ended_is_told_once(sqlite_db: Database, at: datetime) -> None:
    brand_id, (soon, later, same) = snoozed(sqlite_db, at, 10, 30, 30)
    end(sqlite_db, brand_id, at + timedelta(minutes=9))
    assert woken(sqlite_db) == []
    for minutes in (10, 11, 30, 31):
        end(sqlite_db, brand_id, at + timedelta(minutes=minutes))
    assert woken(sqlite_db) == [soon, later, same]


def test_what_was_done_meanwhile_or_put_off_again_is_not_told(sqlite_db: Database, at: datetime) -> None:
    brand_id, (done, again) = snoozed(sqlite_db, at, 10, 10)
    with sqlite_db.write() as session:
        change_mention(session, done, {"status": "done"}, version=2, by=ADA, now=at)
        until = {"snoozed_until": at + timedelta(hours=5)}
        change_mention(session, again, until, version=2, by=ADA, now=at)
    end(sqlite_db, brand_id, at + timedelta(hours=1))
    assert woken(sqlite_db) == []
    end(sqlite_db, brand_id, at + timedelta(hours=6))
    assert woken(sqlite_db) == [again]


def test_many_at_the_same_moment_are_told_in_steps(sqlite_db: Database, at: datetime) -> None:
    brand_id, ids = snoozed(sqlite_db, at, *[10] * (AT_ONCE + 5))
    now = at + timedelta(minutes=11)
    assert end(sqlite_db, brand_id, now) is True
    assert end(sqlite_db, brand_id, now) is False
    assert woken(sqlite_db) == ids


def test_it_looks_no_mention_over_that_sleeps_on(sqlite_db: Database, at: datetime) -> None:
    brand_id, _ = snoozed(sqlite_db, at, 10)
    statements: list[str] = []
    with sqlite_db.write() as session:
        sa.event.listen(
            sqlite_db.engine, "before_cursor_execute", lambda _c, _k, statement, *_: statements.append(statement)
        )
        end_snoozes(session, [brand_id], now=at + timedelta(minutes=11))
        asked = next(one for one in statements if "snoozed_until >=" in one)
        values = dict.fromkeys(range(asked.count("?")), 1)
        plan = session.connection().exec_driver_sql("EXPLAIN QUERY PLAN " + asked, tuple(values)).all()
    assert any("ix_mentions_brand_id_snoozed_until" in str(step) for step in plan), plan
