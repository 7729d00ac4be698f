"""The feed behind an address a person gave, and errors as words for its field. Network: never in a transaction."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from backend.connectors.feed.discover import Found, NoFeed, find_feed
from backend.connectors.feed.unwrap import is_web_address
from backend.infra.errors import Invalid
from backend.infra.http import HttpClient
from backend.listening.sources import SourceFacts

_WORDS = {
    "alerts_page": "This is the page where Google Alerts are managed. There, choose “Deliver to: RSS feed” and copy "
    "the address of the feed icon.",
    "no_feed": "This page names no feed, and none lies where feeds usually are.",
    "blocked": "This address may not be reached from here: it is private, or not http or https.",
    "unreachable": "This site cannot be reached.",
    "timeout": "This site did not answer in time.",
    "too_large": "What lies there is too large for a feed.",
    "rate_limited": "This site asks us to wait. Try again later.",
    "not_found": "Nothing is there (any more).",
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


def find_again(http: HttpClient, facts: SourceFacts, *, now: datetime) -> Found:
    """The feed of a source whose address does not lead to one any more: looked for where the person pointed, on the
    site that the feed named, and at the beginning of its host. Raises Invalid, with the reason as its code."""
    feed = facts.feed
    parts = urlsplit(feed.address)
    places = dict.fromkeys([facts.source.url, feed.site_url, f"{parts.scheme}://{parts.netloc}/"])
    last = Invalid("No feed is there.", code="no_feed", fields={"url": "No feed is there."})
    for url in places:
        if not is_web_address(url) or url == feed.address:
            continue
        try:
            found = discover_feed(http, url, now=now)
        except Invalid as error:
            last = error
            continue
        if found.url != feed.address:
            return found
    raise last
