"""What the search of a board finds, read from its page of results: boards have no feed of it.

Asked as any page without a feed: as robots.txt says, hours apart, since a board counts how often one searches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlsplit, urlunsplit

from backend.connectors.base import Fetched, FetchState, Item, PollFailed
from backend.connectors.feed.identity import identify_items, stable_id
from backend.connectors.kind import Asking, Fetch, Params, SourceKind
from backend.connectors.page.child import Page, read_items
from backend.connectors.page.client import look_at
from backend.connectors.page.recipe import Recipe
from backend.connectors.params import QUERY, SITE
from backend.connectors.seen import SeenPage

#: what boards put into addresses for whoever keeps no cookies, and to light up what was looked for
_PASSING = frozenset({"sid", "s", "phpsessid", "hilit", "highlight"})


@dataclass(frozen=True)
class Board:
    """`path`: its search, newest first; `sign`: a selector of what stands on each of its pages; `closed`: of what
    stands there instead of results where visitors may not search, "" = it says so by its status."""

    path: Callable[[Params], str]
    sign: str
    results: Recipe
    closed: str = ""


def search_of(kind: str, name: str, board: Board, sees: Callable[[SeenPage], Iterable[Params]]) -> SourceKind:
    """The kind that asks a board's own search."""
    return SourceKind(
        kind,
        name,
        "forums",
        _results_of(board),
        lambda params: params["site"] + board.path(params),
        params=(QUERY, SITE),
        place="site",
        own_access=True,
        type="post",
        take="all",
        sees=sees,
        rank=60,
        takes_s=45,  # its robots.txt first
        least_s=3 * 3_600,
        most_s=24 * 3_600,
    )


def _results_of(board: Board) -> Fetch:

    def fetch(asking: Asking, params: Params, state: FetchState) -> Fetched:
        look = look_at(asking.http, asking.base + board.path(params), state, now=asking.now)
        if look.page is None:
            return look.unchanged()
        if not _stands_there(asking, look.page, board.sign):
            raise PollFailed("not_a_feed", "the answer is no page of this board")
        if board.closed and _stands_there(asking, look.page, board.closed):
            raise PollFailed("unauthorized", "the board lets only members search")
        found = read_items(look.page, board.results, now=asking.now)
        items = identify_items([_lasting(item) for item in found.items], homes=(look.url,))
        told = look.unchanged()
        return replace(told, items=items, not_modified=False, title=params["query"], site_url=asking.base, moved_to="")

    return fetch


def _stands_there(asking: Asking, page: Page, selector: str) -> bool:
    try:
        return read_items(page, Recipe(selector), now=asking.now).picked > 0
    except PollFailed as failed:
        raise PollFailed("not_a_feed", failed.message) from failed


def _lasting(item: Item) -> Item:
    """Known by the same address whenever it is found."""
    parts = urlsplit(item.url)
    kept = [one for one in parts.query.split("&") if one.partition("=")[0].lower() not in _PASSING]
    url = urlunsplit(parts._replace(query="&".join(kept)))
    return replace(item, url=url, external_id=stable_id(url))
