"""A Vanilla board by the feed of its discussions.

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
    if not page.says(r"gdn\.meta|<body[^>]{0,200}\bid=['\"]vanilla_"):
        return []
    return [{"site": page.root("discussion", "discussions", "categories", "profile", "search")}]


def _search(params: Params) -> str:
    return f"/search?{urlencode({'Search': params['query'], 'sort': '-dateInserted'})}"


_BOARD = Board(
    _search,
    sign="body[id^=vanilla_]",
    results=Recipe(
        ".Item-Search",
        title="h3",
        link="h3 a",
        date="time[datetime]",
        author=".Meta .Author a",
        text=".Summary",
    ),
    closed="body#vanilla_entry_signin",
)


KINDS = (
    SourceKind(
        "vanilla",
        "Vanilla",
        "forums",
        feed_at(lambda _: "/discussions/feed.rss"),
        lambda params: f"{params['site']}/discussions/feed.rss",
        params=(SITE,),
        place="site",
        own_access=True,
        type="post",
        sees=sees,
    ),
    search_of("vanilla_search", "Vanilla", _BOARD, sees),
)
