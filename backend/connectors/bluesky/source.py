"""What somebody says on Bluesky: app.bsky.feed.getAuthorFeed, which the public AppView tells everybody.

Its search does not answer without a log-in (atproto#3423), so words are asked for by a connected account (`search.py`).
"""

from __future__ import annotations

from urllib.parse import urlencode

from backend.connectors.base import Fetched, FetchState
from backend.connectors.bluesky.account import PUBLIC
from backend.connectors.bluesky.jetstream import INSTANCES
from backend.connectors.bluesky.posts import read_post
from backend.connectors.bluesky.search import fetch_search
from backend.connectors.kind import SOME_PAGES_S, Asking, Param, Params, Rate, SourceKind, come_by_itself
from backend.connectors.params import read_match
from backend.connectors.reading import like, part, read_json

PAGE = 50
HANDLE = Param(
    "handle",
    read_match(r"@?([a-z0-9-]+(?:\.[a-z0-9-]+)+|did:[a-z]+:[\w.:%-]+)", lower=True),
    "a handle",
    "maud.bsky.social",
)


def fetch_author(asking: Asking, params: Params, state: FetchState) -> Fetched:
    """Their posts and replies, nobody else's that they pass on. Raises PollFailed."""
    url = f"{asking.base}/xrpc/app.bsky.feed.getAuthorFeed"
    told = read_json(asking, url, {"actor": params["handle"], "limit": str(PAGE), "filter": "posts_with_replies"})
    rows = [row for row in told.rows("feed") if not row.get("reason")]
    items = [item for row in rows if (item := read_post(part(row, "post"))) is not None]
    return Fetched(items, state, title=f"@{params['handle']}", site_url=_address(params), pause_s=told.pause_s)


def _address(params: Params) -> str:
    return f"https://bsky.app/profile/{params['handle']}"


KINDS = (
    SourceKind(
        "bluesky_user",
        "Bluesky",
        "social",
        fetch_author,
        _address,
        params=(HANDLE,),
        base=PUBLIC,
        service="bsky.app",
        rate=Rate(every_s=0.5, burst=50),  # 3,000 in five minutes and address (docs.bsky.app, rate limits)
        network="bluesky",
        type="post",
        recognise=like(r"bsky\.app/profile/(?P<handle>[^/?]+)(?:/rss)?"),
        examples=("https://bsky.app/profile/maud.bsky.social",),
        rank=30,
    ),
    SourceKind(
        "bluesky_search",
        "Bluesky",
        "social",
        fetch_search,
        lambda params: f"https://bsky.app/search?{urlencode({'q': params['query']})}#account-{params['account_id']}",
        place="server",
        network="bluesky",
        type="post",
        asks="words",
        signed="bluesky",
        least_s=5 * 60,
        most_s=3600,
        rank=15,
        takes_s=SOME_PAGES_S,
    ),
    SourceKind(
        "jetstream",
        "Bluesky, every post",
        "social",
        come_by_itself,
        lambda _: "https://bsky.app/#every-post",
        base=INSTANCES[0],
        network="bluesky",
        type="post",
        pushed=True,
        streamed=True,
        take="matching",
        rank=20,
    ),
)
