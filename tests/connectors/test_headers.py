"""What headers say about asking again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from backend.connectors.headers import fresh_for_s, pause_s, retry_after_s

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
IN_AN_HOUR = "Mon, 23 Nov 2026 10:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"cache-control": "public, max-age=600"}, 600),
        ({"cache-control": "max-age=600", "age": "590"}, 10),
        ({"cache-control": "max-age=600", "age": "700"}, None),
        ({"cache-control": "no-cache, max-age=600"}, None),
        ({"cache-control": "max-age=60", "expires": IN_AN_HOUR}, 60),
        ({"expires": IN_AN_HOUR}, 3601),
        ({"expires": IN_AN_HOUR, "date": "Mon, 23 Nov 2026 09:30:00 GMT"}, 1801),  # its clock is wrong
        ({"expires": "0"}, None),
        ({"expires": "Thu, 01 Jan 1970 00:00:00 GMT"}, None),
        ({"expires": "Mon, 23 Nov 30000 10:00:00 GMT"}, None),
        ({"cache-control": "max-age=99999999999999999999"}, 86_400),
    ],
)
def test_how_long_an_answer_is_fresh(headers: dict[str, str], seconds: int | None) -> None:
    assert fresh_for_s(headers, NOW) == seconds


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"x-ratelimit-remaining": "12", "x-ratelimit-reset": "60"}, None),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "60"}, 61),
        ({"x-ratelimit-remaining": "0.0", "x-ratelimit-reset": "59.5"}, 60),  # Reddit
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(NOW.timestamp()) + 900)}, 901),  # GitHub
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "2026-11-23T09:05:00.000000Z"}, 301),  # Mastodon
        ({"ratelimit-remaining": "0", "ratelimit-reset": "30"}, 31),
        ({"x-ratelimit-remaining": "0"}, None),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "soon"}, None),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "2025-01-01T00:00:00Z"}, None),
        ({"x-ratelimit-remaining": "none", "x-ratelimit-reset": "60"}, None),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "9999999999"}, 86_400),
    ],
)
def test_how_long_a_service_wants_to_be_left_alone(headers: dict[str, str], seconds: int | None) -> None:
    assert pause_s(headers, NOW) == seconds


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("120", 120), (" 5 ", 5), ("0", None), (IN_AN_HOUR, 3600), ("soon", None), ("", None), ("9" * 30, 86_400)],
)
def test_retry_after(value: str, seconds: int | None) -> None:
    assert retry_after_s(value, NOW) == seconds
