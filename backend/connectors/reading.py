"""What the kinds of sources share: a feed at an address of theirs, a JSON answer, a moment, an address they know."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from backend.connectors.base import Fetched, FetchState, Item, PollFailed
from backend.connectors.feed.client import get_feed, read_answer, request
from backend.connectors.feed.dates import read_date
from backend.connectors.feed.parse import sane_moment
from backend.connectors.headers import pause_s
from backend.connectors.kind import Asking, Fetch, Params


def read_feed(asking: Asking, url: str, state: FetchState) -> Fetched:
    """A conditional request for a feed, as the generic kind makes it. Raises PollFailed."""
    return read_answer(url, get_feed(asking.http, url, state, now=asking.now), state, now=asking.now)


def feed_at(path: Callable[[Params], str], adapt: Callable[[Item, Params], Item | None] | None = None) -> Fetch:
    """A kind that is a feed at `base` + `path`; `adapt` mends what its items say badly, or leaves one out."""

    def fetch(asking: Asking, params: Params, state: FetchState) -> Fetched:
        fetched = read_feed(asking, asking.base + path(params), state)
        if adapt is None:
            return fetched
        items = [mended for item in fetched.items if (mended := adapt(item, params)) is not None]
        return replace(fetched, items=items)

    return fetch


@dataclass(frozen=True)
class Answered:
    """A JSON object. `pause_s`: the service says that its limit is reached for so long."""

    body: Mapping[str, Any]
    pause_s: int | None = None

    def rows(self, name: str) -> list[dict[str, Any]]:
        """The objects of a list in it. Raises PollFailed where there is no such list: then it is another answer."""
        found = self.body.get(name)
        if not isinstance(found, list):
            raise PollFailed("not_a_feed", f"the answer holds no {name}")
        return [row for row in found if isinstance(row, dict)]


def read_json(
    asking: Asking, url: str, query: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
) -> Answered:
    """Raises PollFailed for all that is no JSON object."""
    answer = request(
        asking.http, url, params=query, headers={"Accept": "application/json", **(headers or {})}, now=asking.now
    )
    return Answered(json_object(answer.json), pause_s(answer.headers, asking.now))


def json_object(read: Callable[[], Any]) -> dict[str, Any]:
    """Raises PollFailed."""
    try:
        body = read()
    except ValueError as error:
        raise PollFailed("not_a_feed", "the answer is no JSON") from error
    if not isinstance(body, dict):
        raise PollFailed("not_a_feed", "the answer is not what this service gives")
    return body


MAX_PAGES = 5  # after a long sleep; what lies further back is not fetched


@dataclass(frozen=True)
class Page:
    """A page of a search, newest first. `full`: there may be another one behind it; `dates`: of what stands on it."""

    items: Sequence[Item]
    full: bool
    dates: Sequence[datetime | None] = ()
    pause_s: int | None = None


@dataclass(frozen=True)
class Pages:
    """`complete`: read as far back as it was to be; else the same has to be asked again, later."""

    items: list[Item]
    newest: datetime | None = None
    pause_s: int | None = None
    complete: bool = True


def turn_pages(asking: Asking, since: datetime | None, ask: Callable[[int], Page]) -> Pages:
    """Pages (from 0) until `since`, so that nothing is lost between two polls; the first one only where it is None.
    Raises PollFailed where that one is not answered."""
    items: list[Item] = []
    dates: list[datetime] = []
    pause_s, complete = None, True
    for number in range(MAX_PAGES if since else 1):
        if number and not asking.may_go_on():
            complete = False
            break
        try:
            page = ask(number)
        except PollFailed as failed:
            if not number:
                raise
            pause_s, complete = failed.retry_after_s, False
            break
        items += page.items
        there = [at for at in page.dates if at is not None]
        dates += there
        pause_s = page.pause_s
        if since is None or not page.full or not there or min(there) <= since:
            break
        if pause_s:
            complete = False
            break
    return Pages(items, max(dates, default=None), pause_s, complete)


def cursor_after(pages: Pages, cursor: str) -> str:
    """The moment of the newest that was read, as `read_moment` reads it; as it was where not all could be read."""
    before = read_moment(cursor)
    if not pages.complete or pages.newest is None or (before is not None and pages.newest <= before):
        return cursor
    return f"{pages.newest:%Y-%m-%dT%H:%M:%SZ}"


def whole(value: object) -> str:
    """A text of an answer, "" for what is none."""
    return value if isinstance(value, str) else ""


def part(row: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """An object inside an object, an empty one where there is none."""
    found = row.get(name)
    return found if isinstance(found, dict) else {}


def read_moment(value: object) -> datetime | None:
    """Seconds since 1970 or a date as text; UTC, also where a date names no zone."""
    if isinstance(value, int) and not isinstance(value, bool):
        return sane_moment(datetime.fromtimestamp(value, UTC)) if 0 < value < 4_102_444_800 else None
    text = whole(value)
    if re.fullmatch(r"[\d-]{10}T[\d:.]{5,20}", text):
        text += "Z"
    return sane_moment(read_date(text)) if text else None


def like(*patterns: str) -> Callable[[str], Params | None]:
    """A `recognise` of addresses: the named groups of the first pattern that fits are the params. What a person pastes
    may come with `www.`, another scheme, a slash, a question or a fragment behind it; a pattern begins with the host
    and may look at what follows a `?`."""
    known = [re.compile(rf"(?:https?://)?(?:www\.)?{pattern}", re.IGNORECASE) for pattern in patterns]

    def recognise(url: str) -> Params | None:
        url = url.partition("#")[0]
        for asked in (url, url.partition("?")[0].rstrip("/")):
            for pattern in known:
                if found := pattern.fullmatch(asked):
                    return {name: unquote(value) for name, value in found.groupdict().items() if value}
        return None

    return recognise
