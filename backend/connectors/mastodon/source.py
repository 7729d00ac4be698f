"""Public posts with a hashtag, as one Mastodon server sees them (docs.joinmastodon.org/methods/timelines/#tag).

No account is needed unless the server closed its public preview; 300 requests in five minutes. Hashtags are single
words, so only single-word terms can be listened to here; the posts are whole and the matcher has the last word.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from backend.connectors.base import Fetched, FetchState, Item, PollFailed
from backend.connectors.feed.client import request
from backend.connectors.kind import Asking, Params, Rate, SourceKind
from backend.connectors.mastodon.statuses import newest_id, read_status
from backend.connectors.params import TAG

BASE = "https://mastodon.social"
PAGE = 40
MAX_PAGES = 5  # after a long sleep; what lies further back is not fetched


def fetch_tag(asking: Asking, params: Params, state: FetchState) -> Fetched:
    """Raises PollFailed. `min_id` gives what comes right after it, so pages follow without a gap."""
    tag = quote(params["tag"], safe="")
    url = f"{asking.base}/api/v1/timelines/tag/{tag}"
    items: dict[str, Item] = {}
    cursor = state.cursor if state.cursor.isdigit() else ""
    for _ in range(MAX_PAGES if cursor else 1):
        asked = {"limit": str(PAGE)} | ({"min_id": cursor} if cursor else {})
        statuses = _read(asking, url, asked)
        for status in statuses:
            if (item := read_status(status)) is not None:
                items[item.external_id] = item
        ids = [str(status.get("id") or "") for status in statuses]
        cursor = newest_id([cursor, *ids])
        if len(statuses) < PAGE:
            break
    return Fetched(
        list(items.values()),
        replace(state, cursor=cursor),
        title=f"#{params['tag']}",
        site_url=f"{asking.base}/tags/{tag}",
    )


def _read(asking: Asking, url: str, asked: Mapping[str, str]) -> list[dict[str, Any]]:
    answer = request(asking.http, url, params=asked, now=asking.now)
    try:
        statuses = answer.json()
    except ValueError as error:
        raise PollFailed("not_a_feed", "the answer is not what Mastodon gives") from error
    if not isinstance(statuses, list):
        raise PollFailed("not_a_feed", "the answer is not what Mastodon gives")
    return [status for status in statuses if isinstance(status, dict)]


KINDS = (
    SourceKind(
        "mastodon",
        "Mastodon",
        "social",
        fetch_tag,
        lambda params: f"{BASE}/tags/{quote(params['tag'], safe='')}",
        params=(TAG,),
        base=BASE,
        service="mastodon",
        rate=Rate(every_s=1.5, burst=60),  # 300 in five minutes and address (docs.joinmastodon.org/api/rate-limits)
        network="mastodon",
        type="post",
        asks="tags",
        asked_by="tag",
        least_s=5 * 60,
        most_s=3600,
        rank=20,
    ),
)
