"""A search of Google News as a feed (`/rss/search`): snippets only, best effort, no key.

Links are opaque redirects and ids change whenever an article is edited (commafeed#1755), so an item is known by its
title and its publisher. `hl`, `gl` and `ceid` choose the edition.
"""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlencode

from backend.connectors.base import Fetched, FetchState, Item
from backend.connectors.feed.client import get_feed, read_answer
from backend.connectors.feed.identity import news_id
from backend.connectors.kind import Asking, Params, Rate, SourceKind
from backend.connectors.params import COUNTRY, LANGUAGE, QUERY

BASE = "https://news.google.com"
WINDOW = "when:7d"  # what is older was seen by an earlier poll, or is no news
FIRST_WINDOW = "when:30d"


def fetch(asking: Asking, params: Params, state: FetchState) -> Fetched:
    """Raises PollFailed. The first look goes back 30 days, the next ones a week."""
    url = asking.base + search_path(params, WINDOW if state.cursor else FIRST_WINDOW)
    fetched = read_answer(url, get_feed(asking.http, url, state, now=asking.now), state, now=asking.now)
    items = {item.external_id: item for item in map(read_item, fetched.items)}
    return replace(fetched, items=list(items.values()), state=replace(fetched.state, cursor="1"), title="", moved_to="")


def search_path(params: Params, window: str = WINDOW) -> str:
    """Path and query of the search in one edition."""
    language, country = params["language"], params["country"]
    query = {
        "q": f"{params['query']} {window}".strip(),
        "hl": hl(language, country),
        "gl": country,
        "ceid": f"{country}:{language}",
    }
    return "/rss/search?" + urlencode(query)


def hl(language: str, country: str) -> str:
    """English and Portuguese come with their country (`en-US`, `pt-BR`), others alone."""
    return f"{language}-{country}" if language in ("en", "pt", "es") else language


def read_item(item: Item) -> Item:
    """The title without its publisher at the end, and an id that an edited article keeps.

    The description repeats title and publisher (a list of links, for a cluster of articles): it says nothing more.
    """
    title = item.title
    for publisher in filter(None, (item.publisher, item.author)):
        title = re.sub(rf"\s+[-–—|]\s+{re.escape(publisher)}\s*$", "", title)
    return replace(
        item,
        external_id=news_id(title, item.publisher),
        title=title,
        text="",
        author=item.author or item.publisher,
    )


KINDS = (
    SourceKind(
        "googlenews",
        "Google News",
        "press",
        fetch,
        lambda params: BASE + search_path(params, ""),
        params=(QUERY, LANGUAGE, COUNTRY),
        base=BASE,
        service="googlenews",
        rate=Rate(every_s=20, burst=20),  # unpublished; 60 s between requests is advised for one feed
        network="news",
        type="article",
        asks="web",
        editions=("language", "country"),
        snippets=True,
        article=True,
        take="all",
        least_s=20 * 60,
        most_s=2 * 3600,
        rank=20,
    ),
)
