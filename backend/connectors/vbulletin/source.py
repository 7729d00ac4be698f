"""A vBulletin board by its External Data Provider: threads with their last post.

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
    if not page.generator.startswith("vbulletin"):
        return []
    return [{"site": page.root("forum", "forums", "threads", r"showthread\.php")}]


def _search(params: Params) -> str:
    asked = {"do": "process", "query": params["query"], "showposts": "1", "sortby": "dateline"}
    return f"/search.php?{urlencode(asked)}"


_BOARD = Board(
    _search,
    sign="meta[name=generator][content^=vBulletin]",
    results=Recipe(
        "#searchbits > li",
        title=".posttitle",
        link=".posttitle a",
        date=".postdate",
        author=".username",
        text=".postcontent",
    ),
    closed=".standard_error",
)


KINDS = (
    SourceKind(
        "vbulletin",
        "vBulletin",
        "forums",
        feed_at(lambda _: "/external.php?type=RSS2&lastpost=1"),
        lambda params: f"{params['site']}/external.php?type=RSS2&lastpost=1",
        params=(SITE,),
        place="site",
        own_access=True,
        type="post",
        sees=sees,
    ),
    search_of("vbulletin_search", "vBulletin", _BOARD, sees),
)
