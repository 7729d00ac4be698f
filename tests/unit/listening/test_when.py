"""The timing rules, as a table."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from backend.listening.when import Rhythm, back_off_s, due_after, interval_after, not_before, state_after

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
    assert back_off_s(1, "gone", retry_after_s=None) == 7 * 86_400


def test_three_failures_in_a_row_put_a_feed_to_sleep_and_nothing_kills_it() -> None:
    assert [state_after(n, "http_error") for n in (0, 1, 2, 3, 900)] == ["ok", "ok", "ok", "asleep", "asleep"]
    assert state_after(1, "gone") == "gone"


def test_chance_spreads_what_began_together_but_never_before_what_was_asked(at: datetime) -> None:
    assert due_after(100, now=at, chance=0) == at + timedelta(seconds=90)
    assert due_after(100, now=at, chance=1) == at + timedelta(seconds=110)
    assert not_before(100, now=at, chance=0) == at + timedelta(seconds=100)
