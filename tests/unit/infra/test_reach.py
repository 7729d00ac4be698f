"""Whose fault silence is."""

from __future__ import annotations

from datetime import datetime, timedelta

from backend.infra.reach import Reach


def test_one_that_is_silent_while_others_answer_is_to_blame(at: datetime) -> None:
    reach = Reach()
    reach.answered("b.example", now=at)
    assert not reach.is_ours("a.example", now=at + timedelta(minutes=1))


def test_three_that_fall_silent_together_are_not(at: datetime) -> None:
    reach = Reach()
    reach.answered("z.example", now=at)
    assert [reach.is_ours(name, now=at) for name in ("a.example", "b.example", "c.example", "a.example")] == [
        False,
        False,
        True,
        True,
    ]
    reach.answered("c.example", now=at)
    assert not reach.is_ours("a.example", now=at)


def test_where_nobody_else_is_known_it_is_believed_at_the_third_time(at: datetime) -> None:
    reach = Reach()
    assert [reach.is_ours("a.example", now=at + timedelta(minutes=n)) for n in range(3)] == [True, True, False]


def test_in_the_first_minute_of_an_outage_nobody_is_blamed(at: datetime) -> None:
    reach = Reach()
    assert [reach.is_ours(name, now=at) for name in ("a.example", "b.example", "c.example")] == [True] * 3


def test_what_was_long_ago_says_nothing(at: datetime) -> None:
    reach = Reach()
    reach.answered("b.example", now=at)
    assert reach.is_ours("a.example", now=at + timedelta(minutes=6))


def test_the_only_source_that_is_dead_is_to_blame_however_rarely_it_is_asked(at: datetime) -> None:
    reach = Reach()
    reach.answered("a.example", now=at)
    asked = [at + timedelta(hours=4, minutes=15 * n) for n in range(4)]
    assert [reach.is_ours("a.example", now=now) for now in asked] == [True, True, False, False]
    assert reach.silent_s(now=asked[1]) == 15 * 60
    reach.answered("a.example", now=asked[3])
    assert reach.silent_s(now=asked[3]) == 0
    assert reach.is_ours("a.example", now=asked[3] + timedelta(hours=1))


def test_an_answer_of_a_time_to_come_says_nothing(at: datetime) -> None:
    reach = Reach()
    reach.answered("b.example", now=at + timedelta(days=1))
    assert reach.is_ours("a.example", now=at)
