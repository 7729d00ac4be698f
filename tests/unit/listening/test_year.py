"""A year of polling 200 feeds: `year.py` raises where a service is asked too much or a feed is silent for no reason."""

from __future__ import annotations

from tests.unit.listening.year import live_a_year


def test_a_year_of_polling_keeps_every_promise() -> None:
    year = live_a_year(200)
    assert year.polls > 400_000
    assert year.answers > 0.9 * year.polls
    assert year.put_off > 1_000  # budgets were felt
    assert {"unreachable", "http_error", "not_found", "rate_limited", "gone"} <= year.failures.keys()
    # While our own network was away hardly anybody was blamed.
    assert year.ours > 1_000
    assert year.blamed < 0.01 * year.ours


def test_an_overloaded_service_passes_nobody_over() -> None:
    """1,800 feeds, of which 270 share a service that may be asked once a minute: each has its turn."""
    year = live_a_year(1_800, days=6, crowd=1_800)
    assert year.requests["reddit.com 0"] > 0.9 * 6 * 86_400 / 65
