"""What a WordPress site finds for words, as a feed: an alert on any of them (developer.wordpress.org, `feed=rss2`)."""

from __future__ import annotations

from urllib.parse import urlencode

from backend.connectors.kind import Params, SourceKind
from backend.connectors.params import QUERY, SITE
from backend.connectors.reading import feed_at


def _path(params: Params) -> str:
    return "/?" + urlencode({"s": params["query"], "feed": "rss2"})


KINDS = (
    SourceKind(
        "wordpress",
        "WordPress",
        "press",
        feed_at(_path),
        lambda params: f"{params['site']}/?" + urlencode({"s": params["query"]}),
        params=(QUERY, SITE),
        place="site",
        type="article",
        article=True,
        take="all",
        rank=60,
    ),
)
