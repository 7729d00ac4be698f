"""The automaton of all keywords: built once, by one thread, and never in the way of a turn."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Event

import pytest
from sqlalchemy.orm import Session

from backend.accounts.brands import create_brand
from backend.infra.db import Database
from backend.listening import watching as module
from backend.listening.keywords import change_keyword, create_keyword, remove_keyword
from backend.listening.matching import Watching, make_watching
from backend.listening.watching import Keeper, load_watching
from backend.query.match import read_text
from tests.waiting import wait_for


def found(watching: Watching, text: str) -> list[int]:
    return [match.key for match in watching.match(read_text({"title": "", "text": text}))]


@pytest.fixture
def brand_id(db: Database, at: datetime) -> int:
    with db.write() as session:
        return create_brand(session, {"name": "Café"}, now=at).id


def add(session: Session, brand_id: int, query: str, at: datetime) -> int:
    return create_keyword(session, brand_id, {"query": query}, now=at).id


def test_the_next_turn_knows_what_changed_without_building_anew(
    db: Database, brand_id: int, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with db.write() as session:
        first, second = add(session, brand_id, "café", at), add(session, brand_id, "thé", at)
    with db.read() as session:
        before = load_watching(session)
        assert load_watching(session) is before
    assert found(before, "un café, un thé") == [first, second]
    monkeypatch.setattr(module, "make_watching", None)  # whoever builds anew now fails
    with db.write() as session:
        third = add(session, brand_id, "lumi*", at)
        change_keyword(session, first, {"query": "bistrot"}, version=1, now=at)
        remove_keyword(session, second, now=at)
    with db.read() as session:
        after = load_watching(session)
        assert load_watching(session) is after
    assert found(after, "un café, un thé, des lumières, un bistrot") == [first, third]
    assert set(after.watches) == {first, third}
    assert found(before, "un café") == [first]  # who holds the old one may go on with it


def test_many_threads_build_the_first_one_once(
    db: Database, brand_id: int, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = []
    monkeypatch.setattr(module, "make_watching", lambda keywords: built.append(1) or make_watching(keywords))
    with db.write() as session:
        only = add(session, brand_id, "café", at)

    def turn(_: int) -> list[int]:
        with db.read() as session:
            return found(load_watching(session), "un café")

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(turn, range(12))) == [[only]] * 12
    assert built == [1]


def test_turns_go_on_while_a_big_one_is_built_and_take_it_when_it_is_there(
    db: Database, brand_id: int, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, builds = Event(), []

    def slowly(keywords: object) -> Watching:
        builds.append(1)
        if len(builds) > 1:
            assert go_on.wait(30)
        return make_watching(keywords)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "make_watching", slowly)
    monkeypatch.setattr(module, "LATE", 2)
    with db.read() as session:
        keeper = Keeper(session.get_bind().engine)
        assert found(keeper.load(session), "mot1") == []
    with db.write() as session:
        ids = [add(session, brand_id, f"mot{number}", at) for number in range(5)]

    def turn(number: int) -> list[int]:
        with db.read() as session:
            return found(keeper.load(session), f"mot{number}")

    try:
        with ThreadPoolExecutor(5) as pool:
            assert list(pool.map(turn, range(5))) == [[one] for one in ids]
        assert wait_for(lambda: len(builds) == 2)
    finally:
        go_on.set()

    def has_taken_over() -> bool:
        with db.read() as session:
            now = keeper.load(session)
        return now.late is None and set(now.watches) == set(ids)

    wait_for(has_taken_over)
    assert len(builds) == 2
    assert [turn(number) for number in range(5)] == [[one] for one in ids]


def test_a_first_build_that_fails_is_tried_again(
    db: Database, brand_id: int, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: object) -> Watching:
        raise MemoryError

    with db.write() as session:
        only = add(session, brand_id, "café", at)
    with db.read() as session:
        keeper = Keeper(session.get_bind().engine)
        with monkeypatch.context() as patch:
            patch.setattr(module, "make_watching", fails)
            with pytest.raises(MemoryError):
                keeper.load(session)
        assert found(keeper.load(session), "café") == [only]
