"""Which feeds are asked next, and none that may not be asked."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

from sqlalchemy import select, update

from backend.infra.jobs import Lease
from backend.infra.runtime import Runtime
from backend.listening.budgets import block_service, set_rate
from backend.listening.feeds import poll_soon
from backend.listening.leasing import MOST_HELD, MOST_HELD_OF_ONE, lease_feeds
from backend.listening.models import Feed
from tests.conftest import Clock
from tests.unit.listening.make import make_brand, make_keyword, make_source


def lease(runtime: Runtime, limit: int = 100) -> list[str]:
    """The addresses of what was leased, in order."""
    with runtime.db.write() as session:
        leases = lease_feeds(session, runtime, now=runtime.clock(), limit=limit, worker="test")
        addresses = {feed.id: feed.address for feed in session.scalars(select(Feed))}
    return [addresses[one.ref] for one in leases]


def make_feeds(runtime: Runtime, *urls: str, urgent: bool = False) -> None:
    brand = make_brand(runtime)
    for url in urls:
        make_source(runtime, brand, url)
    with runtime.db.write() as session:
        session.execute(update(Feed).values(urgent=urgent))


def test_a_lease_takes_a_token_and_who_gets_none_is_due_when_there_is_one(runtime: Runtime, clock: Clock) -> None:
    urls = [f"https://blog.example/{n}" for n in range(9)]
    make_feeds(runtime, *urls, "https://other.example/rss")
    leased = lease(runtime)
    assert (len(leased), "https://other.example/rss" in leased) == (6, True)
    with runtime.db.read() as session:
        refused = select(Feed.due_at).where(Feed.lease_until.is_(None)).order_by(Feed.due_at)
        waits = [(due_at - clock()).total_seconds() for due_at in session.scalars(refused)]
    # One token each two seconds: each in its turn, not all at once.
    assert waits == [2, 4, 6, 8]
    # Who comes now stands behind them, though there will be tokens before.
    clock.forward(seconds=3)
    make_source(runtime, make_brand(runtime, "Un autre"), "https://blog.example/late")
    with runtime.db.write() as session:
        session.execute(update(Feed).where(Feed.address == "https://blog.example/late").values(urgent=False))
    assert [address for address in lease(runtime) if address.endswith("/late")] == []
    clock.forward(seconds=4.5)
    assert len(lease(runtime)) == 2


def test_a_blocked_service_is_leased_by_nobody_until_it_may_be_asked(runtime: Runtime, clock: Clock) -> None:
    make_feeds(runtime, "https://blog.example/a", "https://blog.example/b", "https://free.example/rss")
    with runtime.db.write() as session:
        block_service(session, "blog.example", seconds=3_600, now=clock())
    assert lease(runtime) == ["https://free.example/rss"]
    clock.forward(seconds=3_500)
    assert "https://blog.example/a" not in lease(runtime)
    clock.forward(seconds=600)
    assert {"https://blog.example/a", "https://blog.example/b"} <= set(lease(runtime))


def test_what_a_person_waits_for_goes_before_what_waited_longer(runtime: Runtime, clock: Clock) -> None:
    make_feeds(runtime, *(f"https://a{n}.example/rss" for n in range(20)))
    clock.forward(hours=3)
    make_source(runtime, make_brand(runtime, "Un autre"), "https://new.example/rss")
    with runtime.db.write() as session:
        poll_soon(
            session, session.scalars(select(Feed.id).where(Feed.address == "https://a7.example/rss")).one(), now=clock()
        )
    leased = lease(runtime, limit=3)
    assert set(leased[:2]) == {"https://new.example/rss", "https://a7.example/rss"}
    assert leased[2].startswith("https://a")


def test_thousands_of_one_service_that_may_not_be_asked_hold_up_nobody(runtime: Runtime, clock: Clock) -> None:
    make_feeds(runtime, *(f"https://slow.example/{n}" for n in range(600)))
    with runtime.db.write() as session:
        set_rate(session, "slow.example", per_s=1 / 60, burst=1, now=clock())
    clock.forward(seconds=1)
    make_feeds(runtime, "https://quick.example/rss")
    leased = [*lease(runtime), *lease(runtime)]
    assert "https://quick.example/rss" in leased
    assert len([one for one in leased if "slow" in one]) == 1


def test_every_search_of_a_keyword_has_its_turn_however_rarely_its_place_may_be_asked(
    runtime: Runtime, clock: Clock
) -> None:
    words = [f"mot{n}" for n in range(12)]
    make_keyword(runtime, make_brand(runtime), " OR ".join(words))
    with runtime.db.write() as session:
        set_rate(session, "stackexchange", per_s=1 / 300, burst=3, now=clock())
    turns: Counter[str] = Counter()
    for _ in range(48):
        with runtime.db.write() as session:
            leases = lease_feeds(session, runtime, now=clock(), limit=500, worker="test")
            polled = list(session.scalars(select(Feed).where(Feed.id.in_([one.ref for one in leases]))))
            for feed in polled:
                feed.lease_until, feed.due_at = None, clock() + timedelta(minutes=30)
                feed.urgent = feed.in_line = False
        turns.update(feed.params["query"] for feed in polled if feed.kind == "stackexchange")
        clock.forward(seconds=300)
    assert set(turns) == set(words)
    assert sum(turns.values()) <= 3 + 48
    assert max(turns.values()) - min(turns.values()) <= 1


def test_no_more_is_held_than_workers_can_do_in_a_lease(runtime: Runtime, clock: Clock) -> None:
    make_feeds(runtime, *(f"https://a{n}.example/rss" for n in range(MOST_HELD + 30)))
    assert len(lease(runtime, limit=500)) == MOST_HELD
    assert lease(runtime, limit=500) == []
    clock.forward(seconds=runtime.settings.lease_s + 1)
    assert len(lease(runtime, limit=500)) == MOST_HELD


def test_sweeps_at_once_lease_each_feed_once_and_take_no_token_too_many(runtime: Runtime, clock: Clock) -> None:
    make_feeds(runtime, *(f"https://h{n % 8}.example/{n}" for n in range(80)))
    clock.forward(seconds=1)
    handed: list[Lease] = []
    together = threading.Barrier(4)

    def sweep(name: str) -> None:
        together.wait()
        for _ in range(4):
            with runtime.db.write() as session:
                handed.extend(lease_feeds(session, runtime, now=clock(), limit=7, worker=name))

    threads = [threading.Thread(target=sweep, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(handed) == len({lease.ref for lease in handed})
    with runtime.db.read() as session:
        held = session.scalars(select(Feed.address).where(Feed.lease_until > clock()))
        of_each = Counter(address.split("/")[2] for address in held)
    assert len(of_each) == 8
    assert max(of_each.values()) <= 5


def test_of_a_service_that_answers_slowly_no_more_is_held_than_its_lane_can_ask(runtime: Runtime, clock: Clock) -> None:
    make_feeds(runtime, *(f"https://slow.example/{n}" for n in range(40)))
    with runtime.db.write() as session:
        set_rate(session, "slow.example", per_s=5, burst=50, now=clock())
    assert len(lease(runtime)) == MOST_HELD_OF_ONE
    make_feeds(runtime, "https://quick.example/rss")
    clock.forward(seconds=6)
    assert lease(runtime) == ["https://quick.example/rss"]
    with runtime.db.read() as session:  # who found no room took no token, and is due again soon
        left = list(session.scalars(select(Feed.due_at).where(Feed.lease_until.is_(None))))
        assert len(left) == 40 - MOST_HELD_OF_ONE
        assert all(at is not None and at <= clock() + timedelta(seconds=5) for at in left)
    with runtime.db.write() as session:
        session.execute(update(Feed).values(lease_until=None, due_at=clock() + timedelta(days=1)))
        session.execute(update(Feed).where(Feed.id <= 5).values(due_at=clock()))
    assert len(lease(runtime)) == 5
