"""A Vanilla board by the feed of its discussions.

Their searches have no feed and often want a log-in: what the feed gives is matched here.
"""

from __future__ import annotations

from backend.connectors.kind import SourceKind
from backend.connectors.params import SITE
from backend.connectors.reading import feed_at

KINDS = (
    SourceKind(
        "vanilla",
        "Vanilla",
        "forums",
        feed_at(lambda _: "/discussions/feed.rss"),
        lambda params: f"{params['site']}/discussions/feed.rss",
        params=(SITE,),
        place="site",
        type="post",
    ),
)
