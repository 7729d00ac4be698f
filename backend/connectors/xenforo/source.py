"""A XenForo board by the feed of all its threads, those first that were written in last.

Their searches have no feed and often want a log-in: what the feed gives is matched here (docs/decisions/0026).
"""

from __future__ import annotations

from backend.connectors.kind import Params, SourceKind
from backend.connectors.params import SITE
from backend.connectors.reading import feed_at
from backend.connectors.seen import SeenPage


def sees(page: SeenPage) -> list[Params]:
    if not page.says(r"<html[^>]{0,400}\bid=['\"]XF\b"):
        return []
    return [{"site": page.root("threads", "forums", "members", "whats-new", "categories", "search")}]


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
)
