"""What a WordPress site finds for words, as a feed: an alert on any of them (developer.wordpress.org, `feed=rss2`)."""

from __future__ import annotations

from urllib.parse import urlencode, urljoin

from backend.connectors.kind import Params, SourceKind
from backend.connectors.params import QUERY, SITE
from backend.connectors.reading import feed_at
from backend.connectors.seen import SeenPage


def _path(params: Params) -> str:
    return "/?" + urlencode({"s": params["query"], "feed": "rss2"})


def sees(page: SeenPage) -> list[Params]:
    """By the link to its interface, which each WordPress has, else by its name."""
    for link in page.links:
        if "https://api.w.org/" in link.rel and "/wp-json" in link.url:
            return [{"site": link.url.partition("/wp-json")[0]}]
    return [{"site": urljoin(page.url, "/").rstrip("/")}] if page.generator.startswith("wordpress") else []


KINDS = (
    SourceKind(
        "wordpress",
        "WordPress",
        "press",
        feed_at(_path),
        lambda params: f"{params['site']}/?" + urlencode({"s": params["query"]}),
        params=(QUERY, SITE),
        place="site",
        own_access=True,
        type="article",
        article=True,
        take="all",
        sees=sees,
        rank=60,
    ),
)
