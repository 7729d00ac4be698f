"""From an HTTP answer, or its absence, to what it means for a post. The one place where this is decided.

Certainly not created (nothing was sent, 429) → try again. Refused cleanly (4xx) → rejected. The secret is not accepted
(401) → a person must act. Everything else (5xx, dropped connection, time-out after sending) → uncertain: it may exist.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from backend.connectors.base import PollFailed, Rejected, RetryLater, Unauthorized, Uncertain
from backend.infra.http import Blocked, HttpFailed, HttpResponse, NotSent, TooLate

LONGEST_WAIT_S = 3600


def write_failed(error: HttpFailed) -> Rejected | RetryLater | Uncertain:
    """The call that creates something brought no answer."""
    if isinstance(error, Blocked):
        return Rejected("blocked", str(error))
    if isinstance(error, NotSent):
        return RetryLater(str(error))
    return Uncertain(str(error))


def write_refused(answer: HttpResponse) -> Rejected | RetryLater | Unauthorized | Uncertain:
    """The call that creates something was answered by something else than 2xx."""
    words = said(answer)
    if answer.status == 401:
        return Unauthorized(words)
    if answer.status == 429:
        return RetryLater(words, retry_after_s(answer))
    if answer.status == 408 or answer.status >= 500:
        return Uncertain(words)
    return Rejected(_code(answer.status), words)


def read_failed(error: HttpFailed) -> Rejected | RetryLater:
    """A call that creates nothing brought no answer: it can always be made again."""
    return Rejected("blocked", str(error)) if isinstance(error, Blocked) else RetryLater(str(error))


def read_refused(answer: HttpResponse) -> Rejected | RetryLater | Unauthorized:
    """A call that creates nothing was answered by something else than 2xx."""
    words = said(answer)
    if answer.status == 401:
        return Unauthorized(words)
    if answer.status in (408, 429) or answer.status >= 500:
        return RetryLater(words, retry_after_s(answer))
    return Rejected(_code(answer.status), words)


def polled(call: Callable[[], HttpResponse], *, missing: str = "http_error") -> Any:
    """The JSON of a call that an account makes to hear what was said to it. `missing`: the code of what is not there.

    Raises PollFailed for all that is no 2xx.
    """
    try:
        answer = call()
    except Blocked as error:
        raise PollFailed("blocked", str(error)) from error
    except NotSent as error:
        raise PollFailed("unreachable", str(error)) from error
    except TooLate as error:
        raise PollFailed("timeout", str(error)) from error
    except HttpFailed as error:
        raise PollFailed("broken_answer", str(error)) from error
    if 200 <= answer.status < 300:
        try:
            return answer.json()
        except ValueError as error:
            raise PollFailed("not_a_feed", "the answer cannot be read") from error
    code = {401: "unauthorized", 404: missing, 410: missing, 429: "rate_limited"}.get(answer.status, "http_error")
    raise PollFailed(code, said(answer), retry_after_s(answer) if answer.status in (429, 503) else None)


def _code(status: int) -> str:
    if 300 <= status < 400:
        return "moved"
    return {403: "forbidden", 404: "not_found", 413: "too_large"}.get(status, "refused")


def said(answer: HttpResponse) -> str:
    """The server's own words, short: JSON `message`, `error_description` or `error`, else the status."""
    try:
        body = answer.json()
    except ValueError:
        body = None
    words = ""
    if isinstance(body, dict):
        words = next((str(body[k]) for k in ("message", "error_description", "error") if body.get(k)), "")
    return f"{answer.status}: {words[:300]}" if words else f"the server answered {answer.status}"


def retry_after_s(answer: HttpResponse) -> int | None:
    """How long the server asks to wait: Retry-After (seconds or a date), else the end of its rate window."""
    sent_at = http_date(answer.headers.get("date", ""))
    value = answer.headers.get("retry-after", "").strip()
    wait: float | None = None
    if value.isascii() and value.isdigit():
        wait = int(value)
    elif value and sent_at and (until := http_date(value)):
        wait = (until - sent_at).total_seconds()
    else:
        reset = answer.headers.get("ratelimit-reset") or answer.headers.get("x-ratelimit-reset") or ""
        ends = _window_end(reset)
        if ends and sent_at:
            wait = (ends - sent_at).total_seconds()
    return None if wait is None else int(min(max(wait, 1), LONGEST_WAIT_S))


def _window_end(reset: str) -> datetime | None:
    try:
        if reset.isascii() and reset.isdigit():  # Bluesky: seconds since 1970
            return datetime.fromtimestamp(int(reset), UTC)
        at = datetime.fromisoformat(reset)  # Mastodon
    except (ValueError, OverflowError, OSError):
        return None
    return at if at.tzinfo else None


def http_date(value: str) -> datetime | None:
    """A moment as HTTP writes it; None for anything else."""
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, TypeError):
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at
