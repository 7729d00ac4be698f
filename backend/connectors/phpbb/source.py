"""A phpBB board by the feed of new posts that the board's owner may have closed (phpBB 3, *Board feeds*).

Their searches have no feed and often want a log-in: what the feed gives is matched here (docs/decisions/0026).
"""

from __future__ import annotations

from backend.connectors.kind import Params, SourceKind
from backend.connectors.params import SITE
from backend.connectors.reading import feed_at
from backend.connectors.seen import SeenPage


def sees(page: SeenPage) -> list[Params]:
    if not page.says(r"<body[^>]{0,200}\bid=['\"]phpbb"):
        return []
    return [{"site": page.root(r"app\.php")}]


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
)
