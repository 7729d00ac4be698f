"""Clicks while things break: the database is locked, the writing thread dies, the process stops, links vanish."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError

from backend.infra.runtime import Runtime
from backend.links import clicks as module
from backend.links.clicks import ClickWriter, Seen
from backend.links.links import change_link
from backend.links.models import Click, Link
from backend.links.redirect import Redirect, make_redirect
from tests.unit.links.make import FIREFOX, Visit, make_brand, make_link
from tests.waiting import wait_for


@pytest.fixture
def link(runtime: Runtime, at: datetime) -> Link:
    return make_link(runtime, make_brand(runtime.db, at), code="go")


@pytest.fixture
def redirect(runtime: Runtime) -> Iterator[Redirect]:
    made = make_redirect(runtime)
    yield made
    made.stop()


def stored(runtime: Runtime) -> int:
    with runtime.db.read() as session:
        return session.scalar(select(func.count()).select_from(Click)) or 0


def seen(link: Link, at: datetime) -> Seen:
    return Seen(link.id, link.brand_id, at, "192.0.2.1", FIREFOX, "", False)


def test_a_click_is_stored_within_two_seconds(runtime: Runtime, redirect: Redirect, link: Link) -> None:
    redirect.start()
    Visit(redirect, "/go")
    wait_for(lambda: stored(runtime) == 1, 2)


def test_a_stop_stores_all_that_was_answered(runtime: Runtime, redirect: Redirect, link: Link) -> None:
    redirect.start()
    answered = []

    def visit() -> None:
        for _ in range(300):
            answered.append(Visit(redirect, "/go").status)

    threads = [threading.Thread(target=visit) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    redirect.stop()
    assert answered == [302] * 1200
    assert stored(runtime) == 1200
    assert redirect.clicks.dropped == 0


def test_without_its_thread_each_click_is_written_at_once(runtime: Runtime, redirect: Redirect, link: Link) -> None:
    Visit(redirect, "/go")
    assert stored(runtime) == 1


def test_a_thread_that_dies_leaves_writing_to_the_visitors(
    runtime: Runtime, redirect: Redirect, link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die() -> int:
        raise MemoryError

    monkeypatch.setattr(redirect.clicks, "flush", die)
    redirect.start()
    wait_for(lambda: not redirect.clicks.alive)
    monkeypatch.undo()
    Visit(redirect, "/go")
    assert stored(runtime) == 1


def test_a_database_that_is_away_for_a_while_costs_no_click_and_no_visitor(
    runtime: Runtime, redirect: Redirect, link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    Visit(redirect, "/go")
    away = threading.Event()
    away.set()
    real = ClickWriter._store

    def sometimes(self: ClickWriter, *args: object) -> None:
        if away.is_set():
            raise OperationalError("INSERT", {}, Exception("database is locked"))
        real(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(ClickWriter, "_store", sometimes)
    redirect.start()
    for _ in range(20):
        assert Visit(redirect, "/go").status == 302
    wait_for(lambda: len(redirect.clicks._waiting) == 20)
    away.clear()
    wait_for(lambda: stored(runtime) == 21)
    assert redirect.clicks.dropped == 0


def test_the_buffer_has_an_end_and_counts_what_it_drops(
    runtime: Runtime, link: Link, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_WAITING", 5)
    writer = ClickWriter(runtime.db)
    writer.alive = True
    for _ in range(8):
        writer.add(seen(link, at))
    assert writer.dropped == 3
    assert writer.flush() == 5
    assert stored(runtime) == 5


def test_clicks_of_a_link_that_was_deleted_for_good_do_not_hold_up_the_others(
    runtime: Runtime, link: Link, at: datetime
) -> None:
    gone = make_link(runtime, link.brand_id, "https://example.org/gone")
    writer = ClickWriter(runtime.db)
    writer.alive = True
    for one in (link, gone, link):
        writer.add(seen(one, at))
    with runtime.db.write() as session:
        session.execute(text("DELETE FROM links WHERE id = :id"), {"id": gone.id})
    assert writer.flush() == 2
    assert (stored(runtime), writer.dropped) == (2, 1)


def test_another_process_sees_a_change_within_a_second(runtime: Runtime, redirect: Redirect, link: Link) -> None:
    redirect.start()
    wait_for(lambda: Visit(redirect, "/go").status == 302)
    with runtime.db.write() as session:
        change_link(session, link.id, {"url": "https://example.org/new"}, version=1, now=runtime.clock())
    wait_for(lambda: Visit(redirect, "/go").to == "https://example.org/new", 1.5)
