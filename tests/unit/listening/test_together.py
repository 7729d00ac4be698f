"""Several feeds in one turn: each as if it were alone, and no slow one holds the others."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select, update

from backend.connectors.base import Fetched, FetchState, PollFailed
from backend.infra.changes import Change
from backend.infra.jobs import Lease
from backend.infra.runtime import Runtime
from backend.listening import arrive, asking, poll
from backend.listening.ends import Answer, Turn
from backend.listening.leasing import lease_feeds
from backend.listening.models import Feed, FeedDay, Item
from backend.listening.poll import poll_many
from tests.conftest import Clock
from tests.peers.bad_feeds import BEHAVIOURS, Seen
from tests.peers.feeds import FeedServer, Said
from tests.unit.listening.make import count, make_brand, make_source
from tests.waiting import wait_for

HALVES = "NUL and half a character in JSON"


def poll_together(runtime: Runtime) -> int:
    with runtime.db.write() as session:
        leases = lease_feeds(session, runtime, now=runtime.clock(), limit=500, worker="test")
    poll_many(runtime, leases)
    return len(leases)


def test_each_feed_of_a_turn_ends_as_if_it_were_alone(runtime: Runtime, feeds: FeedServer, clock: Clock) -> None:
    brand = make_brand(runtime)
    good = [feeds.feed(f"/good{n}", [Said(f"Bon {n}", url=f"https://a.example/{n}")]) for n in range(12)]
    for url in [*good, feeds.put("/html", "<html>", content_type="text/html"), feeds.url + "/nothing"]:
        make_source(runtime, brand, url)
    assert poll_together(runtime) == 14
    with runtime.db.read() as session:
        errors = {feed.address.rpartition("/")[2]: feed.last_error for feed in session.scalars(select(Feed))}
        assert errors == {f"good{n}": "" for n in range(12)} | {"html": "not_a_feed", "nothing": "not_found"}
        assert count(session, Item) == 12
        assert sum(day.asked for day in session.scalars(select(FeedDay))) == 14
        assert sum(day.failed for day in session.scalars(select(FeedDay))) == 2
        changes = select(func.count()).select_from(Change).where(Change.kind == "source.changed")
        assert session.scalar(changes) == 14 + 14  # made, and polled for the first time
        assert list(session.scalars(select(Feed.lease_until).where(Feed.lease_until.is_not(None)))) == []
        assert list(session.scalars(select(Feed.urgent).distinct())) == [False]
    clock.forward(hours=20)
    assert poll_together(runtime) == 14
    assert [one.headers.get("if-none-match") is not None for one in feeds.asked("/good3")] == [False, True]


def test_what_is_unchanged_costs_no_statement_of_its_own(
    sqlite_runtime: Runtime, feeds: FeedServer, clock: Clock, at: datetime
) -> None:
    brand = make_brand(sqlite_runtime)
    for number in range(20):
        said = [Said(f"Bon {number}", url=f"https://a.example/{number}", at=at)]
        make_source(sqlite_runtime, brand, feeds.feed(f"/{number}", said))
    poll_together(sqlite_runtime)
    clock.forward(hours=20)
    with sqlite_runtime.db.write() as session:
        leases = lease_feeds(session, sqlite_runtime, now=clock(), limit=500, worker="test")
    statements: list[str] = []
    for engine in (sqlite_runtime.db.engine, sqlite_runtime.db._reader):
        assert engine is not None
        event.listen(engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
    poll_many(sqlite_runtime, leases)
    # A few for the turn, and some for each group that is ready together: of these there is at least one.
    groups = sum(statement.startswith("UPDATE feeds") for statement in statements)
    assert len(leases) == 20
    assert len(statements) <= 10 + 6 * groups
    assert groups <= 20


def test_who_lost_its_lease_meanwhile_writes_nothing(sqlite_runtime: Runtime, feeds: FeedServer) -> None:
    brand = make_brand(sqlite_runtime)
    runtime = sqlite_runtime

    def meanwhile(_seen: object) -> bytes:
        with runtime.db.write() as session:
            session.execute(update(Feed).where(Feed.address.endswith("/lost")).values(fence=Feed.fence + 1))
        return feeds.pages["/kept"].body  # type: ignore[return-value]

    for url in (
        feeds.feed("/kept", [Said("Un", url="https://a.example/1")]),
        feeds.put("/lost", meanwhile),
    ):
        make_source(runtime, brand, url)
    poll_together(runtime)
    with runtime.db.read() as session:
        rows = {f.address.rpartition("/")[2]: f.last_polled_at is not None for f in session.scalars(select(Feed))}
        assert rows == {"kept": True, "lost": False}
        assert count(session, Item) == 1


def test_a_service_that_is_slow_keeps_nobody_waiting_and_ends_by_itself(
    sqlite_runtime: Runtime, feeds: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "PATIENCE_S", 0.05)
    answer = threading.Event()
    runtime, brand = sqlite_runtime, make_brand(sqlite_runtime)

    def slow(_seen: object) -> bytes:
        answer.wait(30)
        return feeds.pages["/good0"].body  # type: ignore[return-value]

    for url in [
        *(feeds.feed(f"/good{n}", [Said(f"Bon {n}", url=f"https://a.example/{n}")]) for n in range(6)),
        feeds.put("/slow", slow),
    ]:
        make_source(runtime, brand, url)
    poll_together(runtime)

    def polled() -> set[str]:
        with runtime.db.read() as session:
            found = session.scalars(select(Feed).where(Feed.last_polled_at.is_not(None)))
            return {feed.address.rpartition("/")[2] for feed in found}

    # The turn is over though the slow one has not answered, and the others are there (on a busy machine in a moment).
    wait_for(lambda: polled() == {f"good{n}" for n in range(6)}, 20)
    answer.set()
    wait_for(lambda: "slow" in polled(), 20)


def test_what_no_database_takes_costs_nobody_a_poll(runtime: Runtime, feeds: FeedServer) -> None:
    brand = make_brand(runtime)
    bad = feeds.put(
        "/bad", next(BEHAVIOURS[HALVES].behave(Seen(1, {}, "", threading.Event()))).partition(b"\r\n\r\n")[2]
    )
    for url in [bad, *(feeds.feed(f"/{n}", [Said(f"Bon {n}", url=f"https://a.example/{n}")]) for n in range(3))]:
        make_source(runtime, brand, url)
    poll_together(runtime)
    with runtime.db.read() as session:
        assert {feed.last_error for feed in session.scalars(select(Feed)) if feed.last_polled_at} == {""}
        assert count(session, Item) == 2 + 3


@pytest.mark.parametrize("stumbling", ["sort_items", "end_turns"])
def test_what_ending_one_poll_stumbles_over_is_that_one_s(
    runtime: Runtime, feeds: FeedServer, monkeypatch: pytest.MonkeyPatch, stumbling: str
) -> None:
    brand = make_brand(runtime)
    for name in ("bad", "un", "deux"):
        make_source(runtime, brand, feeds.feed(f"/{name}", [Said(f"Bon {name}", url=f"https://a.example/{name}")]))
    with runtime.db.read() as session:
        bad = session.scalar(select(Feed.id).where(Feed.address.endswith("/bad")))
    where = arrive if stumbling == "sort_items" else poll
    real = getattr(where, stumbling)

    def stumble(first: Any, second: Any, *rest: Any, **named: Any) -> Any:
        if stumbling == "sort_items":
            stumbles = second == bad
        else:
            stumbles = any(one.turn.feed_id == bad and isinstance(one.said, Fetched) for one in second)
        if stumbles:
            raise ValueError("nobody thought of that")
        return real(first, second, *rest, **named)

    monkeypatch.setattr(where, stumbling, stumble)
    poll_together(runtime)
    with runtime.db.read() as session:
        errors = {feed.address.rpartition("/")[2]: feed.last_error for feed in session.scalars(select(Feed))}
        assert errors == {"bad": "not_a_feed", "un": "", "deux": ""}
        assert list(session.scalars(select(Feed.lease_until).where(Feed.lease_until.is_not(None)))) == []


def test_what_comes_after_ending_stumbled_ends_all_the_same(at: datetime) -> None:
    ended: list[object] = []

    def end(answers: Sequence[Answer]) -> None:
        ended.append(len(answers))
        if len(ended) == 1:
            waiting.bring(*one)
            raise ValueError("nobody thought of that")

    turn = Turn(1, 1, "feed", {}, "", FetchState(), None, at)  # type: ignore[arg-type]
    one = (turn, PollFailed("timeout", ""))
    waiting = asking._Waiting(3, end)
    waiting.bring(*one)
    with pytest.raises(ValueError, match="nobody"):
        waiting.end_what_comes()
    assert ended == [1, 1]
    waiting.bring(*one)
    assert ended == [1, 1, 1]


def lease_all(runtime: Runtime) -> list[Lease]:
    with runtime.db.write() as session:
        return lease_feeds(session, runtime, now=runtime.clock(), limit=500, worker="test")


def test_slow_ones_that_come_one_by_one_hold_no_thread_of_the_queue(
    sqlite_runtime: Runtime, feeds: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "PATIENCE_S", 0.05)
    answer, runtime, brand = threading.Event(), sqlite_runtime, make_brand(sqlite_runtime)

    def slow(_seen: object) -> bytes:
        answer.wait(30)
        return b"<rss version='2.0'><channel/></rss>"

    for number in range(4):
        make_source(runtime, brand, feeds.put(f"/slow{number}", slow))
    slow_ones = lease_all(runtime)
    make_source(runtime, brand, feeds.feed("/good", [Said("Bon", url="https://a.example/1")]))
    good = lease_all(runtime)
    for lease in [*slow_ones, *good]:  # one thread of the queue, one message after the other
        poll_many(runtime, [lease])

    def polled() -> list[str]:
        with runtime.db.read() as session:
            found = session.scalars(select(Feed.address).where(Feed.last_polled_at.is_not(None)))
            return sorted(address.rpartition("/")[2] for address in found)

    wait_for(lambda: polled() == ["good"], 20)
    answer.set()
    wait_for(lambda: len(polled()) == 5, 20)


def test_what_waited_in_its_lane_for_longer_than_its_lease_asks_nobody(
    sqlite_runtime: Runtime, feeds: FeedServer, clock: Clock
) -> None:
    runtime = sqlite_runtime
    make_source(runtime, make_brand(runtime), feeds.feed("/rss", [Said("Bon", url="https://a.example/1")]))
    leases = lease_all(runtime)
    (turn,) = poll.begin_turns(runtime, leases)
    clock.forward(seconds=runtime.settings.lease_s - 5)
    assert isinstance(poll._ask(runtime, turn), Fetched)
    with runtime.db.read() as session:  # asking may take longer than what was left: it is ours for longer
        kept = session.scalars(select(Feed.lease_until)).one()
    assert kept is not None
    assert kept >= clock() + timedelta(seconds=30)
    clock.forward(seconds=300)
    assert poll._ask(runtime, turn) is None
    assert len(feeds.asked("/rss")) == 1
    waiting = asking._Waiting(1, lambda answers: pytest.fail(f"{answers} ended"))
    waiting.bring(turn, None)
    waiting.end_what_comes()
