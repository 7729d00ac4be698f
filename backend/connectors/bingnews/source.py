"""A search of Bing News as a feed: snippets, best effort, no key. Links are unwrapped from Bing's counter."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from backend.connectors.base import Fetched, FetchState, Item
from backend.connectors.feed.client import get_feed, read_answer
from backend.connectors.feed.identity import news_id
from backend.connectors.feed.unwrap import host_of
from backend.connectors.kind import Asking, Params, Rate, SourceKind
from backend.connectors.params import COUNTRY, LANGUAGE, QUERY

BASE = "https://www.bing.com"


def fetch(asking: Asking, params: Params, state: FetchState) -> Fetched:
    """Raises PollFailed."""
    url = asking.base + search_path(params)
    fetched = read_answer(url, get_feed(asking.http, url, state, now=asking.now), state, now=asking.now)
    items = {item.external_id: item for item in map(read_item, fetched.items)}
    return replace(fetched, items=list(items.values()), title="", moved_to="")


def search_path(params: Params) -> str:
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


KINDS = (
    SourceKind(
        "bingnews",
        "Bing News",
        "press",
        fetch,
        lambda params: BASE + search_path(params),
        params=(QUERY, LANGUAGE, COUNTRY),
        base=BASE,
        service="bingnews",
        rate=Rate(every_s=20, burst=20),  # unpublished
        network="news",
        type="article",
        asks="web",
        editions=("language", "country"),
        snippets=True,
        article=True,
        take="all",
        least_s=20 * 60,
        most_s=2 * 3600,
        rank=21,
    ),
)
