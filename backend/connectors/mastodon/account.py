"""What was said to an account on Mastodon: its notifications, and the conversation around a post.

docs.joinmastodon.org/methods/notifications, /methods/statuses/#context. Direct messages are statuses of visibility
`direct`; they come as mentions like any other, and an answer keeps their visibility (see publish.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlencode

from backend.connectors.base import AccountFacts, Fetched, FetchState, Item, PollFailed, Said
from backend.connectors.mastodon.client import MastodonClient
from backend.connectors.mastodon.listen import newest_id, read_status
from backend.connectors.outcomes import polled
from backend.infra.http import HttpClient

PAGE = 40
MAX_PAGES = 5  # after a long sleep; what lies further back is not fetched
MOST_SAID = 60


@dataclass(frozen=True)
class MastodonAccountReader:
    """See `AccountReader` in connectors/base.py. The cursor is the id of the newest notification seen."""

    network: str = "mastodon"

    def read_addressed(
        self,
        http: HttpClient,
        account: AccountFacts,
        credentials: Mapping[str, str],
        state: FetchState,
    ) -> Fetched:
        """Raises PollFailed. `min_id` gives what comes right after it, so pages follow without a gap."""
        client = MastodonClient(http, account.server, credentials.get("access_token", ""))
        items: dict[str, Item] = {}
        cursor = state.cursor if state.cursor.isdigit() else ""
        for _ in range(MAX_PAGES if cursor else 1):
            asked = [("types[]", "mention"), ("limit", str(PAGE))] + ([("min_id", cursor)] if cursor else [])
            told = _read(client, f"/api/v1/notifications?{urlencode(asked)}")
            if not isinstance(told, list):
                raise PollFailed("not_a_feed", "the answer is not what Mastodon gives")
            for one in told:
                if (item := _addressed(one, account)) is not None:
                    items[item.external_id] = item
            cursor = newest_id([cursor, *(str(one.get("id") or "") for one in told if isinstance(one, dict))])
            if len(told) < PAGE:
                break
        return Fetched(
            list(items.values()),
            replace(state, cursor=cursor),
            title=account.handle,
            site_url=f"{account.server}/notifications",
        )

    def read_thread(
        self, http: HttpClient, account: AccountFacts, credentials: Mapping[str, str], remote_id: str
    ) -> Sequence[Said]:
        """Raises PollFailed."""
        client = MastodonClient(http, account.server, credentials.get("access_token", ""))
        path = f"/api/v1/statuses/{quote(remote_id, safe='')}"
        status = _read(client, path, missing="gone")
        around = _read(client, f"{path}/context", missing="gone")
        before = around.get("ancestors") or [] if isinstance(around, dict) else []
        after = around.get("descendants") or [] if isinstance(around, dict) else []
        said = [_said(one, account) for one in (*before[-MOST_SAID:], status, *after[:MOST_SAID])]
        return [one for one in said if one is not None]

    def find_post(self, http: HttpClient, account: AccountFacts, credentials: Mapping[str, str], url: str) -> str:
        """Raises PollFailed."""
        client = MastodonClient(http, account.server, credentials.get("access_token", ""))
        if url.startswith(account.server + "/") and (own := _STATUS.match(url)):
            return own["id"]
        asked = {"q": url, "resolve": "true", "type": "statuses", "limit": "1"}
        told = polled(lambda: client.get("/api/v2/search", asked))
        found = told.get("statuses") if isinstance(told, dict) else None
        return str(found[0].get("id") or "") if found and isinstance(found[0], dict) else ""

    def anybody(self, url: str, endpoint: str) -> tuple[AccountFacts, str] | None:
        """Most servers tell what is public to anybody who asks them for their own posts."""
        if not (match := _STATUS.match(url)):
            return None
        server = endpoint or f"https://{match['host']}"
        return AccountFacts(remote_id="", handle=f"@{match['host']}", server=server), match["id"]


#: `https://server/@name/123` and `https://server/users/name/statuses/123`, on the server the post is from
_STATUS = re.compile(r"https?://(?P<host>[^/@?#]+)/(?:@[^/@]+|users/[^/]+/statuses)/(?P<id>\d+)/?$")


def _addressed(told: Any, account: AccountFacts) -> Item | None:
    status = told.get("status") if isinstance(told, dict) and told.get("type") == "mention" else None
    item = read_status(status) if isinstance(status, dict) else None
    if item is None or not isinstance(status, dict):
        return None
    if status.get("visibility") == "direct":
        how = "direct"
    else:
        how = "reply" if str(status.get("in_reply_to_account_id") or "") == account.remote_id else "mention"
    handle = full_handle(status.get("account"), account)
    return replace(item, remote_id=str(status["id"]), author_handle=handle, addressed=how)


def _said(status: Any, account: AccountFacts) -> Said | None:
    item = read_status(status) if isinstance(status, dict) else None
    if item is None:
        return None
    who = status.get("account") or {}
    return Said(
        remote_id=str(status["id"]),
        url=item.url,
        author=item.author,
        author_handle=full_handle(who, account),
        text=item.text,
        published_at=item.published_at,
        ours=str(who.get("id") or "") == account.remote_id,
    )


def full_handle(who: Any, ours: AccountFacts) -> str:
    """`bob@mastodon.social`, also for those of our own server, whose name alone would mean somebody else elsewhere."""
    acct = str(who.get("acct") or "") if isinstance(who, dict) else ""
    domain = ours.handle.rpartition("@")[2]  # a server's name is not always the host it answers at
    return acct if not acct or "@" in acct else f"{acct}@{domain}"


def _read(client: MastodonClient, path: str, *, missing: str = "http_error") -> Any:
    return polled(lambda: client.get(path), missing=missing)


READER = MastodonAccountReader()
