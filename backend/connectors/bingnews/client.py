"""A search of Bing News as a feed: snippets, best effort, no key. Links are unwrapped from Bing's counter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from backend.connectors.base import Fetched, FetchState, Item
from backend.connectors.feed.client import get_feed, read_answer
from backend.connectors.feed.identity import news_id
from backend.connectors.feed.unwrap import host_of
from backend.infra.http import HttpClient

BASE = "https://www.bing.com"


@dataclass(frozen=True)
class BingNewsListener:
    """`params`: `{"query": …, "language": "fr", "country": "FR"}`. Gives snippets: each item carries its keyword."""

    base: str = BASE
    kind: str = "bingnews"

    def fetch(self, http: HttpClient, params: Mapping[str, str], state: FetchState, *, now: datetime) -> Fetched:
        """Raises PollFailed."""
        url = self.base + search_path(params)
        fetched = read_answer(url, get_feed(http, url, state, now=now), state, now=now)
        items = {item.external_id: item for item in map(read_item, fetched.items)}
        return replace(fetched, items=list(items.values()), title="", moved_to="")


def search_path(params: Mapping[str, str]) -> str:
    """Path and query of the search in one market (`mkt=fr-FR`), newest first."""
    query = {
        "q": params["query"],
        "format": "rss",
        "mkt": f"{params['language']}-{params['country']}",
        "qft": 'sortbydate="1"',
    }
    return "/news/search?" + urlencode(query)


def read_item(item: Item) -> Item:
    """An id that an edited article keeps: title and the publisher's host."""
    publisher = item.publisher or host_of(item.url)
    return replace(item, external_id=news_id(item.title, publisher), author=item.author or item.publisher)
