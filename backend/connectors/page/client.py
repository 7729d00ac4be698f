"""Pages without a feed, asked politely: as robots.txt says, conditionally, one host's delay for all of its pages."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from backend.connectors.base import Fetched, FetchState, Item, PollFailed, Wishes
from backend.connectors.feed.client import permanent_target, request
from backend.connectors.feed.identity import own_address
from backend.connectors.headers import fresh_for_s, pause_s
from backend.connectors.kind import Asking, Params
from backend.connectors.page import text
from backend.connectors.page.child import Page, derive, read_items, read_lines
from backend.connectors.page.recipe import Reading, Recipe
from backend.connectors.robots import book_of
from backend.infra.http import REDIRECTS, HttpClient, HttpResponse

ACCEPT = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"
MOST_HOPS = 5
LEAST_WORDS = 1
USUAL_HOURS = 6  # between two looks at a watched page


def fetch_list(asking: Asking, params: Params, state: FetchState) -> Fetched:
    """`params`: `url` and the parts of a `Recipe`. Raises PollFailed, with the code of a `Reason` where nothing is
    found."""
    look = look_at(asking.http, params["url"], state, now=asking.now)
    if look.page is None:
        return look.unchanged()
    reading = read_items(look.page, Recipe.of(params), now=asking.now)
    if not reading.items:
        raise PollFailed(reading.reasons[0].code if reading.reasons else "nothing_picked", "the list is not there")
    return replace(look.unchanged(), items=reading.items, not_modified=False, title=reading.title)


def fetch_changes(asking: Asking, params: Params, state: FetchState) -> Fetched:
    """One item a change; none at the first look. `params`: `url`, and where given `selector` (what of the page),
    `ignore` (parts of lines that do not count, one a line), `least` (words that must have changed) and `hours` (between
    two looks). The cursor is a `text.Memory`. Raises PollFailed."""
    http, now = asking.http, asking.now
    url, memory = params["url"], text.Memory.read(state.cursor)
    look = look_at(http, url, state if memory.looked else FetchState(cursor=state.cursor), now=now)
    if look.page is None:
        return look.unchanged()
    lines, title = _lines(look.page, params, now)
    change = None
    if memory.looked:
        change = text.compare(*(text.without(some, memory.restless) for some in (memory.lines, lines)))
    # A second look tells what changes by itself. Sites that want a pause between two are spared it.
    if look.delay_s == 0 and (change is not None or not memory.looked):
        again = look_at(http, url, FetchState(), now=now)
        if again.page is not None:
            second, _ = _lines(again.page, params, now)
            moved = text.restless_lines(lines, second)
            memory = replace(memory, restless=sorted({*moved, *memory.restless})[: text.MOST_RESTLESS])
            if change is not None:
                change = text.compare(*(text.without(some, memory.restless) for some in (memory.lines, second)))
                lines = second
    return _told(look, memory, lines, change, title, params, now)


def _told(
    look: Look,
    memory: text.Memory,
    lines: Sequence[str],
    change: text.Change | None,
    title: str,
    params: Mapping[str, str],
    now: datetime,
) -> Fetched:
    items: list[Item] = []
    least = int(params["least"]) if params.get("least", "").isdigit() else LEAST_WORDS
    if change is not None and change.words >= least:
        # By number: what changes to and fro is told each time, and what is asked twice is told once.
        key = f"change-{memory.changes + 1}-{text.hash_of([change.text])[:16]}"
        url = own_address(params["url"], key)
        name = title or urlsplit(params["url"]).netloc
        items = [Item(key, url, title=name, text=change.text, published_at=now, type="page")]
        memory = replace(memory, changes=memory.changes + 1)
    # What changed a little is compared with what was before, until it is enough.
    if items or not memory.looked or change is None:
        memory = replace(memory, lines=lines)
    state = replace(look.state, cursor=memory.write())
    wish = Wishes(int(params.get("hours", USUAL_HOURS)) * 3_600)
    return replace(look.unchanged(), items=items, not_modified=False, state=state, title=title, wishes=wish)


@dataclass(frozen=True)
class Look:
    """One answer to the question for a page. `page` None: it is what it was."""

    page: Page | None
    state: FetchState
    delay_s: float = 0.0
    moved_to: str = ""
    ttl_s: int | None = None
    pause_s: int | None = None
    url: str = ""

    def unchanged(self) -> Fetched:
        return Fetched(
            (),
            self.state,
            not_modified=True,
            site_url=self.url,
            moved_to=self.moved_to,
            ttl_s=self.ttl_s,
            pause_s=max(self.pause_s or 0, round(self.delay_s)) or None,
        )


def look_at(http: HttpClient, url: str, state: FetchState, *, now: datetime) -> Look:
    """Ask for a page, and at each redirect whether its new place is for programs. Raises PollFailed."""
    answer, delay_s = _get(http, url, state, now)
    digest = hashlib.sha256(answer.body).hexdigest()
    same = answer.status == 304 or digest == state.body_hash
    fresh = replace(
        state,
        etag=_short(answer, "etag") or (state.etag if answer.status == 304 else ""),
        last_modified=_short(answer, "last-modified") or (state.last_modified if answer.status == 304 else ""),
        body_hash=state.body_hash if same else digest,
    )
    return Look(
        None if same else Page(answer.body, answer.headers.get("content-type", ""), answer.url),
        fresh,
        delay_s,
        permanent_target(url, answer),
        fresh_for_s(answer.headers, now),
        pause_s(answer.headers, now),
        answer.url,
    )


def preview_list(
    http: HttpClient, url: str, recipe: Recipe | None, ways: Sequence[Sequence[Mapping[str, Any]]], *, now: datetime
) -> tuple[Recipe | None, Reading]:
    """What a recipe, or the one that two clicks give, finds on a page now. Raises PollFailed."""
    page = _page(look_at(http, url, FetchState(), now=now))
    if recipe is None:
        return derive(page, ways, now=now)
    return recipe, read_items(page, recipe, now=now)


@dataclass(frozen=True)
class Watched:
    """What of a page is watched: the lines that count, and those that two looks in a row found changing."""

    lines: Sequence[str]
    restless: Sequence[str] = ()
    title: str = ""
    reasons: Sequence[str] = field(default_factory=list)


def preview_watch(http: HttpClient, params: Mapping[str, str], *, now: datetime) -> Watched:
    """Raises PollFailed."""
    look = look_at(http, params["url"], FetchState(), now=now)
    read = read_lines(_page(look), params.get("selector", ""), now=now)
    if read.reasons:
        return Watched((), title=read.title, reasons=[one.code for one in read.reasons])
    lines = text.keep_lines(read.lines, params.get("ignore", "").splitlines())
    moving: frozenset[str] = frozenset()
    if look.delay_s == 0:
        second, _ = _lines(_page(look_at(http, params["url"], FetchState(), now=now)), params, now)
        moving = text.restless_lines(lines, second)
    return Watched(text.without(lines, moving), [one for one in lines if text.shape(one) in moving], read.title)


def _get(http: HttpClient, url: str, state: FetchState, now: datetime) -> tuple[HttpResponse, float]:
    headers = {"Accept": ACCEPT}
    if state.etag:
        headers["If-None-Match"] = state.etag
    if state.last_modified:
        headers["If-Modified-Since"] = state.last_modified
    redirects: list[tuple[int, str]] = []
    while True:
        delay_s = book_of(http).ask(http, url, now=now)
        answer = request(http, url, headers=headers, now=now, follow=0)
        if answer.status not in REDIRECTS or answer.status == 304:
            return replace(answer, redirects=tuple(redirects)), delay_s
        if len(redirects) >= MOST_HOPS:
            raise PollFailed("http_error", f"more than {MOST_HOPS} redirects")
        try:
            url = urljoin(url, answer.headers["location"].strip().replace(" ", "%20"))
        except ValueError as error:
            raise PollFailed("blocked", "redirected to an address that cannot be understood") from error
        redirects.append((answer.status, url))


def _page(look: Look) -> Page:
    if look.page is None:  # cannot be: nothing was said of an earlier look
        raise PollFailed("http_error", "the server says that a page did not change that was never asked for")
    return look.page


def _lines(page: Page, params: Mapping[str, str], now: datetime) -> tuple[list[str], str]:
    read = read_lines(page, params.get("selector", ""), now=now)
    if read.reasons:
        raise PollFailed(read.reasons[0].code, "what is watched is not there")
    return text.keep_lines(read.lines, params.get("ignore", "").splitlines()), read.title


def _short(answer: HttpResponse, name: str) -> str:
    value = answer.headers.get(name, "")
    return value if len(value) <= 500 and value.isascii() else ""
