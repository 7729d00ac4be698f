"""One polite request for a feed: conditional, capped, and every way it can go wrong as a `PollFailed`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from backend.connectors.access import split_login
from backend.connectors.base import Fetched, FetchState, PollFailed
from backend.connectors.feed.hub import find_hub
from backend.connectors.feed.parse import NotAFeed, parse_feed
from backend.connectors.headers import fresh_for_s, pause_s, retry_after_s
from backend.infra.http import (
    REDIRECTS,
    Blocked,
    BodyTooLarge,
    HttpClient,
    HttpFailed,
    HttpResponse,
    NotSent,
    OutcomeUnknown,
    TooLate,
)

DEADLINE_S = 20.0
MAX_BYTES = 5_000_000
ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
PERMANENT = (301, 308)
# People copy the address of the page where alerts are managed instead of the feed's.
_ALERTS_PAGE = re.compile(r"^https?://(www\.)?google\.[a-z.]+/alerts(?!/feeds/)", re.IGNORECASE)


def is_alerts_page(url: str) -> bool:
    """The management page of Google Alerts, pasted by mistake."""
    return bool(_ALERTS_PAGE.match(url))


def get_feed(http: HttpClient, url: str, state: FetchState, *, now: datetime) -> HttpResponse:
    """The answer to a conditional GET: 2xx or 304. Raises PollFailed for everything else."""
    headers = {"Accept": ACCEPT}
    # Both are opaque: sent back exactly as they came, never made up.
    if state.etag:
        headers["If-None-Match"] = state.etag
    if state.last_modified:
        headers["If-Modified-Since"] = state.last_modified
    answer = request(http, url, headers=headers, now=now)
    if answer.status == 304 and not (state.etag or state.last_modified):
        raise PollFailed("http_error", "the server says that nothing changed (HTTP 304), and was not asked that")
    return answer


def request(
    http: HttpClient,
    url: str,
    *,
    now: datetime,
    headers: Mapping[str, str] | None = None,
    params: Mapping[str, str] | None = None,
    deadline_s: float = DEADLINE_S,
    follow: int = 5,
) -> HttpResponse:
    """GET with the errors of listening: 2xx and 304 come back, with `follow=0` redirects too; all else is a PollFailed
    with its code."""
    answer = exchange(http, url, headers=headers, params=params, deadline_s=deadline_s, follow=follow)
    redirected = follow == 0 and answer.status in REDIRECTS and "location" in answer.headers
    return answer if redirected else judged(answer, now)


def exchange(
    http: HttpClient,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    params: Mapping[str, str] | None = None,
    deadline_s: float = DEADLINE_S,
    follow: int = 5,
) -> HttpResponse:
    """GET whose answer comes back whatever its status; where there is none, a PollFailed."""
    try:
        return http.get(
            url, headers=dict(headers or {}), params=params, deadline_s=deadline_s, max_bytes=MAX_BYTES, follow=follow
        )
    except Blocked as error:
        raise PollFailed("blocked", str(error)) from error
    except NotSent as error:
        raise PollFailed("unreachable", str(error)) from error
    except BodyTooLarge as error:
        raise PollFailed("too_large", f"the answer is larger than {MAX_BYTES // 1_000_000} MB") from error
    except TooLate as error:
        raise PollFailed("timeout", str(error)) from error
    except OutcomeUnknown as error:
        raise PollFailed("broken_answer", str(error)) from error
    except HttpFailed as error:
        raise PollFailed("http_error", str(error)) from error


def judged(answer: HttpResponse, now: datetime) -> HttpResponse:
    """The same answer where it is 2xx or 304. Raises PollFailed for everything else."""
    wait = retry_after_s(answer.headers.get("retry-after", ""), now) or pause_s(answer.headers, now)
    if answer.status in (429, 503) or (answer.status == 403 and wait):  # GitHub and others refuse so who asks too often
        code = "rate_limited" if answer.status != 503 or wait else "http_error"
        raise PollFailed(code, f"the server asks us to wait (HTTP {answer.status})", wait)
    if answer.status == 404:
        raise PollFailed("not_found", "nothing is there any more (HTTP 404)")
    if answer.status == 410:
        raise PollFailed("gone", "the server says that this is gone for good (HTTP 410)")
    if answer.status in (401, 403):
        code = "unauthorized" if answer.status == 401 else "forbidden"
        raise PollFailed(code, f"the server does not let us in (HTTP {answer.status})")
    if answer.status != 304 and not 200 <= answer.status < 300:
        raise PollFailed("http_error", f"HTTP {answer.status}")
    return answer


def read_answer(url: str, answer: HttpResponse, state: FetchState, *, now: datetime) -> Fetched:
    """What a 2xx or 304 says. Raises PollFailed (`not_a_feed`) and leaves the old validators to the caller then."""
    moved_to = permanent_target(url, answer)
    if answer.status == 304:
        return _with_headers(Fetched((), _refreshed(answer, state), not_modified=True, moved_to=moved_to), answer, now)
    digest = hashlib.sha256(answer.body).hexdigest()
    fresh = FetchState(
        etag=_validator(answer, "etag"), last_modified=_validator(answer, "last-modified"), body_hash=digest
    )
    if digest == state.body_hash:  # servers without 304, as Google Alerts
        return _with_headers(Fetched((), fresh, not_modified=True, moved_to=moved_to), answer, now)
    try:
        parsed = parse_feed(answer.body, url=answer.url, content_type=answer.headers.get("content-type", ""))
    except NotAFeed as error:
        raise PollFailed("not_a_feed", f"no feed is there: {error}") from error
    hub = find_hub(answer.url, answer.headers, answer.body)
    read = Fetched(
        parsed.items,
        fresh,
        title=parsed.title,
        site_url=parsed.site_url,
        moved_to=moved_to,
        wishes=parsed.wishes,
        hub=hub.url if hub else "",
        topic=hub.topic if hub else "",
    )
    return _with_headers(read, answer, now)


def _with_headers(fetched: Fetched, answer: HttpResponse, now: datetime) -> Fetched:
    return replace(fetched, ttl_s=fresh_for_s(answer.headers, now), pause_s=pause_s(answer.headers, now))


def permanent_target(url: str, answer: HttpResponse) -> str:
    """Where the feed moved for good: the end of the leading run of permanent redirects, "" when it did not.

    A temporary redirect ends the run: what lies behind it is not promised.
    """
    target = ""
    for status, location in answer.redirects:
        if status not in PERMANENT or split_login(location)[0] != location:
            break  # nor is a name with a password kept with an address
        target = location
    return target if target != url else ""


def _validator(answer: HttpResponse, name: str) -> str:
    value = answer.headers.get(name, "")
    return value if len(value) <= 500 and value.isascii() else ""


def _refreshed(answer: HttpResponse, state: FetchState) -> FetchState:
    """RFC 9111 §4.3.4: a 304 may bring newer validators."""
    return FetchState(
        etag=_validator(answer, "etag") or state.etag,
        last_modified=_validator(answer, "last-modified") or state.last_modified,
        body_hash=state.body_hash,
        cursor=state.cursor,
    )
