"""Public posts with a hashtag, as one Mastodon server sees them (docs.joinmastodon.org/methods/timelines/#tag).

No account is needed unless the server closed its public preview; 300 requests in five minutes. Hashtags are single
words, so only single-word terms can be listened to here; the posts are whole and the matcher has the last word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from backend.connectors.base import Fetched, FetchState, Item, PollFailed
from backend.connectors.feed.client import request
from backend.connectors.kind import SOME_PAGES_S, Asking, Params, Rate, SourceKind
from backend.connectors.mastodon.statuses import newest_id, read_status
from backend.connectors.params import HANDLE, SERVER, TAG
from backend.connectors.reading import feed_at, like
from backend.connectors.seen import SeenPage

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


def _of_user(item: Item, params: Params) -> Item:
    user = params["handle"]
    return replace(item, title="", author=item.author or f"@{user}", author_url=f"{params['server']}/@{user}")


#: servers whose addresses are known without a look at the page
_KNOWN = (
    r"(?P<server>(?:mastodon\.social|mastodon\.online|mstdn\.social|mas\.to|hachyderm\.io|fosstodon\.org|piaille\.fr"
    r"|mamot\.fr|framapiaf\.org|mastodon\.world|mastodon\.green|chaos\.social|infosec\.exchange|toot\.community))"
)


def _is_mastodon(page: SeenPage) -> bool:
    return page.generator.startswith("mastodon") or page.says(r"<div[^>]{0,200}\bid=['\"]mastodon['\"]")


def sees_user(page: SeenPage) -> list[Params]:
    found = re.fullmatch(r"/@(\w+)", page.path_after(root := page.root("@\\w+"))) if _is_mastodon(page) else None
    return [{"server": root, "handle": found[1]}] if found else []


def sees_tag(page: SeenPage) -> list[Params]:
    found = re.fullmatch(r"/tags/(\w+)", page.path_after(root := page.root("tags"))) if _is_mastodon(page) else None
    return [{"server": root, "tag": found[1]}] if found else []


KINDS = (
    SourceKind(
        "mastodon",
        "Mastodon",
        "social",
        fetch_tag,
        lambda params: f"{params.get('server', BASE)}/tags/{quote(params['tag'], safe='')}",
        params=(TAG, SERVER),
        base=BASE,
        place="server",
        service="mastodon",
        rate=Rate(every_s=1.5, burst=60),  # 300 in five minutes and address (docs.joinmastodon.org/api/rate-limits)
        network="mastodon",
        type="post",
        asks="tags",
        asked_by="tag",
        recognise=like(rf"{_KNOWN}/tags/(?P<tag>[^/?.]+)(?:\.rss)?"),
        examples=("https://piaille.fr/tags/cafe",),
        sees=sees_tag,
        takes_s=SOME_PAGES_S,
        least_s=5 * 60,
        most_s=3600,
        rank=20,
    ),
    SourceKind(
        "mastodon_user",
        "Mastodon",
        "social",
        feed_at(lambda params: f"/@{params['handle']}.rss", _of_user),
        lambda params: f"{params['server']}/@{params['handle']}",
        params=(HANDLE, replace(SERVER, optional=False)),
        place="server",
        network="mastodon",
        type="post",
        recognise=like(rf"{_KNOWN}/@(?P<handle>\w+)(?:\.rss)?", r"@(?P<handle>\w+)@(?P<server>[\w.-]+\.\w+)"),
        examples=("https://piaille.fr/@maud", "@maud@piaille.fr"),
        sees=sees_user,
        rank=21,
    ),
)
