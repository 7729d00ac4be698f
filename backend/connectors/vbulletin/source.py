"""A vBulletin board by its External Data Provider: threads with their last post.

Their searches have no feed and often want a log-in: what the feed gives is matched here (docs/decisions/0026).
"""

from __future__ import annotations

from backend.connectors.kind import Params, SourceKind
from backend.connectors.params import SITE
from backend.connectors.reading import feed_at
from backend.connectors.seen import SeenPage


def sees(page: SeenPage) -> list[Params]:
    if not page.generator.startswith("vbulletin"):
        return []
    return [{"site": page.root("forum", "forums", "threads", r"showthread\.php")}]


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
)
