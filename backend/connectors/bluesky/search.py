"""Posts of all Bluesky that hold words (app.bsky.feed.searchPosts), asked with the log-in of a connected account: its
PDS passes the question on. Newest first, from an hour before the newest post seen; texts are whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from backend.connectors.base import Fetched, FetchState, PollFailed
from backend.connectors.bluesky.account import READER, read_xrpc
from backend.connectors.bluesky.client import BlueskyClient
from backend.connectors.bluesky.posts import read_post
from backend.connectors.kind import Asking, Params
from backend.connectors.reading import Answered, Page, cursor_after, read_moment, turn_pages, whole

HITS = 100
FIRST_LOOK, OVERLAP = timedelta(days=30), timedelta(hours=1)


def fetch_search(asking: Asking, params: Params, state: FetchState) -> Fetched:
    """Raises PollFailed."""
    if asking.account is None:
        raise PollFailed("unauthorized", "Bluesky answers no search without an account")
    seen = read_moment(state.cursor)
    since = max(seen - OVERLAP if seen else asking.now - FIRST_LOOK, asking.now - FIRST_LOOK)
    client = BlueskyClient(asking.http, asking.base, READER.sessions, asking.credentials)
    asked = {"q": params["query"], "sort": "latest", "limit": str(HITS), "since": f"{since:%Y-%m-%dT%H:%M:%SZ}"}
    behind: dict[str, str] = {}  # where the next page begins

    def ask(_: int) -> Page:
        told = Answered(read_xrpc(client, "app.bsky.feed.searchPosts", asked | behind))
        rows = told.rows("posts")
        behind["cursor"] = whole(told.body.get("cursor"))
        items = [item for row in rows if (item := read_post(row)) is not None]
        return Page(items, bool(rows and behind["cursor"]), [read_moment(row.get("indexedAt")) for row in rows])

    pages = turn_pages(asking, since if seen else None, ask)
    cursor = cursor_after(pages, state.cursor)
    return Fetched(pages.items, replace(state, cursor=cursor), title="Bluesky", site_url="https://bsky.app")
