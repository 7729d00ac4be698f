"""A XenForo board by the feed of all its threads, those first that were written in last.

What the feed gives is matched here; the search of the board finds what is older, where visitors may search
(docs/decisions/0026).
"""

from __future__ import annotations

from urllib.parse import urlencode

from backend.connectors.kind import Params, SourceKind
from backend.connectors.page.recipe import Recipe
from backend.connectors.page.results import Board, search_of
from backend.connectors.params import SITE
from backend.connectors.reading import feed_at
from backend.connectors.seen import SeenPage


def sees(page: SeenPage) -> list[Params]:
    if not page.says(r"<html[^>]{0,400}\bid=['\"]XF\b"):
        return []
    return [{"site": page.root("threads", "forums", "members", "whats-new", "categories", "search")}]


def _search(params: Params) -> str:
    return f"/search/search?{urlencode({'keywords': params['query'], 'o': 'date'})}"


_BOARD = Board(
    _search,
    sign="html#XF",
    results=Recipe(
        "li.block-row",
        title=".contentRow-title",
        link=".contentRow-title a",
        date="time[datetime]",
        author=".contentRow-minor a.username",
        text=".contentRow-snippet",
    ),
)


KINDS = (
    SourceKind(
        "xenforo",
        "XenForo",
        "forums",
        feed_at(lambda _: "/forums/-/index.rss"),
        lambda params: f"{params['site']}/forums/-/index.rss",
        params=(SITE,),
        place="site",
        own_access=True,
        type="post",
        sees=sees,
    ),
    search_of("xenforo_search", "XenForo", _BOARD, sees),
)
