"""What the headers of an answer say about asking again: pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

MOST_S = 86_400
#: a number that is larger is a moment since 1970, not a span
_EPOCH_S = 1_000_000_000


def fresh_for_s(headers: Mapping[str, str], now: datetime) -> int | None:
    """Cache-Control's max-age less Age, else Expires less Date, in seconds; None when the server wishes nothing."""
    control = headers.get("cache-control", "").lower()
    if "no-cache" in control or "no-store" in control:
        return None
    found = re.search(r"\bmax-age\s*=\s*\"?(\d+)", control)
    if found is not None:
        age = headers.get("age", "").strip()
        left = int(found[1][:9]) - (int(age) if age.isdigit() and len(age) < 9 else 0)
        return min(left, MOST_S) if left > 0 else None
    # By the server's own clock where it tells it: many are minutes wrong.
    begins = _date(headers.get("date", "")) or now
    ends = _date(headers.get("expires", ""))
    return _whole((ends - begins).total_seconds()) if ends else None


def retry_after_s(value: str, now: datetime) -> int | None:
    """Seconds, from a number or an HTTP date; None when there is neither. At most a day."""
    value = value.strip()
    if value.isdigit():
        seconds: float = int(value[:9])
    else:
        at = _date(value)
        if at is None:
            return None
        seconds = (at - now).total_seconds()
    return min(int(seconds), MOST_S) if seconds > 0 else None


def pause_s(headers: Mapping[str, str], now: datetime) -> int | None:
    """Seconds for which nobody shall ask this service: nothing is left of its limit until then. At most a day.

    `X-RateLimit-*` and `RateLimit-*` as they are met: a span in seconds (Reddit, the IETF draft), seconds since 1970
    (GitHub), an ISO moment (Mastodon).
    """
    for prefix in ("x-ratelimit-", "ratelimit-"):
        left = headers.get(f"{prefix}remaining", "").strip()
        if re.fullmatch(r"\d{1,9}(?:\.\d+)?", left) and float(left) < 1:
            wait = _until(headers.get(f"{prefix}reset", "").strip(), now)
            if wait is not None:
                return wait
    return None


def _until(reset: str, now: datetime) -> int | None:
    if re.fullmatch(r"\d{1,10}(?:\.\d+)?", reset):
        number = float(reset)
        return _whole(number - now.timestamp() if number >= _EPOCH_S else number)
    try:
        at = datetime.fromisoformat(reset)
    except ValueError:
        return None
    return _whole(((at if at.tzinfo else at.replace(tzinfo=UTC)) - now).total_seconds())


def _whole(seconds: float) -> int | None:
    """Rounded up; None for what is over."""
    return min(int(seconds) + 1, MOST_S) if seconds > 0 else None


def _date(value: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    return at if at.tzinfo is not None else None
