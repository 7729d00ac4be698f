"""Clicks stored, added up and read: right at every moment, on both databases."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text

from backend.infra.changes import read_changes
from backend.infra.runtime import Runtime
from backend.links import rollups
from backend.links.clicks import NEW_HOSTS_A_DAY, OTHER_HOST, ClickWriter, Seen, hash_visitor, store_clicks
from backend.links.models import Click, ClickVisitor, Link, Referrer, VisitorSalt
from backend.links.rollups import clear_clicks, roll_up_clicks, roll_up_some
from backend.links.stats import Point, Stats, count_clicks, count_people
from backend.links.visitors import referrer_host
from tests.unit.links.make import FIREFOX, make_brand, make_link


@pytest.fixture
def link(runtime: Runtime, at: datetime) -> Link:
    return make_link(runtime, make_brand(runtime.db, at))


def click(
    link: Link, at: datetime, who: int = 1, agent: str = FIREFOX, referrer: str = "", machine: bool = False
) -> Seen:
    return Seen(link.id, link.brand_id, at, f"192.0.2.{who}", agent, referrer, machine)


def store(runtime: Runtime, *clicks: Seen) -> None:
    with runtime.db.write() as session:
        store_clicks(session, clicks, runtime.db)


def read(runtime: Runtime, link: Link, **options: Any) -> Stats:
    with runtime.db.read() as session:
        return count_clicks(session, link.id, now=runtime.clock(), **options)


def both_ways(runtime: Runtime, link: Link, **options: Any) -> Stats:
    """Statistics before and after adding up, which must be the same."""
    raw = read(runtime, link, **options)
    roll_up_clicks(runtime, runtime.clock())
    assert read(runtime, link, **options) == raw
    return raw


def test_days_and_hours_are_counted_by_kind(runtime: Runtime, link: Link, at: datetime) -> None:
    yesterday = at - timedelta(days=1)
    store(
        runtime,
        click(link, yesterday),
        click(link, at - timedelta(minutes=1)),
        click(link, at, who=2),
        click(link, at, agent="Twitterbot/1.0"),
        click(link, at, agent="curl/8"),
        click(link, at, machine=True),
    )
    days = read(runtime, link)
    assert (days.people, days.previews, days.robots, days.visitors) == (3, 1, 2, 3)
    assert days.series == [
        Point(datetime(2026, 11, 22, tzinfo=UTC), people=1),
        Point(datetime(2026, 11, 23, tzinfo=UTC), people=2, previews=1, robots=2),
    ]
    hours = both_ways(runtime, link, by="hour", since=at - timedelta(hours=1), until=at + timedelta(seconds=1))
    assert hours.series == [
        Point(datetime(2026, 11, 23, 8, tzinfo=UTC), people=1),
        Point(datetime(2026, 11, 23, 9, tzinfo=UTC), people=1, previews=1, robots=2),
    ]


def test_visitors_are_different_people_day_by_day(runtime: Runtime, link: Link, at: datetime) -> None:
    for part in range(3):
        store(runtime, *(click(link, at + timedelta(seconds=n), who=n % 4) for n in range(20)))
        assert both_ways(runtime, link).visitors == 4, part
    store(runtime, click(link, at - timedelta(days=1), who=1), click(link, at, who=9))
    assert both_ways(runtime, link).visitors == 6


def test_where_people_came_from(runtime: Runtime, link: Link, at: datetime) -> None:
    store(
        runtime,
        *(click(link, at, referrer="https://www.News.example/a?b#c") for _ in range(3)),
        click(link, at, referrer="http://forum.example:8080/"),
        click(link, at),
        click(link, at),
        click(link, at, referrer="https://robot.example/", agent="curl/8"),
    )
    found = both_ways(runtime, link, dimension="referrer")
    assert found.by == [("news.example", 3), ("", 2), ("forum.example", 1)]
    store(runtime, click(link, at, referrer="https://forum.example/"))
    assert ("forum.example", 2) in read(runtime, link, dimension="referrer").by
    assert read(runtime, link, dimension="kind").by == [("people", 7), ("robots", 1)]


@pytest.mark.parametrize(
    ("referrer", "host"),
    [
        ("https://www.example.org/x", "example.org"),
        ("HTTPS://Example.org", "example.org"),
        ("android-app://com.slack/", "com.slack"),
        ("https://user@example.org/", "example.org"),
        ("javascript:alert(1)", ""),
        ("https://" + "a" * 300, ""),
        ("https://exa mple.org/", ""),
        ("https://<script>/", ""),
        ("", ""),
        ("\xff\xfe", ""),
    ],
)
def test_a_referrer_is_a_host_or_nothing(referrer: str, host: str) -> None:
    assert referrer_host(referrer) == host


def test_invented_referrers_do_not_fill_the_table(runtime: Runtime, link: Link, at: datetime) -> None:
    store(runtime, *(click(link, at, referrer=f"https://spam{n}.example/") for n in range(NEW_HOSTS_A_DAY + 50)))
    with runtime.db.read() as session:
        assert session.scalar(select(func.count()).select_from(Referrer)) == NEW_HOSTS_A_DAY + 1
    assert read(runtime, link, dimension="referrer").by[0] == (OTHER_HOST, 50)


def test_no_address_and_no_agent_is_stored_and_the_key_of_a_day_is_destroyed(
    runtime: Runtime, link: Link, at: datetime
) -> None:
    store(runtime, click(link, at))
    with runtime.db.read() as session:
        row = session.execute(text("SELECT * FROM clicks")).one()
        assert set(row._mapping) == {"id", "link_id", "at_ms", "kind", "visitor", "referrer_id"}
        salt = session.scalars(select(VisitorSalt.salt)).one()
        assert bytes(row.visitor) == hash_visitor(salt, "192.0.2.1", FIREFOX)
    store(runtime, click(link, at + timedelta(days=1)))
    with runtime.db.read() as session:
        assert session.scalars(select(VisitorSalt.salt)).one() != salt
        assert len(set(session.scalars(select(Click.visitor)))) == 2


def test_two_processes_know_the_same_visitor(runtime: Runtime, link: Link, at: datetime) -> None:
    for _ in range(2):
        writer = ClickWriter(runtime.db)
        writer.add(click(link, at))
    assert read(runtime, link).visitors == 1
    assert read(runtime, link).people == 2


def test_adding_up_twice_or_by_two_at_once_counts_nothing_twice(runtime: Runtime, link: Link, at: datetime) -> None:
    store(runtime, *(click(link, at + timedelta(seconds=n), who=n % 50) for n in range(3000)))
    raw = read(runtime, link)
    assert (raw.people, raw.visitors) == (3000, 50)
    workers = [threading.Thread(target=roll_up_clicks, args=(runtime, at)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert roll_up_clicks(runtime, at) == 0
    assert read(runtime, link) == raw


def test_adding_up_while_clicks_come_loses_none(runtime: Runtime, link: Link, at: datetime) -> None:
    done = threading.Event()
    problems: list[BaseException] = []

    def add_up() -> None:
        try:
            while not done.is_set():
                roll_up_clicks(runtime, at)
        except BaseException as error:
            problems.append(error)

    adding = threading.Thread(target=add_up)
    adding.start()
    writers = [ClickWriter(runtime.db) for _ in range(2)]

    def write(writer: ClickWriter, who: int) -> None:
        writer.alive = True
        for _ in range(20):
            for m in range(20):
                writer.add(click(link, at, who=who + m))
            writer.flush()

    threads = [threading.Thread(target=write, args=(writer, n * 20)) for n, writer in enumerate(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done.set()
    adding.join()
    assert problems == []
    roll_up_clicks(runtime, at)
    found = read(runtime, link)
    assert (found.people, found.visitors) == (800, 40)


def test_a_roll_up_that_fails_half_way_changes_nothing(
    runtime: Runtime, link: Link, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(runtime, click(link, at), click(link, at, who=2))
    raw = read(runtime, link)
    monkeypatch.setattr(rollups, "DAY_VISITORS", "no sql")
    with pytest.raises(Exception, match="syntax"):
        roll_up_clicks(runtime, at)
    assert read(runtime, link) == raw
    monkeypatch.undo()
    assert both_ways(runtime, link) == raw


def test_old_rows_go_and_the_sums_stay(runtime: Runtime, link: Link, at: datetime) -> None:
    store(runtime, click(link, at - timedelta(days=200)), click(link, at - timedelta(days=5)), click(link, at))
    clear_clicks(runtime, at)  # nothing is in the sums yet
    everything = {"since": at - timedelta(days=300)}
    before = both_ways(runtime, link, **everything)
    assert before.people == 3
    clear_clicks(runtime, at)
    assert read(runtime, link, **everything) == before
    with runtime.db.read() as session:
        assert session.scalar(select(func.count()).select_from(Click)) == 2
        assert session.scalar(select(func.count()).select_from(ClickVisitor)) == 1


def test_after_all_rows_are_gone_new_clicks_still_count(runtime: Runtime, link: Link, at: datetime) -> None:
    store(runtime, click(link, at), click(link, at))
    roll_up_clicks(runtime, at)
    with runtime.db.write() as session:
        session.execute(text("DELETE FROM clicks"))
    store(runtime, click(link, at))
    assert both_ways(runtime, link).people == 3


def test_lists_show_the_people_of_each_link(runtime: Runtime, link: Link, at: datetime) -> None:
    other = make_link(runtime, link.brand_id, "https://example.org/b")
    store(runtime, click(link, at), click(other, at), click(other, at, agent="curl/8"))
    roll_up_clicks(runtime, at)
    store(runtime, click(link, at))
    with runtime.db.read() as session:
        assert count_people(session, [link.id, other.id, 999]) == {link.id: 2, other.id: 1}
        assert count_people(session, []) == {}


def test_a_batch_tells_of_each_link_once_and_of_many_as_one(runtime: Runtime, link: Link, at: datetime) -> None:
    store(runtime, *(click(link, at) for _ in range(30)))
    many = [make_link(runtime, link.brand_id, f"https://example.org/{n}") for n in range(25)]
    store(runtime, *(click(one, at) for one in many))
    with runtime.db.read() as session:
        told = [(c.ref, c.brand_id) for c in read_changes(session, after=0)[0] if c.kind == "clicks"]
    assert told == [(str(link.id), link.brand_id), ("", link.brand_id)]


def test_an_empty_range_is_one_step(runtime: Runtime, link: Link, at: datetime) -> None:
    store(runtime, click(link, at + timedelta(minutes=5)))
    assert read(runtime, link, since=at, until=at, by="hour").people == 1
    assert read(runtime, link, since=at - timedelta(hours=2), until=at - timedelta(hours=1), by="hour").people == 0


def test_some_is_at_most_so_many(runtime: Runtime, link: Link, at: datetime) -> None:
    store(runtime, *(click(link, at) for _ in range(7)))
    with runtime.db.write() as session:
        assert [roll_up_some(session, 3) for _ in range(4)] == [3, 3, 1, 0]
    assert read(runtime, link).people == 7
