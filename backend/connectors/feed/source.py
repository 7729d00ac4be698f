"""A feed by its address, and the feed of an alert that Google sends."""

from __future__ import annotations

import re

from backend.connectors.base import Fetched, FetchState, PollFailed
from backend.connectors.feed.client import get_feed, is_alerts_page, read_answer
from backend.connectors.kind import Asking, Param, Params, Rate, SourceKind
from backend.connectors.params import URL, read_match

GOOGLE = "https://www.google.com"
_ALERT = re.compile(r"https?://(?:www\.)?google\.[a-z.]+/alerts/feeds/(\d+)/(\d+)/?", re.IGNORECASE)
_NUMBER = read_match(r"\d{1,30}")


def fetch(asking: Asking, params: Params, state: FetchState) -> Fetched:
    """Raises PollFailed."""
    url = params["url"]
    if is_alerts_page(url):
        raise PollFailed("alerts_page", "this is the page where Google Alerts are managed, not a feed")
    return read_answer(url, get_feed(asking.http, url, state, now=asking.now), state, now=asking.now)


def fetch_alert(asking: Asking, params: Params, state: FetchState) -> Fetched:
    """Raises PollFailed."""
    return fetch(asking, {"url": asking.base + _path(params)}, state)


def recognise_alert(url: str) -> Params | None:
    found = _ALERT.fullmatch(url)
    return {"user": found[1], "alert": found[2]} if found else None


def _path(params: Params) -> str:
    return f"/alerts/feeds/{params['user']}/{params['alert']}"


KINDS = (
    SourceKind(
        "feed",
        "RSS, Atom, JSON Feed",
        "press",
        fetch,
        lambda params: params["url"],
        params=(URL,),
        place="url",
        own_access=True,
        type="article",
        article=True,
        rank=10,
    ),
    SourceKind(
        "googlealerts",
        "Google Alerts",
        "press",
        fetch_alert,
        lambda params: GOOGLE + _path(params),
        params=(
            Param("user", _NUMBER, "the first number of the feed's address", "01234567890123456789"),
            Param("alert", _NUMBER, "the second number of the feed's address", "9876543210"),
        ),
        base=GOOGLE,
        service="google.com",
        rate=Rate(every_s=5, burst=10),  # unpublished
        type="article",
        article=True,
        take="all",  # it searched already
        recognise=recognise_alert,
        examples=("https://www.google.com/alerts/feeds/01234567890123456789/9876543210",),
        rank=30,
    ),
)
