"""The feed of a page: is the address itself a feed → what the page names → where feeds usually lie."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import parse_qs, urljoin, urlsplit

from backend.connectors.base import Fetched, FetchState, PollFailed
from backend.connectors.feed.client import get_feed, is_alerts_page, permanent_target, read_answer
from backend.connectors.feed.parse import NotAFeed, sniff
from backend.connectors.feed.unwrap import is_web_address
from backend.infra.http import HttpClient

FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
WELL_KNOWN = ("feed", "feed.xml", "rss.xml", "atom.xml", "rss", "index.xml", "feed/atom")
MAX_TRIES = 10  # requests that one question may cost
MAX_HEAD = 300_000  # bytes of a page in which links are looked for
_LINK = re.compile(r"<link\b([^<>]{1,4000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([A-Za-z-]+)\s*=\s*("[^"]*"|'[^']*'|[^\s"'=]+)""")


@dataclass(frozen=True)
class Found:
    """A feed that answered as one. `url` is where it lives, for good."""

    url: str
    fetched: Fetched


class NoFeed(Exception):
    """Nothing was found. `code`: as PollFailed, or `alerts_page`, `no_feed`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def find_feed(http: HttpClient, url: str, *, now: datetime) -> Found:
    """Ask up to `MAX_TRIES` addresses. Raises NoFeed."""
    if is_alerts_page(url):
        raise NoFeed("alerts_page", "This is the page where Google Alerts are managed; the feed has its own address.")
    url = known_feed(url) or url
    try:
        answer = get_feed(http, url, FetchState(), now=now)
    except PollFailed as error:
        raise NoFeed(error.code, error.message) from error
    try:
        sniff(answer.body)
        fetched = read_answer(url, answer, FetchState(), now=now)
        return Found(permanent_target(url, answer) or url, replace(fetched, moved_to=""))
    except (NotAFeed, PollFailed):
        pass
    named = [urljoin(answer.url, link) for link in linked_feeds(answer.body)]
    for place, candidate in enumerate(_once([*named, *guesses(answer.url)])):
        if place >= MAX_TRIES:
            break
        found = _try(http, candidate, now=now)
        if found is not None:
            return found
    raise NoFeed("no_feed", "This page names no feed, and none lies where feeds usually are.")


def _try(http: HttpClient, url: str, *, now: datetime) -> Found | None:
    try:
        answer = get_feed(http, url, FetchState(), now=now)
        fetched = read_answer(url, answer, FetchState(), now=now)
    except PollFailed:
        return None
    return Found(permanent_target(url, answer) or url, replace(fetched, moved_to=""))


def known_feed(url: str) -> str:
    """Sites whose feeds can be told from the address alone; "" where not."""
    parts = urlsplit(url)
    host, path = (parts.hostname or "").removeprefix("www."), parts.path.rstrip("/")
    if host == "youtube.com":
        if found := re.fullmatch(r"/channel/(UC[\w-]{20,})", path):
            return f"https://www.youtube.com/feeds/videos.xml?channel_id={found[1]}"
        if playlist := parse_qs(parts.query).get("list"):
            return f"https://www.youtube.com/feeds/videos.xml?playlist_id={playlist[0]}"
    if host in ("reddit.com", "old.reddit.com") and (found := re.fullmatch(r"/r/(\w+)(?:/new)?", path)):
        return f"https://www.reddit.com/r/{found[1]}/new/.rss"
    if host == "github.com" and (found := re.fullmatch(r"/([\w-]+)/([\w.-]+)(?:/releases)?", path)):
        return f"https://github.com/{found[1]}/{found[2]}/releases.atom"
    return ""


def linked_feeds(page: bytes) -> list[str]:
    """`<link rel="alternate" type="application/…">` of a page, in order; comment feeds last.

    By patterns that read each byte about once: the standard library's HTML parser raises on `<![`.
    """
    found = []
    for tag in _LINK.finditer(page[:MAX_HEAD].decode("utf-8", "replace")):
        values = {name.lower(): html.unescape(value.strip("\"'")).strip() for name, value in _ATTRIBUTE.findall(tag[1])}
        kind, href = values.get("type", "").lower().split(";")[0].strip(), values.get("href", "")
        # WordPress names its JSON interface with type application/json: that is no feed
        if "alternate" in values.get("rel", "").lower().split() and kind in FEED_TYPES and href:
            found.append(href)
    return sorted(found, key=lambda link: "comment" in link.lower())


def guesses(url: str) -> Iterator[str]:
    """Well-known places: in the folder of the page, then at the root of the site."""
    parts = urlsplit(url)
    root = f"{parts.scheme}://{parts.netloc}/"
    folder = urljoin(root, parts.path.rpartition("/")[0].strip("/") + "/") if parts.path.strip("/") else root
    for name in WELL_KNOWN[:2]:
        yield urljoin(folder, name)
    for name in WELL_KNOWN:
        yield urljoin(root, name)


def _once(urls: list[str]) -> list[str]:
    return [url for url in dict.fromkeys(urls) if is_web_address(url)]
