"""The timing rules, as a table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from backend.connectors.base import PollFailed, Wishes
from backend.listening.when import (
    Rhythm,
    Standing,
    after_answer,
    after_failure,
    after_silence,
    back_off_s,
    due_after,
    interval_after,
    not_before,
)

RHYTHM = Rhythm(least_s=900, most_s=14_400)


@pytest.mark.parametrize(
    ("ages_h", "wish_s", "expected"),
    [
        ([], None, 14_400),  # nothing is known
        ([24 * 40], None, 14_400),
        ([24 * 20], None, 7_200),
        ([24 * 10], None, 3_600),
        ([1], None, 3_600),  # one item says little
        ([1, 2, 3, 4], None, 1_800),  # one an hour: every half hour
        ([0.01 * n for n in range(20)], None, 900),  # however often: not more often than that
        ([24 * n for n in range(5)], None, 14_400),
        ([1, 2, 3, 4], 3_600, 3_600),  # the server's wish makes it rarer
        ([1, 2, 3, 4], 60, 1_800),  # and never more frequent
        ([1, 2, 3, 4], 10**9, 86_400),  # never rarer than a day
        ([-5, 1, 2, 3, 4], None, 1_800),  # what is dated tomorrow says nothing
    ],
)
def test_how_often_a_feed_is_asked(at: datetime, ages_h: list[float], wish_s: int | None, expected: int) -> None:
    published = [at - timedelta(hours=age) for age in ages_h]
    assert interval_after(published, RHYTHM, wish_s=wish_s, now=at) == expected


def test_errors_back_off_up_to_half_a_day_and_only_an_hour_where_it_may_be_our_side() -> None:
    assert [back_off_s(n, "http_error", retry_after_s=None) for n in (1, 2, 3, 8, 500)] == [
        300,
        600,
        1200,
        38_400,
        43_200,
    ]
    assert [back_off_s(n, "unreachable", retry_after_s=None) for n in (1, 4, 500)] == [300, 2_400, 3_600]
    assert back_off_s(1, "rate_limited", retry_after_s=7_200) == 7_200


def failed(before: Standing, code: str, at: datetime, *, outage_s: float | None = None) -> Standing:
    return after_failure(before, PollFailed(code, ""), outage_s=outage_s, now=at, chance=0)


def test_three_failures_in_a_row_put_a_feed_to_sleep_and_nothing_kills_it(at: datetime) -> None:
    standing, states = Standing("ok", 0, 900), []
    for _ in range(900):
        standing = failed(standing, "http_error", at)
        states.append(standing.state)
        assert standing.due_at is not None
        assert standing.due_at - at <= timedelta(hours=12)
    assert states[:4] == ["ok", "ok", "asleep", "asleep"]
    again = after_answer([], RHYTHM, Wishes(), now=at, chance=0.5)
    assert (again.state, again.failures) == ("ok", 0)


def test_what_is_gone_for_good_rests_until_a_person_asks(at: datetime) -> None:
    assert failed(Standing("ok", 0, 900), "gone", at) == Standing("gone", 1, 900, None)


def test_while_our_own_network_is_down_nothing_is_blamed_and_it_is_asked_ever_more_rarely(at: datetime) -> None:
    before = Standing("asleep", 4, 900)
    for outage_s, minutes in ((0, 1), (600, 2.5), (3_600, 15), (86_400, 15)):
        after = failed(before, "unreachable", at, outage_s=outage_s)
        assert after == Standing("asleep", 4, 900, at + timedelta(minutes=minutes))


def test_in_hours_and_on_days_without_news_a_feed_is_not_asked() -> None:
    monday = datetime(2026, 11, 23, 22, 40, tzinfo=UTC)
    night = Wishes(skip_hours=(0, 1, 2, 3, 4, 22, 23))
    assert after_silence(monday, night) == datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
    assert after_silence(monday, Wishes(skip_days=(0, 1))) == datetime(2026, 11, 25, 0, 0, tzinfo=UTC)
    assert after_silence(monday, Wishes(skip_hours=(3,))) == monday
    # Whoever says that they never publish is asked all the same.
    assert after_silence(monday, Wishes(skip_hours=tuple(range(24)))) == monday
    assert after_silence(monday, Wishes(skip_days=tuple(range(7)))) == monday


def test_chance_spreads_what_began_together_but_never_before_what_was_asked(at: datetime) -> None:
    assert due_after(100, now=at, chance=0) == at + timedelta(seconds=90)
    assert due_after(100, now=at, chance=1) == at + timedelta(seconds=110)
    assert not_before(100, now=at, chance=0) == at + timedelta(seconds=100)
