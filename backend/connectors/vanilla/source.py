"""A Vanilla board by the feed of its discussions.

Their searches have no feed and often want a log-in: what the feed gives is matched here (docs/decisions/0026).
"""

from __future__ import annotations

from backend.connectors.kind import Params, SourceKind
from backend.connectors.params import SITE
from backend.connectors.reading import feed_at
from backend.connectors.seen import SeenPage


def sees(page: SeenPage) -> list[Params]:
    if not page.says(r"gdn\.meta|<body[^>]{0,200}\bid=['\"]vanilla_"):
        return []
    return [{"site": page.root("discussion", "discussions", "categories", "profile", "search")}]


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
)
