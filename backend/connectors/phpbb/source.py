"""A phpBB board by the feed of new posts that the board's owner may have closed (phpBB 3, *Board feeds*).

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
    if not page.says(r"<body[^>]{0,200}\bid=['\"]phpbb"):
        return []
    return [{"site": page.root(r"app\.php")}]


def _search(params: Params) -> str:
    asked = {"keywords": params["query"], "terms": "all", "sr": "posts", "sk": "t", "sd": "d"}
    return f"/search.php?{urlencode(asked)}"


_BOARD = Board(
    _search,
    sign="body#phpbb",
    results=Recipe(
        "div.search.post",
        title=".postbody h3",
        link=".postbody h3 a",
        date=".search-result-date, .postprofile dd",
        author=".postprofile .author a",
        text=".postbody .content",
    ),
    closed="form#login",
)


KINDS = (
    SourceKind(
        "phpbb",
        "phpBB",
        "forums",
        feed_at(lambda _: "/feed.php"),
        lambda params: f"{params['site']}/feed.php",
        params=(SITE,),
        place="site",
        own_access=True,
        type="post",
        sees=sees,
    ),
    search_of("phpbb_search", "phpBB", _BOARD, sees),
)
