"""What customers say of an app in Apple's App Store, country by country, by its feed of reviews: no key, no account.

Apple documents it no more; its shape is written down from what programs that read it expect, and could not be checked
against the live service when this was written. 50 reviews a page, ten pages. The cursor is the moment of the newest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from backend.connectors.base import Fetched, FetchState, Item, PollFailed
from backend.connectors.feed.plain import one_line, tidy
from backend.connectors.feed.unwrap import is_web_address
from backend.connectors.kind import SOME_PAGES_S, Asking, Param, Params, SourceKind
from backend.connectors.params import COUNTRY, read_match
from backend.connectors.podcast.directory import BASE, RATE
from backend.connectors.reading import Page, cursor_after, like, part, read_json, read_moment, turn_pages, whole

HITS = 50
APP = Param("app", read_match(r"(?:id)?(\d{5,15})"), "the number in the address of the app", "1234567890")


def fetch(asking: Asking, params: Params, state: FetchState) -> Fetched:
    """Raises PollFailed."""

    def ask(number: int) -> Page:
        path = f"/rss/customerreviews/page={number + 1}/id={params['app']}/sortby=mostrecent/json"
        told = read_json(asking, f"{asking.base}/{params['country'].lower()}{path}")
        feed = told.body.get("feed")
        if not isinstance(feed, dict):
            raise PollFailed("not_a_feed", "the answer holds no reviews")
        entry = feed.get("entry", [])  # none where there are none, no list where there is one
        rows = [row for row in (entry if isinstance(entry, list) else [entry]) if isinstance(row, dict)]
        items = [item for row in rows if (item := read_review(row, params)) is not None]
        dates = [read_moment(_label(row, "updated")) for row in rows]
        return Page(items, len(items) >= HITS, dates, told.pause_s)

    pages = turn_pages(asking, read_moment(state.cursor), ask)
    state = replace(state, cursor=cursor_after(pages, state.cursor))
    return Fetched(pages.items, state, site_url=_address(params), pause_s=pages.pause_s)


def read_review(row: Mapping[str, Any], params: Params) -> Item | None:
    """None for what is no review: the app itself may stand before them."""
    number, stars, by = _label(row, "id"), _label(row, "im:rating"), part(row, "author")
    title, text = one_line(_label(row, "title")), tidy(_label(row, "content"))
    if not number.isdigit() or stars not in ("1", "2", "3", "4", "5") or not (title or text):
        return None
    author_url = _label(by, "uri")
    return Item(
        external_id=number[:100],
        url=f"{_address(params)}#review-{number[:100]}",  # a review has no page of its own
        title=title,
        text="\n".join(filter(None, ("★" * int(stars) + "☆" * (5 - int(stars)), text))),
        author=one_line(_label(by, "name"), limit=200),
        author_url=author_url if is_web_address(author_url) else "",
        published_at=read_moment(_label(row, "updated")),
        type="comment",
    )


def _label(row: Mapping[str, Any], name: str) -> str:
    return whole(part(row, name).get("label")).strip()


def _address(params: Params) -> str:
    return f"https://apps.apple.com/{params['country'].lower()}/app/id{params['app']}"


KINDS = (
    SourceKind(
        "appstore",
        "App Store reviews",
        "reviews",
        fetch,
        _address,
        params=(APP, COUNTRY),
        base=BASE,
        service="apple.com",
        rate=RATE,
        type="comment",
        take="all",
        recognise=like(r"apps\.apple\.com/(?P<country>[a-z]{2})/app/(?:[^/?#]+/)?id(?P<app>\d{5,15})"),
        examples=("https://apps.apple.com/fr/app/cafe-lumiere/id1234567890",),
        takes_s=SOME_PAGES_S,
        least_s=3600,
        most_s=24 * 3600,
        rank=10,
    ),
)
