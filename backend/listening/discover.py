"""The feed behind an address a person gave, and errors as words for its field. Network: never in a transaction."""

from __future__ import annotations

from datetime import datetime

from backend.connectors.feed.discover import Found, NoFeed, find_feed
from backend.connectors.feed.unwrap import is_web_address
from backend.infra.errors import Invalid
from backend.infra.http import HttpClient

_WORDS = {
    "alerts_page": "This is the page where Google Alerts are managed. There, choose “Deliver to: RSS feed” and copy "
    "the address of the feed icon.",
    "no_feed": "This page names no feed, and none lies where feeds usually are.",
    "blocked": "This address may not be reached from here: it is private, or not http or https.",
    "unreachable": "This site cannot be reached.",
    "timeout": "This site did not answer in time.",
    "too_large": "What lies there is too large for a feed.",
    "rate_limited": "This site asks us to wait. Try again later.",
    "gone": "The site says that this is gone for good.",
    "not_a_feed": "No feed is there.",
    "http_error": "The site answers with an error.",
}


def discover_feed(http: HttpClient, url: str, *, now: datetime) -> Found:
    """Raises Invalid with the reason as its code."""
    url = url.strip()
    if "://" not in url:
        url = f"https://{url}"
    if not is_web_address(url):
        raise Invalid("This is not a web address.", code="not_web_address", fields={"url": "http:// or https://"})
    try:
        return find_feed(http, url, now=now)
    except NoFeed as error:
        words = _WORDS.get(error.code, str(error))
        raise Invalid(words, code=error.code, fields={"url": words}, extra={"detail": str(error)}) from error
